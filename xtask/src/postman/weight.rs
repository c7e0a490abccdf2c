//! How much memory a collection would take, told from its text before any is taken.

use crate::Error;

/// What the parts of a collection may take beside its text: with a text of 100 MB it is 1 GB.
const MOST: usize = 900_000_000;

/// What a request takes.
const REQUEST: usize = 1_600;

/// The keys that parts have, and what each takes, as measured with many small ones.
const PARTS: [(&str, &str, usize); 5] = [
    ("folders", "\"item\"", 500),
    ("requests", "\"request\"", REQUEST),
    ("requests of saved responses", "\"originalRequest\"", 900),
    ("bodies", "\"body\"", 1_100),
    ("parameters and headers", "\"key\"", 200),
];

/// Refuses a collection that would take more memory than a machine may have.
///
/// # Errors
/// What it holds.
pub fn check(file: &str, text: &str) -> Result<(), Error> {
    // The smallest request has so many bytes.
    let smallest = r#"{"request":""},"#.len();
    if text.len() < MOST / REQUEST * smallest {
        return Ok(());
    }
    // Between quotes a quote is escaped: what is found is a key, and not a part of a body.
    let counts = PARTS.map(|(_, key, _)| text.matches(key).count());
    let weights = counts
        .iter()
        .zip(PARTS)
        .map(|(count, (.., weight))| count * weight);
    if weights.sum::<usize>() <= MOST {
        return Ok(());
    }
    let parts = counts.iter().zip(PARTS).filter(|(count, _)| **count > 0);
    let parts: Vec<String> = parts
        .map(|(count, (name, ..))| format!("{count} {name}"))
        .collect();
    let parts = parts.join(", ");
    let reason = format!(
        "the collection is too large: its {parts} would take more than 1 GB of memory; split it"
    );
    Err(Error::new(file, "", reason))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_would_take_too_much_is_refused_before_it_is_read() {
        let many = |part: &str, count: usize| format!("{{\"item\":[{}]}}", part.repeat(count));
        let small = r#"{"name":"A","request":"https://example.com/a"},"#;
        let error = check("big.json", &many(small, 600_000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "big.json: the collection is too large: its 1 folders, 600000 requests would take more than 1 GB of memory; \
             split it"
        );
        assert_eq!(check("big.json", &many(small, 500_000)), Ok(()));
        // What a body quotes is no part.
        let quoted = r#"{"body":"{\"key\":1,\"request\":2}"},"#;
        assert_eq!(check("big.json", &many(&quoted.repeat(10), 60_000)), Ok(()));
    }
}
