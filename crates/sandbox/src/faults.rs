//! Faults: what goes wrong, at which calls.

use axum::http::StatusCode;
use chat2desk::operations;
use fastrand::Rng;
use std::time::Duration;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The answer comes so much later, after the call had its effect: who does not wait for it has called all
    /// the same. Goes together with other faults.
    Delay(Duration),
    /// The answer is an error of this status; the call has no effect.
    Status(StatusCode),
    /// The answer has this status and this text; the call has no effect. For what else servers were seen to
    /// do, such as quota errors in plain text, or nothing at all.
    Answer(StatusCode, String),
    /// The answer is an error, though its status is 200: some reports are refused so, and old servers
    /// refuse anything so. The call has no effect.
    ErrorIn200,
    /// Too many calls: status 429, with `Retry-After` if a time is given, in whole seconds. Whether the server
    /// sends that header is not known.
    RateLimited(Option<Duration>),
    /// The calls of the month are used up: status 429, without an end.
    QuotaUsedUp,
    /// A gateway answers for the server: status 502, and a page of HTML.
    BadGateway,
    /// The connection breaks before an answer. The call has its effect all the same.
    Reset,
    /// The connection breaks within the answer. The call has its effect all the same.
    Truncated,
    /// The list begins at its start, whatever `offset` says, as was seen with channels. Goes together with
    /// other faults.
    IgnoreOffset,
    /// The call succeeds, and the messenger refuses the message later: it ends as `failed`, with this text as `error`
    /// of `outbox_status`. The form of that field is not documented. Goes together with other faults.
    NotDelivered(String),
    /// The message that the call sends is delivered, and never seen. Goes together with other faults.
    NotSeen,
    /// The messages that the call writes are in the list of messages only after this time, a year at most. With
    /// [`Rule::share`] or [`Rule::times`] messages are listed out of order. Goes together with other faults.
    ListedAfter(Duration),
    /// Before the answer somebody adds a record to the end of the list: for `list_clients`,
    /// `list_messages`, `list_dialogs` and `list_tickets`. Goes together with other faults.
    Grow,
    /// Before the answer somebody removes the first record of the list, and what belongs to it: for `list_clients`,
    /// `list_dialogs` and `list_tickets`. Goes together with other faults.
    Shrink,
}

impl Fault {
    /// Whether the call is answered otherwise than it would be.
    fn replaces_answer(&self) -> bool {
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

/// A fault and the calls that it happens to: all, unless told otherwise.
///
/// ```
/// use chat2desk_sandbox::{Fault, Rule};
///
/// // The third page of customers comes only at the third attempt.
/// let rule = Rule::new(Fault::BadGateway).on("list_clients").after(2).times(2);
/// // Every twentieth call, by chance, is too much.
/// let storm = Rule::new(Fault::RateLimited(None)).share(0.05);
/// # let _ = (rule, storm);
/// ```
#[derive(Debug, Clone)]
#[must_use = "a rule does nothing until it is given to a sandbox"]
pub struct Rule {
    pub(super) fault: Fault,
    pub(super) operation: Option<&'static str>,
    pub(super) after: usize,
    /// For ever if it is none.
    pub(super) times: Option<usize>,
    pub(super) share: f64,
}

impl Rule {
    /// At every call.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            after: 0,
            times: None,
            share: 1.0,
        }
    }

    /// Only at calls of this operation, such as `send_message`.
    ///
    /// # Panics
    /// If there is no such operation.
    pub fn on(mut self, operation: &str) -> Self {
        let known = operations().iter().find(|known| known.id == operation);
        let known = known.unwrap_or_else(|| panic!("there is no operation `{operation}`"));
        self.operation = Some(known.id);
        self
    }

    /// Only after so many calls passed.
    pub fn after(mut self, calls: usize) -> Self {
        self.after = calls;
        self
    }

    /// So many times, then never again.
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Only at this share of the calls, from 0 for none to 1 for all, by a chance that the sandbox's seed makes.
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Whether it happens to a call of this operation.
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

/// The rules in force, with the numbers by which the page names them.
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

    /// Removes a rule, and says whether it was there.
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

    /// What happens to a call. Of faults that replace the answer only the first does.
    pub(super) fn of(&mut self, operation: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut replaced = false;
        for (_, rule) in &mut self.rules {
            let replaces = rule.fault.replaces_answer();
            if !(replaces && replaced) && rule.happens(operation, &mut self.random) {
                replaced |= replaces;
                faults.push(rule.fault.clone());
            }
        }
        faults
    }
}
