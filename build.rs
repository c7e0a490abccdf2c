//! Generates the client from the OpenAPI document into `OUT_DIR`; without the feature `client` only the open enums.
//!
//! Touches no network, and writes nowhere else.

use chat2desk_openapi::DOCUMENT;
use serde_json::Value;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");

    let document = serde_json::from_str(DOCUMENT)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (name, text) in files(&document)? {
        fs::write(out.join(name), text)?;
    }
    Ok(())
}

#[cfg(feature = "client")]
fn files(document: &Value) -> Result<impl IntoIterator<Item = (&'static str, String)>, String> {
    let chat2desk_codegen::code::Code { files, report } = chat2desk_codegen::code::code(document)?;
    for (rule, fired) in report {
        println!("lowering rule {rule}: {fired}");
    }
    Ok(files)
}

#[cfg(not(feature = "client"))]
fn files(document: &Value) -> Result<impl IntoIterator<Item = (&'static str, String)>, String> {
    Ok([(
        "enums.rs",
        chat2desk_codegen::enums::enums_code(document)?.to_string(),
    )])
}
