//! The injection for images that have `sh`: a short POSIX script in front of the command.
//!
//! Literal text is quoted, everything that differs from run to run is a quoted variable, so items
//! arrive as they are, whatever they hold.

use super::{ATTEMPT, Assignment, BATCH_ATTEMPT, BATCH_INDEX, INDEX, ITEM, Pack, TIMED_OUT_CODE};
use crate::command::Piece;

/// Seconds between the script's SIGTERM and its SIGKILL.
const GRACE_SECONDS: u32 = 10;

impl Assignment {
    /// The command of a run whose variables are set already: Map and Parallel set them per job.
    pub fn shell_with_variables(&self) -> Vec<String> {
        vec!["sh".into(), "-c".into(), format!("{}{}", self.attempt(), self.tail())]
    }

    /// The command of a run that finds its item by Batch's array index among `pack`, whose first
    /// run has index `offset`.
    pub fn shell_with_items(&self, offset: usize, pack: &Pack) -> Vec<String> {
        let mut script = format!("{INDEX}=${{{BATCH_INDEX}:-0}}\n");
        let env_name = &self.env_name;
        let offset_sum = |script: &mut String| {
            if offset > 0 {
                script.push_str(&format!("{INDEX}=$(({INDEX} + {offset}))\n"));
            }
        };
        match pack {
            Pack::Range(range) => {
                let number = format!("$(({} + {} * {INDEX}))", range.first, range.step);
                if range.width == 0 {
                    script.push_str(&format!("export {env_name}={number}\nexport {ITEM}=\"${env_name}\"\n"));
                } else {
                    let padded = format!("$(printf '%0{}d' {number})", range.width);
                    script.push_str(&format!("export {env_name}={padded}\nexport {ITEM}=\"\\\"${env_name}\\\"\"\n"));
                }
                offset_sum(&mut script);
            }
            Pack::Words { columns, .. } => {
                if *columns > 1 {
                    script.push_str(&format!("shift $(({INDEX} * {columns}))\n"));
                } else {
                    script.push_str(&format!("shift ${INDEX}\n"));
                }
                script.push_str(&format!("export {env_name}=\"${{1#.}}\"\n"));
                script.push_str(&pack.shell_item(env_name));
                let first_field = pack.first_field_column();
                for (at, field) in self.fields.iter().enumerate() {
                    script.push_str(&format!("export {}=\"${{{}#.}}\"\n", field.variable, first_field + at));
                }
                offset_sum(&mut script);
            }
        }
        script.push_str(&format!("export {INDEX}\n{}{}", self.attempt(), self.tail()));
        let mut command = vec!["sh".into(), "-c".into(), script];
        if let Pack::Words { words, .. } = pack {
            command.push("fanout".into());
            command.extend(words.iter().cloned());
        }
        command
    }

    fn attempt(&self) -> String {
        format!("export {ATTEMPT}=\"${{{BATCH_ATTEMPT}:-1}}\"\n")
    }

    /// The command itself: in place of the shell, or under its clock where Batch keeps none.
    fn tail(&self) -> String {
        let words: Vec<String> = self.command.arguments().iter().map(|pieces| self.word(pieces)).collect();
        let command = words.join(" ");
        let Some(seconds) = self.short_timeout else {
            return format!("exec {command}");
        };
        format!(
            "{command} &\n\
             FANOUT_PID=$!\n\
             FANOUT_LATE=\n\
             trap 'kill -TERM $FANOUT_PID 2>/dev/null' TERM\n\
             trap 'FANOUT_LATE=1; kill -TERM $FANOUT_PID 2>/dev/null' USR1\n\
             (trap - TERM USR1; sleep {seconds}; kill -USR1 $$; sleep {GRACE_SECONDS}; kill -KILL $FANOUT_PID) 2>/dev/null &\n\
             FANOUT_CLOCK=$!\n\
             wait $FANOUT_PID; FANOUT_CODE=$?\n\
             while kill -0 $FANOUT_PID 2>/dev/null; do wait $FANOUT_PID; FANOUT_CODE=$?; done\n\
             kill $FANOUT_CLOCK 2>/dev/null\n\
             if [ \"$FANOUT_LATE\" ]; then echo 'fanout: stopped after {seconds} s (--timeout)' >&2; exit {TIMED_OUT_CODE}; fi\n\
             exit $FANOUT_CODE"
        )
    }

    fn word(&self, pieces: &[Piece]) -> String {
        let word = |piece: &Piece| match (piece, self.variable_of(piece)) {
            (Piece::Text(text), _) => quoted(text),
            (_, Some(variable)) => format!("\"${variable}\""),
            (_, None) => String::new(),
        };
        pieces.iter().map(word).collect()
    }
}

/// `text` as one word of a shell; bare where nothing needs a quote.
fn quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:,+@%".contains(c);
    if !text.is_empty() && text.chars().all(safe) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_only_where_needed() {
        for (text, expect) in
            [("python3", "python3"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$X\n", "'$X\n'"), ("A=1", "'A=1'"), ("~", "'~'")]
        {
            assert_eq!(quoted(text), expect);
        }
    }
}
