use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pressroom_query::SourceKind;

use crate::report;

fn encoded(xml: &str) -> String {
    STANDARD.encode(xml)
}

#[test]
fn sources_stand_in_either_storage_encoded_or_plain() {
    let sql = encoded(
        r#"<SqlDataSource Name="inner name"><Connection Name="main" FromAppConfig="true"/></SqlDataSource>"#,
    );
    let report = report(
        r##"DataSource="#Ref-0""##,
        &format!(
            r#"<ObjectStorage>
                 <Item1 Ref="5" ObjectType="X.Sql.SqlDataSource, X" Name="stored" Base64="{sql}"/>
                 <Item2 Ref="6" ObjectType="X.ObjectStorageInfo, X" Content="System.Int32" Type="System.Type"/>
               </ObjectStorage>
               <ComponentStorage>
                 <Item1 Ref="0" ObjectType="X.Sql.SqlDataSource,X" Name="main" Base64="{sql}"/>
                 <Item2 Ref="7" ObjectType="X.EntityFramework.EFDataSource,X" Name="entities" Source="App.Model, App"/>
                 <Item3 Ref="8" ObjectType="X.Sql.SqlDataSource,X" Name="plain">
                   <Connection Name="c"/><Query Type="SelectQuery" Name="Q"><Tables><Item1 Name="T"/></Tables></Query>
                 </Item3>
                 <Item4 Ref="9" ObjectType="X.Sql.SqlDataSource,X" Name="broken" Base64="!!!"/>
               </ComponentStorage>"#
        ),
    );
    let names: Vec<_> = report.sources.iter().map(|source| &*source.name).collect();
    assert_eq!(names, ["stored", "main", "entities", "plain"]);
    assert_eq!(report.level.source.as_deref(), Some("main"));
    let connection = |name: &str| {
        let source = report.source(name).and_then(|source| source.as_sql());
        source.map(|sql| sql.connection.name.as_str())
    };
    assert_eq!((connection("main"), connection("plain")), (Some("main"), Some("c")));
    assert!(
        matches!(&report.sources[2].kind, SourceKind::Entity(entity) if entity.type_name == "App.Model")
    );
    assert_eq!(report.unsupported()[0].what, "data source that cannot be read");
}

#[test]
fn sources_of_embedded_reports_get_a_name_of_their_own() {
    let source = |connection: &str| {
        encoded(&format!(
            r#"<SqlDataSource Name="sql"><Connection Name="{connection}"/></SqlDataSource>"#
        ))
    };
    let report = report(
        r##"DataSource="#Ref-30""##,
        &format!(
            r##"<Bands><Item1 ControlType="DetailBand"><Controls><Item1 ControlType="XRSubreport">
                  <ReportSource ControlType="X.XtraReport, X" DataSource="#Ref-20">
                    <Bands/>
                    <ComponentStorage><Item1 Ref="20" ObjectType="X.SqlDataSource,X" Name="sql" Base64="{}"/></ComponentStorage>
                  </ReportSource>
                </Item1></Controls></Item1></Bands>
                <ComponentStorage><Item1 Ref="30" ObjectType="X.SqlDataSource,X" Name="sql" Base64="{}"/></ComponentStorage>"##,
            source("inner"),
            source("outer"),
        ),
    );
    assert_eq!(report.level.source.as_deref(), Some("sql"));
    let named: Vec<_> = report
        .sources
        .iter()
        .map(|source| (&*source.name, source.as_sql().map(|sql| sql.connection.name.as_str())))
        .collect();
    assert_eq!(named, [("sql", Some("outer")), ("sql (2)", Some("inner"))]);
}

#[test]
fn the_report_and_a_source_may_share_a_number() {
    let layout = r##"<XtraReportsLayoutSerializer Ref="0" DataSource="#Ref-0">
        <ComponentStorage><Item1 Ref="0" ObjectType="X.SqlDataSource,X" Name="sql"/></ComponentStorage>
      </XtraReportsLayoutSerializer>"##;
    let report = pressroom_report::Definition::from_repx(layout.as_bytes()).expect("a report");
    assert_eq!(report.level.source.as_deref(), Some("sql"));
}
