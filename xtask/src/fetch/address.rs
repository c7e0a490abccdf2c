//! What a person may call a published documentation by: its id, its owner and id, or the address of a page.

/// A published documentation, as far as its name says where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The host of a pasted page: the first to request from.
    pub origin: Option<String>,
    pub owner: Option<String>,
    /// None if the page has to be read first.
    pub id: Option<String>,
    /// The page itself, if its address does not say what it shows.
    pub page: Option<String>,
}

/// Documentations of the vendor, with their owners: the maintained one, and the older one.
pub const KNOWN: [(&str, &str); 2] = [("8899980", "UVC8BRBo"), ("9553101", "SW7gSQAM")];

impl Address {
    /// Reads `ID`, `OWNER/ID`, or the address of a page, a metadata page or a collection.
    ///
    /// # Errors
    /// What is none of these.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || {
            format!(
                "`{text}` is no documentation: use ID, OWNER/ID, or the address of its page, such as \
                 https://documenter.getpostman.com/view/8899980/UVC8BRBo"
            )
        };
        let Some((scheme, rest)) = text.split_once("://") else {
            return Self::of_names(text).ok_or_else(wrong);
        };
        if !matches!(scheme, "http" | "https") {
            return Err(wrong());
        }
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if host.is_empty() {
            return Err(wrong());
        }
        let origin = format!("{scheme}://{host}");
        let segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let names = match segments[..] {
            ["view", "metadata", id] | ["view", id] => Self::of_names(id),
            ["view", owner, id] | ["api", "collections", owner, id] => {
                Self::of_names(&format!("{owner}/{id}"))
            }
            _ => None,
        };
        let page = Self {
            page: Some(text.split('#').next().unwrap_or(text).to_owned()),
            owner: None,
            id: None,
            origin: None,
        };
        Ok(Self {
            origin: Some(origin),
            ..names.unwrap_or(page)
        })
    }

    fn of_names(text: &str) -> Option<Self> {
        let (owner, id) = match text.split_once('/') {
            Some((owner, id)) => (Some(owner), id),
            None => (None, text),
        };
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        if !is_name(id) || !owner.is_none_or(is_name) {
            return None;
        }
        let known = KNOWN.iter().find(|(_, known)| *known == id);
        Some(Self {
            origin: None,
            owner: owner.or(known.map(|(owner, _)| *owner)).map(str::to_owned),
            id: Some(id.to_owned()),
            page: None,
        })
    }
}

/// The owner and the id that a page states in its head.
pub fn stated_in(html: &str) -> Option<(Option<String>, String)> {
    let stated = |name: &str| {
        let tags = html.split("<meta").skip(1);
        let mut tags = tags.map(|rest| rest.split('>').next().unwrap_or_default());
        tags.find_map(|tag| (attribute(tag, "name")? == name).then(|| attribute(tag, "content"))?)
    };
    let id = stated("publishedId").filter(|id| !id.is_empty())?;
    let owner = stated("ownerId").filter(|owner| !owner.is_empty());
    Some((owner.map(str::to_owned), id.to_owned()))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let start = tag.find(&format!(" {name}="))? + name.len() + 2;
    let quote = tag[start..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))?;
    tag[start + 1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::{Address, stated_in};

    #[test]
    fn ids_owners_and_pasted_addresses_are_read() {
        let read = |text: &str| {
            let address = Address::read(text).unwrap();
            (address.origin, address.owner, address.id, address.page)
        };
        let some = |text: &str| Some(text.to_owned());
        for (text, origin, owner, id, page) in [
            ("AbC123", None, None, some("AbC123"), None),
            ("UVC8BRBo", None, some("8899980"), some("UVC8BRBo"), None),
            ("SW7gSQAM", None, some("9553101"), some("SW7gSQAM"), None),
            (" 42/AbC123 ", None, some("42"), some("AbC123"), None),
            (
                "https://documenter.getpostman.com/view/42/AbC123?version=latest#intro",
                some("https://documenter.getpostman.com"),
                some("42"),
                some("AbC123"),
                None,
            ),
            (
                "https://docs.example.com/view/metadata/AbC123",
                some("https://docs.example.com"),
                None,
                some("AbC123"),
                None,
            ),
            (
                "http://127.0.0.1:8080/api/collections/42/AbC123?versionTag=latest",
                some("http://127.0.0.1:8080"),
                some("42"),
                some("AbC123"),
                None,
            ),
            (
                "https://docs.example.com/#section",
                some("https://docs.example.com"),
                None,
                None,
                some("https://docs.example.com/"),
            ),
        ] {
            assert_eq!(read(text), (origin, owner, id, page), "{text}");
        }
        for text in [
            "",
            "a b",
            "a/b/c",
            "ftp://example.com/view/1/2",
            "https:///view/1/2",
        ] {
            assert!(Address::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pages_state_owner_and_id_in_their_head() {
        let page = "<html><head><meta charset=\"utf-8\"><meta name=\"ownerId\" content=\"42\">\
                    <meta content='AbC123' name='publishedId'/></head></html>";
        assert_eq!(stated_in(page), Some((Some("42".into()), "AbC123".into())));
        assert_eq!(stated_in("<html>a page</html>"), None);
    }
}
