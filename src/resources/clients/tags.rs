//! Tags by label, on customers and on requests.

use crate::client::Chat2Desk;
use crate::error::Error;
use crate::generated::types;
use crate::list::List;
use crate::wire::AssigneeType;

/// A customer or a request that has tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tagged {
    /// The customer with this id.
    Client(i64),
    /// The request with this id.
    Request(i64),
}

/// A tag, by its id or by its label in the panel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TagName {
    /// The id, which never changes.
    Id(i64),
    /// The label, in its exact spelling. Needs a call to look up the id.
    Label(String),
}

impl From<i64> for TagName {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for TagName {
    fn from(label: &str) -> Self {
        Self::Label(label.to_owned())
    }
}

impl From<String> for TagName {
    fn from(label: String) -> Self {
        Self::Label(label)
    }
}

/// The result of looking up a tag.
enum Lookup {
    /// The tag has this id.
    Found(i64),
    /// No tag has this label.
    Unknown(String),
}

/// ## tags: helpers
impl Chat2Desk {
    /// Attaches a tag. Attaching it again changes nothing.
    ///
    /// A label is looked up first. An id is not: the server reports a success even if no tag has it.
    ///
    /// ```no_run
    /// # use chat2desk::{Chat2Desk, Error, clients::Tagged};
    /// # async fn run(chat: &Chat2Desk) -> Result<(), Error> {
    /// chat.add_tag(Tagged::Client(94000001), "VIP").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if no tag has the label, or more than one, and the
    /// errors of [`assign_tags`](Self::assign_tags).
    pub async fn add_tag(&self, to: Tagged, tag: impl Into<TagName>) -> Result<(), Error> {
        let tag = match self.tag_id(tag.into()).await? {
            Lookup::Found(id) => id,
            Lookup::Unknown(label) => {
                return Err(Error::invalid_request(&format!(
                    "no tag is named `{label}`"
                )));
            }
        };
        let (kind, id) = match to {
            Tagged::Client(id) => (AssigneeType::Client, id),
            Tagged::Request(id) => (AssigneeType::Request, id),
        };
        let request = types::AssignTagsRequest::builder()
            .tag_ids(vec![tag])
            .assignee_type(kind)
            .assignee_id(id);
        self.assign_tags(request).send().await?;
        Ok(())
    }

    /// Detaches a tag, and returns whether it was attached.
    ///
    /// Returns `false` if the tag is not attached or does not exist. The server reports an unknown customer or
    /// request the same way.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if more than one tag has the label, and the errors of
    /// [`remove_tag`](Self::remove_tag), except for a missing tag.
    pub async fn untag(&self, from: Tagged, tag: impl Into<TagName>) -> Result<bool, Error> {
        let Lookup::Found(tag) = self.tag_id(tag.into()).await? else {
            return Ok(false);
        };
        let from = match from {
            Tagged::Client(id) => types::RemoveTagRequest::builder().client_id(id),
            Tagged::Request(id) => types::RemoveTagRequest::builder().request_id(id),
        };
        match self.remove_tag(tag, from).send().await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() || says_missing(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn tag_id(&self, tag: TagName) -> Result<Lookup, Error> {
        let label = match tag {
            TagName::Id(id) => return Ok(Lookup::Found(id)),
            TagName::Label(label) => label,
        };
        let mut tags = self.list_tags().collect_all().await?;
        tags.retain(|tag| tag.label.as_deref() == Some(&label));
        match tags.as_slice() {
            [] => Ok(Lookup::Unknown(label)),
            [tag] => Ok(Lookup::Found(tag.id)),
            several => {
                let groups = several.iter().filter_map(|tag| tag.group_name.as_deref());
                let groups = groups.collect::<Vec<_>>().join(", ");
                let reason =
                    format!("several tags are named `{label}`, in the groups {groups}; use an id");
                Err(Error::invalid_request(&reason))
            }
        }
    }
}

/// Returns whether the server reports a missing tag, customer or request. These texts were seen; their status is
/// not known.
fn says_missing(error: &Error) -> bool {
    let text = String::from_utf8_lossy(error.body());
    [
        "tag does not exist",
        "client not found",
        "request not found",
    ]
    .iter()
    .any(|known| text.to_lowercase().contains(known))
}
