//! Which variables a text of a document reads.

use std::collections::BTreeSet;

use crate::expression::parse_jsonata;

/// The functions of JSONata and those that AWS adds: they may be named without being called.
const FUNCTIONS: [&str; 70] = [
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

/// Whether a name is that of a function, unless somebody assigns it.
pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// The variables in a path or an intrinsic call: `$name`, but not `$`, `$.a`, `$$` and what stands in quotes.
pub fn in_path(text: &str) -> BTreeSet<String> {
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

/// The variables in a string of a JSONata state, without those that the expression makes itself. Functions that are named
/// without being called are among them; text that is no expression reads nothing.
pub fn in_jsonata(text: &str) -> BTreeSet<String> {
    parse_jsonata(text).map(|expression| expression.variables().map(str::to_owned).collect()).unwrap_or_default()
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
    use super::{in_jsonata, in_path};

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
            assert_eq!(in_path(text).into_iter().collect::<Vec<_>>(), names, "{text}");
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
            assert_eq!(in_jsonata(text).into_iter().collect::<Vec<_>>(), names, "{text}");
        }
    }
}
