//! Names, paths, function calls, aggregates and summaries.

use std::sync::Arc;

use super::ast::{AggregateNode, BinaryOp, FieldPath, Node, NodeKind};
use super::kinds::{AggregateKind, SummaryKind};
use super::lexer::Token;
use super::parser::Parser;
use crate::error::{ParseError, Span, closest};
use crate::functions;

/// A path as it was read.
struct Path {
    parents: usize,
    names: Vec<Arc<str>>,
    is_parameter: bool,
    end: PathEnd,
}

/// What a path turned out to be.
enum PathEnd {
    /// A field or parameter.
    Name,
    /// The rows of an aggregate, before its condition.
    Rows,
    /// The rows and the name of an aggregate.
    Aggregate,
}

impl Path {
    /// The rows of an aggregate.
    fn rows(self) -> Option<FieldPath> {
        (!self.names.is_empty()).then(|| FieldPath::new(self.parents, self.names))
    }
}

impl Parser<'_> {
    /// A bare name: a function, a field, or the start of a path.
    pub(super) fn name(&mut self) -> Result<Node, ParseError> {
        let start = self.span;
        let mut names = self.bare_names()?;
        if self.token != Token::OpenParen {
            return self.path(names, start.start);
        }
        let last = names.pop().unwrap_or_default();
        let list = self.arguments(&last)?;
        if names.is_empty() {
            self.call(&last, list, start)
        } else {
            let collection = Some(FieldPath::new(0, names));
            self.aggregate(collection, None, &last, list, start)
        }
    }

    fn bare_names(&mut self) -> Result<Vec<Arc<str>>, ParseError> {
        match self.advance()? {
            Token::Name(names) => Ok(names),
            _ => Err(self.unexpected("a name")),
        }
    }

    /// A path of names in brackets, names after dots and `^`, from the token that is looked at;
    /// `names` were read before. It may turn out to be the rows of an aggregate.
    pub(super) fn path(&mut self, names: Vec<Arc<str>>, start: usize) -> Result<Node, ParseError> {
        let path = self.read_path(names, start)?;
        match path.end {
            PathEnd::Name => self.named(path, start),
            PathEnd::Rows => self.collection(path.rows(), start),
            PathEnd::Aggregate => self.aggregate_after(path, start),
        }
    }

    fn read_path(&mut self, names: Vec<Arc<str>>, start: usize) -> Result<Path, ParseError> {
        let mut wants_name = names.is_empty();
        let mut path = Path { parents: 0, names, is_parameter: false, end: PathEnd::Name };
        loop {
            match &self.token {
                Token::OpenBracket if wants_name => {
                    let is_whole = path.names.is_empty() && path.parents == 0;
                    if self.bracket(&mut path, is_whole)? {
                        path.end = PathEnd::Rows;
                        return Ok(path);
                    }
                    wants_name = false;
                }
                Token::Name(_) if wants_name => {
                    let more = self.bare_names()?;
                    let ends = self.names_aggregate(&more);
                    path.names.extend(more);
                    if ends {
                        path.end = PathEnd::Aggregate;
                        return Ok(path);
                    }
                    wants_name = false;
                }
                Token::Operator(BinaryOp::BitXor) if wants_name && path.names.is_empty() => {
                    self.advance()?;
                    path.parents += 1;
                    wants_name = false;
                }
                Token::Dot if !wants_name => {
                    self.advance()?;
                    wants_name = true;
                }
                Token::OpenBracket if !path.names.is_empty() => {
                    path.end = PathEnd::Rows;
                    return Ok(path);
                }
                _ if wants_name => return Err(self.unexpected("a name after the dot")),
                _ if path.names.is_empty() => {
                    return Err(self
                        .error(Span::new(start, self.last_end), "a name is missing after ^")
                        .with_hint("write ^.Field for a field of the parent row"));
                }
                _ => return Ok(path),
            }
        }
    }

    /// Adds a name in square brackets to a path; whether it is `[]`, the rows of the current table.
    fn bracket(&mut self, path: &mut Path, is_whole: bool) -> Result<bool, ParseError> {
        let open = self.span.start;
        let (up, inside, is_parameter) = self.lexer.bracketed(open)?;
        let is_empty = inside.is_empty() && up == 0;
        if (is_empty || is_parameter) && !is_whole || is_empty && is_parameter {
            return Err(self
                .error(Span::new(open, open + 1), "a part of this path is empty")
                .with_hint("write the name between [ and ]"));
        }
        self.span = Span::new(open, self.lexer.position());
        self.advance()?;
        path.is_parameter = is_parameter;
        path.parents += up;
        path.names.extend(inside);
        Ok(is_empty)
    }

    /// A field or a parameter.
    fn named(&self, path: Path, start: usize) -> Result<Node, ParseError> {
        let Path { parents, names, is_parameter, .. } = path;
        let is_parameters =
            parents == 0 && names.len() > 1 && names[0].eq_ignore_ascii_case("Parameters");
        let kind = if is_parameters {
            NodeKind::Parameter(names[1..].join(".").into())
        } else if is_parameter {
            NodeKind::Parameter(names.join(".").into())
        } else {
            NodeKind::Field(FieldPath::new(parents, names))
        };
        self.node(kind, start)
    }

    /// Whether names after the dot of a path end with an aggregate: `[Orders].Sum(…)`,
    /// `[Orders].Count`.
    fn names_aggregate(&self, names: &[Arc<str>]) -> bool {
        let kind = names.last().and_then(|last| AggregateKind::find(last));
        self.token == Token::OpenParen
            || matches!(kind, Some(AggregateKind::Count | AggregateKind::Exists))
    }

    /// An aggregate over a path of which the last name is the aggregate's.
    fn aggregate_after(&mut self, mut path: Path, start: usize) -> Result<Node, ParseError> {
        let span = Span::new(start, self.last_end);
        let name = path.names.pop().unwrap_or_default();
        let list = self.optional_arguments(&name)?;
        self.aggregate(path.rows(), None, &name, list, span)
    }

    fn optional_arguments(&mut self, of: &str) -> Result<Vec<Node>, ParseError> {
        if self.token == Token::OpenParen { self.arguments(of) } else { Ok(Vec::new()) }
    }

    /// What follows the rows of an aggregate: an optional condition, a dot, the kind and its
    /// argument.
    fn collection(
        &mut self,
        collection: Option<FieldPath>,
        start: usize,
    ) -> Result<Node, ParseError> {
        let condition = self.condition()?;
        let (name, span) = self.aggregate_name(start)?;
        let list = self.optional_arguments(&name)?;
        self.aggregate(collection, condition, &name, list, span)
    }

    /// The condition of an aggregate in its square brackets, which may be empty or missing.
    fn condition(&mut self) -> Result<Option<Node>, ParseError> {
        let open = self.span;
        if !self.take(&Token::OpenBracket)? || self.take(&Token::CloseBracket)? {
            return Ok(None);
        }
        let condition = self.binary(0)?;
        self.close_condition(open)?;
        Ok(Some(condition))
    }

    fn close_condition(&mut self, open: Span) -> Result<(), ParseError> {
        if self.take(&Token::CloseBracket)? {
            return Ok(());
        }
        Err(match self.token {
            Token::End => self
                .error(open, "this bracket is not closed")
                .with_hint("close the condition with ]"),
            _ => self.unexpected("an operator or ] after the condition"),
        })
    }

    /// The dot and the name of an aggregate, and the place from `start` to them.
    fn aggregate_name(&mut self, start: usize) -> Result<(Arc<str>, Span), ParseError> {
        let hint = "write it as in [Orders][[Total] > 100].Count()";
        if !self.take(&Token::Dot)? {
            return Err(self.unexpected("a dot and an aggregate").with_hint(hint));
        }
        let span = Span::new(start, self.span.end);
        match self.advance()? {
            Token::Name(mut names) if names.len() == 1 => {
                Ok((names.pop().unwrap_or_default(), span))
            }
            _ => Err(self.error(span, "expected an aggregate after the dot").with_hint(hint)),
        }
    }

    /// An aggregate whose parts were read; `span` is where its rows and its name stand.
    fn aggregate(
        &self,
        collection: Option<FieldPath>,
        condition: Option<Node>,
        name: &str,
        list: Vec<Node>,
        span: Span,
    ) -> Result<Node, ParseError> {
        let Some(kind) = AggregateKind::find(name) else {
            let names = AggregateKind::ALL.iter().map(|kind| kind.name());
            let hint = match closest(name, names) {
                Some(known) => format!("did you mean {known}?"),
                None => "aggregates are Sum, Avg, Min, Max, Count, Exists, Single, …".into(),
            };
            return Err(self.error(span, format!("unknown aggregate \"{name}\"")).with_hint(hint));
        };
        let argument = self.only_argument(kind.name(), kind.argument_is_optional(), list, span)?;
        let node = AggregateNode { collection, condition, kind, argument };
        self.node(NodeKind::Aggregate(Box::new(node)), span.start)
    }

    fn only_argument(
        &self,
        name: &str,
        is_optional: bool,
        list: Vec<Node>,
        span: Span,
    ) -> Result<Option<Node>, ParseError> {
        if list.len() > 1 || (list.is_empty() && !is_optional) {
            let wanted = if is_optional { "one argument or none" } else { "one argument" };
            let count = list.len();
            return Err(self
                .error(
                    Span::new(span.start, self.last_end),
                    format!("{name} takes {wanted}, not {count}"),
                )
                .with_hint(if is_optional {
                    format!("write it as in {name}()")
                } else {
                    format!("write it as in {name}([Field])")
                }));
        }
        Ok(list.into_iter().next())
    }

    /// A function, an aggregate over the current table, or a summary.
    fn call(&self, name: &str, list: Vec<Node>, start: Span) -> Result<Node, ParseError> {
        let span = Span::new(start.start, self.last_end);
        if let Some(kind) = SummaryKind::find(name) {
            let argument =
                self.only_argument(kind.name(), kind.argument_is_optional(), list, start)?;
            let argument = argument.map(Box::new);
            return self.node(NodeKind::Summary { kind, argument }, start.start);
        }
        let function = functions::find(name);
        if let Some(kind) = AggregateKind::find(name)
            && (list.len() < 2 || function.is_none())
        {
            let argument =
                self.only_argument(kind.name(), kind.argument_is_optional(), list, start)?;
            let node = AggregateNode { collection: None, condition: None, kind, argument };
            return self.node(NodeKind::Aggregate(Box::new(node)), start.start);
        }
        let Some(function) = function else {
            let known = functions::names()
                .chain(AggregateKind::ALL.iter().map(|kind| kind.name()))
                .chain(SummaryKind::ALL.iter().map(|kind| kind.name()));
            return Err(self
                .error(start, format!("unknown function \"{name}\""))
                .with_optional_hint(
                    closest(name, known).map(|known| format!("did you mean {known}?")),
                ));
        };
        if let Some(wanted) = function.refuses_count(list.len()) {
            return Err(self
                .error(span, format!("{} takes {wanted}, not {}", function.name, list.len()))
                .with_hint(format!("write it as {}", function.signature())));
        }
        self.node(NodeKind::Call { function, arguments: list }, start.start)
    }
}
