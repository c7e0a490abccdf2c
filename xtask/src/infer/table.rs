//! Tables in descriptions: Markdown tables that document the fields of a body.

use super::shape::{Doc, Object, Shape};
use std::borrow::Cow;
use std::sync::Arc;

/// A description taken apart: its prose, and the object that its tables describe.
#[derive(Debug, Clone, Default)]
pub struct Documented {
    pub prose: String,
    pub fields: Object<'static>,
}

/// Takes the tables of fields, and the headings right above them, out of a description.
pub fn read(description: &str) -> Documented {
    let mut documented = Documented::default();
    let mut prose: Vec<&str> = Vec::new();
    let mut lines = description.lines().peekable();
    while let Some(line) = lines.next() {
        let separator = lines.peek().is_some_and(|next| is_separator(next));
        let Some(columns) = separator.then(|| Columns::of(line)).flatten() else {
            prose.push(line);
            continue;
        };
        lines.next();
        while prose
            .last()
            .is_some_and(|last| last.trim().is_empty() || last.starts_with('#'))
        {
            prose.pop();
        }
        while let Some(row) = lines.next_if(|row| row.trim_start().starts_with('|')) {
            columns.insert(&cells(row), &mut documented.fields);
        }
    }
    documented.prose = prose.join("\n").trim().to_owned();
    documented
}

fn is_separator(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| "|-: ".contains(c))
}

fn cells(row: &str) -> Vec<String> {
    let row = row
        .trim()
        .trim_start_matches('|')
        .trim_end_matches('|')
        .replace("\\|", "\u{0}");
    row.split('|')
        .map(|cell| cell.replace('\u{0}', "|").trim().to_owned())
        .collect()
}

/// Which column says what.
struct Columns {
    name: usize,
    kind: Option<usize>,
    required: Option<usize>,
    description: usize,
}

impl Columns {
    fn of(header: &str) -> Option<Self> {
        let header: Vec<String> = cells(header)
            .iter()
            .map(|cell| cell.to_lowercase())
            .collect();
        let column = |names: &[&str]| {
            header
                .iter()
                .position(|cell| names.contains(&cell.as_str()))
        };
        Some(Self {
            name: column(&["field", "name", "parameter", "key"])?,
            kind: column(&["type"]),
            required: column(&["required"]),
            description: column(&["description", "meaning"])?,
        })
    }

    fn insert(&self, cells: &[String], fields: &mut Object<'static>) {
        let cell = |index: usize| cells.get(index).map(String::as_str).unwrap_or_default();
        let shape = self.kind.map_or(
            Shape {
                any: true,
                ..Shape::default()
            },
            |kind| kind_of(cell(kind)),
        );
        let required = self.required.map(cell).unwrap_or_default().to_lowercase();
        let doc = Doc {
            description: cell(self.description).to_owned(),
            required: ["yes", "true", "required"].contains(&required.as_str()),
        };
        let path = cell(self.name).trim_matches('`').to_owned();
        insert(fields, &path, shape, doc);
    }
}

/// Puts a field at a dotted path: `from_client.id`, `buttons[].text`.
fn insert(object: &mut Object<'static>, path: &str, shape: Shape<'static>, doc: Doc) {
    let (head, rest) = path
        .split_once('.')
        .map_or((path, None), |(head, rest)| (head, Some(rest)));
    let (name, array) = head
        .strip_suffix("[]")
        .map_or((head, false), |name| (name, true));
    let field = object
        .fields
        .entry(Cow::Owned(name.to_owned()))
        .or_default();
    let Some(rest) = rest else {
        field.shape.merge(&shape);
        field.doc = Some(Box::new(doc));
        return;
    };
    let target = if array {
        &mut **field.shape.array.get_or_insert_default()
    } else {
        &mut field.shape
    };
    target.any = false;
    insert(
        Arc::make_mut(target.object.get_or_insert_default()),
        rest,
        shape,
        doc,
    );
}

/// The shape that a type column names.
fn kind_of(text: &str) -> Shape<'static> {
    let mut shape = Shape::default();
    for kind in text.split(" or ").map(str::trim) {
        let item = kind.strip_prefix("array of ");
        match kind {
            "string" => shape.string = true,
            "integer" => shape.integer = true,
            "number" => shape.number = true,
            "boolean" => shape.boolean = true,
            "null" => shape.null = true,
            "object" => {
                shape.object.get_or_insert_default();
            }
            "map" => Arc::make_mut(shape.object.get_or_insert_default()).map = true,
            _ => match item {
                Some(item) => shape
                    .array
                    .get_or_insert_default()
                    .merge(&kind_of(item.trim_end_matches('s'))),
                None => shape.any = true,
            },
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn tables_become_fields_and_leave_the_prose() {
        let documented = read(
            "Sends it.\n\n### Body\n\n| Field | Type | Required | Description |\n|---|---|:-:|---|\n\
             | `id` | integer | yes | The \\| id. |\n| `from.phone` | string or integer | no | Digits. |\n\
             | `buttons[].text` | string | yes | The label. |\n| `tags` | array of integers | no | Tags. |\n\nMore.",
        );
        assert_eq!(documented.prose, "Sends it.\n\nMore.");
        let fields = &documented.fields.fields;
        let doc = |name: &str| fields[name].doc.clone().unwrap();
        assert_eq!(
            (doc("id").required, doc("id").description.as_str()),
            (true, "The | id.")
        );
        assert!(fields["id"].shape.integer);
        let phone = &fields["from"].shape.object.as_ref().unwrap().fields["phone"];
        assert!(phone.shape.string && phone.shape.integer && !phone.doc.as_ref().unwrap().required);
        assert!(fields["tags"].shape.array.as_ref().unwrap().integer);
        let buttons = fields["buttons"].shape.array.as_ref().unwrap();
        assert!(buttons.object.as_ref().unwrap().fields["text"].shape.string);
    }

    #[test]
    fn other_tables_stay_prose() {
        let text = "| Plan | Price |\n|---|---|\n| a | 1 |";
        assert_eq!(read(text).prose, text);
    }
}
