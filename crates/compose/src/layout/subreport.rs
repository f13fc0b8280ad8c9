//! Sub-reports: another report, printed into a strip as wide as the control.

use std::rc::Rc;
use std::sync::Arc;

use pressroom_page::{Pt, Rect};
use pressroom_report::Definition;

use super::Site;
use crate::ComposeError;
use crate::fragment::Fragment;
use crate::parameters;
use crate::plan::{ControlPlan, SubreportPlan, SubreportPlanSource};
use crate::rows::tables::Tables;
use crate::run::Run;
use crate::run::flow::{Flow, Strip};

impl Run<'_, '_> {
    pub(super) fn subreport(
        &mut self,
        control: &ControlPlan,
        plan: &SubreportPlan,
        site: Site<'_>,
    ) -> Result<Fragment, ComposeError> {
        let definition: Arc<Definition> = match &plan.report {
            SubreportPlanSource::None => {
                return Ok(self.grown(control, site, (Vec::new(), Pt::ZERO)));
            }
            SubreportPlanSource::Here(definition) => Arc::clone(definition),
            SubreportPlanSource::Url(url) => match self.services.context.subreports.load(url) {
                Ok(definition) => {
                    self.services.tell_unsupported(&definition);
                    definition
                }
                Err(message) => {
                    self.warn(&*message);
                    return Ok(self.note(&message, site));
                }
            },
        };
        let limit = self.services.context.limits.subreport_depth;
        if self.services.depth >= limit {
            let message = format!(
                "sub-report \"{}\" is more than {limit} reports deep; does a report contain itself?",
                control.name
            );
            self.warn(&*message);
            return Ok(self.note(&message, site));
        }
        let given: Vec<_> = plan
            .parameters
            .iter()
            .map(|(name, value)| (Arc::clone(name), self.value(value)))
            .collect();
        let context = self.services.context;
        let (values, mistakes) = parameters::resolve_where_possible(
            &definition,
            &given,
            context.now,
            context.culture,
            context.reader.as_ref(),
        );
        for mistake in mistakes {
            self.warn(format!("sub-report \"{}\": {mistake}", control.name));
        }
        let values: Rc<[_]> = values.into();
        let tables = Tables::new(
            context.provider,
            Rc::clone(&values),
            &context.limits,
            Rc::clone(&self.services.rows_left),
        );
        self.services.depth += 1;
        let strip = Flow::Strip(Strip::new(site.bounds.width));
        let mut run = Run::new(self.services, &definition, values, &tables, strip);
        let result = run.print_report();
        let printed = match run.flow {
            Flow::Strip(strip) => strip.finish(),
            Flow::Pages(_) => (Vec::new(), Pt::ZERO),
        };
        self.services.depth -= 1;
        result?;
        Ok(self.grown(control, site, printed))
    }

    /// The strip in its place: as high as it is, and no lower than designed unless it may shrink.
    fn grown(
        &self,
        control: &ControlPlan,
        site: Site<'_>,
        (fragments, height): (Vec<Fragment>, Pt),
    ) -> Fragment {
        let height = if control.can_shrink { height } else { height.max(site.bounds.height) };
        Fragment {
            decor: site.look.decor.clone(),
            ..Fragment::children(Rect { height, ..site.bounds }, fragments)
        }
    }
}
