//! Expressions: literals, names, conditions, `CASE`, casts and subqueries.
//!
//! Operators and functions have files of their own.

use sqlparser::ast::{
    AccessExpr, CaseWhen, CastKind, CeilFloorKind, DataType, DateTimeField, Expr, InTarget, Interval, Spanned,
    Subscript, TrimWhereField, TypedString, UnaryOperator, Value, ValueWithSpan,
};
use sqlparser::tokenizer::Span;

use super::Translator;
use super::types::{Type, Typed, quote};
use crate::data::error::SqlError;
use crate::data::functions::time;

impl Translator<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Result<Typed, SqlError> {
        let start = self.free.len();
        let span = match expr {
            Expr::BinaryOp { .. } | Expr::Nested(_) => Span::empty(),
            other => other.span(),
        };
        let mut value = self.nested(span, |this| this.any_expr(expr, span))?;
        let grouped = self.levels.last().is_some_and(|level| !level.in_aggregate && level.groups.contains(&value.sql));
        if grouped {
            self.free.truncate(start);
            if self.levels.last().is_some_and(|level| level.nulled.contains(&value.sql)) {
                value.sql = "null".to_owned();
            }
        }
        Ok(value)
    }

    fn any_expr(&mut self, expr: &Expr, span: Span) -> Result<Typed, SqlError> {
        match expr {
            Expr::Identifier(name) => {
                let aliases = self.levels.last().map(|level| level.aliases.as_slice()).unwrap_or_default();
                if let Some((_, value)) = aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(&name.value)) {
                    return Ok(value.clone());
                }
                self.column(None, name, name.span)
            }
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, name] => self.column(Some(table), name, span),
                _ => self.error(span, format!("unknown column `{expr}`")),
            },
            Expr::Value(value) => self.literal(value),
            Expr::TypedString(TypedString { data_type, value, .. }) => self.typed_literal(data_type, value),
            Expr::Interval(interval) => self.interval(interval, span),
            Expr::Nested(inner) => {
                let inner = self.expr(inner)?;
                Ok(Typed { sql: parenthesized(inner.sql), ..inner })
            }
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            Expr::UnaryOp { op, expr: operand } => {
                let value = self.expr(operand)?;
                match op {
                    UnaryOperator::Not => Ok(Typed::new(format!("(not {})", self.truth(operand)?), Type::Boolean)),
                    UnaryOperator::Plus if value.ty.is_number() => Ok(value),
                    UnaryOperator::Minus => match value.ty {
                        Type::Decimal(..) => Ok(Typed::new(format!("d_neg({})", value.sql), value.ty)),
                        Type::Integer | Type::Bigint | Type::Double | Type::Days | Type::Months | Type::Unknown => {
                            Ok(Typed::new(format!("(- {})", value.sql), value.ty))
                        }
                        ty => self.error(operand.span(), format!("cannot negate {ty}")),
                    },
                    _ => self.unsupported(operand.span(), &format!("operator `{op}`")),
                }
            }
            Expr::IsNull(of) => self.is(of, "is null", false),
            Expr::IsNotNull(of) => self.is(of, "is not null", false),
            Expr::IsTrue(of) => self.is(of, "is 1", true),
            Expr::IsNotTrue(of) => self.is(of, "is not 1", true),
            Expr::IsFalse(of) => self.is(of, "is 0", true),
            Expr::IsNotFalse(of) => self.is(of, "is not 0", true),
            Expr::IsDistinctFrom(left, right) => self.comparison(left, "is not", right),
            Expr::IsNotDistinctFrom(left, right) => self.comparison(left, "is", right),
            Expr::Between { expr, negated, low, high } => {
                let low = self.comparison(expr, ">=", low)?;
                let high = self.comparison(expr, "<=", high)?;
                Ok(negate(format!("({} and {})", low.sql, high.sql), *negated))
            }
            Expr::In { expr, target, negated, global: false } => self.in_list(expr, target, *negated, span),
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let (text, pattern) = (self.text(expr)?, self.text(pattern)?);
                let escape = escape_char.as_ref().map(|escape| self.text(escape)).transpose()?;
                let escape = escape.map(|escape| format!(" escape {escape}")).unwrap_or_default();
                Ok(negate(format!("({text} like {pattern}{escape})"), *negated))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Cast { kind, expr: value, data_type, format: None } => {
                let lenient = matches!(kind, CastKind::TryCast);
                self.refuse(!lenient && !matches!(kind, CastKind::Cast), span, "this form of cast")?;
                let of = self.expr(value)?;
                self.cast(&of, data_type, lenient, span)
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                let value = self.expr(timestamp)?;
                if !matches!(value.ty, Type::Timestamp | Type::Zoned(_)) {
                    return self
                        .error(timestamp.span(), format!("`AT TIME ZONE` expects a timestamp, found {}", value.ty));
                }
                let zone = self.zone_literal(time_zone)?;
                Ok(Typed::new(value.sql, Type::Zoned(zone)))
            }
            Expr::Extract { field, expr: of, .. } => {
                let value = self.expr(of)?;
                let field = match field {
                    DateTimeField::Dow => "day_of_week".to_owned(),
                    DateTimeField::Doy => "day_of_year".to_owned(),
                    DateTimeField::Custom(name) => name.value.to_lowercase(),
                    field => field.to_string().to_lowercase(),
                };
                self.field(&field, &value, span)
            }
            Expr::Ceil { expr: of, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                let value = self.expr(of)?;
                self.scalar("ceil", &[value], span)
            }
            Expr::Floor { expr: of, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                let value = self.expr(of)?;
                self.scalar("floor", &[value], span)
            }
            Expr::Position { expr: needle, r#in } => {
                let (text, needle) = (self.expr(r#in)?, self.expr(needle)?);
                self.scalar("strpos", &[text, needle], span)
            }
            Expr::Substring { expr: text, substring_from: Some(from), substring_for, .. } => {
                let mut arguments = vec![self.expr(text)?, self.expr(from)?];
                if let Some(length) = substring_for {
                    arguments.push(self.expr(length)?);
                }
                self.scalar("substr", &arguments, span)
            }
            Expr::Trim { trim_where, trim_what, expr: text, trim_characters: None } => {
                let name = match trim_where {
                    None | Some(TrimWhereField::Both) => "trim",
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                };
                let mut arguments = vec![self.expr(text)?];
                if let Some(what) = trim_what {
                    arguments.push(self.expr(what)?);
                }
                self.scalar(name, &arguments, span)
            }
            Expr::Exists { subquery, negated } => {
                let subquery = self.query(subquery)?;
                Ok(negate(format!("exists ({})", subquery.sql), *negated))
            }
            Expr::Subquery(query) => {
                let (sql, ty) = self.one_column(query)?;
                let several = "fault('a subquery used as a value has several rows')";
                let value = format!("case when count(*) > 1 then {several} else max(c0) end");
                Ok(Typed::new(format!("(select {value} from (select c0 from ({sql}) limit 2))"), ty))
            }
            Expr::Array(array) => self.array(&array.elem, span),
            Expr::CompoundFieldAccess { root, access_chain } => match access_chain.as_slice() {
                [AccessExpr::Subscript(Subscript::Index { index })] => {
                    let arguments = [self.expr(root)?, self.expr(index)?];
                    self.scalar("element_at", &arguments, span)
                }
                _ => self.unsupported(span, &format!("`{expr}`")),
            },
            Expr::Function(function) => self.function(function),
            Expr::ILike { .. } => self.unsupported(span, "`ILIKE`"),
            Expr::Lambda(_) => self.unsupported(span, "a lambda expression"),
            other => {
                let text: String = other.to_string().chars().take(40).collect();
                self.unsupported(span, &format!("`{text}`"))
            }
        }
    }

    fn is(&mut self, of: &Expr, test: &str, boolean: bool) -> Result<Typed, SqlError> {
        let value = if boolean { self.truth(of)? } else { self.expr(of)?.sql };
        Ok(Typed::new(format!("({value} {test})"), Type::Boolean))
    }

    /// An expression that must be text.
    fn text(&mut self, expr: &Expr) -> Result<String, SqlError> {
        let value = self.expr(expr)?;
        match value.ty {
            Type::Varchar | Type::Unknown => Ok(value.sql),
            ty => self.error(expr.span(), format!("expected varchar, found {ty}")),
        }
    }

    fn literal(&self, value: &ValueWithSpan) -> Result<Typed, SqlError> {
        match &value.value {
            Value::Number(number, _) => self.number(number, value.span),
            Value::SingleQuotedString(text) => Ok(Typed::new(quote(text), Type::Varchar)),
            Value::Boolean(value) => Ok(Typed::new(if *value { "1" } else { "0" }, Type::Boolean)),
            Value::Null => Ok(Typed::new("null", Type::Unknown)),
            Value::Placeholder(_) => self.unsupported(value.span, "a parameter"),
            other => self.unsupported(value.span, &format!("the literal {other}")),
        }
    }

    fn number(&self, number: &str, span: Span) -> Result<Typed, SqlError> {
        let exact = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !exact {
            return match number.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Typed::new(format!("{value:e}"), Type::Double)),
                _ => self.error(span, format!("invalid number `{number}`")),
            };
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if !number.contains('.')
            && let Ok(value) = number.parse::<i64>()
        {
            return Ok(Typed::new(number, if i32::try_from(value).is_ok() { Type::Integer } else { Type::Bigint }));
        }
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let (precision, scale) = (digits.len().max(fraction.len()).max(1), fraction.len());
        match (u8::try_from(precision), u8::try_from(scale), digits.parse::<i128>().or_else(|_| "0".parse())) {
            (Ok(precision @ ..=38), Ok(scale), Ok(value)) => {
                Ok(Typed::new(decimal(value), Type::Decimal(precision, scale)))
            }
            _ => self.error(span, format!("number `{number}` has more than 38 digits")),
        }
    }

    fn typed_literal(&self, data_type: &DataType, value: &ValueWithSpan) -> Result<Typed, SqlError> {
        let Value::SingleQuotedString(text) = &value.value else {
            return self.unsupported(value.span, "this literal");
        };
        let fail = |fault: crate::data::functions::Fault| self.source.error(value.span, fault.0);
        match data_type {
            DataType::Date => Ok(Typed::new(time::parse_date(text).map_err(fail)?.to_string(), Type::Date)),
            DataType::Timestamp(..) => {
                let (ms, zone) = time::parse_timestamp(text).map_err(fail)?;
                Ok(Typed::new(ms.to_string(), zone.map_or(Type::Timestamp, Type::Zoned)))
            }
            DataType::Decimal(_) => self.number(text, value.span),
            other => self.unsupported(value.span, &format!("a literal of type `{other}`")),
        }
    }

    fn interval(&self, interval: &Interval, span: Span) -> Result<Typed, SqlError> {
        let amount = match &*interval.value {
            Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => {
                text.trim().parse::<i64>().ok()
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match &**expr {
                Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(text), .. }) => {
                    text.trim().parse::<i64>().ok().map(|amount| -amount)
                }
                _ => None,
            },
            _ => None,
        };
        let Some(amount) = amount.filter(|amount| amount.abs() < 100_000_000) else {
            let error = self.source.error(span, "invalid interval");
            return Err(error.help("write it as `interval '1' day`"));
        };
        self.refuse(interval.last_field.is_some(), span, "an interval of several fields")?;
        let unit = interval.leading_field.as_ref().map(|field| field.to_string().to_lowercase()).unwrap_or_default();
        let (factor, ty) = match unit.trim_end_matches('s') {
            "second" => (1000, Type::Days),
            "minute" => (60_000, Type::Days),
            "hour" => (3_600_000, Type::Days),
            "day" => (time::DAY, Type::Days),
            "week" => (7 * time::DAY, Type::Days),
            "month" => (1, Type::Months),
            "year" => (12, Type::Months),
            _ => return self.error(span, "an interval needs a unit, such as `day`"),
        };
        Ok(Typed::new((amount * factor).to_string(), ty))
    }

    /// The name of a time zone, which must be a literal, since it is part of the type.
    pub(super) fn zone_literal(&self, expr: &Expr) -> Result<String, SqlError> {
        match expr {
            Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(name), span }) => {
                time::zone(name).map_err(|fault| self.source.error(*span, fault.0))?;
                Ok(name.clone())
            }
            other => self.unsupported(other.span(), "a time zone that is not a literal"),
        }
    }

    fn in_list(&mut self, expr: &Expr, target: &InTarget, negated: bool, span: Span) -> Result<Typed, SqlError> {
        let value = self.expr(expr)?;
        match target {
            InTarget::List(list) => {
                let list = list.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?;
                let mut ty = value.ty.clone();
                for item in &list {
                    ty = match ty.common(&item.ty) {
                        Some(common) => common,
                        None => return self.error(span, format!("`IN` compares {ty} with {}", item.ty)),
                    };
                }
                let convert = |value: &Typed| value.coerce(&ty).unwrap_or_else(|| value.sql.clone());
                let list: Vec<_> = list.iter().map(convert).collect();
                Ok(negate(format!("({} in ({}))", convert(&value), list.join(", ")), negated))
            }
            InTarget::Subquery(query) => {
                let (sql, of) = self.one_column(query)?;
                let right = Typed::new("c0", of);
                let Some(ty) = value.ty.common(&right.ty) else {
                    return self.error(span, format!("`IN` compares {} with {}", value.ty, right.ty));
                };
                let convert = |value: &Typed| value.coerce(&ty).unwrap_or_else(|| value.sql.clone());
                let sql = format!("({} in (select {} from ({sql})))", convert(&value), convert(&right));
                Ok(negate(sql, negated))
            }
            _ => self.unsupported(span, "this form of `IN`"),
        }
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
    ) -> Result<Typed, SqlError> {
        let mut branches = Vec::new();
        for CaseWhen { condition, result } in conditions {
            let condition = match operand {
                Some(operand) => self.comparison(operand, "=", condition)?.sql,
                None => self.truth(condition)?,
            };
            branches.push((condition, self.expr(result)?, result.span()));
        }
        let otherwise = match otherwise {
            Some(expr) => Some((self.expr(expr)?, expr.span())),
            None => None,
        };
        let values = branches.iter().map(|(_, value, span)| (value, *span));
        let values: Vec<_> = values.chain(otherwise.iter().map(|(value, span)| (value, *span))).collect();
        let ty = self.common(&values, "`CASE`")?;
        let convert = |value: &Typed| value.coerce(&ty).unwrap_or_else(|| value.sql.clone());
        let mut sql = "case".to_owned();
        for (condition, value, _) in &branches {
            sql.push_str(&format!(" when {condition} then {}", convert(value)));
        }
        if let Some((value, _)) = &otherwise {
            sql.push_str(&format!(" else {}", convert(value)));
        }
        Ok(Typed::new(format!("({sql} end)"), ty))
    }

    /// The type that all values have in common.
    pub(super) fn common(&self, values: &[(&Typed, Span)], place: &str) -> Result<Type, SqlError> {
        let mut ty = Type::Unknown;
        for (value, span) in values {
            ty = match ty.common(&value.ty) {
                Some(common) => common,
                None => return self.error(*span, format!("{place} has values of type {ty} and {}", value.ty)),
            };
        }
        Ok(ty)
    }

    fn cast(&self, value: &Typed, data_type: &DataType, lenient: bool, span: Span) -> Result<Typed, SqlError> {
        let ty = match Type::parse(data_type) {
            Ok(ty) => ty,
            Err(name) => return self.unsupported(span, &format!("type `{name}`")),
        };
        let Some(mut sql) = value.cast(&ty, lenient) else {
            return self.error(span, format!("cannot cast {} to {ty}", value.ty));
        };
        if let DataType::Varchar(Some(length)) = data_type
            && let Ok(length) = length.to_string().parse::<u32>()
        {
            sql = format!("substr({sql}, 1, {length})");
        }
        let declared = ty.column_type();
        Ok(Typed { sql, ty, declared })
    }

    pub(super) fn array(&mut self, elements: &[Expr], span: Span) -> Result<Typed, SqlError> {
        let values = elements.iter().map(|element| self.expr(element)).collect::<Result<Vec<_>, _>>()?;
        let spans: Vec<_> = values.iter().map(|value| (value, span)).collect();
        let of = self.common(&spans, "an array")?;
        self.refuse(matches!(of, Type::Decimal(..)), span, "an array of decimals")?;
        let values: Vec<_> = values.iter().map(|v| v.coerce(&of).unwrap_or_else(|| v.sql.clone())).collect();
        Ok(Typed::new(format!("s_array({})", values.join(", ")), Type::Array(Box::new(of))))
    }
}

/// A literal of a decimal, as SQLite keeps it.
pub(super) fn decimal(value: i128) -> String {
    format!("x'{:032x}'", value.cast_unsigned() ^ (1 << 127))
}

fn parenthesized(sql: String) -> String {
    let simple = sql.starts_with('(') || sql.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if simple { sql } else { format!("({sql})") }
}

fn negate(sql: String, negated: bool) -> Typed {
    Typed::new(if negated { format!("(not {sql})") } else { sql }, Type::Boolean)
}
