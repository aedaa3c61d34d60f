//! Example values.

use std::any::type_name;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::response::decode_json;
use crate::{Error, RunState};

/// A model with an example value.
///
/// Generated code states the example, as JSON; it is decoded as a response is. Fields are public, so a value can be changed
/// in place, and [`with`](Self::with) changes several fields at once:
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use stripe_reporting_runtime::testing::{Example, json};
/// # #[derive(Debug, PartialEq, Serialize, Deserialize)]
/// # struct Run { id: String, status: String, size: i64 }
/// # impl Example for Run {
/// #     const EXAMPLE: &'static str = r#"{"id": "run_123", "status": "succeeded", "size": 500}"#;
/// # }
/// let mut run = Run::example();
/// run.status = "failed".to_owned();
///
/// assert_eq!(run, Run::example().with(json!({"status": "failed"}))?);
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// ```
pub trait Example: DeserializeOwned + Serialize {
    /// The example, as JSON.
    const EXAMPLE: &'static str;

    /// How the example differs in each state of a run, as JSON merge patches; empty for a model that is not a run.
    const STATES: &'static [(RunState, &'static str)] = &[];

    /// Returns the example.
    ///
    /// # Panics
    ///
    /// Panics if [`EXAMPLE`](Self::EXAMPLE) does not decode, which no generated one does.
    #[must_use]
    #[allow(clippy::panic, reason = "a constant, which tests decode for every model")]
    fn example() -> Self {
        decode_json(Self::EXAMPLE.as_bytes())
            .unwrap_or_else(|error| panic!("invalid example of `{}`: {error}", name::<Self>()))
    }

    /// Returns the example of a run in this state: a result is present if it succeeded, a failure if it failed
    /// or was canceled.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the model is not a run, or never in this state.
    fn example_in(state: RunState) -> Result<Self, Error> {
        let Some((_, changes)) = Self::STATES.iter().find(|(of, _)| *of == state) else {
            let model = name::<Self>();
            return Err(Error::invalid_request(format!("`{model}` has no example in the state `{state:?}`")));
        };
        Self::example().with(decode_json(changes.as_bytes())?)
    }

    /// Returns this value with some fields changed.
    ///
    /// The changes are a JSON merge patch (RFC 7396) in terms of the API: members of objects are merged, null removes a
    /// member, and everything else is replaced.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) with the [path](Error::path) of a value that does not decode, or of a field that
    /// the model does not have.
    fn with(self, changes: Value) -> Result<Self, Error> {
        let mut json = to_json(&self)?;
        merge(&mut json, &changes);
        let text = json.to_string();
        let changed: Self = decode_json(text.as_bytes())?;
        match unknown(&changes, &to_json(&changed)?, "") {
            Some(path) => {
                let message = format!("unknown field of `{}`", name::<Self>());
                Err(Error::decode(message, Some(path), text.as_bytes()))
            }
            None => Ok(changed),
        }
    }
}

/// Returns the name of a model without its path, which may be private.
fn name<T>() -> &'static str {
    type_name::<T>().rsplit("::").next().unwrap_or_default()
}

fn to_json(value: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(value)
        .map_err(|error| Error::invalid_request("cannot encode the value to change").with_source(error))
}

/// Applies a JSON merge patch.
fn merge(target: &mut Value, changes: &Value) {
    let Value::Object(changes) = changes else {
        changes.clone_into(target);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

/// Returns the path of a member that was changed and is not in the result: decoding ignores unknown fields.
fn unknown(changes: &Value, result: &Value, path: &str) -> Option<String> {
    changes.as_object()?.iter().filter(|(_, change)| !change.is_null()).find_map(|(name, change)| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match result.get(name) {
            Some(result) => unknown(change, result, &path),
            None => Some(path),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::ErrorKind;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Run {
        status: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<File>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct File {
        url: String,
        size: i64,
    }

    impl Example for Run {
        const EXAMPLE: &'static str = r#"{"status": "succeeded", "file": {"url": "https://example.com", "size": 5}}"#;
        const STATES: &'static [(RunState, &'static str)] =
            &[(RunState::Running, r#"{"status": "running", "file": null}"#)];
    }

    #[test]
    fn states_and_changes_are_merged_into_the_example() {
        let running = Run::example_in(RunState::Running).unwrap();
        assert_eq!(running, Run { status: "running".to_owned(), file: None });
        let run = Run::example().with(json!({"file": {"size": 9}})).unwrap();
        assert_eq!(run.file, Some(File { url: "https://example.com".to_owned(), size: 9 }));
        let run = running.with(json!({"file": {"url": "https://example.org", "size": 1}})).unwrap();
        assert_eq!(run.file.unwrap().size, 1);
    }

    #[test]
    fn an_error_has_the_path() {
        let error = |changes| Run::example().with(changes).unwrap_err();
        for (changes, path, message) in [
            (json!({"file": {"size": "9"}}), "file.size", "invalid type: string"),
            (json!({"file": {"name": "a"}}), "file.name", "unknown field of `Run`"),
            (json!({"status": null}), ".", "missing field `status`"),
            (json!(1), ".", "invalid type: integer"),
        ] {
            let error = error(changes);
            assert_eq!((error.kind(), error.path().unwrap_or_default()), (ErrorKind::Decode, path), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
        let error = Run::example_in(RunState::Failed).unwrap_err();
        assert!(error.to_string().ends_with(": `Run` has no example in the state `Failed`"), "{error}");
    }
}
