//! `export` and `streams`: what the files hold, and how the same command goes on.

mod exact;
mod files;
mod formats;
mod kept;
mod looks;
mod odd;
mod singer;

use crate::support::{Ended, chat2desk, run};
use chat2desk_sandbox::Sandbox;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

pub async fn export(sandbox: &Sandbox, home: &Path, arguments: &str) -> Ended {
    let arguments = format!("export {arguments}");
    run(&mut chat2desk(sandbox, home), arguments.split(' ')).await
}

pub fn lines(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn ids(path: PathBuf) -> Vec<i64> {
    lines(path)
        .iter()
        .map(|record| record["id"].as_i64().unwrap())
        .collect()
}
