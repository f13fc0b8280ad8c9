//! Page numbers, the date, the reader.

use std::sync::Arc;

use pressroom_data::{CompositeFormat, Value, display};
use pressroom_page::Role;

use super::Site;
use crate::fragment::{Content, Fragment};
use crate::page_text::PageText;
use crate::plan::PageInfoPlan;
use crate::run::Run;
use crate::text::Setting;

impl Run<'_, '_> {
    pub(super) fn page_info(&mut self, plan: &PageInfoPlan, site: Site<'_>) -> Fragment {
        let setting = Setting { multiline: false, ..Setting::default() };
        let (value, format) = match plan {
            PageInfoPlan::Count { count, start, running, format } => {
                let text = PageText {
                    count: *count,
                    start: *start,
                    running: running.clone(),
                    format: format.clone(),
                    look: site.look.text.clone(),
                    setting,
                    culture: self.culture,
                };
                return Fragment {
                    rect: site.bounds,
                    decor: site.look.decor.clone(),
                    content: Content::PageText(Arc::new(text)),
                    ..Fragment::default()
                };
            }
            PageInfoPlan::Moment(format) => (Value::DateTime(self.services.context.now), format),
            PageInfoPlan::User(format) => {
                let reader = self.services.context.reader.as_ref();
                let name =
                    reader.map_or_else(|| "".into(), |reader| Arc::clone(reader.user_name()));
                (Value::Text(name), format)
            }
        };
        let text = match format {
            Some(format) => CompositeFormat::format(format, &[value], self.culture),
            None => display(&value, self.culture),
        };
        let block = self.services.text.block(
            &text.into(),
            &site.look.text,
            setting,
            site.bounds.width,
            None,
            &Role::Artifact,
        );
        Fragment {
            rect: site.bounds,
            decor: site.look.decor.clone(),
            content: Content::Text(block),
            ..Fragment::default()
        }
    }
}
