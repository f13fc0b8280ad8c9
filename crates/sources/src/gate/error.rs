//! Why a statement is not run, in words that follow "it".

/// Why a statement is not run, in words that follow "it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// The parser cannot make sense of the text.
    #[error("cannot be read at line {line}, column {column}: {message}")]
    Unreadable { line: u64, column: u64, message: String },
    /// It is something else than a query, or nothing at all.
    #[error("does more than read tables and views; only a select is run")]
    NotReading,
    #[error("holds more than one statement; keep one")]
    Several,
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
}

/// What a statement may not do, in words that follow "it".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forbidden {
    #[error("reads \"{0}\", which the data model does not show; leave it out, or check it there")]
    Table(String),
    #[error(
        "reads column \"{column}\" of \"{table}\", which the data model does not show; leave it out, or check it there"
    )]
    Column { table: String, column: String },
    #[error(
        "reads \"{0}\", which is no table or view of the data model; correct the name, or refresh the schema there"
    )]
    UnknownTable(String),
    #[error(
        "names \"{0}\", which is no column that it can read there; correct the name, write texts in single quotes, or refresh the schema of the data model"
    )]
    UnknownColumn(String),
    #[error("names \"{0}\", which can be more than one thing there; write its table before it")]
    Ambiguous(String),
    #[error("has no table \"{0}\" to take columns from at that place; name one of its from clause")]
    UnknownSource(String),
    #[error(
        "joins by natural or using, and the data model hides columns; write the condition with on"
    )]
    Join,
    #[error(
        "calls {0}, which is not among the functions that statements may call; leave it out, or call it in a view that the data model shows"
    )]
    Function(String),
    #[error(
        "turns a value into {0}, which is not among the types that statements may use; choose a plain type"
    )]
    Type(String),
    #[error("reads {0}, which is neither a column nor a parameter of the query; make it one")]
    Variable(String),
    #[error(
        "uses {0}, which cannot be checked; write it another way, or put it in a view that the data model shows"
    )]
    Construct(String),
    #[error("is too large to be checked: {0}; make it smaller, or put parts in a view")]
    TooLarge(&'static str),
    #[error("reads \"{table}\", whose row filter {why}; correct the filter in the data model")]
    Filter { table: String, why: Box<Refusal> },
}

/// A way of writing that is not understood well enough to be run.
pub(super) fn construct<T>(what: impl Into<String>) -> Result<T, Refusal> {
    Err(Forbidden::Construct(what.into()).into())
}
