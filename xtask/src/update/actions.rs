//! Actions that are added to the end of the overlay, one line each, and taken out again; what stands there by
//! hand is not touched.

use serde_json::{Value, json};

const HEADING: &str = "  # ------------------------------------------------------------------ taken in from the vendor's documentation";

/// The text of an overlay that actions are added to.
#[derive(Debug, Clone)]
pub struct Actions {
    text: String,
}

impl Actions {
    /// Takes an overlay, which must end with its actions.
    ///
    /// # Errors
    /// What is no such overlay.
    pub fn of(file: &str, text: &str) -> Result<Self, String> {
        let wrong = |reason: &str| format!("{file}: {reason}");
        let known = count(text).ok_or_else(|| wrong("no overlay with a list of actions"))?;
        let mut actions = Self {
            text: text.to_owned(),
        };
        let test = actions.line("$.info", &json!({ "x-test": true }));
        actions.append(&test);
        if count(&actions.text) != Some(known + 1) {
            return Err(wrong(
                "actions cannot be added to its end: `actions` must stand last, indented by two spaces",
            ));
        }
        Ok(Self {
            text: text.to_owned(),
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds an action, unless it is there.
    pub fn add(&mut self, target: &str, update: &Value) {
        let line = self.line(target, update);
        if !self.has(&line) {
            self.append(&line);
        }
    }

    /// Takes an action out that was added in this way. Returns whether it was there.
    pub fn remove(&mut self, target: &str, update: &Value) -> bool {
        let line = self.line(target, update);
        if !self.has(&line) {
            return false;
        }
        let kept = self
            .text
            .split_inclusive('\n')
            .filter(|known| known.trim_end() != line);
        self.text = kept.collect();
        let after = self.text.split_once(HEADING).map_or("", |(_, after)| after);
        if after.trim().is_empty() {
            let before = self
                .text
                .split_once(HEADING)
                .map_or(&*self.text, |(before, _)| before);
            self.text = before.trim_end().to_owned() + "\n";
        }
        true
    }

    /// JSON, which YAML takes as it is, but for what JSONPath has in quotes.
    fn line(&self, target: &str, update: &Value) -> String {
        format!("  - {{target: {}, update: {update}}}", Value::from(target))
    }

    fn has(&self, line: &str) -> bool {
        self.text.lines().any(|known| known.trim_end() == line)
    }

    fn append(&mut self, line: &str) {
        if !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if !self.text.contains(HEADING) {
            self.text.push_str(&format!("\n{HEADING}\n"));
        }
        self.text.push_str(&format!("{line}\n"));
    }
}

fn count(text: &str) -> Option<usize> {
    let overlay: Value = serde_yaml_ng::from_str(text).ok()?;
    Some(overlay["actions"].as_array()?.len())
}
