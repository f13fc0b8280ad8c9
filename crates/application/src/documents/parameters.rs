//! What a document asks its readers for.

use std::sync::Arc;

use pressroom_compose::parameters::resolve;
use pressroom_data::{DataType, Reader, Value};
use pressroom_domain::{Access, DocumentId, DocumentType};
use pressroom_report::{Choice, ChoiceValue, Definition, Parameter};
use tokio::time::Instant;

use super::find;
use crate::exports::{LookedUp, json_value, look_up, until};
use crate::{App, Caller, Error, layouts};

/// Something that a document asks its readers for.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentParameter {
    /// By which a value is given to it.
    pub name: String,
    /// What readers see.
    pub description: String,
    /// The type of one value, such as `String`, `Int32`, `DateTime`.
    pub type_name: String,
    /// Whether several values are taken.
    pub multi_value: bool,
    /// Whether no value is taken for one.
    pub allow_null: bool,
    /// Whether readers are asked; else the value below is taken, unless a program gives another.
    pub visible: bool,
    /// The value unless another is given; a list where several are taken.
    pub value: serde_json::Value,
    /// The values to choose from; none where any value will do.
    pub look_up: Option<LookUp>,
}

/// Values to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct LookUp {
    /// The values, and what readers see for each.
    pub values: Vec<(serde_json::Value, String)>,
    /// Why there are none, or not all.
    pub message: Option<String>,
}

/// What a document asks its readers for, in the order of its layout. A range is asked for by its start
/// and its end.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Layout`], [`Error::Unavailable`].
pub async fn parameters(
    app: &App,
    caller: &Caller,
    id: DocumentId,
) -> Result<Vec<DocumentParameter>, Error> {
    let document = find(app, caller, id, Access::READ).await?;
    if document.document_type == DocumentType::Dashboard {
        return Ok(Vec::new());
    }
    let revision = app.stores.documents.revision(id, document.revision_id).await?;
    let definition = layouts::load(app, revision.layout).await?;
    let now = app.clock.now().naive_utc();
    let reader = caller.reader();
    let values = resolve(&definition, &[], now, app.settings.culture, Some(reader))
        .map_err(|error| Error::Conflict(error.to_string()))?;
    let until = until();
    let mut parameters = Vec::new();
    for parameter in &definition.parameters {
        match &parameter.choice {
            Some(Choice::Range { start, end }) => {
                for part in [&**start, &**end] {
                    let part = Parameter { visible: parameter.visible, ..part.clone() };
                    parameters.push(told(app, &definition, &part, &values, reader, until).await?);
                }
            }
            _ => parameters.push(told(app, &definition, parameter, &values, reader, until).await?),
        }
    }
    Ok(parameters)
}

async fn told(
    app: &App,
    definition: &Arc<Definition>,
    parameter: &Parameter,
    values: &[(Arc<str>, Value)],
    reader: &Reader,
    until: Instant,
) -> Result<DocumentParameter, Error> {
    let looked_up = match &parameter.choice {
        Some(Choice::Static(values)) => Some(LookedUp { values: values.clone(), message: None }),
        Some(choice @ Choice::Dynamic { .. }) => {
            Some(look_up(app, definition, choice, values, reader, until).await?)
        }
        Some(Choice::Range { .. }) | None => None,
    };
    let own = values.iter().find(|(name, _)| *name == parameter.name);
    let mut value = own.map(|(_, value)| value.clone()).unwrap_or_default();
    if let Some(looked_up) = &looked_up
        && parameter.multi_value
        && parameter.select_all
    {
        value = Value::List(looked_up.values.iter().map(|choice| choice.value.clone()).collect());
    }
    let description = parameter.description.clone().filter(|text| !text.is_empty());
    Ok(DocumentParameter {
        name: parameter.name.to_string(),
        description: description.unwrap_or_else(|| parameter.name.to_string()),
        type_name: type_name(parameter),
        multi_value: parameter.multi_value,
        allow_null: parameter.allow_null,
        visible: parameter.visible,
        value: json_value(&value),
        look_up: looked_up.map(|LookedUp { values, message }| LookUp {
            values: values.iter().map(shown).collect(),
            message,
        }),
    })
}

fn shown(choice: &ChoiceValue) -> (serde_json::Value, String) {
    let value = json_value(&choice.value);
    let text = choice.description.clone().unwrap_or_else(|| match &value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    });
    (value, text)
}

/// The .NET name of a type without its namespace, as the layout has it.
fn type_name(parameter: &Parameter) -> String {
    let whole = parameter.type_name.split(',').next().unwrap_or_default();
    match whole.rsplit('.').next().unwrap_or_default().trim() {
        "" => match parameter.data_type {
            DataType::Bool => "Boolean",
            DataType::Int => "Int64",
            DataType::Decimal => "Decimal",
            DataType::Double => "Double",
            DataType::DateTime => "DateTime",
            DataType::Span => "TimeSpan",
            DataType::Guid => "Guid",
            DataType::Unknown | DataType::Text | DataType::Bytes => "String",
        }
        .to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_site::{NAMES_SQL, Site, names_report, site_with_names};

    const ASKING: &str = r##"<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Asking">
  <Parameters>
    <Item1 Ref="1" Name="customer" Description="Customer" ValueInfo="ALFKI">
      <ValueSourceSettings Ref="2" ObjectType="DevExpress.XtraReports.Parameters.StaticListLookUpSettings, DevExpress.XtraReports">
        <LookUpValues>
          <Item1 Ref="3" Value="ALFKI" Description="Alfreds"/>
          <Item2 Ref="4" Value="ANATR"/>
        </LookUpValues>
      </ValueSourceSettings>
    </Item1>
    <Item2 Ref="5" Name="year" Type="#Ref-9" ValueInfo="2026" Visible="false"/>
  </Parameters>
  <Bands><Item1 Ref="7" ControlType="DetailBand" Name="Detail" HeightF="25"/></Bands>
  <ObjectStorage>
    <Item1 Ref="9" ObjectType="X.ObjectStorageInfo, X" Content="System.Int32" Type="System.Type"/>
  </ObjectStorage>
</XtraReportsLayoutSerializer>"##;

    #[tokio::test]
    async fn a_report_tells_what_it_asks_for() {
        let site = Site::new().await;
        let document = site.document_of("Asking", ASKING).await;
        let admin = site.administrator().await;
        let told = parameters(&site.app, &admin, document.id).await.unwrap();
        let [customer, year] = &*told else { panic!("two, not {told:?}") };
        assert_eq!((&*customer.name, &*customer.description), ("customer", "Customer"));
        assert_eq!((&*customer.type_name, &customer.value), ("String", &json!("ALFKI")));
        let look_up = customer.look_up.as_ref().unwrap();
        let expect = [(json!("ALFKI"), "Alfreds".to_owned()), (json!("ANATR"), "ANATR".to_owned())];
        assert_eq!(look_up.values, expect);
        assert_eq!((&*year.type_name, &year.value), ("Int32", &json!(2026)));
        assert!(customer.visible && !year.visible && year.look_up.is_none());
        let stranger = site.reader("rita", &[]).await;
        let hidden = parameters(&site.app, &stranger, document.id).await;
        assert!(matches!(hidden, Err(Error::NotFound { .. })));
    }

    /// A report whose parameter is chosen among the names of a query.
    fn chosen_from_a_query(filter: &str) -> String {
        let settings = format!(
            r##"<Item1 Ref="3" Name="least" Type="#Ref-4" ValueInfo="0">
      <ValueSourceSettings Ref="20" ObjectType="DevExpress.XtraReports.Parameters.DynamicListLookUpSettings, DevExpress.XtraReports" DataSource="#Ref-0" DataMember="Numbers" ValueMember="n" DisplayMember="name" SortMember="n" SortOrder="Descending" FilterString="{filter}"/>
    </Item1>"##
        );
        names_report()
            .replace(r##"<Item1 Ref="3" Name="least" Type="#Ref-4" ValueInfo="0"/>"##, &settings)
    }

    #[tokio::test]
    async fn values_of_a_query_are_looked_up_filtered_and_sorted() {
        let site = site_with_names(5).await;
        let document = site.document_of("Chosen", &chosen_from_a_query("[n] &lt; 4")).await;
        let admin = site.administrator().await;
        let told = parameters(&site.app, &admin, document.id).await.unwrap();
        let look_up = told[0].look_up.as_ref().unwrap();
        let expect = [(3, "name 3"), (2, "name 2"), (1, "name 1")];
        let expect: Vec<_> = expect.map(|(n, name)| (json!(n), name.to_owned())).into();
        assert_eq!((&look_up.values, &look_up.message), (&expect, &None));
    }

    #[tokio::test]
    async fn too_many_values_and_none_are_told() {
        let site = site_with_names(1_500).await;
        let document = site.document_of("Chosen", &chosen_from_a_query("")).await;
        let admin = site.administrator().await;
        let told = parameters(&site.app, &admin, document.id).await.unwrap();
        let look_up = told[0].look_up.as_ref().unwrap();
        assert_eq!(look_up.values.len(), 1_000);
        assert_eq!(look_up.message.as_deref(), Some("the first 1000 of 1500 values"));

        let bare = Site::new().await;
        let document = bare.document_of("Chosen", &chosen_from_a_query("")).await;
        let admin = bare.administrator().await;
        let told = parameters(&bare.app, &admin, document.id).await.unwrap();
        let look_up = told[0].look_up.as_ref().unwrap();
        let message = look_up.message.as_deref().unwrap();
        assert!(look_up.values.is_empty() && message.contains("Northwind"), "{message}");
        assert!(!message.contains(NAMES_SQL), "{message}");
    }
}
