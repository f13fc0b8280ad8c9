//! The tree of an expression.

use std::fmt;
use std::sync::Arc;

use pressroom_data::Value;

use super::kinds::{AggregateKind, SummaryKind};
use crate::error::Span;
use crate::functions::Function;

/// A parsed expression: its tree, and the text it came from.
///
/// Two expressions are equal when their trees are, wherever the parts stood in the text.
/// `Display` writes the expression in its canonical form, which parses to an equal tree.
#[derive(Clone)]
pub struct Expr {
    pub(crate) root: Node,
    pub(crate) text: Arc<str>,
}

impl Expr {
    /// The tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({self})")
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

/// A part of an expression. Its height is bounded, so that walking it by recursion is safe.
#[derive(Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands in the text.
    pub span: Span,
    height: u16,
}

impl Node {
    pub(crate) fn new(kind: NodeKind, span: Span) -> Self {
        let below = kind.children().map(|child| child.height).max().unwrap_or(0);
        Self { kind, span, height: below.saturating_add(1) }
    }

    /// The number of levels of the tree below and with this node.
    pub(crate) fn height(&self) -> usize {
        usize::from(self.height)
    }

    /// Visits this node and everything below it, parents first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for child in self.kind.children() {
            child.walk(visit);
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({self})")
    }
}

/// The kinds of [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A constant: `'text'`, `12`, `#2026-11-24#`, `?`.
    Literal(Value),
    /// A parameter: `?name`.
    Parameter(Arc<str>),
    /// A field or another named value: `[Rel.Field]`.
    Field(FieldPath),
    /// An operator with one operand.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: Box<Node>,
    },
    /// Operators of one precedence, evaluated from left to right: `a - b + c`.
    Binary {
        /// The first operand.
        first: Box<Node>,
        /// The other operands, each with the operator before it; never empty.
        rest: Vec<(BinaryOp, Node)>,
    },
    /// `operand In (list)`.
    In {
        /// What is looked for.
        operand: Box<Node>,
        /// Where. A multi-value parameter stands for all its values.
        list: Vec<Node>,
    },
    /// `operand Between (low, high)`, both ends included.
    Between {
        /// What is compared.
        operand: Box<Node>,
        /// The lower end.
        low: Box<Node>,
        /// The upper end.
        high: Box<Node>,
    },
    /// A function of [`crate::functions`].
    Call {
        /// Which.
        function: &'static Function,
        /// Its arguments, as many as its signature allows.
        arguments: Vec<Node>,
    },
    /// A value over many rows: `[Orders][[Paid]].Sum([Total])`.
    Aggregate(Box<AggregateNode>),
    /// A summary whose region the report decides: `sumSum([Total])`.
    Summary {
        /// Which.
        kind: SummaryKind,
        /// What is summarised, for kinds that need it.
        argument: Option<Box<Node>>,
    },
}

impl NodeKind {
    /// The nodes directly below, in the order of the text.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        let (one, many, rest): (_, &[Node], &[(BinaryOp, Node)]) = match self {
            Self::Literal(_) | Self::Parameter(_) | Self::Field(_) => ([None; 3], &[], &[]),
            Self::Unary { operand, .. } => ([Some(&**operand), None, None], &[], &[]),
            Self::Binary { first, rest } => ([Some(&**first), None, None], &[], rest),
            Self::In { operand, list } => ([Some(&**operand), None, None], list, &[]),
            Self::Between { operand, low, high } => {
                ([Some(&**operand), Some(&**low), Some(&**high)], &[], &[])
            }
            Self::Call { arguments, .. } => ([None; 3], arguments, &[]),
            Self::Aggregate(aggregate) => {
                ([aggregate.condition.as_ref(), aggregate.argument.as_ref(), None], &[], &[])
            }
            Self::Summary { argument, .. } => ([argument.as_deref(), None, None], &[], &[]),
        };
        one.into_iter().flatten().chain(many).chain(rest.iter().map(|(_, node)| node))
    }
}

/// An aggregate as it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct AggregateNode {
    /// The rows: a relation of the current row, or `None` for the rows of the current table.
    pub collection: Option<FieldPath>,
    /// Which of the rows count; none means all.
    pub condition: Option<Node>,
    /// What is computed.
    pub kind: AggregateKind,
    /// Of what, evaluated for each row; not needed by [`AggregateKind::Count`] and
    /// [`AggregateKind::Exists`].
    pub argument: Option<Node>,
}

/// The name of a field: levels up, then a path of names.
///
/// `[Order.Date]` is read as the path *Order*, *Date*, but may as well be one column whose name
/// has a dot: look for [`FieldPath::name`] first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath {
    parents: usize,
    segments: Arc<[Arc<str>]>,
    name: Arc<str>,
}

impl FieldPath {
    /// A path of these names, so many rows up.
    #[must_use]
    pub fn new(parents: usize, segments: Vec<Arc<str>>) -> Self {
        let name = match &segments[..] {
            [one] => Arc::clone(one),
            many => many.join(".").into(),
        };
        Self { parents, segments: segments.into(), name }
    }

    /// A single name in the current row.
    pub fn field(name: impl Into<Arc<str>>) -> Self {
        Self::new(0, vec![name.into()])
    }

    /// How many `^` stand before it: 0 is the row itself, 1 its parent row.
    #[must_use]
    pub fn parents(&self) -> usize {
        self.parents
    }

    /// The names of the path.
    #[must_use]
    pub fn segments(&self) -> &[Arc<str>] {
        &self.segments
    }

    /// The whole path with dots between its names, without `^`.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The same path seen from the parent row.
    pub(crate) fn seen_from_parent(&self) -> Self {
        Self { parents: self.parents.saturating_sub(1), ..self.clone() }
    }

    /// Whether the path is these names, in any letter case.
    #[must_use]
    pub fn is(&self, names: &[&str]) -> bool {
        self.parents == 0
            && self.segments.len() == names.len()
            && self.segments.iter().zip(names).all(|(own, name)| own.eq_ignore_ascii_case(name))
    }
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `Not x`.
    Not,
    /// `-x`.
    Negate,
    /// `~x`.
    BitNot,
    /// `x Is Null`.
    IsNull,
}

/// Operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `Or`.
    Or,
    /// `And`.
    And,
    /// `=`.
    Equal,
    /// `<>`.
    NotEqual,
    /// `Like`.
    Like,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `|`.
    BitOr,
    /// `^`.
    BitXor,
    /// `&`.
    BitAnd,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulo,
}

/// The precedence of `Not`.
pub(crate) const NOT: u8 = 3;
/// The precedence of `=`, `<>`, `Like`, `Is Null`, `In` and `Between`.
pub(crate) const TEST: u8 = 4;
/// The precedence of `<` and its like.
const COMPARISON: u8 = 5;
/// The precedence of `-x` and `~x`.
pub(crate) const UNARY: u8 = 11;

impl BinaryOp {
    /// How tightly it binds; more is tighter.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual | Self::Like => TEST,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => COMPARISON,
            Self::BitOr => 6,
            Self::BitXor => 7,
            Self::BitAnd => 8,
            Self::Add | Self::Subtract => 9,
            Self::Multiply | Self::Divide | Self::Modulo => 10,
        }
    }

    /// Whether it compares, and so gives a truth value.
    #[must_use]
    pub fn is_test(self) -> bool {
        matches!(self.precedence(), TEST | COMPARISON)
    }

    /// Whether it joins conditions.
    #[must_use]
    pub fn is_joint(self) -> bool {
        matches!(self, Self::And | Self::Or)
    }

    /// How it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "Or",
            Self::And => "And",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Like => "Like",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::BitAnd => "&",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}
