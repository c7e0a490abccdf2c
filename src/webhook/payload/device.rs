//! Events about the devices of channels: `new_qr_code`, `device_updated`.

use super::declare::payloads;
use crate::redacted::Shown;
use crate::wire::{LooseNumber, Messenger};

payloads! {
    /// `new_qr_code`: a WhatsApp session was interrupted, and its QR code must be scanned again.
    struct NewQrCode {
        /// The content of the code.
        qrcode_data: String,
        /// A picture of the code, as a `data:` URL.
        qrcode_image: String,
        /// The phone number of the session. The vendor writes a number.
        phone: LooseNumber,
        /// The owner of the device, such as `client`.
        device_owner: String,
    }

    /// `device_updated`, whose `hook_type` is `device_update`: the device of a channel changed its state.
    struct DeviceUpdated {
        /// The messenger.
        transport: Messenger,
        /// The channel.
        channel_id: i64,
        /// The new state. Only the value `Created` is known.
        status: String,
    }
}

// A phone number, or the id of a ticket as text.
impl Shown for Option<LooseNumber> {}
