//! Operations on their way from the collection into the document: their ids, and what was read of each.

use super::access::sent;
use super::answers::Answers;
use super::bodies::Bodies;
use super::components::Name;
use super::parameters::parameters;
use crate::account::{Account, Kind, Notes};
use crate::config::Config;
use crate::infer::shape::Shape;
use crate::infer::{names, table};
use crate::json::{Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use crate::{Error, parallel};
use std::collections::{HashMap, HashSet};

/// An operation on its way from the collection into the document.
#[derive(Debug)]
pub struct Draft<'a> {
    pub endpoint: &'a Endpoint<'a>,
    pub id: String,
    /// The name of what its path is about.
    pub resource: Name,
    pub answers: Answers<'a>,
    /// What the JSON answers of successes have in common, until its objects have names.
    pub succeeded: Option<Box<Shape<'a>>>,
    /// What the JSON answers of failures have in common, until then too.
    pub failed: Option<Box<Shape<'a>>>,
    pub documented: table::Documented,
    pub bodies: Bodies<'a>,
    /// None until it is complete.
    pub parameters: Vec<Json<'a>>,
    /// The schema of a success, once its components have names.
    pub success: Json<'a>,
    /// The schema of a JSON body.
    pub request: Option<Json<'a>>,
    /// What a call requires, where it is not what the collection requires.
    pub security: Option<Box<Json<'static>>>,
    /// Where it is, where that is not where most are.
    pub servers: Option<Box<Json<'static>>>,
}

/// Reads what the requests of each endpoint show.
///
/// # Errors
/// Two items with one operation id.
pub fn drafts<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &Config,
    account: &mut Account,
    warnings: &mut Vec<String>,
) -> Result<Vec<Box<Draft<'a>>>, Error> {
    let mut drafts = sketches(file, endpoints, config, account, warnings)?;
    let mut notes = Notes::default();
    for draft in &mut drafts {
        draft.complete(endpoints, &mut notes);
    }
    account.add(notes.account);
    warnings.extend(notes.warnings);
    Ok(drafts)
}

/// Reads what must be known of each endpoint before one is written; see [`Draft::complete`] for the rest, which is
/// most.
///
/// # Errors
/// Two items with one operation id.
pub fn sketches<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &Config,
    account: &mut Account,
    warnings: &mut Vec<String>,
) -> Result<Vec<Box<Draft<'a>>>, Error> {
    let ids = operation_ids(file, endpoints, config, warnings)?;
    let list = endpoints.list.iter().zip(ids).collect();
    let parts = parallel::parts(list, |part: Vec<(&'a Endpoint<'a>, String)>| {
        let mut notes = Notes::default();
        let drafts = part.into_iter();
        let drafts = drafts.map(|(endpoint, id)| Draft::read(endpoint, endpoints, id, &mut notes));
        (drafts.collect::<Vec<_>>(), notes)
    });
    let mut list = Vec::with_capacity(endpoints.list.len());
    for (drafts, notes) in parts {
        account.add(notes.account);
        warnings.extend(notes.warnings);
        list.extend(drafts);
    }
    Ok(list)
}

impl<'a> Draft<'a> {
    /// What the requests and saved responses of an endpoint show.
    fn read(
        endpoint: &'a Endpoint<'a>,
        endpoints: &'a Endpoints<'a>,
        id: String,
        notes: &mut Notes,
    ) -> Box<Self> {
        let Notes { account, warnings } = notes;
        let mut warn = |text: String| warnings.push(format!("{}: {text}", endpoint.place));
        let mut answers = Answers::read(endpoint, endpoints.longest_value, account, &mut warn);
        let bodies = Bodies::read(endpoint, endpoints, account, &mut warn);
        let documented = documented(endpoint, account);
        let draft = Self {
            endpoint,
            id,
            resource: names::resource(endpoint.method, &endpoint.path).into(),
            succeeded: answers.take_success().map(Box::new),
            failed: answers.failure().map(Box::new),
            answers,
            bodies,
            parameters: Vec::new(),
            documented,
            success: object! {},
            request: None,
            security: None,
            servers: None,
        };
        // Boxed: it is large, and goes from list to list.
        Box::new(draft)
    }

    /// Reads what nothing but its own operation needs: its parameters and forms.
    pub fn complete(&mut self, endpoints: &'a Endpoints<'a>, notes: &mut Notes) {
        let Notes { account, warnings } = notes;
        let endpoint = self.endpoint;
        self.bodies.read_forms(&endpoint.place, account);
        self.parameters = parameters(
            endpoint,
            &self.documented.fields,
            &endpoints.variables,
            &sent(endpoint, endpoints),
            account,
            &mut |text| warnings.push(format!("{}: {text}", endpoint.place)),
        );
    }
}

/// What the descriptions of all requests of an endpoint say; those of variants under their names.
fn documented(endpoint: &Endpoint<'_>, account: &mut Account) -> table::Documented {
    let own = endpoint.request.description.trim();
    let mut documented = table::read(own);
    let mut known = HashSet::new();
    if !own.is_empty() {
        account.keep(Kind::Description, 1);
        known.insert(own);
    }
    for variant in &endpoint.variants {
        let text = variant.request.description.trim();
        if text.is_empty() {
            continue;
        }
        account.merge(
            Kind::Description,
            &endpoint.place,
            "the operation's description",
        );
        if !known.insert(text) {
            continue;
        }
        let further = table::read(text);
        documented.fields.merge(&further.fields);
        if further.prose.is_empty() {
            continue;
        }
        if !documented.prose.is_empty() {
            documented.prose.push_str("\n\n");
        }
        documented
            .prose
            .push_str(&format!("**{}**: {}", &*variant.name, further.prose));
    }
    documented
}

/// The ids of all endpoints, each its own.
///
/// Where two would get one id, the endpoint with the shorter path keeps it and the other's id says its
/// whole path, with a warning. A project that has settings decides itself: there it is an error.
fn operation_ids(
    file: &str,
    endpoints: &Endpoints<'_>,
    config: &Config,
    warnings: &mut Vec<String>,
) -> Result<Vec<String>, Error> {
    let list = &endpoints.list;
    let mut wanted = parallel::map(list.iter().collect(), |endpoint: &Endpoint<'_>| {
        let Endpoint { method, path, .. } = endpoint;
        let said = config.operation(method, path).map(str::to_owned);
        said.unwrap_or_else(|| names::operation_id(method, path))
    });
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by_cached_key(|index| {
        let Endpoint { path, method, .. } = &list[*index];
        (path.len(), path, method)
    });
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut owners: HashMap<String, usize> = HashMap::with_capacity(list.len());
    for index in order {
        let Endpoint {
            method,
            path,
            place,
            ..
        } = &list[index];
        let wanted = std::mem::take(&mut wanted[index]);
        let Some(first) = owners.get(&wanted) else {
            owners.insert(wanted, index);
            continue;
        };
        let taken = format!(
            "has the operation id `{wanted}`, as `{}` has",
            list[*first].place
        );
        if config.strict {
            return Err(Error::new(file, place, taken));
        }
        let [short, full] = names::full_operation_ids(method, path);
        let number = numbers.entry(full.clone()).or_insert(1);
        let other = &list[*first];
        // Of two versions of one call the version is what they differ in.
        let [others, _] = names::full_operation_ids(other.method, &other.path);
        let short = Some(short).filter(|short| *short != others);
        let mut free = short.into_iter().chain([full.clone()]);
        let id = free.find(|id| !owners.contains_key(id)).unwrap_or_else(|| {
            loop {
                *number += 1;
                let numbered = format!("{full}_{number}");
                if !owners.contains_key(&numbered) {
                    break numbered;
                }
            }
        });
        warnings.push(format!("{place}: {taken}; it is called `{id}`"));
        owners.insert(id, index);
    }
    let mut ids = vec![String::new(); list.len()];
    for (id, index) in owners {
        ids[index] = id;
    }
    Ok(ids)
}
