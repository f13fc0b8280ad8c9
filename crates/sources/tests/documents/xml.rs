//! XML documents.

use pressroom_domain::ProviderType;

use crate::site::{Site, at, by_text};

async fn check(xml: impl AsRef<[u8]>, schema: &str, sql: &str, rows: &str) {
    let site = Site::with("rows.xml", xml);
    for model in [
        at(ProviderType::Xml, "rows.xml"),
        by_text(ProviderType::InMemory, "XpoProvider=InMemoryDataStore;Data Source=rows.xml"),
    ] {
        assert_eq!(site.schema(&model).await.unwrap(), schema);
        assert_eq!(site.rows(&model, sql).await.unwrap(), rows);
    }
}

#[tokio::test]
async fn elements_that_repeat_are_tables() {
    check(
        "<?xml version=\"1.0\"?><!-- people --><people><person id=\"1\"><name>A &amp; B</name><born>2001-02-03</born>\
         <address><city>Köln</city></address></person>\
         <person id=\"2\"><name><![CDATA[<C>]]></name><born/></person></people>",
        "person(id Int, name Text, born DateTime, address.city Text)",
        "select * from person",
        "1 A & B 2001-02-03T00:00:00 Köln | 2 <C> - -",
    )
    .await;
}

#[tokio::test]
async fn tables_in_tables_name_their_rows() {
    check(
        "<data><customers><customer><name>Ann</name><order no=\"1\"/><order no=\"2\"/></customer>\
         <customer><name>Bob</name><order no=\"3\"/></customer></customers><rate>2</rate><rate>3</rate></data>",
        "customer(name Text, customer_Id Int) order(customer_Id Int, no Int) rate(rate_Text Int)",
        "select c.name, o.no from customer c join \"order\" o using (customer_Id) order by o.no",
        "Ann 1 | Ann 2 | Bob 3",
    )
    .await;
}

#[tokio::test]
async fn a_data_set_with_its_schema() {
    let schema = r#"<xs:schema id="NewDataSet" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:msdata="urn:schemas-microsoft-com:xml-msdata">
        <xs:element name="NewDataSet" msdata:IsDataSet="true"><xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="Order_x0020_Details"><xs:complexType><xs:sequence>
            <xs:element name="Id" type="xs:int"/><xs:element name="Price" type="xs:decimal" minOccurs="0"/>
            <xs:element name="Key" msdata:DataType="System.Guid, mscorlib" type="xs:string" minOccurs="0"/>
            <xs:element name="At" type="xs:dateTime" minOccurs="0"/><xs:element name="Code" minOccurs="0"><xs:simpleType>
              <xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="Photo" type="xs:base64Binary" minOccurs="0"/><xs:element name="Done" type="xs:boolean" minOccurs="0"/>
          </xs:sequence></xs:complexType></xs:element>
          <xs:element name="Nobody"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:long"/></xs:sequence></xs:complexType></xs:element>
        </xs:choice></xs:complexType></xs:element></xs:schema>"#;
    let row = "<Order_x0020_Details><Id>1</Id><Price>9.50</Price><Key>0F8FAD5B-D9CB-469F-A165-70867728950E</Key>\
               <At>2026-11-24T18:30:00+01:00</At><Code>007</Code><Photo>AQI=</Photo><Done>true</Done></Order_x0020_Details>";
    check(
        format!("<NewDataSet>{schema}{row}</NewDataSet>"),
        "Nobody(Id Int) Order Details(Id Int, Price Decimal, Key Guid, At DateTime, Code Text, Photo Bytes, Done Bool)",
        "select * from \"Order Details\"",
        "1 Decimal(9.5) Guid(0f8fad5b-d9cb-469f-a165-70867728950e) 2026-11-24T18:30:00 007 Bytes([1, 2]) Bool(true)",
    )
    .await;
}

#[tokio::test]
async fn a_data_set_without_its_schema() {
    check(
        "<NewDataSet><T><a>1</a></T><T><a>2</a><b>x</b></T><U><c>true</c></U></NewDataSet>",
        "T(a Int, b Text) U(c Bool)",
        "select * from T",
        "1 - | 2 x",
    )
    .await;
}

#[tokio::test]
async fn a_diffgram_gives_its_rows_as_they_are_now() {
    check(
        "<diffgr:diffgram xmlns:diffgr=\"urn:d\"><NewDataSet><T diffgr:id=\"T1\"><a>1</a></T><T><a>2</a></T></NewDataSet>\
         <diffgr:before><T><a>0</a></T></diffgr:before></diffgr:diffgram>",
        "T(a Int)",
        "select * from T",
        "1 | 2",
    )
    .await;
}

#[tokio::test]
async fn encodings_and_nil() {
    check(
        b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><i><n>Gr\xf6\xdfe</n></i>\
          <i><n xsi:nil=\"true\"/></i></r>",
        "i(n Text)",
        "select * from i",
        "Größe | -",
    )
    .await;
}

#[tokio::test]
async fn a_document_of_one_row() {
    check(
        "<settings version=\"2\"><name>x</name></settings>",
        "settings(version Int, name Text)",
        "select * from settings",
        "2 x",
    )
    .await;
}
