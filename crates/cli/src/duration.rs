//! Durations on the command line: `90`, `90s`, `10m`, `2h`, `500ms`.

use std::time::Duration;

/// Reads a duration. A number without a unit is in seconds.
pub fn parse(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    humantime::parse_duration(text)
        .map_err(|error| format!("{error}; write it like 90s, 10m or 2h"))
}

/// Reads a duration that is not zero.
pub fn positive(text: &str) -> Result<Duration, String> {
    let duration = parse(text)?;
    match duration.is_zero() {
        true => Err("it must be longer than 0".into()),
        false => Ok(duration),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use std::time::Duration;

    #[test]
    fn a_number_alone_is_in_seconds() {
        for (text, milliseconds) in [
            ("90", Some(90_000)),
            ("90s", Some(90_000)),
            ("10m", Some(600_000)),
            ("1h 30m", Some(5_400_000)),
            ("500ms", Some(500)),
            ("0s", Some(0)),
            ("-1", None),
            ("", None),
            ("soon", None),
        ] {
            let expected = milliseconds.map(Duration::from_millis);
            assert_eq!(parse(text).ok(), expected, "{text}");
        }
    }
}
