//! [`Parameter`], an argument of an operation, and [`RequestBody`], the body that it takes.

use std::fmt;

/// An argument of an operation: a parameter of its path, query or headers, or a top-level property of its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name of the argument in `snake_case`, such as `custom_field_id`. No other argument of the operation has it.
    pub name: &'static str,
    /// The name on the wire, such as `custom_field[id]`.
    pub key: &'static str,
    /// Where it is sent.
    pub location: ParameterLocation,
    /// Whether the operation cannot be called without it.
    pub required: bool,
    /// Whether it may be null, which removes a value.
    pub nullable: bool,
    /// The values that it accepts.
    pub kind: ParameterKind,
    /// A description; empty if the specification has none.
    pub help: &'static str,
}

/// Where an argument is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// In the path, as one segment of it.
    Path,
    /// In the query.
    Query,
    /// As a header.
    Header,
    /// In the body, as a property of its object.
    Body,
}

/// The values that an argument accepts. `Display` says it in words, such as `an integer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterKind {
    /// An integer of 64 bits.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A text.
    Text,
    /// A day, `yyyy-mm-dd`.
    Date,
    /// A day that is sent as `dd-mm-yyyy`. Both `yyyy-mm-dd` and `dd-mm-yyyy` are accepted.
    DayMonthYear,
    /// A text. These are known; others are accepted too, since the vendor adds some.
    Enum(&'static [&'static str]),
    /// A list of such values.
    List(&'static ParameterKind),
    /// A value of any of these kinds.
    OneOf(&'static [ParameterKind]),
    /// A JSON object.
    Object,
    /// Any JSON.
    Json,
}

impl fmt::Display for ParameterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer => f.write_str("an integer"),
            Self::Number => f.write_str("a number"),
            Self::Boolean => f.write_str("`true` or `false`"),
            Self::Text | Self::Enum(_) => f.write_str("a text"),
            Self::Date => f.write_str("a day as `yyyy-mm-dd`"),
            Self::DayMonthYear => f.write_str("a day as `yyyy-mm-dd` or `dd-mm-yyyy`"),
            Self::List(kind) => write!(f, "a list, each item {kind}"),
            Self::OneOf(kinds) => {
                for (index, kind) in kinds.iter().enumerate() {
                    let or = if index > 0 { " or " } else { "" };
                    write!(f, "{or}{kind}")?;
                }
                Ok(())
            }
            Self::Object => f.write_str("a JSON object"),
            Self::Json => f.write_str("any JSON"),
        }
    }
}

/// The body that an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestBody {
    /// The media type that it is sent as, such as `application/json`.
    pub media_type: &'static str,
    /// What the body is. The known properties of an [`Object`](ParameterKind::Object) are parameters.
    pub kind: ParameterKind,
}
