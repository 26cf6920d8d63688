//! The worker's command as typed after `--`, with its placeholders `{}`, `{index}` and `{field}`.

use crate::item::Item;

/// One piece of one argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Stands for itself.
    Text(String),
    /// `{}`: the item's text.
    Item,
    /// `{index}`: the run's index, from 0.
    Index,
    /// `{name}`: the text of one field.
    Field(String),
}

/// A command whose placeholders are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    arguments: Vec<Vec<Piece>>,
}

impl Command {
    /// Reads the placeholders. Braces that name neither `index` nor one of `fields` stay as they are;
    /// `{{}}`, `{{index}}` and `{{field}}` stand for the same with single braces.
    pub fn parse(arguments: &[String], fields: &[String]) -> Self {
        Self { arguments: arguments.iter().map(|argument| pieces(argument, fields)).collect() }
    }

    /// The pieces of each argument.
    pub fn arguments(&self) -> &[Vec<Piece>] {
        &self.arguments
    }

    /// The arguments of one run.
    pub fn fill(&self, index: usize, item: &Item) -> Vec<String> {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Item => item.text(),
            Piece::Index => index.to_string(),
            Piece::Field(name) => item.field(name),
        };
        self.arguments.iter().map(|pieces| pieces.iter().map(fill).collect()).collect()
    }
}

fn pieces(argument: &str, fields: &[String]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut rest = argument;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(literal) = literal(rest, fields) {
            text.push_str(literal);
            rest = &rest[literal.len() + 2..];
        } else if let Some((piece, length)) = placeholder(rest, fields) {
            if !text.is_empty() {
                found.push(Piece::Text(std::mem::take(&mut text)));
            }
            found.push(piece);
            rest = &rest[length..];
        } else {
            text.push('{');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    if !text.is_empty() || found.is_empty() {
        found.push(Piece::Text(text));
    }
    found
}

/// What `{{…}}` at the start of `text` stands for: the same in single braces.
fn literal<'a>(text: &'a str, fields: &[String]) -> Option<&'a str> {
    let inside = &text[1..];
    let (_, length) = placeholder(inside, fields)?;
    inside[length..].starts_with('}').then(|| &inside[..length])
}

/// The placeholder at the start of `text` and how long it is with its braces.
fn placeholder(text: &str, fields: &[String]) -> Option<(Piece, usize)> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    Some((meaning(&inner[..end], fields)?, end + 2))
}

fn meaning(inner: &str, fields: &[String]) -> Option<Piece> {
    match inner {
        "" => Some(Piece::Item),
        "index" => Some(Piece::Index),
        name if fields.iter().any(|field| field == name) => Some(Piece::Field(name.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Command;
    use crate::item::Item;
    use serde_json::json;

    fn fill(argument: &str) -> String {
        let item = Item::new(json!({"month": "01", "a b": "x"}));
        let fields = ["month".to_owned(), "a b".to_owned()];
        Command::parse(&[argument.to_owned()], &fields).fill(7, &item).remove(0)
    }

    #[test]
    fn placeholders_are_filled_and_other_braces_left() {
        for (argument, expect) in [
            ("--m={month}", "--m=01"),
            ("{index}:{a b}", "7:x"),
            ("{}", r#"{"month":"01","a b":"x"}"#),
            ("{print $1}", "{print $1}"),
            ("{{}}", "{}"),
            ("{{month}} {month}", "{month} 01"),
            ("{{print}}", "{{print}}"),
            ("{{month}", "{01"),
            ("${HOME}", "${HOME}"),
            ("{", "{"),
            ("a}b{", "a}b{"),
            ("", ""),
            ("é{month}é", "é01é"),
        ] {
            assert_eq!(fill(argument), expect, "{argument}");
        }
    }
}
