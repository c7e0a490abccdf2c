//! The keys of a document: those that OpenAPI 3.0 has, and extensions. A wrong key is a mistake that readers pass over.

use serde_json::Value;

/// What is under a key.
enum Under {
    /// Data, or what other checks read.
    Any,
    One(Kind),
    Each(Kind),
    Named(Kind),
}

#[derive(Clone, Copy)]
enum Kind {
    Document,
    Info,
    Server,
    Tag,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    Media,
    Header,
    Schema,
    Components,
}

use Kind::{
    Body, Components, Document, Header, Info, Media, Operation, Parameter, PathItem, Response,
    Schema, Server, Tag,
};
use Under::{Any, Each, Named, One};

impl Kind {
    fn keys(self) -> &'static [(&'static str, Under)] {
        match self {
            Document => &[
                ("openapi", Any),
                ("info", One(Info)),
                ("servers", Each(Server)),
                ("paths", Named(PathItem)),
                ("components", One(Components)),
                ("security", Any),
                ("tags", Each(Tag)),
                ("externalDocs", Any),
            ],
            Info => &[
                ("title", Any),
                ("description", Any),
                ("termsOfService", Any),
                ("contact", Any),
                ("license", Any),
                ("version", Any),
            ],
            Server => &[("url", Any), ("description", Any), ("variables", Any)],
            Tag => &[("name", Any), ("description", Any), ("externalDocs", Any)],
            PathItem => &[
                ("$ref", Any),
                ("summary", Any),
                ("description", Any),
                ("servers", Each(Server)),
                ("parameters", Each(Parameter)),
                ("get", One(Operation)),
                ("put", One(Operation)),
                ("post", One(Operation)),
                ("delete", One(Operation)),
                ("options", One(Operation)),
                ("head", One(Operation)),
                ("patch", One(Operation)),
                ("trace", One(Operation)),
            ],
            Operation => &[
                ("tags", Any),
                ("summary", Any),
                ("description", Any),
                ("externalDocs", Any),
                ("operationId", Any),
                ("parameters", Each(Parameter)),
                ("requestBody", One(Body)),
                ("responses", Named(Response)),
                ("callbacks", Any),
                ("deprecated", Any),
                ("security", Any),
                ("servers", Each(Server)),
            ],
            Parameter => &[
                ("$ref", Any),
                ("name", Any),
                ("in", Any),
                ("description", Any),
                ("required", Any),
                ("deprecated", Any),
                ("allowEmptyValue", Any),
                ("style", Any),
                ("explode", Any),
                ("allowReserved", Any),
                ("schema", One(Schema)),
                ("content", Named(Media)),
                ("example", Any),
                ("examples", Any),
            ],
            Body => &[
                ("$ref", Any),
                ("description", Any),
                ("content", Named(Media)),
                ("required", Any),
            ],
            Response => &[
                ("$ref", Any),
                ("description", Any),
                ("headers", Named(Header)),
                ("content", Named(Media)),
                ("links", Any),
            ],
            Media => &[
                ("schema", One(Schema)),
                ("example", Any),
                ("examples", Any),
                ("encoding", Any),
            ],
            Header => &[
                ("$ref", Any),
                ("description", Any),
                ("required", Any),
                ("deprecated", Any),
                ("allowEmptyValue", Any),
                ("style", Any),
                ("explode", Any),
                ("allowReserved", Any),
                ("schema", One(Schema)),
                ("content", Named(Media)),
                ("example", Any),
                ("examples", Any),
            ],
            Schema => &[
                ("$ref", Any),
                ("title", Any),
                ("multipleOf", Any),
                ("maximum", Any),
                ("exclusiveMaximum", Any),
                ("minimum", Any),
                ("exclusiveMinimum", Any),
                ("maxLength", Any),
                ("minLength", Any),
                ("pattern", Any),
                ("maxItems", Any),
                ("minItems", Any),
                ("uniqueItems", Any),
                ("maxProperties", Any),
                ("minProperties", Any),
                ("required", Any),
                ("enum", Any),
                ("type", Any),
                ("not", One(Schema)),
                ("allOf", Each(Schema)),
                ("oneOf", Each(Schema)),
                ("anyOf", Each(Schema)),
                ("items", One(Schema)),
                ("properties", Named(Schema)),
                ("additionalProperties", One(Schema)),
                ("description", Any),
                ("format", Any),
                ("default", Any),
                ("nullable", Any),
                ("discriminator", Any),
                ("readOnly", Any),
                ("writeOnly", Any),
                ("example", Any),
                ("externalDocs", Any),
                ("deprecated", Any),
                ("xml", Any),
            ],
            Components => &[
                ("schemas", Named(Schema)),
                ("responses", Named(Response)),
                ("parameters", Named(Parameter)),
                ("examples", Any),
                ("requestBodies", Named(Body)),
                ("headers", Named(Header)),
                ("securitySchemes", Any),
                ("links", Any),
                ("callbacks", Any),
            ],
        }
    }
}

/// Checks the keys of a document.
///
/// # Errors
/// The first that OpenAPI does not have, with its place.
pub(super) fn check(document: &Value) -> Result<(), String> {
    object(document, Document, "")
}

fn object(value: &Value, kind: Kind, at: &str) -> Result<(), String> {
    for (key, value) in value.as_object().into_iter().flatten() {
        if key.starts_with("x-") {
            continue;
        }
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        let known = kind.keys().iter().find(|(known, _)| known == key);
        let Some((_, under)) = known else {
            return Err(format!("`{key}` is no key of OpenAPI 3.0: at `{at}`"));
        };
        match under {
            Any => {}
            One(kind) => object(value, *kind, &at)?,
            Each(kind) => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    object(value, *kind, &format!("{at}/{index}"))?;
                }
            }
            Named(kind) => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    object(value, *kind, &format!("{at}/{name}"))?;
                }
            }
        }
    }
    Ok(())
}
