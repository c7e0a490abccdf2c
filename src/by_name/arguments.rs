//! [`Arguments`], the arguments of a call by name, checked against the parameters of its operation.

use crate::operation::{Operation, Parameter, ParameterKind, ParameterLocation};
use serde_json::{Map, Value};

/// The arguments of a call, each as it is sent.
#[derive(Clone)]
pub(super) struct Arguments {
    operation: &'static Operation,
    /// In the order of the operation's parameters; `None` for those that were not given.
    values: Vec<Option<Value>>,
    /// The whole body, if it was given as such.
    body: Option<Value>,
}

impl Arguments {
    /// Checks names and values. What is missing is found when the request is built.
    ///
    /// # Errors
    /// A text that names the argument and what is accepted, without its value.
    pub(super) fn read(
        operation: &'static Operation,
        given: Map<String, Value>,
    ) -> Result<Self, String> {
        let mut values = vec![None; operation.parameters.len()];
        for (name, value) in given {
            let index = place(operation, &name).ok_or_else(|| unknown(operation, &name))?;
            let parameter = &operation.parameters[index];
            if values[index].is_some() {
                return Err(format!(
                    "`{}` and `{}` are the same argument; set it once",
                    parameter.name, parameter.key
                ));
            }
            values[index] = Some(parameter.read(value)?);
        }
        Ok(Self {
            operation,
            values,
            body: None,
        })
    }

    /// Sets the whole body.
    pub(super) fn with_body(mut self, body: Value) -> Result<Self, String> {
        let Some(accepted) = &self.operation.body else {
            return Err("the operation takes no body".to_owned());
        };
        let body = accepted.kind.read(body);
        let mut body = body.ok_or_else(|| format!("the body must be {}", accepted.kind))?;
        let all = self.operation.parameters.iter();
        for (key, value) in body.as_object_mut().into_iter().flatten() {
            let known: Vec<_> = all.clone().filter(|known| known.key == *key).collect();
            match known.iter().find(|known| is_in_body(known)) {
                Some(property) => *value = property.read(value.take())?,
                None if known.is_empty() => {}
                None => return Err(format!("`{key}` is no part of the body, but an argument")),
            }
        }
        self.body = Some(body);
        Ok(self)
    }

    /// Returns the parameters at a place with their values, without those that were not given.
    pub(super) fn at(
        &self,
        location: ParameterLocation,
    ) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        let all = self.operation.parameters.iter().zip(&self.values);
        let own = all.filter(move |(parameter, _)| parameter.location == location);
        own.filter_map(|(parameter, value)| Some((parameter, value.as_ref()?)))
    }

    /// Returns the argument that is sent under this name; `None` if it was not given or there is none.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let index = outside_body(self.operation, key)?;
        self.values[index].as_ref()
    }

    /// Sets or removes the argument that is sent under this name.
    pub(super) fn set(&mut self, key: &str, value: Option<Value>) {
        if let Some(index) = outside_body(self.operation, key) {
            self.values[index] = value;
        }
    }

    /// Returns the body to send; `None` if the operation takes none.
    ///
    /// # Errors
    /// A text, if the body was given twice, or if something of it is missing.
    pub(super) fn body(&self) -> Result<Option<Value>, String> {
        let Some(accepted) = &self.operation.body else {
            return Ok(None);
        };
        let mut properties = self.at(ParameterLocation::Body).peekable();
        let body = match (&self.body, properties.peek()) {
            (Some(_), Some((property, _))) => {
                return Err(format!(
                    "`{}` is a part of the body, which is also given as a whole; set only one of them",
                    property.name
                ));
            }
            (Some(body), None) => body.clone(),
            (None, _) if accepted.kind == ParameterKind::Object => {
                let properties =
                    properties.map(|(known, value)| (known.key.to_owned(), value.clone()));
                Value::Object(properties.collect())
            }
            (None, _) => return Err(format!("the body is missing; it must be {}", accepted.kind)),
        };
        let is_missing = |known: &&Parameter| is_in_body(known) && body.get(known.key).is_none();
        self.none_missing(is_missing)?;
        Ok(Some(body))
    }

    /// Checks that each required argument outside of the body was given.
    pub(super) fn check(&self) -> Result<(), String> {
        let is_missing = |known: &&Parameter| !is_in_body(known) && self.get(known.key).is_none();
        self.none_missing(is_missing)
    }

    fn none_missing(&self, is_missing: impl Fn(&&Parameter) -> bool) -> Result<(), String> {
        let required = self
            .operation
            .parameters
            .iter()
            .filter(|known| known.required);
        match required.into_iter().find(is_missing) {
            None => Ok(()),
            Some(missing) => Err(format!("an argument is missing: {}", missing.accepted())),
        }
    }
}

fn is_in_body(parameter: &Parameter) -> bool {
    parameter.location == ParameterLocation::Body
}

/// Returns the index of an argument, by its name or else by its name on the wire.
fn place(operation: &Operation, name: &str) -> Option<usize> {
    let known = operation.parameters;
    let by_name = known.iter().position(|known| known.name == name);
    by_name.or_else(|| known.iter().position(|known| known.key == name))
}

fn outside_body(operation: &Operation, key: &str) -> Option<usize> {
    let mut known = operation.parameters.iter();
    known.position(|known| known.key == key && !is_in_body(known))
}

fn unknown(operation: &Operation, name: &str) -> String {
    let names: Vec<_> = operation
        .parameters
        .iter()
        .map(|known| known.name)
        .collect();
    let accepted = match (names.as_slice(), &operation.body) {
        ([], None) => "it takes none".to_owned(),
        ([], Some(_)) => "it takes a body, whose properties are not known".to_owned(),
        _ => format!("it takes `{}`", names.join("`, `")),
    };
    format!("`{name}` is no argument of this operation; {accepted}")
}
