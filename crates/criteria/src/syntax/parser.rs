//! From tokens to a tree: precedence climbing with a bound on depth.

use pressroom_data::Value;

use super::ast::{BinaryOp, Expr, NOT, Node, NodeKind, TEST, UNARY, UnaryOp};
use super::lexer::{Lexer, Token};
use crate::error::{ParseError, Span};

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

pub(super) struct Parser<'t> {
    text: &'t str,
    pub(super) lexer: Lexer<'t>,
    /// The token that is looked at.
    pub(super) token: Token,
    pub(super) span: Span,
    /// The end of the token before.
    pub(super) last_end: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Result<Self, ParseError> {
        let mut lexer = Lexer::new(text);
        let (token, span) = lexer.next()?;
        Ok(Self { text, lexer, token, span, last_end: 0, depth: 0 })
    }

    pub(super) fn error(&self, span: Span, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span, message)
    }

    /// Goes to the next token and gives the one before.
    pub(super) fn advance(&mut self) -> Result<Token, ParseError> {
        let (next, span) = self.lexer.next()?;
        self.last_end = self.span.end;
        self.span = span;
        Ok(std::mem::replace(&mut self.token, next))
    }

    pub(super) fn take(&mut self, token: &Token) -> Result<bool, ParseError> {
        let found = self.token == *token;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// A node from `start` to the last token read, if the tree is not too high with it.
    pub(super) fn node(&self, kind: NodeKind, start: usize) -> Result<Node, ParseError> {
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
    pub(super) fn unexpected(&self, expected: &str) -> ParseError {
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
    pub(super) fn binary(&mut self, minimum: u8) -> Result<Node, ParseError> {
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
    pub(super) fn arguments(&mut self, of: &str) -> Result<Vec<Node>, ParseError> {
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
}
