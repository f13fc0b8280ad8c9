//! From tokens to a tree: precedence climbing with a bound on depth.

use std::sync::Arc;

use pressroom_data::Value;

use super::ast::{
    AggregateKind, AggregateNode, BinaryOp, Expr, FieldPath, NOT, Node, NodeKind, SummaryKind,
    TEST, UNARY, UnaryOp,
};
use super::lexer::{Lexer, Token};
use crate::error::{ParseError, Span, closest};
use crate::functions;

/// How many levels a tree may have. Deep enough for any layout, shallow enough for the stack of
/// any thread.
const MAX_HEIGHT: usize = 128;

/// How long a text may be.
const MAX_BYTES: usize = 256 * 1024;

/// Reads an expression.
///
/// # Errors
/// The first mistake, with its place and, where possible, the remedy. An empty text is a mistake;
/// see [`parse_optional`].
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    parse_optional(text)?.ok_or_else(|| {
        ParseError::new(text, Span::new(0, 0), "the expression is empty")
            .with_hint("write ? for no value")
    })
}

/// Reads an expression that may be missing: a text of nothing but spaces and comments is `None`.
///
/// # Errors
/// As for [`parse`].
pub fn parse_optional(text: &str) -> Result<Option<Expr>, ParseError> {
    if text.len() > MAX_BYTES {
        return Err(ParseError::new(
            text,
            Span::new(0, 0),
            format!(
                "the expression is too long: {} bytes, where {MAX_BYTES} are allowed",
                text.len()
            ),
        )
        .with_hint("move parts of it into calculated fields"));
    }
    let mut parser = Parser::new(text)?;
    if parser.token == Token::End {
        return Ok(None);
    }
    let root = parser.binary(0)?;
    parser.end()?;
    Ok(Some(Expr { root, text: text.into() }))
}

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    /// The token that is looked at.
    token: Token,
    span: Span,
    /// The end of the token before.
    last_end: usize,
    depth: usize,
}

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

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Result<Self, ParseError> {
        let mut lexer = Lexer::new(text);
        let (token, span) = lexer.next()?;
        Ok(Self { text, lexer, token, span, last_end: 0, depth: 0 })
    }

    fn error(&self, span: Span, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span, message)
    }

    /// Goes to the next token and gives the one before.
    fn advance(&mut self) -> Result<Token, ParseError> {
        let (next, span) = self.lexer.next()?;
        self.last_end = self.span.end;
        self.span = span;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn take(&mut self, token: &Token) -> Result<bool, ParseError> {
        let found = self.token == *token;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// A node from `start` to the last token read, if the tree is not too high with it.
    fn node(&self, kind: NodeKind, start: usize) -> Result<Node, ParseError> {
        let span = Span::new(start, self.last_end);
        let node = Node::new(kind, span);
        if node.height() > MAX_HEIGHT { Err(self.too_deep(span)) } else { Ok(node) }
    }

    fn too_deep(&self, span: Span) -> ParseError {
        self.error(
            span,
            format!("the expression is nested too deeply: more than {MAX_HEIGHT} levels"),
        )
        .with_hint("move parts of it into calculated fields")
    }

    /// What stands where something else was expected.
    fn unexpected(&self, expected: &str) -> ParseError {
        let found = self.token.describe(&self.text[self.span.start..self.span.end]);
        let error = self.error(self.span, format!("expected {expected}, found {found}"));
        match &self.token {
            Token::Comma => error.with_hint("remove this comma, or write a value before it"),
            Token::CloseParen => error.with_hint("remove this bracket, or write a value before it"),
            Token::End => error.with_hint("the expression stops too early"),
            Token::Operator(BinaryOp::Equal) => {
                error.with_hint("write a value on both sides of the operator")
            }
            _ => error,
        }
    }

    fn end(&self) -> Result<(), ParseError> {
        let error = match &self.token {
            Token::End => return Ok(()),
            Token::CloseParen => self
                .error(self.span, "this bracket closes nothing")
                .with_hint("remove it, or open one before"),
            Token::CloseBracket => self
                .error(self.span, "this bracket closes nothing")
                .with_hint("names stand between [ and ]"),
            Token::Name(_) | Token::Literal(_) | Token::Parameter(_) | Token::OpenBracket => {
                let found = self.token.describe(&self.text[self.span.start..self.span.end]);
                self.error(self.span, format!("expected an operator, found {found}"))
                    .with_hint("names with spaces stand in brackets: [Unit Price]")
            }
            _ => self.unexpected("an operator"),
        };
        Err(error)
    }

    /// Operators that bind at least as tightly as `minimum`, and their operands.
    ///
    /// Expressions nest through this function and those that it calls; they are kept apart from
    /// the building of nodes and errors, so that each level takes little of the stack.
    fn binary(&mut self, minimum: u8) -> Result<Node, ParseError> {
        self.enter()?;
        let start = self.span.start;
        let mut left = self.prefix()?;
        while let Some(precedence) = self.precedence_after_operand()
            && precedence >= minimum
        {
            left = match self.token {
                Token::Operator(_) => self.chain(left, precedence, start)?,
                _ => self.test(left, start)?,
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn enter(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT { Err(self.too_deep(self.span)) } else { Ok(()) }
    }

    fn precedence_after_operand(&self) -> Option<u8> {
        match &self.token {
            Token::Operator(op) => Some(op.precedence()),
            Token::In | Token::Between | Token::Is | Token::Not => Some(TEST),
            _ => None,
        }
    }

    /// The operators of one precedence that follow `first`.
    fn chain(&mut self, first: Node, precedence: u8, start: usize) -> Result<Node, ParseError> {
        let mut rest = Vec::new();
        while let Token::Operator(op) = self.token {
            if op.precedence() != precedence {
                break;
            }
            self.advance()?;
            rest.push((op, self.binary(precedence + 1)?));
        }
        self.node(NodeKind::Binary { first: Box::new(first), rest }, start)
    }

    /// `Is [Not] Null`, `[Not] In`, `[Not] Between`, `Not Like` after an operand.
    fn test(&mut self, left: Node, start: usize) -> Result<Node, ParseError> {
        let mut negated = self.take(&Token::Not)?;
        let operand = Box::new(left);
        let kind = match self.token {
            Token::Is if !negated => {
                self.advance()?;
                negated = self.take(&Token::Not)?;
                if !self.take(&Token::Null)? && !self.take(&Token::Literal(Value::Null))? {
                    return Err(self
                        .unexpected("Null after Is")
                        .with_hint("write Is Null or Is Not Null; values are compared with ="));
                }
                NodeKind::Unary { op: UnaryOp::IsNull, operand }
            }
            Token::In => {
                self.advance()?;
                let list = if let Token::Parameter(_) = self.token {
                    vec![self.prefix()?]
                } else {
                    self.arguments("the list of In")?
                };
                NodeKind::In { operand, list }
            }
            Token::Between => {
                self.advance()?;
                let open = self.span;
                let list = self.arguments("the range of Between")?;
                let Ok([low, high]) = <[Node; 2]>::try_from(list) else {
                    return Err(self
                        .error(open.to(self.span), "Between needs two values")
                        .with_hint("write it as [Field] Between (1, 10)"));
                };
                NodeKind::Between { operand, low: Box::new(low), high: Box::new(high) }
            }
            Token::Operator(BinaryOp::Like) if negated => {
                self.advance()?;
                let pattern = self.binary(TEST + 1)?;
                NodeKind::Binary { first: operand, rest: vec![(BinaryOp::Like, pattern)] }
            }
            _ => return Err(self.unexpected("In, Between or Like after Not")),
        };
        let node = self.node(kind, start)?;
        if negated { self.unary(UnaryOp::Not, node, start) } else { Ok(node) }
    }

    fn unary(&self, op: UnaryOp, operand: Node, start: usize) -> Result<Node, ParseError> {
        self.node(NodeKind::Unary { op, operand: Box::new(operand) }, start)
    }

    /// An operand with the operators before it.
    fn prefix(&mut self) -> Result<Node, ParseError> {
        let start = self.span.start;
        let (op, precedence) = match self.token {
            Token::Not => (UnaryOp::Not, NOT),
            Token::Operator(BinaryOp::Subtract) => (UnaryOp::Negate, UNARY),
            Token::Tilde => (UnaryOp::BitNot, UNARY),
            Token::Operator(BinaryOp::Add) => {
                self.advance()?;
                return self.binary(UNARY);
            }
            _ => return self.operand(),
        };
        self.advance()?;
        let operand = self.binary(precedence)?;
        self.unary(op, operand, start)
    }

    fn operand(&mut self) -> Result<Node, ParseError> {
        let start = self.span.start;
        match &self.token {
            Token::Literal(_) | Token::Parameter(_) | Token::Null => self.leaf(start),
            Token::OpenParen => self.parenthesised(),
            Token::OpenBracket | Token::Operator(BinaryOp::BitXor) => self.path(Vec::new(), start),
            Token::Name(_) => self.name(),
            // `Between(x, a, b)` is also a function.
            Token::Between => self.between_function(),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// A literal or a parameter.
    fn leaf(&mut self, start: usize) -> Result<Node, ParseError> {
        let kind = match self.advance()? {
            Token::Literal(value) => NodeKind::Literal(value),
            Token::Parameter(name) => NodeKind::Parameter(name),
            _ => NodeKind::Literal(Value::Null),
        };
        self.node(kind, start)
    }

    fn parenthesised(&mut self) -> Result<Node, ParseError> {
        let open = self.span;
        self.advance()?;
        let mut inner = self.binary(0)?;
        self.close(open)?;
        inner.span = Span::new(open.start, self.last_end);
        Ok(inner)
    }

    /// Takes the `)` of the bracket at `open`.
    fn close(&mut self, open: Span) -> Result<(), ParseError> {
        if self.take(&Token::CloseParen)? { Ok(()) } else { Err(self.unclosed(open)) }
    }

    fn unclosed(&self, open: Span) -> ParseError {
        if matches!(self.token, Token::End) {
            return self.error(open, "this bracket is not closed").with_hint("close it with )");
        }
        self.unexpected("an operator, a comma or )")
    }

    fn between_function(&mut self) -> Result<Node, ParseError> {
        let start = self.span.start;
        self.advance()?;
        let list = self.arguments("Between")?;
        let span = Span::new(start, self.last_end);
        let Ok([operand, low, high]) = <[Node; 3]>::try_from(list) else {
            return Err(self
                .error(span, "Between needs three arguments here")
                .with_hint("write Between([Field], 1, 10) or [Field] Between (1, 10)"));
        };
        let kind = NodeKind::Between {
            operand: Box::new(operand),
            low: Box::new(low),
            high: Box::new(high),
        };
        self.node(kind, start)
    }

    /// A list in round brackets.
    fn arguments(&mut self, of: &str) -> Result<Vec<Node>, ParseError> {
        let open = self.span;
        let mut list = Vec::new();
        let mut has_more = self.opens_list(of)?;
        while has_more {
            list.push(self.binary(0)?);
            has_more = self.continues_list(open)?;
        }
        Ok(list)
    }

    /// Takes the start of a list; whether anything is in it.
    fn opens_list(&mut self, of: &str) -> Result<bool, ParseError> {
        if !self.take(&Token::OpenParen)? {
            return Err(self.unexpected(&format!("\"(\" before {of}")));
        }
        Ok(!self.take(&Token::CloseParen)?)
    }

    /// Takes the comma between two values of a list, or its end; whether it was a comma.
    fn continues_list(&mut self, open: Span) -> Result<bool, ParseError> {
        if self.take(&Token::CloseParen)? {
            return Ok(false);
        }
        if !self.take(&Token::Comma)? {
            return Err(self.unclosed(open));
        }
        if self.token == Token::CloseParen {
            return Err(self
                .error(self.span, "a value is missing after the last comma")
                .with_hint("remove the comma, or write a value after it"));
        }
        Ok(true)
    }

    /// A bare name: a function, a field, or the start of a path.
    fn name(&mut self) -> Result<Node, ParseError> {
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
    fn path(&mut self, names: Vec<Arc<str>>, start: usize) -> Result<Node, ParseError> {
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
