//! The variables of one expression.

use std::collections::BTreeSet;

/// Functions that may stand as values: JSONata's and those that AWS adds.
const FUNCTIONS: [&str; 69] = [
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "eval",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
];

/// In a path or an intrinsic call: `$name`, not `$`, `$.name` or `$$.name`.
pub(super) fn in_path(path: &str, found: &mut BTreeSet<String>) {
    let mut scanner = Scanner { rest: path };
    while let Some(token) = scanner.next(&['\'']) {
        if let Token::Name(name) = token {
            found.insert(name.to_owned());
        }
    }
}

/// In a JSONata expression: names that are neither bound within it, nor functions, nor `$states`.
pub(super) fn in_jsonata(expression: &str, found: &mut BTreeSet<String>) {
    let mut names = BTreeSet::new();
    let mut bound = BTreeSet::new();
    let mut scanner = Scanner { rest: expression };
    let mut before = None;
    while let Some(token) = scanner.next(&['\'', '"', '`']) {
        if let Token::Name(name) = token {
            let after = scanner.rest.trim_start();
            let binds = after.starts_with(":=") || matches!(before, Some(Token::Other('@' | '#')));
            if binds {
                bound.insert(name);
            } else if !after.starts_with('(') {
                names.insert(name);
            }
        }
        if let Token::Function(parameters) = token {
            bound.extend(parameters.split(',').filter_map(|parameter| parameter.trim().strip_prefix('$')));
        }
        before = Some(token);
    }
    let free = names.into_iter().filter(|name| !bound.contains(name) && *name != "states" && !FUNCTIONS.contains(name));
    found.extend(free.map(str::to_owned));
}

#[derive(Clone, Copy)]
enum Token<'a> {
    /// Without its `$`.
    Name(&'a str),
    /// What stands between the parentheses of `function(…)`.
    Function(&'a str),
    /// A character that means nothing here; blanks are passed over.
    Other(char),
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// The next token outside of comments and of texts in any of these `quotes`.
    fn next(&mut self, quotes: &[char]) -> Option<Token<'a>> {
        loop {
            self.rest = self.rest.trim_start();
            let first = self.rest.chars().next()?;
            if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").map_or("", |(_, after)| after);
            } else if quotes.contains(&first) {
                self.rest = after_text(&self.rest[1..], first);
            } else if first == '$' {
                let name = word(&self.rest[1..]);
                self.rest = &self.rest[1 + name.len()..];
                // The context object, and the context of a JSONata expression.
                self.rest = if name.is_empty() { self.rest.strip_prefix('$').unwrap_or(self.rest) } else { self.rest };
                if !name.is_empty() {
                    return Some(Token::Name(name));
                }
            } else if first.is_alphabetic() || first == '_' {
                let name = word(self.rest);
                self.rest = &self.rest[name.len()..];
                let parameters = self.rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
                match parameters {
                    Some((parameters, after)) if matches!(name, "function" | "λ") => {
                        self.rest = after;
                        return Some(Token::Function(parameters));
                    }
                    _ => return Some(Token::Other('a')),
                }
            } else {
                self.rest = &self.rest[first.len_utf8()..];
                return Some(Token::Other(first));
            }
        }
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// What follows the end of a text that has begun.
fn after_text(text: &str, quote: char) -> &str {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return &text[at + c.len_utf8()..],
            _ => {}
        }
    }
    ""
}
