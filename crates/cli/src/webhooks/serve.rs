//! `chat2desk webhooks serve`: receives webhooks, and hands each event on until it was taken.

use super::forward::{Forward, Target};
use super::print::Print;
use super::registration::Registration;
use super::set_aside::SetAside;
use crate::exit::{Failure, in_use, with_causes};
use crate::output::{counted, note};
use crate::stop::stop;
use crate::{Common, duration};
use chat2desk::Chat2Desk;
use chat2desk::wire::WebhookEvent;
use chat2desk_webhook_receiver::{CatchUpError, JournalStore, Memory, Receiver};
use clap::builder::RangedU64ValueParser;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long handling may continue after the program was told to stop. Events that are not done are in the journal.
const GRACE: Duration = Duration::from_secs(5);

/// How often to read from the API what was not delivered.
const CATCH_UP: Duration = Duration::from_secs(3600);

/// Receives webhooks, and hands each event to a program of yours until it takes it
///
/// Only deliveries with a right signature are accepted. Each is acknowledged once its event is on the disk. Then the
/// event's body is posted to the target, as it was delivered, until the target responds with a status 2xx. Repeated
/// deliveries of an event are handed on once.
///
/// The headers of a post are X-Chat2Desk-Event, X-Chat2Desk-Key, which is equal for equal events, X-Chat2Desk-Attempt
/// and X-Chat2Desk-Replayed. After a crash an event may be posted again, with the same key.
///
/// Put a reverse proxy or a tunnel with TLS in front.
#[derive(clap::Args)]
#[group(skip)]
pub struct Arguments {
    /// Address to listen on, at every path
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8090")]
    listen: String,
    /// URL to post events to, all or only those of this name; can be repeated, and each event goes to all that match
    #[arg(long, value_name = "[EVENT=]URL", required_unless_present = "print")]
    forward: Vec<Target>,
    /// Prints events as JSON lines, in place of posting them
    ///
    /// An event counts as handed on when stdout has it. What is in a pipe when its reader dies is lost: if that matters,
    /// use --forward.
    #[arg(long, conflicts_with = "forward")]
    print: bool,
    /// File that holds the events that are not handed on yet
    #[arg(
        long,
        value_name = "FILE",
        default_value = "chat2desk-webhooks.journal"
    )]
    journal: PathBuf,
    /// Registers this URL with the account, and removes it at the end
    #[arg(long, value_name = "URL", value_parser = super::url)]
    register: Option<String>,
    /// Events to register for, separated by commas; by default those of --forward, or all
    #[arg(long, value_delimiter = ',', value_parser = super::event)]
    events: Vec<WebhookEvent>,
    /// Leaves the URL registered at the end
    #[arg(long, requires = "register")]
    keep: bool,
    /// Reads messages that were not delivered from the API, at the start and every hour
    #[arg(long)]
    catch_up: bool,
    /// Most events that may wait to be handed on; further deliveries get status 503
    #[arg(long, value_name = "EVENTS", default_value_t = 100_000, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    capacity: usize,
    /// Most events that are handed on at once
    #[arg(long, value_name = "EVENTS", default_value_t = 16, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    concurrency: usize,
    /// Delay after the first failure; it doubles with each further one
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::positive)]
    retry_after: Duration,
    /// Longest delay after a failure
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::positive)]
    longest_retry: Duration,
    /// Attempts after which an event is written to the file JOURNAL.failed, and not handed on; unlimited by default
    #[arg(long, conflicts_with = "print", value_parser = clap::value_parser!(u32).range(1..))]
    attempts: Option<u32>,
}

impl Arguments {
    pub async fn run(mut self, common: &Common) -> Result<(), Failure> {
        let account = common.account.open()?;
        let chat = account.client()?;
        let listener = TcpListener::bind(&self.listen).await;
        let address = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = address.map_err(|error| {
            Failure::other(format!("cannot listen on {}: {error}", self.listen))
        })?;
        let store = JournalStore::open(&self.journal, Memory::default());
        let store = store.map_err(|error| self.journal_failure(&error))?;
        note(format_args!(
            "Listening on http://{address}/\nEvents that are not handed on yet are in {}",
            self.journal.display()
        ));
        let events = self.events();
        let reader_gone = Arc::new(Notify::new());
        let mut receiver = Receiver::builder(account.verifier.clone())
            .store(store)
            .capacity(self.capacity)
            .concurrency(self.concurrency)
            .retry_delays(self.retry_after, self.longest_retry);
        if self.register.is_some() || !self.events.is_empty() {
            receiver = receiver.events(events.iter().cloned());
        }
        let targets = std::mem::take(&mut self.forward);
        let mut forward = None;
        let receiver = match targets.is_empty() {
            true => {
                let print = Arc::new(Print::start(reader_gone.clone())?);
                let handler = move |delivery| print.clone().write(delivery);
                receiver.start(handler).await
            }
            false => {
                let set_aside = self.attempts.map(|most| SetAside::new(most, &self.journal));
                let targets = Forward::new(targets, common.account.timeout, set_aside)?;
                let targets = forward.insert(Arc::new(targets)).clone();
                let handler = move |delivery| targets.clone().hand_on(delivery);
                receiver.start(handler).await
            }
        };
        let receiver = receiver.map_err(|error| Failure::of(&*error))?;
        let served = self.serve(listener, &receiver, &chat, events, &reader_gone, forward);
        served.await
    }

    async fn serve(
        self,
        listener: TcpListener,
        receiver: &Receiver,
        chat: &Chat2Desk,
        events: Vec<WebhookEvent>,
        reader_gone: &Notify,
        not_taken: Option<Arc<Forward>>,
    ) -> Result<(), Failure> {
        let end = Notify::new();
        let work = async {
            let registration = match self.register {
                Some(url) => Some(Registration::make(chat, url, events, self.keep).await?),
                None => None,
            };
            let catching_up = async {
                if !self.catch_up {
                    return std::future::pending().await;
                }
                catch_up(receiver, chat).await
            };
            let mut is_reader_gone = false;
            tokio::select! {
                stopped = stop() => stopped.map_err(|error| Failure::of(&error))?,
                () = reader_gone.notified() => is_reader_gone = true,
                failed = catching_up => failed?,
            }
            if let Some(registration) = registration {
                registration.end(chat).await?;
            }
            match is_reader_gone {
                true => Err(Failure::ReaderGone),
                false => Ok(()),
            }
        };
        let work = async {
            let ended = work.await;
            end.notify_one();
            ended
        };
        let (ended, ()) = tokio::join!(work, receiver.serve(listener, end.notified()));
        let grace = match ended {
            Err(Failure::ReaderGone) => Duration::ZERO,
            _ => GRACE,
        };
        let left = receiver.shutdown(grace).await;
        let stats = receiver.stats();
        let not_taken = not_taken
            .as_deref()
            .map(Forward::not_taken)
            .unwrap_or_default();
        let handed_on = stats
            .handled
            .saturating_sub(not_taken.set_aside + not_taken.unmatched);
        let mut more = String::new();
        if not_taken.set_aside > 0 {
            more += &format!(", {} set aside", not_taken.set_aside);
        }
        if not_taken.unmatched > 0 {
            more += &format!(", {} matched no --forward", not_taken.unmatched);
        }
        note(format_args!(
            "{} accepted, {handed_on} handed on{more}; {} refused",
            counted(stats.accepted, "event"),
            counted(stats.refused, "request"),
        ));
        if left > 0 {
            note(format_args!(
                "{} left in {}; the next start hands them on",
                counted(left, "event"),
                self.journal.display()
            ));
        }
        ended
    }

    /// Returns the events that are wanted: those that were named, those of the targets, or all.
    fn events(&self) -> Vec<WebhookEvent> {
        let of_targets = self.forward.iter().map(|target| target.event.clone());
        match of_targets.collect::<Option<Vec<_>>>() {
            _ if !self.events.is_empty() => self.events.clone(),
            Some(events) if !events.is_empty() => events,
            _ => WebhookEvent::KNOWN.to_vec(),
        }
    }

    fn journal_failure(&self, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::WouldBlock {
            return in_use(&self.journal);
        }
        let text = error.to_string().replace(
            "`Receiver::catch_up_since`",
            "`chat2desk export messages --since`; --catch-up reads what is missed from then on",
        );
        Failure::other(format!("{}: {text}", self.journal.display()))
    }
}

/// Reads what was not delivered, until the API rejects the token.
async fn catch_up(receiver: &Receiver, chat: &Chat2Desk) -> Result<(), Failure> {
    loop {
        match receiver.catch_up(chat).await {
            Ok(done) if done.missed > 0 => note(format_args!(
                "{} not delivered, and read from the API",
                counted(done.missed, "message")
            )),
            Ok(_) => {}
            Err(CatchUpError::Api(error)) if error.is_auth() => return Err(error.into()),
            // The next time continues from there.
            Err(error) => note(format_args!("warning: {}", with_causes(&error))),
        }
        tokio::time::sleep(CATCH_UP).await;
    }
}
