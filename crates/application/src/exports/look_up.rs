//! The values that a parameter can be chosen from, where a query gives them.

use std::sync::Arc;
use std::time::Duration;

use pressroom_criteria::{RowScope, compile, parse};
use pressroom_data::{
    Culture, Direction, Order, Reader, RowProvider, RowRequest, SourceError, Value, compare,
    display, key,
};
use pressroom_report::{Choice, ChoiceValue, Definition};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use super::control::{Control, Ending};
use super::rows::DatabaseRows;
use crate::listing::busy;
use crate::{App, Error};

/// The most values of one parameter: more than anybody chooses from.
const MOST_VALUES: usize = 1_000;
/// The most rows that are read for them.
const MOST_ROWS: u64 = 100_000;
/// The longest that somebody waits for the values of all parameters.
const TIME: Duration = Duration::from_secs(10);

/// Until when somebody waits who begins to wait now.
pub(crate) fn until() -> Instant {
    Instant::now() + TIME
}

/// Values to choose from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LookedUp {
    /// The values.
    pub(crate) values: Vec<ChoiceValue>,
    /// Why they are none, or not all.
    pub(crate) message: Option<String>,
}

/// Ends the query when nobody waits for it any more.
struct Waiting(Arc<Control>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.end(Ending::Stopped);
    }
}

/// The values of a choice that a query gives to a reader, with these values for the parameters of the
/// report. What
/// goes wrong with the data source is told in their place.
///
/// # Errors
/// [`Error::Unavailable`] while the server is being stopped.
pub(crate) async fn look_up(
    app: &App,
    definition: &Arc<Definition>,
    choice: &Choice,
    parameters: &[(Arc<str>, Value)],
    reader: &Reader,
    until: Instant,
) -> Result<LookedUp, Error> {
    let waiting = Waiting(Arc::default());
    let (control, choice, definition) =
        (Arc::clone(&waiting.0), choice.clone(), Arc::clone(definition));
    let (app, parameters, runtime) = (app.clone(), parameters.to_vec(), Handle::current());
    let reader = reader.clone();
    let work = busy(move || {
        let look =
            Look { app: &app, definition: &definition, parameters: &parameters, reader: &reader };
        Ok(look.at(&choice, runtime, control))
    });
    let read = match timeout_at(until, work).await {
        Ok(read) => read?,
        Err(_) => Err("the data source took too long to give the values".to_owned()),
    };
    Ok(read.unwrap_or_else(|message| LookedUp { values: Vec::new(), message: Some(message) }))
}

struct Look<'a> {
    app: &'a App,
    definition: &'a Arc<Definition>,
    parameters: &'a [(Arc<str>, Value)],
    reader: &'a Reader,
}

impl Look<'_> {
    fn at(
        &self,
        choice: &Choice,
        runtime: Handle,
        control: Arc<Control>,
    ) -> Result<LookedUp, String> {
        let Choice::Dynamic { source, member, value, display: display_column, filter, sort } =
            choice
        else {
            return Ok(LookedUp::default());
        };
        let (app, now) = (self.app, self.app.clock.now().naive_utc());
        let own_culture = self.definition.culture.as_deref().and_then(Culture::find);
        let culture = own_culture.unwrap_or(app.settings.culture);
        let rows = DatabaseRows::new(
            Arc::clone(self.definition),
            Box::new(Arc::clone(&app.stores.data_models)),
            Arc::clone(&app.sources),
            runtime,
            now,
        )
        .with_culture(culture)
        .with_reader(self.reader.clone())
        .with_limits(app.settings.query_time.min(TIME), MOST_ROWS)
        .with_embedded_connections(app.settings.allow_embedded_connections)
        .with_control(control);
        let request = RowRequest {
            source: source.clone().unwrap_or_default(),
            member: member.clone().unwrap_or_default(),
            parameters: self.parameters.to_vec(),
            order: Vec::<Order>::new(),
        };
        let words = |error: SourceError| error.to_string();
        let mut stream = rows.open(&request).map_err(words)?;
        let schema = Arc::clone(stream.schema());
        let column = |name: &Arc<str>| {
            schema.index_of(name).ok_or_else(|| format!("the query has no column \"{name}\""))
        };
        let value = value.as_ref().map(column).transpose()?.ok_or("no column gives the values")?;
        let shown = display_column.as_ref().map(column).transpose()?;
        let sort = match sort {
            Some((name, direction)) => Some((column(name)?, *direction)),
            None => None,
        };
        let filter = filter
            .as_ref()
            .map(|filter| parse(&filter.text).and_then(|expr| compile(&expr, &*schema)))
            .transpose()
            .map_err(|error| format!("the filter of the values: {error}"))?;

        let mut seen = std::collections::HashSet::new();
        let mut found: Vec<(Value, ChoiceValue)> = Vec::new();
        while let Some(batch) = stream.next_batch().map_err(words)? {
            for row in batch {
                let scope = RowScope::new(&row, now)
                    .with_culture(culture)
                    .with_parameters(self.parameters)
                    .with_reader(Some(self.reader));
                let fits = filter.as_ref().map_or(Ok(true), |filter| filter.matches(&scope));
                if !fits.map_err(|error| format!("the filter of the values: {error}"))? {
                    continue;
                }
                let one = row.get(value).cloned().unwrap_or_default();
                if !seen.insert(key(&one)) {
                    continue;
                }
                let text = shown.and_then(|shown| row.get(shown));
                let text = text.filter(|text| !text.is_null());
                let description = text.map(|text| display(text, culture));
                let by = sort.and_then(|(column, _)| row.get(column).cloned()).unwrap_or_default();
                found.push((by, ChoiceValue { value: one, description }));
            }
        }
        if let Some((_, direction)) = sort {
            found.sort_by(|(a, _), (b, _)| match direction {
                Direction::Ascending => compare(a, b),
                Direction::Descending => compare(b, a),
            });
        }
        let message = (found.len() > MOST_VALUES)
            .then(|| format!("the first {MOST_VALUES} of {} values", found.len()));
        let values = found.into_iter().take(MOST_VALUES).map(|(_, value)| value).collect();
        Ok(LookedUp { values, message })
    }
}
