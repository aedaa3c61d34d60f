//! Additional members of an object, which have no field.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserializer, Serializer};
use serde_with::de::DeserializeAsWrap;
use serde_with::ser::SerializeAsWrap;
use serde_with::{DeserializeAs, SerializeAs};

use crate::model::private::OpenObject;

/// The format of a `#[serde(flatten)]` map with the additional members of the object `O`, whose values have the format `V`.
#[derive(Debug)]
pub struct Additional<O, V>(PhantomData<(O, V)>);

impl<O: OpenObject, V> Additional<O, V> {
    /// Deserializes the members that have no field.
    ///
    /// # Errors
    ///
    /// If a value cannot be deserialized.
    pub fn deserialize<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
    where
        D: Deserializer<'de>,
        V: DeserializeAs<'de, T>,
    {
        deserializer.deserialize_map(Members::<O, V, T>(PhantomData))
    }

    /// Serializes the members.
    ///
    /// # Errors
    ///
    /// If a member has the name of a field, which would be written twice.
    pub fn serialize<S, T>(members: &BTreeMap<String, T>, serializer: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
        V: SerializeAs<T>,
    {
        let mut object = serializer.serialize_map(Some(members.len()))?;
        for (name, value) in members {
            if O::PROPERTIES.contains(&name.as_str()) {
                return Err(S::Error::custom(format_args!("additional member `{name}` conflicts with a property")));
            }
            object.serialize_entry(name, &SerializeAsWrap::<T, V>::new(value))?;
        }
        object.end()
    }
}

struct Members<O, V, T>(PhantomData<(O, V, T)>);

impl<'de, O: OpenObject, V: DeserializeAs<'de, T>, T> Visitor<'de> for Members<O, V, T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some(name) = object.next_key::<String>()? {
            // serde leaves the tag among the flattened members.
            if O::PROPERTIES.contains(&name.as_str()) {
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            // serde has buffered the object, so the position of the error is its end: the message names the member.
            let value = object.next_value::<DeserializeAsWrap<T, V>>();
            let value = value.map_err(|error| A::Error::custom(format_args!("`{name}`: {error}")))?;
            members.insert(name, value.into_inner());
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};

    use super::*;
    use crate::model::wire::{Same, UnixTime};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "object", rename = "thing")]
    struct Thing {
        id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<i64>,
        #[serde(flatten, with = "Additional::<Thing, Same>")]
        rest: BTreeMap<String, Value>,
    }

    impl OpenObject for Thing {
        const PROPERTIES: &'static [&'static str] = &["id", "object", "size"];
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        things: Vec<Thing>,
        #[serde(flatten, with = "Additional::<Times, Option<UnixTime>>")]
        rest: BTreeMap<String, Option<Timestamp>>,
    }

    impl OpenObject for Times {
        const PROPERTIES: &'static [&'static str] = &["things"];
    }

    #[test]
    fn additional_members_survive_a_round_trip() {
        for text in [
            r#"{"object":"thing","id":"1"}"#,
            r#"{"object":"thing","id":"1","size":2,"a":null,"b":{"object":"other","id":3},"c":[1,[null]]}"#,
            r#"{"object":"thing","id":"1","\u0000":true,"":0,"max":18446744073709551615,"min":-9223372036854775808}"#,
            r#"{"object":"thing","id":"1","float":1.0,"more":0.1,"text":"\ud83e\udd80\n"}"#,
        ] {
            let thing: Thing = serde_json::from_str(text).unwrap();
            let written = serde_json::to_string(&thing).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), serde_json::from_str::<Value>(text).unwrap());
            assert_eq!(written.matches(r#""object":"thing""#).count(), 1, "{written}");
            assert_eq!(serde_json::from_value::<Thing>(serde_json::to_value(&thing).unwrap()).unwrap(), thing);
        }
    }

    #[test]
    fn values_have_their_wire_format() {
        let json = json!({"things": [{"object": "thing", "id": "1", "a": 1}], "first": 1_680_000_000, "last": null});
        let times: Times = serde_json::from_str(&json.to_string()).unwrap();
        assert_eq!(times.rest["first"].unwrap().as_second(), 1_680_000_000);
        assert_eq!(times.rest["last"], None);
        assert_eq!(serde_json::to_value(&times).unwrap(), json);
    }

    #[test]
    fn an_error_names_the_member() {
        let text = r#"{"things": [], "first": 1, "second": "x", "third": 3}"#;
        let error = serde_json::from_str::<Times>(text).unwrap_err().to_string();
        assert!(error.starts_with("`second`: invalid type: string \"x\", expected a Unix timestamp"), "{error}");
    }

    #[test]
    fn refuses_to_write_a_property_twice() {
        for name in ["id", "object", "size"] {
            let rest = BTreeMap::from([(name.to_owned(), json!(1))]);
            let error = serde_json::to_string(&Thing { id: "1".to_owned(), size: None, rest }).unwrap_err().to_string();
            assert_eq!(error, format!("additional member `{name}` conflicts with a property"));
        }
    }
}
