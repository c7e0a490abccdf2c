//! [`Template`]: the text that sends an approved WhatsApp template, in both of its grammars.

use crate::Error;

/// Most characters of a header and of a footer.
const SHORT: usize = 60;
/// Most characters of a body.
const LONG: usize = 1024;

/// An approved WhatsApp template with its variables, for
/// [`Draft::template`](super::Draft::template).
///
/// The API knows templates as texts of a certain grammar, of which there are two: lines in a fixed order,
/// and lines with labels for channels of 360dialog ([`labelled`](Self::labelled)). What a grammar cannot
/// carry is refused here, before the server takes it for something else.
///
/// ```
/// use chat2desk::messages::Template;
///
/// let template = Template::new("order_ready").language("es_mx").variables(["Demo", "118"]);
/// assert_eq!(template.text()?, "@HSM@\norder_ready|es_mx\n\nDemo\n118");
/// # Ok::<(), chat2desk::messages::TemplateError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Template {
    name: String,
    language: Option<String>,
    header: Option<Header>,
    body: Option<String>,
    variables: Vec<String>,
    footer: Option<String>,
    labelled: bool,
}

/// The header of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// A text of 60 characters at most.
    Text(String),
    /// An image, by its public URL.
    Image(String),
    /// A document, by its public URL.
    Document(String),
    /// A video, by its public URL.
    Video(String),
}

/// Why a template cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A name or language is empty or holds what separates them.
    #[error("the name or language of a template holds letters, digits and underscores only")]
    Name,
    /// A text would end its line, or in the labelled grammar its part of a line.
    #[error("{0} holds a line break or, in the labelled grammar, a bar")]
    Separator(String),
    /// A variable has no text, which WhatsApp does not take.
    #[error("variable {0} is empty")]
    Empty(usize),
    /// A text is too long.
    #[error("{what} has {length} characters, {most} at most may be")]
    TooLong {
        /// Which text.
        what: String,
        /// How long it is.
        length: usize,
        /// How long it may be.
        most: usize,
    },
    /// The approved body has places for another number of variables.
    #[error("the body has {places} places, {variables} variables are given")]
    Variables {
        /// Places in the body.
        places: usize,
        /// Variables that were given.
        variables: usize,
    },
    /// A footer, which the grammar of fixed lines has no line for.
    #[error("only the labelled grammar has a footer")]
    Footer,
}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Self::invalid_request(&error.to_string()).with_source(error)
    }
}

impl Template {
    /// The template that was approved under this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: None,
            header: None,
            body: None,
            variables: Vec::new(),
            footer: None,
            labelled: false,
        }
    }

    /// The language it was approved in, such as `es_mx`. Templates of before have none.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// The texts of the body's variables, in order.
    pub fn variables<V: Into<String>>(mut self, variables: impl IntoIterator<Item = V>) -> Self {
        self.variables = variables.into_iter().map(Into::into).collect();
        self
    }

    /// The body as it was approved, with places such as `{{1}}`. It is not sent: the number of variables
    /// and the length of the message are checked against it.
    pub fn approved_body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The header, if the template has one.
    pub fn header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }

    /// The footer, which only the labelled grammar can carry.
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(text.into());
        self
    }

    /// Takes the grammar with labels, which channels of 360dialog want. The line of its header is
    /// unconfirmed.
    pub fn labelled(mut self) -> Self {
        self.labelled = true;
        self
    }

    /// The file of the header, which travels as the message's attachment.
    pub(super) fn media(&self) -> Option<&str> {
        match self.header.as_ref()? {
            Header::Text(_) => None,
            Header::Image(url) | Header::Document(url) | Header::Video(url) => Some(url),
        }
    }

    /// The text to send.
    ///
    /// # Errors
    /// What the grammar cannot carry.
    pub fn text(&self) -> Result<String, TemplateError> {
        self.check()?;
        let mut lines = vec!["@HSM@".to_owned()];
        lines.push(match &self.language {
            Some(language) => format!("{}|{language}", self.name),
            None => self.name.clone(),
        });
        if !self.labelled {
            let header = match &self.header {
                Some(Header::Text(text)) => text.clone(),
                _ => String::new(),
            };
            lines.push(header);
            lines.extend(self.variables.iter().cloned());
            return Ok(lines.join("\n"));
        }
        if let Some(header) = &self.header {
            lines.push(match header {
                Header::Text(text) => format!("header|text|{text}"),
                Header::Image(_) => "header|image".into(),
                Header::Document(_) => "header|document".into(),
                Header::Video(_) => "header|video".into(),
            });
        }
        if !self.variables.is_empty() {
            lines.push(format!("body|text|{}", self.variables.join("|")));
        }
        if let Some(footer) = &self.footer {
            lines.push(format!("footer|text|{footer}"));
        }
        Ok(lines.join("\n"))
    }

    fn check(&self) -> Result<(), TemplateError> {
        let names = [Some(&self.name), self.language.as_ref()];
        let is_name = |name: &&String| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        if !names.iter().flatten().all(is_name) {
            return Err(TemplateError::Name);
        }
        if self.footer.is_some() && !self.labelled {
            return Err(TemplateError::Footer);
        }
        for (index, variable) in self.variables.iter().enumerate() {
            if variable.trim().is_empty() {
                return Err(TemplateError::Empty(index + 1));
            }
            self.check_text(&format!("variable {}", index + 1), variable, LONG)?;
        }
        if let Some(Header::Text(text)) = &self.header {
            self.check_text("the header", text, SHORT)?;
        }
        if let Some(text) = &self.footer {
            self.check_text("the footer", text, SHORT)?;
        }
        self.check_body()
    }

    fn check_text(&self, what: &str, text: &str, most: usize) -> Result<(), TemplateError> {
        if text.contains(['\n', '\r']) || (self.labelled && text.contains('|')) {
            return Err(TemplateError::Separator(what.to_owned()));
        }
        check_length(what, text.chars().count(), most)
    }

    fn check_body(&self) -> Result<(), TemplateError> {
        let Some(body) = &self.body else {
            return check_length("the body", self.variables.concat().chars().count(), LONG);
        };
        let place = |number: usize| format!("{{{{{number}}}}}");
        let places = (1..)
            .take_while(|number| body.contains(&place(*number)))
            .count();
        let variables = self.variables.len();
        if places != variables {
            return Err(TemplateError::Variables { places, variables });
        }
        let mut length = body.chars().count();
        for (index, variable) in self.variables.iter().enumerate() {
            let place = place(index + 1);
            let times = body.matches(&place).count();
            length = length + times * variable.chars().count() - times * place.len();
        }
        check_length("the body", length, LONG)
    }
}

fn check_length(what: &str, length: usize, most: usize) -> Result<(), TemplateError> {
    if length <= most {
        return Ok(());
    }
    let what = what.to_owned();
    Err(TemplateError::TooLong { what, length, most })
}

#[cfg(test)]
mod tests {
    use super::{Header, Template, TemplateError};

    #[test]
    fn both_grammars() {
        let template = || Template::new("order_ready").language("es_mx");
        let image = || Header::Image("https://example.com/1.jpg".into());
        for (template, expected) in [
            (Template::new("hello"), "@HSM@\nhello\n"),
            (
                template().variables(["Demo", "118"]),
                "@HSM@\norder_ready|es_mx\n\nDemo\n118",
            ),
            (
                template()
                    .header(Header::Text("Order".into()))
                    .variables(["a|b"]),
                "@HSM@\norder_ready|es_mx\nOrder\na|b",
            ),
            (template().header(image()), "@HSM@\norder_ready|es_mx\n"),
            (
                template()
                    .labelled()
                    .header(image())
                    .variables(["Demo", "118"])
                    .footer("Thanks"),
                "@HSM@\norder_ready|es_mx\nheader|image\nbody|text|Demo|118\nfooter|text|Thanks",
            ),
            (template().labelled(), "@HSM@\norder_ready|es_mx"),
        ] {
            assert_eq!(template.text().as_deref(), Ok(expected));
        }
        assert_eq!(
            template().header(image()).media(),
            Some("https://example.com/1.jpg")
        );
    }

    #[test]
    fn what_a_grammar_cannot_carry_is_refused() {
        let template = || Template::new("order_ready");
        let body = "Hello {{1}}, order {{2}}: {{1}}";
        for (template, expected) in [
            (Template::new(""), "name or language"),
            (Template::new("a|b"), "name or language"),
            (template().language("es\nmx"), "name or language"),
            (
                template().variables(["Demo\n118"]),
                "variable 1 holds a line break",
            ),
            (template().variables(["Demo", " "]), "variable 2 is empty"),
            (template().labelled().variables(["a|b"]), "variable 1 holds"),
            (template().footer("Thanks"), "only the labelled grammar"),
            (
                template().labelled().footer("x".repeat(61)),
                "the footer has 61 characters",
            ),
            (
                template().header(Header::Text("x".repeat(61))),
                "the header has 61 characters",
            ),
            (
                template().variables(["x".repeat(1000), "x".repeat(25)]),
                "the body has 1025",
            ),
            (
                template().approved_body(body).variables(["Demo"]),
                "2 places, 1 variables",
            ),
            (
                template()
                    .approved_body(body)
                    .variables(["x".repeat(510), "1".into()]),
                "the body has 1037",
            ),
        ] {
            let error = template.text().unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        let error = chat2desk_error(template().variables([""]).text().unwrap_err());
        assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
    }

    fn chat2desk_error(error: TemplateError) -> crate::Error {
        error.into()
    }
}
