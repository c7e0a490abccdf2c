//! The operations of the API: a static table.

use reqwest::Method;

/// A call of the API, as the specification describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the method of [`Chat2Desk`], such as `list_clients`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the host, such as `/v1/clients/{id}`.
    pub path: &'static str,
    /// The group that it belongs to, such as `clients`.
    pub tag: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// Whether it changes something on the server. Some GETs do.
    pub side_effects: bool,
    /// How its list continues; `None` for what is not a list.
    pub pagination: Option<Pagination>,
    /// Whether the vendor replaced it by another.
    pub deprecated: bool,
    /// How well its response is known.
    pub evidence: Evidence,
}

/// How the next page of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pagination {
    /// By the number of records before it.
    Offset,
    /// By the lowest id that it may hold.
    StartId,
    /// There is none: the list comes whole.
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
    /// Published clients read it so.
    Typed,
    /// Concluded from neighbouring operations.
    Inferred,
    /// Nobody has published one: the response is free JSON.
    None,
    /// New in the collection; nobody has said yet.
    Unrated,
}

/// Every operation of the API, sorted by id.
///
/// ```
/// let writes = chat2desk::operations().iter().filter(|operation| operation.side_effects);
/// assert!(writes.count() > 20);
/// ```
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// The operation with this id. Generated code asks for it when it is compiled.
///
/// # Panics
/// If there is none, which is then an error of compilation.
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

/// `==`, which cannot be used in constants.
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([], []) => true,
        ([first, a @ ..], [other, b @ ..]) => *first == *other && is_same(a, b),
        _ => false,
    }
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
