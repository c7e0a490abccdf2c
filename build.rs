//! Generates the client from `spec/openapi.json`: lower, generate, polish, write to `OUT_DIR`.
//!
//! Reads nothing else, touches no network, writes nowhere else.

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

    let public: serde_json::Value = serde_json::from_str(&fs::read_to_string(DOCUMENT)?)?;
    let open_enums = generate::open_enums(&public);
    let lower::Lowered { document, report } = lower::lower(&public)?;
    for (rule, fired) in report {
        println!("lowering rule {rule}: {fired}");
    }
    let mut client = generate::client(&document, &open_enums)?;
    polish::polish(&mut client, &document);
    let operations = syn::parse2(operations::operations_code(&document, &client)?)?;
    let enums = syn::parse2(enums::enums_code(&public, &open_enums)?)?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    for (name, code) in [
        ("client.rs", client),
        ("operations.rs", operations),
        ("enums.rs", enums),
    ] {
        fs::write(out.join(name), prettyplease::unparse(&code))?;
    }
    Ok(())
}
