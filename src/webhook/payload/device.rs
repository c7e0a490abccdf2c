//! What channels run on: `new_qr_code`, `device_updated`.

use super::declare::payloads;
use crate::redacted::Shown;
use crate::wire::{LooseNumber, Messenger};

payloads! {
    /// `new_qr_code`: a WhatsApp session is interrupted and must be scanned again.
    struct NewQrCode {
        /// What the code says.
        qrcode_data: String,
        /// A picture of the code, as a `data:` URL.
        qrcode_image: String,
        /// The phone number of the session. The vendor writes a number.
        phone: LooseNumber,
        /// Whose device it is, such as `client`.
        device_owner: String,
    }

    /// `device_updated`, which calls itself `device_update`: what a channel runs on changed its state.
    struct DeviceUpdated {
        /// The messenger.
        transport: Messenger,
        /// The channel.
        channel_id: i64,
        /// The new state; of its values only `Created` is known.
        status: String,
    }
}

// A phone number, or the id of a ticket as text.
impl Shown for Option<LooseNumber> {}
