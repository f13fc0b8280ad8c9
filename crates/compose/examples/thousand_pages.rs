//! Lays out 1,000 pages of a grouped table and throws them away: how fast is the engine alone?
//!
//! ```sh
//! cargo run --release -p pressroom-compose --example thousand_pages -- 1000
//! ```
//!
//! Rows are made up as they are asked for: a name, a city, a date, a number, a price, a sum. Every
//! 50 rows make a group with a heading and a subtotal; each page says `page n of m`.

use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use pressroom_compose::{Context, Limits, NoProgress, NoSubreports, compose};
use pressroom_data::{
    Culture, DataType, Field, MemorySpill, Reader, Row, RowProvider, RowRequest, RowStream, Schema,
    SourceError, Value,
};
use pressroom_fonts::FontLibrary;
use pressroom_page::{Page, PageSink, Resources, SinkError};
use pressroom_report::Definition;
use rust_decimal::Decimal;

const ROWS_ON_A_PAGE: u64 = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pages: u64 = std::env::args().nth(1).map_or(Ok(1_000), |pages| pages.parse())?;
    let definition = Definition::from_repx(layout().as_bytes())?;
    let fonts = Arc::new(FontLibrary::bundled());
    let provider = Sales { rows: pages * ROWS_ON_A_PAGE };
    let context = Context {
        provider: &provider,
        fonts: &fonts,
        culture: Culture::default(),
        parameters: Vec::new(),
        now: NaiveDate::from_ymd_opt(2026, 3, 5).unwrap_or_default().and_time(Default::default()),
        reader: Some(Reader::new("Ada")),
        spill: &MemorySpill,
        limits: Limits::default(),
        progress: &NoProgress,
        subreports: &NoSubreports,
    };
    let mut sink = Counted::default();
    let start = Instant::now();
    let outcome = compose(&definition, &context, &mut sink)?;
    let elapsed = start.elapsed().as_secs_f64();
    for warning in &outcome.warnings {
        eprintln!("{}", warning.message);
    }
    let rate = elapsed * 1_000.0 / outcome.pages as f64;
    let report = format!(
        "{} pages, {} rows, {} items: {elapsed:.3} s, {rate:.3} s for 1,000 pages",
        outcome.pages, outcome.rows, sink.items
    );
    std::io::Write::write_all(&mut std::io::stdout(), format!("{report}\n").as_bytes())?;
    Ok(())
}

/// A sink that only counts.
#[derive(Default)]
struct Counted {
    items: usize,
}

impl PageSink for Counted {
    fn page(&mut self, page: Page, _resources: &Resources) -> Result<(), SinkError> {
        self.items += page.items.len();
        Ok(())
    }
}

/// A table of six columns in groups.
fn layout() -> String {
    let columns = ["Customer", "City", "Day", "Quantity", "Price", "Amount"];
    let formats = ["", "", "{0:yyyy-MM-dd}", "{0:n0}", "{0:n2}", "{0:c2}"];
    let cells: String = columns
        .iter()
        .zip(formats)
        .map(|(column, format)| {
            format!(
                r#"<Item1 ControlType="XRTableCell" Name="{column}" Weight="1" TextFormatString="{format}" Padding="2,2,0,0,100">
                     <ExpressionBindings><Item1 EventName="BeforePrint" PropertyName="Text" Expression="[{column}]"/></ExpressionBindings>
                   </Item1>"#
            )
        })
        .collect();
    let headings: String = columns
        .iter()
        .map(|column| {
            format!(r#"<Item1 ControlType="XRTableCell" Name="h{column}" Weight="1" Text="{column}" Padding="2,2,0,0,100"/>"#)
        })
        .collect();
    let table = |name: &str, attributes: &str, cells: &str| {
        format!(
            r#"<Item1 ControlType="XRTable" Name="{name}" LocationFloat="0,0" SizeF="650,20" {attributes}>
                 <Rows><Item1 ControlType="XRTableRow" Name="{name}Row" Weight="1"><Cells>{cells}</Cells></Item1></Rows>
               </Item1>"#
        )
    };
    let head = table("heads", r#"Font="Arial, 9pt, style=Bold" Borders="Bottom""#, &headings);
    let row = table("row", r#"Font="Arial, 9pt" Borders="Bottom" BorderColor="Silver""#, &cells);
    format!(
        r##"<XtraReportsLayoutSerializer SerializerVersion="23.1" Ref="1" ControlType="X.XtraReport, X" Name="Sales"
              PageWidth="850" PageHeight="1100" Margins="100,100,100,100" DataSource="#Ref-9" DataMember="Sales">
            <Bands>
              <Item1 ControlType="TopMarginBand" Name="Top" HeightF="100"/>
              <Item1 ControlType="PageHeaderBand" Name="Head" HeightF="20"><Controls>{head}</Controls></Item1>
              <Item1 ControlType="GroupHeaderBand" Name="Group" HeightF="22">
                <GroupFields><Item1 FieldName="Block" SortOrder="None"/></GroupFields>
                <Controls><Item1 ControlType="XRLabel" Name="block" LocationFloat="0,0" SizeF="650,20" Font="Arial, 10pt, style=Bold" Text="Block [Block]"/></Controls>
              </Item1>
              <Item1 ControlType="DetailBand" Name="Detail" HeightF="20"><Controls>{row}</Controls></Item1>
              <Item1 ControlType="GroupFooterBand" Name="Subtotal" HeightF="22">
                <Controls><Item1 ControlType="XRLabel" Name="sum" LocationFloat="450,0" SizeF="200,20" TextAlignment="TopRight" TextFormatString="{{0:c2}}">
                  <ExpressionBindings><Item1 EventName="BeforePrint" PropertyName="Text" Expression="sumSum([Amount])"/></ExpressionBindings>
                  <Summary Running="Group"/>
                </Item1></Controls>
              </Item1>
              <Item1 ControlType="BottomMarginBand" Name="Bottom" HeightF="100">
                <Controls><Item1 ControlType="XRPageInfo" Name="page" LocationFloat="0,20" SizeF="650,20" TextAlignment="TopCenter" TextFormatString="page {{0}} of {{1}}"/></Controls>
              </Item1>
            </Bands>
            <ComponentStorage><Item1 Ref="9" ObjectType="X.SqlDataSource,X" Name="data"><Query Type="SelectQuery" Name="Sales"/></Item1></ComponentStorage>
          </XtraReportsLayoutSerializer>"##
    )
}

/// Made-up rows.
struct Sales {
    rows: u64,
}

impl RowProvider for Sales {
    fn open(&self, _request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let fields = [
            ("Customer", DataType::Text),
            ("City", DataType::Text),
            ("Day", DataType::DateTime),
            ("Quantity", DataType::Int),
            ("Price", DataType::Decimal),
            ("Amount", DataType::Decimal),
            ("Block", DataType::Int),
        ];
        let fields = fields.iter().map(|(name, kind)| Field::new(*name, *kind)).collect();
        Ok(Box::new(SalesRows { schema: Arc::new(Schema::new(fields)), next: 0, rows: self.rows }))
    }
}

struct SalesRows {
    schema: Arc<Schema>,
    next: u64,
    rows: u64,
}

impl RowStream for SalesRows {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let end = (self.next + 1_024).min(self.rows);
        let batch: Vec<Row> = (self.next..end).map(row).collect();
        self.next = end;
        Ok((!batch.is_empty()).then_some(batch))
    }
}

fn row(number: u64) -> Row {
    const NAMES: [&str; 5] =
        ["Anna Berg", "Óscar Núñez", "Li Wei Trading", "Müller & Söhne", "P. O'Neill"];
    const CITIES: [&str; 4] = ["Lisbon", "Zürich", "New York", "Kraków"];
    let signed = i64::try_from(number).unwrap_or(0);
    let day =
        NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default() + chrono::Days::new(number % 900);
    let quantity = signed % 90 + 1;
    let price = Decimal::new(signed % 9_973 + 101, 2);
    vec![
        Value::from(NAMES[(number % 5) as usize]),
        Value::from(CITIES[(number / 3 % 4) as usize]),
        Value::DateTime(day.and_time(Default::default())),
        Value::Int(quantity),
        Value::Decimal(price),
        Value::Decimal(price * Decimal::from(quantity)),
        Value::Int(signed / 50),
    ]
    .into()
}
