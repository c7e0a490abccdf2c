//! Phone numbers in the form in which the API compares them.

/// Returns the digits of a phone number, which is how the API stores and compares it: `+1 (555) 010-0001` becomes
/// `15550100001`.
///
/// Returns `None` if the text has no digits, or anything but digits, spaces and `+-().`. The rules of single
/// countries, such as a prefix for mobile numbers, are not applied.
///
/// ```
/// use chat2desk::clients::digits;
///
/// assert_eq!(digits("+1 (555) 010-0001").as_deref(), Some("15550100001"));
/// assert_eq!(digits("shop-user-118"), None);
/// ```
pub fn digits(phone: &str) -> Option<String> {
    let is_between = |c: char| "+-().\u{2010}\u{2011}\u{2013}".contains(c) || c.is_whitespace();
    if !phone.chars().all(|c| c.is_ascii_digit() || is_between(c)) {
        return None;
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}
