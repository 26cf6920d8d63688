//! Where everything stands in the text: ranges of values and keys, for text that is known to be JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::pointer::Pointer;
use super::report::Report;
use super::rules;

/// A document and its text.
#[derive(Debug)]
pub(super) struct Source<'t> {
    text: &'t str,
    root: Value,
    tree: Node<'t>,
    repeated: Vec<Repeated>,
    /// Where lines end.
    ends: Vec<usize>,
}

#[derive(Debug)]
struct Node<'t> {
    range: Range<usize>,
    below: Below<'t>,
}

#[derive(Debug)]
enum Below<'t> {
    Nothing,
    Members(BTreeMap<Cow<'t, str>, Member<'t>>),
    Elements(Vec<Node<'t>>),
}

#[derive(Debug)]
struct Member<'t> {
    key: Range<usize>,
    value: Node<'t>,
}

/// A key that its object has already.
#[derive(Debug)]
struct Repeated {
    at: Pointer,
    key: String,
    first: usize,
    range: Range<usize>,
}

impl<'t> Source<'t> {
    /// Reads a text.
    ///
    /// # Errors
    /// If it is not JSON, or nested too deep to be read safely.
    pub(super) fn read(text: &'t str) -> Result<Self, serde_json::Error> {
        let root: Value = serde_json::from_str(text)?;
        let mut scanner = Scanner { text, at: 0, way: Pointer::default(), repeated: Vec::new() };
        let tree = scanner.value();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
        Ok(Self { text, root, tree, repeated: scanner.repeated, ends })
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    pub(super) fn root(&self) -> &Value {
        &self.root
    }

    /// Where a place is shown, within one line: a plain value itself, a container by its key or by how it begins.
    pub(super) fn range(&self, pointer: &Pointer) -> Range<usize> {
        let (mut node, mut key) = (&self.tree, None);
        for part in pointer.parts() {
            match &node.below {
                Below::Members(members) => match members.get(&*part) {
                    Some(member) => (node, key) = (&member.value, Some(&member.key)),
                    None => break,
                },
                Below::Elements(elements) => match part.parse().ok().and_then(|position: usize| elements.get(position)) {
                    Some(element) => (node, key) = (element, None),
                    None => break,
                },
                Below::Nothing => break,
            }
        }
        match (&node.below, key) {
            (Below::Nothing, _) => node.range.clone(),
            (_, Some(key)) => key.clone(),
            (_, None) if pointer.as_str().is_empty() => node.range.start..node.range.start + 1,
            (_, None) => self.first_line(node.range.clone()),
        }
    }

    /// Where the name of a member is; of anything else, where it is shown.
    pub(super) fn key_range(&self, object: &Pointer, key: &str) -> Range<usize> {
        let mut node = &self.tree;
        for part in object.parts() {
            let next = match &node.below {
                Below::Members(members) => members.get(&*part).map(|member| &member.value),
                Below::Elements(elements) => part.parse().ok().and_then(|position: usize| elements.get(position)),
                Below::Nothing => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        match &node.below {
            Below::Members(members) => members.get(key).map_or_else(|| self.range(object), |member| member.key.clone()),
            _ => self.range(object),
        }
    }

    fn first_line(&self, range: Range<usize>) -> Range<usize> {
        let line = self.text[range.clone()].find(['\n', '\r']).map_or(range.end, |length| range.start + length);
        range.start..line
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, byte: usize) -> usize {
        self.ends.partition_point(|end| *end < byte) + 1
    }
}

/// Keys that an object has twice: the parser keeps the last and says nothing.
pub(super) fn check_keys(report: &mut Report<'_>) {
    let source = report.source();
    for repeated in &source.repeated {
        let line = source.line(repeated.first);
        let message =
            format!("the key {:?} is here already, on line {line}: JSON readers keep one of the two and say nothing", repeated.key);
        let help = "remove one of them, or give it another name";
        report.add_range(&rules::DUPLICATE_KEY, &repeated.at, repeated.range.clone(), message, Some(help.into()));
    }
}

/// Reads ranges. The text is JSON, and nested no deeper than the parser before went.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    way: Pointer,
    repeated: Vec<Repeated>,
}

impl<'t> Scanner<'t> {
    fn value(&mut self) -> Node<'t> {
        self.skip_blanks();
        let start = self.at;
        let below = match self.peek() {
            Some(b'{') => self.members(),
            Some(b'[') => self.elements(),
            Some(b'"') => {
                self.string();
                Below::Nothing
            }
            _ => {
                let rest = &self.text[start..];
                self.at += rest.find(|c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace()).unwrap_or(rest.len());
                Below::Nothing
            }
        };
        Node { range: start..self.at, below }
    }

    fn members(&mut self) -> Below<'t> {
        let mut members: BTreeMap<Cow<'t, str>, Member<'t>> = BTreeMap::new();
        let around = self.way.clone();
        while self.next_part(b'}') {
            let key = self.string();
            let name = self.unquoted(key.clone());
            self.skip_blanks();
            self.at += 1;
            self.way = around.key(&name);
            let value = self.value();
            if let Some(first) = members.get(&name) {
                let (at, first) = (self.way.clone(), first.key.start);
                self.repeated.push(Repeated { at, key: name.to_string(), first, range: key.clone() });
            }
            members.insert(name, Member { key, value });
        }
        self.way = around;
        Below::Members(members)
    }

    fn elements(&mut self) -> Below<'t> {
        let mut elements = Vec::new();
        let around = self.way.clone();
        while self.next_part(b']') {
            self.way = around.index(elements.len());
            elements.push(self.value());
        }
        self.way = around;
        Below::Elements(elements)
    }

    /// Steps over the opening bracket or a comma; false, and behind it, at the closing one or at the end of the text.
    fn next_part(&mut self, close: u8) -> bool {
        self.skip_blanks();
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        if byte.is_none() || byte == Some(close) {
            return false;
        }
        self.skip_blanks();
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        !closes && self.peek().is_some()
    }

    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        let mut bytes = self.text.as_bytes()[start..].iter().enumerate().skip(1);
        while let Some((length, byte)) = bytes.next() {
            match byte {
                b'\\' => _ = bytes.next(),
                b'"' => {
                    self.at = start + length + 1;
                    return start..self.at;
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        start..self.at
    }

    fn unquoted(&self, range: Range<usize>) -> Cow<'t, str> {
        let quoted = &self.text[range];
        let plain = quoted.trim_matches('"');
        if quoted.contains('\\') { serde_json::from_str(quoted).unwrap_or_else(|_| plain.to_owned()).into() } else { plain.into() }
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::{Pointer, Source};

    #[test]
    fn places_are_found_in_the_text() {
        let text = "{\n  \"a\\u0062\": {\"c\": [1, {\"d\" : \"x\\\"]\"}, [ ]]},\n  \"e\":null}\n";
        let source = Source::read(text).unwrap();
        let shown = |pointer: &Pointer| &text[source.range(pointer)];
        let root = Pointer::default();
        assert_eq!(shown(&root), "{");
        let ab = root.key("ab");
        assert_eq!(shown(&ab), "\"a\\u0062\"");
        assert_eq!(shown(&ab.key("c")), "\"c\"");
        assert_eq!(shown(&ab.key("c").index(0)), "1");
        assert_eq!(shown(&ab.key("c").index(1)), "{\"d\" : \"x\\\"]\"}");
        assert_eq!(shown(&ab.key("c").index(1).key("d")), "\"x\\\"]\"");
        assert_eq!(shown(&ab.key("c").index(2)), "[ ]");
        assert_eq!(shown(&root.key("e")), "null");
        assert_eq!(shown(&root.key("e").key("nothing")), "null");
        assert_eq!(&text[source.key_range(&root, "e")], "\"e\"");
    }
}
