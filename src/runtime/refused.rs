//! [`Refused`], the values that the setters of a builder could not convert.

use std::fmt::Display;

/// The values that the setters of a builder could not convert, each with its field and the reason.
#[derive(Clone, Default)]
pub(crate) struct Refused(Vec<(&'static str, String)>);

impl Refused {
    /// Sets `field` to the converted value.
    pub(crate) fn set<T, V>(&mut self, field: &mut Option<T>, name: &'static str, value: V)
    where
        V: TryInto<T>,
        V::Error: Display,
    {
        if let Some(value) = self.converted(name, value) {
            *field = Some(value);
        }
    }

    /// Sets `field`, whose type has a value for "not set", to the converted value.
    pub(crate) fn replace<T, V>(&mut self, field: &mut T, name: &'static str, value: V)
    where
        V: TryInto<T>,
        V::Error: Display,
    {
        if let Some(value) = self.converted(name, value) {
            *field = value;
        }
    }

    fn converted<T, V>(&mut self, name: &'static str, value: V) -> Option<T>
    where
        V: TryInto<T>,
        V::Error: Display,
    {
        let converted = value.try_into();
        self.note(name, converted.as_ref().err().map(|error| error as _));
        converted.ok()
    }

    /// The last value of a field counts.
    fn note(&mut self, name: &'static str, error: Option<&dyn Display>) {
        self.0.retain(|(refused, _)| *refused != name);
        if let Some(error) = error {
            let reason = format!("invalid value for {name}: {error}");
            self.0.push((name, reason));
        }
    }

    /// Returns what was refused first.
    pub(crate) fn first(self) -> Option<String> {
        self.0.into_iter().next().map(|(_, reason)| reason)
    }
}
