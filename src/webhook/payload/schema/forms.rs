//! JSON Schemas of values that the server writes in several forms.

use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject};

pub(super) fn any_of(types: &[InstanceType]) -> Schema {
    Schema::Object(SchemaObject {
        instance_type: Some(types.to_vec().into()),
        ..SchemaObject::default()
    })
}

pub(in crate::webhook::payload) fn integer_or_text(_: &mut SchemaGenerator) -> Schema {
    any_of(&[
        InstanceType::Integer,
        InstanceType::String,
        InstanceType::Null,
    ])
}

pub(in crate::webhook::payload) fn flag_or_number(_: &mut SchemaGenerator) -> Schema {
    any_of(&[
        InstanceType::Boolean,
        InstanceType::Integer,
        InstanceType::Null,
    ])
}
