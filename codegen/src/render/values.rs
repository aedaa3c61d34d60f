//! Values in examples: those of the description, or something plausible.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::Context;
use super::imports::Imports;
use super::ty::{self, ident};
use crate::api::{Enum, Field, Name, OneOf, StringType, Type, TypeDef, TypeKind, TypePath};
use crate::rfc3339;

/// The maximum number of values in an example. A request that takes more has no example, nor has one that contains itself.
const MOST_VALUES: usize = 1_000;

/// The seconds that a timestamp can have.
const TIMES: std::ops::RangeInclusive<i64> = -377_705_023_201..=253_402_207_200;

/// What the position of a value accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Any value that converts to the type by `Into`.
    Into,
    /// The type itself.
    Exact,
}

/// What is known of a value.
#[derive(Clone, Copy)]
pub(super) struct Hint<'e> {
    /// The description's example.
    pub(super) example: Option<&'e Value>,
    /// The name on the wire.
    pub(super) wire: &'e str,
    /// How deep examples of optional parameters inside of it go.
    pub(super) depth: usize,
}

impl<'e> Hint<'e> {
    fn of(field: &'e Field, depth: usize) -> Self {
        Self { example: field.example.as_ref(), wire: &field.wire, depth }
    }

    /// The same with another example.
    fn with(self, example: Option<&'e Value>) -> Self {
        Self { example, ..self }
    }
}

/// Values of an example.
pub(super) struct Values<'c, 'a> {
    context: &'c Context<'a>,
    imports: &'c Imports,
    /// How many there are so far.
    count: usize,
    /// The structs and one-ofs that are being built.
    open: Vec<TypePath>,
    /// Whether something among them is deprecated.
    pub(super) deprecated: bool,
}

impl<'c, 'a> Values<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>, imports: &'c Imports, deprecated: bool) -> Self {
        Self { context, imports, count: 0, open: Vec::new(), deprecated }
    }

    /// A value that the description presets.
    pub(super) fn preset(
        context: &'c Context<'a>,
        imports: &'c Imports,
        ty: &Type,
        value: &Value,
    ) -> Option<TokenStream> {
        let mut values = Self::new(context, imports, false);
        values.value(ty, Hint { example: Some(value), wire: "", depth: 0 }, Takes::Exact)
    }

    /// Notes that an example uses a type.
    pub(super) fn note(&mut self, path: &TypePath) {
        self.deprecated |= self.context.api.types.get(path).is_some_and(|def| def.deprecated);
    }

    /// The setters of what has an example.
    pub(super) fn setters<'f>(&mut self, fields: impl Iterator<Item = &'f Field>, depth: usize) -> TokenStream {
        let shown = fields.filter(|field| {
            !field.is_argument() && !field.deprecated && field.example.is_some() && field.example != field.preset
        });
        let setters = shown.filter_map(|field| {
            let name = ident(&field.name);
            let value = self.argument(&field.ty, Hint::of(field, depth))?;
            Some(quote!(.#name(#value)))
        });
        setters.collect()
    }

    /// A value as an argument, which takes any items for an array, and any pairs for a map.
    pub(super) fn argument(&mut self, ty: &Type, hint: Hint<'_>) -> Option<TokenStream> {
        match ty {
            Type::Array(inner) if !self.contains_itself(inner) => {
                let item =
                    self.value(inner, hint.with(hint.example.and_then(|example| example.get(0))), Takes::Into)?;
                Some(quote!([#item]))
            }
            Type::Map(inner) if !self.contains_itself(inner) => {
                let examples = entries(hint.example);
                let is_text = |example: &Option<&Value>| example.is_none_or(Value::is_string);
                // All pairs have one type.
                let takes = match inner.as_ref() {
                    _ if examples.len() == 1 => Takes::Into,
                    Type::String | Type::Decimal | Type::Currency | Type::Secret => Takes::Into,
                    Type::Json if examples.iter().all(|(_, example)| is_text(example)) => Takes::Into,
                    _ => Takes::Exact,
                };
                let mut pairs = Vec::new();
                for (key, example) in examples {
                    let item = self.value(inner, hint.with(example), takes)?;
                    pairs.push(quote!((#key, #item)));
                }
                Some(quote!([#(#pairs),*]))
            }
            Type::Boolean => self.value(ty, hint, Takes::Exact),
            Type::Unsigned | Type::UnsignedString => {
                let value = Literal::u64_unsuffixed(unsigned(hint.example));
                Some(quote!(#value))
            }
            _ => self.value(ty, hint, Takes::Into),
        }
    }

    /// A value of a type: the description's example, or something plausible.
    fn value(&mut self, ty: &Type, hint: Hint<'_>, takes: Takes) -> Option<TokenStream> {
        let Hint { example, wire, .. } = hint;
        self.count += 1;
        if self.count > MOST_VALUES {
            return None;
        }
        let imports = self.imports;
        let text = example.and_then(Value::as_str).unwrap_or(wire);
        let exact = takes == Takes::Exact;
        Some(match ty {
            Type::Boolean => {
                let value = example.and_then(Value::as_bool).unwrap_or(true);
                quote!(#value)
            }
            Type::Integer | Type::IntegerString => {
                let of_text = || example.and_then(Value::as_str)?.parse().ok();
                integer(example.and_then(Value::as_i64).or_else(of_text).unwrap_or(10), exact)
            }
            Type::Unsigned | Type::UnsignedString => {
                let value = Literal::u64_suffixed(unsigned(example));
                quote!(#value)
            }
            Type::Float => float(example.and_then(Value::as_f64).unwrap_or(1.5)),
            Type::Timestamp(_) => {
                let of_text = || rfc3339::seconds(example.and_then(Value::as_str)?);
                let seconds = example.and_then(Value::as_i64).or_else(of_text);
                let seconds = seconds.filter(|seconds| TIMES.contains(seconds));
                let seconds = Literal::i64_unsuffixed(seconds.unwrap_or(1_680_000_000));
                let timestamp = imports.runtime("Timestamp");
                quote!(#timestamp::constant(#seconds, 0))
            }
            Type::RangeQuery(inner) | Type::RangeOrExact(inner) => {
                let start = self.value(inner, hint.with(None), Takes::Exact)?;
                if exact {
                    let is_query = matches!(ty, Type::RangeQuery(_));
                    let range = imports.runtime(if is_query { "RangeQuery" } else { "RangeOrExact" });
                    quote!(#range::from(#start..))
                } else {
                    quote!(#start..)
                }
            }
            Type::String | Type::Decimal if exact => quote!(#text.to_owned()),
            Type::Currency | Type::Secret if exact => {
                let ty = ty::rust(imports, ty);
                quote!(#ty::from(#text))
            }
            Type::String | Type::Decimal | Type::Currency | Type::Secret => quote!(#text),
            Type::Expandable { id, object } => {
                let expandable = imports.runtime("Expandable");
                let (id_type, object) = (ty::rust(imports, id), ty::rust(imports, object));
                let id = self.value(id, hint, Takes::Exact)?;
                quote!(#expandable::<#id_type, #object>::Id(#id))
            }
            Type::Json => match example {
                Some(Value::String(text)) if !exact => quote!(#text),
                Some(Value::Bool(value)) if !exact => quote!(#value),
                _ => self.json(example.unwrap_or(&Value::Null))?,
            },
            Type::Array(inner) if self.contains_itself(inner) => {
                let inner = ty::rust(imports, inner);
                quote!(Vec::<#inner>::new())
            }
            Type::Array(inner) => {
                let example = example.and_then(|example| example.get(0));
                let item = self.value(inner, hint.with(example), Takes::Exact)?;
                quote!(vec![#item])
            }
            Type::Map(inner) if self.contains_itself(inner) => {
                let (map, inner) = (imports.map(), ty::rust(imports, inner));
                quote!(#map::<String, #inner>::new())
            }
            Type::Map(inner) => {
                let (map, mut pairs) = (imports.map(), Vec::new());
                for (key, example) in entries(example) {
                    let item = self.value(inner, hint.with(example), Takes::Exact)?;
                    pairs.push(quote!((#key.to_owned(), #item)));
                }
                quote!(#map::from([#(#pairs),*]))
            }
            Type::Nullable(inner) => {
                let value = self.value(inner, hint.with(example), Takes::Exact)?;
                quote!(Some(#value))
            }
            Type::Boxed(path) if exact => {
                let value = self.named(path, hint, exact)?;
                quote!(Box::new(#value))
            }
            Type::Named(path) | Type::Boxed(path) => return self.named(path, hint, exact),
            Type::List(inner) | Type::Page(inner) => {
                let page = imports.runtime(if matches!(ty, Type::List(_)) { "List" } else { "Page" });
                let inner = ty::rust(imports, inner);
                quote!(#page::<#inner>::default())
            }
        })
    }

    fn named(&mut self, path: &TypePath, Hint { example, wire, depth }: Hint<'_>, exact: bool) -> Option<TokenStream> {
        self.note(path);
        let imports = self.imports;
        let text = example.and_then(Value::as_str);
        match self.context.api.kind(path)? {
            TypeKind::Enum(definition) => variant(definition, text).map(|variant| {
                let name = imports.path(path);
                quote!(#name::#variant)
            }),
            TypeKind::String(definition) => {
                let constant = constant(definition, text);
                let text = text.unwrap_or(wire);
                if constant.is_none() && !exact {
                    return Some(quote!(#text));
                }
                let name = imports.path(path);
                Some(match constant {
                    Some(constant) => quote!(#name::#constant),
                    None => quote!(#name::from(#text)),
                })
            }
            // What requires itself cannot be built.
            TypeKind::Struct(_) | TypeKind::OneOf(_) if self.open.contains(path) => None,
            TypeKind::OneOf(definition) => {
                // A value of these types converts to the one-of.
                let conversions = self.context.api.types.get(path).into_iter().flat_map(TypeDef::conversions);
                let converting: Vec<_> = conversions.filter(|_| !exact).map(|(variant, _)| &variant.name).collect();
                self.open.push(path.clone());
                let found = self.one_of(definition, &converting, example, depth);
                self.open.pop();
                let (variant, value) = found?;
                if converting.contains(&variant) {
                    return Some(value);
                }
                let (name, variant) = (imports.path(path), ident(variant));
                Some(quote!(#name::#variant(#value)))
            }
            TypeKind::Struct(definition) => {
                self.open.push(path.clone());
                let inner = depth.saturating_sub(1);
                let required = definition.fields.iter().filter(|field| field.is_argument());
                let arguments: Option<Vec<_>> =
                    required.map(|field| self.argument(&field.ty, Hint::of(field, inner))).collect();
                let setters = self.setters(definition.fields.iter().filter(|_| depth > 0), inner);
                self.open.pop();
                let arguments = arguments?;
                if !exact && setters.is_empty() && self.context.api.text_argument(&definition.fields).is_some() {
                    return arguments.into_iter().next();
                }
                let name = imports.path(path);
                Some(quote!(#name::new(#(#arguments),*) #setters))
            }
        }
    }

    /// The variant of an example, or the first that can be built, with its value, which is not boxed if it converts.
    fn one_of<'o>(
        &mut self,
        definition: &'o OneOf,
        converting: &[&Name],
        example: Option<&Value>,
        depth: usize,
    ) -> Option<(&'o Name, TokenStream)> {
        let is_shown = |variant: &&Field| example.is_some_and(|example| example.get(&variant.wire).is_some());
        let shown = definition.variants.iter().filter(is_shown);
        shown.chain(&definition.variants).find_map(|variant| {
            let given = example.and_then(|example| example.get(&variant.wire));
            let hint = Hint::of(variant, depth);
            let hint = hint.with(given.or(hint.example));
            let value = match &variant.ty {
                Type::Boxed(path) if converting.contains(&&variant.name) => self.named(path, hint, true)?,
                ty => self.value(ty, hint, Takes::Exact)?,
            };
            self.deprecated |= variant.deprecated;
            Some((&variant.name, value))
        })
    }

    /// Whether a type holds a struct that is being built.
    fn contains_itself(&self, ty: &Type) -> bool {
        ty.named().iter().any(|path| self.open.contains(path))
    }

    /// Any JSON.
    fn json(&mut self, value: &Value) -> Option<TokenStream> {
        self.count += 1;
        if self.count > MOST_VALUES {
            return None;
        }
        let json = self.imports.runtime("Value");
        Some(match value {
            Value::Null => quote!(#json::Null),
            Value::Bool(value) => quote!(#json::from(#value)),
            Value::String(text) => quote!(#json::from(#text)),
            Value::Number(number) => {
                let number = match (number.as_i64(), number.as_u64()) {
                    (Some(number), _) => integer(number, true),
                    (None, Some(number)) => {
                        let number = Literal::u64_suffixed(number);
                        quote!(#number)
                    }
                    (None, None) => float(number.as_f64()?),
                };
                quote!(#json::from(#number))
            }
            Value::Array(items) => {
                let items: Option<Vec<_>> = items.iter().map(|item| self.json(item)).collect();
                let items = items?;
                quote!(#json::Array(vec![#(#items),*]))
            }
            Value::Object(entries) => {
                let mut pairs = Vec::new();
                for (key, value) in entries {
                    let value = self.json(value)?;
                    pairs.push(quote!((#key.to_owned(), #value)));
                }
                quote!(#json::Object([#(#pairs),*].into_iter().collect()))
            }
        })
    }
}

/// The entries of a map, or one made-up entry.
fn entries(example: Option<&Value>) -> Vec<(&str, Option<&Value>)> {
    match example.and_then(Value::as_object).filter(|entries| !entries.is_empty()) {
        Some(entries) => entries.iter().map(|(key, example)| (key.as_str(), Some(example))).collect(),
        None => vec![("name", None)],
    }
}

fn integer(value: i64, exact: bool) -> TokenStream {
    let is_short = !exact && i32::try_from(value).is_ok();
    let value = if is_short { Literal::i64_unsuffixed(value) } else { Literal::i64_suffixed(value) };
    quote!(#value)
}

fn unsigned(example: Option<&Value>) -> u64 {
    let of_text = || example.and_then(Value::as_str)?.parse().ok();
    example.and_then(Value::as_u64).or_else(of_text).unwrap_or(10)
}

fn float(value: f64) -> TokenStream {
    // `Debug` preserves exponents.
    let value = format!("{value:?}").parse().unwrap_or_else(|_| Literal::f64_unsuffixed(value));
    quote!(#value)
}

/// The variant of an example, or one that is not empty, which would not fit into a path.
fn variant(definition: &Enum, text: Option<&str>) -> Option<Ident> {
    let of_example = definition.variants.iter().find(|variant| Some(variant.wire.as_str()) == text);
    let mut variants = definition.variants.iter();
    let found = of_example.or_else(|| variants.find(|variant| !variant.wire.is_empty()));
    found.or(definition.variants.first()).map(|variant| ident(&variant.name))
}

fn constant(definition: &StringType, text: Option<&str>) -> Option<Ident> {
    let found = definition.constants.iter().find(|constant| text == Some(constant.wire.as_str()));
    found.map(|constant| ident(&constant.name))
}
