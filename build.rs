//! Generates the client from `spec/openapi.json` into `OUT_DIR`, with the feature `mock` its mocks too;
//! without the feature `client` only the open enums.
//!
//! Reads nothing else, touches no network, writes nowhere else.

#[cfg(feature = "client")]
#[path = "build/code.rs"]
mod code;
#[path = "build/enums.rs"]
mod enums;
#[cfg(feature = "client")]
#[path = "build/generate.rs"]
mod generate;
#[cfg(feature = "client")]
#[path = "build/lower.rs"]
mod lower;
#[cfg(feature = "mock")]
#[path = "build/mock.rs"]
mod mock;
#[cfg(feature = "client")]
#[path = "build/operations.rs"]
mod operations;
#[cfg(feature = "client")]
#[path = "build/polish.rs"]
mod polish;

use serde_json::Value;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

const DOCUMENT: &str = "spec/openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");

    let document = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (name, text) in files(&document)? {
        fs::write(out.join(name), text)?;
    }
    Ok(())
}

#[cfg(feature = "client")]
fn files(document: &Value) -> Result<impl IntoIterator<Item = (&'static str, String)>, String> {
    let code::Code { files, report } = code::code(document)?;
    for (rule, fired) in report {
        println!("lowering rule {rule}: {fired}");
    }
    let files = files.into_iter();
    #[cfg(feature = "mock")]
    let files = files.chain([("mock.rs", mock::mock_code(document)?)]);
    Ok(files)
}

#[cfg(not(feature = "client"))]
fn files(document: &Value) -> Result<impl IntoIterator<Item = (&'static str, String)>, String> {
    let enums = enums::enums_code(document)?;
    Ok([("enums.rs", enums.to_string())])
}
