//! Text to expression.

use super::{ContextPath, Expression, NotAnExpression, VariablePath};
use crate::intrinsic::{Argument, Call, Function, Literal};
use crate::path::Path;

/// Calls within calls that AWS allows.
const MAX_NESTING: usize = 10;

impl Expression {
    /// Reads a path, a context path or an intrinsic call.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAnExpression> {
        if text.starts_with("States.") {
            let mut reader = Reader { text, at: 0 };
            let call = reader.call(1)?;
            return if reader.at == text.len() { Ok(Self::Call(Box::new(call))) } else { Err(NotAnExpression) };
        }
        Self::parse_path(text)
    }

    /// Reads a path or a context path.
    pub(crate) fn parse_path(text: &str) -> Result<Self, NotAnExpression> {
        if text.starts_with("$$") {
            return ContextPath::parse(text).map(Self::Context);
        }
        match Path::parse(text) {
            Ok(path) => Ok(Self::Input(path)),
            Err(_) => VariablePath::parse(text).map(Self::Variable),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest().as_bytes().first() == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), NotAnExpression> {
        self.skip_blanks();
        if self.eat(byte) { Ok(()) } else { Err(NotAnExpression) }
    }

    fn call(&mut self, nesting: usize) -> Result<Call, NotAnExpression> {
        let start = self.at;
        let rest = self.rest();
        let open = rest.find('(').filter(|_| nesting <= MAX_NESTING).ok_or(NotAnExpression)?;
        let function = Function::named(rest[..open].trim_end()).ok_or(NotAnExpression)?;
        self.at += open + 1;
        let arguments = self.arguments(nesting)?;
        Call::new(&self.text[start..self.at], function, arguments).ok_or(NotAnExpression)
    }

    fn arguments(&mut self, nesting: usize) -> Result<Vec<Argument>, NotAnExpression> {
        let mut arguments = Vec::new();
        self.skip_blanks();
        if self.eat(b')') {
            return Ok(arguments);
        }
        loop {
            self.skip_blanks();
            arguments.push(self.argument(nesting)?);
            self.skip_blanks();
            if self.eat(b')') {
                return Ok(arguments);
            }
            self.expect(b',')?;
        }
    }

    fn argument(&mut self, nesting: usize) -> Result<Argument, NotAnExpression> {
        let rest = self.rest();
        if rest.starts_with('\'') {
            return self.string().map(Argument::Literal);
        }
        if rest.starts_with("States.") {
            return self.call(nesting + 1).map(|call| Argument::Expression(Expression::Call(Box::new(call))));
        }
        if rest.starts_with('$') {
            let path = &rest[..path_length(rest)];
            self.at += path.len();
            return Expression::parse_path(path.trim_end()).map(Argument::Expression);
        }
        let word = &rest[..rest.find([',', ')']).ok_or(NotAnExpression)?];
        self.at += word.len();
        let value: serde_json::Value = serde_json::from_str(word.trim()).map_err(|_| NotAnExpression)?;
        if value.is_number() || value.is_boolean() || value.is_null() {
            Ok(Argument::Literal(Literal::Value(value)))
        } else {
            Err(NotAnExpression)
        }
    }

    fn string(&mut self) -> Result<Literal, NotAnExpression> {
        let body = &self.rest()[1..];
        let mut bytes = body.bytes().enumerate();
        while let Some((position, byte)) = bytes.next() {
            match byte {
                b'\'' => {
                    self.at += position + 2;
                    return Ok(Literal::Text(body[..position].into()));
                }
                b'\\' => match bytes.next() {
                    Some((_, b'\'' | b'\\' | b'{' | b'}')) => {}
                    _ => return Err(NotAnExpression),
                },
                _ => {}
            }
        }
        Err(NotAnExpression)
    }
}

/// How far a path reaches among arguments: up to a comma or parenthesis that is not inside its own brackets or quotes.
fn path_length(text: &str) -> usize {
    let (mut depth, mut quote, mut escaped) = (0i32, None, false);
    for (position, byte) in text.bytes().enumerate() {
        if let Some(open) = quote {
            quote = quote.filter(|_| escaped || byte != open);
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'\'' | b'"' => quote = Some(byte),
            b'[' | b'(' => depth += 1,
            b',' | b')' if depth == 0 => return position,
            b']' | b')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::{Expression, NotAnExpression};

    #[test]
    fn expressions_are_recognised() {
        for text in [
            "$",
            "$.a.b",
            "$$.Execution.Id",
            "$$",
            "$variable.x[0]",
            "States.UUID()",
            "States.Format('a {} \\'quoted\\' \\{\\} {}', $.a, 1)",
            "States.Array($.a[?(@.b == 'x,)')], $.c , null, true,-1.5)",
            "States.ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), States.MathAdd(1, -1))",
        ] {
            Expression::parse(text).unwrap_or_else(|_| panic!("{text}"));
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "plain",
            "States.Nothing($.a)",
            "States.UUID",
            "States.UUID(1)",
            "States.UUID() ",
            "$1",
            "States.Format('unclosed)",
            r#"States.Format('He said, \"Hello, {}!\"', 'x')"#,
            "States.Array([1])",
            "States.ArrayLength()",
        ] {
            assert_eq!(Expression::parse(text).err(), Some(NotAnExpression), "{text}");
        }
    }

    #[test]
    fn calls_nest_ten_deep() {
        let nested = |depth: usize| format!("{}1{}", "States.Array(".repeat(depth), ")".repeat(depth));
        assert!(Expression::parse(&nested(10)).is_ok());
        assert!(Expression::parse(&nested(11)).is_err());
        assert!(Expression::parse(&nested(100_000)).is_err());
    }
}
