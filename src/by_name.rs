//! Calls by name: any operation of the API from the names and values of its arguments, for programs that learn only
//! at run time what to call. Needs the feature `by-name`.
//!
//! [`Chat2Desk::call`](crate::Chat2Desk::call) takes an [`Operation`](crate::Operation) and its arguments, and puts on the wire what the typed
//! method does: [`operation`](crate::operation) finds an operation by its id, and its
//! [`parameters`](crate::Operation::parameters) say which arguments it accepts.
//!
//! ```no_run
//! use chat2desk::{Chat2Desk, List, operation};
//! use serde_json::json;
//!
//! # async fn run(chat: &Chat2Desk) -> Result<(), chat2desk::Error> {
//! let Some(get_client) = operation("get_client") else { return Ok(()) };
//! let arguments = [("id".to_owned(), json!(94000001))];
//! let client = chat.call(get_client, arguments.into_iter().collect()).await?;
//! println!("{}", client["data"]["name"]);
//!
//! // Lists are read to their end, like those of the typed methods.
//! let Some(list_dialogs) = operation("list_dialogs") else { return Ok(()) };
//! let arguments = [("state".to_owned(), json!("open"))];
//! let mut dialogs = chat.call(list_dialogs, arguments.into_iter().collect()).records();
//! while let Some(dialog) = dialogs.next().await {
//!     println!("{}", dialog?.to_line());
//! }
//! # Ok(()) }
//! ```

mod arguments;
mod call;
mod codec;
mod kind;
mod records;

pub use call::{CallByName, Preview};
