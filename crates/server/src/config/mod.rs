//! Settings: a TOML file, over which the environment goes, over which flags go.

mod load;
mod place;
mod reference;
mod settings;
mod value;

pub use load::{ConfigError, Flags, Loaded, load};
pub use place::{Folder, PlaceError, SqliteFile};
pub use reference::reference;
pub use settings::{
    Api, Blobs, Limits, SectionReference, Server, SettingReference, Settings, Site, Sources,
    Storage,
};
