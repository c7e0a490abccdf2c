//! Customers: finding one, making one, custom fields and tags.

mod fields;
mod find;
mod phone;
mod tags;

pub use fields::{CustomFields, FieldName};
pub use find::Entry;
pub use phone::digits;
pub use tags::{TagName, Tagged};
