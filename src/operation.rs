//! [`Operation`] and the static table of all operations of the API.

mod parameter;

pub use parameter::{Parameter, ParameterKind, ParameterLocation, RequestBody};

use reqwest::Method;

/// An operation of the API, as the specification describes it. [`operations`] returns all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the method of [`Chat2Desk`](crate::Chat2Desk), such as `list_clients`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path with its parameters in braces, such as `/v1/clients/{id}`.
    pub path: &'static str,
    /// The resource that it belongs to, such as `clients`.
    pub tag: &'static str,
    /// A summary in a few words.
    pub summary: &'static str,
    /// Whether it changes something on the server. Some GETs do.
    pub side_effects: bool,
    /// How its list is paginated; `None` if it is no list.
    pub pagination: Option<Pagination>,
    /// Whether the vendor replaced it by another operation.
    pub deprecated: bool,
    /// How well its response is known.
    pub evidence: Evidence,
    /// Its arguments, in the order of the specification: first those outside of the body.
    pub parameters: &'static [Parameter],
    /// The body that it takes; `None` if it takes none.
    pub body: Option<RequestBody>,
}

/// How the next page of a list is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pagination {
    /// By `offset`, the number of records before the page.
    Offset,
    /// By `start_id`, the lowest id of the page.
    StartId,
    /// Not at all: the response holds the whole list.
    Single,
}

/// How well the response of an operation is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Real responses were seen.
    Captured,
    /// The vendor's documentation shows or describes it.
    Documented,
    /// Published client programs read it in this form.
    Typed,
    /// Its form is inferred from similar operations.
    Inferred,
    /// No response was ever published: it is free JSON.
    None,
    /// The operation is new, and its evidence was not rated yet.
    Unrated,
}

/// Returns every operation of the API, sorted by id.
///
/// ```
/// let writes = chat2desk::operations().iter().filter(|operation| operation.side_effects);
/// assert!(writes.count() > 20);
/// ```
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// Returns the operation with this id, such as `list_clients`; `None` if there is none.
///
/// ```
/// let operation = chat2desk::operation("get_client").unwrap();
/// assert_eq!((operation.path, operation.parameters[0].name), ("/v1/clients/{id}", "id"));
/// assert_eq!(chat2desk::operation("get_weather"), None);
/// ```
pub fn operation(id: &str) -> Option<&'static Operation> {
    let index = OPERATIONS.binary_search_by(|operation| operation.id.cmp(id));
    index.ok().map(|index| &OPERATIONS[index])
}

/// Returns the operation with this id. The generated code calls it at compile time.
///
/// # Panics
/// If no operation has this id; at compile time that is an error of compilation.
pub(crate) const fn known(id: &str) -> &'static Operation {
    let mut index = 0;
    while index < OPERATIONS.len() {
        if is_same(OPERATIONS[index].id.as_bytes(), id.as_bytes()) {
            return &OPERATIONS[index];
        }
        index += 1;
    }
    panic!("no operation has this id")
}

/// Compares like `==`, which cannot be used in constants.
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([], []) => true,
        ([first, a @ ..], [other, b @ ..]) => *first == *other && is_same(a, b),
        _ => false,
    }
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
