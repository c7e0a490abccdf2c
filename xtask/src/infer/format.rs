//! The format of texts: what all texts of one place have in common, by the same library that checks
//! documents.

use jsonschema::Validator;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// What the texts of one place are; merging two ends in [`Format::Plain`] unless they agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// No text was seen.
    #[default]
    Unseen,
    DateTime,
    Date,
    Uuid,
    Uri,
    Email,
    Plain,
}

const TESTED: [(Format, &str); 5] = [
    (Format::DateTime, "date-time"),
    (Format::Date, "date"),
    (Format::Uuid, "uuid"),
    (Format::Uri, "uri"),
    (Format::Email, "email"),
];

static VALIDATORS: LazyLock<Vec<(Format, Validator)>> = LazyLock::new(|| {
    let validator = |(format, name): &(Format, &str)| {
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&json!({ "format": name })).ok()?;
        Some((*format, validator))
    };
    TESTED.iter().filter_map(validator).collect()
});

impl Format {
    /// The format of one text.
    pub fn of(text: &str) -> Self {
        let Some(candidate) = Self::candidate(text) else {
            return Self::Plain;
        };
        let text = Value::from(text);
        let is_valid = |(format, validator): &(Self, Validator)| {
            *format == candidate && validator.is_valid(&text)
        };
        if VALIDATORS.iter().any(is_valid) {
            candidate
        } else {
            Self::Plain
        }
    }

    /// The only format that a text can have, from its looks: most texts are none, and cost nothing.
    fn candidate(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let dashed = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
        match () {
            // A placeholder is no value, and a URL with one in it is no URL.
            () if text.contains(['{', '}', ' ']) => None,
            () if dashed && bytes.len() == 10 => Some(Self::Date),
            () if dashed && bytes[10].eq_ignore_ascii_case(&b'T') => Some(Self::DateTime),
            () if bytes.len() == 36 && bytes[8] == b'-' => Some(Self::Uuid),
            // `note:this` is a URI by the letter, and none that anybody means.
            () if text.contains("://") => Some(Self::Uri),
            () if text.contains('@') => Some(Self::Email),
            () => None,
        }
    }

    /// The format of a place where both were seen.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unseen, format) | (format, Self::Unseen) => format,
            (mine, theirs) if mine == theirs => mine,
            _ => Self::Plain,
        }
    }

    /// Its name in a schema, if it has one.
    pub fn name(self) -> Option<&'static str> {
        let tested = TESTED.iter().find(|(format, _)| *format == self);
        tested.map(|(_, name)| *name)
    }
}

/// Whether the key of an object is data rather than the name of a field: a number, an id, a day or an
/// address.
pub fn is_data(key: &str) -> bool {
    is_measured(key)
        || is_random(key)
        || key.starts_with('/')
        || is_region(key)
        || Format::of(key).name().is_some()
}

/// A number, a month, a time, an address of a machine, a phone number: digits and marks.
fn is_measured(key: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_digit() || b"+-./: ".contains(&byte);
    key.bytes().all(fits) && key.bytes().any(|byte| byte.is_ascii_digit())
}

/// A language with a region: `en_US`, `pt-BR`.
fn is_region(key: &str) -> bool {
    let Some((language, region)) = key.split_once(['-', '_']) else {
        return false;
    };
    is_language(language)
        && region.len() == 2
        && region.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_language(key: &str) -> bool {
    key.len() == 2 && key.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether keys are languages, of which some have a region, or currencies, of which one is known.
pub fn are_codes<'k>(keys: impl Iterator<Item = &'k str> + Clone) -> bool {
    const KNOWN: [&str; 8] = ["CHF", "CNY", "EUR", "GBP", "INR", "JPY", "RUB", "USD"];
    let is_currency =
        |key: &str| key.len() == 3 && key.bytes().all(|byte| byte.is_ascii_uppercase());
    let languages =
        keys.clone().all(|key| is_language(key) || is_region(key)) && keys.clone().any(is_region);
    let currencies = keys.clone().all(is_currency) && keys.clone().any(|key| KNOWN.contains(&key));
    keys.count() > 1 && (languages || currencies)
}

/// Whether keys differ in their numbers only, or are all words that nobody calls a field.
pub fn are_counted_or_said<'k>(mut keys: impl Iterator<Item = &'k str> + Clone) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-$.@".contains(c);
    if keys
        .clone()
        .all(|key| !key.is_empty() && !key.chars().all(is_name))
    {
        return true;
    }
    let stem = |key: &'k str| {
        let stem = key.trim_end_matches(|c: char| c.is_ascii_digit());
        (stem.len() < key.len()).then_some(stem)
    };
    let Some(first) = keys.next().and_then(stem) else {
        return false;
    };
    keys.all(|key| stem(key) == Some(first))
}

/// Whether a text was made by a machine: an id or a secret in any alphabet, with or without a prefix.
fn is_random(text: &str) -> bool {
    const SHORTEST: usize = 16;
    let letters = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    if text.len() < SHORTEST || !text.bytes().all(|byte| letters(&byte)) {
        return false;
    }
    // The longest part: of `order_5oYej0l0heMydtjaVpOq4z` the id.
    let part = text
        .split(['-', '_'])
        .max_by_key(|part| part.len())
        .unwrap_or(text);
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.contains(|c: char| c.is_ascii_digit());
    hex || (part.len() >= SHORTEST - 4 && is_mixed(part))
}

/// Whether digits and letters, small and large, change places as words do not.
fn is_mixed(text: &str) -> bool {
    let class = |byte: u8| match byte {
        byte if byte.is_ascii_digit() => 0,
        byte if byte.is_ascii_uppercase() => 1,
        _ => 2,
    };
    let bytes = text.as_bytes();
    let changes = bytes
        .windows(2)
        .filter(|pair| class(pair[0]) != class(pair[1]))
        .count();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    // Words have small letters.
    let is_loud = !bytes.iter().any(u8::is_ascii_lowercase);
    digits > 1 && digits < bytes.len() && (is_loud || changes * 4 > bytes.len())
}

/// Whether a segment of a path is an id or a secret, or holds one.
pub fn is_opaque(segment: &str) -> bool {
    const LONG_NUMBER: usize = 5;
    let parts = || segment.split(|c: char| !c.is_alphanumeric());
    let long = |part: &str| {
        let mut runs = part.split(|c: char| !c.is_ascii_digit());
        runs.any(|run| run.len() >= LONG_NUMBER)
    };
    is_data(segment) || parts().any(|part| long(part) || is_random(part))
}

#[cfg(test)]
mod tests {
    use super::{Format, is_data, is_opaque};

    #[test]
    fn texts() {
        for (text, format) in [
            ("2026-05-04", Format::Date),
            ("2026-13-04", Format::Plain),
            ("2026-05-04T10:00:00Z", Format::DateTime),
            ("2026-05-04T10:00:00.123+03:00", Format::DateTime),
            ("2026-05-04T10:00:00", Format::Plain),
            ("2026-05-04 10:00:00", Format::Plain),
            ("04.05.2026", Format::Plain),
            ("6f1c4b56-8f6c-4a7e-9d8b-2f0a5d1e7c33", Format::Uuid),
            ("6f1c4b56-8f6c-4a7e-9d8b-2f0a5d1e7czz", Format::Plain),
            ("https://shop.example.com/a?b=c#d", Format::Uri),
            ("https://{{host}}/a", Format::Plain),
            ("/a/b", Format::Plain),
            ("note:this", Format::Plain),
            ("ann@shop.example.com", Format::Email),
            ("@ann", Format::Plain),
            ("", Format::Plain),
            ("ünïcödé-text", Format::Plain),
        ] {
            assert_eq!(Format::of(text), format, "{text}");
        }
    }

    #[test]
    fn formats_merge_to_what_all_share() {
        use Format::{Date, Plain, Unseen, Uri};
        for (a, b, merged) in [
            (Unseen, Date, Date),
            (Date, Date, Date),
            (Date, Uri, Plain),
            (Plain, Date, Plain),
            (Unseen, Unseen, Unseen),
        ] {
            assert_eq!((a.merged(b), b.merged(a)), (merged, merged));
        }
    }

    #[test]
    fn keys() {
        for key in [
            "7",
            "2026-05-04",
            "5f2b8c1d9e4a7b6c3d2e1f0a",
            "ann@shop.example.com",
            "5oYej0l0heMydtjaVpOq4z",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "k3j9x0qpl2m4n7z8",
            "-MZ9xQ2f8LkT0vRw3YbA",
            "order_5oYej0l0heMydtjaVpOq4z",
            "-1.5",
            "10:00",
            "2026-05",
            "192.0.2.1",
            "+15550100001",
            "/path/a",
            "pt-BR",
        ] {
            assert!(is_data(key), "{key}");
        }
        for key in [
            "",
            "id",
            "a7",
            "face",
            "v1",
            "first-name",
            "addressLine1Description",
            "oauth2ClientCredentialsGrant",
            "transfer_to_group_2_members",
            "THE_LARGEST_NUMBER_OF_2024",
            "internationalization",
        ] {
            assert!(!is_data(key), "{key}");
        }
    }

    #[test]
    fn segments() {
        for segment in [
            "bot111111:AAAA-secretPart_x",
            "5f2b8c1d9e4a7b6c3d2e1f0a",
            "a-123456",
        ] {
            assert!(is_opaque(segment), "{segment}");
        }
        for segment in ["orders", "sendMessage", "oauth2", "q1-2024", "base64"] {
            assert!(!is_opaque(segment), "{segment}");
        }
    }
}
