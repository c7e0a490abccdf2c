//! Profiles: accounts by name, in a file that only its owner may read.

use super::{Host, is_open_to_others, region, token_in};
use crate::exit::{Code, Failure};
use chat2desk::Region;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs, io};

/// A table of the file.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    token: Option<String>,
    token_file: Option<PathBuf>,
    region: Option<String>,
    base_url: Option<String>,
}

impl Profile {
    pub(super) fn token(self) -> Result<String, Failure> {
        match (self.token, self.token_file) {
            (Some(token), None) => Ok(token),
            (None, Some(file)) => token_in(&file),
            (None, None) => Err(Failure::new(
                Code::Token,
                "the profile has no token; add `token` or `token_file`",
            )),
            (Some(_), Some(_)) => Err(Failure::usage(
                "the profile has both `token` and `token_file`; remove one of them",
            )),
        }
    }

    pub(super) fn host(&self) -> Result<Host, Failure> {
        match (&self.region, &self.base_url) {
            (None, None) => Ok(Host::Region(Region::Main)),
            (None, Some(url)) => Ok(Host::Url(url.clone())),
            (Some(name), None) => region(name).map(Host::Region).ok_or_else(|| {
                let names = Region::all().iter().map(|region| region.name());
                let names = names.collect::<Vec<_>>().join(", ");
                Failure::usage(format!("the profile's region is none of {names}"))
            }),
            (Some(_), Some(_)) => Err(Failure::usage(
                "the profile has both `region` and `base_url`; remove one of them",
            )),
        }
    }
}

/// Returns the profile of this name.
pub(super) fn named(name: &str) -> Result<Profile, Failure> {
    let file = path().ok_or_else(|| {
        Failure::usage("profiles are in a file of the home directory, but HOME is not set")
    })?;
    let profile = read()?.and_then(|mut profiles| profiles.remove(name));
    profile.ok_or_else(|| Failure::usage(format!("{} has no profile [{name}]", file.display())))
}

/// Returns the profile named `default`, if there is one.
pub(super) fn default() -> Result<Option<Profile>, Failure> {
    Ok(read()?.and_then(|mut profiles| profiles.remove("default")))
}

/// Reads all profiles; `None` if there is no file.
fn read() -> Result<Option<BTreeMap<String, Profile>>, Failure> {
    let Some(file) = path() else { return Ok(None) };
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(&file, &error)),
    };
    let shown = file.display();
    if is_open_to_others(&file) {
        let text = format!("others can read {shown}; run chmod 600 {shown}, then try again");
        return Err(Failure::new(Code::Token, text));
    }
    let profiles = toml::from_str(&text).map_err(|error: toml::de::Error| {
        // The error's own text quotes the file, which holds tokens.
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(0, |before| before.matches('\n').count()) + 1;
        Failure::usage(format!(
            "{shown} cannot be read at line {line}; a profile is a table such as [shop], with the texts `token` or \
             `token_file`, and `region` or `base_url`"
        ))
    })?;
    Ok(Some(profiles))
}

/// Returns the path of the file, if the system says where such files are.
fn path() -> Option<PathBuf> {
    let directory = |name| {
        env::var_os(name)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    let base = directory("XDG_CONFIG_HOME")
        .or_else(|| directory("APPDATA").filter(|_| cfg!(windows)))
        .or_else(|| Some(directory("HOME")?.join(".config")))?;
    Some(base.join("chat2desk").join("config.toml"))
}
