use super::*;

const SALES: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Dashboard CurrencyCulture="en-US">
  <Title Text="Sales &amp; more" />
  <DataSources>
    <SqlDataSource Name="Orders" ComponentName="source1">
      <Connection Name="Northwind" FromAppConfig="true" />
    </SqlDataSource>
    <ObjectDataSource Name="Visitors" ComponentName="source2" />
    <DataSource Name="Old"><DataProvider DataConnection="Archive" /></DataSource>
  </DataSources>
  <Parameters>
    <Parameter Name="year" Type="System.Int32, mscorlib" Value="2026" />
  </Parameters>
  <Items>
    <Grid ComponentName="grid1" Name="By country" DataSource="source1" ParentContainer="group1" />
    <TabContainer ComponentName="tabs1" Name="Tabs">
      <Pages>
        <Page ComponentName="page1" Name="One" />
      </Pages>
    </TabContainer>
    <Chart ComponentName="chart1" ParentContainer="page1" />
  </Items>
  <Groups>
    <Group ComponentName="group1" Name="Sales" />
  </Groups>
  <LayoutTree>
    <LayoutGroup Orientation="Vertical" Weight="100">
      <LayoutGroup DashboardItem="group1">
        <LayoutItem DashboardItem="grid1" Weight="50" />
      </LayoutGroup>
      <LayoutTabContainer DashboardItem="tabs1">
        <LayoutTabPage DashboardItem="page1">
          <LayoutItem DashboardItem="chart1" />
        </LayoutTabPage>
      </LayoutTabContainer>
    </LayoutGroup>
  </LayoutTree>
</Dashboard>"#;

/// The outline of a layout in a line, or what is wrong with it.
fn check(layout: &str, expect: &str) {
    let got = match Outline::parse(layout.as_bytes()) {
        Ok(outline) => {
            let names: Vec<&str> =
                outline.items.iter().map(|item| item.component_name.as_str()).collect();
            names.join(" ")
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(got, expect, "{layout}");
}

/// A dashboard of these items and this layout tree.
fn dashboard(items: &str, tree: &str) -> String {
    format!("<Dashboard>\n<Items>{items}</Items>\n<LayoutTree>{tree}</LayoutTree>\n</Dashboard>")
}

#[test]
fn a_dashboard_is_read() {
    let outline = Outline::parse(SALES.as_bytes()).unwrap();
    assert_eq!(outline.title.as_deref(), Some("Sales & more"));
    assert_eq!(outline.parameters, ["year"]);
    let items: Vec<(&str, &str, Option<&str>)> = outline
        .items
        .iter()
        .map(|item| (&*item.component_name, &*item.kind, item.name.as_deref()))
        .collect();
    assert_eq!(
        items,
        [
            ("grid1", "Grid", Some("By country")),
            ("tabs1", "TabContainer", Some("Tabs")),
            ("page1", "Page", Some("One")),
            ("chart1", "Chart", None),
            ("group1", "Group", Some("Sales")),
        ]
    );
    let sources: Vec<(&str, Option<&str>)> = outline
        .data_sources
        .iter()
        .map(|source| (&*source.kind, source.component_name.as_deref()))
        .collect();
    assert_eq!(
        sources,
        [
            ("SqlDataSource", Some("source1")),
            ("ObjectDataSource", Some("source2")),
            ("DataSource", None)
        ]
    );
    assert_eq!(outline.connections(), BTreeSet::from(["Archive", "Northwind", "Visitors"]));
}

#[test]
fn encodings_are_those_of_layouts() {
    let expect = Outline::parse(SALES.as_bytes()).unwrap();
    let marked = format!("\u{feff}{SALES}");
    assert_eq!(Outline::parse(marked.as_bytes()), Ok(expect.clone()));
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Outline::parse(&wide), Ok(expect));
}

#[test]
fn little_is_needed() {
    check("<Dashboard/>", "");
    check("<Dashboard><Items/><LayoutTree/></Dashboard>", "");
    // Without a layout tree, whoever draws it tiles the items.
    check("<Dashboard><Items><Pie ComponentName='a'/></Items></Dashboard>", "a");
}

#[test]
fn the_root_is_a_dashboard() {
    check(
        "<XtraReportsLayoutSerializer/>",
        "line 1, column 1: this is the layout of a report, not of a dashboard",
    );
    check(
        "\n  <Board/>",
        "line 2, column 3: the outermost element is <Board>; that of a dashboard is <Dashboard>",
    );
    check("{}", "not XML at line 1, column 1: there is text outside the outermost element");
}

#[test]
fn component_names_are_there_and_each_stands_once() {
    check(
        &dashboard("<Pie ComponentName='a'/>\n <Pie ComponentName='a'/>", ""),
        "line 3, column 2: the ComponentName \"a\" stands on line 2 already; give each its own",
    );
    for nameless in ["<Grid Name='x'/>", "<Grid ComponentName=' '/>"] {
        check(
            &dashboard(nameless, ""),
            "line 2, column 8: <Grid> has no ComponentName; give it one that nothing else has",
        );
    }
    check(
        "<Dashboard><Items><Pie ComponentName='a'/></Items>\n<Groups><Group ComponentName='a'/></Groups></Dashboard>",
        "line 2, column 9: the ComponentName \"a\" stands on line 1 already; give each its own",
    );
    check(
        "<Dashboard><DataSources><X ComponentName='a'/></DataSources>\n<Items><Pie ComponentName='a'/></Items></Dashboard>",
        "line 1, column 25: the ComponentName \"a\" stands on line 2 already; give each its own",
    );
    // Letter case counts: layouts refer to each other exactly.
    check(&dashboard("<Pie ComponentName='a'/><Pie ComponentName='A'/>", ""), "a A");
}

#[test]
fn the_layout_tree_places_what_is_there() {
    let items = "<Pie ComponentName='a'/><Pie ComponentName='b'/>";
    check(&dashboard(items, "<LayoutGroup><LayoutItem DashboardItem='b'/></LayoutGroup>"), "a b");
    check(
        &dashboard(items, "<LayoutGroup>\n <LayoutItem DashboardItem='c'/></LayoutGroup>"),
        "line 4, column 2: the layout places \"c\", but no item has that ComponentName; add the item or remove its place",
    );
    check(
        &dashboard(items, "<LayoutItem DashboardItem='a'/>\n<LayoutItem DashboardItem='a'/>"),
        "line 4, column 1: the layout places \"a\" on line 3 already; an item has one place",
    );
    check(
        &dashboard(items, "<LayoutItem/>"),
        "line 3, column 13: <LayoutItem> has no DashboardItem; name the item that stands there",
    );
    // A source is nothing that can be placed.
    check(
        "<Dashboard><DataSources><X ComponentName='s'/></DataSources><LayoutTree><LayoutItem DashboardItem='s'/></LayoutTree></Dashboard>",
        "line 1, column 73: the layout places \"s\", but no item has that ComponentName; add the item or remove its place",
    );
}

#[test]
fn hostile_texts_cost_little() {
    let deep = format!("<Dashboard>{}", "<LayoutTree>".repeat(100_000));
    let error = Outline::parse(deep.as_bytes()).unwrap_err();
    assert_eq!(error.place().0, Some(1), "{error}");
    let wide = dashboard(
        &(0..50_000).map(|n| format!("<Pie ComponentName='p{n}'/>")).collect::<String>(),
        &(0..50_000).map(|n| format!("<LayoutItem DashboardItem='p{n}'/>")).collect::<String>(),
    );
    assert_eq!(Outline::parse(wide.as_bytes()).unwrap().items.len(), 50_000);
    for bad in [
        "<!DOCTYPE a [<!ENTITY b \"c\">]><Dashboard>&b;</Dashboard>",
        "<Dashboard>&b;</Dashboard>",
        "<Dashboard><Items></Dashboard>",
        "<Dashboard",
        "",
        "\u{0}",
        "<Dashboard/><Dashboard/>",
        "<Dashboard><Items><Pie ComponentName='&#0;'/></Items></Dashboard>",
    ] {
        assert!(Outline::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(Outline::parse(b"<Dashboard a='\xff'/>").is_err());
}

#[test]
fn a_mistake_has_its_place() {
    let place = |layout: &str| Outline::parse(layout.as_bytes()).unwrap_err().place();
    assert_eq!(place("<Dashboard>\n\n  <Items><Pie/></Items></Dashboard>"), (Some(3), Some(10)));
    assert_eq!(place("<Dashboard>\n<Items").0, Some(2));
    assert_eq!(place("<!DOCTYPE a><Dashboard/>"), (Some(1), None));
}
