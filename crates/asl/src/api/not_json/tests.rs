use super::not_json;

/// Recorded.
#[test]
fn unknown_tokens_and_unquoted_keys_have_awss_words() {
    let token = "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    assert_eq!(not_json("not some json").unwrap(), token);
    let key = "Unexpected character (''' (code 39)): was expecting double-quote to start field name";
    assert_eq!(not_json("{'not': 'json'").unwrap(), key);
}

#[test]
fn other_mistakes_have_jacksons_words() {
    for (text, words) in [
        ("", "No content to map due to end-of-input"),
        (" \n", "No content to map due to end-of-input"),
        (r#"{"a": }"#, "Unexpected character ('}' (code 125)): expected a valid value"),
        (r#"{"a": 1"#, "expected close marker for Object (start marker at [Source: UNKNOWN; line: 1, column: 1])"),
        ("{\n \"a\": [1", "expected close marker for Array (start marker at [Source: UNKNOWN; line: 2, column: 7])"),
        (r#"{"a":"#, "Unexpected end-of-input within/between Object entries"),
        (r#"{"a" 1}"#, "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"),
        (r#"{"a": 1 "b": 2}"#, r#"Unexpected character ('"' (code 34)): was expecting comma to separate Object entries"#),
        ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
        (r#"{"a": 1,}"#, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
        (r#""abc"#, "Unexpected end-of-input: was expecting closing quote for a string value"),
        ("\"a\nb\"", "Illegal unquoted character ((CTRL-CHAR, code 10)): has to be escaped using backslash"),
        (r#""\x""#, "Unrecognized character escape 'x' (code 120)"),
        (r#""\u00g0""#, "Unexpected character ('g' (code 103)): expected a hex-digit"),
        ("01", "Invalid numeric value: Leading zeroes not allowed"),
        ("-a", "Unexpected character ('a' (code 97)) in numeric value: expected digit (0-9) to follow minus sign"),
        ("1.x", "Unexpected character ('x' (code 120)) in numeric value: Decimal point not followed by a digit"),
        ("12a", "Unexpected character ('a' (code 97)): Expected space separating root-level values"),
        ("trux", "Unrecognized token 'trux'"),
        ("{} x", "Unrecognized token 'x'"),
        ("{\0}", r"Illegal character ((CTRL-CHAR, code 0)): only regular white space (\r, \n, \t) is allowed between tokens"),
        ("€", "Unexpected character ('€' (code 8364 / 0x20ac))"),
    ] {
        let said = not_json(text).unwrap();
        assert!(said.contains(words), "{text}: {said}");
    }
}

#[test]
fn of_a_long_token_the_beginning_is_shown() {
    let said = not_json(&"é".repeat(300)).unwrap();
    assert!(said.starts_with(&format!("Unrecognized token '{}...': ", "é".repeat(256))), "{said}");
}

#[test]
fn text_does_not_nest_for_ever() {
    assert_eq!(not_json(&"[".repeat(1_000_000)).unwrap(), "Document nesting depth (1001) exceeds the maximum allowed (1000)");
}

#[test]
fn json_has_no_mistakes() {
    for text in ["{}", "[]", " null ", r#"{"a": [1, -2.5e+3, "\u00e9\n", true, {"b": {}}], "c": ""}"#, "[[],[0]]"] {
        assert_eq!(not_json(text), None, "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(text).is_ok());
    }
}
