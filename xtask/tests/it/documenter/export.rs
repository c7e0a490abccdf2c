//! A collection as a published documentation has it: addresses as texts with their parts beside them, descriptions
//! as HTML, ids everywhere.

use serde_json::{Value, json};

/// The export of a collection.
pub fn export(collection: &Value) -> Value {
    let mut export = collection.clone();
    let info = &mut export["info"];
    info["schema"] = "https://schema.getpostman.com/json/collection/v2.0.0/collection.json".into();
    info["owner"] = "42".into();
    info["publishedId"] = "AbC123".into();
    info["public"] = true.into();
    info["publishDate"] = "2026-01-02T03:04:05.000Z".into();
    item(&mut export);
    export
}

fn item(node: &mut Value) {
    describe(node);
    for child in node
        .get_mut("item")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        item(child);
        child["id"] = "00000000-0000-4000-8000-000000000118".into();
    }
    if let Some(request) = node.get_mut("request") {
        self::request(request);
        request["auth"] = json!({ "type": "apikey", "isInherited": true });
    }
    for response in node
        .get_mut("response")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        response["id"] = "00000000-0000-4000-8000-000000000119".into();
        if let Some(request) = response.get_mut("originalRequest") {
            self::request(request);
        }
    }
    if let Some(info) = node.get_mut("info") {
        describe(info);
    }
}

fn request(request: &mut Value) {
    describe(request);
    let mut parts = request["url"].take();
    request["url"] = parts["raw"].take();
    for list in ["query", "variable"] {
        let list = &mut parts[list];
        if list.is_null() {
            *list = json!([]);
        }
        list.as_array_mut().into_iter().flatten().for_each(describe);
    }
    request["urlObject"] = parts;
}

fn describe(node: &mut Value) {
    if let Some(text) = node["description"].as_str() {
        node["description"] = html(text).into();
    } else if node["description"].is_null() {
        node.as_object_mut().map(|node| node.remove("description"));
    }
}

/// Markdown as Postman renders it, as far as the collection uses it.
fn html(markdown: &str) -> String {
    let mut html = String::new();
    for block in markdown.split("\n\n") {
        if let Some(heading) = block.strip_prefix("### ") {
            html.push_str(&format!("<h3 id=\"x\">{heading}</h3>\n"));
        } else if block.starts_with('|') {
            table(block, &mut html);
        } else if block.starts_with("* ") || block.starts_with("- ") {
            let items = block
                .lines()
                .map(|line| format!("<li>{}</li>", inline(&line[2..])));
            html.push_str(&format!("<ul>{}</ul>\n", items.collect::<String>()));
        } else {
            html.push_str(&format!("<p>{}</p>\n", inline(block)));
        }
    }
    html
}

fn table(block: &str, html: &mut String) {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_matches('|').replace("\\|", "\u{1}");
        line.split('|')
            .map(|cell| inline(cell.trim()).replace('\u{1}', "|"))
            .collect()
    };
    html.push_str("<div class=\"click-to-expand-wrapper is-table-wrapper\"><table><thead><tr>");
    let mut lines = block.lines();
    for cell in cells(lines.next().unwrap_or_default()) {
        html.push_str(&format!("<th>{cell}</th>"));
    }
    html.push_str("</tr></thead><tbody>");
    for line in lines.skip(1) {
        let cells = cells(line)
            .into_iter()
            .map(|cell| format!("<td>{cell}</td>"));
        html.push_str(&format!("<tr>{}</tr>", cells.collect::<String>()));
    }
    html.push_str("</tbody></table></div>");
}

fn inline(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            0 => html.push_str(&bold(part)),
            _ => html.push_str(&format!("<code>{part}</code>")),
        }
    }
    html
}

fn bold(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split("**").enumerate() {
        match index % 2 {
            0 => html.push_str(part),
            _ => html.push_str(&format!("<strong>{part}</strong>")),
        }
    }
    html
}
