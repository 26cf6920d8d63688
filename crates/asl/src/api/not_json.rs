//! What AWS says of text that is not JSON.
//!
//! AWS reads JSON with Jackson and passes its words on. Recorded are the words for an unknown token and for a key
//! without quotes; the others are those of Jackson's own parser for the same mistakes.

/// How deep Jackson lets containers nest.
const MAX_DEPTH: usize = 1_000;
/// How many characters of an unknown token Jackson repeats.
const MAX_TOKEN: usize = 256;
const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// Jackson's words for the first mistake in `text`; `None` if it finds none.
pub fn not_json(text: &str) -> Option<String> {
    let mut reader = Reader { text, at: 0, open: Vec::new() };
    reader.whole().err()
}

type Read = Result<(), String>;

struct Reader<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    /// Where each open object or array begins, and which it is.
    open: Vec<(usize, &'static str)>,
}

impl Reader<'_> {
    fn whole(&mut self) -> Read {
        self.skip_blanks();
        if self.peek().is_none() {
            return Err("No content to map due to end-of-input".into());
        }
        while self.peek().is_some() {
            self.value()?;
            self.skip_blanks();
        }
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    /// The next character that is not blank.
    fn solid(&mut self) -> Option<char> {
        self.skip_blanks();
        self.next()
    }

    fn value(&mut self) -> Read {
        if self.open.len() > MAX_DEPTH {
            let depth = self.open.len();
            return Err(format!("Document nesting depth ({depth}) exceeds the maximum allowed ({MAX_DEPTH})"));
        }
        let begin = self.at;
        match self.next() {
            Some('{') => self.object(begin),
            Some('[') => self.array(begin),
            Some('"') => self.string(": was expecting closing quote for a string value", "string value"),
            Some(first @ ('t' | 'f' | 'n')) => self.word(begin, first),
            Some(first @ ('-' | '0'..='9')) => self.number(first),
            Some(first) if first.is_alphabetic() || matches!(first, '_' | '$') => Err(self.unknown_token(begin)),
            Some(other) => Err(misplaced(other, &format!("expected a valid value {VALUES}"))),
            None => Err(self.broken_off()),
        }
    }

    fn word(&mut self, begin: usize, first: char) -> Read {
        let word = match first {
            't' => "true",
            'f' => "false",
            _ => "null",
        };
        if self.token(begin) == word {
            self.at = begin + word.len();
            return Ok(());
        }
        Err(self.unknown_token(begin))
    }

    /// Letters, digits and the like from `begin`.
    fn token(&self, begin: usize) -> &str {
        let rest = &self.text[begin..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(rest.len());
        &rest[..end]
    }

    fn unknown_token(&self, begin: usize) -> String {
        let token = self.token(begin);
        let shown = token.char_indices().nth(MAX_TOKEN).map_or_else(|| token.to_owned(), |(end, _)| format!("{}...", &token[..end]));
        format!("Unrecognized token '{shown}': was expecting {VALUES}")
    }

    fn object(&mut self, begin: usize) -> Read {
        self.open.push((begin, "Object"));
        let mut first = true;
        loop {
            match self.solid() {
                Some('}') if first => break,
                Some('"') => self.string(" in field name", "name")?,
                Some(other) => return Err(misplaced(other, "was expecting double-quote to start field name")),
                None => return Err(self.unclosed()),
            }
            match self.solid() {
                Some(':') => {}
                Some(other) => return Err(misplaced(other, "was expecting a colon to separate field name and value")),
                None => return Err(self.broken_off()),
            }
            self.skip_blanks();
            self.value()?;
            if self.closed('}', "Object")? {
                break;
            }
            first = false;
        }
        self.open.pop();
        Ok(())
    }

    fn array(&mut self, begin: usize) -> Read {
        self.open.push((begin, "Array"));
        self.skip_blanks();
        if self.peek() == Some(']') {
            self.at += 1;
        } else {
            loop {
                self.skip_blanks();
                if self.peek().is_none() {
                    return Err(self.unclosed());
                }
                self.value()?;
                if self.closed(']', "Array")? {
                    break;
                }
            }
        }
        self.open.pop();
        Ok(())
    }

    /// After an entry: whether it was the last.
    fn closed(&mut self, close: char, what: &str) -> Result<bool, String> {
        match self.solid() {
            Some(',') => Ok(false),
            Some(found) if found == close => Ok(true),
            Some(other) => Err(misplaced(other, &format!("was expecting comma to separate {what} entries"))),
            None => Err(self.unclosed()),
        }
    }

    fn string(&mut self, unended: &str, what: &str) -> Read {
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') => self.escape()?,
                Some(control) if control < ' ' => {
                    let words = "has to be escaped using backslash to be included in";
                    return Err(format!("Illegal unquoted character ({}): {words} {what}", shown(control)));
                }
                Some(_) => {}
                None => return Err(format!("Unexpected end-of-input{unended}")),
            }
        }
    }

    fn escape(&mut self) -> Read {
        match self.next() {
            Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Ok(()),
            Some('u') => (0..4).try_for_each(|_| match self.next() {
                Some(digit) if digit.is_ascii_hexdigit() => Ok(()),
                Some(other) => Err(unexpected(other, "expected a hex-digit for character escape sequence")),
                None => Err("Unexpected end-of-input in character escape sequence".into()),
            }),
            Some(other) => Err(format!("Unrecognized character escape {}", shown(other))),
            None => Err("Unexpected end-of-input in character escape sequence".into()),
        }
    }

    fn number(&mut self, first: char) -> Read {
        let mut lead = first;
        if first == '-' {
            lead = self.digit("expected digit (0-9) to follow minus sign, for valid numeric value")?;
        }
        if lead == '0' && self.peek().is_some_and(|next| next.is_ascii_digit()) {
            return Err("Invalid numeric value: Leading zeroes not allowed".into());
        }
        self.digits();
        if self.peek() == Some('.') {
            self.at += 1;
            self.digit("Decimal point not followed by a digit")?;
            self.digits();
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            self.digit("Exponent indicator not followed by a digit")?;
            self.digits();
        }
        match self.peek() {
            Some(next) if self.open.is_empty() && !matches!(next, ' ' | '\t' | '\n' | '\r') => {
                Err(unexpected(next, "Expected space separating root-level values"))
            }
            _ => Ok(()),
        }
    }

    fn digit(&mut self, otherwise: &str) -> Result<char, String> {
        match self.next() {
            Some(digit) if digit.is_ascii_digit() => Ok(digit),
            Some(other) => Err(format!("Unexpected character ({}) in numeric value: {otherwise}", shown(other))),
            None => Err("Unexpected end-of-input in a Number value".into()),
        }
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|next| next.is_ascii_digit()) {
            self.at += 1;
        }
    }

    /// The text ends where a value is due.
    fn broken_off(&self) -> String {
        let what = self.open.last().map_or("Object", |(_, what)| what);
        format!("Unexpected end-of-input within/between {what} entries")
    }

    /// The text ends before an object or an array does.
    fn unclosed(&self) -> String {
        let (begin, what) = self.open.last().copied().unwrap_or((0, "Object"));
        let before = &self.text[..begin];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!(
            "Unexpected end-of-input: expected close marker for {what} (start marker at [Source: UNKNOWN; line: {line}, column: {column}])"
        )
    }
}

/// A character between tokens.
fn misplaced(found: char, expected: &str) -> String {
    if found < ' ' {
        return format!("Illegal character ({}): only regular white space (\\r, \\n, \\t) is allowed between tokens", shown(found));
    }
    unexpected(found, expected)
}

fn unexpected(found: char, expected: &str) -> String {
    format!("Unexpected character ({}): {expected}", shown(found))
}

fn shown(c: char) -> String {
    match u32::from(c) {
        code @ 0..=31 => format!("(CTRL-CHAR, code {code})"),
        code @ 32..=255 => format!("'{c}' (code {code})"),
        code => format!("'{c}' (code {code} / 0x{code:x})"),
    }
}

#[cfg(test)]
mod tests;
