//! Deserializes a row into the types that the records of a CSV file deserialize into.
//!
//! Numbers and strings are accepted for both. A cell that is null is what an empty field of a CSV file is.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::value::{Error, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

/// A row: the columns, and their cells.
pub(super) struct Row<'a> {
    pub(super) columns: &'a [String],
    pub(super) cells: &'a [Option<Box<RawValue>>],
}

impl<'de> Deserializer<'de> for Row<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Access { row: self, index: 0 })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Access { row: self, index: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Error> {
        if len != self.columns.len() {
            return Err(Error::custom(format!("expected {len} columns, found {}", self.columns.len())));
        }
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct map
        struct enum identifier ignored_any
    }
}

/// The cells of a row, one after the other.
struct Access<'a> {
    row: Row<'a>,
    index: usize,
}

impl<'a> Access<'a> {
    fn cell<'de, S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let (Some(name), Some(cell)) = (self.row.columns.get(self.index), self.row.cells.get(self.index)) else {
            return Ok(None);
        };
        self.index += 1;
        let value = seed.deserialize(Cell(cell.as_deref()));
        value.map(Some).map_err(|error| Error::custom(format!("column `{name}`: {error}")))
    }
}

impl<'de> SeqAccess<'de> for Access<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.cell(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.row.columns.len().checked_sub(self.index)
    }
}

impl<'de> MapAccess<'de> for Access<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let name = self.row.columns.get(self.index);
        name.map(|name| seed.deserialize(name.as_str().into_deserializer())).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        self.cell(seed)?.ok_or_else(|| Error::custom("a row has fewer cells than columns"))
    }
}

/// A cell as JSON; `None` if it is missing or null.
struct Cell<'a>(Option<&'a RawValue>);

impl Cell<'_> {
    /// Returns the JSON text.
    fn json(&self) -> &str {
        self.0.map_or("null", RawValue::get)
    }

    /// Returns the text of a field of a CSV file: a string without its quotes, any other value as its JSON text.
    fn text(&self) -> Result<String, Error> {
        match self.0.map(RawValue::get) {
            None => Ok(String::new()),
            Some(json) if json.starts_with('"') => serde_json::from_str(json).map_err(Error::custom),
            Some(json) => Ok(json.to_owned()),
        }
    }

    fn parse<T: FromStr<Err: Display>>(&self) -> Result<T, Error> {
        self.text()?.parse().map_err(Error::custom)
    }
}

macro_rules! parsed {
    ($($method:ident: $visit:ident,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.parse()?)
        }
    )*};
}

macro_rules! json {
    ($($method:ident($($argument:ident: $ty:ty),*),)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, Error> {
            let mut json = serde_json::Deserializer::from_reader(self.json().as_bytes());
            json.$method($($argument,)* visitor).map_err(Error::custom)
        }
    )*};
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = Error;

    parsed! {
        deserialize_bool: visit_bool,
        deserialize_i8: visit_i8,
        deserialize_i16: visit_i16,
        deserialize_i32: visit_i32,
        deserialize_i64: visit_i64,
        deserialize_i128: visit_i128,
        deserialize_u8: visit_u8,
        deserialize_u16: visit_u16,
        deserialize_u32: visit_u32,
        deserialize_u64: visit_u64,
        deserialize_u128: visit_u128,
        deserialize_f32: visit_f32,
        deserialize_f64: visit_f64,
        deserialize_char: visit_char,
    }

    json! {
        deserialize_any(),
        deserialize_seq(),
        deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize),
        deserialize_map(),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_byte_buf(self.text()?.into_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    /// An empty string is `None`, as in a CSV file.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text()?.is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.text()?.is_empty() { visitor.visit_unit() } else { Err(Error::custom("expected an empty cell")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        // `RawValue` and the like take the JSON text verbatim.
        if name.starts_with("$serde_json::") {
            let mut json = serde_json::Deserializer::from_reader(self.json().as_bytes());
            return json.deserialize_newtype_struct(name, visitor).map_err(Error::custom);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text: StringDeserializer<Error> = self.text()?.into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }
}
