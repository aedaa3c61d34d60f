//! Operators: comparison, logic, text, arithmetic of numbers, times and intervals.
//!
//! Integers divide to integers, decimals keep Trino's scales, and division by zero is an error.

use sqlparser::ast::{BinaryOperator, Expr, Spanned};
use sqlparser::tokenizer::Span;

use super::Translator;
use super::types::{Type, Typed, quote};
use crate::data::error::SqlError;

impl Translator<'_> {
    pub(super) fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Result<Typed, SqlError> {
        let compare = match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let word = if *op == BinaryOperator::And { "and" } else { "or" };
                let (left, right) = (self.truth(left)?, self.truth(right)?);
                return Ok(Typed::new(format!("({left} {word} {right})"), Type::Boolean));
            }
            BinaryOperator::Eq => "=",
            BinaryOperator::NotEq => "<>",
            BinaryOperator::Lt => "<",
            BinaryOperator::LtEq => "<=",
            BinaryOperator::Gt => ">",
            BinaryOperator::GtEq => ">=",
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo
            | BinaryOperator::StringConcat => {
                let (l, r) = (self.expr(left)?, self.expr(right)?);
                return self.arithmetic(&l, op, &r, &|| left.span());
            }
            _ => return self.unsupported(left.span(), &format!("operator `{op}`")),
        };
        self.comparison(left, compare, right)
    }

    pub(super) fn comparison(&mut self, left: &Expr, op: &str, right: &Expr) -> Result<Typed, SqlError> {
        let (l, r) = (self.expr(left)?, self.expr(right)?);
        self.compare(&l, op, &r, &|| left.span())
    }

    /// `at` gives the position of an error: it is slow for long expressions.
    pub(super) fn compare(
        &self,
        left: &Typed,
        op: &str,
        right: &Typed,
        at: &dyn Fn() -> Span,
    ) -> Result<Typed, SqlError> {
        let common = left.ty.common(&right.ty);
        match common.and_then(|ty| Some((left.coerce(&ty)?, right.coerce(&ty)?))) {
            Some((left, right)) => Ok(Typed::new(format!("({left} {op} {right})"), Type::Boolean)),
            None => {
                let error = self.source.error(at(), format!("cannot compare {} with {}", left.ty, right.ty));
                let text = [&left.ty, &right.ty].contains(&&Type::Varchar);
                Err(match (&left.ty, &right.ty) {
                    (time, _) | (_, time) if time.is_time() && text => {
                        error.help("write times as `date '2026-01-31'` or `timestamp '2026-01-31 00:00:00'`")
                    }
                    _ => error.help("use `cast`"),
                })
            }
        }
    }

    pub(super) fn arithmetic(
        &self,
        left: &Typed,
        op: &BinaryOperator,
        right: &Typed,
        at: &dyn Fn() -> Span,
    ) -> Result<Typed, SqlError> {
        use BinaryOperator::{Divide, Minus, Modulo, Multiply, Plus, StringConcat};
        let (l, r) = (&left.sql, &right.sql);
        let typed = |sql: String, ty: &Type| Some(Typed::new(sql, ty.clone()));
        let value = match (&left.ty, op, &right.ty) {
            (Type::Varchar | Type::Unknown, StringConcat, Type::Varchar | Type::Unknown) => {
                typed(format!("({l} || {r})"), &Type::Varchar)
            }
            (time, Plus | Minus, Type::Days) if time.is_time() => {
                let by = if *time == Type::Date { format!("{r} / 86400000") } else { r.clone() };
                typed(format!("({l} {op} {by})"), time)
            }
            (Type::Days, Plus, time) if time.is_time() => return self.arithmetic(right, op, left, at),
            (time, Plus | Minus, Type::Months) if time.is_time() => Some(add_months(left, *op == Minus, r)),
            (Type::Months, Plus, time) if time.is_time() => Some(add_months(right, false, l)),
            (Type::Date, Minus, Type::Date) => typed(format!("(({l} - {r}) * 86400000)"), &Type::Days),
            (a, Minus, b) if a.is_time() && b.is_time() => {
                match (left.coerce(&Type::Timestamp), right.coerce(&Type::Timestamp)) {
                    (Some(l), Some(r)) => typed(format!("({l} - {r})"), &Type::Days),
                    _ => typed(format!("({l} - {r})"), &Type::Days),
                }
            }
            (Type::Days, Plus | Minus, Type::Days) | (Type::Months, Plus | Minus, Type::Months) => {
                typed(format!("({l} {op} {r})"), &left.ty)
            }
            (Type::Days | Type::Months, Multiply, n) if n.is_whole() => typed(format!("({l} * {r})"), &left.ty),
            (n, Multiply, Type::Days | Type::Months) if n.is_whole() => typed(format!("({l} * {r})"), &right.ty),
            (a, Plus | Minus | Multiply | Divide | Modulo, b) => self.numeric(left, op, right, a, b),
            _ => None,
        };
        match value {
            Some(value) => Ok(value),
            None => {
                let error = self.source.error(at(), format!("cannot apply `{op}` to {} and {}", left.ty, right.ty));
                Err(error.help("use `cast`"))
            }
        }
    }

    fn numeric(&self, left: &Typed, op: &BinaryOperator, right: &Typed, a: &Type, b: &Type) -> Option<Typed> {
        let ty = match a.common(b)? {
            Type::Unknown => Type::Integer,
            ty => ty,
        };
        let literal = right.sql.bytes().all(|byte| byte.is_ascii_digit()) && right.sql.bytes().any(|b| b != b'0');
        match (&ty, op) {
            (Type::Integer | Type::Bigint, op) => {
                let (l, r) = (&left.sql, &right.sql);
                Some(Typed::new(
                    match op {
                        BinaryOperator::Divide if !literal => format!("n_div({l}, {r})"),
                        BinaryOperator::Modulo if !literal => format!("n_mod({l}, {r})"),
                        op => format!("({l} {op} {r})"),
                    },
                    ty,
                ))
            }
            (Type::Double, op) => {
                let (l, r) = (left.coerce(&ty)?, right.coerce(&ty)?);
                Some(Typed::new(
                    match op {
                        BinaryOperator::Divide => format!("n_real_div({l}, {r})"),
                        BinaryOperator::Modulo => format!("n_real_mod({l}, {r})"),
                        op => format!("({l} {op} {r})"),
                    },
                    ty,
                ))
            }
            (Type::Decimal(..), op) => decimals(left, op, right),
            _ => None,
        }
    }
}

/// Adds months to a date or a time, in its zone.
fn add_months(time: &Typed, minus: bool, months: &str) -> Typed {
    let months = if minus { format!("- {months}") } else { months.to_owned() };
    let sql = match &time.ty {
        Type::Date => format!("(t_add('month', {months}, {} * 86400000, 'UTC') / 86400000)", time.sql),
        ty => format!("t_add('month', {months}, {}, {})", time.sql, quote(ty.zone())),
    };
    Typed::new(sql, time.ty.clone())
}

/// Arithmetic of decimals, whose results have the precision and scale that Trino gives them.
fn decimals(left: &Typed, op: &BinaryOperator, right: &Typed) -> Option<Typed> {
    let ((p, s), (q, t)) = (left.ty.digits().unwrap_or((1, 0)), right.ty.digits().unwrap_or((1, 0)));
    let scale = s.max(t);
    let at = |value: &Typed, precision, scale| value.coerce(&Type::Decimal(precision, scale));
    let both = |name: &str, precision: u8| {
        let (l, r) = (at(left, 38, scale)?, at(right, 38, scale)?);
        Some(Typed::new(format!("{name}({l}, {r})"), Type::Decimal(precision.min(38), scale)))
    };
    match op {
        BinaryOperator::Plus => both("d_add", (p - s).max(q - t) + scale + 1),
        BinaryOperator::Minus => both("d_sub", (p - s).max(q - t) + scale + 1),
        BinaryOperator::Modulo => both("d_mod", (p - s).min(q - t) + scale),
        BinaryOperator::Multiply if s + t <= 38 => {
            let (l, r) = (at(left, p, s)?, at(right, q, t)?);
            Some(Typed::new(format!("d_mul({l}, {r})"), Type::Decimal((p + q).min(38), s + t)))
        }
        BinaryOperator::Divide => {
            let (l, r) = (at(left, p, s)?, at(right, q, t)?);
            let precision = (p + t + t.saturating_sub(s)).min(38);
            // The first operand gets so many zeros that the quotient has the scale of the result.
            Some(Typed::new(format!("d_div({l}, {r}, {})", scale + t - s), Type::Decimal(precision, scale)))
        }
        _ => None,
    }
}
