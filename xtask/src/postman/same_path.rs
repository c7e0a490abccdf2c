//! Whether a saved response is of the operation that it is kept at: by the paths of the two requests.

use super::template::Template;
use super::url::UrlParts;
use crate::infer::format::is_data;
use crate::infer::names::singular;

/// How the request of a saved response is related to the one that keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same path, perhaps as it was before a variable took the place of a host or an id.
    Same,
    /// Another path with a word of this one: who keeps the response here means something by it.
    Near,
    /// A path that has nothing of this one: the request was changed into that of another operation.
    None,
}

/// Compares the path of a request, whose template has this pattern, with that of a saved response.
pub fn relation(own: &UrlParts<'_>, pattern: &str, theirs: &UrlParts<'_>) -> Relation {
    let template = Template::of(theirs);
    if template.pattern == pattern || template.text == "/" {
        return Relation::Same;
    }
    let segments = |pattern: &str| -> Vec<String> {
        let segments = pattern.split('/').skip(1);
        segments.map(str::to_ascii_lowercase).collect()
    };
    let (mine, saved) = (segments(pattern), segments(&template.pattern));
    if is_same(mine.clone(), saved.clone(), own.host == theirs.host) {
        return Relation::Same;
    }
    let is_word =
        |segment: &&String| !segment.is_empty() && !segment.contains("{}") && !is_data(segment);
    let mut words = mine.iter().filter(is_word);
    let known = |word: &String| saved.iter().any(|saved| singular(saved) == singular(word));
    if words.any(known) {
        Relation::Near
    } else {
        Relation::None
    }
}

fn is_same(mut mine: Vec<String>, mut saved: Vec<String>, same_host: bool) -> bool {
    // `/users/` is what is sent where the id of `/users/{id}` has no value.
    if mine.len() != saved.len() {
        for segments in [&mut mine, &mut saved] {
            segments.pop_if(|last| last.is_empty());
        }
    }
    let shorter = mine.len().min(saved.len());
    // A variable may hold the start of a path.
    if mine.len() != saved.len() && (same_host || shorter == 0) {
        return false;
    }
    let mine = mine[mine.len() - shorter..].iter();
    let mut pairs = mine.zip(&saved[saved.len() - shorter..]);
    pairs.all(|(mine, saved)| same_segment(mine, saved))
}

fn same_segment(mine: &str, saved: &str) -> bool {
    let open = |segment: &str| segment.is_empty() || segment.contains("{}");
    let both_data = || is_data(mine) && is_data(saved);
    mine == saved || open(mine) || open(saved) || both_data() || singular(mine) == singular(saved)
}

#[cfg(test)]
mod tests {
    use super::Relation::{self, Near, Same};
    use super::relation;
    use crate::postman::template::Template;
    use crate::postman::url::UrlParts;

    #[test]
    fn paths() {
        for (own, saved, expected) in [
            ("{{url}}/r/:id", "https://a.example.com/r/7", Same),
            ("{{url}}/r/:id", "{{url}}/r/", Same),
            ("{{url}}/users", "https://a.example.com/api/v1/users", Same),
            ("{{url}}/users", "https://a.example.com/users/", Same),
            ("{{url}}/users/", "{{url}}/users", Same),
            ("{{url}}/rows/5", "{{url}}/rows/6", Same),
            ("{{url}}/Pastries/:name", "{{url}}/pastry/:name", Same),
            ("{{url}}/users", "{{url}}/users/7", Near),
            ("{{url}}/shop/lock", "{{url}}/shop/insert", Near),
            ("{{url}}/r/:id", "{{url}}/other", Relation::None),
            ("{{url}}/r/:id", "{{url}}/other/:id", Relation::None),
            (
                "{{url}}/users",
                "https://a.example.com/api/v1/orders",
                Relation::None,
            ),
        ] {
            let (own, saved) = (UrlParts::of(own), UrlParts::of(saved));
            let pattern = Template::of(&own).pattern;
            assert_eq!(relation(&own, &pattern, &saved), expected, "{saved:?}");
        }
    }
}
