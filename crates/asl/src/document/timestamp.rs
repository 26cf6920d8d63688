//! The timestamps of Wait and Choice: ISO 8601 with a capital T and an offset.

use jiff::Timestamp;

/// Reads `2016-03-14T01:59:00Z` and its like.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shape = |at: usize, byte: u8| bytes.get(at) == Some(&byte);
    let plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | ':' | '.' | 'T' | 'Z'));
    if !(plain && shape(4, b'-') && shape(7, b'-') && shape(10, b'T') && shape(13, b':')) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn offsets_and_capital_letters_are_required() {
        for text in ["2016-03-14T01:59:00Z", "2016-03-14T01:59:00.123456789Z", "2016-03-14T01:59:00+01:00"] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "2016-12-05T21:29:29",
            "2016-13-05T21:29:29Z",
            "05-12-2016T21:29:29Z",
            "2016-12-05t21:29:29z",
            "2016-12-05 21:29:29Z",
            "2016-12-05",
            "20161205T212929Z",
            "{% '2016-03-14T01:59:00Z' %}",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
