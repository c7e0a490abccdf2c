//! Handing events on: each is posted to its targets until all of them have taken it.

use super::set_aside::SetAside;
use crate::exit::{Failure, with_causes};
use crate::output::note;
use chat2desk::wire::WebhookEvent;
use chat2desk_webhook_receiver::Delivery;
use futures_util::future::join_all;
use percent_encoding::{CONTROLS, utf8_percent_encode};
use reqwest::Url;
use reqwest::redirect::Policy;
use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a target may take for a response, unless the command line says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A URL that events are posted to.
#[derive(Clone)]
pub struct Target {
    /// The only event for it. `None` if all events are.
    pub event: Option<WebhookEvent>,
    url: Url,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The name of an event has no colon, and every URL begins with one before its first `=`.
        let (event, url) = match text.split_once('=') {
            Some((event, url)) if !event.contains(':') => (Some(event), url),
            _ => (None, text),
        };
        let url = Url::parse(url).ok();
        let is_http = |url: &Url| matches!(url.scheme(), "http" | "https");
        let url = url.filter(is_http);
        Ok(Self {
            event: event.map(super::event).transpose()?,
            url: url.ok_or("it is no URL; write it like http://127.0.0.1:3000/chat")?,
        })
    }
}

/// The targets, and what each of them has taken.
pub struct Forward {
    targets: Vec<Sender>,
    /// For events that only some of their targets have taken: which ones.
    taken: Mutex<HashMap<String, HashSet<usize>>>,
    set_aside: Option<SetAside>,
    not_taken: Mutex<NotTakenCounts>,
    /// The events that were reported as matching no target.
    unmatched: Mutex<HashSet<String>>,
}

/// How many events are done without a target that took them.
#[derive(Clone, Copy, Default)]
pub struct NotTakenCounts {
    pub set_aside: u64,
    /// Those whose name is that of no target.
    pub unmatched: u64,
}

/// A target with its client.
struct Sender {
    target: Target,
    http: reqwest::Client,
    /// Whether the last post failed, so that a target that is down is reported once.
    fails: AtomicBool,
}

/// A target did not take an event.
#[derive(Debug, thiserror::Error)]
#[error("a target did not take the event")]
pub struct NotTaken;

impl Forward {
    pub fn new(
        targets: Vec<Target>,
        timeout: Option<Duration>,
        set_aside: Option<SetAside>,
    ) -> Result<Self, Failure> {
        let targets = targets.into_iter();
        let senders = targets.map(|target| Sender::new(target, timeout.unwrap_or(TIMEOUT)));
        Ok(Self {
            targets: senders.collect::<Result<_, _>>()?,
            taken: Mutex::default(),
            set_aside,
            not_taken: Mutex::default(),
            unmatched: Mutex::default(),
        })
    }

    pub fn not_taken(&self) -> NotTakenCounts {
        *lock(&self.not_taken)
    }

    /// Posts an event to all targets that have not taken it yet.
    pub async fn hand_on(self: Arc<Self>, delivery: Delivery) -> Result<(), NotTaken> {
        let name = super::name_of(&delivery);
        // Every verified delivery has a key.
        let key = delivery.dedup_key().unwrap_or_default();
        if !self.targets.iter().any(|sender| sender.is_for(&name)) {
            lock(&self.not_taken).unmatched += 1;
            if lock(&self.unmatched).insert(name.clone()) {
                note(format_args!(
                    "warning: the event {name} matches no --forward, and is handed on to nobody"
                ));
            }
            return Ok(());
        }
        // At once, so that a slow target delays no other one.
        let posts = self
            .targets
            .iter()
            .enumerate()
            .map(async |(index, sender)| {
                if !sender.is_for(&name) || self.has_taken(&key, index) {
                    return true;
                }
                let taken = sender.post(&delivery, &name, &key).await.is_ok();
                if taken {
                    self.take(&key, index);
                }
                taken
            });
        let all_taken = join_all(posts).await.into_iter().all(|taken| taken);
        let file = self.set_aside.as_ref().filter(|_| !all_taken);
        let is_set_aside = file.is_some_and(|file| file.take(&delivery));
        if is_set_aside {
            lock(&self.not_taken).set_aside += 1;
        }
        if all_taken || is_set_aside {
            self.forget(&key);
            return Ok(());
        }
        Err(NotTaken)
    }

    fn has_taken(&self, key: &str, index: usize) -> bool {
        let taken = lock(&self.taken);
        taken.get(key).is_some_and(|by| by.contains(&index))
    }

    fn take(&self, key: &str, index: usize) {
        let mut taken = lock(&self.taken);
        taken.entry(key.to_owned()).or_default().insert(index);
    }

    fn forget(&self, key: &str) {
        let mut taken = lock(&self.taken);
        taken.remove(key);
    }
}

impl Sender {
    fn new(target: Target, timeout: Duration) -> Result<Self, Failure> {
        let mut http = reqwest::Client::builder()
            .timeout(timeout)
            .redirect(Policy::none())
            .user_agent(concat!("chat2desk-cli/", env!("CARGO_PKG_VERSION")));
        if target.url.host_str().is_some_and(is_this_machine) {
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build().map_err(|error| Failure::of(&error))?,
            target,
            fails: AtomicBool::new(false),
        })
    }

    fn is_for(&self, name: &str) -> bool {
        let event = self.target.event.as_ref();
        event.is_none_or(|event| event.as_str() == name)
    }

    async fn post(&self, delivery: &Delivery, name: &str, key: &str) -> Result<(), NotTaken> {
        // Both can hold what the vendor wrote.
        let encoded = |text| utf8_percent_encode(text, CONTROLS).to_string();
        let request = self
            .http
            .post(self.target.url.clone())
            .header("content-type", "application/json")
            .header("x-chat2desk-event", encoded(name))
            .header("x-chat2desk-key", encoded(key))
            .header("x-chat2desk-attempt", delivery.attempt)
            .header("x-chat2desk-replayed", delivery.is_replayed().to_string())
            .body(delivery.raw().clone());
        let why = match request.send().await {
            Ok(response) if response.status().is_success() => {
                if self.fails.swap(false, Ordering::Relaxed) {
                    note(format_args!("{} takes events again", self.place()));
                }
                return Ok(());
            }
            Ok(response) => format!("it responded with {}", response.status()),
            Err(error) => with_causes(&error.without_url()),
        };
        if !self.fails.swap(true, Ordering::Relaxed) {
            note(format_args!(
                "warning: {} does not take events: {why}; each is retried until it does",
                self.place()
            ));
        }
        Err(NotTaken)
    }

    /// Returns the target without its path and query, which may contain a secret.
    fn place(&self) -> String {
        self.target.url.origin().ascii_serialization()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
