//! Filter patterns for text: terms that have to be there, some of which have to be there, or that must not be there.
//!
//! Source: CloudWatch Logs User Guide, "Filter pattern syntax". Patterns for JSON, for columns, and regular expressions are refused.

/// Which messages are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

/// Why a text is no pattern, or none that is understood here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A term of other characters has to be quoted.
    #[error("Invalid character(s) in term '{0}'")]
    Term(String),
    /// A phrase without its end.
    #[error("Invalid filter pattern: a quoted phrase does not end")]
    Open,
    /// A form that fanout does not have.
    #[error("fanout does not have filter patterns {0}; it has terms, \"phrases\", ?optional and -excluded ones")]
    Form(&'static str),
}

impl Pattern {
    /// Reads a pattern; the empty one takes every message.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut rest = text.trim();
        match rest.chars().next() {
            Some('{') => return Err(PatternError::Form("for JSON ({ … })")),
            Some('[') => return Err(PatternError::Form("for columns ([ … ])")),
            Some('%') => return Err(PatternError::Form("that are regular expressions (%…%)")),
            _ => {}
        }
        let mut pattern = Self::default();
        while !rest.is_empty() {
            let (terms, after) = match rest.as_bytes()[0] {
                b'?' => (&mut pattern.any, &rest[1..]),
                b'-' => (&mut pattern.none, &rest[1..]),
                _ => (&mut pattern.all, rest),
            };
            let (term, after) = term(after)?;
            terms.push(term);
            rest = after.trim_start();
        }
        // Beside others, optional terms decide nothing.
        if !(pattern.all.is_empty() && pattern.none.is_empty()) {
            pattern.any.clear();
        }
        Ok(pattern)
    }

    /// Whether a message is meant.
    pub fn takes(&self, message: &str) -> bool {
        let has = |term: &String| message.contains(term.as_str());
        self.all.iter().all(has) && !self.none.iter().any(has) && (self.any.is_empty() || self.any.iter().any(has))
    }
}

/// The first term, and what comes after it.
fn term(text: &str) -> Result<(String, &str), PatternError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut term = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => return Ok((term, &quoted[at + 1..])),
                '\\' => term.extend(characters.next().map(|(_, escaped)| escaped)),
                other => term.push(other),
            }
        }
        return Err(PatternError::Open);
    }
    let (term, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    let is_plain = |character: char| character.is_alphanumeric() || character == '_';
    if term.is_empty() || !term.chars().all(is_plain) { Err(PatternError::Term(term.into())) } else { Ok((term.into(), rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, message: &str) -> bool {
        Pattern::parse(pattern).unwrap().takes(message)
    }

    /// Source: CloudWatch Logs User Guide, "Filter pattern syntax": terms, several of which all have to be there, optional ones, exact phrases,
    /// excluded ones; upper and lower case are told apart.
    #[test]
    fn terms_phrases_optional_and_excluded_ones() {
        for (pattern, message) in [
            ("", "anything"),
            ("  ", "anything"),
            ("ERROR", "[ERROR 400] BAD REQUEST"),
            ("ERROR REQUEST", "[ERROR 400] BAD REQUEST"),
            ("\"BAD REQUEST\"", "[ERROR 400] BAD REQUEST"),
            ("?ERROR ?WARN", "a WARN"),
            ("ERROR -EXITING", "an ERROR"),
            ("-\"by hand\"", "by machine"),
            (r#""say \"hi\"""#, r#"they say "hi""#),
        ] {
            assert!(takes(pattern, message), "{pattern:?} {message:?}");
        }
        for (pattern, message) in [
            ("error", "[ERROR 400]"),
            ("ERROR WARN", "[ERROR 400] BAD REQUEST"),
            ("\"ERROR BAD\"", "[ERROR 400] BAD REQUEST"),
            ("?ERROR ?WARN", "INFO"),
            ("ERROR -EXITING", "ERROR: EXITING"),
            ("-\"by hand\"", "made by hand"),
            ("?ERROR WARN", "ERROR"),
        ] {
            assert!(!takes(pattern, message), "{pattern:?} {message:?}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_and_named() {
        assert_eq!(Pattern::parse("a/b"), Err(PatternError::Term("a/b".into())));
        assert_eq!(Pattern::parse("a -"), Err(PatternError::Term(String::new())));
        assert_eq!(Pattern::parse("\"a"), Err(PatternError::Open));
        assert_eq!(Pattern::parse("\"a\\"), Err(PatternError::Open));
        for text in ["{ $.a = 1 }", "[a, b]", "%a|b%"] {
            assert!(matches!(Pattern::parse(text), Err(PatternError::Form(_))), "{text}");
        }
    }
}
