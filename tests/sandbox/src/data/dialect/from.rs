//! `FROM`: tables, subqueries, joins and `unnest`, and the names that they bring into scope.
//!
//! Every relation gets a name of its own, so that names of the query cannot clash.

use sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Spanned, TableAlias, TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::types::{Type, Typed, quote};
use super::{Free, Output, Translator};
use crate::data::error::{SqlError, similar};
use crate::data::schema::Rows;
use crate::data::table::ColumnType;

/// The names that expressions can use.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) relations: Vec<Relation>,
    /// Columns that `USING` has merged.
    merged: Vec<Field>,
}

/// A table, or what stands for one.
pub(super) struct Relation {
    name: Option<String>,
    pub(super) fields: Vec<Field>,
}

/// A column of a relation.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: Typed,
    merged: bool,
}

impl Field {
    fn new(name: &str, sql: String, ty: Type, declared: ColumnType) -> Field {
        Field { name: name.to_owned(), value: Typed { sql, ty, declared }, merged: false }
    }
}

/// The relation of a subquery that SQLite knows as `alias`.
pub(super) fn relation(name: Option<String>, alias: &str, columns: &[Output]) -> Relation {
    let fields = columns
        .iter()
        .enumerate()
        .map(|(at, column)| Field::new(&column.name, format!("{alias}.c{at}"), column.ty.clone(), column.declared));
    Relation { name, fields: fields.collect() }
}

impl Scope {
    fn find<'s>(&'s self, table: Option<&'s str>, name: &'s str) -> impl Iterator<Item = &'s Field> {
        let relations = self.relations.iter().filter(move |relation| match table {
            Some(table) => relation.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(table)),
            None => true,
        });
        let fields = relations.flat_map(|relation| &relation.fields);
        let fields = fields.filter(move |field| table.is_some() || !field.merged);
        let merged = self.merged.iter().filter(move |_| table.is_none());
        merged.chain(fields).filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// The columns of `*`, or of `table.*`.
    pub(super) fn all(&self, table: Option<&str>) -> Vec<Field> {
        let merged = self.merged.iter().filter(|_| table.is_none());
        let relations = self.relations.iter().filter(|relation| {
            table.is_none_or(|table| relation.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(table)))
        });
        let fields = relations.flat_map(|relation| &relation.fields);
        merged.chain(fields.filter(|field| table.is_some() || !field.merged)).cloned().collect()
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.tables().any(|name| name.eq_ignore_ascii_case(table))
    }

    fn tables(&self) -> impl Iterator<Item = &str> {
        self.relations.iter().filter_map(|relation| relation.name.as_deref())
    }
}

impl Translator<'_> {
    /// Finds a column, in the innermost query that has one of its name.
    pub(super) fn column(&mut self, table: Option<&Ident>, name: &Ident, span: Span) -> Result<Typed, SqlError> {
        let table_name = table.map(|table| table.value.as_str());
        for (level, scope) in self.levels.iter().map(|level| &level.scope).enumerate().rev() {
            let mut found = scope.find(table_name, &name.value);
            if let Some(field) = found.next() {
                if found.next().is_some() {
                    let help = "name the table, as in `table.column`";
                    return Err(self.source.error(span, format!("column `{name}` is ambiguous")).help(help));
                }
                self.free.push(Free { level, name: field.name.clone(), span });
                return Ok(field.value.clone());
            }
        }
        let scopes = || self.levels.iter().rev().map(|level| &level.scope);
        if let Some(table) = table
            && !scopes().any(|scope| scope.has(&table.value))
        {
            let error = self.source.error(table.span, format!("unknown table `{table}`"));
            let similar = similar(&table.value, scopes().flat_map(Scope::tables));
            return Err(match similar {
                Some(name) => error.help(format!("did you mean `{name}`?")),
                None => error.help("add it to `FROM`"),
            });
        }
        let error = self.source.error(name.span, format!("unknown column `{name}`"));
        let fields: Vec<_> = scopes().flat_map(|scope| scope.all(table_name)).map(|field| field.name).collect();
        Err(match similar(&name.value, fields.iter().map(String::as_str)) {
            Some(name) => error.help(format!("did you mean `{name}`?")),
            None => error,
        })
    }

    pub(super) fn from(&mut self, from: &[TableWithJoins]) -> Result<String, SqlError> {
        let mut sql = String::new();
        for (at, table) in from.iter().enumerate() {
            if at > 0 {
                sql.push_str(" join ");
            }
            sql.push_str(&self.factor(&table.relation)?);
            for join in &table.joins {
                let outer = matches!(
                    join.join_operator,
                    JoinOperator::Right(_) | JoinOperator::RightOuter(_) | JoinOperator::FullOuter(_)
                );
                self.refuse(outer && at > 0, join.span(), "an outer join after a comma")?;
                sql.push_str(&self.join(join)?);
            }
        }
        Ok(sql)
    }

    fn join(&mut self, join: &Join) -> Result<String, SqlError> {
        let span = join.relation.span();
        let (kind, constraint) = match &join.join_operator {
            JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => ("join", constraint),
            JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => ("left join", constraint),
            JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => ("right join", constraint),
            JoinOperator::FullOuter(constraint) => ("full join", constraint),
            JoinOperator::CrossJoin(constraint) => ("cross join", constraint),
            _ => return self.unsupported(span, "this kind of join"),
        };
        let table = self.factor(&join.relation)?;
        let on = match constraint {
            JoinConstraint::On(condition) => {
                let condition = self.condition(condition, "in `ON`")?;
                format!(" on {condition}")
            }
            JoinConstraint::Using(columns) => format!(" on {}", self.using(kind, columns)?),
            JoinConstraint::None if kind == "cross join" => String::new(),
            JoinConstraint::None => return self.error(span, "a join needs `ON` or `USING`"),
            _ => return self.unsupported(span, "a natural join"),
        };
        Ok(format!(" {kind} {table}{on}"))
    }

    /// Joins the last relation with those before it by columns of the same name.
    fn using(&mut self, kind: &str, columns: &[ObjectName]) -> Result<String, SqlError> {
        let mut conditions = Vec::new();
        for column in columns {
            let name = self.single_name(column)?.clone();
            let Some(scope) = self.level().map(|level| &mut level.scope) else { continue };
            let right = scope.relations.pop();
            let field = right.iter().flat_map(|right| &right.fields).find(|f| f.name.eq_ignore_ascii_case(&name.value));
            let field = field.cloned();
            let left = self.column(None, &name, name.span);
            let Some(scope) = self.level().map(|level| &mut level.scope) else { continue };
            scope.relations.extend(right);
            let Some(right) = field else {
                return self.error(name.span, format!("unknown column `{name}` in the joined table"));
            };
            let left = left?;
            let equal = self.compare(&left, "=", &right.value, &|| name.span)?;
            conditions.push(equal.sql);
            let value = match kind {
                "right join" => right.value.clone(),
                "full join" => {
                    let sql = format!("coalesce({}, {})", left.sql, right.value.sql);
                    Typed { sql, ..left }
                }
                _ => left,
            };
            let Some(scope) = self.level().map(|level| &mut level.scope) else { continue };
            scope.merged.retain(|field| !field.name.eq_ignore_ascii_case(&name.value));
            for field in scope.relations.iter_mut().flat_map(|relation| &mut relation.fields) {
                field.merged |= field.name.eq_ignore_ascii_case(&name.value);
            }
            scope.merged.push(Field { name: name.value.to_lowercase(), value, merged: false });
        }
        Ok(conditions.join(" and "))
    }

    pub(super) fn single_name<'n>(&self, name: &'n ObjectName) -> Result<&'n Ident, SqlError> {
        match name.0.as_slice() {
            [part] if part.as_ident().is_some() => match part.as_ident() {
                Some(name) => Ok(name),
                None => self.unsupported(name.span(), "this name"),
            },
            _ => self.error(name.span(), format!("unknown name `{name}`")),
        }
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<String, SqlError> {
        let span = factor.span();
        self.nested(span, |this| match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                with_hints,
                version: None,
                with_ordinality: false,
                partitions,
                json_path: None,
                sample: None,
                index_directives,
                inheritance: None,
            } if with_hints.is_empty() && partitions.is_empty() && index_directives.is_empty() => {
                this.table(name, alias.as_ref())
            }
            TableFactor::Derived { lateral: false, subquery, alias, sample: None } => {
                let subquery = this.query(subquery)?;
                let sql_alias = this.name();
                let sql = format!("({}) as {sql_alias}", subquery.sql);
                this.bring(None, &sql_alias, subquery.columns, alias.as_ref())?;
                Ok(sql)
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset: false, with_ordinality, .. } => {
                this.unnest(array_exprs, alias.as_ref(), *with_ordinality, span)
            }
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                Ok(format!("({})", this.from(std::slice::from_ref(table_with_joins))?))
            }
            TableFactor::Table { sample: Some(_), .. } => this.unsupported(span, "`TABLESAMPLE`"),
            _ => this.unsupported(span, &format!("`{}` in `FROM`", first_word(factor))),
        })
    }

    /// Adds a relation to the scope, with the names that its alias gives.
    fn bring(
        &mut self,
        name: Option<String>,
        sql_alias: &str,
        mut columns: Vec<Output>,
        alias: Option<&TableAlias>,
    ) -> Result<(), SqlError> {
        if let Some(alias) = alias {
            if !alias.columns.is_empty() && alias.columns.len() != columns.len() {
                let message = format!(
                    "`{}` has {} columns, and {} names for them",
                    alias.name.value,
                    columns.len(),
                    alias.columns.len()
                );
                return self.error(alias.name.span, message);
            }
            for (column, name) in columns.iter_mut().zip(&alias.columns) {
                column.name.clone_from(&name.name.value);
            }
        }
        let relation = relation(alias.map(|alias| alias.name.value.clone()).or(name), sql_alias, &columns);
        let Some(level) = self.level() else { return Ok(()) };
        if let Some(name) = &relation.name
            && level.scope.has(name)
        {
            let span = alias.map_or(Span::empty(), |alias| alias.name.span);
            return self.error(span, format!("`FROM` has two tables with the name `{name}`"));
        }
        level.scope.relations.push(relation);
        Ok(())
    }

    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Result<String, SqlError> {
        let ident = self.single_name(name)?;
        let sql_alias = self.name();
        if let Some(cte) = self.ctes.iter().rev().find(|cte| cte.name.eq_ignore_ascii_case(&ident.value)) {
            let (sql, columns) = (format!("{} as {sql_alias}", cte.alias), cte.columns.clone());
            self.bring(Some(ident.value.clone()), &sql_alias, columns, alias)?;
            return Ok(sql);
        }
        let schemas = self.context.schemas;
        let Some(schema) = schemas.iter().find(|schema| schema.name.eq_ignore_ascii_case(&ident.value)) else {
            let error = self.source.error(ident.span, format!("unknown table `{ident}`"));
            let names = schemas.iter().map(|schema| schema.name.as_str());
            return Err(match similar(&ident.value, names.chain(self.ctes.iter().map(|cte| cte.name.as_str()))) {
                Some(name) => error.help(format!("did you mean `{name}`?")),
                None => error,
            });
        };
        let columns: Vec<Output> = schema
            .columns
            .iter()
            .map(|column| Output {
                name: column.name.clone(),
                ty: Type::declared(column.column_type, column.scale),
                declared: column.column_type,
            })
            .collect();
        let names: Vec<_> =
            schema.columns.iter().enumerate().map(|(at, c)| format!("\"{}\" as c{at}", c.name)).collect();
        let rows = match schema.rows {
            Rows::All => String::new(),
            Rows::Own => format!(" where \"account\" = {}", quote(self.context.account)),
            Rows::Connected => {
                let accounts: Vec<_> = self.context.connected.iter().map(|account| quote(account)).collect();
                format!(" where \"account\" in ({})", accounts.join(", "))
            }
        };
        let sql = format!("(select {} from \"{}\"{rows}) as {sql_alias}", names.join(", "), schema.source);
        self.bring(Some(schema.name.clone()), &sql_alias, columns, alias)?;
        Ok(sql)
    }

    fn unnest(
        &mut self,
        arrays: &[Expr],
        alias: Option<&TableAlias>,
        ordinality: bool,
        span: Span,
    ) -> Result<String, SqlError> {
        let [array] = arrays else { return self.unsupported(span, "`unnest` of several arrays") };
        let array = self.expr(array)?;
        let Type::Array(of) = array.ty else {
            return self.error(span, format!("`unnest` expects an array, found {}", array.ty));
        };
        let sql_alias = self.name();
        let output = |name: &str, ty| Output { name: name.to_owned(), ty, declared: ColumnType::Varchar };
        let mut columns = vec![output("_col0", *of)];
        columns.extend(ordinality.then(|| output("_col1", Type::Bigint)));
        // `json_each` has columns of its own; the fields are renamed below.
        self.bring(None, &sql_alias, columns, alias)?;
        if let Some(relation) = self.level().and_then(|level| level.scope.relations.last_mut()) {
            for (field, sql) in relation.fields.iter_mut().zip(["value", "key + 1"]) {
                let value = format!("{sql_alias}.{sql}");
                field.value.sql = if sql == "value" { value } else { format!("({value})") };
            }
        }
        Ok(format!("json_each({}) as {sql_alias}", array.sql))
    }
}

fn first_word(factor: &TableFactor) -> String {
    factor.to_string().split(['(', ' ']).next().unwrap_or_default().to_lowercase()
}
