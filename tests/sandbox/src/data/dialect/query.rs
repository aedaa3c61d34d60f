//! Queries: `WITH`, set operations, `VALUES`, `ORDER BY` and `LIMIT` around the `SELECT`s.
//!
//! The columns of every query are named `c0`, `c1`, … in SQLite.

use sqlparser::ast::{
    Expr, LimitClause, OrderByExpr, OrderByKind, OrderBySort, Query, SetExpr, SetOperator, SetQuantifier, Spanned,
    Value, Values,
};
use sqlparser::tokenizer::Span;

use super::from::relation;
use super::types::{Type, Typed};
use super::{Cte, Level, Output, Subquery, Translator};
use crate::data::error::SqlError;
use crate::data::table::ColumnType;

impl Translator<'_> {
    pub(super) fn query(&mut self, query: &Query) -> Result<Subquery, SqlError> {
        let span = query.span();
        self.nested(span, |this| {
            let ctes = this.ctes.len();
            let translated = this.query_with_ctes(query);
            this.ctes.truncate(ctes);
            translated
        })
    }

    fn query_with_ctes(&mut self, query: &Query) -> Result<Subquery, SqlError> {
        let span = query.body.span();
        self.refuse(!query.locks.is_empty() || query.for_clause.is_some(), span, "`FOR`")?;
        self.refuse(query.settings.is_some() || query.format_clause.is_some(), span, "`SETTINGS` or `FORMAT`")?;
        self.refuse(!query.pipe_operators.is_empty(), span, "a pipe operator")?;
        let mut with = Vec::new();
        if let Some(clause) = &query.with {
            self.refuse(clause.recursive, clause.span(), "`WITH RECURSIVE`")?;
            for cte in &clause.cte_tables {
                let name = &cte.alias.name;
                self.refuse(cte.from.is_some() || cte.materialized.is_some(), name.span, "this form of `WITH`")?;
                let mut subquery = self.query(&cte.query)?;
                if !cte.alias.columns.is_empty() && cte.alias.columns.len() != subquery.columns.len() {
                    let (columns, names) = (subquery.columns.len(), cte.alias.columns.len());
                    return self
                        .error(name.span, format!("`{name}` has {columns} columns, and {names} names for them"));
                }
                for (column, alias) in subquery.columns.iter_mut().zip(&cte.alias.columns) {
                    column.name.clone_from(&alias.name.value);
                }
                let alias = self.name();
                with.push(format!("{alias} as ({})", subquery.sql));
                self.ctes.push(Cte { name: name.value.clone(), alias, columns: subquery.columns });
            }
        }
        let order = match &query.order_by {
            None => [].as_slice(),
            Some(order) => match &order.kind {
                OrderByKind::Expressions(order) => order.as_slice(),
                OrderByKind::All(_) => return self.unsupported(order.span(), "`ORDER BY ALL`"),
            },
        };
        let limit = self.limit(query)?;
        let mut translated = match &*query.body {
            SetExpr::Select(select) => self.select(select, order)?,
            body => {
                let body = self.set(body)?;
                self.sorted(body, order)?
            }
        };
        let with = if with.is_empty() { String::new() } else { format!("with {} ", with.join(", ")) };
        translated.sql = format!("{with}{}{limit}", translated.sql);
        Ok(translated)
    }

    /// A query whose `ORDER BY` sees the columns of the result only.
    pub(super) fn sorted(&mut self, body: Subquery, order: &[OrderByExpr]) -> Result<Subquery, SqlError> {
        if order.is_empty() {
            return Ok(body);
        }
        let alias = self.name();
        let mut level = Level::default();
        level.scope.relations.push(relation(None, &alias, &body.columns));
        self.levels.push(level);
        let fields = body.columns.iter().enumerate().map(|(at, column)| Typed {
            sql: format!("{alias}.c{at}"),
            ty: column.ty.clone(),
            declared: column.declared,
        });
        let fields: Vec<_> = fields.collect();
        let order = self.order_by(order, &fields);
        self.levels.pop();
        let depth = self.levels.len();
        self.free.retain(|free| free.level < depth);
        let columns: Vec<_> = (0..body.columns.len()).map(|at| format!("{alias}.c{at} as c{at}")).collect();
        let sql = format!("select {} from ({}) as {alias}{}", columns.join(", "), body.sql, order?);
        Ok(Subquery { sql, columns: body.columns })
    }

    /// `ORDER BY`; a number stands for one of `items`.
    pub(super) fn order_by(&mut self, order: &[OrderByExpr], items: &[Typed]) -> Result<String, SqlError> {
        let mut terms = Vec::new();
        for term in order {
            self.refuse(term.with_fill.is_some(), term.span(), "`WITH FILL`")?;
            let value = match ordinal(&term.expr) {
                Some(at) => match at.checked_sub(1).and_then(|at| items.get(at)) {
                    Some(_) => at.to_string(),
                    None => {
                        return self
                            .error(term.expr.span(), format!("`ORDER BY {at}`: there are {} columns", items.len()));
                    }
                },
                None => constant(self.expr(&term.expr)?.sql),
            };
            terms.push(format!("{value}{}", self.direction(term)?));
        }
        Ok(if terms.is_empty() { String::new() } else { format!(" order by {}", terms.join(", ")) })
    }

    /// The direction of a term; nulls are last, in both directions.
    pub(super) fn direction(&self, term: &OrderByExpr) -> Result<&'static str, SqlError> {
        let descending = match &term.options.sort {
            None | Some(OrderBySort::Asc) => false,
            Some(OrderBySort::Desc) => true,
            Some(OrderBySort::Using(_)) => return self.unsupported(term.span(), "`ORDER BY … USING`"),
        };
        Ok(match (descending, term.options.nulls_first.unwrap_or(false)) {
            (false, false) => " asc nulls last",
            (false, true) => " asc nulls first",
            (true, false) => " desc nulls last",
            (true, true) => " desc nulls first",
        })
    }

    fn limit(&self, query: &Query) -> Result<String, SqlError> {
        let number = |expr: &Expr| match expr {
            Expr::Value(value) => match &value.value {
                Value::Number(number, _) if number.parse::<u32>().is_ok() => Ok(number.clone()),
                _ => self.error(value.span, "`LIMIT` and `OFFSET` expect a number"),
            },
            other => self.error(other.span(), "`LIMIT` and `OFFSET` expect a number"),
        };
        let (mut limit, mut offset) = (None, None);
        match &query.limit_clause {
            None => {}
            Some(LimitClause::LimitOffset { limit: most, offset: first, limit_by }) if limit_by.is_empty() => {
                limit = most.as_ref().map(number).transpose()?;
                offset = first.as_ref().map(|offset| number(&offset.value)).transpose()?;
            }
            Some(_) => return self.unsupported(query.body.span(), "this form of `LIMIT`"),
        }
        if let Some(fetch) = &query.fetch {
            self.refuse(fetch.with_ties || fetch.percent, query.body.span(), "`FETCH … WITH TIES` or `PERCENT`")?;
            limit = Some(fetch.quantity.as_ref().map_or(Ok("1".to_owned()), number)?);
        }
        Ok(match (limit, offset) {
            (None, None) => String::new(),
            (limit, None) => format!(" limit {}", limit.unwrap_or_default()),
            (limit, Some(offset)) => format!(" limit {} offset {offset}", limit.unwrap_or("-1".to_owned())),
        })
    }

    fn set(&mut self, body: &SetExpr) -> Result<Subquery, SqlError> {
        let span = body.span();
        self.nested(span, |this| match body {
            SetExpr::Select(select) => this.select(select, &[]),
            SetExpr::Query(query) => this.query(query),
            SetExpr::Values(values) => this.values(values, span),
            SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let left = this.set(left)?;
                let operator = match (op, set_quantifier) {
                    (SetOperator::Union, SetQuantifier::All) => "union all",
                    (SetOperator::Union, SetQuantifier::None | SetQuantifier::Distinct) => "union",
                    (SetOperator::Intersect, SetQuantifier::None | SetQuantifier::Distinct) => "intersect",
                    (SetOperator::Except, SetQuantifier::None | SetQuantifier::Distinct) => "except",
                    _ => return this.unsupported(right.span(), &format!("`{op} {set_quantifier}`")),
                };
                let right_span = right.span();
                let right = this.set(right)?;
                this.combine(left, operator, right, right_span)
            }
            SetExpr::Table(_) => this.unsupported(span, "`TABLE`"),
            _ => this.unsupported(span, "a statement that writes"),
        })
    }

    fn combine(&mut self, left: Subquery, operator: &str, right: Subquery, span: Span) -> Result<Subquery, SqlError> {
        if left.columns.len() != right.columns.len() {
            let (l, r) = (left.columns.len(), right.columns.len());
            return self.error(span, format!("`{}`: the queries have {l} and {r} columns", operator.to_uppercase()));
        }
        let mut columns = Vec::new();
        for (l, r) in left.columns.iter().zip(&right.columns) {
            let Some(ty) = l.ty.common(&r.ty) else {
                let message = format!("`{}`: column `{}` is {} and {}", operator.to_uppercase(), l.name, l.ty, r.ty);
                return self.error(span, message);
            };
            let declared = if l.declared == r.declared { l.declared } else { ColumnType::Varchar };
            columns.push(Output { name: l.name.clone(), ty, declared });
        }
        let side = |side: &Subquery| {
            let fields = side.columns.iter().zip(&columns).enumerate().map(|(at, (from, to))| {
                let value = Typed::new(format!("c{at}"), from.ty.clone());
                format!("{} as c{at}", value.coerce(&to.ty).unwrap_or(value.sql.clone()))
            });
            format!("select {} from ({})", fields.collect::<Vec<_>>().join(", "), side.sql)
        };
        let sql = format!("{} {operator} {}", side(&left), side(&right));
        Ok(Subquery { sql, columns })
    }

    fn values(&mut self, values: &Values, span: Span) -> Result<Subquery, SqlError> {
        let mut rows: Vec<Vec<Typed>> = Vec::new();
        for row in &values.rows {
            rows.push(row.content.iter().map(|value| self.expr(value)).collect::<Result<_, _>>()?);
        }
        let width = rows.first().map_or(0, Vec::len);
        if rows.iter().any(|row| row.len() != width) {
            return self.error(span, "the rows of `VALUES` have different lengths");
        }
        let mut types = vec![Type::Unknown; width];
        for value in &rows {
            for (ty, value) in types.iter_mut().zip(value) {
                match ty.common(&value.ty) {
                    Some(common) => *ty = common,
                    None => return self.error(span, format!("a column of `VALUES` is {ty} and {}", value.ty)),
                }
            }
        }
        let row = |row: &Vec<Typed>| {
            let cells = row.iter().zip(&types).map(|(value, ty)| value.coerce(ty).unwrap_or(value.sql.clone()));
            format!("({})", cells.collect::<Vec<_>>().join(", "))
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        let names: Vec<_> = (0..width).map(|at| format!("column{} as c{at}", at + 1)).collect();
        let sql = format!("select {} from (values {})", names.join(", "), rows.join(", "));
        let column = |(at, ty)| Output { name: format!("_col{at}"), ty, declared: ColumnType::Varchar };
        Ok(Subquery { sql, columns: types.into_iter().enumerate().map(column).collect() })
    }
}

/// The number of a column that stands for it in `GROUP BY` and `ORDER BY`.
pub(super) fn ordinal(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// An expression that SQLite does not take for the number of a column.
pub(super) fn constant(sql: String) -> String {
    if sql.bytes().all(|byte| byte.is_ascii_digit()) { format!("({sql} + 0)") } else { sql }
}
