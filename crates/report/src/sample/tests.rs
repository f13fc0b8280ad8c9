use std::collections::BTreeSet;

use pressroom_data::{DataType, collect_rows};

use super::*;

fn report(attributes: &str, children: &str) -> Definition {
    let text = format!(
        "<XtraReportsLayoutSerializer {attributes}>{children}</XtraReportsLayoutSerializer>"
    );
    Definition::from_repx(text.as_bytes()).expect("a report")
}

fn rows_of(samples: &SampleRows, request: &RowRequest) -> (Arc<Schema>, Vec<Row>) {
    let mut stream = samples.open(request).expect("a table");
    (Arc::clone(stream.schema()), collect_rows(stream.as_mut()).expect("rows"))
}

fn request(source: &str, member: &str) -> RowRequest {
    RowRequest { source: source.into(), member: member.into(), ..RowRequest::default() }
}

fn detail(bindings: &str) -> String {
    format!(
        r#"<Bands><Item1 ControlType="DetailBand"><Controls>{bindings}</Controls></Item1></Bands>"#
    )
}

fn label(property: &str, expression: &str, format: &str) -> String {
    format!(
        r#"<Item1 ControlType="XRLabel" TextFormatString="{format}"><ExpressionBindings>
             <Item1 PropertyName="{property}" Expression="{expression}"/></ExpressionBindings></Item1>"#
    )
}

#[track_caller]
fn check_type(control: &str, field: &str, expect: DataType) {
    let samples = SampleRows::new(&report(r#"DataMember="T""#, &detail(control)), 1);
    let (schema, _) = rows_of(&samples, &request("", "T"));
    let found = schema.index_of(field).map(|at| schema.fields[at].data_type);
    assert_eq!(found, Some(expect), "{control}");
}

#[test]
fn types_are_guessed_from_use_formats_and_names() {
    check_type(&label("Text", "[x]", "{0:n2}"), "x", DataType::Decimal);
    check_type(&label("Text", "[x]", "{0:#,##0.00}"), "x", DataType::Decimal);
    check_type(&label("Text", "[x]", "{0:dd-MMM-yy}"), "x", DataType::DateTime);
    check_type(&label("Text", "[x]", ""), "x", DataType::Text);
    check_type(&label("Visible", "[x]", ""), "x", DataType::Bool);
    check_type(&label("ImageSource", "[x]", ""), "x", DataType::Bytes);
    check_type(&label("Text", "sumSum([x])", ""), "x", DataType::Decimal);
    check_type(&label("Text", "[a] * [x]", ""), "x", DataType::Decimal);
    check_type(&label("Visible", "[x] = 'yes'", ""), "x", DataType::Text);
    check_type(&label("Text", "GetYear([x])", ""), "x", DataType::DateTime);
    check_type(&label("Text", "[OrderDate]", ""), "OrderDate", DataType::DateTime);
    check_type(&label("Text", "[UnitPrice]", ""), "UnitPrice", DataType::Decimal);
    check_type(&label("Text", "[CustomerID]", ""), "CustomerID", DataType::Int);
    check_type(&label("Text", "[T.Name]", ""), "Name", DataType::Text);
    check_type(
        r#"<Item1 ControlType="XRLabel" Text="Dear [Name], due [Due!{0:d}]"/>"#,
        "Due",
        DataType::DateTime,
    );
}

#[test]
fn tables_are_large_seeded_and_awkward() {
    let layout = report(r#"DataMember="T""#, &detail(&label("Text", "[ProductName]", "")));
    let (schema, rows) = rows_of(&SampleRows::new(&layout, 7), &request("", "T"));
    assert_eq!(schema.fields.len(), 1);
    assert!(rows.len() >= 50);
    let texts: Vec<&str> = rows.iter().filter_map(|row| row[0].as_text()).collect();
    assert!(texts.len() < rows.len(), "some are null");
    assert!(texts.iter().any(|text| text.len() > 100), "some are long");
    assert!(texts.iter().any(|text| !text.is_ascii()), "some are not Latin");
    assert_eq!(rows_of(&SampleRows::new(&layout, 7), &request("", "T")).1, rows);
    assert_ne!(rows_of(&SampleRows::new(&layout, 8), &request("", "T")).1, rows);
}

#[test]
fn group_fields_have_three_values_in_order() {
    let layout = report(
        r#"DataMember="T""#,
        r#"<CalculatedFields><Item1 Name="initial" Expression="Substring([City], 0, 1)"/></CalculatedFields>
           <Bands>
             <Item1 ControlType="GroupHeaderBand" Level="1"><GroupFields><Item1 FieldName="Country"/></GroupFields></Item1>
             <Item2 ControlType="GroupHeaderBand"><GroupFields><Item1 FieldName="initial"/></GroupFields></Item2>
           </Bands>"#,
    );
    let (schema, rows) = rows_of(&SampleRows::new(&layout, 1), &request("", "T"));
    let check = |column: &str, count: usize| {
        let at = schema.index_of(column).expect(column);
        let values: Vec<&str> = rows.iter().filter_map(|row| row[at].as_text()).collect();
        assert_eq!(values.len(), rows.len(), "{column} has no nulls");
        assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), count, "{column}");
        assert!(values.is_sorted(), "{column}");
    };
    check("City", 6);
    let country = schema.index_of("Country").expect("Country");
    let values: BTreeSet<_> = rows.iter().filter_map(|row| row[country].as_text()).collect();
    assert_eq!(values.len(), 3);
    assert!(schema.index_of("initial").is_none());
}

const SHOP: &str = r##"<Bands>
      <Item1 ControlType="DetailReportBand" DataMember="Customers.CustomersOrders"><Bands/></Item1>
    </Bands>
    <ComponentStorage><Item1 Ref="9" ObjectType="X.SqlDataSource, X" Name="shop">
      <Query Type="SelectQuery" Name="Customers"/><Query Type="SelectQuery" Name="Orders"/>
      <Relation Master="Customers" Detail="Orders"><KeyColumn Master="Id" Detail="CustomerId"/></Relation>
      <ResultSchema><DataSet Name="shop">
        <View Name="Customers"><Field Name="Id" Type="Int64"/><Field Name="Name" Type="String"/></View>
        <View Name="Orders"><Field Name="CustomerId" Type="Int64"/><Field Name="Total" Type="Decimal"/></View>
      </DataSet></ResultSchema>
    </Item1></ComponentStorage>"##;

#[test]
fn masters_have_details() {
    let samples =
        SampleRows::new(&report(r##"DataSource="#Ref-9" DataMember="Customers""##, SHOP), 1);
    let (_, customers) = rows_of(&samples, &request("shop", "Customers"));
    let (schema, orders) = rows_of(&samples, &request("shop", "Orders"));
    assert_eq!(schema.fields[1].data_type, DataType::Decimal);
    let details = |customer: &Row| orders.iter().filter(|order| order[0] == customer[0]).count();
    assert_eq!(details(&customers[0]), 3);
    assert_eq!(
        orders
            .iter()
            .filter(|order| customers.iter().any(|customer| customer[0] == order[0]))
            .count(),
        orders.len()
    );
}

#[test]
fn rows_come_in_the_order_asked_for() {
    let samples =
        SampleRows::new(&report(r##"DataSource="#Ref-9" DataMember="Customers""##, SHOP), 1);
    let order = vec![Order { field: "name".into(), direction: Direction::Descending }];
    let stream =
        samples.open(&RowRequest { order, ..request("shop", "Customers") }).expect("a table");
    assert!(stream.is_ordered());
    let order = vec![Order { field: "lost".into(), direction: Direction::Ascending }];
    let stream =
        samples.open(&RowRequest { order, ..request("shop", "Customers") }).expect("a table");
    assert!(!stream.is_ordered());
}

#[test]
fn most_rows_pass_a_filter_for_equality() {
    let layout = report(r#"DataMember="T" FilterString="[Id] = ?id And [Kind] = 'a'""#, "");
    let request =
        RowRequest { parameters: vec![("ID".into(), Value::Int(42))], ..request("", "T") };
    let (schema, rows) = rows_of(&SampleRows::new(&layout, 1), &request);
    let id = schema.index_of("Id").expect("Id");
    assert!(rows.iter().filter(|row| row[id] == Value::Int(42)).count() >= 50);
    assert!(rows.iter().any(|row| row[id] != Value::Int(42)));
}

#[test]
fn unknown_tables_are_errors() {
    let samples = SampleRows::new(&report(r#"DataMember="T""#, ""), 1);
    assert!(matches!(samples.open(&request("", "U")), Err(SourceError::UnknownMember { .. })));
}
