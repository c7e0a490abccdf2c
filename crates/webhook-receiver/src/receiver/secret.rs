//! [`Secret`]: the end of the URL's path, which only the vendor knows.

use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

/// The secret's digest. Comparing digests takes the same time however much of a guess is right.
pub(super) struct Secret {
    digest: [u8; 32],
    length: usize,
    pub(super) instead_of_signature: bool,
    #[cfg(feature = "axum")]
    pub(super) has_slash: bool,
}

impl Secret {
    pub(super) fn new(secret: &str, instead_of_signature: bool) -> Self {
        Self {
            digest: Sha256::digest(secret).into(),
            length: secret.len(),
            instead_of_signature,
            #[cfg(feature = "axum")]
            has_slash: secret.contains('/'),
        }
    }

    /// Whether a path ends with the secret, or with the secret and a slash. Clients differ in what they
    /// encode, so the decoded path is compared.
    pub(super) fn is_in(&self, path: &str) -> bool {
        let path: Vec<u8> = percent_decode_str(path).collect();
        let shorter = path.strip_suffix(b"/").unwrap_or(&path);
        let (with, without) = (self.ends(&path), self.ends(shorter));
        self.length > 0 && (with | without)
    }

    fn ends(&self, path: &[u8]) -> bool {
        let start = path.len().checked_sub(self.length);
        let (before, end) = path.split_at(start.unwrap_or_default());
        // A whole segment, or several if the secret has slashes.
        let is_whole = before.last() == Some(&b'/');
        is_whole & (self.digest == <[u8; 32]>::from(Sha256::digest(end)))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    /// All that a path may hold as it is.
    const AS_LITTLE_AS_ALLOWED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'!')
        .remove(b'$')
        .remove(b'&')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')')
        .remove(b'*')
        .remove(b'+')
        .remove(b',')
        .remove(b';')
        .remove(b'=')
        .remove(b':')
        .remove(b'@')
        .remove(b'/');

    proptest! {
        #[test]
        fn every_encoding_of_a_secret_is_the_secret(secret in ".+", other in ".*") {
            let expected = Secret::new(&secret, false);
            for set in [NON_ALPHANUMERIC, AS_LITTLE_AS_ALLOWED] {
                let encoded = utf8_percent_encode(&secret, set).to_string();
                for path in [format!("/{encoded}"), format!("/{encoded}/"), format!("/a/{encoded}")] {
                    prop_assert!(expected.is_in(&path), "{}", path);
                }
                let longer = format!("/a{encoded}");
                prop_assert!(!expected.is_in(&longer));
                let is_same = format!("/{other}").ends_with(&format!("/{secret}"))
                    || format!("/{other}").ends_with(&format!("/{secret}/"));
                let other = utf8_percent_encode(&other, set).to_string();
                let path = format!("/{other}");
                prop_assert_eq!(expected.is_in(&path), is_same, "{}", path);
            }
        }
    }

    #[test]
    fn no_secret_is_in_no_path() {
        for path in ["", "/", "//", "/a"] {
            assert!(!Secret::new("", false).is_in(path), "{path}");
        }
    }
}
