//! How SQL text is cut into words.

/// When a backslash in a text stands for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backslash {
    /// Always.
    #[default]
    Plain,
    /// Except in texts with an `E` before them.
    EscapesAfterE,
    /// Never: it escapes the next character.
    Escapes,
}

/// Which names with `@` before them may be variables of the text instead of parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variables {
    /// None.
    #[default]
    None,
    /// Those that a `DECLARE` of the text names.
    Declared,
    /// Those that the text gives a value by `:=`.
    Assigned,
}

/// How a database reads SQL text: where texts, names and comments begin and end. A parameter is
/// never looked for within them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lexis {
    /// What a backslash in a text does.
    pub backslash: Backslash,
    /// Whether double quotes hold texts, with the rules of backslashes, instead of names.
    pub double_quoted_texts: bool,
    /// Whether `[name]` is a name.
    pub brackets: bool,
    /// Whether `` `name` `` is a name.
    pub backticks: bool,
    /// Whether `#` begins a comment.
    pub hash_comments: bool,
    /// Whether comments have comments within them.
    pub nested_comments: bool,
    /// Whether `--` begins a comment only before a blank, and `/*!` is no comment.
    pub mysql_comments: bool,
    /// Whether `$tag$` begins and ends a text.
    pub dollar_quotes: bool,
    /// Whether a colon directly behind a value is no parameter, as in `list[1:last]`.
    pub slices: bool,
    /// Whether `q'[…]'` is a text that ends with its own bracket.
    pub q_quotes: bool,
    /// Whether `'''…'''` and `"""…"""` are texts.
    pub triple_quotes: bool,
    /// Which names may be variables.
    pub variables: Variables,
    /// The sign that stands before the number of a place in texts that were written for the database
    /// itself: `$` in `$1`.
    pub numbered: Option<char>,
    /// Whether a `?` alone is the place of the next parameter.
    pub question_marks: bool,
}
