//! [`Region`], the hosts of the API, and checks of base URLs.

use crate::error::Error;
use reqwest::Url;

/// A region of Chat2Desk. An account belongs to one region, and its token is valid in no other.
///
/// ```
/// use chat2desk::{Chat2Desk, Region};
///
/// let chat = Chat2Desk::builder("token").region(Region::Eu).build()?;
/// assert_eq!(chat.base_url(), "https://api.chat24.io");
/// # Ok::<(), chat2desk::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Region {
    /// The main region, `api.chat2desk.com`.
    #[default]
    Main,
    /// Europe, `api.chat24.io`.
    Eu,
    /// Mexico, `api.chat2desk.com.mx`.
    Mx,
    /// Kazakhstan, `api.chat2desk.kz`.
    Kz,
    /// Kazakhstan's second cluster, `api-02.chat2desk.kz`.
    Kz02,
}

impl Region {
    /// Returns all regions, the main one first.
    ///
    /// ```
    /// use chat2desk::Region;
    ///
    /// let named = |name: &str| Region::all().iter().find(|region| region.name() == name).copied();
    /// assert_eq!(named("eu"), Some(Region::Eu));
    /// ```
    pub const fn all() -> &'static [Self] {
        &[Self::Main, Self::Eu, Self::Mx, Self::Kz, Self::Kz02]
    }

    /// Returns a short name for settings and messages: `main`, `eu`, `mx`, `kz` or `kz-02`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Eu => "eu",
            Self::Mx => "mx",
            Self::Kz => "kz",
            Self::Kz02 => "kz-02",
        }
    }

    /// Returns the region's base URL, which paths such as `/v1/clients` follow.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::Main => "https://api.chat2desk.com",
            Self::Eu => "https://api.chat24.io",
            Self::Mx => "https://api.chat2desk.com.mx",
            Self::Kz => "https://api.chat2desk.kz",
            Self::Kz02 => "https://api-02.chat2desk.kz",
        }
    }
}

/// Returns a base URL without a slash or `/v1` at the end.
///
/// # Errors
/// [`Config`](crate::ErrorKind::Config), with what is wrong with the URL.
pub(crate) fn parse_base_url(text: &str, allow_http: bool) -> Result<String, Error> {
    let bad = |reason: &str| Err(Error::config(&format!("the base URL {reason}")));
    let mut url = parse_url("base", text, Region::Main.base_url())?;
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return bad(
            "is plain http, which would send the token unencrypted; use https, \
                        or `allow_http` if that is intended",
        );
    }
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/v1")
        .or_else(|| path.strip_suffix("/V1"))
        .unwrap_or(path);
    let path = path.trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Returns a storage URL without a slash at the end.
///
/// # Errors
/// [`Config`](crate::ErrorKind::Config), with what is wrong with the URL.
pub(crate) fn parse_storage_url(text: &str) -> Result<String, Error> {
    let url = parse_url("storage", text, "https://storage.chat2desk.com")?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Parses a URL of a setting, to which paths are added.
fn parse_url(name: &str, text: &str, example: &str) -> Result<Url, Error> {
    let bad = |reason: &str| Err(Error::config(&format!("the {name} URL {reason}")));
    let text = text.trim();
    let Ok(url) = Url::parse(text) else {
        return bad(&format!("is not a URL; it should look like {example}"));
    };
    // If the host is missing, the parser takes the first word of the path for it.
    let behind_scheme = text.split_once("://").map(|(_, rest)| rest);
    if behind_scheme.is_none_or(|rest| rest.starts_with(['/', '\\'])) {
        return bad(&format!("has no host; it should look like {example}"));
    }
    if !["https", "http"].contains(&url.scheme()) {
        return bad("has a scheme other than https");
    }
    if matches!(url.host_str(), Some("https" | "http")) {
        return bad(&format!(
            "has its scheme twice; it should look like {example}"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad(
            "contains a user name or password; remove them, the token is the only credential",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        return bad("has a query or fragment; remove it");
    }
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Region, parse_base_url};

    #[test]
    fn every_region_has_a_name_and_a_host_of_its_own() {
        for (index, region) in Region::all().iter().enumerate() {
            // Fails to compile when a variant is added, which must then be added to `all`, too.
            let position = match region {
                Region::Main => 0,
                Region::Eu => 1,
                Region::Mx => 2,
                Region::Kz => 3,
                Region::Kz02 => 4,
            };
            assert_eq!(position, index);
            let mut others = Region::all()[..index].iter();
            assert!(others.all(|other| {
                other.name() != region.name() && other.base_url() != region.base_url()
            }));
        }
    }

    #[test]
    fn base_urls() {
        for (given, allow_http, expected) in [
            (
                "https://api.chat24.io",
                false,
                Some("https://api.chat24.io"),
            ),
            (
                "https://api.chat24.io/",
                false,
                Some("https://api.chat24.io"),
            ),
            (
                "https://api.chat24.io/v1/",
                false,
                Some("https://api.chat24.io"),
            ),
            (
                " https://example.com/proxy/ ",
                false,
                Some("https://example.com/proxy"),
            ),
            (
                "http://127.0.0.1:8080",
                false,
                Some("http://127.0.0.1:8080"),
            ),
            ("http://[::1]:8080/", false, Some("http://[::1]:8080")),
            ("http://localhost", false, Some("http://localhost")),
            ("http://example.com", true, Some("http://example.com")),
            ("http://example.com", false, None),
            ("http://127.0.0.1.example.com", false, None),
            ("ftp://example.com", true, None),
            ("https://user:secret@example.com", false, None),
            ("https://example.com?x=1", false, None),
            ("api.chat24.io", false, None),
            // The host `v1` is no version, and a missing host is no host.
            ("https://v1", false, Some("https://v1")),
            ("https://v1/v1//", false, Some("https://v1")),
            ("https://v1:8443/v1", false, Some("https://v1:8443")),
            ("http://v1", true, Some("http://v1")),
            ("http://v1", false, None),
            (
                "https://example.com//v1/",
                false,
                Some("https://example.com"),
            ),
            (
                "https://example.com/av1",
                false,
                Some("https://example.com/av1"),
            ),
            (
                "https://example.com/V1/",
                false,
                Some("https://example.com"),
            ),
            ("https://https://example.com", false, None),
            ("https://http//example.com", false, None),
            ("https:///v1", false, None),
            ("https://\\\\v1", false, None),
            ("https:/v1", false, None),
            ("https:v1", false, None),
            ("", false, None),
        ] {
            let parsed = parse_base_url(given, allow_http);
            assert_eq!(parsed.ok().as_deref(), expected, "{given}");
        }
    }
}
