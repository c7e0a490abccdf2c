//! Strict quotes of CSV: a quote that is not closed would swallow the rest of a list, and send it as one message.

/// Returns what is wrong with the quotes of a CSV text, with the line of the column.
///
/// A column is either without quotes, or within quotes as a whole, where a quote is written twice.
pub fn fault(text: &str) -> Option<(u64, &'static str)> {
    let mut line = 1;
    let mut begun = 1;
    let mut place = Place::Start;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        place = match (place, c) {
            (Place::Quoted, '"') if rest.next_if_eq(&'"').is_some() => Place::Quoted,
            (Place::Quoted, '"') => Place::End,
            (Place::Quoted, _) => Place::Quoted,
            (_, ',' | '\r' | '\n') => Place::Start,
            (Place::Start, '"') => {
                begun = line;
                Place::Quoted
            }
            (Place::End, _) => return Some((begun, "a column goes on behind its closing quote")),
            (_, '"') => {
                return Some((
                    line,
                    "a column with quotes must be in quotes as a whole, with each of its own quotes written twice",
                ));
            }
            _ => Place::Plain,
        };
        if c == '\n' || c == '\r' && rest.peek() != Some(&'\n') {
            line += 1;
        }
    }
    (place == Place::Quoted).then_some((begun, "a quote is not closed"))
}

/// Where in a column a character is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    Plain,
    Quoted,
    /// Behind the closing quote.
    End,
}
