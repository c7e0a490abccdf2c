//! The rule for descriptions, which become rustdoc.

use super::Outcome;
use super::walk::walk;
use serde_json::Value;

pub(super) fn sanitize_docs(document: &mut Value) -> Outcome {
    let mut fired = 0;
    walk(document, &mut |node| {
        for key in ["description", "summary"] {
            if let Some(Value::String(text)) = node.get_mut(key) {
                let clean = rustdoc(text);
                fired += usize::from(clean != *text);
                *text = clean;
            }
        }
    });
    Ok(fired)
}

/// Returns Markdown that rustdoc neither runs as a doctest nor reads as a link.
fn rustdoc(markdown: &str) -> String {
    let lines = markdown
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"));
    let lines: Vec<String> = lines
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            let line = if indent >= 4 { line.trim_start() } else { line };
            // Odd pieces are between backticks and thus code, where brackets are plain text.
            let pieces = line.split('`').enumerate().map(|(n, piece)| match n % 2 {
                0 => angle_bare_urls(&piece.replace('[', "\\[").replace(']', "\\]")),
                _ => piece.to_owned(),
            });
            pieces.collect::<Vec<_>>().join("`")
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

fn angle_bare_urls(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if !word.starts_with("http://") && !word.starts_with("https://") {
            return word.to_owned();
        }
        let url = word.trim_end_matches(['.', ',', ';', ':', ')']);
        format!("<{url}>{}", &word[url.len()..])
    });
    words.collect::<Vec<_>>().join(" ")
}
