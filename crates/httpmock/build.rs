//! Generates the mocks from the OpenAPI document into `OUT_DIR`. Touches no network, and writes nowhere else.

use chat2desk_codegen::mock::mock_code;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");

    let document = serde_json::from_str(chat2desk_openapi::DOCUMENT)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("mocks.rs"), mock_code(&document)?)?;
    Ok(())
}
