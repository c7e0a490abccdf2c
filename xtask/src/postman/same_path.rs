//! Whether two URLs mean one path: that of a request, and that of the request of its saved response.

use super::template::Template;
use super::url::UrlParts;
use crate::infer::format::is_data;
use crate::infer::names::singular;

/// Whether a saved response is of this path. It may have been saved before a variable took the place of a
/// host or an id, and before a word got another number.
pub fn same_path(own: &UrlParts<'_>, pattern: &str, theirs: &UrlParts<'_>) -> bool {
    let template = Template::of(theirs);
    if template.pattern == pattern || template.text == "/" {
        return true;
    }
    let segments = |pattern: &str| -> Vec<String> {
        pattern.split('/').skip(1).map(str::to_ascii_lowercase).collect()
    };
    let (mut mine, mut saved) = (segments(pattern), segments(&template.pattern));
    // `/users/` is what is sent where the id of `/users/{id}` has no value.
    if saved.last().is_some_and(String::is_empty) && mine.len() != saved.len() {
        saved.pop();
    }
    if mine.last().is_some_and(String::is_empty) && mine.len() != saved.len() {
        mine.pop();
    }
    let shorter = mine.len().min(saved.len());
    // A variable may hold the start of a path.
    if mine.len() != saved.len() && (own.host == theirs.host || shorter == 0) {
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
    use super::same_path;
    use crate::postman::template::Template;
    use crate::postman::url::UrlParts;

    #[test]
    fn paths() {
        for (own, saved, same) in [
            ("{{url}}/r/:id", "https://a.example.com/r/7", true),
            ("{{url}}/r/:id", "{{url}}/r/", true),
            ("{{url}}/users", "https://a.example.com/api/v1/users", true),
            ("{{url}}/users", "https://a.example.com/users/", true),
            ("{{url}}/rows/5", "{{url}}/rows/6", true),
            ("{{url}}/Pastries/:name", "{{url}}/pastry/:name", true),
            ("{{url}}/r/:id", "{{url}}/other", false),
            ("{{url}}/r/:id", "{{url}}/other/:id", false),
            ("{{url}}/users", "https://a.example.com/api/v1/orders", false),
            ("{{url}}/users", "{{url}}/users/7", false),
        ] {
            let (own, saved) = (UrlParts::of(own), UrlParts::of(saved));
            let pattern = Template::of(&own).pattern;
            assert_eq!(same_path(&own, &pattern, &saved), same, "{saved:?}");
        }
    }
}
