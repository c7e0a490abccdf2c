//! Every collection in `fixtures/`: what becomes of it, as a snapshot, is read by people and changed on
//! purpose (`INSTA_UPDATE=always cargo test -p xtask --test it collections`).

use super::becomes_a_client;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use xtask::convert::convert;

#[test]
fn fixtures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/collections/fixtures");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let conversion = convert((name, &fs::read(&file).unwrap()), None, None).unwrap();
        if let Err(error) = becomes_a_client(conversion.document()) {
            panic!("{name}: {error}\n{}", conversion.text);
        }
        let mut text = String::new();
        for warning in &conversion.warnings {
            writeln!(text, "warning: {warning}").unwrap();
        }
        text.push_str(&conversion.text);
        insta::assert_snapshot!(name, text);
    }
}
