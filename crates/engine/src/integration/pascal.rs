//! Member names as Step Functions spells them: `jobId` becomes `JobId`.

/// The same JSON with every object key's first letter in upper case, except inside the objects
/// that stand under one of `keep`: their keys are the user's own words.
pub(super) fn pascal_case(json: &str, keep: &[&str]) -> String {
    let mut out = String::with_capacity(json.len());
    // For each open object or array: whether its keys are changed.
    let mut levels: Vec<bool> = Vec::new();
    let mut key = "";
    let mut rest = json;
    while let Some(at) = rest.find(['"', '{', '[', '}', ']']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        match found.as_bytes()[0] {
            b'"' => {
                let length = string_length(found);
                let (string, after) = found.split_at(length);
                let inner = &string[1..length - 1];
                if after.starts_with(':') {
                    key = inner;
                    push_key(&mut out, inner, levels.last().copied().unwrap_or(true));
                } else {
                    out.push_str(string);
                }
                rest = after;
                continue;
            }
            b'{' | b'[' => levels.push(levels.last().copied().unwrap_or(true) && !keep.contains(&key)),
            _ => {
                levels.pop();
                key = "";
            }
        }
        out.push_str(&found[..1]);
        rest = &found[1..];
    }
    out.push_str(rest);
    out
}

fn push_key(out: &mut String, key: &str, change: bool) {
    out.push('"');
    let mut letters = key.chars();
    match letters.next() {
        Some(first) if change => {
            out.extend(first.to_uppercase());
            out.push_str(letters.as_str());
        }
        _ => out.push_str(key),
    }
    out.push('"');
}

/// The length of the JSON string that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::pascal_case;

    #[test]
    fn keys_change_and_values_do_not() {
        let json =
            r#"{"jobId":"a:b","container":{"environment":[{"name":"x","value":"{\"y\":1}"}]},"tags":{"k":"v","n":{"m":1}},"attempts":[]}"#;
        let expect =
            r#"{"JobId":"a:b","Container":{"Environment":[{"Name":"x","Value":"{\"y\":1}"}]},"Tags":{"k":"v","n":{"m":1}},"Attempts":[]}"#;
        assert_eq!(pascal_case(json, &["tags"]), expect);
        assert_eq!(pascal_case("", &[]), "");
        assert_eq!(pascal_case(r#""é\"":"#, &[]), r#""É\"":"#);
    }
}
