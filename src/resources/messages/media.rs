//! The URLs of messages' files.

use crate::client::Chat2Desk;
use crate::error::Error;
use crate::region::Region;

impl Region {
    /// Returns the URL of the region's storage of files; `None` if it is not known.
    pub const fn storage_url(self) -> Option<&'static str> {
        match self {
            Self::Main => Some("https://storage.chat2desk.com"),
            Self::Eu => Some("https://storage.chat24.io"),
            Self::Kz02 => Some("https://storage-02.chat2desk.kz"),
            Self::Mx | Self::Kz => None,
        }
    }
}

/// ## messages: helpers for files
impl Chat2Desk {
    /// Returns the URL of a message's photo, video, voice or PDF. The server writes it as a URL or as a path on the
    /// region's storage host, or below [`Builder::storage_url`](crate::Builder::storage_url) if that is set. Sends
    /// nothing.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if `link` is a path and the storage host is not known,
    /// as for [`Region::Mx`] and hosts that are no [`Region`].
    pub fn media_url(&self, link: &str) -> Result<String, Error> {
        if link.starts_with("https://") || link.starts_with("http://") {
            return Ok(link.to_owned());
        }
        let regions = [
            Region::Main,
            Region::Eu,
            Region::Mx,
            Region::Kz,
            Region::Kz02,
        ];
        let region = regions
            .into_iter()
            .find(|region| region.base_url() == self.base_url());
        let storage = self.storage.as_deref();
        let storage = storage.or(region.and_then(Region::storage_url));
        let storage = storage.ok_or_else(|| {
            Error::invalid_request("the storage host of this API host is not known")
        })?;
        Ok(format!("{storage}/{}", link.trim_start_matches('/')))
    }
}
