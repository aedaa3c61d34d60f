//! Signature verification.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::event::WebhookEvent;
use super::secret::WebhookSecret;
use crate::{Error, ErrorKind, Timestamp};

/// The default maximum age of a signature.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Verifies that webhook events are from Stripe, by the header `Stripe-Signature`.
///
/// ```
/// use stripe_reporting_runtime::{Timestamp, Webhook};
///
/// let webhook = Webhook::new("whsec_123")?;
/// let body = br#"{"object": "event"}"#; // the raw body, not parsed and serialized again
/// # let header = &webhook.sign(body, Timestamp::now());
/// webhook.verify(header, body)?;
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// ```
///
/// [`parse`](Self::parse) verifies and decodes an event: `webhook.parse::<v2::core::Event>(header, body)`.
#[cfg(feature = "webhooks")]
#[derive(Debug, Clone)]
#[must_use]
pub struct Webhook {
    secrets: Vec<WebhookSecret>,
    tolerance: Duration,
}

impl Webhook {
    /// Creates a verifier with the signing secret of an endpoint: a string, or a [`WebhookSecret`].
    ///
    /// # Errors
    ///
    /// See [`WebhookSecret::new`].
    pub fn new<S>(secret: S) -> Result<Self, Error>
    where
        S: TryInto<WebhookSecret>,
        Error: From<S::Error>,
    {
        Ok(Self { secrets: vec![secret.try_into()?], tolerance: TOLERANCE })
    }

    /// Accepts another secret as well: that of another endpoint, or the next one while rolling secrets.
    ///
    /// # Errors
    ///
    /// See [`WebhookSecret::new`].
    pub fn or<S>(mut self, secret: S) -> Result<Self, Error>
    where
        S: TryInto<WebhookSecret>,
        Error: From<S::Error>,
    {
        self.secrets.push(secret.try_into()?);
        Ok(self)
    }

    /// Sets the maximum age of a signature; 5 minutes by default. It limits replay attacks.
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Verifies the value of the header `Stripe-Signature`, and returns the time of the signature.
    ///
    /// The body is the raw body, byte for byte: JSON that was parsed and serialized again has another signature.
    ///
    /// # Errors
    ///
    /// [`Signature`](ErrorKind::Signature) if no signature matches, or if it is too old.
    pub fn verify(&self, header: &str, body: &[u8]) -> Result<Timestamp, Error> {
        self.verify_at(header, body, Timestamp::now())
    }

    /// Like [`verify`](Self::verify), with the current time as a parameter.
    ///
    /// # Errors
    ///
    /// See [`verify`](Self::verify).
    pub fn verify_at(&self, header: &str, body: &[u8], now: Timestamp) -> Result<Timestamp, Error> {
        let signature = Signature::parse(header)?;
        let is_signed = |secret: &WebhookSecret| {
            let expected = hmac(secret, signature.time, body);
            signature.hashes.iter().any(|hash| expected.clone().verify_slice(hash).is_ok())
        };
        if !self.secrets.iter().any(is_signed) {
            return Err(invalid(
                "no signature in `Stripe-Signature` matches; help: use the secret of this endpoint, and the raw body instead \
                 of JSON that was parsed and serialized again",
            ));
        }
        let age = now.as_second().saturating_sub(signature.time.as_second());
        if u64::try_from(age).is_ok_and(|age| age > self.tolerance.as_secs()) {
            let tolerance = self.tolerance.as_secs();
            return Err(invalid(&format!(
                "signed {age} seconds ago, at most {tolerance} are allowed; this may be a replay, or the clock is wrong"
            )));
        }
        Ok(signature.time)
    }

    /// Verifies and decodes an event.
    ///
    /// # Errors
    ///
    /// See [`verify`](Self::verify); and [`Decode`](ErrorKind::Decode) if the body is not a valid event of this kind.
    pub fn parse<E: WebhookEvent>(&self, header: &str, body: &[u8]) -> Result<E, Error> {
        self.parse_at(header, body, Timestamp::now())
    }

    /// Like [`parse`](Self::parse), with the current time as a parameter.
    ///
    /// # Errors
    ///
    /// See [`parse`](Self::parse).
    pub fn parse_at<E: WebhookEvent>(&self, header: &str, body: &[u8], now: Timestamp) -> Result<E, Error> {
        self.verify_at(header, body, now)?;
        E::parse_event(body)
    }

    /// Creates the header that Stripe would send with a body, for tests.
    #[must_use]
    pub fn sign(&self, body: &[u8], at: Timestamp) -> String {
        let mut header = format!("t={}", at.as_second());
        for secret in &self.secrets {
            let hash = hmac(secret, at, body).finalize().into_bytes();
            header.push_str(",v1=");
            header.extend(hash.iter().map(|byte| format!("{byte:02x}")));
        }
        header
    }
}

/// A `Stripe-Signature` header, `t=…,v1=…`.
struct Signature {
    time: Timestamp,
    hashes: Vec<Vec<u8>>,
}

impl Signature {
    fn parse(header: &str) -> Result<Self, Error> {
        let mut time = None;
        let mut hashes = Vec::new();
        for pair in header.split(',') {
            let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value.trim())));
            match (name.trim(), value) {
                // Other programs that read the header could use the other timestamp.
                ("t", _) if time.is_some() => {
                    return Err(invalid("`Stripe-Signature` has more than one timestamp `t=…`"));
                }
                ("t", value) => time = Some(timestamp(value.unwrap_or_default())?),
                // An invalid hash is skipped: another one may match.
                ("v1", Some(hash)) => hashes.extend(decode_hex(hash)),
                ("v1", None) => return Err(invalid("`Stripe-Signature` is malformed; expected `t=…,v1=…`")),
                _ => {}
            }
        }
        let time = time.ok_or_else(|| invalid("`Stripe-Signature` has no timestamp `t=…`"))?;
        if hashes.is_empty() {
            return Err(invalid("`Stripe-Signature` has no signature `v1=…`"));
        }
        Ok(Self { time, hashes })
    }
}

fn timestamp(text: &str) -> Result<Timestamp, Error> {
    let time = text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| invalid("invalid timestamp in `Stripe-Signature`"))
}

fn hmac(secret: &WebhookSecret, time: Timestamp, body: &[u8]) -> Hmac<Sha256> {
    // HMAC accepts keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|_| Hmac::new(&Default::default()));
    mac.update(time.as_second().to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    });
    pairs.collect()
}

fn invalid(reason: &str) -> Error {
    Error::new(ErrorKind::Signature, reason)
}

#[cfg(test)]
mod leniency;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(super) const SECRET: &str = "whsec_geheim";
    pub(super) const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    /// `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_geheim`
    pub(super) const HASH: &str = "670f5e2a4793aee361516ab2407e8109696d40c10ad4f3c4b6de80c346a8a97f";

    pub(super) fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn verify(header: &str) -> Result<Timestamp, Error> {
        Webhook::new(SECRET).unwrap().verify_at(header, BODY, at(1_700_000_000))
    }

    fn message(header: &str) -> String {
        let error = verify(header).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Signature);
        let text = format!("{error} {error:?}");
        assert!(!text.contains("geheim") && !text.contains(HASH), "{text}");
        text
    }

    #[test]
    fn accepts_a_valid_signature() {
        assert_eq!(verify(&format!("t=1700000000,v1={HASH}")).unwrap(), at(1_700_000_000));
        assert_eq!(Webhook::new(SECRET).unwrap().sign(BODY, at(1_700_000_000)), format!("t=1700000000,v1={HASH}"));
    }

    #[test]
    fn accepts_any_of_several_secrets() {
        let header = format!("t=1700000000,v1={HASH}");
        let rolled = Webhook::new("whsec_new").unwrap().or(SECRET).unwrap();
        assert!(rolled.verify_at(&header, BODY, at(1_700_000_000)).is_ok());
        assert!(Webhook::new("whsec_new").unwrap().verify_at(&header, BODY, at(1_700_000_000)).is_err());
        assert!(Webhook::new(SECRET).unwrap().verify_at(&header, b"{}", at(1_700_000_000)).is_err());
        assert!(Webhook::new("").is_err() && Webhook::new(SECRET).unwrap().or("").is_err());
        let secret = WebhookSecret::new(SECRET).unwrap();
        assert!(Webhook::new(secret.clone()).unwrap().or(secret).is_ok());
    }

    #[test]
    fn errors_name_the_problem() {
        for (header, expected) in [
            ("", "has no timestamp"),
            ("t=1700000000", "has no signature"),
            (&format!("v1={HASH}"), "has no timestamp"),
            (&format!("t=1700000000;v1={HASH}"), "invalid timestamp"),
            (&format!("t=1700000000,t=1700000000,v1={HASH}"), "more than one timestamp"),
            (&format!("t=1700000000,v0={HASH}"), "has no signature"),
            (&format!("t=1700000000,v1={}", &HASH[1..]), "has no signature"),
            (&format!("t=1700000000,v1={}", &HASH[2..]), "no signature in `Stripe-Signature` matches"),
            (&format!("t=1700000001,v1={HASH}"), "no signature in `Stripe-Signature` matches"),
            (&format!("t=,v1={HASH}"), "invalid timestamp"),
        ] {
            assert!(message(header).contains(expected), "{header}: {}", message(header));
        }
    }

    #[test]
    fn an_error_has_the_age_of_the_signature() {
        let webhook = Webhook::new(SECRET).unwrap();
        let error = webhook.verify_at(&format!("t=1700000000,v1={HASH}"), BODY, at(1_700_000_301)).unwrap_err();
        assert!(error.to_string().contains("signed 301 seconds ago"), "{error}");
    }

    /// Signs the body with any text as the timestamp.
    fn signed(time: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(time.as_bytes());
        mac.update(b".");
        mac.update(BODY);
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn refuses_invalid_timestamps_with_a_valid_signature() {
        for time in ["", "soon", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "1.5"] {
            let header = format!("t={time},v1={}", signed(time));
            assert!(message(&header).contains("invalid timestamp in `Stripe-Signature`"), "{time}");
        }
    }

    proptest! {
        #[test]
        fn accepts_any_header_and_body_without_panicking(header: String, body: Vec<u8>) {
            let _ = Webhook::new(SECRET).unwrap().verify(&header, &body);
            let signed = Webhook::new(SECRET).unwrap().sign(&body, at(1));
            prop_assert!(Webhook::new(SECRET).unwrap().verify_at(&signed, &body, at(2)).is_ok());
        }
    }
}
