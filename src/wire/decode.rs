//! Decodes a body: by a fast reading, and by a second one if a value is not of the documented type.
//!
//! In the second reading each unexpected value costs only its own field and is reported. Nothing is left out
//! without a report, and an id is never left out: without it there is no record.

use super::drift::Drift;
use super::raw::Raw;
use super::{lenient, reading, slices};
use serde::de::DeserializeOwned;
use std::fmt;

/// A decoded body, and the values that were left out of it.
#[derive(Debug)]
pub struct Decoded<T> {
    pub(crate) value: T,
    pub(crate) drift: Vec<Drift>,
}

/// Why a body could not be decoded, and where. Contains no value of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// The body is not JSON.
    Syntax {
        line: usize,
        column: usize,
        problem: String,
    },
    /// A required value is missing or unexpected, such as the id of a record.
    Mismatch(Drift),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax {
                line,
                column,
                problem,
            } => write!(
                f,
                "the body is not JSON: {problem} at line {line}, column {column}"
            ),
            Self::Mismatch(drift) => drift.fmt(f),
        }
    }
}

impl std::error::Error for DecodeError {}

impl DecodeError {
    fn syntax(error: &serde_json::Error) -> Self {
        // The messages of syntax errors quote nothing of the text.
        let problem = error.to_string();
        let problem = problem.split(" at line ").next().unwrap_or_default();
        Self::Syntax {
            line: error.line(),
            column: error.column(),
            problem: problem.to_owned(),
        }
    }

    /// Returns the mismatch; `None` for an error of syntax.
    pub(crate) fn into_drift(self) -> Option<Drift> {
        match self {
            Self::Syntax { .. } => None,
            Self::Mismatch(drift) => Some(drift),
        }
    }
}

/// Decodes a JSON body. An empty body is read as `null`.
///
/// # Errors
/// [`DecodeError`] if it is not JSON, or if a required value is missing.
pub(crate) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<Decoded<T>, DecodeError> {
    if let Ok(value) = lenient::from_slice(body) {
        return Ok(Decoded {
            value,
            drift: Vec::new(),
        });
    }
    let body = checked(body)?;
    let reading = reading::begin(body);
    let read = T::deserialize(Raw::new(body));
    let drift = reading.end();
    match read {
        Ok(value) => Ok(Decoded { value, drift }),
        Err(mismatch) => Err(DecodeError::Mismatch(mismatch.into_drift())),
    }
}

/// Returns the body without a byte order mark, if it is JSON.
fn checked(body: &[u8]) -> Result<&[u8], DecodeError> {
    let body = if body.trim_ascii().is_empty() {
        b"null"
    } else {
        body
    };
    slices::check(body).map_err(|error| DecodeError::syntax(&error))
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::wire::{Timestamp, tolerant};
    use serde::Deserialize;
    use serde_json::Value;
    use std::collections::HashMap;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Record {
        id: i64,
        #[serde(default, deserialize_with = "tolerant::field")]
        name: Option<String>,
        #[serde(default, deserialize_with = "tolerant::field")]
        online: Option<bool>,
        #[serde(default, deserialize_with = "tolerant::field")]
        at: Option<Timestamp>,
        #[serde(default, deserialize_with = "tolerant::field")]
        free: Value,
        #[serde(default, deserialize_with = "tolerant::field")]
        tags: Vec<i64>,
        #[serde(default, deserialize_with = "tolerant::field")]
        ids: HashMap<String, i64>,
        #[serde(default, deserialize_with = "tolerant::field")]
        inner: Option<Box<Record>>,
        #[serde(default, deserialize_with = "tolerant::field")]
        others: Vec<Record>,
    }

    /// A body, what is read of it, and what is reported.
    #[track_caller]
    fn check(json: &str, expected: Record, drift: &[&str]) {
        let decoded = decode::<Record>(json.as_bytes()).unwrap_or_else(|error| {
            panic!("{json}: {error}");
        });
        let reported: Vec<_> = decoded.drift.iter().map(ToString::to_string).collect();
        assert_eq!(
            (decoded.value, reported),
            (expected, drift.iter().map(ToString::to_string).collect()),
            "{json}"
        );
    }

    fn seven() -> Record {
        Record {
            id: 7,
            ..Record::default()
        }
    }

    #[test]
    fn a_value_of_another_type_costs_its_own_field() {
        for (field, expected, found) in [
            (r#""name": {"first": "my words"}"#, "string", "object"),
            (r#""name": true"#, "string", "boolean"),
            (r#""name": []"#, "string", "array"),
            (r#""online": "my words""#, "boolean", "string"),
            (r#""online": 5"#, "boolean", "integer"),
            (
                r#""at": {}"#,
                "a timestamp, as text or unix seconds",
                "object",
            ),
            (
                r#""at": 1.5"#,
                "a timestamp, as text or unix seconds",
                "number",
            ),
            (r#""free": 1e999"#, "number in range", "number"),
            (r#""tags": "x""#, "array", "string"),
            (r#""ids": "x""#, "object", "string"),
            (r#""inner": 1"#, "object", "integer"),
        ] {
            let name = field.split('"').nth(1).unwrap();
            let drift = format!("at `/{name}`: expected {expected}, found {found}");
            check(&format!(r#"{{"id": 7, {field}}}"#), seven(), &[&drift]);
            check(&format!(r#"{{{field}, "id": "7"}}"#), seven(), &[&drift]);
        }
    }

    #[test]
    fn parts_are_left_out_alone() {
        let expected = Record {
            tags: vec![1, 3],
            ids: [("a".to_owned(), 1)].into(),
            inner: Some(Box::new(Record {
                id: 8,
                tags: vec![2],
                ..Record::default()
            })),
            others: vec![Record {
                id: 9,
                ..Record::default()
            }],
            ..seven()
        };
        check(
            r#"{"id": 7, "tags": [1, null, 3], "ids": {"a": 1, "b": {}},
                "inner": {"id": 8, "name": [1, 2], "tags": [[], 2]},
                "others": [{"id": 9, "online": "?"}, {"id": {}}, {"name": "x"}]}"#,
            expected,
            &[
                "at `/tags/1`: expected integer, found null",
                "at `/ids/*`: expected integer, found object",
                "at `/inner/name`: expected string, found array",
                "at `/inner/tags/0`: expected integer, found array",
                "at `/others/0/online`: expected boolean, found string",
                "at `/others/1`: expected object with integer at `/id`, found object",
                "at `/others/2`: expected object with a value at `/id`, found object",
            ],
        );
    }

    #[test]
    fn one_stands_for_a_list_of_one_and_the_reverse() {
        let expected = Record {
            name: Some("a".into()),
            tags: vec![5],
            inner: Some(Box::new(Record {
                id: 8,
                ..Record::default()
            })),
            ..seven()
        };
        check(
            r#"{"id": 7, "name": ["a"], "tags": "5", "inner": [{"id": 8}]}"#,
            expected,
            &[
                "at `/name`: expected string, found array",
                "at `/tags`: expected array, found string",
                "at `/inner`: expected object, found array",
            ],
        );
    }

    /// Another record may have the id that is in the list.
    #[test]
    fn a_list_of_one_is_no_id() {
        for id in ["[7]", r#"["7"]"#, "[[7]]"] {
            let error = decode::<Record>(format!(r#"{{"id": {id}}}"#).as_bytes());
            let expected = "at `/id`: expected integer, found array";
            assert_eq!(error.unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn what_is_lost_in_a_stand_in_is_reported_too() {
        let expected = Record {
            inner: Some(Box::new(Record {
                id: 8,
                ..Record::default()
            })),
            others: vec![Record {
                id: 9,
                ..Record::default()
            }],
            ..seven()
        };
        check(
            r#"[{"id": 7, "inner": [{"id": 8, "name": {}}], "others": {"id": 9, "at": {}}}]"#,
            expected,
            &[
                "at ``: expected object, found array",
                "at `/0/inner`: expected object, found array",
                "at `/0/inner/0/name`: expected string, found object",
                "at `/0/others`: expected array, found object",
                "at `/0/others/at`: expected a timestamp, as text or unix seconds, found object",
            ],
        );
        // Two entries of a map have the same pointer, and are two.
        let drift = "at `/ids/*`: expected integer, found array";
        let expected = Record {
            ids: [("a".to_owned(), 1)].into(),
            ..seven()
        };
        check(
            r#"{"id": 7, "ids": {"a": [1], "b": [], "c": []}}"#,
            expected,
            &[drift; 3],
        );
    }

    #[test]
    fn a_value_is_reported_once() {
        for (field, drift) in [
            (
                r#""online": 1e999"#,
                "at `/online`: expected number in range, found number",
            ),
            (
                r#""tags": "\ud800""#,
                "at `/tags`: expected array, found string",
            ),
            (
                r#""online": "\ud800""#,
                "at `/online`: expected string of Unicode characters, found string",
            ),
            (
                r#""name": [[1]]"#,
                "at `/name`: expected string, found array",
            ),
            (
                r#""id": 7, "id": 7"#,
                "at ``: expected object with different keys, found object",
            ),
        ] {
            check(&format!(r#"{{"id": 7, {field}}}"#), seven(), &[drift]);
        }
    }

    #[test]
    fn a_number_read_as_a_text_keeps_its_digits() {
        for digits in [
            "123456789012345678901234567890".to_owned(),
            "-18446744073709551616".to_owned(),
            "9".repeat(500),
            "1e999".to_owned(),
        ] {
            let expected = Record {
                name: Some(digits.clone()),
                ..seven()
            };
            check(&format!(r#"{{"id": 7, "name": {digits}}}"#), expected, &[]);
        }
    }

    #[test]
    fn words_for_no_number_are_texts() {
        #[derive(Debug, Deserialize)]
        struct Scored {
            #[serde(default, deserialize_with = "tolerant::field")]
            score: Option<f64>,
        }
        for word in ["NaN", "inf", "-Infinity", "1e999"] {
            let decoded = decode::<Scored>(format!(r#"{{"score": "{word}"}}"#).as_bytes());
            let decoded = decoded.unwrap();
            assert_eq!(
                (decoded.value.score, decoded.drift.len()),
                (None, 1),
                "{word}"
            );
        }
    }

    #[test]
    fn enums_of_the_user_are_read() {
        #[derive(Debug, PartialEq, Deserialize)]
        enum Kind {
            Plain,
            Numbered(i64),
        }
        // Keys that are double make a second reading.
        for (json, expected) in [
            (r#"{"a": 1, "a": "Plain"}"#, Kind::Plain),
            (r#"{"a": 1, "a": {"Numbered": "5"}}"#, Kind::Numbered(5)),
        ] {
            #[derive(Debug, Deserialize)]
            struct Holder {
                a: Kind,
            }
            assert_eq!(decode::<Holder>(json.as_bytes()).unwrap().value.a, expected);
        }
    }

    #[test]
    fn texts_may_be_no_unicode_and_keys_double() {
        let expected = Record {
            name: Some("\u{fffd}a\u{1f600}\\u\u{fffd}".into()),
            ..seven()
        };
        check(
            r#"{"id": 7, "name": "\ud800a\ud83d\ude00\\u\udc00"}"#,
            expected,
            &["at `/name`: expected string of Unicode characters, found string"],
        );
        let bytes = b"{\"id\": 7, \"name\": \"\xff\"}";
        let decoded = decode::<Record>(bytes).unwrap();
        assert_eq!(decoded.value.name.as_deref(), Some("\u{fffd}"));
        assert_eq!(decoded.drift.len(), 1);
        check(
            r#"{"id": 6, "id": 7}"#,
            seven(),
            &["at ``: expected object with different keys, found object"],
        );
        check("\u{feff}{\"id\": 7}", seven(), &[]);
    }

    #[test]
    fn nesting_has_an_end() {
        let deep = format!(
            r#"{{"id": 7, "free": {}1{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        let decoded = decode::<Record>(deep.as_bytes()).unwrap();
        assert_eq!((decoded.value.id, decoded.drift.len()), (7, 1));
        assert!(decoded.value.free.is_array());
        // Of a type that holds itself.
        for depth in [100, 300, 20_000] {
            let open = r#"{"id": 7, "inner": "#.repeat(depth);
            let deep = format!("{open}null{}", "}".repeat(depth));
            assert_eq!(decode::<Record>(deep.as_bytes()).unwrap().value.id, 7);
            let lists = r#"{"id": 7, "others": ["#.repeat(depth);
            let deep = format!("{lists}{}", "]}".repeat(depth));
            assert_eq!(decode::<Record>(deep.as_bytes()).unwrap().value.id, 7);
        }
    }

    #[test]
    fn without_its_id_a_record_is_none() {
        for (json, error) in [
            (
                r#"{"id": "my words"}"#,
                "at `/id`: expected integer, found string",
            ),
            (r#"{"id": null}"#, "at `/id`: expected integer, found null"),
            (
                r#"{"name": "my words"}"#,
                "at `/id`: expected a value, found nothing",
            ),
            ("[1, 2]", "at ``: expected object, found array"),
            (
                r#"{"id": 1"#,
                "the body is not JSON: EOF while parsing an object at line 1, column 8",
            ),
            (
                "{} {}",
                "the body is not JSON: trailing characters at line 1, column 4",
            ),
        ] {
            let found = decode::<Record>(json.as_bytes()).unwrap_err();
            assert_eq!(found.to_string(), error, "{json}");
        }
        // Nothing of a reading is left for the next.
        assert!(decode::<Record>(br#"{"id": 7}"#).unwrap().drift.is_empty());
        assert!(serde_json::from_str::<Record>(r#"{"id": 7, "name": {}}"#).is_err());
    }
}
