//! Report definitions: the model and its .repx codec.
//!
//! [`Definition::from_repx`] reads a layout into a [`Definition`], in which bands stand in their
//! places, old forms have become the new one and every length has the report's unit unless it says
//! otherwise. [`resolve`] decides how an element looks, [`support`] and
//! [`Definition::unsupported`] tell what is not drawn, and [`SampleRows`] makes rows up.
//!
//! ```
//! use pressroom_report::{ComputedStyle, ControlKind, Definition, Parity, resolve};
//!
//! let layout = r#"
//!     <XtraReportsLayoutSerializer Name="Letter" Font="Arial, 11pt">
//!       <Bands>
//!         <Item1 ControlType="DetailBand" HeightF="50">
//!           <Controls>
//!             <Item1 ControlType="XRLabel" Name="greeting" Text="Dear [Name]," ForeColor="Navy"/>
//!           </Controls>
//!         </Item1>
//!       </Bands>
//!     </XtraReportsLayoutSerializer>"#;
//! let report = Definition::from_repx(layout.as_bytes())?;
//! let detail = report.level.detail.as_ref().unwrap();
//! let ControlKind::Label(text) = &detail.controls[0].kind else { panic!() };
//! assert_eq!(text.text, "Dear [Name],");
//!
//! let mut style = ComputedStyle::default();
//! for look in [&report.look, &detail.look, &detail.controls[0].look] {
//!     style = resolve(&report, &style, look, Parity::None, |_| false);
//! }
//! assert_eq!((&*style.font.family, style.fore_color.b), ("Arial", 128));
//! # Ok::<(), pressroom_report::LayoutError>(())
//! ```

mod check;
mod known_colors;
mod model;
mod repx;
mod sample;
mod style;
mod support;
mod text_form;

pub use check::Mistake;
pub use model::*;
pub use repx::LayoutError;
pub use sample::SampleRows;
pub use style::{ComputedStyle, Parity, resolve};
pub use support::{DRAWN_SYMBOLOGIES, Feature, Support, is_metafile, support};
