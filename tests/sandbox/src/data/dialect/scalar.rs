//! Functions of one row: their argument types, and the expression of SQLite for each.
//!
//! A new function is a line of `call`, and a name in `NAMES`.

use sqlparser::tokenizer::Span;

use super::Translator;
use super::types::{Type, Typed, quote};
use crate::data::error::SqlError;

/// The functions, for suggestions.
pub(super) const NAMES: &[&str] = &[
    "abs",
    "array_distinct",
    "array_join",
    "array_sort",
    "at_timezone",
    "cardinality",
    "ceil",
    "ceiling",
    "coalesce",
    "concat",
    "concat_ws",
    "contains",
    "current_date",
    "current_timestamp",
    "date",
    "date_add",
    "date_diff",
    "date_format",
    "date_parse",
    "date_trunc",
    "day",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "dow",
    "doy",
    "element_at",
    "exp",
    "floor",
    "from_iso8601_date",
    "from_iso8601_timestamp",
    "from_unixtime",
    "greatest",
    "grouping",
    "hour",
    "if",
    "json_extract",
    "json_extract_scalar",
    "last_day_of_month",
    "least",
    "length",
    "ln",
    "log10",
    "log2",
    "lower",
    "lpad",
    "ltrim",
    "millisecond",
    "minute",
    "mod",
    "month",
    "now",
    "nullif",
    "pow",
    "power",
    "quarter",
    "regexp_extract",
    "regexp_like",
    "regexp_replace",
    "replace",
    "reverse",
    "round",
    "rpad",
    "rtrim",
    "second",
    "sequence",
    "sign",
    "split",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "to_iso8601",
    "to_unixtime",
    "trim",
    "truncate",
    "typeof",
    "upper",
    "week",
    "week_of_year",
    "year",
    "year_of_week",
    "yow",
];

impl Translator<'_> {
    pub(super) fn scalar(&self, name: &str, arguments: &[Typed], at: Span) -> Result<Typed, SqlError> {
        if !NAMES.contains(&name) {
            return Err(self.unknown_function(name, at));
        }
        match self.call(name, arguments, at)? {
            Some(value) => Ok(value),
            None => {
                let types: Vec<_> = arguments.iter().map(|argument| argument.ty.to_string()).collect();
                self.error(at, format!("wrong arguments of `{name}`: ({})", types.join(", ")))
            }
        }
    }

    /// The call; `None` if the arguments have the wrong number or types.
    fn call(&self, name: &str, arguments: &[Typed], at: Span) -> Result<Option<Typed>, SqlError> {
        let all: Vec<&str> = arguments.iter().map(|argument| argument.sql.as_str()).collect();
        let list = all.join(", ");
        let types: Vec<&Type> = arguments.iter().map(|argument| &argument.ty).collect();
        let typed = |sql: String, ty: Type| Some(Typed::new(sql, ty));
        let text = |sql: String| Some(Typed::new(sql, Type::Varchar));
        let whole = |at: usize| types.get(at).is_some_and(|ty| ty.is_whole() || **ty == Type::Unknown);
        let texts =
            |n: usize| types.iter().take(n).all(|ty| matches!(ty, Type::Varchar | Type::Unknown)) && types.len() >= n;
        let real = |at: usize| arguments.get(at).and_then(|argument| argument.coerce(&Type::Double));
        Ok(match (name, arguments) {
            ("lower" | "upper" | "reverse", [_]) if texts(1) => text(format!("s_{name}({list})")),
            ("trim" | "ltrim" | "rtrim", [_] | [_, _]) if texts(arguments.len()) => text(format!("{name}({list})")),
            ("length", [_]) if texts(1) => typed(format!("length({list})"), Type::Bigint),
            ("strpos", [_, _]) if texts(2) => typed(format!("instr({list})"), Type::Bigint),
            ("starts_with", [_, _]) if texts(2) => typed(format!("s_starts_with({list})"), Type::Boolean),
            ("replace", [_, _]) if texts(2) => text(format!("replace({list}, '')")),
            ("replace", [_, _, _]) if texts(3) => text(format!("replace({list})")),
            ("substr" | "substring", [_, _]) if texts(1) && whole(1) => {
                text(format!("s_substr({list}, 9223372036854775807)"))
            }
            ("substr" | "substring", [_, _, _]) if texts(1) && whole(1) && whole(2) => {
                text(format!("s_substr({list})"))
            }
            ("split_part", [_, _, _]) if texts(2) && whole(2) => text(format!("s_split_part({list})")),
            ("lpad" | "rpad", [value, size, fill]) if texts(1) && whole(1) && fill.ty == Type::Varchar => {
                text(format!("s_{name}({}, {}, {})", value.sql, size.sql, fill.sql))
            }
            ("concat", [_, _, ..]) if texts(arguments.len()) => text(format!("({})", all.join(" || "))),
            ("concat_ws", [_, _, ..]) if texts(arguments.len()) => text(format!("s_concat_ws({list})")),
            ("regexp_like", [_, _]) if texts(2) => typed(format!("s_regexp_like({list})"), Type::Boolean),
            ("regexp_extract", [_, _]) if texts(2) => text(format!("s_regexp_extract({list}, 0)")),
            ("regexp_extract", [_, _, _]) if texts(2) && whole(2) => text(format!("s_regexp_extract({list})")),
            ("regexp_replace", [_, _]) if texts(2) => text(format!("s_regexp_replace({list}, '')")),
            ("regexp_replace", [_, _, _]) if texts(3) => text(format!("s_regexp_replace({list})")),
            ("json_extract_scalar", [_, _]) if texts(2) => text(format!("s_json_scalar({list})")),
            ("json_extract", [_, _]) if texts(2) => text(format!("s_json({list})")),
            ("split", [_, _]) if texts(2) => typed(format!("s_split({list})"), Type::Array(Box::new(Type::Varchar))),
            ("typeof", [value]) => text(quote(&value.ty.to_string())),

            ("abs", [value]) if value.ty.is_whole() || value.ty == Type::Double => {
                typed(format!("abs({list})"), value.ty.clone())
            }
            ("abs", [value]) if value.ty.is_number() => typed(format!("d_abs({list})"), value.ty.clone()),
            ("sign", [value]) if value.ty.is_whole() || value.ty == Type::Double => {
                typed(format!("sign({list})"), value.ty.clone())
            }
            ("mod", [left, right]) => {
                return self.arithmetic(left, &sqlparser::ast::BinaryOperator::Modulo, right, &|| at).map(Some);
            }
            ("power" | "pow", [_, _]) => match (real(0), real(1)) {
                (Some(x), Some(y)) => typed(format!("n_power({x}, {y})"), Type::Double),
                _ => None,
            },
            ("sqrt" | "ln" | "exp" | "log10" | "log2", [_]) => {
                real(0).and_then(|x| typed(format!("n_math('{name}', {x})"), Type::Double))
            }
            ("round", [value] | [value, _]) if arguments.len() == 1 || whole(1) => round(value, all.get(1).copied()),
            ("floor" | "ceil" | "ceiling" | "truncate", [value]) => whole_part(name, value),
            ("greatest" | "least", [_, ..]) => {
                let pairs: Vec<_> = arguments.iter().map(|argument| (argument, at)).collect();
                let ty = self.common(&pairs, &format!("`{name}`"))?;
                let values: Option<Vec<_>> = arguments.iter().map(|argument| argument.coerce(&ty)).collect();
                let name = if name == "greatest" { "max" } else { "min" };
                values.and_then(|values| match values.as_slice() {
                    [value] => typed(value.clone(), ty),
                    values => typed(format!("{name}({})", values.join(", ")), ty),
                })
            }
            ("coalesce", [_, _, ..]) => {
                let pairs: Vec<_> = arguments.iter().map(|argument| (argument, at)).collect();
                let ty = self.common(&pairs, "`coalesce`")?;
                let values: Option<Vec<_>> = arguments.iter().map(|argument| argument.coerce(&ty)).collect();
                values.and_then(|values| typed(format!("coalesce({})", values.join(", ")), ty))
            }
            ("nullif", [left, right]) => {
                let equal = self.compare(left, "=", right, &|| at)?;
                typed(format!("(case when {} then null else {} end)", equal.sql, left.sql), left.ty.clone())
            }

            ("cardinality", [value]) if array(value).is_some() => typed(format!("s_cardinality({list})"), Type::Bigint),
            ("element_at", [value, _]) if whole(1) => {
                array(value).and_then(|of| typed(format!("s_element({list})"), of.clone()))
            }
            ("contains", [value, _]) if array(value).is_some() => typed(format!("s_contains({list})"), Type::Boolean),
            ("array_distinct" | "array_sort", [value]) if array(value).is_some() => {
                let name = if name == "array_sort" { "s_sort" } else { "s_distinct" };
                typed(format!("{name}({list})"), value.ty.clone())
            }
            ("array_join", [value, by]) if by.ty == Type::Varchar => match array(value) {
                Some(Type::Varchar | Type::Integer | Type::Bigint | Type::Double) => text(format!("s_join({list})")),
                _ => None,
            },
            ("sequence", [from, to] | [from, to, _]) => sequence(from, to, arguments.get(2)),
            _ => return self.time_call(name, arguments, at),
        })
    }

    fn time_call(&self, name: &str, arguments: &[Typed], at: Span) -> Result<Option<Typed>, SqlError> {
        let typed = |sql: String, ty: Type| Some(Typed::new(sql, ty));
        let unit = |unit: &Typed| {
            let found = unit.sql.trim_matches('\'').to_lowercase();
            let units = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];
            if unit.ty == Type::Varchar && units.contains(&found.as_str()) {
                return Ok(quote(&found));
            }
            let error = self.source.error(at, format!("`{name}` expects a unit, found {}", unit.sql));
            Err(error.help(format!("use one of {}", units.map(|unit| format!("`{unit}`")).join(", "))))
        };
        Ok(match (name, arguments) {
            ("date_trunc", [of, time]) if time.ty.is_time() => {
                let of = unit(of)?;
                Some(of_time(time, |ms, zone| format!("t_trunc({of}, {ms}, {zone})")))
            }
            ("date_add", [of, n, time]) if time.ty.is_time() && n.ty.is_whole() => {
                let of = unit(of)?;
                Some(of_time(time, |ms, zone| format!("t_add({of}, {}, {ms}, {zone})", n.sql)))
            }
            ("date_diff", [of, from, to]) if from.ty.is_time() && to.ty.is_time() => {
                let of = unit(of)?;
                let ty = from.ty.common(&to.ty).unwrap_or(Type::Timestamp);
                let zone = quote(ty.zone());
                let ms = |value: &Typed| match value.ty {
                    Type::Date => format!("({} * 86400000)", value.sql),
                    _ => value.sql.clone(),
                };
                typed(format!("t_diff({of}, {}, {}, {zone})", ms(from), ms(to)), Type::Bigint)
            }
            ("date_format", [time, format]) if time.ty.is_time() && format.ty == Type::Varchar => {
                let ms = if time.ty == Type::Date { format!("{} * 86400000", time.sql) } else { time.sql.clone() };
                typed(format!("t_format({ms}, {}, {})", quote(time.ty.zone()), format.sql), Type::Varchar)
            }
            ("date_parse", [text, format]) if text.ty == Type::Varchar && format.ty == Type::Varchar => {
                typed(format!("t_parse({}, {})", text.sql, format.sql), Type::Timestamp)
            }
            ("date", [value]) => value.cast(&Type::Date, false).and_then(|sql| typed(sql, Type::Date)),
            ("from_iso8601_date", [value]) if value.ty == Type::Varchar => {
                typed(format!("t_date({})", value.sql), Type::Date)
            }
            ("from_iso8601_timestamp", [value]) if value.ty == Type::Varchar => {
                typed(format!("t_timestamp({})", value.sql), Type::Zoned("UTC".to_owned()))
            }
            ("to_iso8601", [time]) if time.ty.is_time() => match &time.ty {
                Type::Date => typed(format!("t_date_text({})", time.sql), Type::Varchar),
                Type::Zoned(zone) if zone == "UTC" => {
                    typed(format!("(replace(t_timestamp_text({}), ' ', 'T') || 'Z')", time.sql), Type::Varchar)
                }
                Type::Zoned(_) => None,
                _ => typed(format!("replace(t_timestamp_text({}), ' ', 'T')", time.sql), Type::Varchar),
            },
            ("from_unixtime", [seconds]) => {
                let zone = Type::Zoned("UTC".to_owned());
                match &seconds.ty {
                    ty if ty.is_whole() => typed(format!("({} * 1000)", seconds.sql), zone),
                    _ => seconds
                        .coerce(&Type::Double)
                        .and_then(|seconds| typed(format!("n_int({seconds} * 1000, 64)"), zone)),
                }
            }
            ("to_unixtime", [time]) if time.ty.is_time() => {
                let unit = if time.ty == Type::Date { "* 86400.0" } else { "/ 1000.0" };
                typed(format!("({} {unit})", time.sql), Type::Double)
            }
            ("last_day_of_month", [time]) if time.ty.is_time() => {
                self.field(name, time, at).map(|value| typed(value.sql, Type::Date))?
            }
            (field, [time]) if time.ty.is_time() => return self.field(field, time, at).map(Some),
            _ => None,
        })
    }

    /// A field of a date or a time.
    pub(super) fn field(&self, name: &str, time: &Typed, at: Span) -> Result<Typed, SqlError> {
        let field = match name {
            "dow" => "day_of_week",
            "doy" => "day_of_year",
            "day_of_month" => "day",
            "week_of_year" => "week",
            "yow" => "year_of_week",
            "year" | "quarter" | "month" | "week" | "year_of_week" | "day" | "day_of_week" | "day_of_year" | "hour"
            | "minute" | "second" | "millisecond" | "last_day_of_month" => name,
            _ => return self.unsupported(at, &format!("field `{name}`")),
        };
        if !time.ty.is_time() {
            return self.error(at, format!("`{name}` expects a date or a timestamp, found {}", time.ty));
        }
        let ms = if time.ty == Type::Date { format!("{} * 86400000", time.sql) } else { time.sql.clone() };
        Ok(Typed::new(format!("t_field('{field}', {ms}, {})", quote(time.ty.zone())), Type::Bigint))
    }
}

/// A function of a time whose result has the type of its argument.
fn of_time(time: &Typed, call: impl Fn(&str, &str) -> String) -> Typed {
    let sql = match time.ty {
        Type::Date => format!("({} / 86400000)", call(&format!("{} * 86400000", time.sql), "'UTC'")),
        _ => call(&time.sql, &quote(time.ty.zone())),
    };
    Typed::new(sql, time.ty.clone())
}

fn array(value: &Typed) -> Option<&Type> {
    match &value.ty {
        Type::Array(of) => Some(of),
        _ => None,
    }
}

fn round(value: &Typed, digits: Option<&str>) -> Option<Typed> {
    let (sql, digits) = (&value.sql, digits.unwrap_or("0"));
    let sql = match &value.ty {
        Type::Integer | Type::Bigint => format!("n_round_int({sql}, {digits})"),
        Type::Double => format!("n_round({sql}, {digits})"),
        Type::Decimal(precision, scale) if digits == "0" => {
            let ty = Type::Decimal((precision - scale + 1).min(38), 0);
            return Some(Typed::new(format!("d_scale({sql}, {scale}, 0, 38)"), ty));
        }
        Type::Decimal(_, scale) => format!("d_round({sql}, {scale}, {digits})"),
        _ => return None,
    };
    Some(Typed::new(sql, value.ty.clone()))
}

fn whole_part(name: &str, value: &Typed) -> Option<Typed> {
    let sql = &value.sql;
    let name = if name == "ceiling" { "ceil" } else { name };
    Some(match &value.ty {
        Type::Integer | Type::Bigint => value.clone(),
        Type::Double => Typed::new(format!("n_math('{name}', {sql})"), Type::Double),
        Type::Decimal(precision, scale) if name != "truncate" => {
            let ty = Type::Decimal((precision - scale + 1).min(38), 0);
            Typed::new(format!("d_{name}({sql}, {scale})"), ty)
        }
        _ => return None,
    })
}

fn sequence(from: &Typed, to: &Typed, step: Option<&Typed>) -> Option<Typed> {
    let ty = from.ty.common(&to.ty)?;
    let (from, to) = (from.coerce(&ty)?, to.coerce(&ty)?);
    let array = |sql: String| Some(Typed::new(sql, Type::Array(Box::new(ty.clone()))));
    let (step, step_type) = step.map_or(("1", None), |step| (step.sql.as_str(), Some(&step.ty)));
    match (&ty, step_type) {
        (Type::Integer | Type::Bigint, None | Some(Type::Integer | Type::Bigint)) => {
            array(format!("t_sequence({from}, {to}, {step}, 0)"))
        }
        (Type::Date, None) => array(format!("t_sequence({from}, {to}, 1, 0)")),
        (Type::Date, Some(Type::Days)) => array(format!("t_sequence({from}, {to}, {step} / 86400000, 0)")),
        (Type::Date, Some(Type::Months)) => {
            let months = format!("t_sequence({from} * 86400000, {to} * 86400000, {step}, 1)");
            array(format!("(select json_group_array(value / 86400000) from json_each({months}))"))
        }
        (Type::Timestamp | Type::Zoned(_), Some(Type::Days)) => array(format!("t_sequence({from}, {to}, {step}, 0)")),
        (Type::Timestamp | Type::Zoned(_), Some(Type::Months)) => array(format!("t_sequence({from}, {to}, {step}, 1)")),
        _ => None,
    }
}
