//! JSON Schemas of webhook events: `spec/schemas`, and whether the samples of events obey them.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Names and texts of the files that belong into `spec/schemas`.
pub fn files() -> BTreeMap<String, String> {
    let schemas = chat2desk::webhook::schemas();
    let file =
        |(event, schema): (String, Value)| (format!("{event}.json"), format!("{schema:#}\n"));
    schemas.into_iter().map(file).collect()
}

/// Writes the files, and removes those of events that are no more.
///
/// # Errors
/// Those of the file system.
pub fn write(folder: &Path) -> io::Result<()> {
    let files = files();
    fs::create_dir_all(folder)?;
    for name in names(folder)?
        .into_iter()
        .filter(|name| !files.contains_key(name))
    {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Compares a folder with what belongs into it, and checks that every sample obeys its schema and that
/// every schema has a sample.
///
/// # Errors
/// All that is wrong.
pub fn check(folder: &Path, samples: &Path) -> Result<(), String> {
    let files = files();
    let unreadable = |folder: &Path| format!("{} cannot be read", folder.display());
    let committed = names(folder).map_err(|_| unreadable(folder))?;
    let sampled = names(samples).map_err(|_| unreadable(samples))?;
    let mut wrong = Vec::new();
    for name in committed
        .iter()
        .chain(&sampled)
        .filter(|name| !files.contains_key(*name))
    {
        wrong.push(format!("{name}: there is no such event"));
    }
    for (name, text) in &files {
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            wrong.push(format!(
                "spec/schemas/{name}: out of date, run `cargo xtask schemas`"
            ));
        }
        match fs::read_to_string(samples.join(name)) {
            Ok(sample) => wrong
                .extend(disobedience(text, &sample).map(|problem| format!("{name}: {problem}"))),
            Err(error) => wrong.push(format!("the sample {name}: {error}")),
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// Why a sample does not obey a schema.
pub fn disobedience(schema: &str, sample: &str) -> Option<String> {
    let check = || {
        let schema = serde_json::from_str(schema).map_err(|error| error.to_string())?;
        let sample = serde_json::from_str(sample).map_err(|error| error.to_string())?;
        let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
        validator
            .validate(&sample)
            .map_err(|error| format!("at `{}`: {error}", error.instance_path()))
    };
    check().err()
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}
