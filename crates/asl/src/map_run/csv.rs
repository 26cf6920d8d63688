//! Delimited text as Step Functions reads it (Developer Guide, ItemReader). No crate has this dialect: outside of quotes too,
//! a backslash keeps a delimiter, a quote or a backslash, and disappears before anything else.

use serde_json::{Map, Value};

/// How cells are told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
}

/// The rows of a text, as objects of strings.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    at: usize,
    dialect: Dialect,
    headers: Vec<String>,
}

/// Bytes of all headers (Step Functions quotas).
const MOST_HEADER_BYTES: usize = 10 << 10;

impl Rows {
    /// The rows under the given headers, or under those of the first row.
    pub(crate) fn new(bytes: Vec<u8>, dialect: Dialect, headers: Option<Vec<String>>) -> Result<Self, String> {
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut rows = Self { bytes, at, dialect, headers: Vec::new() };
        rows.headers = match headers {
            Some(headers) => headers,
            None => rows.cells().unwrap_or_default(),
        };
        let mut seen = std::collections::BTreeSet::new();
        if !rows.headers.iter().all(|header| seen.insert(header.as_str())) {
            return Err("CSV headers cannot contain duplicates.".into());
        }
        if rows.headers.iter().map(String::len).sum::<usize>() > MOST_HEADER_BYTES {
            return Err(format!("CSV headers cannot be longer than {MOST_HEADER_BYTES} bytes."));
        }
        Ok(rows)
    }

    /// The next row: cells that are missing are empty, cells that are too many are left out.
    pub(crate) fn next(&mut self) -> Option<Value> {
        let mut cells = self.row()?.into_iter();
        let row: Map<String, Value> = self.headers.iter().map(|header| (header.clone(), cells.next().unwrap_or_default().into())).collect();
        Some(Value::Object(row))
    }

    /// How many rows are left.
    pub(crate) fn count(&mut self) -> usize {
        let at = self.at;
        let count = std::iter::from_fn(|| self.row()).count();
        self.at = at;
        count
    }

    /// The cells of the next row that is one.
    fn row(&mut self) -> Option<Vec<String>> {
        loop {
            let cells = self.cells()?;
            if cells.len() > 1 || !cells[0].is_empty() || self.headers.len() <= 1 {
                return Some(cells);
            }
        }
    }

    fn cells(&mut self) -> Option<Vec<String>> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let (mut cells, mut cell, mut quoted) = (Vec::new(), Vec::new(), false);
        while let Some(byte) = self.bytes.get(self.at).copied() {
            self.at += 1;
            let next = self.bytes.get(self.at).copied();
            match byte {
                b'\\' => {
                    if let Some(kept) = next.filter(|next| matches!(next, b'\\' | b'"') || *next == self.dialect.delimiter) {
                        cell.push(kept);
                        self.at += 1;
                    }
                }
                b'"' if quoted && next == Some(b'"') => {
                    cell.push(b'"');
                    self.at += 1;
                }
                b'"' if quoted || cell.is_empty() => quoted = !quoted,
                b'\n' if !quoted => break,
                b'\r' if !quoted && next == Some(b'\n') => {}
                _ if byte == self.dialect.delimiter && !quoted => cells.push(text(&mut cell)),
                _ => cell.push(byte),
            }
        }
        cells.push(text(&mut cell));
        Some(cells)
    }
}

fn text(cell: &mut Vec<u8>) -> String {
    String::from_utf8_lossy(&std::mem::take(cell)).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Dialect, Rows};

    fn rows(text: &str, delimiter: u8, headers: Option<&[&str]>) -> Result<Vec<Value>, String> {
        let headers = headers.map(|headers| headers.iter().map(|header| (*header).to_owned()).collect());
        let mut rows = Rows::new(text.into(), Dialect { delimiter }, headers)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next() {
            found.push(row);
        }
        Ok(found)
    }

    #[test]
    fn rows_are_read_as_the_developer_guide_says() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4\n", json!([{"a": "1", "b": "2"}, {"a": "3", "b": "4"}])),
            ("a,b\r\n1,2\r\n", json!([{"a": "1", "b": "2"}])),
            ("a,b\n1\n1,2,3", json!([{"a": "1", "b": ""}, {"a": "1", "b": "2"}])),
            ("a,b\n\"x,\ny\",\"say \"\"hi\"\"\"", json!([{"a": "x,\ny", "b": "say \"hi\""}])),
            ("path,size\nC:\\\\Program Files\\\\MyApp.exe,6534512", json!([{"path": "C:\\Program Files\\MyApp.exe", "size": "6534512"}])),
            ("a,b\nx\\,y,z\\q", json!([{"a": "x,y", "b": "zq"}])),
            ("\u{feff}a\n1", json!([{"a": "1"}])),
            ("a,b\n\n1,2", json!([{"a": "1", "b": "2"}])),
            ("", json!([])),
        ] {
            assert_eq!(Value::Array(rows(text, b',', None).unwrap()), expected, "{text:?}");
        }
        assert_eq!(rows("1|2", b'|', Some(&["x", "y"])).unwrap(), [json!({"x": "1", "y": "2"})]);
        assert_eq!(rows("a,a\n1,2", b',', None).unwrap_err(), "CSV headers cannot contain duplicates.");
    }
}
