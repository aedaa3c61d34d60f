//! `SELECT`: its columns, grouping, and the rule that grouped queries use columns in aggregates only.
//!
//! SQLite has no grouping sets: each becomes a query of its own, combined by `union all`.

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, OrderByExpr, Select, SelectFlavor, SelectItem, SelectItemQualifiedWildcardKind,
    Spanned,
};
use sqlparser::tokenizer::Span;

use super::query::{constant, ordinal};
use super::types::{Type, Typed};
use super::{Level, Output, Subquery, Translator};
use crate::data::error::SqlError;

/// The most grouping sets of a query.
const SETS: usize = 64;

/// An expression of the select list.
struct Item<'q> {
    name: String,
    expr: Source<'q>,
    span: Span,
}

enum Source<'q> {
    Expr(&'q Expr),
    Column(Typed),
}

impl Translator<'_> {
    pub(super) fn select(&mut self, select: &Select, order: &[OrderByExpr]) -> Result<Subquery, SqlError> {
        self.levels.push(Level::default());
        let translated = self.select_in_level(select, order);
        self.levels.pop();
        let depth = self.levels.len();
        self.free.retain(|free| free.level < depth);
        translated
    }

    fn refuse_clauses(&self, select: &Select) -> Result<(), SqlError> {
        let span = select.span();
        self.refuse(select.top.is_some(), span, "`TOP`")?;
        self.refuse(select.into.is_some(), span, "`SELECT INTO`")?;
        self.refuse(select.qualify.is_some(), span, "`QUALIFY`")?;
        self.refuse(!select.lateral_views.is_empty(), span, "`LATERAL VIEW`")?;
        self.refuse(!select.connect_by.is_empty(), span, "`CONNECT BY`")?;
        self.refuse(!matches!(select.flavor, SelectFlavor::Standard), span, "`FROM` before `SELECT`")?;
        let other = select.prewhere.is_some()
            || select.exclude.is_some()
            || select.select_modifiers.is_some()
            || select.value_table_mode.is_some()
            || !select.cluster_by.is_empty()
            || !select.distribute_by.is_empty()
            || !select.sort_by.is_empty();
        self.refuse(other, span, "a clause of this `SELECT`")
    }

    fn select_in_level(&mut self, select: &Select, order: &[OrderByExpr]) -> Result<Subquery, SqlError> {
        self.refuse_clauses(select)?;
        let distinct = match &select.distinct {
            None | Some(Distinct::All) => "",
            Some(Distinct::Distinct) => "distinct ",
            Some(Distinct::On(_)) => return self.unsupported(select.span(), "`DISTINCT ON`"),
        };
        let from = self.from(&select.from)?;
        let from = if from.is_empty() { from } else { format!(" from {from}") };
        let filter = match &select.selection {
            Some(filter) => format!(" where {}", self.condition(filter, "in `WHERE`")?),
            None => String::new(),
        };
        for window in &select.named_window {
            let (name, window) = (window.0.value.to_lowercase(), window.1.clone());
            if let Some(level) = self.level() {
                level.windows.insert(name, window);
            }
        }
        let items = self.items(select)?;
        let (groups, sets) = self.group_by(&select.group_by, &items)?;
        if let Some(level) = self.level() {
            level.groups.clone_from(&groups);
        }
        let mut queries = Vec::new();
        let mut columns = Vec::new();
        let several = sets.len() > 1;
        for set in &sets {
            let nulled = groups.iter().enumerate().filter(|(at, _)| !set.contains(at)).map(|(_, sql)| sql.clone());
            let nulled = nulled.collect();
            if let Some(level) = self.level() {
                level.nulled = nulled;
            }
            let start = self.free.len();
            let mut values = Vec::new();
            for item in &items {
                values.push(match &item.expr {
                    Source::Column(value) => value.clone(),
                    Source::Expr(expr) => self.expr(expr)?,
                });
            }
            let having = match &select.having {
                Some(having) => format!(" having {}", self.truth(having)?),
                None => String::new(),
            };
            if let Some(level) = self.level() {
                level.aliases = items.iter().map(|item| item.name.clone()).zip(values.iter().cloned()).collect();
            }
            let order = if several { String::new() } else { self.order_by(order, &values)? };
            if let Some(level) = self.level() {
                level.aliases.clear();
            }
            let grouped = !matches!(&select.group_by, GroupByExpr::Expressions(by, _) if by.is_empty())
                || self.level().is_some_and(|level| level.aggregates > 0);
            if grouped {
                self.check_grouping(start, &items, &values)?;
            } else if !having.is_empty() {
                return self.error(select.span(), "`HAVING` needs `GROUP BY` or an aggregate");
            }
            columns = items
                .iter()
                .zip(&values)
                .map(|(item, value)| Output { name: item.name.clone(), ty: value.ty.clone(), declared: value.declared })
                .collect();
            let fields: Vec<_> = values.iter().enumerate().map(|(at, v)| format!("{} as c{at}", v.sql)).collect();
            let by: Vec<_> = set.iter().filter_map(|at| groups.get(*at)).map(|sql| constant(sql.clone())).collect();
            let by = if by.is_empty() { String::new() } else { format!(" group by {}", by.join(", ")) };
            let fields = fields.join(", ");
            queries.push(format!("select {distinct}{fields}{from}{filter}{by}{having}{order}"));
        }
        let query = Subquery { sql: queries.join(" union all "), columns };
        if several { self.sorted(query, order) } else { Ok(query) }
    }

    fn items<'q>(&mut self, select: &'q Select) -> Result<Vec<Item<'q>>, SqlError> {
        let mut items = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = match expr {
                        Expr::Identifier(name) => name.value.clone(),
                        Expr::CompoundIdentifier(parts) => parts.last().map(|p| p.value.clone()).unwrap_or_default(),
                        _ => format!("_col{}", items.len()),
                    };
                    items.push(Item { name, expr: Source::Expr(expr), span: item.span() });
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let (name, span) = (alias.value.clone(), item.span());
                    items.push(Item { name, expr: Source::Expr(expr), span });
                }
                SelectItem::Wildcard(_) => self.wildcard(None, item.span(), &mut items)?,
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                    let table = self.single_name(name)?.value.clone();
                    self.wildcard(Some(&table), item.span(), &mut items)?;
                }
                _ => return self.unsupported(item.span(), "this form of column"),
            }
        }
        Ok(items)
    }

    fn wildcard<'q>(&mut self, table: Option<&str>, span: Span, items: &mut Vec<Item<'q>>) -> Result<(), SqlError> {
        let fields = self.level().map(|level| level.scope.all(table)).unwrap_or_default();
        if fields.is_empty() {
            let name =
                table.map_or("`*` requires a table in `FROM`".to_owned(), |table| format!("unknown table `{table}`"));
            return self.error(span, name);
        }
        items.extend(fields.into_iter().map(|field| Item {
            name: field.name,
            expr: Source::Column(field.value),
            span,
        }));
        Ok(())
    }

    /// The expressions of `GROUP BY`, and the grouping sets: positions of the expressions.
    fn group_by(&mut self, by: &GroupByExpr, items: &[Item<'_>]) -> Result<(Vec<String>, Vec<Vec<usize>>), SqlError> {
        let GroupByExpr::Expressions(terms, modifiers) = by else {
            return self.unsupported(by.span(), "`GROUP BY ALL`");
        };
        self.refuse(!modifiers.is_empty(), by.span(), "a modifier of `GROUP BY`")?;
        let mut groups = Vec::new();
        let mut sets = vec![Vec::new()];
        for term in terms {
            let alternatives = match term {
                Expr::GroupingSets(sets) => self.group_sets(sets, items, &mut groups)?,
                Expr::Rollup(parts) => {
                    let parts = self.group_sets(parts, items, &mut groups)?;
                    (0..=parts.len()).rev().map(|n| parts.iter().take(n).flatten().copied().collect()).collect()
                }
                Expr::Cube(parts) => {
                    self.refuse(parts.len() > 6, term.span(), "a cube of more than 6 columns")?;
                    let parts = self.group_sets(parts, items, &mut groups)?;
                    let chosen = |mask: u32| parts.iter().enumerate().filter(move |(at, _)| mask & (1 << at) != 0);
                    let masks = (0..1u32 << parts.len()).rev();
                    masks.map(|mask| chosen(mask).flat_map(|(_, part)| part).copied().collect()).collect()
                }
                Expr::Tuple(parts) => self.group_sets(std::slice::from_ref(parts), items, &mut groups)?,
                term => vec![vec![self.group(term, items, &mut groups)?]],
            };
            self.refuse(sets.len() * alternatives.len() > SETS, term.span(), "`GROUP BY` with so many sets")?;
            let extend = |set: &Vec<usize>| {
                let set = set.clone();
                alternatives.iter().map(move |more: &Vec<usize>| [set.as_slice(), more.as_slice()].concat())
            };
            sets = sets.iter().flat_map(extend).collect();
        }
        Ok((groups, sets))
    }

    fn group_sets(
        &mut self,
        sets: &[Vec<Expr>],
        items: &[Item<'_>],
        groups: &mut Vec<String>,
    ) -> Result<Vec<Vec<usize>>, SqlError> {
        sets.iter().map(|set| set.iter().map(|term| self.group(term, items, groups)).collect()).collect()
    }

    fn group(&mut self, term: &Expr, items: &[Item<'_>], groups: &mut Vec<String>) -> Result<usize, SqlError> {
        let start = self.free.len();
        if let Some(level) = self.level() {
            level.no_aggregates = Some("in `GROUP BY`");
        }
        let value = match ordinal(term) {
            None => self.expr(term),
            Some(at) => match at.checked_sub(1).and_then(|at| items.get(at)).map(|item| &item.expr) {
                Some(Source::Expr(expr)) => self.expr(expr),
                Some(Source::Column(value)) => Ok(value.clone()),
                None => self.error(term.span(), format!("`GROUP BY {at}`: there are {} columns", items.len())),
            },
        };
        if let Some(level) = self.level() {
            level.no_aggregates = None;
        }
        let sql = value?.sql;
        self.free.truncate(start);
        Ok(groups.iter().position(|group| *group == sql).unwrap_or_else(|| {
            groups.push(sql);
            groups.len() - 1
        }))
    }

    /// Reports columns that are neither grouped by nor in an aggregate.
    fn check_grouping(&mut self, start: usize, items: &[Item<'_>], values: &[Typed]) -> Result<(), SqlError> {
        let level = self.levels.len() - 1;
        let ungrouped = self.free.iter().skip(start).find(|free| free.level == level);
        let (name, span) = match ungrouped {
            Some(free) => (free.name.clone(), free.span),
            None => {
                let groups = self.levels.last().map(|level| level.groups.as_slice()).unwrap_or_default();
                let mut stars = items.iter().zip(values).filter(|(item, _)| matches!(item.expr, Source::Column(_)));
                match stars.find(|(_, value)| !groups.contains(&value.sql)) {
                    Some((item, _)) => (item.name.clone(), item.span),
                    None => return Ok(()),
                }
            }
        };
        let error = self.source.error(span, format!("column `{name}` is neither grouped by nor in an aggregate"));
        Err(error.help(format!("add `{name}` to `GROUP BY`")))
    }

    /// A condition that may have no aggregates.
    pub(super) fn condition(&mut self, expr: &Expr, place: &'static str) -> Result<String, SqlError> {
        if let Some(level) = self.level() {
            level.no_aggregates = Some(place);
        }
        let start = self.free.len();
        let condition = self.truth(expr);
        let level = self.levels.len() - 1;
        let mut at = 0;
        // Columns of this level are no matter of grouping here.
        self.free.retain(|free| {
            at += 1;
            at <= start || free.level != level
        });
        if let Some(level) = self.level() {
            level.no_aggregates = None;
        }
        condition
    }

    /// A boolean expression.
    pub(super) fn truth(&mut self, expr: &Expr) -> Result<String, SqlError> {
        let value = self.expr(expr)?;
        match value.ty {
            Type::Boolean | Type::Unknown => Ok(value.sql),
            ty => self.error(expr.span(), format!("expected a boolean, found {ty}")),
        }
    }

    /// A subquery with one column.
    pub(super) fn one_column(&mut self, query: &sqlparser::ast::Query) -> Result<(String, Type), SqlError> {
        let span = query.span();
        let subquery = self.query(query)?;
        match subquery.columns.as_slice() {
            [column] => Ok((subquery.sql, column.ty.clone())),
            columns => self.error(span, format!("expected a query with one column, found {}", columns.len())),
        }
    }
}
