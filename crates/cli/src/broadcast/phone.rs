//! Phone numbers as lists have them, as the digits that the server knows: one number is one recipient.

use chat2desk::clients::digits;

/// The fewest digits of an international number, with the country code.
const FEWEST: usize = 7;

/// The most digits of an international number, by E.164.
const MOST: usize = 15;

/// Returns the digits of an international phone number, with the country code first.
///
/// # Errors
/// If it is none, or if the country code cannot be told. The reason does not quote it.
pub fn read(text: &str) -> Result<String, &'static str> {
    let all = digits(text).ok_or("`phone` is no phone number")?;
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.rfind("(0").is_some_and(|place| place > 0) {
        return Err(
            "`phone` has a 0 in parentheses, which is not dialled from abroad; leave it out",
        );
    }
    let (before, has_plus) = match compact.rfind('+') {
        Some(place) => (&compact[..place], true),
        None => ("", false),
    };
    if !before.chars().all(|c| c == '(') {
        return Err("`phone` has a + that is not at its beginning");
    }
    let number = match has_plus {
        true => &all,
        false => all.strip_prefix("00").unwrap_or(&all),
    };
    if number.starts_with('0') {
        return Err(
            "`phone` begins with 0; write it with the country code, such as +1 555 010 0000",
        );
    }
    if !(FEWEST..=MOST).contains(&number.len()) {
        return Err("`phone` must have 7 to 15 digits, with the country code");
    }
    Ok(number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn one_number_is_one_recipient_however_it_is_written() {
        for (text, expected) in [
            ("+1 555 010 0009", Some("15550100009")),
            ("15550100009", Some("15550100009")),
            ("0015550100009", Some("15550100009")),
            ("00 1 (555) 010-0009", Some("15550100009")),
            ("(+1) 555.010.0009", Some("15550100009")),
            ("(001) 5550100009", Some("15550100009")),
            ("+1 (555) 010 0009", Some("15550100009")),
            // Some countries have numbers whose first digit behind the country code is 0.
            ("+39 06 5550100", Some("39065550100")),
            ("+49 (0)30 5550100", None),
            ("+49 ( 0 ) 30 5550100", None),
            ("+49 (030) 5550100", None),
            ("0049 (0)30 5550100", None),
            ("49 (0)30 5550100", None),
            ("030 5550100", None),
            ("(030) 5550100", None),
            ("+0 1555 0100009", None),
            ("+0015550100009", None),
            ("00015550100009", None),
            ("12", None),
            ("0012", None),
            ("+155501", None),
            ("+1555010", Some("1555010")),
            ("155501000091555010", None),
            ("1555+0100009", None),
            ("++15550100009", None),
            ("", None),
            ("+", None),
            ("1.555E+10", None),
        ] {
            assert_eq!(read(text).ok().as_deref(), expected, "{text}");
        }
    }
}
