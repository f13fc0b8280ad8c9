//! Data sources from the XML of layouts.

mod federation;

use std::sync::Arc;

use pressroom_data::{DataType, Direction, Field, Schema, Value, parse_invariant};

use crate::xml::{Document, Element, Limits, XmlError};
use crate::{
    Aggregate, Column, ColumnRef, Comparison, ConnectionRef, ExcelSource, Join, JoinKind,
    JsonSource, ObjectSource, ParameterValue, Query, QueryKind, QueryParameter, Relation,
    SelectQuery, Sorting, Source, SourceKind, SqlSource, Table, View,
};

impl Source {
    /// Reads the XML document of one data source, as layouts carry it. `type_name` is the .NET type
    /// that the layout tells, with or without namespace and assembly.
    ///
    /// ```
    /// use pressroom_query::Source;
    ///
    /// let source = Source::from_xml(
    ///     "Some.Namespace.SqlDataSource, Some.Assembly",
    ///     r#"<SqlDataSource Name="shop">
    ///          <Connection Name="main" FromAppConfig="true"/>
    ///          <Query Type="SelectQuery" Name="Items">
    ///            <Tables><Table Name="Items"/></Tables>
    ///            <Columns><Column Table="Items" Name="Title"/></Columns>
    ///          </Query>
    ///        </SqlDataSource>"#,
    /// )?;
    /// assert_eq!(&*source.name, "shop");
    /// let sql = source.as_sql().unwrap();
    /// assert_eq!(sql.connection.name, "main");
    /// assert!(sql.query("items").is_some());
    /// # Ok::<(), pressroom_query::xml::XmlError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`xml`](crate::xml); what is missing or unknown inside is left out.
    pub fn from_xml(type_name: &str, source: &str) -> Result<Self, XmlError> {
        let limits = Limits { elements: 200_000, depth: 100, ..Limits::default() };
        let document = Document::parse(source.trim_start_matches('\u{feff}'), &limits)?;
        Ok(Self::from_element(type_name, document.root()))
    }

    /// Reads a data source that stands in a layout as an element.
    #[must_use]
    pub fn from_element(type_name: &str, element: Element<'_>) -> Self {
        let short = short_type_name(type_name);
        let kind = match short {
            "SqlDataSource" => SourceKind::Sql(sql_source(element)),
            "ObjectDataSource" => SourceKind::Object(object_source(element)),
            "EFDataSource" => SourceKind::Entity(entity_source(element)),
            "JsonDataSource" => SourceKind::Json(json_source(element)),
            "ExcelDataSource" => SourceKind::Excel(excel_source(element)),
            "FederationDataSource" | "DashboardFederationDataSource" => {
                SourceKind::Federation(federation::source(element))
            }
            _ => SourceKind::Other { type_name: short.to_owned() },
        };
        Self { name: element.value("Name").unwrap_or_default().into(), kind }
    }
}

/// The name of a .NET type without namespace and assembly: `Int32` for
/// `System.Int32, mscorlib, Version=4.0.0.0`.
#[must_use]
pub fn short_type_name(name: &str) -> &str {
    let without_assembly = name.split(',').next().unwrap_or(name).trim();
    without_assembly.rsplit_once('.').map_or(without_assembly, |(_, short)| short)
}

/// The type that a .NET type name means; [`DataType::Unknown`] for what holds no single value.
///
/// ```
/// use pressroom_data::DataType;
/// assert_eq!(pressroom_query::data_type("System.Int16"), DataType::Int);
/// assert_eq!(pressroom_query::data_type("DateOnly"), DataType::DateTime);
/// assert_eq!(pressroom_query::data_type("System.Object"), DataType::Unknown);
/// ```
#[must_use]
pub fn data_type(name: &str) -> DataType {
    match short_type_name(name).trim_end_matches('?') {
        "String" | "Char" => DataType::Text,
        "Byte" | "SByte" | "Int16" | "Int32" | "Int64" | "UInt16" | "UInt32" | "UInt64" => {
            DataType::Int
        }
        "Boolean" => DataType::Bool,
        "Decimal" | "Currency" => DataType::Decimal,
        "Double" | "Single" => DataType::Double,
        "DateTime" | "DateOnly" | "DateTimeOffset" | "Date" => DataType::DateTime,
        "TimeSpan" | "TimeOnly" | "Time" => DataType::Span,
        "Guid" => DataType::Guid,
        "ByteArray" | "Byte[]" | "Image" => DataType::Bytes,
        _ => DataType::Unknown,
    }
}

fn shared(text: Option<&str>) -> Arc<str> {
    text.unwrap_or_default().into()
}

fn owned(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn non_empty(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn is_true(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim().eq_ignore_ascii_case("true"))
}

/// The children of a name, directly or in a collection of its own, where writers call them
/// `Item1`, `Item2`, … as well.
fn entries<'d>(element: Element<'d>, name: &'static str) -> impl Iterator<Item = Element<'d>> {
    element.children().filter(move |child| child.name() == name || child.name().starts_with("Item"))
}

fn sql_source(element: Element<'_>) -> SqlSource {
    let named = |name: &'static str| element.children().filter(move |child| child.name() == name);
    SqlSource {
        connection: element.child("Connection").map(connection).unwrap_or_default(),
        queries: named("Query")
            .chain(
                element.child("Queries").into_iter().flat_map(|queries| entries(queries, "Query")),
            )
            .map(query)
            .collect(),
        relations: named("Relation")
            .chain(element.child("Relations").into_iter().flat_map(|all| entries(all, "Relation")))
            .filter_map(relation)
            .collect(),
        result_schema: element.child("ResultSchema").map(result_schema).unwrap_or_default(),
    }
}

fn connection(element: Element<'_>) -> ConnectionRef {
    let parameters = element.child("Parameters").map(|parameters| {
        let pairs = entries(parameters, "Parameter").filter_map(|parameter| {
            Some(format!("{}={};", parameter.value("Name")?, parameter.value("Value")?))
        });
        pairs.collect::<String>()
    });
    let embedded =
        non_empty(element.value("ConnectionString")).or(parameters).filter(|text| !text.is_empty());
    let provider = non_empty(element.value("ProviderKey")).or_else(|| {
        let (_, rest) = embedded.as_deref()?.split_once("XpoProvider=")?;
        non_empty(rest.split(';').next())
    });
    ConnectionRef {
        name: owned(element.value("Name")),
        from_app_config: is_true(element.value("FromAppConfig")),
        embedded,
        provider,
    }
}

fn query(element: Element<'_>) -> Query {
    let type_name = element.value("Type").or(element.value("QueryType")).unwrap_or("SelectQuery");
    let kind = match short_type_name(type_name) {
        "SelectQuery" => QueryKind::Select(select(element)),
        "TableQuery" => QueryKind::Select(table_query(element)),
        "CustomSqlQuery" => QueryKind::CustomSql { sql: owned(element.value("Sql")) },
        "StoredProcQuery" => QueryKind::StoredProc { name: owned(element.value("ProcName")) },
        other => QueryKind::Other { type_name: other.to_owned() },
    };
    let parameters = element
        .children()
        .filter(|child| child.name() == "Parameter")
        .chain(element.child("Parameters").into_iter().flat_map(|all| entries(all, "Parameter")));
    Query {
        name: shared(element.value("Name")),
        parameters: parameters.map(parameter).collect(),
        kind,
    }
}

/// A query's parameter: a constant of a type, or an expression over the report's parameters that
/// is written after its type in brackets, `(System.Int32)(?year)`.
fn parameter(element: Element<'_>) -> QueryParameter {
    let type_name = element.value("Type").unwrap_or("System.String");
    let text = element.attribute("Value").unwrap_or_else(|| element.text());
    let (data_type, value) = if short_type_name(type_name) == "Expression" {
        let (result_type, expression) = typed_expression(text);
        (data_type(result_type), ParameterValue::Expression(expression.to_owned()))
    } else {
        let known = data_type(type_name);
        let value = parse_invariant(text, known).unwrap_or_else(|_| Value::text(text));
        (known, ParameterValue::Literal(value))
    };
    QueryParameter { name: shared(element.value("Name")), data_type, value }
}

/// The type name and the expression of `(type)(expression)`.
fn typed_expression(text: &str) -> (&str, &str) {
    let text = text.trim();
    let split = || {
        let (type_name, rest) = text.strip_prefix('(')?.split_once(')')?;
        let expression = rest.trim_start().strip_prefix('(')?.strip_suffix(')')?;
        Some((type_name, expression))
    };
    split().unwrap_or(("", text))
}

fn select(element: Element<'_>) -> SelectQuery {
    let mut select = SelectQuery {
        filter: non_empty(element.value("Filter"))
            .or_else(|| non_empty(element.value("FilterString"))),
        group_filter: non_empty(element.value("GroupFilter"))
            .or_else(|| non_empty(element.value("GroupFilterString"))),
        top: count(element, &["Top", "TopRecords"]),
        skip: count(element, &["Skip", "SkipRecords"]),
        distinct: is_true(element.value("Distinct")),
        ..SelectQuery::default()
    };
    for child in element.child("Tables").into_iter().flat_map(Element::children) {
        if child.name() == "Relation" || child.value("Nested").is_some() {
            select.joins.push(join(child));
        } else {
            select.tables.push(table(child));
        }
    }
    for child in element.child("Relations").into_iter().flat_map(Element::children) {
        select.joins.push(join(child));
    }
    let columns = element.child("Columns").into_iter().flat_map(Element::children);
    select.columns = columns.filter_map(column).collect();
    let sorting = element.child("Sorting").into_iter().flat_map(Element::children);
    select.sorting = sorting.map(sort_key).collect();
    let grouping = element.child("Grouping").into_iter().flat_map(Element::children);
    select.grouping = grouping.map(column_ref).collect();
    select
}

/// The older form of a choice of tables: columns stand inside their table.
fn table_query(element: Element<'_>) -> SelectQuery {
    let mut select = select(element);
    for child in element.children() {
        match child.name() {
            "Table" => {
                let table = table(child);
                let reference = table.reference().to_owned();
                select.columns.extend(child.children().filter_map(column).map(
                    |column| match column {
                        Column::Named { column: ColumnRef { table, name }, alias, aggregate }
                            if table.is_empty() =>
                        {
                            let column = ColumnRef { table: reference.clone(), name };
                            Column::Named { column, alias, aggregate }
                        }
                        column => column,
                    },
                ));
                select.tables.push(table);
            }
            "Relation" => select.joins.push(join(child)),
            _ => {}
        }
    }
    select
}

fn count(element: Element<'_>, names: &[&str]) -> Option<u64> {
    let text = names.iter().find_map(|name| element.value(name))?;
    text.trim().parse().ok().filter(|&count| count > 0)
}

fn table(element: Element<'_>) -> Table {
    Table { name: owned(element.value("Name")), alias: non_empty(element.value("Alias")) }
}

fn join_kind(name: Option<&str>) -> JoinKind {
    match name.unwrap_or_default().to_ascii_lowercase().as_str() {
        "leftouter" | "left" => JoinKind::LeftOuter,
        "rightouter" | "right" => JoinKind::RightOuter,
        "fullouter" | "full" => JoinKind::FullOuter,
        _ => JoinKind::Inner,
    }
}

fn join(element: Element<'_>) -> Join {
    let kind = join_kind(element.value("Type"));
    let columns = element.child("KeyColumns").unwrap_or(element);
    let conditions = entries(columns, "KeyColumn").map(|key| {
        let operator = key.value("Operator").or(key.value("ConditionType")).unwrap_or_default();
        let comparison = match operator {
            "NotEqual" => Comparison::NotEqual,
            "Less" => Comparison::Less,
            "LessOrEqual" => Comparison::LessOrEqual,
            "Greater" => Comparison::Greater,
            "GreaterOrEqual" => Comparison::GreaterOrEqual,
            _ => Comparison::Equal,
        };
        (owned(key.value("Parent")), comparison, owned(key.value("Nested")))
    });
    Join {
        kind,
        parent: owned(element.value("Parent")),
        nested: owned(element.value("Nested")),
        conditions: conditions.collect(),
    }
}

fn column_ref(element: Element<'_>) -> ColumnRef {
    ColumnRef { table: owned(element.value("Table")), name: owned(element.value("Name")) }
}

fn aggregate(name: &str) -> Option<Aggregate> {
    match name {
        "Count" => Some(Aggregate::Count),
        "CountDistinct" => Some(Aggregate::CountDistinct),
        "Sum" => Some(Aggregate::Sum),
        "Avg" | "Average" => Some(Aggregate::Avg),
        "Min" => Some(Aggregate::Min),
        "Max" => Some(Aggregate::Max),
        _ => None,
    }
}

fn column(element: Element<'_>) -> Option<Column> {
    let aggregate = element.value("Aggregate").and_then(aggregate);
    let alias = non_empty(element.value("Alias"));
    match element.name() {
        "AllColumns" => Some(Column::All { table: owned(element.value("Table")) }),
        "Expression" => Some(Column::Expression {
            expression: element
                .attribute("Expression")
                .map_or_else(|| element.text().to_owned(), str::to_owned),
            alias: alias.or_else(|| non_empty(element.value("Name")))?,
            aggregate,
        }),
        name if name == "Column" || name.starts_with("Item") => {
            let column = column_ref(element);
            if column.name.is_empty() {
                return None;
            }
            Some(if column.name == "*" {
                Column::All { table: column.table }
            } else {
                Column::Named { column, alias, aggregate }
            })
        }
        _ => None,
    }
}

fn sort_key(element: Element<'_>) -> Sorting {
    let descending = ["Direction", "SortingType", "SortOrder", "SortDirection", "SortingDirection"]
        .iter()
        .filter_map(|name| element.attribute(name))
        .any(|value| value.to_ascii_lowercase().starts_with("desc"));
    let direction = if descending { Direction::Descending } else { Direction::Ascending };
    Sorting { column: column_ref(element), direction }
}

fn relation(element: Element<'_>) -> Option<Relation> {
    let master = element.value("Master")?;
    let detail = element.value("Detail")?;
    let columns = element.child("KeyColumns").unwrap_or(element);
    let columns = entries(columns, "KeyColumn").filter_map(|key| {
        let master = key.value("Master").or(key.value("MasterColumn"))?;
        let detail = key.value("Detail").or(key.value("DetailColumn"))?;
        Some((master.into(), detail.into()))
    });
    Some(Relation {
        name: non_empty(element.value("Name"))
            .unwrap_or_else(|| format!("{master}{detail}"))
            .into(),
        master: master.into(),
        detail: detail.into(),
        columns: columns.collect(),
    })
}

fn result_schema(element: Element<'_>) -> Vec<View> {
    let sets = element.children().filter(|child| child.name() != "View");
    let views = sets.flat_map(Element::children).chain(element.children());
    views.filter(|view| view.name() == "View").map(view).collect()
}

fn view(element: Element<'_>) -> View {
    let fields = entries(element, "Field").map(|field| {
        Field::new(shared(field.value("Name")), data_type(field.value("Type").unwrap_or_default()))
    });
    View { name: shared(element.value("Name")), schema: Arc::new(Schema::new(fields.collect())) }
}

fn object_source(element: Element<'_>) -> ObjectSource {
    let type_name = element.child("DataSource").and_then(|source| source.value("Type"));
    let type_name =
        type_name.or(element.attribute("DataSourceType")).or(element.attribute("DataSource"));
    let type_name = type_name.unwrap_or_default().split(',').next().unwrap_or_default();
    ObjectSource {
        type_name: type_name.trim().to_owned(),
        member: non_empty(element.value("DataMember")),
        result_schema: element.child("ResultSchema").map(result_schema).unwrap_or_default(),
    }
}

fn entity_source(element: Element<'_>) -> ObjectSource {
    let parameters = element.child("ConnectionParameters").unwrap_or(element);
    let source = parameters.value("Source").or(element.value("Source")).unwrap_or_default();
    ObjectSource {
        type_name: source.split(',').next().unwrap_or_default().trim().to_owned(),
        member: None,
        result_schema: element.child("ResultSchema").map(result_schema).unwrap_or_default(),
    }
}

fn json_source(element: Element<'_>) -> JsonSource {
    let source = element.child("Source").unwrap_or(element);
    let root = non_empty(element.value("RootElement"));
    let mut result_schema = Vec::new();
    for node in element.child("Schema").into_iter().flat_map(Element::children) {
        json_views(node, "", &mut result_schema);
    }
    JsonSource {
        connection: non_empty(element.value("ConnectionName")),
        uri: non_empty(source.value("Uri")),
        document: source.value("Json").map(Arc::from),
        root,
        result_schema,
    }
}

fn excel_source(element: Element<'_>) -> ExcelSource {
    let options = element.child("Options").unwrap_or(element);
    let settings = options.child("ImportSettings").unwrap_or(options);
    let table = ["TableName", "DefinedName", "WorksheetName"];
    ExcelSource {
        connection: non_empty(element.value("ConnectionName")),
        file: non_empty(element.value("FileName")),
        table: table.iter().find_map(|name| non_empty(settings.value(name))),
        has_header: !options
            .value("UseFirstRowAsHeader")
            .is_some_and(|text| text.trim().eq_ignore_ascii_case("false")),
        result_schema: element.child("ResultSchema").map(result_schema).unwrap_or_default(),
    }
}

/// A view per element of the schema that has properties, named by its path.
fn json_views(element: Element<'_>, path: &str, views: &mut Vec<View>) {
    let name = element.value("Name").unwrap_or_default();
    let path = match (path, name) {
        ("", name) | (name, "") => name.to_owned(),
        (path, name) => format!("{path}.{name}"),
    };
    let is_property = |node: &Element<'_>| node.value("NodeType") == Some("Property");
    let properties = element.children().filter(is_property).map(|property| {
        Field::new(
            shared(property.value("Name")),
            data_type(property.value("Type").unwrap_or_default()),
        )
    });
    let fields: Vec<Field> = properties.collect();
    if !fields.is_empty() {
        views.push(View { name: path.as_str().into(), schema: Arc::new(Schema::new(fields)) });
    }
    let path = if path == "root" { "" } else { &path };
    for child in element.children().filter(|child| !is_property(child)) {
        json_views(child, path, views);
    }
}

#[cfg(test)]
mod tests;
