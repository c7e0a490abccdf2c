//! [`Template`], an approved WhatsApp template, written as the text of a message in one of three grammars.

#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::wire::Messenger;

/// The most characters of a header and of a footer.
const SHORT: usize = 60;
/// The most characters of a body.
const LONG: usize = 1024;

/// An approved WhatsApp template with its variables, for
/// [`Draft::template`](super::Draft::template).
///
/// In the API a template is a text in a certain grammar, which depends on how the channel is connected to WhatsApp.
/// What a grammar cannot express is an error here, before the server misreads it.
///
/// | grammar | for | header | footer |
/// |---|---|---|---|
/// | lines in a fixed order, unless set otherwise | seen with `wa_dialog` | third line, or empty | none |
/// | [`labelled`](Self::labelled) lines | channels of 360dialog | line of its own | line of its own |
/// | [`direct`](Self::direct), a variable a line | `wa_direct` | none | none |
///
/// ```
/// use chat2desk::messages::Template;
///
/// let template = Template::new("order_ready").language("es_mx").variables(["Demo", "118"]);
/// assert_eq!(template.text()?, "@HSM@\norder_ready|es_mx\n\nDemo\n118");
/// assert_eq!(template.direct().text()?, "@HSM@\norder_ready|es_mx\nDemo\n118");
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
    grammar: Grammar,
}

/// The grammar of a template's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grammar {
    Lines,
    Labelled,
    Direct,
}

/// The header of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Header {
    /// A text of up to 60 characters.
    Text(String),
    /// An image, by its public URL.
    Image(String),
    /// A document, by its public URL.
    Document(String),
    /// A video, by its public URL.
    Video(String),
}

/// Why a template is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The name or language is empty, or has other characters than letters, digits, `_` and `-`.
    #[error(
        "the template's name or language is empty, or has characters other than letters, digits, `_` and `-`"
    )]
    Name,
    /// A text has a line break or, in the labelled grammar, a `|`, which would end it.
    #[error("{0} has a line break or, in the labelled grammar, a `|`")]
    Separator(String),
    /// A variable is empty, which WhatsApp does not accept. Variables are numbered from 1.
    #[error("variable {0} is empty, which WhatsApp does not accept")]
    Empty(usize),
    /// A text is too long.
    #[error("{what} has {length} characters, more than the {most} that WhatsApp accepts")]
    TooLong {
        /// The text, such as `the header`.
        what: String,
        /// The number of its characters.
        length: usize,
        /// The most characters that it may have.
        most: usize,
    },
    /// The number of variables differs from that of the approved body.
    #[error("the approved body has {places} variables, but the template has {variables}")]
    Variables {
        /// The number of variables in the approved body.
        places: usize,
        /// The number of variables of the template.
        variables: usize,
    },
    /// The template has a footer, which only the labelled grammar can express.
    #[error("the template has a footer, which only the labelled grammar can express")]
    Footer,
    /// The template has a header, which the direct grammar cannot express.
    #[error("the template has a header, which the direct grammar cannot express")]
    Header,
}

impl From<TemplateError> for Error {
    fn from(error: TemplateError) -> Self {
        Self::invalid_request(&error.to_string()).with_source(error)
    }
}

impl Template {
    /// Creates a template by the name under which it was approved.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            language: None,
            header: None,
            body: None,
            variables: Vec::new(),
            footer: None,
            grammar: Grammar::Lines,
        }
    }

    /// Sets the language in which it was approved, such as `es_mx`. Older templates have none.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Sets the texts of the body's variables, in order.
    pub fn variables<V: Into<String>>(mut self, variables: impl IntoIterator<Item = V>) -> Self {
        self.variables = variables.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the body as it was approved, with variables such as `{{1}}`. It is not sent: the number of variables
    /// and the length of the message are checked against it.
    pub fn approved_body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the header, if the template has one.
    pub fn header(mut self, header: Header) -> Self {
        self.header = Some(header);
        self
    }

    /// Sets the footer, which only the labelled grammar can express.
    pub fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(text.into());
        self
    }

    /// Selects the grammar with labels, which channels of 360dialog require. The form of its header is unconfirmed.
    pub fn labelled(mut self) -> Self {
        self.grammar = Grammar::Labelled;
        self
    }

    /// Selects the grammar of the transport `wa_direct`, which was seen in Mexico: the variables follow the name,
    /// and there is no line for a header. Published programs send it in this form.
    /// [`Draft::template`](super::Draft::template) sends such a template through `wa_direct`.
    pub fn direct(mut self) -> Self {
        self.grammar = Grammar::Direct;
        self
    }

    /// Returns the transport that requires this grammar, if there is one.
    pub(super) fn transport(&self) -> Option<Messenger> {
        (self.grammar == Grammar::Direct).then_some(Messenger::WaDirect)
    }

    /// Returns the URL of the header's file, which is sent as the message's attachment.
    pub(super) fn media(&self) -> Option<&str> {
        match self.header.as_ref()? {
            Header::Text(_) => None,
            Header::Image(url) | Header::Document(url) | Header::Video(url) => Some(url),
        }
    }

    /// Returns the text to send.
    ///
    /// # Errors
    /// [`TemplateError`] if the grammar cannot express the template, or WhatsApp would not accept it.
    pub fn text(&self) -> Result<String, TemplateError> {
        self.check()?;
        let mut lines = vec!["@HSM@".to_owned()];
        lines.push(match &self.language {
            Some(language) => format!("{}|{language}", self.name),
            None => self.name.clone(),
        });
        match self.grammar {
            Grammar::Lines => {
                lines.push(match &self.header {
                    Some(Header::Text(text)) => text.clone(),
                    _ => String::new(),
                });
                lines.extend_from_slice(&self.variables);
            }
            Grammar::Direct => lines.extend_from_slice(&self.variables),
            Grammar::Labelled => lines.extend(self.labels()),
        }
        Ok(lines.join("\n"))
    }

    /// Returns the lines of the labelled grammar after the name.
    fn labels(&self) -> impl Iterator<Item = String> {
        let header = self.header.as_ref().map(|header| match header {
            Header::Text(text) => format!("header|text|{text}"),
            Header::Image(_) => "header|image".into(),
            Header::Document(_) => "header|document".into(),
            Header::Video(_) => "header|video".into(),
        });
        let body =
            (!self.variables.is_empty()).then(|| format!("body|text|{}", self.variables.join("|")));
        let footer = self
            .footer
            .as_ref()
            .map(|footer| format!("footer|text|{footer}"));
        [header, body, footer].into_iter().flatten()
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
        if self.footer.is_some() && self.grammar != Grammar::Labelled {
            return Err(TemplateError::Footer);
        }
        if self.header.is_some() && self.grammar == Grammar::Direct {
            return Err(TemplateError::Header);
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
        if text.contains(['\n', '\r']) || (self.grammar == Grammar::Labelled && text.contains('|'))
        {
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
