//! From a tree to something that is quick to evaluate: names bound, constants folded, patterns
//! and format strings prepared.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use pressroom_data::{CompositeFormat, DataType, Value};

use crate::analysis::Needs;
use crate::code::{Code, Test};
use crate::error::{EvalError, ParseError, Span, closest};
use crate::functions::{Function, Lazy, Purity, Run};
use crate::like::Pattern;
use crate::number;
use crate::scope::{
    AggregateCall, Binding, Position, Resolved, ResolvedParameter, Resolver, RowScope, Scope,
    SummaryCall,
};
use crate::syntax::{BinaryOp, Expr, FieldPath, Node, NodeKind, SummaryKind, UnaryOp};
use crate::types::{aggregate_type, refuses, summary_type};

/// An expression with its names bound, ready to be evaluated for many rows. Cheap to clone.
#[derive(Clone)]
pub struct Compiled {
    code: Arc<Code>,
    data_type: DataType,
    aggregates: Arc<[Arc<AggregateCall>]>,
    summaries: Arc<[Arc<SummaryCall>]>,
    needs: Needs,
    text: Arc<str>,
}

impl Compiled {
    /// The value for the current row of `scope`.
    ///
    /// # Errors
    /// See [`EvalError`].
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, EvalError> {
        self.code.evaluate(scope).map(Cow::into_owned)
    }

    /// The value for the current row of `scope`, borrowed where it is a field or a constant.
    ///
    /// # Errors
    /// See [`EvalError`].
    pub fn evaluate_ref<'a>(&'a self, scope: &'a dyn Scope) -> Result<Cow<'a, Value>, EvalError> {
        self.code.evaluate(scope)
    }

    /// Whether the current row fulfils this condition; null is no.
    ///
    /// # Errors
    /// See [`EvalError`]; a result that is not a truth value is one.
    pub fn matches(&self, scope: &dyn Scope) -> Result<bool, EvalError> {
        self.code.test(scope).map(|truth| truth == Some(true))
    }

    /// The type of its values where that is known beforehand.
    #[must_use]
    pub fn data_type(&self) -> DataType {
        self.data_type
    }

    /// The value, if it is the same for every row.
    #[must_use]
    pub fn as_constant(&self) -> Option<&Value> {
        match &*self.code {
            Code::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The column, if the expression is nothing but one.
    #[must_use]
    pub fn as_column(&self) -> Option<usize> {
        match &*self.code {
            Code::Column(index) => Some(*index),
            _ => None,
        }
    }

    /// The aggregates in it that the scope will be asked for, by increasing slot. Those inside
    /// their arguments belong to the arguments.
    #[must_use]
    pub fn aggregates(&self) -> &[Arc<AggregateCall>] {
        &self.aggregates
    }

    /// The summaries in it that the scope will be asked for, by increasing slot.
    #[must_use]
    pub fn summaries(&self) -> &[Arc<SummaryCall>] {
        &self.summaries
    }

    /// What it needs besides the current row.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.needs
    }

    /// The text it was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compiled({})", self.text)
    }
}

/// Binds the names of an expression and checks its types.
///
/// # Errors
/// A name that `resolver` does not know, or an argument that a function cannot take.
pub fn compile(expr: &Expr, resolver: &dyn Resolver) -> Result<Compiled, ParseError> {
    Compiler::default().compile(expr, resolver)
}

/// Compiles expressions whose aggregates and summaries get different numbers, so that one table
/// can hold the values of all of them.
#[derive(Clone, Debug, Default)]
pub struct Compiler {
    aggregates: usize,
    summaries: usize,
}

impl Compiler {
    /// As [`compile`].
    ///
    /// # Errors
    /// As for [`compile`].
    pub fn compile(
        &mut self,
        expr: &Expr,
        resolver: &dyn Resolver,
    ) -> Result<Compiled, ParseError> {
        Binder::new(self, &expr.text, &Frame { resolver, outer: None }).whole(&expr.root)
    }

    /// How many aggregates have been numbered: their slots are below.
    #[must_use]
    pub fn aggregates(&self) -> usize {
        self.aggregates
    }

    /// How many summaries have been numbered: their slots are below.
    #[must_use]
    pub fn summaries(&self) -> usize {
        self.summaries
    }
}

/// What names mean in a row, and in the rows around it.
#[derive(Clone, Copy)]
struct Frame<'f> {
    resolver: &'f dyn Resolver,
    outer: Option<&'f Frame<'f>>,
}

/// Compiles one expression, or the argument of an aggregate or summary.
struct Binder<'c> {
    compiler: &'c mut Compiler,
    text: &'c Arc<str>,
    frame: &'c Frame<'c>,
    aggregates: Vec<Arc<AggregateCall>>,
    summaries: Vec<Arc<SummaryCall>>,
}

/// Code and the type of its values.
type Typed = (Code, DataType);

impl<'c> Binder<'c> {
    fn new(compiler: &'c mut Compiler, text: &'c Arc<str>, frame: &'c Frame<'c>) -> Self {
        Self { compiler, text, frame, aggregates: Vec::new(), summaries: Vec::new() }
    }

    fn whole(mut self, node: &Node) -> Result<Compiled, ParseError> {
        let (code, data_type) = self.node(node)?;
        Ok(Compiled {
            code: Arc::new(code),
            data_type,
            aggregates: self.aggregates.into(),
            summaries: self.summaries.into(),
            needs: Needs::of(node),
            text: match self.text.get(node.span.start..node.span.end) {
                Some(part) if part.len() < self.text.len() => part.into(),
                _ => Arc::clone(self.text),
            },
        })
    }

    fn error(&self, span: Span, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span, message)
    }

    fn node(&mut self, node: &Node) -> Result<Typed, ParseError> {
        match &node.kind {
            NodeKind::Literal(value) => Ok((Code::Constant(value.clone()), value.data_type())),
            NodeKind::Parameter(name) => self.parameter(name, node.span),
            NodeKind::Field(path) => self.field(path, node.span),
            NodeKind::Unary { op, operand } => self.unary(*op, operand),
            NodeKind::Binary { first, rest } => self.binary(first, rest),
            NodeKind::In { operand, list } => self.is_in(operand, list),
            NodeKind::Between { operand, low, high } => self.between(operand, low, high),
            NodeKind::Call { function, arguments } => self.call(function, arguments),
            NodeKind::Aggregate(_) => self.aggregate(node),
            NodeKind::Summary { kind, argument } => {
                self.summary(*kind, argument.as_deref(), node.span)
            }
        }
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<(Vec<Code>, Vec<DataType>), ParseError> {
        let mut codes = Vec::with_capacity(nodes.len());
        let mut types = Vec::with_capacity(nodes.len());
        for node in nodes {
            let (code, data_type) = self.node(node)?;
            codes.push(code);
            types.push(data_type);
        }
        Ok((codes, types))
    }

    fn boxed(&mut self, node: &Node) -> Result<Box<Code>, ParseError> {
        self.node(node).map(|(code, _)| Box::new(code))
    }

    fn parameter(&self, name: &Arc<str>, span: Span) -> Result<Typed, ParseError> {
        match self.frame.resolver.parameter(name) {
            Some(ResolvedParameter::Value(value)) => {
                let data_type = value.data_type();
                Ok((Code::Constant(value), data_type))
            }
            Some(ResolvedParameter::Named) => {
                Ok((Code::Parameter(Arc::clone(name)), DataType::Unknown))
            }
            None => Err(self
                .error(span, format!("there is no parameter \"{name}\""))
                .with_hint("add it to the report, or correct its name")),
        }
    }

    fn field(&self, path: &FieldPath, span: Span) -> Result<Typed, ParseError> {
        let mut frame = self.frame;
        let mut local = path.clone();
        let mut depth = 0;
        while local.parents() > 0
            && let Some(outer) = frame.outer
        {
            frame = outer;
            local = local.seen_from_parent();
            depth += 1;
        }
        let resolved = frame.resolver.field(&local);
        let position = || position(&local).filter(|_| depth == 0);
        if resolved.is_none()
            && let Some(position) = position()
        {
            return Ok((Code::Position(position), DataType::Int));
        }
        let Some(Resolved { binding, data_type }) = resolved else {
            let names = frame.resolver.names();
            let hint = closest(local.name(), names.iter().map(|name| &**name))
                .map(|known| format!("did you mean [{known}]?"));
            return Err(self
                .error(span, format!("there is no field \"{}\"", local.name()))
                .with_optional_hint(hint));
        };
        let code = match binding {
            Binding::Column(index) => Code::Column(index),
            Binding::Slot(index) => Code::Slot(index),
            Binding::Named => Code::Named(local),
        };
        let code = if depth > 0 { Code::Outer { depth, code: Box::new(code) } } else { code };
        Ok((code, data_type))
    }

    fn unary(&mut self, op: UnaryOp, operand: &Node) -> Result<Typed, ParseError> {
        let (code, data_type) = self.node(operand)?;
        let code = Box::new(code);
        let (code, data_type) = match op {
            UnaryOp::Not => (Code::Not(code), DataType::Bool),
            UnaryOp::Negate => (Code::Negate(code), data_type),
            UnaryOp::BitNot => (Code::BitNot(code), DataType::Int),
            UnaryOp::IsNull => (Code::IsNull(code), DataType::Bool),
        };
        Ok((fold(code), data_type))
    }

    fn binary(&mut self, first: &Node, rest: &[(BinaryOp, Node)]) -> Result<Typed, ParseError> {
        if let Some((op @ (BinaryOp::And | BinaryOp::Or), _)) = rest.first() {
            let mut terms = vec![self.node(first)?.0];
            for (_, node) in rest {
                terms.push(self.node(node)?.0);
            }
            let terms = terms.into();
            let code = if *op == BinaryOp::And { Code::And(terms) } else { Code::Or(terms) };
            return Ok((fold(code), DataType::Bool));
        }
        let mut left = self.node(first)?;
        let mut left_is_null = is_null(first);
        let mut steps: Vec<(BinaryOp, Code)> = Vec::new();
        for (op, node) in rest {
            let (right, right_type) = self.node(node)?;
            // Comparisons and `Like` stand alone; arithmetic of one precedence is one step each,
            // so that a long sum does not become a deep tree.
            left = if op.is_test() {
                let so_far = chain(left.0, &mut steps);
                (fold(test(*op, so_far, right, left_is_null, is_null(node))), DataType::Bool)
            } else {
                let data_type = number::result_type(*op, left.1, right_type);
                let is_constant = |code: &Code| matches!(code, Code::Constant(_));
                if steps.is_empty() && is_constant(&left.0) && is_constant(&right) {
                    (fold(Code::Chain(Box::new(left.0), [(*op, right)].into())), data_type)
                } else {
                    steps.push((*op, right));
                    (left.0, data_type)
                }
            };
            left_is_null = false;
        }
        Ok((chain(left.0, &mut steps), left.1))
    }

    fn is_in(&mut self, operand: &Node, list: &[Node]) -> Result<Typed, ParseError> {
        let operand = self.boxed(operand)?;
        let (list, _) = self.nodes(list)?;
        Ok((fold(Code::In(operand, list.into())), DataType::Bool))
    }

    fn between(&mut self, operand: &Node, low: &Node, high: &Node) -> Result<Typed, ParseError> {
        let (operand, low, high) = (self.boxed(operand)?, self.boxed(low)?, self.boxed(high)?);
        Ok((fold(Code::Between { operand, low, high }), DataType::Bool))
    }

    fn call(&mut self, function: &'static Function, nodes: &[Node]) -> Result<Typed, ParseError> {
        if let Run::Lazy(lazy @ (Lazy::Previous | Lazy::Next)) = function.run {
            return self.neighbour(function, lazy, &nodes[0]);
        }
        let (arguments, types) = self.nodes(nodes)?;
        for (index, (code, found)) in arguments.iter().zip(&types).enumerate() {
            let parameter = function.parameter(index, arguments.len());
            if let Some(reason) = refuses(parameter.kind, code, *found) {
                return Err(self
                    .error(
                        nodes[index].span,
                        format!(
                            "{} does not take {reason} as its {}",
                            function.name, parameter.name
                        ),
                    )
                    .with_hint(format!("it is {}", function.signature())));
            }
        }
        let data_type = match (function.run, &types[..]) {
            (Run::Lazy(Lazy::IsNull), [_]) => DataType::Bool,
            _ => function.result_type(&types),
        };
        let code = match function.run {
            Run::Plain(_) => Code::Call(function, arguments.into()),
            Run::Lazy(lazy) => lazily(lazy, function, arguments),
        };
        let is_pure = function.purity == Purity::Pure;
        Ok((if is_pure { fold(code) } else { code }, data_type))
    }

    /// `PrevRowColumnValue` and `NextRowColumnValue`: a column given as a field or by its name.
    fn neighbour(
        &mut self,
        function: &'static Function,
        lazy: Lazy,
        argument: &Node,
    ) -> Result<Typed, ParseError> {
        let path = match &argument.kind {
            NodeKind::Literal(Value::Text(name)) => FieldPath::field(Arc::clone(name)),
            NodeKind::Field(path) => path.clone(),
            _ => {
                return Err(self
                    .error(argument.span, format!("{} needs a column", function.name))
                    .with_hint(format!("write it as in {}([Total])", function.name)));
            }
        };
        let offset = if lazy == Lazy::Next { 1 } else { -1 };
        match self.field(&path, argument.span)? {
            (Code::Column(column), data_type) => {
                Ok((Code::Neighbour { offset, column }, data_type))
            }
            _ => Err(self
                .error(argument.span, format!("\"{}\" is not a column of the rows", path.name()))
                .with_hint("calculated fields and relations have no previous or next value")),
        }
    }

    fn aggregate(&mut self, node: &Node) -> Result<Typed, ParseError> {
        let NodeKind::Aggregate(aggregate) = &node.kind else {
            return Err(self.error(node.span, "expected an aggregate"));
        };
        let path = aggregate.collection.as_ref();
        let Some(collection) = self.frame.resolver.collection(path) else {
            let name = path.map_or_else(String::new, |path| path.name().to_string());
            return Err(self
                .error(node.span, format!("there are no rows \"{name}\" here"))
                .with_hint("an aggregate goes over a relation of the current table"));
        };
        let resolver = match &collection.resolver {
            Some(resolver) => &**resolver,
            None => self.frame.resolver,
        };
        let slot = self.compiler.aggregates;
        self.compiler.aggregates += 1;
        let frame = Frame { resolver, outer: Some(self.frame) };
        let mut inner = |node: &Option<Node>| match node {
            Some(node) => Binder::new(self.compiler, self.text, &frame).whole(node).map(Some),
            None => Ok(None),
        };
        let condition = inner(&aggregate.condition)?;
        let argument = inner(&aggregate.argument)?;
        for inner in [&condition, &argument].into_iter().flatten() {
            if !inner.summaries.is_empty() {
                return Err(self
                    .error(node.span, "a summary cannot stand inside an aggregate")
                    .with_hint("put the aggregate into a calculated field"));
            }
        }
        let data_type = aggregate_type(aggregate.kind, argument.as_ref());
        let call = Arc::new(AggregateCall {
            slot,
            path: path.cloned(),
            collection: collection.slot,
            kind: aggregate.kind,
            condition,
            argument,
        });
        self.aggregates.push(Arc::clone(&call));
        Ok((Code::Aggregate(call), data_type))
    }

    fn summary(
        &mut self,
        kind: SummaryKind,
        argument: Option<&Node>,
        span: Span,
    ) -> Result<Typed, ParseError> {
        let slot = self.compiler.summaries;
        self.compiler.summaries += 1;
        let argument = match argument {
            Some(node) => Some(Binder::new(self.compiler, self.text, self.frame).whole(node)?),
            None => None,
        };
        if argument.as_ref().is_some_and(|argument| !argument.summaries.is_empty()) {
            return Err(self
                .error(span, "a summary cannot stand inside a summary")
                .with_hint("summarise the field itself"));
        }
        let data_type = summary_type(kind, argument.as_ref());
        let call = Arc::new(SummaryCall { slot, kind, argument });
        self.summaries.push(Arc::clone(&call));
        Ok((Code::Summary(call), data_type))
    }
}

/// A function that the compiler knows.
fn lazily(lazy: Lazy, function: &'static Function, arguments: Vec<Code>) -> Code {
    let count = arguments.len();
    let mut arguments = arguments.into_iter();
    let mut next = || arguments.next().unwrap_or(Code::Constant(Value::Null));
    match lazy {
        Lazy::If => {
            let branches = (0..count / 2).map(|_| (next(), next())).collect();
            Code::If { branches, otherwise: Box::new(next()) }
        }
        Lazy::IsNull if count == 1 => Code::IsNull(Box::new(next())),
        Lazy::IsNull => Code::Coalesce(Box::new(next()), Box::new(next())),
        Lazy::Format => match next() {
            Code::Constant(Value::Text(format)) => {
                Code::Format(Box::new(CompositeFormat::parse(&format)), arguments.collect())
            }
            format => Code::Call(function, std::iter::once(format).chain(arguments).collect()),
        },
        Lazy::RowIndexInGroup => Code::Position(Position::RowIndexInGroup),
        Lazy::GroupIndex => Code::Position(Position::GroupIndex),
        Lazy::Previous | Lazy::Next => Code::Call(function, arguments.collect()),
    }
}

/// `[DataSource.RowCount]` and its like.
pub(crate) fn position(path: &FieldPath) -> Option<Position> {
    [
        ("CurrentRowIndex", Position::RowIndex),
        ("RowCount", Position::RowCount),
        ("CurrentRowHierarchyLevel", Position::HierarchyLevel),
    ]
    .into_iter()
    .find(|(name, _)| path.is(&["DataSource", name]))
    .map(|(_, position)| position)
}

fn chain(first: Code, steps: &mut Vec<(BinaryOp, Code)>) -> Code {
    if steps.is_empty() {
        first
    } else {
        Code::Chain(Box::new(first), std::mem::take(steps).into())
    }
}

/// Whether a null is written here. A field or parameter that happens to be null is not meant.
fn is_null(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Literal(Value::Null))
}

/// A comparison. With a null that is written, `=` asks whether the other side is null.
fn test(op: BinaryOp, left: Code, right: Code, left_is_null: bool, right_is_null: bool) -> Code {
    let is_null = |code| Code::IsNull(Box::new(code));
    match op {
        BinaryOp::Like => match right {
            Code::Constant(Value::Text(text)) => match Pattern::new(&text) {
                Some(pattern) => Code::Like(Box::new(left), pattern),
                // Fails when it is evaluated.
                None => Code::LikeAny(Box::new(left), Box::new(Code::Constant(Value::Text(text)))),
            },
            right => Code::LikeAny(Box::new(left), Box::new(right)),
        },
        BinaryOp::Equal if right_is_null => is_null(left),
        BinaryOp::Equal if left_is_null => is_null(right),
        BinaryOp::NotEqual if right_is_null => Code::Not(Box::new(is_null(left))),
        BinaryOp::NotEqual if left_is_null => Code::Not(Box::new(is_null(right))),
        _ => Code::Compare(Box::new(Test { op, left, right })),
    }
}

/// The value instead of the code, where it is the same for every row and culture. What fails
/// stays code, and fails when it is evaluated.
fn fold(code: Code) -> Code {
    if !code.parts_are_constant() || code.depends_on_culture() {
        return code;
    }
    let scope = RowScope::new(&[], chrono::DateTime::UNIX_EPOCH.naive_utc());
    match code.evaluate(&scope).map(Cow::into_owned) {
        Ok(value) => Code::Constant(value),
        Err(_) => code,
    }
}
