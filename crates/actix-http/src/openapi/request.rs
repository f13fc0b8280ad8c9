//! Bodies of requests: what a reader reads, as a schema.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr, Required, Schema, SchemaFormat};

use super::Body;
use crate::lenient::{Kind, Shape};

fn integer() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
}

impl Body {
    /// It, where an operation takes it.
    pub(super) fn request_body(&self) -> RequestBody {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(self.name)))
            .example(Some(self.example.clone()));
        RequestBodyBuilder::new()
            .required(Some(if self.required { Required::True } else { Required::False }))
            .content("application/json", content.build())
            .build()
    }

    /// Whether it has a property of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.shape.properties.iter().any(|property| property.name == name)
    }

    /// Its schema.
    pub(super) fn schema(&self) -> Schema {
        Schema::Object(self.object("", &self.shape).build())
    }

    fn object(&self, prefix: &str, shape: &Shape) -> ObjectBuilder {
        let object = ObjectBuilder::new().schema_type(Type::Object);
        let object = match shape.rest {
            true => object.additional_properties(Some(AdditionalProperties::FreeForm(true))),
            false => object,
        };
        shape.properties.iter().fold(object, |object, property| {
            let path = format!("{prefix}{}", property.name);
            let object = object.property(&property.name, self.property(&path, &property.kind));
            if property.required { object.required(&property.name) } else { object }
        })
    }

    fn property(&self, path: &str, kind: &Kind) -> RefOr<Schema> {
        let about = self.about(path);
        let plain = ObjectBuilder::new().description(about);
        match kind {
            Kind::Integer => integer().description(about).into(),
            Kind::Integers => ArrayBuilder::new().items(integer()).description(about).into(),
            Kind::Boolean => plain.schema_type(Type::Boolean).into(),
            Kind::Text => plain.schema_type(Type::String).into(),
            Kind::Texts => ArrayBuilder::new()
                .items(ObjectBuilder::new().schema_type(Type::String))
                .description(about)
                .into(),
            Kind::ClearableText => {
                plain.schema_type(SchemaType::from_iter([Type::String, Type::Null])).into()
            }
            Kind::Choice(names) => {
                plain.schema_type(Type::String).enum_values(Some(names.clone())).into()
            }
            Kind::Any => plain.schema_type(SchemaType::AnyValue).into(),
            Kind::Object(shape) => {
                self.object(&format!("{path}."), shape).description(about).into()
            }
            Kind::Objects(shape) => ArrayBuilder::new()
                .items(self.object(&format!("{path}."), shape))
                .description(about)
                .into(),
        }
    }

    /// What a property means.
    fn about(&self, path: &str) -> Option<&'static str> {
        let own = self.meaning.iter().find(|(name, _)| *name == path);
        own.map(|(_, about)| *about).or(match path {
            "id" => Some("Which one, where the address does not say it."),
            "optimisticLock" => Some(
                "The lock of the state that was seen. Where it is not the present one, the answer \
                 is 409.",
            ),
            _ => None,
        })
    }
}
