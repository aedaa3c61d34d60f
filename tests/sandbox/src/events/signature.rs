//! Signs the bodies of events.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Returns the header `Stripe-Signature` of a body that is sent at a time, in Unix seconds.
pub(super) fn header(secret: &str, at: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // Keys of any length are valid.
        return String::new();
    };
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={hex}")
}
