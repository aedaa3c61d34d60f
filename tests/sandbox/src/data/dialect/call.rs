//! Calls: functions, aggregates, windows, and syntax that looks like a call.
//!
//! All other functions are in `scalar`.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments,
    NamedWindowExpr, OrderByExpr, Spanned, WindowFrame, WindowFrameBound, WindowSpec, WindowType,
};
use sqlparser::tokenizer::Span;

use super::Translator;
use super::types::{Type, Typed};
use crate::data::error::{SqlError, similar};

const AGGREGATES: [&str; 23] = [
    "approx_distinct",
    "approx_percentile",
    "arbitrary",
    "any_value",
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "count_if",
    "every",
    "listagg",
    "max",
    "max_by",
    "min",
    "min_by",
    "stddev",
    "stddev_samp",
    "sum",
    "var_samp",
    "variance",
    "geometric_mean",
    "checksum",
];
const WINDOWS: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

/// The arguments of a call.
struct Arguments<'q> {
    exprs: Vec<&'q Expr>,
    star: bool,
    distinct: bool,
    order: &'q [OrderByExpr],
}

impl Translator<'_> {
    pub(super) fn function(&mut self, function: &Function) -> Result<Typed, SqlError> {
        let ident = self.single_name(&function.name)?;
        let (name, at) = (ident.value.to_lowercase(), ident.span);
        let mut arguments = self.arguments(function, at)?;
        self.refuse(function.null_treatment.is_some(), at, "`IGNORE NULLS`")?;
        if !function.within_group.is_empty() {
            self.refuse(name != "listagg", at, "`WITHIN GROUP`")?;
            arguments.order = &function.within_group;
        }
        let aggregate = AGGREGATES.contains(&name.as_str());
        let window = WINDOWS.contains(&name.as_str());
        if !aggregate && !window {
            self.refuse(
                function.filter.is_some() || function.over.is_some(),
                at,
                "`FILTER` or `OVER` of this function",
            )?;
            self.refuse(arguments.distinct || !arguments.order.is_empty() || arguments.star, at, "this call")?;
            return self.plain(&name, &arguments.exprs, at);
        }
        let over = match &function.over {
            Some(_) if arguments.distinct || name == "approx_distinct" => {
                return self.unsupported(at, &format!("`{name}` of distinct values with `OVER`"));
            }
            Some(over) => Some(self.over(over)?),
            None if window => return self.error(at, format!("function `{name}` needs `OVER`")),
            None => {
                self.begin_aggregate(&name, at)?;
                None
            }
        };
        let start = self.free.len();
        let value = self.aggregate(&name, &arguments, function.filter.as_deref(), over.as_deref(), at);
        if over.is_none() {
            let depth = self.levels.len();
            let mut index = 0;
            self.free.retain(|free| {
                index += 1;
                index <= start || free.level + 1 < depth
            });
            if let Some(level) = self.level() {
                level.in_aggregate = false;
            }
        }
        value
    }

    fn begin_aggregate(&mut self, name: &str, at: Span) -> Result<(), SqlError> {
        let Some(level) = self.level() else { return Ok(()) };
        let nested = level.in_aggregate;
        let place = level.no_aggregates;
        level.aggregates += 1;
        level.in_aggregate = true;
        match place {
            Some(place) => self.error(at, format!("aggregate `{name}` is not allowed {place}")),
            None if nested => self.error(at, format!("aggregate `{name}` is not allowed in an aggregate")),
            None => Ok(()),
        }
    }

    fn arguments<'q>(&self, function: &'q Function, at: Span) -> Result<Arguments<'q>, SqlError> {
        let mut arguments = Arguments { exprs: Vec::new(), star: false, distinct: false, order: &[] };
        let list = match &function.args {
            FunctionArguments::None => return Ok(arguments),
            FunctionArguments::Subquery(_) => return self.unsupported(at, "a query as an argument"),
            FunctionArguments::List(list) => list,
        };
        self.refuse(!matches!(function.parameters, FunctionArguments::None), at, "a parametric function")?;
        arguments.distinct = matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct));
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => arguments.exprs.push(expr),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => arguments.star = true,
                _ => return self.unsupported(at, "this form of argument"),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(order) => arguments.order = order,
                _ => return self.unsupported(at, "this clause of a call"),
            }
        }
        Ok(arguments)
    }

    /// Functions whose arguments are not all evaluated, and those without arguments.
    fn plain(&mut self, name: &str, exprs: &[&Expr], at: Span) -> Result<Typed, SqlError> {
        let now = self.context.now;
        let day = (now.div_euclid(86_400_000)).to_string();
        match (name, exprs) {
            ("now" | "current_timestamp", []) => return Ok(Typed::new(now.to_string(), Type::Zoned("UTC".to_owned()))),
            ("localtimestamp", []) => return Ok(Typed::new(now.to_string(), Type::Timestamp)),
            ("current_date", []) => return Ok(Typed::new(day, Type::Date)),
            ("current_timezone", []) => return Ok(Typed::new("'UTC'", Type::Varchar)),
            ("if", [condition, values @ ..]) if (1..=2).contains(&values.len()) => {
                let condition = self.truth(condition)?;
                let values = values.iter().map(|value| self.expr(value)).collect::<Result<Vec<_>, _>>()?;
                let spans: Vec<_> = values.iter().map(|value| (value, at)).collect();
                let ty = self.common(&spans, "`if`")?;
                let values: Vec<_> = values.iter().map(|v| v.coerce(&ty).unwrap_or_else(|| v.sql.clone())).collect();
                let otherwise = values.get(1).map_or("null", String::as_str);
                let then = values.first().map_or("null", String::as_str);
                return Ok(Typed::new(format!("(case when {condition} then {then} else {otherwise} end)"), ty));
            }
            ("grouping", exprs) => {
                let mut bits = 0u32;
                for expr in exprs {
                    let nulled = self.level().map(|level| std::mem::take(&mut level.nulled)).unwrap_or_default();
                    let value = self.expr(expr);
                    bits = bits * 2 + u32::from(value.as_ref().is_ok_and(|value| nulled.contains(&value.sql)));
                    if let Some(level) = self.level() {
                        level.nulled = nulled;
                    }
                    value?;
                }
                return Ok(Typed::new(bits.to_string(), Type::Bigint));
            }
            ("from_unixtime", [seconds, zone]) => {
                let zone = self.zone_literal(zone)?;
                let seconds = self.expr(seconds)?;
                let value = self.scalar("from_unixtime", &[seconds], at)?;
                return Ok(Typed::new(value.sql, Type::Zoned(zone)));
            }
            ("with_timezone" | "at_timezone", [time, zone]) => {
                let (time, zone) = (self.expr(time)?, self.zone_literal(zone)?);
                self.refuse(
                    name == "with_timezone" || !matches!(time.ty, Type::Timestamp | Type::Zoned(_)),
                    at,
                    "this call",
                )?;
                return Ok(Typed::new(time.sql, Type::Zoned(zone)));
            }
            _ => {}
        }
        let values = exprs.iter().map(|expr| self.expr(expr)).collect::<Result<Vec<_>, _>>()?;
        self.scalar(name, &values, at)
    }

    fn aggregate(
        &mut self,
        name: &str,
        arguments: &Arguments<'_>,
        filter: Option<&Expr>,
        over: Option<&str>,
        at: Span,
    ) -> Result<Typed, SqlError> {
        let values = arguments.exprs.iter().map(|expr| self.expr(expr)).collect::<Result<Vec<_>, _>>()?;
        let mut filters = Vec::new();
        if let Some(filter) = filter {
            filters.push(self.truth(filter)?);
        }
        let order = if arguments.order.is_empty() { String::new() } else { self.order_by(arguments.order, &[])? };
        let distinct = if arguments.distinct { "distinct " } else { "" };
        let sql: Vec<_> = values.iter().map(|value| value.sql.clone()).collect();
        let first = sql.first().cloned().unwrap_or_default();
        let ty = values.first().map_or(Type::Bigint, |value| value.ty.clone());
        let wrong = || {
            let types: Vec<_> = values.iter().map(|value| value.ty.to_string()).collect();
            self.source.error(at, format!("wrong arguments of `{name}`: {}", types.join(", ")))
        };
        let boolean = |value: &Typed| matches!(value.ty, Type::Boolean | Type::Unknown);
        let (call, ty) = match (name, values.as_slice()) {
            ("count", []) => ("count(*)".to_owned(), Type::Bigint),
            ("count", [_]) => (format!("count({distinct}{first})"), Type::Bigint),
            ("count_if", [value]) if boolean(value) => {
                filters.push(first);
                ("count(*)".to_owned(), Type::Bigint)
            }
            ("approx_distinct", [_]) => (format!("count(distinct {first})"), Type::Bigint),
            ("sum", [value]) => match &value.ty {
                Type::Integer | Type::Bigint | Type::Unknown => (format!("sum({distinct}{first})"), Type::Bigint),
                Type::Days | Type::Double => (format!("sum({distinct}{first})"), ty),
                Type::Decimal(_, scale) => (format!("a_sum({distinct}{first})"), Type::Decimal(38, *scale)),
                _ => return Err(wrong()),
            },
            ("avg", [value]) => match &value.ty {
                Type::Integer | Type::Bigint | Type::Double => (format!("avg({distinct}{first})"), Type::Double),
                _ => match &value.ty {
                    Type::Decimal(..) => return self.decimal_average(&first, &ty, distinct, &filters, over),
                    _ => return Err(wrong()),
                },
            },
            ("min" | "max", [_]) => (format!("{name}({distinct}{first})"), ty),
            ("arbitrary" | "any_value", [_]) => (format!("min({first})"), ty),
            ("bool_and" | "every", [value]) if boolean(value) => (format!("min({first})"), Type::Boolean),
            ("bool_or", [value]) if boolean(value) => (format!("max({first})"), Type::Boolean),
            ("max_by" | "min_by", [_, key]) if over.is_none() => (format!("a_{name}({first}, {})", key.sql), ty),
            ("array_agg", [value]) if over.is_none() && !matches!(value.ty, Type::Decimal(..)) => {
                (format!("a_array({distinct}{first}{order})"), Type::Array(Box::new(ty)))
            }
            ("listagg", [value, by]) if value.ty == Type::Varchar && over.is_none() => {
                (format!("group_concat({first}, {}{order})", by.sql), Type::Varchar)
            }
            ("approx_percentile", [value, fraction]) if value.ty.is_number() && over.is_none() => {
                match fraction.coerce(&Type::Double) {
                    Some(fraction) => (format!("a_percentile({first}, {fraction})"), ty),
                    None => return Err(wrong()),
                }
            }
            ("stddev" | "stddev_samp" | "variance" | "var_samp", [value]) if over.is_none() => {
                let kind = if name.starts_with('s') { "a_stddev" } else { "a_variance" };
                match value.coerce(&Type::Double) {
                    Some(value) => (format!("{kind}({value})"), Type::Double),
                    None => return Err(wrong()),
                }
            }
            ("row_number" | "rank" | "dense_rank", []) => (format!("{name}()"), Type::Bigint),
            ("percent_rank" | "cume_dist", []) => (format!("{name}()"), Type::Double),
            ("ntile", [n]) if n.ty.is_whole() => (format!("ntile({first})"), Type::Bigint),
            ("lag" | "lead", [_] | [_, _]) => (format!("{name}({})", sql.join(", ")), ty),
            ("lag" | "lead", [_, offset, default]) => match default.coerce(&ty) {
                Some(default) => (format!("{name}({first}, {}, {default})", offset.sql), ty),
                None => return Err(wrong()),
            },
            ("first_value" | "last_value", [_]) | ("nth_value", [_, _]) => (format!("{name}({})", sql.join(", ")), ty),
            _ if over.is_some() && AGGREGATES.contains(&name) && name != "geometric_mean" && name != "checksum" => {
                return self.unsupported(at, &format!("function `{name}` with `OVER`, or with these arguments,"));
            }
            ("geometric_mean" | "checksum", _) => return self.unsupported(at, &format!("function `{name}`")),
            _ => return Err(wrong()),
        };
        Ok(Typed::new(format!("{call}{}", suffix(&filters, over)), ty))
    }

    fn decimal_average(
        &self,
        value: &str,
        ty: &Type,
        distinct: &str,
        filters: &[String],
        over: Option<&str>,
    ) -> Result<Typed, SqlError> {
        let suffix = suffix(filters, over);
        let count = format!("nullif(count({distinct}{value}){suffix}, 0)");
        let sql = format!("d_div(a_sum({distinct}{value}){suffix}, d_int({count}, 0, 38), 0)");
        Ok(Typed::new(sql, ty.clone()))
    }

    fn over(&mut self, over: &WindowType) -> Result<String, SqlError> {
        match over {
            WindowType::WindowSpec(spec) => self.window(spec),
            WindowType::NamedWindow(name) => {
                let named = self.levels.last().and_then(|level| level.windows.get(&name.value.to_lowercase())).cloned();
                match named {
                    Some(NamedWindowExpr::WindowSpec(spec)) => self.window(&spec),
                    _ => self.error(name.span, format!("unknown window `{name}`")),
                }
            }
        }
    }

    fn window(&mut self, spec: &WindowSpec) -> Result<String, SqlError> {
        if let Some(name) = &spec.window_name {
            return self.unsupported(name.span, "a window that refers to another");
        }
        let mut parts = Vec::new();
        if !spec.partition_by.is_empty() {
            let by = spec.partition_by.iter().map(|expr| self.expr(expr)).collect::<Result<Vec<_>, _>>()?;
            let by: Vec<_> = by.into_iter().map(|value| value.sql).collect();
            parts.push(format!("partition by {}", by.join(", ")));
        }
        if !spec.order_by.is_empty() {
            let mut terms = Vec::new();
            for term in &spec.order_by {
                terms.push(format!("{}{}", self.expr(&term.expr)?.sql, self.direction(term)?));
            }
            parts.push(format!("order by {}", terms.join(", ")));
        }
        if let Some(frame) = &spec.window_frame {
            parts.push(self.frame(frame)?);
        }
        Ok(parts.join(" "))
    }

    fn frame(&mut self, frame: &WindowFrame) -> Result<String, SqlError> {
        let start = self.bound(&frame.start_bound)?;
        let end = match &frame.end_bound {
            Some(bound) => self.bound(bound)?,
            None => "current row".to_owned(),
        };
        Ok(format!("{} between {start} and {end}", frame.units))
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> Result<String, SqlError> {
        let (amount, direction) = match bound {
            WindowFrameBound::CurrentRow => return Ok("current row".to_owned()),
            WindowFrameBound::Preceding(amount) => (amount, "preceding"),
            WindowFrameBound::Following(amount) => (amount, "following"),
        };
        let amount = match amount {
            None => "unbounded".to_owned(),
            Some(amount) => {
                let value = self.expr(amount)?;
                if !value.ty.is_whole() {
                    return self.unsupported(amount.span(), "a frame that is not a number of rows");
                }
                value.sql
            }
        };
        Ok(format!("{amount} {direction}"))
    }

    pub(super) fn unknown_function(&self, name: &str, at: Span) -> SqlError {
        let error = self.source.error(at, format!("function `{name}` is not supported"));
        let names = super::scalar::NAMES.iter().chain(&AGGREGATES).chain(&WINDOWS).copied();
        match similar(name, names) {
            Some(name) => error.help(format!("did you mean `{name}`?")),
            None => error,
        }
    }
}

fn suffix(filters: &[String], over: Option<&str>) -> String {
    let filter = if filters.is_empty() { String::new() } else { format!(" filter (where {})", filters.join(" and ")) };
    filter + &over.map(|over| format!(" over ({over})")).unwrap_or_default()
}
