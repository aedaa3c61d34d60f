//! Example values of types, as JSON.

use serde_json::{Map, Value, json};

use super::{Api, Field, OneOf, StringType, Struct, TimeFormat, Type, TypeKind, TypePath};

/// How deep a full example goes into a type that contains itself.
const DEPTH: usize = 6;

/// How deep an example may go. A type whose required fields go deeper has no example, like one that always contains itself.
const DEEPEST: usize = 32;

/// How deep optional fields are part of an example.
const DEEPEST_OPTIONAL: usize = 3;

/// After how many values optional fields are left out; a type that takes twice as many has no example.
const MOST_VALUES: usize = 500;

impl Api {
    /// Returns an example of a type: that of the description, or one made of the examples of its fields.
    #[must_use]
    pub fn example(&self, path: &TypePath) -> Option<Value> {
        self.example_of(&Type::Named(path.clone()), "id")
    }

    /// Returns an example of a value with this name on the wire.
    pub(crate) fn example_of(&self, ty: &Type, wire: &str) -> Option<Value> {
        Examples { api: self, is_full: false, count: 0, open: Vec::new() }.value(ty, wire)
    }

    /// Returns an example with all that a type can have: every field, also such as are not described, objects in place of
    /// ids, null among values.
    #[must_use]
    pub fn full_example(&self, path: &TypePath) -> Option<Value> {
        Examples { api: self, is_full: true, count: 0, open: Vec::new() }.value(&Type::Named(path.clone()), "id")
    }
}

/// An example in the making.
struct Examples<'a> {
    api: &'a Api,
    is_full: bool,
    /// How many values there are so far.
    count: usize,
    /// The structs and one-ofs around the value.
    open: Vec<&'a TypePath>,
}

impl<'a> Examples<'a> {
    fn value(&mut self, ty: &'a Type, wire: &str) -> Option<Value> {
        self.count += 1;
        if !self.is_full && self.count > 2 * MOST_VALUES {
            return None;
        }
        Some(match ty {
            Type::Boolean => json!(true),
            Type::Integer | Type::Unsigned => json!(7),
            Type::IntegerString | Type::UnsignedString => json!("9007199254740993"),
            Type::Float => json!(1.5),
            Type::String => json!(wire),
            Type::Decimal => json!("0.10"),
            Type::Currency => json!("usd"),
            Type::Secret => json!("https://files.example.com/a?signature=b"),
            Type::Timestamp(TimeFormat::UnixSeconds) => json!(1_680_000_000),
            Type::Timestamp(TimeFormat::Rfc3339) => json!("2025-08-26T21:53:30.446396574Z"),
            Type::Json if self.is_full => json!({"any": [1, null, "value"]}),
            Type::Json => json!(wire),
            Type::Named(path) | Type::Boxed(path) => self.named(path, wire)?,
            Type::Nullable(inner) => self.value(inner, wire)?,
            Type::Array(inner) => {
                let null = self.null(inner);
                self.value(inner, wire).into_iter().chain(null).collect()
            }
            Type::Map(inner) => {
                let null = self.null(inner).map(|null| ("null".to_owned(), null));
                let value = self.value(inner, wire).map(|value| ("key".to_owned(), value));
                Value::Object(value.into_iter().chain(null).collect())
            }
            Type::List(inner) => {
                let data: Vec<_> = self.value(inner, wire).into_iter().collect();
                json!({"object": "list", "data": data, "has_more": false, "url": "/v1/things"})
            }
            Type::Page(inner) => {
                let data: Vec<_> = self.value(inner, wire).into_iter().collect();
                json!({"data": data, "next_page_url": null, "previous_page_url": null})
            }
            Type::RangeQuery(inner) | Type::RangeOrExact(inner) => json!({"gte": self.value(inner, wire)?}),
            Type::Expandable { object, .. } if self.is_full && self.open.len() + 1 < DEPTH => {
                self.value(object, wire)?
            }
            Type::Expandable { id, .. } => self.value(id, wire)?,
        })
    }

    /// The null among values of this type, in a full example.
    fn null(&self, inner: &Type) -> Option<Value> {
        (self.is_full && matches!(inner, Type::Nullable(_))).then_some(Value::Null)
    }

    fn named(&mut self, path: &'a TypePath, wire: &str) -> Option<Value> {
        match self.api.kind(path)? {
            TypeKind::Enum(definition) => Some(json!(definition.variants.first().map_or("", |variant| &variant.wire))),
            TypeKind::String(definition) => Some(self.string(definition, wire)),
            TypeKind::Struct(definition) => match &definition.example {
                Some(example) if !self.is_full => Some(example.clone()),
                _ => self.inside(path, |examples| examples.object(definition)),
            },
            TypeKind::OneOf(definition) => self.inside(path, |examples| examples.one_of(definition)),
        }
    }

    /// An example of what a type contains, unless it goes too deep.
    fn inside(&mut self, path: &'a TypePath, example: impl FnOnce(&mut Self) -> Option<Value>) -> Option<Value> {
        let again = self.open.contains(&path);
        let deepest = if again { DEPTH } else { DEEPEST };
        if again && !self.is_full || self.open.len() >= deepest {
            return None;
        }
        self.open.push(path);
        let value = example(self);
        self.open.pop();
        value
    }

    /// The first variant that has an example; others may lead back to the type itself.
    fn one_of(&mut self, definition: &'a OneOf) -> Option<Value> {
        let found = definition.variants.iter().find_map(|variant| Some((&variant.wire, self.field(variant)?)));
        found.map(|(wire, value)| json!({ wire: value }))
    }

    fn object(&mut self, definition: &'a Struct) -> Option<Value> {
        let mut object = Map::new();
        if let Some(tag) = &definition.tag {
            object.insert("object".to_owned(), json!(tag));
        }
        for field in &definition.fields {
            match self.field(field) {
                Some(value) => _ = object.insert(field.wire.clone(), value),
                None if field.required && !field.nullable => return None,
                None => {}
            }
        }
        if let (true, Some(Field { ty: Type::Map(values), .. })) = (self.is_full, definition.additional.as_deref()) {
            object.insert("member_of_tomorrow".to_owned(), self.value(values, "value")?);
        }
        Some(Value::Object(object))
    }

    fn field(&mut self, field: &'a Field) -> Option<Value> {
        let is_enough = self.open.len() > DEEPEST_OPTIONAL || self.count > MOST_VALUES;
        match &field.example {
            _ if self.is_full => self.value(&field.ty, &field.wire),
            Some(example) => Some(example.clone()),
            None if field.is_option() && (field.deprecated || is_enough) => None,
            None => self.value(&field.ty, &field.wire),
        }
    }

    /// A known value, or the id of the resource's example.
    fn string(&self, definition: &StringType, wire: &str) -> Value {
        let resource = definition.id_of.as_ref().and_then(|of| self.api.types.get(of)?.structure());
        let example = resource.and_then(|resource| resource.example.as_ref()?.get("id").cloned());
        let known = || definition.constants.first().map(|constant| json!(constant.wire));
        example.or_else(known).unwrap_or_else(|| json!(wire))
    }
}
