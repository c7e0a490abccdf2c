//! Values of enums in descriptions: words of a list that holds known values, and words written as code.

use super::place::is_code;
use std::collections::BTreeSet;

/// The values that a text lists. It must name two of the known ones: only then are its lists about values.
/// What is the name of a parameter or field is none.
pub fn listed(text: &str, known: &BTreeSet<String>, names: &BTreeSet<String>) -> BTreeSet<String> {
    const PROOF: usize = 2;
    let mut values = BTreeSet::new();
    let mut take = |words: &[&str]| {
        let count = words.iter().filter(|word| known.contains(**word)).count();
        if count >= PROOF {
            let words = words
                .iter()
                .filter(|word| is_code(word) && !names.contains(**word));
            values.extend(words.map(|word| (*word).to_owned()));
        }
    };
    for delimiter in ['`', '"'] {
        let coded: Vec<&str> = text.split(delimiter).skip(1).step_by(2).collect();
        take(&coded);
    }
    let is_delimiter = |c: char| matches!(c, '`' | '"' | '\'' | '«' | '»' | '“' | '”');

    let text = text.replace(" or ", ",").replace(" and ", ",");
    let mut run: Vec<&str> = Vec::new();
    for chunk in text.split([',', '/', '|', ';', '\n', '(', ')', ':', '.']) {
        let word = chunk.trim().trim_matches(is_delimiter);
        let word = word.trim_start_matches(['-', '*']).trim();
        let word = word
            .strip_prefix("or ")
            .or(word.strip_prefix("and "))
            .unwrap_or(word);
        match word {
            "" => {}
            _ if is_code(word) => run.push(word),
            _ => {
                take(&run);
                run.clear();
            }
        }
    }
    take(&run);
    values
}

#[cfg(test)]
mod tests {
    use super::listed;
    use std::collections::BTreeSet;

    #[test]
    fn new_words_in_lists_of_known_ones_are_values() {
        let set = |words: &[&str]| -> BTreeSet<String> {
            words.iter().map(|word| (*word).into()).collect()
        };
        let known = set(&["to_client", "from_client", "system"]);
        let names = set(&["type", "start_id"]);
        for (text, expected) in [
            (
                "Kind: to_client, from_client, system or reply.",
                &["from_client", "reply", "system", "to_client"][..],
            ),
            (
                "Kind: `to_client`, `system`; see `start_id`.",
                &["system", "to_client"],
            ),
            (
                "- `to_client`: ours\n- `system`: nobody's\n- `reply`: more",
                &["reply", "system", "to_client"],
            ),
            (
                "to_client / from_client / reply",
                &["from_client", "reply", "to_client"],
            ),
            // One known word may stand there by chance.
            ("Such as system, anna, boris.", &[]),
            ("The kind of a message.", &[]),
        ] {
            assert_eq!(listed(text, &known, &names), set(expected), "{text}");
        }
    }
}
