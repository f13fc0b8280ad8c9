//! The smallest way to write a layout, its rows, and what its pages show.

use std::fmt::Write;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDateTime;
use pressroom_compose::{
    ComposeError, Context, Limits, NoProgress, Outcome, Progress, SubreportLoader, compose,
};
use pressroom_data::{
    Culture, DataType, Field, MemorySpill, Reader, Row, RowProvider, RowRequest, RowStream, Rows,
    Schema, SourceError, SpillStore, Value, parse_invariant,
};
use pressroom_fonts::FontLibrary;
use pressroom_page::{Item, Page, PageSink, Resources, SinkError, Text, text_dump};
use pressroom_report::Definition;

/// The fonts of all tests.
pub(crate) static FONTS: LazyLock<Arc<FontLibrary>> =
    LazyLock::new(|| Arc::new(FontLibrary::bundled()));

/// A layout with its rows: bands over the query `Rows`, on a page of 500 by 200 hundredths of an
/// inch without margins.
pub(crate) struct Report {
    attributes: String,
    bands: String,
    sections: String,
    relations: String,
    tables: Vec<Table>,
    parameters: Vec<(Arc<str>, Value)>,
    culture: &'static Culture,
    pub(crate) limits: Limits,
    layouts: Vec<(String, String)>,
}

impl Report {
    /// A report of these bands.
    pub(crate) fn new(bands: impl Into<String>) -> Self {
        Self {
            attributes: r#"PageWidth="500" PageHeight="200" Margins="0,0,0,0""#.to_owned(),
            bands: bands.into(),
            sections: String::new(),
            relations: String::new(),
            tables: Vec::new(),
            parameters: Vec::new(),
            culture: Culture::default(),
            limits: Limits::default(),
            layouts: Vec::new(),
        }
    }

    /// Further attributes of the report.
    pub(crate) fn with(mut self, attributes: &str) -> Self {
        self.attributes = format!("{} {attributes}", self.attributes);
        self
    }

    /// A report of these bands whose page is told by attributes.
    pub(crate) fn with_attributes(bands: String, attributes: &str) -> Self {
        Self { attributes: attributes.to_owned(), ..Self::new(bands) }
    }

    /// Other measures of the page: width, height, margins at the left, right, top and bottom.
    pub(crate) fn page(mut self, width: u32, height: u32, margins: [u32; 4]) -> Self {
        let [left, right, top, bottom] = margins;
        self.attributes = format!(
            r#"PageWidth="{width}" PageHeight="{height}" Margins="{left},{right},{top},{bottom}""#
        );
        self
    }

    /// Further children of the report: styles, parameters, calculated fields.
    pub(crate) fn section(mut self, xml: &str) -> Self {
        self.sections.push_str(xml);
        self
    }

    /// A query with its columns, `Id:int Name Price:decimal`, and rows, `1|Tea|2.50`; nothing is null.
    /// The report is over the first one.
    pub(crate) fn rows<'r>(
        mut self,
        name: &str,
        columns: &str,
        rows: impl IntoIterator<Item = &'r str>,
    ) -> Self {
        self.tables.push(Table::new(name, columns, rows));
        self
    }

    /// A relation of the data source: `Orders.Id=Lines.OrderId`, called `OrdersLines`.
    pub(crate) fn relation(mut self, relation: &str) -> Self {
        let (master, detail) = relation.split_once('=').expect("a relation");
        let ((master, key), (detail, own)) =
            (master.split_once('.').expect("a column"), detail.split_once('.').expect("a column"));
        let _ = write!(
            self.relations,
            r#"<Relation Master="{master}" Detail="{detail}"><KeyColumn Master="{key}" Detail="{own}"/></Relation>"#
        );
        self
    }

    /// A value of a parameter.
    pub(crate) fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Another culture.
    pub(crate) fn culture(mut self, name: &str) -> Self {
        self.culture = Culture::find(name).expect("a culture");
        self
    }

    /// A layout that sub-reports find under an address.
    pub(crate) fn layout(mut self, url: &str, xml: String) -> Self {
        self.layouts.push((url.to_owned(), xml));
        self
    }

    /// The layout as a file.
    pub(crate) fn xml(&self) -> String {
        let Self { attributes, bands, sections, relations, tables, .. } = self;
        let member = tables
            .first()
            .map(|table| format!(r##"DataSource="#Ref-9" DataMember="{}""##, table.name));
        let queries: String = tables
            .iter()
            .map(|table| format!(r#"<Query Type="SelectQuery" Name="{}"/>"#, table.name))
            .collect();
        format!(
            r##"<XtraReportsLayoutSerializer SerializerVersion="23.1" Ref="1" ControlType="X.XtraReport, X" Name="Test" {attributes} {}>
<Bands>{bands}</Bands>{sections}
<ComponentStorage><Item1 Ref="9" ObjectType="X.SqlDataSource,X" Name="data">{queries}{relations}</Item1></ComponentStorage>
</XtraReportsLayoutSerializer>"##,
            member.unwrap_or_default()
        )
    }

    pub(crate) fn definition(&self) -> Definition {
        let xml = self.xml();
        Definition::from_repx(xml.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{xml}"))
    }

    /// Prints it, or says why not.
    pub(crate) fn try_print(&self) -> Result<Printed, ComposeError> {
        self.print_from(&Tables(&self.tables), &MemorySpill, &NoProgress)
    }

    /// Prints it with other rows, files and listeners.
    pub(crate) fn print_from(
        &self,
        provider: &dyn RowProvider,
        spill: &dyn SpillStore,
        progress: &dyn Progress,
    ) -> Result<Printed, ComposeError> {
        let context = Context {
            provider,
            fonts: &FONTS,
            culture: self.culture,
            parameters: self.parameters.clone(),
            now: now(),
            reader: Some(Reader::new("Ada")),
            spill,
            limits: self.limits,
            progress,
            subreports: self,
        };
        let mut pages = Pages::default();
        let outcome = compose(&self.definition(), &context, &mut pages)?;
        Ok(Printed { pages: pages.pages, resources: pages.resources, outcome })
    }

    /// Prints it.
    pub(crate) fn print(&self) -> Printed {
        self.try_print().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Its pages, where nothing is to warn of.
    pub(crate) fn pages(&self) -> String {
        let printed = self.print();
        assert_eq!(printed.warnings(), "", "there are warnings");
        printed.texts()
    }
}

impl SubreportLoader for Report {
    fn load(&self, url: &str) -> Result<Arc<Definition>, String> {
        let layout = self.layouts.iter().find(|(own, _)| own == url);
        let (_, xml) = layout.ok_or_else(|| format!("there is no report \"{url}\""))?;
        Definition::from_repx(xml.as_bytes()).map(Arc::new).map_err(|error| error.to_string())
    }
}

/// The moment of printing.
fn now() -> NaiveDateTime {
    "2026-03-05T14:30:00".parse().expect("a moment")
}

/// What came of a report.
pub(crate) struct Printed {
    pub(crate) pages: Vec<Page>,
    resources: Resources,
    pub(crate) outcome: Outcome,
}

impl Printed {
    /// The texts of all pages with their places.
    pub(crate) fn texts(&self) -> String {
        let mut out = String::new();
        for (number, page) in self.pages.iter().enumerate() {
            let _ = write!(out, "page {}", number + 1);
            let mut last = None;
            self.items(&page.items, &mut last, &mut out);
            out.push('\n');
        }
        out
    }

    fn items(&self, items: &[Item], last: &mut Option<i32>, out: &mut String) {
        for item in items {
            match item {
                Item::Clip(clip) => self.items(&clip.items, last, out),
                Item::Text(text) => {
                    let (x, y) = self.place(text);
                    let start =
                        if *last == Some(y) { " | ".to_owned() } else { format!("\n{y:>4}: ") };
                    *last = Some(y);
                    let _ = write!(out, "{start}{x} {}", text.text.replace('\n', "⏎"));
                }
                _ => {}
            }
        }
    }

    /// The left end of a line of text and its top, in hundredths of an inch.
    fn place(&self, text: &Text) -> (i32, i32) {
        let ascent = text.runs.iter().map(|run| {
            let face = self.resources.face(run.face).expect("a face of the document");
            FONTS.face(&face.family, face.bold, face.italic).metrics().ascent * run.size.0
        });
        let ascent = ascent.fold(0.0, f32::max);
        let round = |points: f32| (points / 0.72).round() as i32;
        (round(text.origin.x.0), round(text.origin.y.0 - ascent))
    }

    /// Everything on the pages, in points.
    pub(crate) fn dump(&self) -> String {
        self.pages.iter().map(|page| text_dump(page, &self.resources)).collect()
    }

    /// The warnings, one on a line.
    pub(crate) fn warnings(&self) -> String {
        let lines: Vec<String> = self
            .outcome
            .warnings
            .iter()
            .map(|warning| match warning.count {
                1 => warning.message.clone(),
                count => format!("{} ({count} times)", warning.message),
            })
            .collect();
        lines.join("\n")
    }
}

/// Collects pages.
#[derive(Default)]
struct Pages {
    pages: Vec<Page>,
    resources: Resources,
}

impl PageSink for Pages {
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
        self.pages.push(page);
        self.resources = resources.clone();
        Ok(())
    }
}

struct Table {
    name: String,
    schema: Arc<Schema>,
    rows: Vec<Row>,
}

impl Table {
    fn new<'r>(name: &str, columns: &str, rows: impl IntoIterator<Item = &'r str>) -> Self {
        let fields: Vec<Field> = columns
            .split_whitespace()
            .map(|column| {
                let (name, kind) = column.split_once(':').unwrap_or((column, "text"));
                let data_type = match kind {
                    "int" => DataType::Int,
                    "decimal" => DataType::Decimal,
                    "date" => DataType::DateTime,
                    "bool" => DataType::Bool,
                    "text" => DataType::Text,
                    other => panic!("no type {other}"),
                };
                Field::new(name, data_type)
            })
            .collect();
        let read = |row: &str| -> Row {
            let values = row.split('|').zip(&fields).map(|(text, field)| match text {
                "" => Value::Null,
                text => {
                    parse_invariant(text, field.data_type).unwrap_or_else(|error| panic!("{error}"))
                }
            });
            values.collect::<Vec<_>>().into()
        };
        let rows = rows.into_iter().map(read).collect();
        Self { name: name.to_owned(), rows, schema: Arc::new(Schema::new(fields)) }
    }
}

struct Tables<'t>(&'t [Table]);

impl RowProvider for Tables<'_> {
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let table = self.0.iter().find(|table| table.name == *request.member).ok_or_else(|| {
            SourceError::UnknownMember {
                source_name: request.source.to_string(),
                member: request.member.to_string(),
            }
        })?;
        Ok(Box::new(Rows::new(Arc::clone(&table.schema), table.rows.clone())))
    }
}

/// A band: `DetailBand 20` is its kind and height, then come attributes and what is in it.
pub(crate) fn band(kind: &str, attributes: &str, controls: &str) -> String {
    band_with(kind, attributes, controls, "")
}

/// A band with further children, such as group fields.
pub(crate) fn band_with(kind: &str, attributes: &str, controls: &str, children: &str) -> String {
    let (kind, height) = kind.split_once(' ').unwrap_or((kind, "20"));
    let kind = kind.trim_end_matches("Band");
    let name =
        if attributes.contains("Name=") { String::new() } else { format!(r#"Name="{kind}""#) };
    format!(
        r#"<Item1 ControlType="{kind}Band" {name} HeightF="{height}" {attributes}><Controls>{controls}</Controls>{children}</Item1>"#
    )
}

/// A group header over a field, or over none.
pub(crate) fn group(field: &str, attributes: &str, controls: &str) -> String {
    let fields = if field.is_empty() {
        String::new()
    } else {
        format!(r#"<GroupFields><Item1 FieldName="{field}"/></GroupFields>"#)
    };
    band_with("GroupHeader", attributes, controls, &fields)
}

/// A detail report over a query or relation.
pub(crate) fn details(member: &str, attributes: &str, bands: &str) -> String {
    let source = if member.is_empty() {
        String::new()
    } else {
        format!(r##"DataSource="#Ref-9" DataMember="{member}""##)
    };
    let name = if attributes.contains("Name=") { "" } else { r#"Name="Details""# };
    format!(
        r#"<Item1 ControlType="DetailReportBand" {name} {source} {attributes}><Bands>{bands}</Bands></Item1>"#
    )
}

/// Any control at `x,y,width,height`, or `x,y` and 100 by 20, with its attributes and children.
pub(crate) fn control(kind: &str, place: &str, attributes: &str, children: &str) -> String {
    let numbers: Vec<&str> = place.split(',').collect();
    let at = |index: usize, default: &'static str| numbers.get(index).copied().unwrap_or(default);
    format!(
        r#"<Item1 ControlType="XR{kind}" Name="{kind}" LocationFloat="{},{}" SizeF="{},{}" {attributes}>{children}</Item1>"#,
        at(0, "0"),
        at(1, "0"),
        at(2, "100"),
        at(3, "20"),
    )
}

/// A label with a constant text.
pub(crate) fn label(place: &str, text: &str) -> String {
    control("Label", place, &format!(r#"Text="{text}""#), "")
}

/// A label with further attributes and bindings.
pub(crate) fn label_with(place: &str, attributes: &str, bindings: &[(&str, &str)]) -> String {
    control("Label", place, attributes, &bind(bindings))
}

/// A label whose text is bound to an expression.
pub(crate) fn bound(place: &str, expression: &str) -> String {
    label_with(place, "", &[("Text", expression)])
}

/// A label whose text is a summary over a region.
pub(crate) fn summary(place: &str, running: &str, expression: &str) -> String {
    let children = format!(r#"{}<Summary Running="{running}"/>"#, bind(&[("Text", expression)]));
    control("Label", place, "", &children)
}

/// Bindings of properties to expressions.
pub(crate) fn bind(bindings: &[(&str, &str)]) -> String {
    let items: String = bindings
        .iter()
        .map(|(property, expression)| {
            let expression = expression.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            format!(r#"<Item1 EventName="BeforePrint" PropertyName="{property}" Expression="{expression}"/>"#)
        })
        .collect();
    format!("<ExpressionBindings>{items}</ExpressionBindings>")
}

/// A table: rows as `weight,weight,…` with the texts of their cells; a text in brackets is bound.
pub(crate) fn table(place: &str, attributes: &str, rows: &[&[&str]]) -> String {
    let rows: String = rows
        .iter()
        .map(|cells| {
            let cells: String = cells.iter().map(|text| cell(text, "")).collect();
            format!(r#"<Item1 ControlType="XRTableRow" Name="row" Weight="1"><Cells>{cells}</Cells></Item1>"#)
        })
        .collect();
    control("Table", place, attributes, &format!("<Rows>{rows}</Rows>"))
}

/// A cell with a constant text, or one in brackets that is bound.
pub(crate) fn cell(text: &str, attributes: &str) -> String {
    let weight = if attributes.contains("Weight=") { "" } else { r#"Weight="1""# };
    if text.starts_with('[') {
        let bindings = bind(&[("Text", text)]);
        format!(
            r#"<Item1 ControlType="XRTableCell" Name="cell" {weight} {attributes}>{bindings}</Item1>"#
        )
    } else {
        format!(
            r#"<Item1 ControlType="XRTableCell" Name="cell" {weight} Text="{text}" {attributes}/>"#
        )
    }
}
