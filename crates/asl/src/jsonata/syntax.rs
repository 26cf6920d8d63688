//! What an expression reads, and what of the library's language AWS does not have.

use std::collections::BTreeSet;

use jsonata_core::parser::{Lexer, Token};

use super::NotJsonata;

/// What an expression reads: only that is made for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub(super) input: bool,
    pub(super) result: bool,
    pub(super) error_output: bool,
    pub(super) context: bool,
    /// Whether `$states` is read at all.
    pub(super) states: bool,
    pub(super) variables: BTreeSet<Box<str>>,
}

/// Refuses what came to JSONata after version 2.0.6, which AWS runs (Developer Guide, Transforming data).
pub(super) fn check(text: &str) -> Result<(), NotJsonata> {
    let mut lexer = Lexer::new(text.into());
    let mut signature = Signature::default();
    loop {
        match lexer.next_token() {
            Ok(Token::Eof) | Err(_) => return Ok(()),
            Ok(token) => {
                let inside = signature.goes_on(&token);
                let later = match token {
                    Token::QuestionQuestion => "??",
                    Token::QuestionColon if !inside => "?:",
                    _ => continue,
                };
                return Err(NotJsonata { reason: format!("the operator {later} is not part of JSONata 2.0.6") });
            }
        }
    }
}

/// Where in `function($a, $b)<s?:s>` the tokens are: in a signature, `?:` is no operator.
#[derive(Default)]
enum Signature {
    #[default]
    None,
    /// `function`, then its parameters, which have no parentheses of their own.
    Parameters,
    /// Behind the parameters.
    Behind,
    /// So many `<` are open.
    Open(usize),
}

impl Signature {
    /// Takes in a token; whether it is part of a signature.
    fn goes_on(&mut self, token: &Token) -> bool {
        *self = match (&*self, token) {
            (Self::Parameters, Token::RightParen) => Self::Behind,
            (_, Token::Function(_)) | (Self::Parameters, _) => Self::Parameters,
            (Self::Behind, Token::LessThan) => Self::Open(1),
            (Self::Open(depth), Token::LessThan) => Self::Open(depth + 1),
            (Self::Open(depth), Token::GreaterThan) if *depth > 1 => Self::Open(depth - 1),
            (Self::Open(depth), token) if *token != Token::GreaterThan => Self::Open(*depth),
            _ => Self::None,
        };
        matches!(self, Self::Open(_))
    }
}

/// Looks for names behind `$`. A name inside a string is taken for one, which costs a little and changes nothing.
pub(super) fn needs(text: &str) -> Needs {
    let mut needs = Needs::default();
    for (position, _) in text.match_indices('$') {
        let rest = &text[position + 1..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = &rest[..length];
        if name == "states" {
            needs.states_member(&rest[length..]);
        } else if !name.is_empty() {
            needs.variables.insert(name.into());
        }
    }
    needs
}

impl Needs {
    /// What of `$states` is read: the member that follows at once, or all of it.
    fn states_member(&mut self, rest: &str) {
        self.states = true;
        let member = rest.trim_start().strip_prefix('.').map(str::trim_start).unwrap_or_default();
        let length = member.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(member.len());
        match &member[..length] {
            "input" => self.input = true,
            "result" => self.result = true,
            "errorOutput" => self.error_output = true,
            "context" => self.context = true,
            _ => (self.input, self.result, self.error_output, self.context) = (true, true, true, true),
        }
    }
}
