//! Which JSON every reader keeps: readers differ in numbers that no double has, in halves of characters, and in depth.

use serde_json::Value;

/// The depth that a reader accepts, with room for the message around a value.
const DEEPEST: usize = 100;

/// Returns a text as JSON.
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Returns whether every reader gets the same value from this JSON.
pub fn is_plain(json: &str) -> bool {
    let (mut depth, mut rest) = (0_usize, json.as_bytes());
    while let [first, tail @ ..] = rest {
        rest = match first {
            b'"' => after_text(tail),
            b'{' | b'[' if depth == DEEPEST => return false,
            b'{' | b'[' => {
                depth += 1;
                tail
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                tail
            }
            b'-' | b'0'..=b'9' => {
                let is_end = |byte: &u8| !b"+-.eE0123456789".contains(byte);
                let length = rest.iter().position(is_end).unwrap_or(rest.len());
                let (number, tail) = rest.split_at(length);
                if !std::str::from_utf8(number).is_ok_and(is_kept) {
                    return false;
                }
                tail
            }
            _ => tail,
        };
    }
    serde_json::from_str::<Value>(json).is_ok()
}

/// Returns what is behind the closing quote.
fn after_text(text: &[u8]) -> &[u8] {
    let mut is_escaped = false;
    let end = text.iter().position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(&[], |end| &text[end + 1..])
}

/// Returns whether this is a number of JSON that is the same after it was read as a double or an integer of 64 bits.
pub fn is_kept(number: &str) -> bool {
    if serde_json::from_str::<f64>(number).is_err() {
        return false;
    }
    if number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() {
        return true;
    }
    // Not the double of serde_json, which may be the next one.
    let Ok(read) = number.parse::<f64>() else {
        return false;
    };
    // Writers choose the fewest digits, or always 17.
    let written = [read.to_string(), format!("{read:.16e}")];
    written.iter().any(|text| decimal(text) == decimal(number))
}

/// Returns sign, digits and exponent, the same for every spelling of a number.
fn decimal(number: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let significant = digits.trim_start_matches('0');
    let shortest = significant.trim_end_matches('0');
    if shortest.is_empty() {
        return Default::default();
    }
    let zeros = (significant.len() - shortest.len()) as i64;
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    let exponent = exponent.saturating_add(zeros - fraction.len() as i64);
    (number.starts_with('-'), shortest.to_owned(), exponent)
}
