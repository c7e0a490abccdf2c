//! Texts with columns in braces: `Dear {name}, ...`.

use std::collections::HashMap;
use std::str::FromStr;

/// A text with columns in braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Column(String),
}

impl Pattern {
    /// The text of a column alone.
    pub fn column(name: &str) -> Self {
        Self(vec![Part::Column(name.to_owned())])
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    pub fn fill(&self, columns: &HashMap<&str, &str>) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Column(name) => (*columns.get(name.as_str()).unwrap_or(&"")).to_owned(),
        };
        self.0.iter().map(part).collect()
    }
}

/// `{{` and `}}` are braces.
impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' | '}' if rest.next_if_eq(&c).is_some() => plain.push(c),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(c) => name.push(c),
                            None => return Err("a { has no }; write {{ for a brace"),
                        }
                    }
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                    parts.push(Part::Column(name.trim().to_owned()));
                }
                '}' => return Err("a } has no {; write }} for a brace"),
                c => plain.push(c),
            }
        }
        parts.push(Part::Text(plain));
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use std::collections::HashMap;

    #[test]
    fn columns_take_the_place_of_their_names() {
        let columns = HashMap::from([("name", "Ada {x}"), ("order", "118")]);
        for (text, filled) in [
            (
                "Dear {name}, order { order }.",
                Some("Dear Ada {x}, order 118."),
            ),
            ("{name}{order}", Some("Ada {x}118")),
            ("{{name}} }}{{", Some("{name} }{")),
            ("", Some("")),
            ("{name", None),
            ("name}", None),
        ] {
            let pattern = text.parse::<Pattern>().ok();
            let found = pattern.map(|pattern| pattern.fill(&columns));
            assert_eq!(found.as_deref(), filled, "{text}");
        }
    }
}
