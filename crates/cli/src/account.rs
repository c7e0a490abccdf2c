//! The account that a command works with: its token, its host, and the limits of calls.

mod profile;

use crate::duration;
use crate::exit::{Code, Failure};
use crate::output::{note, without_bom};
use chat2desk::transport::RateLimit;
use chat2desk::webhook::Verifier;
use chat2desk::{Builder, Chat2Desk, Region};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use profile::Profile;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

const NO_TOKEN: &str = "\
there is no token; set CHAT2DESK_TOKEN to the one from Settings > API in the panel, or use --token-file or --profile";

/// Which account, and how fast.
#[derive(clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Account")]
pub struct Arguments {
    /// Profile in `$XDG_CONFIG_HOME/chat2desk/config.toml` [env: CHAT2DESK_PROFILE]
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// File that contains the token; - for stdin
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Region of the account
    #[arg(long, global = true, value_parser = regions(), conflicts_with = "base_url")]
    region: Option<Region>,
    /// URL of another host, such as a white-label one [env: CHAT2DESK_URL]
    #[arg(long, global = true, value_name = "URL")]
    base_url: Option<String>,
    /// Permits plain http to other machines, which sends the token unencrypted
    #[arg(long, global = true)]
    allow_http: bool,
    /// Most calls a second, or a minute with `/m`, such as 5 or 90/m
    #[arg(long, global = true, value_parser = rate)]
    rate: Option<RateLimit>,
    /// Most calls that the command may make, retries included
    #[arg(long, global = true, value_name = "CALLS")]
    max_calls: Option<u64>,
    /// Longest time for a call with its retries, or for a target of `webhooks serve`, such as 90s or 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = duration::positive)]
    pub timeout: Option<Duration>,
}

/// An account whose token is known.
pub struct Account {
    pub token: String,
    pub verifier: Verifier,
    host: Host,
    allow_http: bool,
    rate: Option<RateLimit>,
    max_calls: Option<u64>,
    timeout: Option<Duration>,
}

enum Host {
    Region(Region),
    Url(String),
}

impl Arguments {
    /// Finds the token and the host. Reads stdin if the token is there.
    pub fn open(&self) -> Result<Account, Failure> {
        let profile = self.profile()?;
        let host = self.host(profile.as_ref())?;
        let token = match (&self.token_file, profile, variable("CHAT2DESK_TOKEN")) {
            (Some(file), ..) => token_in(file)?,
            (None, Some(profile), _) => profile.token()?,
            (None, None, Some(token)) => token,
            (None, None, None) => return Err(Failure::new(Code::Token, NO_TOKEN)),
        };
        // The client's check is the same, but its error could also be about the host.
        let verifier = Verifier::new(&token);
        Ok(Account {
            verifier: verifier.map_err(|error| Failure::new(Code::Token, error.to_string()))?,
            token,
            host,
            allow_http: self.allow_http,
            rate: self.rate,
            max_calls: self.max_calls,
            timeout: self.timeout,
        })
    }

    /// Returns the profile that was named, or the one named `default` if nothing else has a token.
    fn profile(&self) -> Result<Option<Profile>, Failure> {
        let named = self.profile.clone();
        match named.or_else(|| variable("CHAT2DESK_PROFILE")) {
            Some(name) => profile::named(&name).map(Some),
            None if self.token_file.is_some() || variable("CHAT2DESK_TOKEN").is_some() => Ok(None),
            None => profile::default(),
        }
    }

    /// Returns the host: that of the command line, of the profile, or of the environment.
    fn host(&self, profile: Option<&Profile>) -> Result<Host, Failure> {
        if let Some(url) = &self.base_url {
            return Ok(Host::Url(url.clone()));
        }
        if let Some(region) = self.region {
            return Ok(Host::Region(region));
        }
        if let Some(profile) = profile {
            return profile.host();
        }
        Ok(match variable("CHAT2DESK_URL") {
            Some(url) => Host::Url(url),
            None => Host::Region(Region::Main),
        })
    }
}

impl Account {
    /// Returns a builder of a client with the settings of the command line.
    pub fn builder(&self) -> Builder {
        let builder = Chat2Desk::builder(self.token.as_str());
        let mut builder = match &self.host {
            Host::Region(region) => builder.region(*region),
            Host::Url(url) => builder.base_url(url),
        };
        builder = builder
            .allow_http(self.allow_http)
            .user_agent(concat!("chat2desk-cli/", env!("CARGO_PKG_VERSION")));
        if let Some(rate) = self.rate {
            builder = builder.rate_limit(rate);
        }
        if let Some(calls) = self.max_calls {
            builder = builder.call_budget(calls);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        builder
    }

    pub fn client(&self) -> Result<Chat2Desk, Failure> {
        Ok(self.builder().build()?)
    }

    /// Returns a builder of a client that makes calls at this rate, unless the command line has another one.
    pub fn builder_at(&self, rate: RateLimit) -> Builder {
        self.builder().rate_limit(self.rate.unwrap_or(rate))
    }

    /// Returns builders of clients in the regions whose host is not this one. There are none if the host is no region's:
    /// the token then concerns no other host.
    pub fn elsewhere(&self, host: &str) -> Vec<(Region, Builder)> {
        let (same, others): (Vec<_>, Vec<_>) = Region::all()
            .iter()
            .partition(|region| region.base_url() == host);
        let others = others.into_iter().filter(|_| !same.is_empty());
        let builder = |region| (region, self.builder().region(region));
        others.map(builder).collect()
    }
}

/// Returns an environment variable, unless it is blank, as the library reads them.
fn variable(name: &str) -> Option<String> {
    let text = env::var(name).ok();
    text.filter(|text| !text.trim().is_empty())
}

/// Reads a file that holds a token and nothing else.
fn token_in(file: &Path) -> Result<String, Failure> {
    let text = match file == Path::new("-") {
        true => io::read_to_string(io::stdin()),
        false => fs::read_to_string(file),
    };
    let text =
        text.map_err(|error| Failure::new(Code::Token, format!("{}: {error}", file.display())))?;
    if file != Path::new("-") && is_open_to_others(file) {
        note(format_args!(
            "warning: others can read {}; chmod 600 prevents that",
            file.display()
        ));
    }
    Ok(without_bom(&text).trim().to_owned())
}

/// Returns whether other users of this machine can read or change a file.
#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file).map(|file| file.permissions().mode());
    // Not for pipes, such as that of `<(pass show token)`.
    file.is_file() && mode.is_ok_and(|mode| mode & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

fn regions() -> impl TypedValueParser<Value = Region> {
    let names = Region::all().iter().map(|region| region.name());
    PossibleValuesParser::new(names).map(|name| region(&name).unwrap_or_default())
}

fn region(name: &str) -> Option<Region> {
    let mut all = Region::all().iter().copied();
    all.find(|region| region.name() == name)
}

/// Reads a rate: calls a second, or a minute.
fn rate(text: &str) -> Result<RateLimit, String> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
    let number = number.trim().parse().ok().filter(|number| *number > 0);
    match (number, unit.trim()) {
        (Some(calls), "s") => Ok(RateLimit::per_second(calls)),
        (Some(calls), "m") => Ok(RateLimit::per_minute(calls)),
        _ => Err("write it like 5, 5/s or 90/m".into()),
    }
}
