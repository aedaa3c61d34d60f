//! The types of expressions, and how a value of one becomes one of another.
//!
//! Booleans, dates (days) and times (milliseconds) are integers in SQLite, decimals blobs, arrays JSON.

use std::fmt;

use sqlparser::ast::{ArrayElemTypeDef, DataType, ExactNumberInfo, TimezoneInfo};

use crate::data::table::ColumnType;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// The type of `null`.
    Unknown,
    Boolean,
    Integer,
    Bigint,
    Double,
    Decimal(u8, u8),
    Varchar,
    Date,
    Timestamp,
    /// A timestamp with this time zone.
    Zoned(String),
    /// An interval of days and seconds.
    Days,
    /// An interval of years and months.
    Months,
    Array(Box<Type>),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown => f.write_str("unknown"),
            Type::Boolean => f.write_str("boolean"),
            Type::Integer => f.write_str("integer"),
            Type::Bigint => f.write_str("bigint"),
            Type::Double => f.write_str("double"),
            Type::Decimal(precision, scale) => write!(f, "decimal({precision},{scale})"),
            Type::Varchar => f.write_str("varchar"),
            Type::Date => f.write_str("date"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Zoned(_) => f.write_str("timestamp with time zone"),
            Type::Days => f.write_str("interval day to second"),
            Type::Months => f.write_str("interval year to month"),
            Type::Array(of) => write!(f, "array({of})"),
        }
    }
}

impl Type {
    /// The type of a column with this declaration.
    pub(crate) fn declared(column_type: ColumnType, scale: u8) -> Type {
        match column_type {
            ColumnType::Bigint => Type::Bigint,
            ColumnType::Boolean => Type::Boolean,
            ColumnType::Date => Type::Date,
            ColumnType::Datetime | ColumnType::Timestamp => Type::Timestamp,
            ColumnType::Decimal => Type::Decimal(38, scale),
            ColumnType::Double => Type::Double,
            ColumnType::Integer => Type::Integer,
            ColumnType::Varchar => Type::Varchar,
        }
    }

    /// The type that a cast gives a column.
    pub(crate) fn column_type(&self) -> ColumnType {
        match self {
            Type::Boolean => ColumnType::Boolean,
            Type::Integer => ColumnType::Integer,
            Type::Bigint => ColumnType::Bigint,
            Type::Double => ColumnType::Double,
            Type::Decimal(..) => ColumnType::Decimal,
            Type::Date => ColumnType::Date,
            Type::Timestamp | Type::Zoned(_) => ColumnType::Timestamp,
            _ => ColumnType::Varchar,
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Type::Integer | Type::Bigint)
    }

    pub(super) fn is_number(&self) -> bool {
        self.is_whole() || matches!(self, Type::Double | Type::Decimal(..))
    }

    pub(super) fn is_time(&self) -> bool {
        matches!(self, Type::Date | Type::Timestamp | Type::Zoned(_))
    }

    /// The precision and scale of a number as a decimal.
    pub(super) fn digits(&self) -> Option<(u8, u8)> {
        match self {
            Type::Integer => Some((10, 0)),
            Type::Bigint => Some((19, 0)),
            Type::Decimal(precision, scale) => Some((*precision, *scale)),
            _ => None,
        }
    }

    /// The name of the time zone that times of this type are in.
    pub(super) fn zone(&self) -> &str {
        match self {
            Type::Zoned(zone) => zone,
            _ => "UTC",
        }
    }

    /// The type that values of both types have in common.
    pub(super) fn common(&self, other: &Type) -> Option<Type> {
        Some(match (self, other) {
            (a, b) if a == b => a.clone(),
            (Type::Unknown, b) => b.clone(),
            (a, Type::Unknown) => a.clone(),
            (Type::Double, b) if b.is_number() => Type::Double,
            (a, Type::Double) if a.is_number() => Type::Double,
            (a, b) if a.is_whole() && b.is_whole() => Type::Bigint,
            (a, b) if a.digits().is_some() && b.digits().is_some() => {
                let ((p, s), (q, t)) = (a.digits()?, b.digits()?);
                let scale = s.max(t);
                Type::Decimal((p - s).max(q - t).saturating_add(scale).min(38), scale)
            }
            (Type::Zoned(zone), b) | (b, Type::Zoned(zone)) if b.is_time() => Type::Zoned(zone.clone()),
            (a, b) if a.is_time() && b.is_time() => Type::Timestamp,
            (Type::Array(a), Type::Array(b)) => Type::Array(Box::new(a.common(b)?)),
            _ => return None,
        })
    }

    /// The type that SQL names; `Err` has the name of one that is not supported.
    pub(super) fn parse(data_type: &DataType) -> Result<Type, String> {
        Ok(match data_type {
            DataType::Boolean | DataType::Bool => Type::Boolean,
            DataType::TinyInt(None) | DataType::SmallInt(None) | DataType::Int(None) | DataType::Integer(None) => {
                Type::Integer
            }
            DataType::BigInt(None) => Type::Bigint,
            DataType::Double(_) | DataType::DoublePrecision | DataType::Real | DataType::Float(_) => Type::Double,
            DataType::Decimal(info) | DataType::Numeric(info) | DataType::Dec(info) => {
                let (precision, scale) = match info {
                    ExactNumberInfo::None => (38, 0),
                    ExactNumberInfo::Precision(precision) => (*precision, 0),
                    ExactNumberInfo::PrecisionAndScale(precision, scale) => (*precision, *scale),
                };
                match (u8::try_from(precision), u8::try_from(scale)) {
                    (Ok(precision @ 1..=38), Ok(scale)) if scale <= precision => Type::Decimal(precision, scale),
                    _ => return Err(data_type.to_string().to_lowercase()),
                }
            }
            DataType::Varchar(_)
            | DataType::Char(_)
            | DataType::Character(_)
            | DataType::CharacterVarying(_)
            | DataType::Text
            | DataType::String(_) => Type::Varchar,
            DataType::Date => Type::Date,
            DataType::Timestamp(_, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => Type::Zoned("UTC".to_owned()),
            DataType::Timestamp(..) => Type::Timestamp,
            DataType::Array(
                ArrayElemTypeDef::AngleBracket(of)
                | ArrayElemTypeDef::Parenthesis(of)
                | ArrayElemTypeDef::SquareBracket(of, _),
            ) => Type::Array(Box::new(Type::parse(of)?)),
            other => return Err(other.to_string().to_lowercase()),
        })
    }
}

/// An expression of SQLite, and its type.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) sql: String,
    pub(super) ty: Type,
    /// The type that a column of the expression is reported with.
    pub(super) declared: ColumnType,
}

impl Typed {
    pub(super) fn new(sql: impl Into<String>, ty: Type) -> Typed {
        Typed { sql: sql.into(), ty, declared: ColumnType::Varchar }
    }

    /// The expression as `ty`, by the conversions that need no cast.
    pub(super) fn coerce(&self, ty: &Type) -> Option<String> {
        let sql = &self.sql;
        Some(match (&self.ty, ty) {
            (from, to) if from == to => sql.clone(),
            (Type::Unknown, _) => sql.clone(),
            (from, to) if from.is_whole() && to.is_whole() => sql.clone(),
            (from, Type::Double) if from.is_whole() => format!("cast({sql} as real)"),
            (from, Type::Decimal(..)) if from.is_whole() => self.cast(ty, false)?,
            (Type::Decimal(..), Type::Decimal(..) | Type::Double) | (Type::Date, Type::Timestamp | Type::Zoned(_)) => {
                self.cast(ty, false)?
            }
            (Type::Timestamp | Type::Zoned(_), Type::Zoned(_)) => sql.clone(),
            (Type::Array(_), Type::Array(_)) => sql.clone(),
            _ => return None,
        })
    }

    /// The expression cast to `ty`; null instead of an error with `lenient`.
    pub(super) fn cast(&self, ty: &Type, lenient: bool) -> Option<String> {
        let sql = &self.sql;
        let call = |name: &str, rest: String| format!("{}{name}({sql}{rest})", if lenient { "try_" } else { "" });
        Some(match (&self.ty, ty) {
            (from, to) if from == to => sql.clone(),
            (Type::Unknown, _) => sql.clone(),
            (_, Type::Varchar) => self.text()?,
            (Type::Varchar | Type::Double, Type::Integer) => call("n_int", ", 32".into()),
            (Type::Varchar | Type::Double, Type::Bigint) => call("n_int", ", 64".into()),
            (Type::Bigint, Type::Integer) => call("n_int", ", 32".into()),
            (Type::Integer, Type::Bigint) | (Type::Boolean, Type::Integer | Type::Bigint) => sql.clone(),
            (Type::Decimal(_, s), Type::Integer | Type::Bigint) => call("d_to_int", format!(", {s}")),
            (Type::Varchar, Type::Double) => call("n_double", String::new()),
            (Type::Integer | Type::Bigint | Type::Boolean, Type::Double) => format!("cast({sql} as real)"),
            (Type::Decimal(_, s), Type::Double) => call("d_to_double", format!(", {s}")),
            (Type::Integer | Type::Bigint | Type::Boolean, Type::Decimal(p, s)) => call("d_int", format!(", {s}, {p}")),
            (Type::Varchar, Type::Decimal(p, s)) => call("d_parse", format!(", {s}, {p}")),
            (Type::Double, Type::Decimal(p, s)) => call("d_double", format!(", {s}, {p}")),
            (Type::Decimal(q, t), Type::Decimal(p, s)) if t == s && q <= p => sql.clone(),
            (Type::Decimal(_, t), Type::Decimal(p, s)) => call("d_scale", format!(", {t}, {s}, {p}")),
            (Type::Varchar, Type::Boolean) => call("n_boolean", String::new()),
            (Type::Integer | Type::Bigint | Type::Double, Type::Boolean) => format!("({sql} <> 0)"),
            (Type::Varchar, Type::Date) => call("t_date", String::new()),
            (Type::Varchar, Type::Timestamp | Type::Zoned(_)) => call("t_timestamp", String::new()),
            (Type::Timestamp, Type::Date) => call("t_day", String::new()),
            (Type::Zoned(zone), Type::Date) => format!("t_day(t_local({sql}, {}))", quote(zone)),
            (Type::Zoned(zone), Type::Timestamp) => format!("t_local({sql}, {})", quote(zone)),
            (Type::Date, Type::Timestamp | Type::Zoned(_)) => format!("({sql} * 86400000)"),
            (Type::Timestamp | Type::Zoned(_), Type::Zoned(_)) => sql.clone(),
            _ => return None,
        })
    }

    /// The text that a cast to varchar gives.
    pub(super) fn text(&self) -> Option<String> {
        let sql = &self.sql;
        Some(match &self.ty {
            Type::Varchar | Type::Unknown | Type::Array(_) => sql.clone(),
            Type::Boolean => format!("case {sql} when 1 then 'true' when 0 then 'false' end"),
            Type::Integer | Type::Bigint => format!("cast({sql} as text)"),
            Type::Double => format!("n_double_text({sql})"),
            Type::Decimal(_, scale) => format!("d_text({sql}, {scale})"),
            Type::Date => format!("t_date_text({sql})"),
            Type::Timestamp => format!("t_timestamp_text({sql})"),
            Type::Zoned(zone) => format!("t_zoned_text({sql}, {})", quote(zone)),
            Type::Days => format!("t_interval_text({sql})"),
            Type::Months => return None,
        })
    }
}

/// A literal of SQLite.
pub(super) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
