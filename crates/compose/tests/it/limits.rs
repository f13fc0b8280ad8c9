//! Bounds: pages, rows, memory, time.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use insta::assert_snapshot;
use pressroom_compose::{ComposeError, NoProgress, Progress};
use pressroom_data::{
    DataType, Field, MemorySpill, Row, RowProvider, RowRequest, RowStream, Rows, Schema,
    SourceError, SpillFile, SpillStore, Value,
};

use super::report::{group, summary};
use super::{Report, band, bound};

/// Rows that count from 1, made in batches of 100 as they are asked for.
struct Counting {
    rows: u64,
    /// How many rows were held by somebody at most.
    most_held: Arc<AtomicUsize>,
    batches: Arc<AtomicUsize>,
}

impl Counting {
    fn new(rows: u64) -> Self {
        Self { rows, most_held: Arc::default(), batches: Arc::default() }
    }
}

struct CountingStream {
    schema: Arc<Schema>,
    next: u64,
    rows: u64,
    made: Vec<std::sync::Weak<[Value]>>,
    most_held: Arc<AtomicUsize>,
    batches: Arc<AtomicUsize>,
}

impl RowStream for CountingStream {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        self.made.retain(|row| row.strong_count() > 0);
        self.most_held.fetch_max(self.made.len(), Ordering::Relaxed);
        if self.next >= self.rows {
            return Ok(None);
        }
        self.batches.fetch_add(1, Ordering::Relaxed);
        let end = (self.next + 100).min(self.rows);
        let batch: Vec<Row> = (self.next..end)
            .map(|n| {
                Row::from(vec![
                    Value::Int(i64::try_from(n).unwrap_or(0) + 1),
                    Value::Int(i64::try_from(n / 1000).unwrap_or(0)),
                ])
            })
            .collect();
        self.made.extend(batch.iter().map(Arc::downgrade));
        self.next = end;
        Ok(Some(batch))
    }

    fn is_ordered(&self) -> bool {
        true
    }
}

impl RowProvider for Counting {
    fn open(&self, _request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let fields = vec![Field::new("N", DataType::Int), Field::new("Thousand", DataType::Int)];
        Ok(Box::new(CountingStream {
            schema: Arc::new(Schema::new(fields)),
            next: 0,
            rows: self.rows,
            made: Vec::new(),
            most_held: Arc::clone(&self.most_held),
            batches: Arc::clone(&self.batches),
        }))
    }
}

/// Files in memory whose bytes are counted.
#[derive(Default)]
struct CountingSpill {
    files: AtomicUsize,
}

impl SpillStore for CountingSpill {
    fn create(&self) -> io::Result<Box<dyn SpillFile>> {
        self.files.fetch_add(1, Ordering::Relaxed);
        MemorySpill.create()
    }
}

fn report(bands: &str) -> Report {
    Report::new(bands).rows("Rows", "N:int Thousand:int", []).page(500, 2000, [0; 4])
}

fn detail() -> String {
    band("Detail", "", &bound("0,0", "[N]"))
}

#[test]
fn rows_are_not_held_where_nothing_looks_ahead() {
    let rows = Counting::new(100_000);
    let spill = CountingSpill::default();
    let bands = group("Thousand", "", &bound("0,0", "[Thousand]"))
        + &detail()
        + &band("GroupFooter", "", &summary("0,0", "Group", "sumSum([N])"));
    let printed = report(&bands).print_from(&rows, &spill, &NoProgress).unwrap();
    assert_eq!(printed.outcome.rows, 100_000);
    assert!(
        rows.most_held.load(Ordering::Relaxed) <= 10,
        "{} rows were held",
        rows.most_held.load(Ordering::Relaxed)
    );
    assert_eq!(spill.files.load(Ordering::Relaxed), 0);
}

#[test]
fn a_group_is_held_where_its_header_shows_its_sum() {
    let rows = Counting::new(20_000);
    let bands = group("Thousand", "", &summary("0,0", "Group", "sumSum([N])")) + &detail();
    report(&bands).print_from(&rows, &MemorySpill, &NoProgress).unwrap();
    let most = rows.most_held.load(Ordering::Relaxed);
    assert!((900..=1_200).contains(&most), "{most} rows were held");
}

#[test]
fn too_many_pages() {
    let mut report = report(&band("Detail", r#"PageBreak="AfterBand""#, &bound("0,0", "[N]")));
    report.limits.pages = 10;
    let error =
        report.print_from(&Counting::new(100), &MemorySpill, &NoProgress).map(|_| ()).unwrap_err();
    assert_snapshot!(error, @"the document has more than the 10 pages that the site allows; narrow its parameters");
}

#[test]
fn too_many_rows() {
    let mut report = report(&detail());
    report.limits.rows = 250;
    let error = report
        .print_from(&Counting::new(1_000), &MemorySpill, &NoProgress)
        .map(|_| ())
        .unwrap_err();
    assert_snapshot!(error, @"the document reads more rows than the site allows; filter them in the query");
}

#[test]
fn too_many_held_rows() {
    let bands = detail()
        + &super::report::details("Rows", "", "")
        + &band("ReportFooter", "", &bound("0,0", "[Other].Count()"));
    let mut report =
        Report::new(bands).rows("Rows", "N:int", ["1"]).rows("Other", "N:int", ["1", "2", "3"]);
    report.limits.held_bytes = 100;
    let printed = report.print();
    assert_snapshot!(printed.warnings(), @r#"control "Label": the expression `[Other].Count()` has a mistake: there are no rows "Other" here (line 1, column 1); an aggregate goes over a relation of the current table"#);
}

/// Wants the work to end after so many questions.
struct Impatient(AtomicUsize);

impl Progress for Impatient {
    fn is_cancelled(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_err()
    }
}

#[test]
fn work_ends_soon_after_it_is_cancelled() {
    let one_page_each = band("Detail", r#"PageBreak="AfterBand""#, &bound("0,0", "[N]"));
    let hidden = band("Detail 0", "", "");
    let look_ahead = band("ReportHeader", "", &summary("0,0", "Report", "sumSum([N])")) + &detail();
    for (bands, batches) in [(one_page_each, 2), (detail(), 20), (look_ahead, 20), (hidden, 20)] {
        let rows = Counting::new(1_000_000);
        let result =
            report(&bands).print_from(&rows, &MemorySpill, &Impatient(AtomicUsize::new(3)));
        assert!(matches!(result, Err(ComposeError::Cancelled)));
        let read = rows.batches.load(Ordering::Relaxed);
        assert!(read <= batches, "{read} batches were read for {bands}");
    }
}

/// A source that is away, or goes away after its first batch.
struct Broken {
    after: u64,
}

impl RowProvider for Broken {
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        if self.after == 0 {
            return Err(away());
        }
        let inner = Counting::new(self.after).open(request)?;
        Ok(Box::new(BrokenStream(inner)))
    }
}

struct BrokenStream(Box<dyn RowStream>);

impl RowStream for BrokenStream {
    fn schema(&self) -> &Arc<Schema> {
        self.0.schema()
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        match self.0.next_batch()? {
            Some(batch) => Ok(Some(batch)),
            None => Err(away()),
        }
    }
}

fn away() -> SourceError {
    SourceError::Away { source_name: "data".into(), message: "connection refused".into() }
}

#[test]
fn a_source_that_is_away_is_an_error_not_an_empty_report() {
    for after in [0, 150] {
        let result = report(&detail()).print_from(&Broken { after }, &MemorySpill, &NoProgress);
        assert_eq!(result.map(|_| ()).unwrap_err().to_string(), away().to_string());
    }
}

/// A disk without space.
struct FullDisk;

impl SpillStore for FullDisk {
    fn create(&self) -> io::Result<Box<dyn SpillFile>> {
        Err(io::Error::new(io::ErrorKind::StorageFull, "no space left"))
    }
}

#[test]
fn a_full_disk_is_told() {
    let footer = band("PageFooter", "", &super::report::control("PageInfo", "0,0", "", ""));
    let result =
        report(&(detail() + &footer)).print_from(&Counting::new(10), &FullDisk, &NoProgress);
    assert_snapshot!(result.map(|_| ()).unwrap_err(), @"could not put pages aside on disk: no space left; free some space in the data folder");
}

#[test]
fn progress_tells_pages_and_rows() {
    #[derive(Default)]
    struct Listening {
        pages: AtomicUsize,
        rows: AtomicUsize,
    }
    impl Progress for Listening {
        fn rows(&self, rows: u64) {
            self.rows.store(usize::try_from(rows).unwrap_or(0), Ordering::Relaxed);
        }
        fn pages(&self, pages: usize) {
            self.pages.store(pages, Ordering::Relaxed);
        }
    }
    let listening = Listening::default();
    report(&detail()).print_from(&Counting::new(1_000), &MemorySpill, &listening).unwrap();
    assert_eq!(listening.pages.load(Ordering::Relaxed), 10);
    assert_eq!(listening.rows.load(Ordering::Relaxed), 1_000);
}

/// Rows of 10,000 letters each, numbered in an order without sense.
struct Wide;

impl RowProvider for Wide {
    fn open(&self, _request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let fields = vec![Field::new("N", DataType::Int), Field::new("Text", DataType::Text)];
        let text = Value::from("x".repeat(10_000));
        let rows =
            (0..2_000_i64).map(|n| Row::from(vec![Value::Int(n * 1_087 % 2_000), text.clone()]));
        Ok(Box::new(Rows::new(Arc::new(Schema::new(fields)), rows.collect())))
    }
}

#[test]
fn rows_that_are_too_many_for_memory_are_sorted_on_disk() {
    let detail = super::report::band_with(
        "Detail",
        "",
        &bound("0,0", "[N]"),
        r#"<SortFields><Item1 FieldName="N"/></SortFields>"#,
    );
    let spill = CountingSpill::default();
    let printed =
        report(&detail).page(500, 18_000, [0; 4]).print_from(&Wide, &spill, &NoProgress).unwrap();
    assert!(spill.files.load(Ordering::Relaxed) >= 2);
    let texts = printed.texts();
    let numbers: Vec<usize> =
        texts.lines().filter_map(|line| line.split_once(": 0 ")?.1.parse().ok()).collect();
    assert_eq!(numbers, (0..2_000).collect::<Vec<_>>());
}
