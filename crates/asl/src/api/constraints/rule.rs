//! The kinds of demands.

/// A member of a structure.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) rule: Rule,
}

/// What is demanded of a value.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// So many characters, perhaps of some form.
    Text { min: usize, max: usize, pattern: Option<Pattern> },
    /// The same, but the text is not repeated in a refusal (`sensitive` in the model).
    Secret { min: usize, max: usize },
    /// So many bytes; not repeated either.
    Payload { max: usize },
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Between these.
    Number { min: i64, max: Option<i64> },
    /// So many of something.
    List { min: usize, max: usize, of: &'static Self },
    /// A structure.
    Object { class: &'static str, members: &'static [Member] },
    /// Nothing.
    Anything,
}

/// The model's regular expressions.
#[derive(Clone, Copy)]
pub(super) enum Pattern {
    /// `CharacterRestrictedName`.
    AliasName,
    /// `TraceHeader`.
    Ascii,
    /// `ClientToken`.
    Visible,
}

impl Pattern {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::AliasName => r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
            Self::Ascii => r"\p{ASCII}*",
            Self::Visible => "[!-~]+",
        }
    }

    pub(super) fn holds(self, text: &str) -> bool {
        let mark = |c: char| matches!(c, '_' | '-' | '.');
        match self {
            Self::AliasName => {
                text.chars().all(|c| c.is_ascii_alphanumeric() || mark(c)) && text.chars().any(|c| c.is_ascii_alphabetic() || mark(c))
            }
            Self::Ascii => text.is_ascii(),
            Self::Visible => !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()),
        }
    }
}

pub(super) const fn must(name: &'static str, rule: Rule) -> Member {
    Member { name, required: true, rule }
}

pub(super) const fn may(name: &'static str, rule: Rule) -> Member {
    Member { name, required: false, rule }
}

pub(super) const fn text(min: usize, max: usize) -> Rule {
    Rule::Text { min, max, pattern: None }
}

pub(super) const fn shaped(min: usize, max: usize, pattern: Pattern) -> Rule {
    Rule::Text { min, max, pattern: Some(pattern) }
}

pub(super) const fn at_least(min: i64) -> Rule {
    Rule::Number { min, max: None }
}

pub(super) const fn between(min: i64, max: i64) -> Rule {
    Rule::Number { min, max: Some(max) }
}
