//! Stripe's form encoding: `parameters[columns][0]=a&expand[0]=result`.
//!
//! Like the official SDKs, this writes brackets literally, arrays with indices, and a space as `+`. `None` is omitted. An
//! empty list or map is `key=` in a body, which clears the value at Stripe (as in stripe-go), and omitted in a query.
//!
//! `serde_qs` is not used: it writes a bare `key` for `None`, floats with exponents, and an empty list alike in a query and
//! a body.

use std::fmt::{self, Display};

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::percent::percent_encode;
use crate::Error;

/// Encodes parameters as a query string, without the `?`.
pub(super) fn to_query<T: Serialize + ?Sized>(parameters: &T) -> Result<String, Error> {
    encode(parameters, false)
}

/// Encodes parameters as a body.
pub(super) fn to_form<T: Serialize + ?Sized>(parameters: &T) -> Result<String, Error> {
    encode(parameters, true)
}

fn encode<T: Serialize + ?Sized>(parameters: &T, empty_clears: bool) -> Result<String, Error> {
    let mut encoder = Encoder { output: String::new(), key: String::new(), empty_clears };
    match parameters.serialize(&mut encoder) {
        Ok(()) => Ok(encoder.output),
        Err(EncodingError(reason)) => {
            let at = if encoder.key.is_empty() { String::new() } else { format!(" at `{}`", encoder.key) };
            Err(Error::invalid_request(format!("cannot form-encode the parameters{at}: {reason}")))
        }
    }
}

struct Encoder {
    output: String,
    /// The percent-encoded key of the current value.
    key: String,
    empty_clears: bool,
}

/// The reason why a value cannot be encoded.
#[derive(Debug)]
struct EncodingError(String);

type EncodingResult = Result<(), EncodingError>;

impl EncodingError {
    fn not_finite() -> Self {
        Self("infinite or NaN".to_owned())
    }
}

impl Encoder {
    fn pair(&mut self, value: &str) -> EncodingResult {
        if self.key.is_empty() {
            return Err(EncodingError("not a struct or map".to_owned()));
        }
        if !self.output.is_empty() {
            self.output.push('&');
        }
        self.output.push_str(&self.key);
        self.output.push('=');
        push_encoded(&mut self.output, value);
        Ok(())
    }

    /// Writes a value nested in the current one.
    fn nested_value<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> EncodingResult {
        let length = self.key.len();
        if length == 0 {
            push_encoded(&mut self.key, name);
        } else {
            self.key.push('[');
            push_encoded(&mut self.key, name);
            self.key.push(']');
        }
        value.serialize(&mut *self)?;
        // After an error the key stays, for the message.
        self.key.truncate(length);
        Ok(())
    }

    fn nested(&mut self) -> Nested<'_> {
        Nested { encoder: self, count: 0, is_struct: false, name: String::new() }
    }
}

fn push_encoded(output: &mut String, text: &str) {
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            output.push('+');
        }
        output.extend(percent_encode(word));
    }
}

/// Writes a list, map or struct.
struct Nested<'a> {
    encoder: &'a mut Encoder,
    count: usize,
    /// Whether this is a struct, which does not clear its value when it is empty.
    is_struct: bool,
    name: String,
}

impl Nested<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> EncodingResult {
        let name = self.count.to_string();
        self.count += 1;
        self.encoder.nested_value(&name, value)
    }

    fn end_list_or_map(self) -> EncodingResult {
        let clears = self.count == 0 && !self.is_struct && self.encoder.empty_clears && !self.encoder.key.is_empty();
        if clears { self.encoder.pair("") } else { Ok(()) }
    }
}

macro_rules! serialize_numbers {
    ($($method:ident: $number:ty,)*) => {$(
        fn $method(self, value: $number) -> EncodingResult {
            self.pair(&value.to_string())
        }
    )*};
}

impl<'a> Serializer for &'a mut Encoder {
    type Ok = ();
    type Error = EncodingError;
    type SerializeSeq = Nested<'a>;
    type SerializeTuple = Nested<'a>;
    type SerializeTupleStruct = Nested<'a>;
    type SerializeTupleVariant = Impossible<(), EncodingError>;
    type SerializeMap = Nested<'a>;
    type SerializeStruct = Nested<'a>;
    type SerializeStructVariant = Impossible<(), EncodingError>;

    fn serialize_bool(self, value: bool) -> EncodingResult {
        self.pair(if value { "true" } else { "false" })
    }

    serialize_numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
    }

    fn serialize_f32(self, value: f32) -> EncodingResult {
        if value.is_finite() { self.pair(&value.to_string()) } else { Err(EncodingError::not_finite()) }
    }

    fn serialize_f64(self, value: f64) -> EncodingResult {
        if value.is_finite() { self.pair(&value.to_string()) } else { Err(EncodingError::not_finite()) }
    }

    fn serialize_char(self, value: char) -> EncodingResult {
        self.pair(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> EncodingResult {
        self.pair(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> EncodingResult {
        Err(EncodingError("bytes are not supported".to_owned()))
    }

    fn serialize_none(self) -> EncodingResult {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> EncodingResult {
        value.serialize(self)
    }

    /// Null of a JSON value.
    fn serialize_unit(self) -> EncodingResult {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> EncodingResult {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> EncodingResult {
        self.pair(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> EncodingResult {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> EncodingResult {
        self.nested_value(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Nested<'a>, EncodingError> {
        Ok(self.nested())
    }

    fn serialize_tuple(self, _: usize) -> Result<Nested<'a>, EncodingError> {
        Ok(self.nested())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Nested<'a>, EncodingError> {
        Ok(self.nested())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, EncodingError> {
        Err(EncodingError("enum variants with fields are not supported".to_owned()))
    }

    /// serde serializes a struct with a flattened map as a map of unknown length.
    fn serialize_map(self, length: Option<usize>) -> Result<Nested<'a>, EncodingError> {
        Ok(Nested { is_struct: length.is_none(), ..self.nested() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Nested<'a>, EncodingError> {
        Ok(self.nested())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, EncodingError> {
        Err(EncodingError("enum variants with fields are not supported".to_owned()))
    }
}

macro_rules! serialize_items {
    ($($of:ident: $method:ident,)*) => {$(
        impl ser::$of for Nested<'_> {
            type Ok = ();
            type Error = EncodingError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> EncodingResult {
                self.item(value)
            }

            fn end(self) -> EncodingResult {
                self.end_list_or_map()
            }
        }
    )*};
}

serialize_items! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
}

impl ser::SerializeMap for Nested<'_> {
    type Ok = ();
    type Error = EncodingError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> EncodingResult {
        // The same types of keys as in JSON.
        self.name = match serde_json::to_value(key) {
            Ok(serde_json::Value::String(name)) => name,
            Ok(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => value.to_string(),
            _ => return Err(EncodingError("a map key is not a string, number or boolean".to_owned())),
        };
        self.count += 1;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> EncodingResult {
        let name = std::mem::take(&mut self.name);
        self.encoder.nested_value(&name, value)
    }

    fn end(self) -> EncodingResult {
        self.end_list_or_map()
    }
}

impl ser::SerializeStruct for Nested<'_> {
    type Ok = ();
    type Error = EncodingError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> EncodingResult {
        self.encoder.nested_value(name, value)
    }

    fn end(self) -> EncodingResult {
        Ok(())
    }
}

impl ser::Error for EncodingError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl ser::StdError for EncodingError {}

impl Display for EncodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
