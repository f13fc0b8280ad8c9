//! Calls of functions.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgOperator,
    FunctionArgumentClause, FunctionArgumentList, FunctionArguments, JsonNullClause,
    ListAggOnOverflow, NullTreatment, Value, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};

use super::error::{Forbidden, Refusal, construct};
use super::names::{parts, shown};
use super::scope::Scope;
use super::text::Text;
use super::writer::Writer;
use super::{Syntax, functions};

/// The paths that give the text of XML that rows were turned into, and nothing of a table.
const XML_TEXT: &[&str] =
    &[".", "text()[1]", "./text()[1]", "(text())[1]", "(./text())[1]", "(./text()[1])[1]"];

/// The functions that take `*`.
const COUNTS: &[&str] = &["count", "count_big"];

impl Writer<'_> {
    /// Writes the call of a function that statements may call.
    pub(super) fn call(
        &mut self,
        function: &Function,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment,
            over,
        } = function;
        let names = parts(name)?;
        let known = match names[..] {
            [name] => functions::allowed(&name.value, self.syntax),
            _ => None,
        };
        let Some(known) = known else {
            return Err(Forbidden::Function(shown(&names)).into());
        };
        if !matches!(parameters, FunctionArguments::None) {
            return construct("parameters of a function");
        }
        out.push(if *uses_odbc_syntax { "{fn " } else { "" });
        out.push(known);
        match args {
            FunctionArguments::None => {}
            FunctionArguments::Subquery(query) => {
                out.push("(");
                self.query(query, scope, None, out)?;
                out.push(")");
            }
            FunctionArguments::List(list) => {
                out.push("(");
                self.argument_list(known, list, scope, out)?;
                out.push(")");
            }
        }
        if !within_group.is_empty() {
            out.push(" WITHIN GROUP (ORDER BY ");
            self.sort_keys(within_group, &scope.rows(), out)?;
            out.push(")");
        }
        if let Some(condition) = filter {
            out.push(" FILTER (WHERE ");
            self.expression(condition, scope, out)?;
            out.push(")");
        }
        if let Some(treatment) = null_treatment {
            out.push(nulls(treatment));
        }
        match over {
            None => {}
            Some(WindowType::NamedWindow(name)) => {
                out.push(" OVER ");
                out.push(&self.declared(name));
            }
            Some(WindowType::WindowSpec(window)) => {
                out.push(" OVER ");
                self.window(window, scope, out)?;
            }
        }
        out.push(if *uses_odbc_syntax { "}" } else { "" });
        Ok(())
    }

    fn argument_list(
        &mut self,
        function: &str,
        list: &FunctionArgumentList,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        out.push(match duplicate_treatment {
            None => "",
            Some(DuplicateTreatment::Distinct) => "DISTINCT ",
            Some(DuplicateTreatment::All) => "ALL ",
        });
        let is_star = |argument: &FunctionArg| {
            matches!(argument, FunctionArg::Unnamed(FunctionArgExpr::Wildcard))
        };
        match args.as_slice() {
            [only] if COUNTS.contains(&function) && is_star(only) => out.push("*"),
            [first, rest @ ..] if functions::is_by_part(function, self.syntax) => {
                self.part(first, scope, out)?;
                for argument in rest {
                    out.push(", ");
                    self.arguments(std::slice::from_ref(argument), scope, out)?;
                }
            }
            [first @ .., last] if functions::ends_by_part(function, self.syntax) => {
                self.arguments(first, scope, out)?;
                out.push(", ");
                self.part(last, scope, out)?;
            }
            args => self.arguments(args, scope, out)?,
        }
        for clause in clauses {
            match clause {
                FunctionArgumentClause::OrderBy(keys) => {
                    out.push(" ORDER BY ");
                    self.sort_keys(keys, &scope.rows(), out)?;
                }
                FunctionArgumentClause::Separator(separator) => {
                    out.push(" SEPARATOR ");
                    self.literal(separator, out)?;
                }
                FunctionArgumentClause::IgnoreOrRespectNulls(treatment) => {
                    out.push(nulls(treatment));
                }
                FunctionArgumentClause::JsonNullClause(JsonNullClause::NullOnNull) => {
                    out.push(" NULL ON NULL");
                }
                FunctionArgumentClause::JsonNullClause(JsonNullClause::AbsentOnNull) => {
                    out.push(" ABSENT ON NULL");
                }
                FunctionArgumentClause::OnOverflow(ListAggOnOverflow::Error) => {
                    out.push(" ON OVERFLOW ERROR");
                }
                _ => return construct(format!("a clause in the arguments of {function}")),
            }
        }
        Ok(())
    }

    /// Writes an argument that may be a part of a date, as a word.
    fn part(
        &mut self,
        argument: &FunctionArg,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let part = match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name)))
                if name.quote_style.is_none() =>
            {
                functions::part(&name.value)
            }
            _ => None,
        };
        match part {
            Some(part) => out.push(part),
            None => self.arguments(std::slice::from_ref(argument), scope, out)?,
        }
        Ok(())
    }

    /// Writes arguments with commas between them.
    pub(super) fn arguments(
        &mut self,
        arguments: &[FunctionArg],
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        for (at, argument) in arguments.iter().enumerate() {
            out.push(if at > 0 { ", " } else { "" });
            let value = match argument {
                FunctionArg::Unnamed(value) => value,
                FunctionArg::Named { name, arg, operator: FunctionArgOperator::RightArrow }
                    if self.syntax == Syntax::Postgres =>
                {
                    out.push(&self.declared(name));
                    out.push(" => ");
                    arg
                }
                FunctionArg::ExprNamed {
                    name: Expr::Identifier(name),
                    arg,
                    operator: FunctionArgOperator::RightArrow,
                } if self.syntax == Syntax::Postgres => {
                    out.push(&self.declared(name));
                    out.push(" => ");
                    arg
                }
                // `json_object('key': value)` and the like.
                FunctionArg::ExprNamed { name, arg, operator: FunctionArgOperator::Colon } => {
                    self.expression(name, scope, out)?;
                    out.push(": ");
                    arg
                }
                _ => return construct("arguments with names"),
            };
            match value {
                FunctionArgExpr::Expr(value) => self.expression(value, scope, out)?,
                _ => return construct("* as an argument"),
            }
        }
        Ok(())
    }

    /// Writes a window in parentheses.
    pub(super) fn window(
        &mut self,
        window: &WindowSpec,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = window;
        // Its names are columns, never the names of what the query gives.
        let seen = scope.rows();
        out.push("(");
        if let Some(name) = window_name {
            out.push(&self.declared(name));
        }
        if !partition_by.is_empty() {
            out.push(" PARTITION BY ");
            self.list(partition_by, &seen, out)?;
        }
        if !order_by.is_empty() {
            out.push(" ORDER BY ");
            self.sort_keys(order_by, &seen, out)?;
        }
        if let Some(WindowFrame { units, start_bound, end_bound }) = window_frame {
            out.push(match units {
                WindowFrameUnits::Rows => " ROWS ",
                WindowFrameUnits::Range => " RANGE ",
                WindowFrameUnits::Groups => " GROUPS ",
            });
            if let Some(end) = end_bound {
                out.push("BETWEEN ");
                self.bound(start_bound, &seen, out)?;
                out.push(" AND ");
                self.bound(end, &seen, out)?;
            } else {
                self.bound(start_bound, &seen, out)?;
            }
        }
        out.push(")");
        Ok(())
    }

    fn bound(
        &mut self,
        bound: &WindowFrameBound,
        scope: &Scope<'_>,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let (distance, word) = match bound {
            WindowFrameBound::CurrentRow => {
                out.push("CURRENT ROW");
                return Ok(());
            }
            WindowFrameBound::Preceding(distance) => (distance, " PRECEDING"),
            WindowFrameBound::Following(distance) => (distance, " FOLLOWING"),
        };
        match distance {
            Some(distance) => self.expression(distance, scope, out)?,
            None => out.push("UNBOUNDED"),
        }
        out.push(word);
        Ok(())
    }

    /// Writes `.value('.', 'nvarchar(max)')` after rows that became XML.
    pub(super) fn text_of_xml(
        &mut self,
        function: &Function,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let text = |argument: &FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => match &value.value {
                Value::SingleQuotedString(text) | Value::NationalStringLiteral(text) => {
                    Some(text.clone())
                }
                _ => None,
            },
            _ => None,
        };
        let is_value = matches!(parts(&function.name)?[..],
            [name] if name.value == "value");
        let arguments = match &function.args {
            FunctionArguments::List(list) if is_value => {
                list.args.iter().map(text).collect::<Option<Vec<String>>>()
            }
            _ => None,
        };
        match arguments.as_deref() {
            Some([path, kind])
                if XML_TEXT.contains(&path.as_str())
                    && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b"()".contains(&b)) =>
            {
                out.push(&format!(".value('{path}', '{kind}')"));
                Ok(())
            }
            _ => construct("a method of a value other than the text of xml"),
        }
    }
}

fn nulls(treatment: &NullTreatment) -> &'static str {
    match treatment {
        NullTreatment::IgnoreNulls => " IGNORE NULLS",
        NullTreatment::RespectNulls => " RESPECT NULLS",
    }
}
