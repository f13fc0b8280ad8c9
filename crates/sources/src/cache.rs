//! Results of queries, kept for as long as their data models say.
//!
//! Exports that ask the same at the same time ask once: the first one reads, and what it has read to
//! its end is there for the others. A result that is too long to be kept is read by each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use pressroom_data::{Row, Schema, SourceError, Value};
use pressroom_domain::{DataModel, DataModelId, OptimisticLock};
use pressroom_ports::{QueryLimits, RowBatches, Statement};
use tokio::sync::watch;

use crate::subject::Subject;

/// The longest result that is kept, in bytes.
const LONGEST: usize = 16 << 20;
/// Bytes of all results that are kept.
const ALL: usize = 64 << 20;
/// How long one who asks the same waits for the first.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was asked: every change of the data model makes it something else, and whoever asks is part of
/// it as far as row filters bind who it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    model: DataModelId,
    lock: OptimisticLock,
    /// The text, its values, and how they are to be read.
    asked: String,
}

/// Results of queries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache {
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    answers: HashMap<Question, Answer>,
    bytes: usize,
}

#[derive(Debug)]
enum Answer {
    /// Somebody reads it.
    Coming(watch::Receiver<()>),
    Here(Here),
}

/// A whole result.
#[derive(Clone, Debug)]
struct Here {
    until: Instant,
    schema: Arc<Schema>,
    ordered: bool,
    batches: Arc<Vec<Vec<Row>>>,
    bytes: usize,
}

impl Cache {
    /// Asks a statement that was checked, or gives what it gave a while ago.
    pub(crate) async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
        age: Duration,
        ask: impl Future<Output = Result<Box<dyn RowBatches>, SourceError>> + Send,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let Statement { sql, binds, expected, order, .. } = statement;
        let question = Question {
            model: model.id,
            lock: model.lock,
            asked: format!("{sql}\n{binds:?}\n{expected:?}\n{order:?}"),
        };
        match self.look(&question) {
            Look::Here(here) => Ok(here.read(model, statement, limits)),
            Look::Coming(mut coming) => {
                // It ends, well or badly, when its sender goes.
                let _ = tokio::time::timeout(PATIENCE, coming.changed()).await;
                match self.here(&question) {
                    Some(here) => Ok(here.read(model, statement, limits)),
                    None => ask.await,
                }
            }
            Look::First(coming) => {
                let mut reading = Reading { cache: self.clone(), question, coming, here: None };
                let batches = ask.await?;
                reading.here = Some(Here {
                    until: Instant::now() + age,
                    schema: Arc::clone(batches.schema()),
                    ordered: batches.is_ordered(),
                    batches: Arc::default(),
                    bytes: 0,
                });
                Ok(Box::new(Kept { batches, reading }))
            }
        }
    }

    /// Forgets what a model's database gave.
    pub(crate) fn forget(&self, model: DataModelId) {
        let mut known = self.known();
        known.answers.retain(|question, _| question.model != model);
        known.count();
    }

    fn here(&self, question: &Question) -> Option<Here> {
        match self.known().answers.get(question) {
            Some(Answer::Here(here)) => Some(here.clone()),
            _ => None,
        }
    }

    fn look(&self, question: &Question) -> Look {
        let mut known = self.known();
        match known.answers.get(question) {
            Some(Answer::Here(here)) if here.until > Instant::now() => Look::Here(here.clone()),
            Some(Answer::Coming(coming)) => Look::Coming(coming.clone()),
            _ => {
                let (sender, receiver) = watch::channel(());
                known.answers.insert(question.clone(), Answer::Coming(receiver));
                Look::First(sender)
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Look {
    Here(Here),
    Coming(watch::Receiver<()>),
    First(watch::Sender<()>),
}

impl Known {
    /// Keeps an answer, in the place of those that end soonest.
    fn keep(&mut self, question: Question, here: Here) {
        let now = Instant::now();
        self.answers.retain(|_, answer| !matches!(answer, Answer::Here(here) if here.until <= now));
        self.answers.insert(question, Answer::Here(here));
        self.count();
        while self.bytes > ALL {
            let soonest = self.answers.iter().filter_map(|(question, answer)| match answer {
                Answer::Here(here) => Some((here.until, question)),
                Answer::Coming(_) => None,
            });
            let Some((_, question)) = soonest.min_by_key(|(until, _)| *until) else { return };
            let question = question.clone();
            self.answers.remove(&question);
            self.count();
        }
    }

    fn count(&mut self) {
        let bytes = self.answers.values().map(|answer| match answer {
            Answer::Here(here) => here.bytes,
            Answer::Coming(_) => 0,
        });
        self.bytes = bytes.sum();
    }
}

/// A result that is being read for the first time.
struct Reading {
    cache: Cache,
    question: Question,
    /// Those who wait hear of the end when it goes.
    #[expect(dead_code, reason = "it is there to be dropped")]
    coming: watch::Sender<()>,
    /// What was read so far; none where it is not kept.
    here: Option<Here>,
}

impl Reading {
    fn add(&mut self, batch: &[Row]) {
        let Some(here) = &mut self.here else { return };
        here.bytes += batch.iter().map(size_of_row).sum::<usize>();
        if here.bytes > LONGEST {
            self.give_up();
        } else if let Some(batches) = Arc::get_mut(&mut here.batches) {
            batches.push(batch.to_vec());
        }
    }

    fn end(&mut self) {
        if let Some(here) = self.here.take() {
            self.cache.known().keep(self.question.clone(), here);
        }
    }

    /// Whoever waits asks by themselves.
    fn give_up(&mut self) {
        self.here = None;
        let mut known = self.cache.known();
        if let Some(Answer::Coming(_)) = known.answers.get(&self.question) {
            known.answers.remove(&self.question);
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// What a row takes in memory, about.
fn size_of_row(row: &Row) -> usize {
    let long = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    };
    size_of_val(&**row) + row.iter().map(long).sum::<usize>()
}

/// Rows that are kept while they are read.
struct Kept {
    batches: Box<dyn RowBatches>,
    reading: Reading,
}

#[async_trait]
impl RowBatches for Kept {
    fn schema(&self) -> &Arc<Schema> {
        self.batches.schema()
    }

    fn is_ordered(&self) -> bool {
        self.batches.is_ordered()
    }

    async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let batch = self.batches.next_batch().await;
        match &batch {
            Ok(Some(rows)) => self.reading.add(rows),
            Ok(None) => self.reading.end(),
            Err(_) => self.reading.give_up(),
        }
        batch
    }
}

impl Here {
    fn read(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Box<dyn RowBatches> {
        let subject = Subject::new(model, &statement.name);
        Box::new(Again { here: self.clone(), next: 0, told: 0, rows: limits.rows, subject })
    }
}

/// Rows that were read before.
struct Again {
    here: Here,
    next: usize,
    told: u64,
    /// The most rows.
    rows: u64,
    subject: Subject,
}

#[async_trait]
impl RowBatches for Again {
    fn schema(&self) -> &Arc<Schema> {
        &self.here.schema
    }

    fn is_ordered(&self) -> bool {
        self.here.ordered
    }

    async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let Some(batch) = self.here.batches.get(self.next) else { return Ok(None) };
        self.next += 1;
        self.told += batch.len() as u64;
        if self.told > self.rows {
            self.next = usize::MAX;
            return Err(self.subject.too_many_rows(self.rows));
        }
        Ok(Some(batch.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use pressroom_contracts::build;
    use pressroom_data::{DataType, Field};

    use super::*;

    /// A database that counts how often it was asked.
    #[derive(Clone, Default)]
    struct Database {
        cache: Cache,
        asked: Arc<AtomicUsize>,
    }

    /// Rows of text, and perhaps an error at the end.
    struct Rows {
        schema: Arc<Schema>,
        left: usize,
        fails: bool,
    }

    #[async_trait]
    impl RowBatches for Rows {
        fn schema(&self) -> &Arc<Schema> {
            &self.schema
        }

        async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
            if self.left == 0 {
                return if self.fails { Err(SourceError::Cancelled) } else { Ok(None) };
            }
            self.left -= 1;
            let text = Value::from("x".repeat(1_000));
            Ok(Some((0..1_000).map(|_| Row::from([text.clone()])).collect()))
        }
    }

    fn statement(value: i64) -> Statement {
        let binds = vec![Value::Int(value)];
        Statement { name: "q".into(), sql: "select".into(), binds, ..Statement::default() }
    }

    fn model(lock: i64) -> DataModel {
        DataModel { lock: OptimisticLock(lock), ..build::data_model("Sales") }
    }

    impl Database {
        async fn open(
            &self,
            model: &DataModel,
            value: i64,
            batches: usize,
            fails: bool,
        ) -> Box<dyn RowBatches> {
            let asked = self.asked.clone();
            let ask = async move {
                asked.fetch_add(1, Ordering::SeqCst);
                let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Text)]));
                let rows: Box<dyn RowBatches> = Box::new(Rows { schema, left: batches, fails });
                Ok(rows)
            };
            let age = Duration::from_secs(60);
            let (statement, limits) = (statement(value), QueryLimits::default());
            self.cache.open(model, &statement, &limits, age, ask).await.unwrap()
        }

        fn asked(&self) -> usize {
            self.asked.load(Ordering::SeqCst)
        }
    }

    async fn read(mut batches: Box<dyn RowBatches>) -> Result<usize, SourceError> {
        let mut rows = 0;
        while let Some(batch) = batches.next_batch().await? {
            rows += batch.len();
        }
        assert!(batches.next_batch().await.unwrap().is_none());
        Ok(rows)
    }

    #[tokio::test]
    async fn the_same_question_is_asked_once() {
        let database = Database::default();
        for _ in 0..3 {
            let rows = read(database.open(&model(1), 1, 2, false).await).await.unwrap();
            assert_eq!(rows, 2_000);
        }
        assert_eq!(database.asked(), 1);
        // Another value, and another state of the model, are other questions.
        read(database.open(&model(1), 2, 1, false).await).await.unwrap();
        read(database.open(&model(2), 1, 1, false).await).await.unwrap();
        assert_eq!(database.asked(), 3);
        database.cache.forget(model(1).id);
        read(database.open(&model(1), 1, 1, false).await).await.unwrap();
        assert_eq!(database.asked(), 4);
    }

    #[tokio::test]
    async fn whoever_asks_meanwhile_waits_for_the_first() {
        let database = Database::default();
        let first = database.open(&model(1), 1, 3, false).await;
        let (second, of_second) = (database.clone(), model(1));
        let second =
            tokio::spawn(async move { read(second.open(&of_second, 1, 3, false).await).await });
        tokio::task::yield_now().await;
        assert_eq!(read(first).await.unwrap(), 3_000);
        assert_eq!(second.await.unwrap().unwrap(), 3_000);
        assert_eq!(database.asked(), 1);
    }

    #[tokio::test]
    async fn what_failed_or_was_left_is_asked_again() {
        let database = Database::default();
        read(database.open(&model(1), 1, 1, true).await).await.unwrap_err();
        drop(database.open(&model(1), 1, 1, false).await);
        assert_eq!(read(database.open(&model(1), 1, 1, false).await).await.unwrap(), 1_000);
        assert_eq!(database.asked(), 3);
    }

    #[tokio::test]
    async fn what_is_too_long_is_not_kept() {
        let database = Database::default();
        for _ in 0..2 {
            assert_eq!(read(database.open(&model(1), 1, 30, false).await).await.unwrap(), 30_000);
        }
        assert_eq!(database.asked(), 2);
        for value in 0..10 {
            read(database.open(&model(1), value, 10, false).await).await.unwrap();
        }
        assert!(database.cache.known().bytes <= ALL);
    }

    #[tokio::test]
    async fn a_limit_counts_for_what_is_kept_too() {
        let database = Database::default();
        read(database.open(&model(1), 1, 2, false).await).await.unwrap();
        let limits = QueryLimits { rows: 1_999, ..QueryLimits::default() };
        let nobody = async { Err(SourceError::Cancelled) };
        let age = Duration::from_secs(60);
        let again = database.cache.open(&model(1), &statement(1), &limits, age, nobody).await;
        assert!(matches!(read(again.unwrap()).await, Err(SourceError::Limit(_))));
    }
}
