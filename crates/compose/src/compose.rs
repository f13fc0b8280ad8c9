//! The entry: a definition and rows in, pages out.

use std::cell::Cell;
use std::rc::Rc;

use pressroom_data::Culture;
use pressroom_page::{PageSink, Pt, Size};
use pressroom_report::Definition;

use crate::pager::{Geometry, LARGEST_PAGE, Pager};
use crate::plan::total::shows_total;
use crate::rows::tables::Tables;
use crate::run::flow::{Flow, Mark, Pages};
use crate::run::{Run, Services};
use crate::spool::Spool;
use crate::text::TextEngine;
use crate::warnings::Warnings;
use crate::{ComposeError, Context, Outcome, parameters};

/// Lays a report out with the rows that it asks for and gives its pages to `sink`, in order.
///
/// Pages come as soon as they are finished, unless one of them shows the number of the last page:
/// then they wait, in compact form, in `context.spill`.
///
/// # Errors
/// See [`ComposeError`]. Mistakes in single expressions and things that are not drawn are no errors:
/// they are warnings of the [`Outcome`].
pub fn compose(
    definition: &Definition,
    context: &Context<'_>,
    sink: &mut dyn PageSink,
) -> Result<Outcome, ComposeError> {
    let culture = definition.culture.as_deref().and_then(Culture::find).unwrap_or(context.culture);
    let values = parameters::resolve(
        definition,
        &context.parameters,
        context.now,
        culture,
        context.reader.as_ref(),
    )?;
    let values: Rc<[_]> = values.into();
    let rows_left = Rc::new(Cell::new(context.limits.rows));
    let mut services = Services {
        context,
        text: TextEngine::new(context.fonts, context.limits.pixels),
        warnings: Warnings::default(),
        rows_left: Rc::clone(&rows_left),
        depth: 0,
        page: 0,
        table_rows: 0,
    };
    services.tell_unsupported(definition);
    let tables =
        Tables::new(context.provider, Rc::clone(&values), &context.limits, Rc::clone(&rows_left));
    let geometry = geometry(definition)?;
    let spool = Spool::new(sink, context.spill, shows_total(definition))?;
    let pages = Pages::new(Pager::new(geometry, Pt::ZERO), spool, definition);
    let mut run =
        Run::new(&mut services, definition, values, &tables, Flow::Pages(Box::new(pages)));
    run.print_report()?;
    run.open_page_if_none(&Mark::default())?;
    run.close_page()?;
    let Run { flow, services, .. } = run;
    let pages = match flow {
        Flow::Pages(pages) => {
            let count = pages.spool.pages();
            pages.spool.finish(count, &mut services.text)?
        }
        Flow::Strip(_) => 0,
    };
    for note in services.text.take_notes() {
        services.warnings.add(note);
    }
    let missing = services.text.take_missing();
    if !missing.is_empty() {
        let characters: String = missing.iter().take(20).collect();
        services.warnings.add(format!(
            "no font has these characters: {characters}; install a font that has them on the server"
        ));
    }
    Ok(Outcome {
        pages,
        rows: context.limits.rows - rows_left.get(),
        warnings: std::mem::take(&mut services.warnings).into_vec(),
    })
}

fn geometry(definition: &Definition) -> Result<Geometry, ComposeError> {
    let page = &definition.page;
    let length = |length: f32| Pt(length * definition.unit.points());
    let geometry = Geometry {
        size: Size::new(length(page.width), length(page.height)),
        left: length(page.margins.left),
        right: length(page.margins.right),
        top: length(page.margins.top),
        bottom: length(page.margins.bottom),
        roll: page.roll_paper,
    };
    let sane = |length: Pt| length.0 > 0.0 && length <= LARGEST_PAGE;
    if !sane(geometry.size.width) || !sane(geometry.size.height) {
        return Err(ComposeError::Layout(format!(
            "the page is {} by {} units large; a page has more than 0 and at most 200 inches",
            page.width, page.height
        )));
    }
    Ok(geometry)
}
