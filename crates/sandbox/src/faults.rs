//! [`Fault`] and [`Rule`]: what goes wrong, and at which calls.

use axum::http::StatusCode;
use chat2desk::operations;
use fastrand::Rng;
use std::time::Duration;

/// What goes wrong with a call.
///
/// Some faults replace the response, and only one of them can happen to a call. The others can be combined with each
/// other and with one of those: `Delay`, `IgnoreOffset`, `NotDelivered`, `NotSeen`, `ListedAfter`, `Grow` and `Shrink`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Delays the response by this time. The call has its effect before the delay, so a client that does not wait for
    /// the response has still made the call. Can be combined with other faults.
    Delay(Duration),
    /// Responds with an error of this status. The call has no effect.
    Status(StatusCode),
    /// Responds with this status and this plain text. The call has no effect. Use it for other responses that servers
    /// were seen to send, such as quota errors in plain text, or an empty body.
    Response(StatusCode, String),
    /// Responds with an error body and status 200, as the server does for some reports, and as old servers do for all
    /// errors. The call has no effect.
    ErrorIn200,
    /// Responds with status 429, too many calls. If a time is given, the response has the header `Retry-After`, rounded
    /// up to whole seconds. Whether the real server sends that header is not known. The call has no effect.
    RateLimited(Option<Duration>),
    /// Responds with status 429, monthly quota exceeded. The call has no effect.
    QuotaUsedUp,
    /// Responds with status 502 and an HTML page, as a gateway in front of the server does. The call has no effect.
    BadGateway,
    /// Closes the connection before the response. The call has its effect.
    Reset,
    /// Closes the connection in the middle of the response. The call has its effect.
    Truncated,
    /// Ignores the parameter `offset` of a list, as was seen with channels. Can be combined with other faults.
    IgnoreOffset,
    /// Lets the call succeed and the messenger refuse the message later. The message ends as `failed`, with this text
    /// as the field `error` of the event `outbox_status`. The form of that field is not documented. Can be combined
    /// with other faults.
    NotDelivered(String),
    /// Delivers the message that the call sends, but never marks it as seen. Can be combined with other faults.
    NotSeen,
    /// Hides the messages that the call writes from the list of messages for this time, at most a year. With
    /// [`Rule::share`] or [`Rule::times`], messages are listed out of order. Can be combined with other faults.
    ListedAfter(Duration),
    /// Adds a record to the end of the list before each response, as another program could. For `list_clients`,
    /// `list_messages`, `list_dialogs` and `list_tickets`. Can be combined with other faults.
    Grow,
    /// Removes the first record of the list, and the records that belong to it, before each response, as another
    /// program could. For `list_clients`, `list_dialogs` and `list_tickets`. Can be combined with other faults.
    Shrink,
}

impl Fault {
    /// Whether the fault replaces the response.
    fn replaces_response(&self) -> bool {
        !matches!(
            self,
            Self::Delay(_)
                | Self::IgnoreOffset
                | Self::Grow
                | Self::Shrink
                | Self::NotDelivered(_)
                | Self::NotSeen
                | Self::ListedAfter(_)
        )
    }
}

/// A fault, and the calls that it happens to. By default these are all calls of the account.
///
/// The conditions are combined: a call must satisfy all of them.
///
/// ```
/// use chat2desk_sandbox::{Fault, Rule};
///
/// // Two pages of customers succeed. Then the next page fails twice.
/// let rule = Rule::new(Fault::BadGateway).on("list_clients").after(2).times(2);
/// // One call in twenty, at random, exceeds the rate limit.
/// let storm = Rule::new(Fault::RateLimited(None)).share(0.05);
/// # let _ = (rule, storm);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule has no effect until it is passed to `Sandbox::inject`"]
pub struct Rule {
    pub(super) fault: Fault,
    pub(super) operation: Option<&'static str>,
    pub(super) after: usize,
    /// Without a limit if `None`.
    pub(super) times: Option<usize>,
    pub(super) share: f64,
}

impl Rule {
    /// Creates a rule that applies `fault` to every call.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            after: 0,
            times: None,
            share: 1.0,
        }
    }

    /// Limits the rule to calls of this `operation`, such as `send_message`.
    ///
    /// # Panics
    /// Panics if there is no such operation.
    pub fn on(mut self, operation: &str) -> Self {
        let known = operations().iter().find(|known| known.id == operation);
        let known = known.unwrap_or_else(|| panic!("there is no operation `{operation}`"));
        self.operation = Some(known.id);
        self
    }

    /// Lets the first `calls` calls of the operation pass without the fault.
    pub fn after(mut self, calls: usize) -> Self {
        self.after = calls;
        self
    }

    /// Limits the rule to `times` calls in all. Afterwards it has no effect.
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies the fault to this share of the calls at random: 0 is no call, 1 is every call. The account's
    /// [seed](super::Account::seed) decides which ones.
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Whether the fault happens to this call of `operation`. Counts the call.
    fn happens(&mut self, operation: &str, random: &mut Rng) -> bool {
        if self.times == Some(0) || self.operation.is_some_and(|only| only != operation) {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        let happens = random.f64() < self.share;
        self.times = self.times.map(|times| times - usize::from(happens));
        happens
    }
}

/// The rules of an account, with the numbers by which the page refers to them.
pub(super) struct Faults {
    rules: Vec<(u64, Rule)>,
    added: u64,
    random: Rng,
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rules: Vec::new(),
            added: 0,
            random: Rng::with_seed(seed),
        }
    }

    pub(super) fn add(&mut self, rule: Rule) {
        self.added += 1;
        self.rules.push((self.added, rule));
    }

    /// Removes a rule. Returns `false` if there is no such rule.
    pub(super) fn remove(&mut self, number: u64) -> bool {
        let before = self.rules.len();
        self.rules.retain(|(known, _)| *known != number);
        self.rules.len() < before
    }

    /// The rules that may still happen.
    pub(super) fn in_force(&self) -> impl Iterator<Item = &(u64, Rule)> {
        self.rules.iter().filter(|(_, rule)| rule.times != Some(0))
    }

    pub(super) fn clear(&mut self) {
        self.rules.clear();
    }

    /// Returns the faults that happen to a call. Of those that replace the response, only the first one does.
    pub(super) fn of(&mut self, operation: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut replaced = false;
        for (_, rule) in &mut self.rules {
            let replaces = rule.fault.replaces_response();
            if !(replaces && replaced) && rule.happens(operation, &mut self.random) {
                replaced |= replaces;
                faults.push(rule.fault.clone());
            }
        }
        faults
    }
}
