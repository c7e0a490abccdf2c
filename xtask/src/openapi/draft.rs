//! Operations on their way from the collection into the document: their ids, and what was read of each.

use super::answers::Answers;
use super::bodies::Bodies;
use super::parameters::parameters;
use crate::config::Config;
use crate::infer::shape::Shape;
use crate::infer::{names, table};
use crate::json::{Json, object};
use crate::postman::read::{Endpoint, Endpoints};
use crate::{Error, parallel};
use std::collections::HashMap;

/// An operation on its way from the collection into the document.
#[derive(Debug)]
pub struct Draft<'a> {
    pub endpoint: &'a Endpoint<'a>,
    pub id: String,
    pub answers: Answers<'a>,
    /// What the JSON answers of successes have in common, until its objects have names.
    pub succeeded: Option<Shape<'a>>,
    /// What the JSON answers of failures have in common, until then too.
    pub failed: Option<Shape<'a>>,
    pub documented: table::Documented,
    pub bodies: Bodies<'a>,
    pub parameters: Vec<Json<'a>>,
    /// The schema of a success, once its components have names.
    pub success: Json<'a>,
    /// The schema of a JSON body.
    pub request: Option<Json<'a>>,
    /// What a call requires, where it is not what the collection requires.
    pub security: Option<Json<'static>>,
}

/// Reads what the requests of each endpoint show.
///
/// # Errors
/// Two items with one operation id.
pub fn drafts<'a>(
    file: &str,
    endpoints: &'a Endpoints<'a>,
    config: &Config,
    warnings: &mut Vec<String>,
) -> Result<Vec<Box<Draft<'a>>>, Error> {
    let ids = operation_ids(file, endpoints, config, warnings)?;
    let endpoints = endpoints.list.iter().zip(ids).collect();
    let drafts = parallel::map(endpoints, |(endpoint, id)| Draft::read(endpoint, id));
    let (drafts, said): (Vec<_>, Vec<_>) = drafts.into_iter().unzip();
    warnings.extend(said.into_iter().flatten());
    Ok(drafts)
}

impl<'a> Draft<'a> {
    /// What the requests and saved responses of an endpoint show, and warnings.
    fn read(endpoint: &'a Endpoint<'a>, id: String) -> (Box<Self>, Vec<String>) {
        let mut warnings = Vec::new();
        let mut warn = |text: String| warnings.push(format!("{}: {text}", endpoint.place));
        let mut answers = Answers::read(endpoint, &mut warn);
        let bodies = Bodies::read(endpoint, &mut warn);
        let documented = table::read(&endpoint.request.description);
        let draft = Self {
            endpoint,
            id,
            succeeded: answers.take_success(),
            failed: answers.failure(),
            answers,
            bodies,
            parameters: parameters(endpoint, &documented.fields),
            documented,
            success: object! {},
            request: None,
            security: None,
        };
        // Boxed: it is large, and goes from list to list.
        (Box::new(draft), warnings)
    }
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
        let full = names::full_operation_id(method, path);
        let numbered = (2..).map(|number| format!("{full}_{number}"));
        let mut free = std::iter::once(full.clone())
            .chain(numbered)
            .filter(|id| !owners.contains_key(id));
        let id = free.next().unwrap_or(full);
        warnings.push(format!("{place}: {taken}; it is called `{id}`"));
        owners.insert(id, index);
    }
    let mut ids = vec![String::new(); list.len()];
    for (id, index) in owners {
        ids[index] = id;
    }
    Ok(ids)
}
