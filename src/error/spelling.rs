//! How a text may be encoded, once or several times: in a URL, in JSON, in HTML.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "its numbers are places in a text in memory"
)]

/// A text may be encoded this many times over.
const LAYERS: usize = 5;

/// A character and its range in the text; an encoded one takes several places.
#[derive(Clone, PartialEq)]
pub(super) struct Letter {
    pub(super) letter: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Returns a text as letters without their case, and what they become where they are encoded, layer by layer.
pub(super) fn spellings(text: &[char]) -> Vec<Vec<Letter>> {
    let mut plain = Vec::with_capacity(text.len());
    for (place, character) in text.iter().enumerate() {
        push(&mut plain, *character, place, place + 1);
    }
    let mut spellings = vec![plain];
    if !text.iter().any(|letter| "%\\&".contains(*letter)) {
        return spellings;
    }
    while let Some(last) = spellings.last()
        && spellings.len() <= LAYERS
    {
        let decoded = decoded(last);
        if decoded == *last {
            break;
        }
        spellings.push(decoded);
    }
    spellings
}

/// Returns letters with `%2B`, `\u002b`, `\"` and `&amp;` decoded.
fn decoded(text: &[Letter]) -> Vec<Letter> {
    let characters: Vec<char> = text.iter().map(|letter| letter.letter).collect();
    let mut letters = Vec::with_capacity(text.len());
    let mut place = 0;
    while let Some(letter) = text.get(place) {
        let rest = &characters[place..];
        let found = percent(rest)
            .or_else(|| escape(rest))
            .or_else(|| entity(rest));
        let (read, length) = found.unwrap_or((letter.letter, 1));
        let end = text[place + length - 1].end;
        push(&mut letters, read, letter.start, end);
        place += length;
    }
    letters
}

/// Adds a character without its case; for some characters that takes several letters.
fn push(letters: &mut Vec<Letter>, character: char, start: usize, end: usize) {
    let folded = character.to_uppercase().flat_map(char::to_lowercase);
    letters.extend(folded.map(|letter| Letter { letter, start, end }));
}

/// Returns the percent-encoded character that a text begins with, and its length there.
fn percent(text: &[char]) -> Option<(char, usize)> {
    let byte = |index: usize| match text.get(3 * index..3 * index + 3)? {
        ['%', digits @ ..] => u8::try_from(hexadecimal(digits)?).ok(),
        _ => None,
    };
    // The first byte determines how many follow.
    let length = match byte(0)? {
        0x00..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    let bytes: Vec<u8> = (0..length).map_while(byte).collect();
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((character, 3 * length))
}

/// Returns the JSON-escaped character that a text begins with, and its length there.
fn escape(text: &[char]) -> Option<(char, usize)> {
    let unit = |start: usize| match text.get(start..start + 6)? {
        ['\\', 'u', digits @ ..] => u16::try_from(hexadecimal(digits)?).ok(),
        _ => None,
    };
    if let Some(first) = unit(0) {
        let units = [first].into_iter().chain(unit(6));
        let character = char::decode_utf16(units).next()?.ok()?;
        return Some((character, 6 * character.len_utf16()));
    }
    if let ['\\', 'x', digits @ ..] = text
        && let Some(code) = digits.get(..2).and_then(hexadecimal)
    {
        return Some((char::from_u32(code)?, 4));
    }
    match text {
        ['\\', 'b' | 'f' | 'n' | 'r' | 't', ..] => Some((' ', 2)),
        ['\\', escaped @ ('"' | '\\' | '/'), ..] => Some((*escaped, 2)),
        _ => None,
    }
}

/// Returns the character of the HTML entity that a text begins with, and its length there.
fn entity(text: &[char]) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    const NAMED: [(&str, char); 6] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
    ];
    let name = text.strip_prefix(&['&'])?;
    let end = name
        .iter()
        .take(LONGEST)
        .position(|letter| *letter == ';')?;
    let name: String = name[..end].iter().collect();
    let numbered = |digits: &str| match digits.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => digits.parse().ok(),
    };
    let character = match name.strip_prefix('#') {
        Some(digits) => char::from_u32(numbered(digits)?)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 2))
}

fn hexadecimal(digits: &[char]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number, digit| Some(number * 16 + digit.to_digit(16)?))
}
