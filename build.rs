//! Generates the client from `spec/openapi.json` into `OUT_DIR`.
//!
//! Reads nothing else, touches no network, writes nowhere else.

#[path = "build/code.rs"]
mod code;
#[path = "build/enums.rs"]
mod enums;
#[path = "build/generate.rs"]
mod generate;
#[path = "build/lower.rs"]
mod lower;
#[path = "build/operations.rs"]
mod operations;
#[path = "build/polish.rs"]
mod polish;

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

const DOCUMENT: &str = "spec/openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");

    let document = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let code::Code { files, report } = code::code(&document)?;
    for (rule, fired) in report {
        println!("lowering rule {rule}: {fired}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (name, text) in files {
        fs::write(out.join(name), text)?;
    }
    Ok(())
}
