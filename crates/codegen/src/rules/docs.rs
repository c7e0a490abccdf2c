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

/// Returns Markdown that rustc accepts, and that rustdoc neither runs as a doctest nor reads as a link or HTML.
fn rustdoc(markdown: &str) -> String {
    let markdown = plain(markdown);
    let lines = markdown
        .lines()
        .filter(|line| !line.trim_start().starts_with("```"));
    let lines: Vec<String> = lines
        .map(|line| {
            let indent = line.len() - line.trim_start().len();
            let line = if indent >= 4 { line.trim_start() } else { line };
            // Odd pieces are between backticks and thus code, where brackets are plain text.
            let pieces = line.split('`').enumerate().map(|(n, piece)| match n % 2 {
                0 => angle_bare_urls(&without_tags(piece).replace('[', "\\[").replace(']', "\\]")),
                _ => piece.to_owned(),
            });
            pieces.collect::<Vec<_>>().join("`")
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// Text without what changes how the text around it is shown, which rustc refuses: marks of direction, and
/// returns of the carriage alone.
fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| !is_mark(*c) && (!c.is_control() || "\n\t".contains(*c)))
        .collect()
}

/// Whether a character turns the direction of the text around it, which rustc takes nowhere.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// Text in which `<` begins no tag; `<https://…>` stays a link.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let is_link = after.starts_with("http://") || after.starts_with("https://");
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let is_escaped = out.ends_with('\\');
        out.push_str(if is_tag && !is_link && !is_escaped {
            "\\<"
        } else {
            "<"
        });
        rest = after;
    }
    out.push_str(rest);
    out
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
