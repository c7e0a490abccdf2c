//! [`PageSummary`], a page without the content of its records, and [`Key`], the identity of a record.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why a list cannot be read to its end.
pub(super) type IncompleteReason = String;

/// The identity of a record within its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[doc(hidden)]
pub enum Key {
    Id(i64),
    /// The hash of an id that is a text.
    Name(u64),
    /// The hash of a record without an id. Two records may be equal.
    Content(u64),
}

impl Key {
    pub(crate) fn name(id: &str) -> Self {
        Self::Name(hash(id.as_bytes()))
    }

    /// Returns a number that two keys of a list share only by a chance of one in 2^64.
    pub(super) fn fingerprint(&self) -> u64 {
        match self {
            Self::Id(id) => id.cast_unsigned(),
            Self::Name(hash) | Self::Content(hash) => *hash,
        }
    }

    pub(super) fn is_id(&self) -> bool {
        matches!(self, Self::Id(_))
    }

    pub(super) fn is_content(&self) -> bool {
        matches!(self, Self::Content(_))
    }

    pub(crate) fn content(record: &impl Serialize) -> Self {
        Self::Content(hash(&serde_json::to_vec(record).unwrap_or_default()))
    }

    /// Returns the key of a record of free JSON.
    pub(crate) fn of_json(record: &Value) -> Self {
        match &record["id"] {
            Value::String(id) => Self::name(id),
            Value::Number(id) if id.is_i64() => Self::Id(id.as_i64().unwrap_or_default()),
            _ => Self::content(record),
        }
    }
}

/// Hashes by FNV-1a, which is the same in every build, as a saved position requires.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// All that pagination needs of a page: the keys of its records, total and limit, but no content of records.
#[derive(Debug, Clone, Default)]
pub(super) struct PageSummary {
    pub(super) keys: Vec<Key>,
    pub(super) total: Option<i64>,
    pub(super) limit: Option<i64>,
    /// Whether the response was an array without an envelope: such lists have no pages.
    pub(super) bare: bool,
}

impl PageSummary {
    /// Returns the number of records.
    pub(super) fn length(&self) -> i64 {
        length(&self.keys)
    }

    /// Returns whether the page is not full, by the requested size, the server's limit and the longest page so far.
    pub(super) fn has_room(&self, asked: i64, longest: i64) -> bool {
        let limit = self.limit.filter(|limit| *limit > 0).unwrap_or(asked);
        self.length() < limit.min(asked) && (longest == 0 || self.length() < longest)
    }

    /// Returns the ids of the page. A record whose id cannot be read gets that of the record before it, or after it
    /// if it is the first, since it lies between them.
    pub(super) fn ids(&self) -> Result<Vec<i64>, IncompleteReason> {
        let id = |key: &Key| match key {
            Key::Id(id) => Some(*id),
            Key::Name(_) | Key::Content(_) => None,
        };
        let mut known = self.keys.iter().filter_map(id).peekable();
        let first = known.peek().copied();
        if first.is_none() && !self.keys.is_empty() {
            return Err("its records have no ids to continue from".to_owned());
        }
        let mut last = first.unwrap_or_default();
        let each = self.keys.iter().map(|key| {
            last = id(key).unwrap_or(last);
            last
        });
        Ok(each.collect())
    }
}

/// Returns the number of items, in the type of the server's numbers.
pub(super) fn length<T>(items: &[T]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Key, PageSummary, hash};
    use serde_json::json;

    /// A position that another version saved must mean the same.
    #[test]
    fn hashes_are_those_of_fnv_1a() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }

    /// An id shows that two records are one, whatever else changed. Without one, their content does.
    #[test]
    fn records_of_free_json_are_told_apart() {
        for (one, other, is_same) in [
            (json!({ "id": 7, "name": "Ada" }), json!({ "id": 7 }), true),
            (
                json!({ "id": "a", "name": "Ada" }),
                json!({ "id": "a" }),
                true,
            ),
            (json!({ "id": 7 }), json!({ "id": 8 }), false),
            (json!({ "id": "a" }), json!({ "id": "b" }), false),
            (json!({ "id": 7.5 }), json!({ "id": 8.5 }), false),
            (
                json!({ "id": u64::MAX }),
                json!({ "id": u64::MAX - 1 }),
                false,
            ),
            (json!({ "name": "Ada" }), json!({ "name": "Bela" }), false),
            (json!({ "name": "Ada" }), json!({ "name": "Ada" }), true),
        ] {
            let (first, second) = (Key::of_json(&one), Key::of_json(&other));
            assert_eq!(first == second, is_same, "{one} {other}");
        }
    }

    #[test]
    fn a_page_has_room_if_it_is_shorter_than_any_limit() {
        for (length, limit, asked, longest, has_room) in [
            (3, None, 10, 0, true),
            (10, None, 10, 0, false),
            // The server's limit, if it is one.
            (3, Some(3), 10, 0, false),
            (3, Some(4), 10, 0, true),
            (3, Some(0), 10, 0, true),
            (3, Some(-1), 10, 0, true),
            (3, Some(200), 3, 0, false),
            // Another page was longer.
            (3, None, 10, 3, false),
            (3, None, 10, 4, true),
        ] {
            let page = PageSummary {
                keys: vec![Key::Id(1); length],
                limit,
                ..PageSummary::default()
            };
            let message = format!("{length} {limit:?} {asked} {longest}");
            assert_eq!(page.has_room(asked, longest), has_room, "{message}");
        }
    }
}
