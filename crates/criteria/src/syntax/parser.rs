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
const MAX_HEIGHT: usize = 200;

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
    fn binary(&mut self, minimum: u8) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(self.too_deep(self.span));
        }
        let start = self.span.start;
        let mut left = self.prefix()?;
        loop {
            let precedence = match &self.token {
                Token::Operator(op) => op.precedence(),
                Token::In | Token::Between | Token::Is | Token::Not => TEST,
                _ => break,
            };
            if precedence < minimum {
                break;
            }
            left = if let Token::Operator(_) = self.token {
                self.chain(left, precedence, start)?
            } else {
                self.test(left, start)?
            };
        }
        self.depth -= 1;
        Ok(left)
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
            Token::Literal(_) | Token::Parameter(_) | Token::Null => {
                let kind = match self.advance()? {
                    Token::Literal(value) => NodeKind::Literal(value),
                    Token::Parameter(name) => NodeKind::Parameter(name),
                    _ => NodeKind::Literal(Value::Null),
                };
                self.node(kind, start)
            }
            Token::OpenParen => self.parenthesised(),
            Token::OpenBracket | Token::Operator(BinaryOp::BitXor) => {
                self.path(0, Vec::new(), start)
            }
            Token::Name(_) => self.name(),
            // `Between(x, a, b)` is also a function.
            Token::Between => self.between_function(),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn parenthesised(&mut self) -> Result<Node, ParseError> {
        let open = self.span;
        self.advance()?;
        let mut inner = self.binary(0)?;
        if !self.take(&Token::CloseParen)? {
            return Err(self.unclosed(open));
        }
        inner.span = Span::new(open.start, self.last_end);
        Ok(inner)
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
        if !self.take(&Token::OpenParen)? {
            return Err(self.unexpected(&format!("\"(\" before {of}")));
        }
        let mut list = Vec::new();
        if self.take(&Token::CloseParen)? {
            return Ok(list);
        }
        loop {
            list.push(self.binary(0)?);
            if self.take(&Token::CloseParen)? {
                return Ok(list);
            }
            if !self.take(&Token::Comma)? {
                return Err(self.unclosed(open));
            }
            if self.token == Token::CloseParen {
                return Err(self
                    .error(self.span, "a value is missing after the last comma")
                    .with_hint("remove the comma, or write a value after it"));
            }
        }
    }

    /// A bare name: a function, a field, or the start of a path.
    fn name(&mut self) -> Result<Node, ParseError> {
        let start = self.span;
        let Token::Name(mut names) = self.advance()? else {
            return Err(self.unexpected("a name"));
        };
        if self.token == Token::OpenParen {
            let last = names.pop().unwrap_or_default();
            if names.is_empty() {
                return self.call(&last, start);
            }
            let collection = Some(FieldPath::new(0, names));
            return self.aggregate(collection, None, &last, start);
        }
        self.path(0, names, start.start)
    }

    /// A path of names in brackets, names after dots and `^`, from the token that is looked at;
    /// `names` were read before. It may turn out to be the rows of an aggregate.
    fn path(
        &mut self,
        mut parents: usize,
        mut names: Vec<Arc<str>>,
        start: usize,
    ) -> Result<Node, ParseError> {
        let mut is_parameter = false;
        let mut wants_name = names.is_empty();
        loop {
            match &self.token {
                Token::OpenBracket if wants_name => {
                    let open = self.span.start;
                    let (up, inside, parameter) = self.lexer.bracketed(open)?;
                    let is_whole = names.is_empty() && parents == 0;
                    if inside.is_empty() && up == 0 && !is_whole || !is_whole && parameter {
                        return Err(self
                            .error(Span::new(open, open + 1), "a part of this path is empty")
                            .with_hint("write the name between [ and ]"));
                    }
                    self.span = Span::new(open, self.lexer.position());
                    self.advance()?;
                    is_parameter = parameter;
                    parents += up;
                    let is_current = inside.is_empty() && up == 0;
                    names.extend(inside);
                    wants_name = false;
                    if is_current {
                        return self.collection(None, start);
                    }
                }
                Token::Name(_) if wants_name => {
                    let span = self.span;
                    let Token::Name(mut more) = self.advance()? else { break };
                    // `[Orders].Sum(…)`, `[Orders].Count`
                    let last = more.last().cloned().unwrap_or_default();
                    let follows = self.token == Token::OpenParen;
                    let bare = matches!(
                        AggregateKind::find(&last),
                        Some(AggregateKind::Count | AggregateKind::Exists)
                    );
                    if follows || bare {
                        more.pop();
                        names.extend(more);
                        let collection =
                            (!names.is_empty()).then(|| FieldPath::new(parents, names));
                        return self.aggregate(collection, None, &last, span);
                    }
                    names.extend(more);
                    wants_name = false;
                }
                Token::Operator(BinaryOp::BitXor) if wants_name && names.is_empty() => {
                    self.advance()?;
                    parents += 1;
                    wants_name = false;
                }
                Token::Dot if !wants_name => {
                    self.advance()?;
                    wants_name = true;
                }
                Token::OpenBracket if !names.is_empty() => {
                    return self.collection(Some(FieldPath::new(parents, names)), start);
                }
                _ if wants_name => return Err(self.unexpected("a name after the dot")),
                _ => break,
            }
        }
        if names.is_empty() {
            return Err(self
                .error(Span::new(start, self.last_end), "a name is missing after ^")
                .with_hint("write ^.Field for a field of the parent row"));
        }
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

    /// What follows the rows of an aggregate: an optional condition, a dot and the kind.
    fn collection(
        &mut self,
        collection: Option<FieldPath>,
        start: usize,
    ) -> Result<Node, ParseError> {
        let mut condition = None;
        if self.token == Token::OpenBracket {
            let open = self.span;
            self.advance()?;
            if self.token != Token::CloseBracket {
                condition = Some(self.binary(0)?);
            }
            if self.token != Token::CloseBracket {
                return Err(match self.token {
                    Token::End => self
                        .error(open, "this bracket is not closed")
                        .with_hint("close the condition with ]"),
                    _ => self.unexpected("an operator or ] after the condition"),
                });
            }
            self.advance()?;
        }
        let hint = "write it as in [Orders][[Total] > 100].Count()";
        if !self.take(&Token::Dot)? {
            return Err(self.unexpected("a dot and an aggregate").with_hint(hint));
        }
        let span = Span::new(start, self.span.end);
        match self.advance()? {
            Token::Name(names) if names.len() == 1 => {
                self.aggregate(collection, condition, &names[0], span)
            }
            _ => Err(self.error(span, "expected an aggregate after the dot").with_hint(hint)),
        }
    }

    /// An aggregate whose kind was read, at its arguments.
    fn aggregate(
        &mut self,
        collection: Option<FieldPath>,
        condition: Option<Node>,
        name: &str,
        span: Span,
    ) -> Result<Node, ParseError> {
        let Some(kind) = AggregateKind::find(name) else {
            let names = AggregateKind::ALL.iter().map(|kind| kind.name());
            let hint = match closest(name, names) {
                Some(known) => format!("did you mean {known}?"),
                None => "aggregates are Sum, Avg, Min, Max, Count, Exists, Single, …".into(),
            };
            return Err(self
                .error(
                    Span::new(span.start, self.last_end),
                    format!("unknown aggregate \"{name}\""),
                )
                .with_hint(hint));
        };
        let list = if self.token == Token::OpenParen { self.arguments(name)? } else { Vec::new() };
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
                .with_hint(format!("write it as in {name}([Field])")));
        }
        Ok(list.into_iter().next())
    }

    /// A function, an aggregate over the current table, or a summary.
    fn call(&mut self, name: &str, start: Span) -> Result<Node, ParseError> {
        let list = self.arguments(name)?;
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
