//! JSON that was cut in the middle of a character.

use std::borrow::Cow;

/// A text of JSON in which half a character, such as `\\ud83d` alone, is `\\ufffd`; and how many were.
pub fn repaired(text: &str) -> (Cow<'_, str>, usize) {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return (Cow::Borrowed(text), 0);
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut count = 0;
    let mut index = 0;
    let bytes = text.as_bytes();
    while let Some(found) = bytes[index..].iter().position(|byte| *byte == b'\\') {
        index += found;
        let Some(unit) = escaped(bytes, index) else {
            // An escape of one character, which may be a backslash itself.
            index = (index + 2).min(bytes.len());
            continue;
        };
        let is_pair = (0xD800..0xDC00).contains(&unit)
            && escaped(bytes, index + 6).is_some_and(|low| (0xDC00..0xE000).contains(&low));
        if is_pair {
            index += 12;
            continue;
        }
        if (0xD800..0xE000).contains(&unit) {
            out.push_str(&text[copied..index]);
            out.push_str("\\ufffd");
            copied = index + 6;
            count += 1;
        }
        index += 6;
    }
    if count == 0 {
        return (Cow::Borrowed(text), 0);
    }
    out.push_str(&text[copied..]);
    (Cow::Owned(out), count)
}

/// The unit of UTF-16 that is escaped at a place.
fn escaped(bytes: &[u8], start: usize) -> Option<u32> {
    let digits = bytes.get(start..start + 6)?.strip_prefix(b"\\u")?;
    let digits = str::from_utf8(digits).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::repaired;

    #[test]
    fn half_characters() {
        for (text, expected, count) in [
            (r#""cut \ud83d""#, r#""cut \ufffd""#, 1),
            (
                r#""\ude00\ud83d\ude00\ud83d\ud83d\ude00""#,
                r#""\ufffd\ud83d\ude00\ufffd\ud83d\ude00""#,
                2,
            ),
            (r#""\\ud83d \u00e9 \n""#, r#""\\ud83d \u00e9 \n""#, 0),
            (r#""é\"#, r#""é\"#, 0),
        ] {
            assert_eq!(repaired(text), (expected.into(), count), "{text}");
        }
    }
}
