//! Expressions.

use sqlparser::ast::{
    AccessExpr, Array, BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, DateTimeField,
    Expr, Ident, InTarget, Interval, ObjectName, SearchModifier, Subscript, TrimWhereField,
    TypedString, UnaryOperator,
};

use super::error::{Forbidden, Refusal, construct};
use super::names::parts;
use super::scope::Scope;
use super::text::Text;
use super::writer::Writer;
use super::{Syntax, functions, types};

impl Writer<'_> {
    /// Writes an expression. Its parts stand as the statement has them, so that the database
    /// binds them as its author meant; what they are does not depend on that.
    pub(super) fn expression(
        &mut self,
        expr: &Expr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.deeper(|writer| writer.expression_of(expr, scope, out))
    }

    /// Writes expressions with commas between them.
    pub(super) fn list(
        &mut self,
        list: &[Expr],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        for (at, expr) in list.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            self.expression(expr, scope, out)?;
        }
        Ok(())
    }

    fn expression_of(
        &mut self,
        expr: &Expr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        match expr {
            Expr::Identifier(name) => match self.place_of(name) {
                Some(place) => return self.place(place, &name.value, out),
                None => self.column(&[name], scope, out)?,
            },
            Expr::CompoundIdentifier(names) => {
                self.column(&names.iter().collect::<Vec<_>>(), scope, out)?;
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                return self.access(root, access_chain, scope, out);
            }
            Expr::IsFalse(expr) => return self.postfix(expr, " IS FALSE", scope, out),
            Expr::IsNotFalse(expr) => return self.postfix(expr, " IS NOT FALSE", scope, out),
            Expr::IsTrue(expr) => return self.postfix(expr, " IS TRUE", scope, out),
            Expr::IsNotTrue(expr) => return self.postfix(expr, " IS NOT TRUE", scope, out),
            Expr::IsNull(expr) => return self.postfix(expr, " IS NULL", scope, out),
            Expr::IsNotNull(expr) => return self.postfix(expr, " IS NOT NULL", scope, out),
            Expr::IsUnknown(expr) => return self.postfix(expr, " IS UNKNOWN", scope, out),
            Expr::IsNotUnknown(expr) => return self.postfix(expr, " IS NOT UNKNOWN", scope, out),
            Expr::OuterJoin(expr) => return self.postfix(expr, " (+)", scope, out),
            Expr::IsDistinctFrom(left, right) => {
                return self.pair(left, " IS DISTINCT FROM ", right, scope, out);
            }
            Expr::IsNotDistinctFrom(left, right) => {
                return self.pair(left, " IS NOT DISTINCT FROM ", right, scope, out);
            }
            Expr::In { expr, target, negated, global: false } => {
                return self.is_in(expr, target, *negated, scope, out);
            }
            Expr::Between { expr, negated, low, high } => {
                self.expression(expr, scope, out)?;
                out.push(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
                return self.pair(low, " AND ", high, scope, out);
            }
            Expr::BinaryOp { .. } => return self.operation(expr, scope, out),
            Expr::UnaryOp { op, expr } => {
                // A blank keeps two signs from being the start of a comment.
                out.push(match op {
                    UnaryOperator::Plus => "+ ",
                    UnaryOperator::Minus => "- ",
                    UnaryOperator::Not => "NOT ",
                    UnaryOperator::BitwiseNot => "~ ",
                    _ => return construct("a sign of another database's kind"),
                });
                self.expression(expr, scope, out)?;
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                let word = if *negated { " NOT LIKE " } else { " LIKE " };
                return self.like(expr, word, pattern, escape_char.as_deref(), scope, out);
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                let word = if *negated { " NOT ILIKE " } else { " ILIKE " };
                return self.like(expr, word, pattern, escape_char.as_deref(), scope, out);
            }
            Expr::SimilarTo { negated, expr, pattern, escape_char } => {
                let word = if *negated { " NOT SIMILAR TO " } else { " SIMILAR TO " };
                return self.like(expr, word, pattern, escape_char.as_deref(), scope, out);
            }
            Expr::RLike { negated, expr, pattern, regexp } => {
                let word = match (negated, regexp) {
                    (false, true) => " REGEXP ",
                    (true, true) => " NOT REGEXP ",
                    (false, false) => " RLIKE ",
                    (true, false) => " NOT RLIKE ",
                };
                return self.pair(expr, word, pattern, scope, out);
            }
            Expr::AnyOp { left, compare_op, right, is_some } => {
                let word = if *is_some { "SOME " } else { "ANY " };
                return self.quantified(left, compare_op, word, right, scope, out);
            }
            Expr::AllOp { left, compare_op, right } => {
                return self.quantified(left, compare_op, "ALL ", right, scope, out);
            }
            Expr::Convert { is_try, expr, data_type, charset, target_before_value, styles } => {
                out.push(if *is_try { "TRY_CONVERT(" } else { "CONVERT(" });
                match (data_type, charset) {
                    (Some(kind), None) if *target_before_value => {
                        out.push(&types::write(kind, self.syntax)?);
                        out.push(", ");
                        self.expression(expr, scope, out)?;
                    }
                    (Some(kind), None) => {
                        self.expression(expr, scope, out)?;
                        out.push(", ");
                        out.push(&types::write(kind, self.syntax)?);
                    }
                    (None, Some(charset)) => {
                        self.expression(expr, scope, out)?;
                        out.push(" USING ");
                        out.push(&word(charset)?);
                    }
                    _ => return construct("a conversion of another database's kind"),
                }
                for style in styles {
                    out.push(", ");
                    self.expression(style, scope, out)?;
                }
                out.push(")");
            }
            Expr::Cast { kind, expr, data_type, format: None } => {
                let written = types::write(data_type, self.syntax)?;
                let word = match kind {
                    CastKind::Cast => "CAST(",
                    CastKind::TryCast => "TRY_CAST(",
                    CastKind::SafeCast => "SAFE_CAST(",
                    CastKind::DoubleColon => {
                        self.expression(expr, scope, out)?;
                        out.push("::");
                        out.push(&written);
                        return Ok(());
                    }
                };
                out.push(word);
                self.expression(expr, scope, out)?;
                out.push(" AS ");
                out.push(&written);
                out.push(")");
            }
            Expr::AtTimeZone { timestamp, time_zone } => {
                return self.pair(timestamp, " AT TIME ZONE ", time_zone, scope, out);
            }
            Expr::Extract { field, syntax: _, expr } => {
                out.push("EXTRACT(");
                out.push(&unit(field)?);
                out.push(" FROM ");
                self.expression(expr, scope, out)?;
                out.push(")");
            }
            Expr::Ceil { expr, field } => return self.rounded("CEIL(", expr, field, scope, out),
            Expr::Floor { expr, field } => return self.rounded("FLOOR(", expr, field, scope, out),
            Expr::Position { expr, r#in } => {
                out.push("POSITION(");
                self.pair(expr, " IN ", r#in, scope, out)?;
                out.push(")");
            }
            Expr::Substring { expr, substring_from, substring_for, special, shorthand } => {
                out.push(if *shorthand { "SUBSTR(" } else { "SUBSTRING(" });
                self.expression(expr, scope, out)?;
                let words = if *special { (", ", ", ") } else { (" FROM ", " FOR ") };
                for (word, part) in [(words.0, substring_from), (words.1, substring_for)] {
                    if let Some(part) = part {
                        out.push(word);
                        self.expression(part, scope, out)?;
                    }
                }
                out.push(")");
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters } => {
                out.push("TRIM(");
                out.push(match trim_where {
                    None => "",
                    Some(TrimWhereField::Both) => "BOTH ",
                    Some(TrimWhereField::Leading) => "LEADING ",
                    Some(TrimWhereField::Trailing) => "TRAILING ",
                });
                match trim_what {
                    Some(what) => self.pair(what, " FROM ", expr, scope, out)?,
                    None => {
                        out.push(if trim_where.is_some() { "FROM " } else { "" });
                        self.expression(expr, scope, out)?;
                    }
                }
                for characters in trim_characters.iter().flatten() {
                    out.push(", ");
                    self.expression(characters, scope, out)?;
                }
                out.push(")");
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                out.push("OVERLAY(");
                self.pair(expr, " PLACING ", overlay_what, scope, out)?;
                out.push(" FROM ");
                self.expression(overlay_from, scope, out)?;
                if let Some(length) = overlay_for {
                    out.push(" FOR ");
                    self.expression(length, scope, out)?;
                }
                out.push(")");
            }
            Expr::Collate { expr, collation } => {
                self.expression(expr, scope, out)?;
                out.push(" COLLATE ");
                out.push(&self.collation(collation)?);
            }
            Expr::Nested(expr) => {
                out.push("(");
                self.expression(expr, scope, out)?;
                out.push(")");
            }
            Expr::Value(value) => return self.literal(value, out),
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax }) => {
                return self.moment(data_type, value, *uses_odbc_syntax, out);
            }
            Expr::Function(function) => return self.call(function, scope, out),
            Expr::Case { case_token: _, end_token: _, operand, conditions, else_result } => {
                out.push("CASE");
                if let Some(operand) = operand {
                    out.push(" ");
                    self.expression(operand, scope, out)?;
                }
                for CaseWhen { condition, result } in conditions {
                    out.push(" WHEN ");
                    self.pair(condition, " THEN ", result, scope, out)?;
                }
                if let Some(result) = else_result {
                    out.push(" ELSE ");
                    self.expression(result, scope, out)?;
                }
                out.push(" END");
            }
            Expr::Exists { subquery, negated } => {
                out.push(if *negated { "NOT EXISTS (" } else { "EXISTS (" });
                self.existence(subquery, scope, out)?;
                out.push(")");
            }
            Expr::Subquery(query) => {
                out.push("(");
                self.query(query, scope, None, out)?;
                out.push(")");
            }
            Expr::Tuple(list) => {
                out.push("(");
                self.list(list, scope, out)?;
                out.push(")");
            }
            Expr::Array(Array { elem, named: true }) => {
                out.push("ARRAY[");
                self.list(elem, scope, out)?;
                out.push("]");
            }
            Expr::Interval(interval) => return self.interval(interval, scope, out),
            Expr::MatchAgainst { columns, match_value, opt_search_modifier } => {
                out.push("MATCH (");
                for (at, name) in columns.iter().enumerate() {
                    out.push(if at > 0 { ", " } else { "" });
                    self.column(&parts(name)?, scope, out)?;
                }
                out.push(") AGAINST (");
                self.literal(match_value, out)?;
                out.push(match opt_search_modifier {
                    None => "",
                    Some(SearchModifier::InNaturalLanguageMode) => " IN NATURAL LANGUAGE MODE",
                    Some(SearchModifier::InNaturalLanguageModeWithQueryExpansion) => {
                        " IN NATURAL LANGUAGE MODE WITH QUERY EXPANSION"
                    }
                    Some(SearchModifier::InBooleanMode) => " IN BOOLEAN MODE",
                    Some(SearchModifier::WithQueryExpansion) => " WITH QUERY EXPANSION",
                });
                out.push(")");
            }
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => return construct("* as a value"),
            Expr::Prefixed { .. } => return construct("a text with a character set"),
            Expr::Prior(_) => return construct("prior"),
            _ => return construct("an expression of another database's kind"),
        }
        Ok(())
    }

    fn column(
        &mut self,
        names: &[&Ident],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.look_up(scope)?;
        out.push(&scope.column(names, self.catalogue)?.sql);
        Ok(())
    }

    fn postfix(
        &mut self,
        expr: &Expr,
        words: &str,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.expression(expr, scope, out)?;
        out.push(words);
        Ok(())
    }

    fn pair(
        &mut self,
        left: &Expr,
        between: &str,
        right: &Expr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.expression(left, scope, out)?;
        out.push(between);
        self.expression(right, scope, out)
    }

    /// Writes operators and what is between them. A long chain is deep on its left side.
    fn operation(&mut self, expr: &Expr, scope: &Scope<'_>, out: &mut Text) -> Result<(), Refusal> {
        let mut chain = Vec::new();
        let mut left = expr;
        while let Expr::BinaryOp { left: next, op, right } = left {
            chain.push((op, right));
            left = next;
        }
        self.expression(left, scope, out)?;
        for (op, right) in chain.into_iter().rev() {
            out.push(" ");
            out.push(&operator(op)?);
            out.push(" ");
            self.expression(right, scope, out)?;
        }
        Ok(())
    }

    fn is_in(
        &mut self,
        expr: &Expr,
        target: &InTarget,
        negated: bool,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.expression(expr, scope, out)?;
        out.push(if negated { " NOT IN (" } else { " IN (" });
        match target {
            InTarget::List(list) => self.list(list, scope, out)?,
            InTarget::Subquery(query) => {
                self.query(query, scope, None, out)?;
            }
            InTarget::Table { name, .. } => {
                self.refuse_table(name)?;
                return construct("in with a table's name; write a select there");
            }
            InTarget::Unnest(_) => return construct("in unnest"),
        }
        out.push(")");
        Ok(())
    }

    fn like(
        &mut self,
        expr: &Expr,
        word: &str,
        pattern: &Expr,
        escape: Option<&Expr>,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.pair(expr, word, pattern, scope, out)?;
        if let Some(escape) = escape {
            out.push(" ESCAPE ");
            self.expression(escape, scope, out)?;
        }
        Ok(())
    }

    fn quantified(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        word: &str,
        right: &Expr,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        self.expression(left, scope, out)?;
        out.push(" ");
        out.push(&operator(op)?);
        out.push(" ");
        out.push(word);
        let is_query = matches!(right, Expr::Subquery(_));
        out.push(if is_query { "" } else { "(" });
        self.expression(right, scope, out)?;
        out.push(if is_query { "" } else { ")" });
        Ok(())
    }

    fn rounded(
        &mut self,
        word: &str,
        expr: &Expr,
        field: &CeilFloorKind,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        // SQL Server has the long name only, the others have both.
        let word = if word == "CEIL(" && self.syntax == Syntax::MsSql { "CEILING(" } else { word };
        out.push(word);
        self.expression(expr, scope, out)?;
        match field {
            CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {}
            CeilFloorKind::DateTimeField(field) => {
                out.push(" TO ");
                out.push(&unit(field)?);
            }
            CeilFloorKind::Scale(scale) => {
                out.push(", ");
                self.literal(scale, out)?;
            }
        }
        out.push(")");
        Ok(())
    }

    /// Writes `date '…'` and its kin.
    fn moment(
        &mut self,
        kind: &DataType,
        value: &sqlparser::ast::ValueWithSpan,
        in_braces: bool,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let (word, escape) = match kind {
            DataType::Date => ("DATE ", "{d "),
            DataType::Time(..) => ("TIME ", "{t "),
            DataType::Timestamp(..) => ("TIMESTAMP ", "{ts "),
            DataType::Datetime(_) => ("DATETIME ", ""),
            kind => return Err(Forbidden::Type(kind.to_string().to_lowercase()).into()),
        };
        let written = types::write(kind, self.syntax)?;
        match (in_braces, escape) {
            (true, "") => return construct("a moment of another database's kind"),
            (true, escape) => out.push(escape),
            (false, _) if written.contains(' ') || written.contains('(') => {
                out.push(&written);
                out.push(" ");
            }
            (false, _) => out.push(word),
        }
        self.literal(value, out)?;
        out.push(if in_braces { "}" } else { "" });
        Ok(())
    }

    fn interval(
        &mut self,
        interval: &Interval,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let Interval {
            value,
            leading_field,
            leading_precision,
            last_field,
            fractional_seconds_precision,
        } = interval;
        // Elsewhere the parser takes a first name for the whole of it.
        let is_whole = matches!(**value, Expr::Value(_) | Expr::Nested(_));
        let takes_all = matches!(self.syntax, Syntax::MySql | Syntax::BigQuery);
        if !(is_whole || takes_all && leading_field.is_some()) {
            return construct("an interval that is no text or number");
        }
        out.push("INTERVAL ");
        self.expression(value, scope, out)?;
        if let Some(field) = leading_field {
            out.push(" ");
            out.push(&unit(field)?);
        }
        match (leading_precision, fractional_seconds_precision) {
            (Some(leading), Some(fraction)) if last_field.is_none() => {
                out.push(&format!("({leading}, {fraction})"));
            }
            (Some(leading), _) => out.push(&format!("({leading})")),
            (None, _) => {}
        }
        if let Some(field) = last_field {
            out.push(" TO ");
            out.push(&unit(field)?);
            if let Some(fraction) = fractional_seconds_precision {
                out.push(&format!("({fraction})"));
            }
        }
        Ok(())
    }

    fn collation(&self, name: &ObjectName) -> Result<String, Refusal> {
        let [name] = parts(name)?[..] else {
            return construct("a collation of a schema");
        };
        match self.syntax {
            Syntax::Postgres | Syntax::Redshift | Syntax::Sqlite => Ok(self.declared(name)),
            _ => plain_word(&name.value),
        }
    }

    /// Writes elements of an array, and what turns rows that became XML into text.
    fn access(
        &mut self,
        root: &Expr,
        chain: &[AccessExpr],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        if let (Syntax::MsSql, [AccessExpr::Dot(Expr::Function(function))]) = (self.syntax, chain) {
            self.expression(root, scope, out)?;
            return self.text_of_xml(function, out);
        }
        if self.syntax != Syntax::Postgres {
            return construct("a part of a value");
        }
        self.expression(root, scope, out)?;
        for access in chain {
            out.push("[");
            match access {
                AccessExpr::Subscript(Subscript::Index { index }) => {
                    self.expression(index, scope, out)?;
                }
                AccessExpr::Subscript(Subscript::Slice {
                    lower_bound,
                    upper_bound,
                    stride: None,
                }) => {
                    if let Some(bound) = lower_bound {
                        self.expression(bound, scope, out)?;
                    }
                    out.push(":");
                    if let Some(bound) = upper_bound {
                        self.expression(bound, scope, out)?;
                    }
                }
                _ => return construct("a part of a value"),
            }
            out.push("]");
        }
        Ok(())
    }
}

/// A part of a date as SQL.
fn unit(field: &DateTimeField) -> Result<String, Refusal> {
    match field {
        DateTimeField::Week(Some(_)) => construct("a week that starts on a named day"),
        DateTimeField::NoDateTime => construct("a part of a date without a name"),
        DateTimeField::Custom(name) => match functions::part(&name.value) {
            Some(part) => Ok(part.to_uppercase()),
            None => construct(format!("{}, which is no part of a date", name.value)),
        },
        field => Ok(field.to_string()),
    }
}

fn word(name: &ObjectName) -> Result<String, Refusal> {
    match parts(name)?[..] {
        [name] => plain_word(&name.value),
        _ => construct("a name of two parts where one is due"),
    }
}

/// A word that needs no quotes.
fn plain_word(name: &str) -> Result<String, Refusal> {
    let is_plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if is_plain { Ok(name.to_owned()) } else { construct(format!("the word \"{name}\"")) }
}

/// An operator that does no more than compute.
fn operator(op: &BinaryOperator) -> Result<String, Refusal> {
    use BinaryOperator as O;
    match op {
        O::Plus
        | O::Minus
        | O::Multiply
        | O::Divide
        | O::Modulo
        | O::StringConcat
        | O::Gt
        | O::Lt
        | O::GtEq
        | O::LtEq
        | O::Spaceship
        | O::Eq
        | O::NotEq
        | O::And
        | O::Or
        | O::Xor
        | O::BitwiseOr
        | O::BitwiseAnd
        | O::BitwiseXor
        | O::MyIntegerDivide
        | O::Regexp
        | O::Glob
        | O::PGBitwiseXor
        | O::PGBitwiseShiftLeft
        | O::PGBitwiseShiftRight
        | O::PGExp
        | O::PGOverlap
        | O::PGRegexMatch
        | O::PGRegexIMatch
        | O::PGRegexNotMatch
        | O::PGRegexNotIMatch
        | O::PGLikeMatch
        | O::PGILikeMatch
        | O::PGNotLikeMatch
        | O::PGNotILikeMatch
        | O::PGStartsWith
        | O::Arrow
        | O::LongArrow
        | O::HashArrow
        | O::HashLongArrow
        | O::AtAt
        | O::AtArrow
        | O::ArrowAt
        | O::HashMinus
        | O::AtQuestion
        | O::Question
        | O::QuestionAnd
        | O::QuestionPipe
        | O::Overlaps
        | O::Is
        | O::IsNot => Ok(op.to_string()),
        O::Custom(word) if word == "MOD" => Ok(word.clone()),
        O::Assignment => Err(Forbidden::Variable("a variable that it sets".to_owned()).into()),
        _ => construct("an operator of another database's kind"),
    }
}
