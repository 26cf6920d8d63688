//! Which variables a text reads.

use std::collections::BTreeSet;

/// The functions, which may be named without being called, and what is no variable of ours.
pub(super) const BUILT_IN: [&str; 71] = [
    "states",
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
    "zip",
];

/// The variables in a path or an intrinsic call: `$name`, but not `$`, `$.a`, `$$` and what stands in quotes.
pub(super) fn of_path(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut quote, mut before) = (None, ' ');
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some(_), '\\') => _ = chars.next(),
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '\'' | '"') => quote = Some(c),
            (None, '$') if !is_of_name(before) && before != '.' && before != '$' => {
                let name = name_at(&text[at + 1..]);
                if !name.is_empty() {
                    names.insert(name.to_owned());
                }
            }
            _ => {}
        }
        before = c;
    }
    names
}

/// The variables in a string of a JSONata state, without those that the expression binds itself.
pub(super) fn of_jsonata(text: &str) -> BTreeSet<String> {
    let Some(expression) = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")) else { return BTreeSet::new() };
    let (mut read, mut bound) = (BTreeSet::new(), BTreeSet::new());
    let mut scanner = Scanner { text: expression, at: 0, before: ' ' };
    while let Some((c, start)) = scanner.next() {
        if c == 'λ' || c == 'f' && scanner.word_from(start) == "function" {
            scanner.at = start + scanner.word_from(start).len().max(c.len_utf8());
            bound.extend(scanner.parameters());
        } else if c == '$' {
            let name = name_at(&expression[start + 1..]);
            let bind = matches!(scanner.before, '@' | '#');
            scanner.at = start + 1 + name.len();
            let rest = expression[scanner.at..].trim_start();
            if name.is_empty() || rest.starts_with('(') {
                // `$`, `$$` and calls.
            } else if bind || rest.starts_with(":=") {
                bound.insert(name.to_owned());
            } else {
                read.insert(name.to_owned());
            }
        }
        scanner.before = if c.is_whitespace() { scanner.before } else { c };
    }
    read.retain(|name| !bound.contains(name) && name != "states");
    read
}

/// Goes over an expression, past strings, quoted names, comments and regular expressions.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// The last character that is no blank.
    before: char,
}

impl<'t> Scanner<'t> {
    /// The next character that counts, and where it is.
    fn next(&mut self) -> Option<(char, usize)> {
        loop {
            let start = self.at;
            let c = self.text[start..].chars().next()?;
            self.at += c.len_utf8();
            match c {
                '"' | '\'' | '`' => self.skip_to(c),
                '/' if self.text[self.at..].starts_with('*') => {
                    self.at = self.text[self.at..].find("*/").map_or(self.text.len(), |length| self.at + length + 2);
                    continue;
                }
                '/' if !is_of_name(self.before) && !matches!(self.before, '$' | ')' | ']' | '}' | '"' | '\'' | '`') => self.skip_to(c),
                _ => return Some((c, start)),
            }
            self.before = c;
        }
    }

    fn skip_to(&mut self, close: char) {
        let mut chars = self.text[self.at..].char_indices();
        while let Some((at, c)) = chars.next() {
            if c == '\\' {
                chars.next();
            } else if c == close {
                self.at += at + c.len_utf8();
                return;
            }
        }
        self.at = self.text.len();
    }

    /// The whole word at a place; nothing if a word goes on there.
    fn word_from(&self, start: usize) -> &'t str {
        let goes_on = self.text[..start].chars().next_back().is_some_and(|c| is_of_name(c) || c == '$');
        if goes_on { "" } else { name_at(&self.text[start..]) }
    }

    /// The names in the parentheses behind `function`.
    fn parameters(&mut self) -> Vec<String> {
        let rest = self.text[self.at..].trim_start();
        let Some((inside, _)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { return Vec::new() };
        inside.split(',').filter_map(|name| name.trim().strip_prefix('$')).map(str::to_owned).collect()
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The name that a text begins with, if it does.
fn name_at(text: &str) -> &str {
    let length = text.find(|c: char| !is_of_name(c)).unwrap_or(text.len());
    if text.starts_with(|c: char| c.is_ascii_digit()) { "" } else { &text[..length] }
}

#[cfg(test)]
mod tests {
    use super::{of_jsonata, of_path};

    #[test]
    fn paths_and_calls_read_variables() {
        for (text, names) in [
            ("$.a.b", &[][..]),
            ("$$.Execution.Id", &[]),
            ("$name", &["name"]),
            ("$name.a[0]", &["name"]),
            ("States.Format('$no {} $no', $one, States.Array($two.x, $.a, $$.Map))", &["one", "two"]),
            ("$.a['$no']", &[]),
            ("$.a$no", &[]),
            ("$", &[]),
        ] {
            assert_eq!(of_path(text).into_iter().collect::<Vec<_>>(), names, "{text}");
        }
    }

    #[test]
    fn expressions_read_variables() {
        for (text, names) in [
            ("plain $no", &[][..]),
            ("{% $states.input.a & $one %}", &["one"]),
            ("{% $map($list, function($x, $i) { $x + $i + $two }) %}", &["list", "two"]),
            ("{% ($local := 1; $local + $three) %}", &["three"]),
            ("{% '$no' & \"$no\" & `$no` /* $no */ & $replace($s, /a$no\\/b/, '') %}", &["s"]),
            ("{% $map([1], $string) %}", &["string"]),
            ("{% $count < $count($states.input) %}", &["count"]),
            ("{% $reduce($a, λ($x, $y){$x + $y}) %}", &["a"]),
            ("{% library.loans@$l.books#$i[$l.isbn=isbn].{'i': $i} %}", &[]),
            ("{% $a / $b / $c %}", &["a", "b", "c"]),
            ("{% $$.a.$ %}", &[]),
            ("{% $sum(items.function) + $d %}", &["d"]),
        ] {
            assert_eq!(of_jsonata(text).into_iter().collect::<Vec<_>>(), names, "{text}");
        }
    }
}
