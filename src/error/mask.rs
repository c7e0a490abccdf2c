//! Masks a text of the server for a log: removes the values of the request and what looks like a phone number or
//! an e-mail address.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "its numbers are places in a text in memory"
)]

use super::spelling::{Letter, spellings};
use std::collections::HashMap;

/// The most characters of a text that are shown.
const SHOWN: usize = 300;

/// How many more characters are read, to recognize a value that begins in the part that is shown.
const AHEAD: usize = 1000;

/// This many consecutive letters of a value are masked even if the rest is missing: a server may shorten a quote.
const PART: usize = 8;

/// A value shorter than this is masked only where it is a word of its own, since it is part of many words.
const WORD: usize = 4;

/// This many digits in a row may be a phone number.
const DIGITS: usize = 5;

/// This many letters and digits in a row may be a token, or an encoded one.
const OPAQUE: usize = 16;

/// Returns the text on one line and without these values, in whatever case, punctuation and encoding it has them.
pub(super) fn mask(text: &str, values: &[String]) -> String {
    let text: Vec<char> = text.chars().take(SHOWN + AHEAD).collect();
    let mut hidden = vec![false; text.len()];
    for spelling in spellings(&text) {
        let mut hide = |letters: &[&Letter]| {
            if let (Some(first), Some(last)) = (letters.first(), letters.last()) {
                hidden[first.start..last.end].fill(true);
            }
        };
        let all: Vec<&Letter> = spelling.iter().collect();
        hide_numbers(&all, &mut hide);
        hide_addresses(&all, &mut hide);
        hide_opaque(&all, &mut hide);
        hide_values(&all, values, &mut hide);
    }
    let mut shown = String::new();
    for (character, is_hidden) in text.iter().zip(hidden).take(SHOWN) {
        match is_hidden {
            true if shown.ends_with('…') => {}
            true => shown.push('…'),
            false if character.is_control() => shown.push(' '),
            false => shown.push(*character),
        }
    }
    if text.len() > SHOWN && !shown.ends_with('…') {
        shown.push('…');
    }
    shown
}

fn hide_numbers<'t>(text: &[&'t Letter], hide: &mut impl FnMut(&[&'t Letter])) {
    for run in text.split(|letter| !letter.letter.is_numeric() && !is_separator(letter.letter)) {
        let digits = run
            .iter()
            .filter(|letter| letter.letter.is_numeric())
            .count();
        let first = run.iter().position(|letter| letter.letter.is_numeric());
        let last = run.iter().rposition(|letter| letter.letter.is_numeric());
        if let (Some(first), Some(last), true) = (first, last, digits >= DIGITS) {
            hide(&run[first..=last]);
        }
    }
}

fn hide_addresses<'t>(text: &[&'t Letter], hide: &mut impl FnMut(&[&'t Letter])) {
    let is_name = |letter: &&&Letter| {
        letter.letter.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(letter.letter)
    };
    let is_host =
        |letter: &&&Letter| letter.letter.is_alphanumeric() || ".-".contains(letter.letter);
    let is_at = |at: &usize| matches!(text[*at].letter, '@' | '\u{ff20}' | '\u{fe6b}');
    for at in (0..text.len()).filter(is_at) {
        let before = || text[..at].iter().rev();
        let name = match before().next() {
            // A name in quotation marks may have any characters.
            Some(quote) if quote.letter == '"' => {
                let inner = before().skip(1).take_while(|letter| letter.letter != '"');
                at.min(inner.count() + 2)
            }
            _ => before().take_while(is_name).count(),
        };
        let host = text[at + 1..].iter().take_while(is_host).count();
        if name > 0 && host > 0 {
            hide(&text[at - name..=at + host]);
        }
    }
}

fn hide_opaque<'t>(text: &[&'t Letter], hide: &mut impl FnMut(&[&'t Letter])) {
    let is_inner = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
    for run in text.split(|letter| !is_inner(letter.letter)) {
        let letters = || run.iter().map(|letter| letter.letter);
        let count = letters().filter(char::is_ascii_alphanumeric).count();
        let has_both = letters().any(|letter| letter.is_ascii_digit())
            && letters().any(|letter| letter.is_ascii_alphabetic());
        if count >= OPAQUE && has_both {
            hide(run);
        }
    }
}

fn hide_values<'t>(all: &[&'t Letter], values: &[String], hide: &mut impl FnMut(&[&'t Letter])) {
    let is_kept = |letter: &&&Letter| !is_separator(letter.letter);
    let kept: Vec<&Letter> = all.iter().filter(is_kept).copied().collect();
    let letters = |text: &[&Letter]| text.iter().map(|letter| letter.letter).collect::<Vec<_>>();
    let (all_letters, kept_letters) = (letters(all), letters(&kept));
    let mut parts: HashMap<&[char], Vec<usize>> = HashMap::new();
    for (place, part) in kept_letters.windows(PART).enumerate() {
        parts.entry(part).or_default().push(place);
    }
    let mut find = |value: &[Letter]| {
        let value: Vec<&Letter> = value.iter().collect();
        let sought = letters(&value.iter().filter(is_kept).copied().collect::<Vec<_>>());
        if sought.len() >= PART {
            let places = sought
                .windows(PART)
                .filter_map(|part| parts.get(part))
                .flatten();
            places.for_each(|place| hide(&kept[*place..place + PART]));
        } else if sought.len() >= WORD {
            let places = places(&kept_letters, &sought);
            places.for_each(|place| hide(&kept[place..place + sought.len()]));
        } else {
            let is_mark = sought.is_empty();
            let sought = letters(&value);
            let is_anywhere = is_mark || sought.len() >= WORD;
            for place in places(&all_letters, &sought) {
                let found = place..place + sought.len();
                if is_anywhere || is_word(&all_letters, &found) {
                    hide(&all[found]);
                }
            }
        }
    };
    // A number of two digits identifies nothing, and is part of many texts.
    let is_telling =
        |value: &&str| value.len() > 2 || !value.bytes().all(|byte| byte.is_ascii_digit());
    for value in values.iter().map(|value| value.trim()).filter(is_telling) {
        let value: Vec<char> = value.chars().collect();
        spellings(&value).iter().for_each(|spelling| find(spelling));
    }
}

/// Returns the places at which these letters begin in a text.
fn places<'t>(text: &'t [char], sought: &'t [char]) -> impl Iterator<Item = usize> + 't {
    // Windows need at least one letter; an empty search finds nothing.
    let windows = text.windows(sought.len().max(1)).enumerate();
    windows.filter_map(move |(place, window)| (window == sought).then_some(place))
}

fn is_word(text: &[char], found: &std::ops::Range<usize>) -> bool {
    let is_letter = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_alphanumeric());
    let before = found.start.checked_sub(1).and_then(|place| text.get(place));
    !is_letter(before) && !is_letter(text.get(found.end))
}

/// Returns whether a character may stand between the letters and digits of one value.
fn is_separator(letter: char) -> bool {
    !letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_looks_like_a_person() {
        for (text, expected) in [
            ("id 1 of 20 in 2026", "id 1 of 20 in 2026"),
            ("Operator 310009 not found", "Operator … not found"),
            ("call +1 (555) 010-0001, now", "call +…, now"),
            ("1.5.5.5.0", "…"),
            ("at 15\u{a0}55\u{202f}0\u{200b}1", "at …"),
            ("at 15%2055%2d0", "at …"),
            ("at 1555\\u0030", "at …"),
            ("at \u{661}\u{665}\u{665}\u{665}\u{660}", "at …"),
            ("a1b2c3d4e5", "a1b2c3d4e5"),
            ("ann.x+1@mail.example.com is taken", "… is taken"),
            ("(ann%40example.com)", "(…)"),
            ("a @ b, @ann, ann@ home", "a @ b, @ann, ann@ home"),
            ("two\nlines", "two lines"),
            ("at 1\u{b7}5\u{2212}5\u{ff0e}5\u{2022}0", "at …"),
            ("at &#49;&#x35;&#53;&#53;&#48;.", "at …."),
            ("at 1%25205%252D550", "at …"),
            ("ann\u{ff20}example.com!", "…!"),
            ("to \"ann x\"@example.com", "to …"),
            ("to ann/x@example.com", "to …"),
            ("key YS1TZWNyZXQtdDBrZW4=.", "key …."),
            ("key 612d5365637265742d74306b656e", "key …"),
            (
                "unprocessable_entity_in_version_2",
                "unprocessable_entity_in_version_2",
            ),
        ] {
            assert_eq!(mask(text, &[]), expected);
        }
    }

    #[test]
    fn what_the_request_carried() {
        for (text, value, expected) in [
            ("no Ann Example here", "ann example", "no … here"),
            ("no ANN-EXAMPLE here", "Ann Example", "no … here"),
            ("no Ann%20Example here", "Ann Example", "no … here"),
            ("no Ann+Example here", "Ann%20Example", "no … here"),
            (
                r#"no \"Ann\" \u0045xample here"#,
                "Ann Example",
                "no \\\"… here",
            ),
            ("no Straße here", "STRASSE", "no … here"),
            (
                "no O&#39;Brien &amp; Sons here",
                "O'Brien & Sons",
                "no … here",
            ),
            ("no O&amp;#x27;Brien here", "O'Brien", "no … here"),
            ("no Ann%252520Example here", "Ann Example", "no … here"),
            (
                "no Ann\\\\u0020Ex\\x61mple here",
                "Ann Example",
                "no … here",
            ),
            ("no Ann\u{b7}Example here", "Ann Example", "no … here"),
            ("no М\u{430}рия here", "мАРИЯ", "no … here"),
            ("no %D0%9C%D0%B0ша here", "Маша", "no … here"),
            (
                "no %E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E here",
                "山田太郎",
                "no … here",
            ),
            (
                "no \\ud83c\\udf81\\ud83c\\udf82 here",
                "\u{1f381}\u{1f382}",
                "no … here",
            ),
            ("no Ann\\nExample here", "Ann\nExample", "no … here"),
            ("no dir\\new\\table here", "dir\\new\\table", "no … here"),
            ("no a\\/b here", "a/b", "no … here"),
            (
                "Where is my o... is too long",
                "Where is my order",
                "…... is too long",
            ),
            ("Ann is in a channel", "Ann", "… is in a channel"),
            ("118 of 1180", "118", "… of 1180"),
            ("7 of 17", "7", "7 of 17"),
            ("7 of 17", "17", "7 of 17"),
            ("a 🎁🎁 b", "🎁🎁", "a … b"),
            ("is ?! right", "?!", "is … right"),
            ("xa!!b!y", "A!!b", "x…!y"),
            ("nothing", "", "nothing"),
            ("nothing", "%", "nothing"),
        ] {
            assert_eq!(mask(text, &[value.to_owned()]), expected, "{value}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_a_value_at_the_cut_is_not() {
        assert_eq!(mask(&"x".repeat(1000), &[]).chars().count(), 301);
        assert_eq!(mask(&"x".repeat(300), &[]), "x".repeat(300));
        let text = "x".repeat(297) + "secret";
        let shown = mask(&text, &["secret".to_owned()]);
        assert_eq!(shown, "x".repeat(297) + "…");
    }
}
