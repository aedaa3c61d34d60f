//! Who sends a request: the key, the account or the organization, the version.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;

use crate::description::{Generation, Operation};
use crate::facts;
use crate::failure::{Failure, FailureKind};
use crate::state::{Key, KeyKind};
use crate::state::{Keys, Owner};

/// The sender of a request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) key: Arc<Key>,
    /// Whose data the request is about.
    pub(crate) owner: Owner,
}

/// Reads the headers that say who sends a request.
pub(crate) fn caller(headers: &HeaderMap, generation: Generation, keys: &Keys) -> Result<Caller, Failure> {
    let key = key(headers, keys)?;
    version(headers, generation, &key)?;
    let owner = owner(headers, &key, keys)?;
    Ok(Caller { key, owner })
}

/// Checks that a restricted key has the permissions of an operation.
pub(crate) fn permit(key: &Key, operation: &Operation) -> Result<(), Failure> {
    let KeyKind::Restricted(granted) = &key.kind else {
        return Ok(());
    };
    let needed = facts::permissions(&operation.path, operation.verb);
    let missing: Vec<_> = needed.iter().filter(|permission| !granted.iter().any(|name| name == *permission)).collect();
    match missing.first() {
        Some(permission) => Err(Failure::new(
            FailureKind::Forbidden,
            format!("The provided key does not have the required permissions for this endpoint: `{permission}`."),
        )),
        None => Ok(()),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().filter(|text| !text.is_empty())
}

fn key(headers: &HeaderMap, keys: &Keys) -> Result<Arc<Key>, Failure> {
    let failure = |message: String| Failure::new(FailureKind::Unauthenticated, message);
    let authorization = text(headers, "authorization").ok_or_else(|| {
        failure("You did not provide an API key. Set the header `Authorization: Bearer YOUR_SECRET_KEY`.".into())
    })?;
    let secret = secret(authorization)
        .ok_or_else(|| failure("Invalid header `Authorization`: expected `Bearer YOUR_SECRET_KEY`.".into()))?;
    if secret.starts_with("pk_") {
        let message = "This API call cannot be made with a publishable API key. Use a secret API key.";
        return Err(Failure::new(FailureKind::Publishable, message));
    }
    keys.get(&secret).ok_or_else(|| failure(format!("Invalid API Key provided: {}", redacted(&secret))))
}

/// Returns the key of `Bearer KEY`, or the user of `Basic`, whose password is empty, as `curl -u KEY:` sends it
/// (`/api/authentication`).
fn secret(authorization: &str) -> Option<Cow<'_, str>> {
    let (scheme, credentials) = authorization.split_once(' ')?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(credentials.into());
    }
    let is_basic = scheme.eq_ignore_ascii_case("basic");
    let user = is_basic.then(|| BASE64_STANDARD.decode(credentials).ok()).flatten()?;
    let user = String::from_utf8(user).ok()?;
    user.split_once(':').map(|(user, _)| user.to_owned().into())
}

/// Returns the beginning and the end of a key.
fn redacted(secret: &str) -> String {
    let count = secret.chars().count();
    if count < 12 {
        return "*".repeat(count);
    }
    let (start, end): (String, String) = (secret.chars().take(8).collect(), secret.chars().skip(count - 4).collect());
    format!("{start}{}{end}", "*".repeat(count - 12))
}

/// v2 and organization keys require `Stripe-Version` (`/api-v2-overview`, `/keys/organization-api-keys`).
fn version(headers: &HeaderMap, generation: Generation, key: &Key) -> Result<(), Failure> {
    let failure = |message: String| Err(Failure::new(FailureKind::Malformed, message));
    match text(headers, "stripe-version") {
        Some(version) if is_version(version) => Ok(()),
        Some(version) => failure(format!("Invalid Stripe API version: {version}")),
        None if generation == Generation::V2 => failure("The header `Stripe-Version` is required by API v2.".into()),
        None if matches!(key.kind, KeyKind::Organization) => {
            failure("The header `Stripe-Version` is required with an organization API key.".into())
        }
        None => Ok(()),
    }
}

/// Whether a text is a date, with or without a name: `2026-09-30.preview`.
fn is_version(text: &str) -> bool {
    let (date, name) = text.split_once('.').map_or((text, None), |(date, name)| (date, Some(name)));
    let named = name.is_none_or(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    named && date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok()
}

/// `Stripe-Context` supersedes `Stripe-Account`; it is a path whose last segment is the account (`/context`).
fn owner(headers: &HeaderMap, key: &Key, keys: &Keys) -> Result<Owner, Failure> {
    let context = text(headers, "stripe-context");
    let account = text(headers, "stripe-account");
    if let (Some(context), Some(account)) = (context, account)
        && context.rsplit('/').next() != Some(account)
    {
        let message = "The headers `Stripe-Context` and `Stripe-Account` name different accounts.";
        return Err(Failure::new(FailureKind::Malformed, message));
    }
    let Some(path) = context.or(account) else {
        return Ok(key.owner.clone());
    };
    let denied = || {
        let message =
            format!("The provided key does not have access to account '{path}' (or that account does not exist).");
        Failure::new(FailureKind::Account, message)
    };
    let mut owner = key.owner.clone();
    for id in path.split('/') {
        owner = keys.account_of(&owner, id).ok_or_else(denied)?;
    }
    Ok(owner)
}
