//! The injection for images that have `sh`: a short POSIX script in front of the command.
//!
//! Literal text is quoted, everything that differs from run to run is a quoted variable, so items
//! arrive as they are, whatever they hold.

use super::{
    ATTEMPT, Assignment, BATCH_ATTEMPT, BATCH_INDEX, BATCH_NODE, INDEX, ITEM, JOB_ID, Pack, Place, RESULT, RESULT_MARK, TIMED_OUT_CODE,
};
use crate::command::Piece;
use crate::run_list::Range;

/// Seconds between the script's SIGTERM and its SIGKILL.
const GRACE_SECONDS: u32 = 10;

impl Assignment {
    /// The command of a run whose variables are set already: Map and Parallel set them per job.
    pub fn shell_with_variables(&self) -> Vec<String> {
        vec!["sh".into(), "-c".into(), [attempt(), self.tail()].join("\n")]
    }

    /// The command of a run that finds its item by its place in the job among `pack`, whose first
    /// run has index `offset`.
    pub fn shell_with_items(&self, place: Place, offset: usize, pack: &Pack) -> Vec<String> {
        let mut script = vec![match place {
            Place::ArrayChild => format!("{INDEX}=${{{BATCH_INDEX}:-0}}"),
            Place::Node => format!("{INDEX}=$(({BATCH_NODE} - 1))"),
        }];
        match pack {
            Pack::Range(range) => script.extend(self.item_by_number(range)),
            Pack::Words { columns, .. } => script.extend(self.item_by_words(*columns, pack)),
        }
        match pack {
            Pack::Words { indexed: true, columns, .. } => script.push(format!("{INDEX}=\"${{{columns}#.}}\"")),
            _ if offset > 0 => script.push(format!("{INDEX}=$(({INDEX} + {offset}))")),
            _ => {}
        }
        script.extend([format!("export {INDEX}"), attempt(), self.tail()]);
        let mut command = vec!["sh".into(), "-c".into(), script.join("\n")];
        if let Pack::Words { words, .. } = pack {
            command.push("fanout".into());
            command.extend(words.iter().cloned());
        }
        command
    }

    /// The item is computed from the index.
    fn item_by_number(&self, range: &Range) -> [String; 2] {
        let env_name = &self.env_name;
        let number = format!("$(({} + {} * {INDEX}))", range.first, range.step);
        if range.width == 0 {
            [format!("export {env_name}={number}"), format!("export {ITEM}=\"${env_name}\"")]
        } else {
            [format!("export {env_name}=$(printf '%0{}d' {number})", range.width), format!("export {ITEM}=\"\\\"${env_name}\\\"\"")]
        }
    }

    /// The item is looked up among the script's own arguments.
    fn item_by_words(&self, columns: usize, pack: &Pack) -> Vec<String> {
        let skip = if columns > 1 { format!("shift $(({INDEX} * {columns}))") } else { format!("shift ${INDEX}") };
        let mut script = vec![skip, format!("export {}=\"${{1#.}}\"", self.env_name), pack.shell_item(&self.env_name)];
        let fields = self.fields.iter().zip(pack.first_field_column()..);
        script.extend(fields.map(|(field, column)| format!("export {}=\"${{{column}#.}}\"", field.variable)));
        script
    }

    /// The command itself, under its clock where Batch keeps none; then what it wrote as its result. Who asks it to stop asks the
    /// script, which passes it on.
    fn tail(&self) -> String {
        let words: Vec<String> = self.command.arguments().iter().map(|pieces| self.word(pieces)).collect();
        let command = words.join(" ");
        let (clock, end_of_clock) = self.short_timeout.map(clock).unwrap_or_default();
        format!(
            "export {RESULT}=\"${{TMPDIR:-/tmp}}/fanout-${JOB_ID}-${ATTEMPT}\"\n\
             {command} &\n\
             FANOUT_PID=$!\n\
             trap 'kill -TERM $FANOUT_PID 2>/dev/null' TERM\n\
             {clock}\
             wait $FANOUT_PID 2>/dev/null; FANOUT_CODE=$?\n\
             while kill -0 $FANOUT_PID 2>/dev/null; do wait $FANOUT_PID 2>/dev/null; FANOUT_CODE=$?; done\n\
             if [ -f \"${RESULT}\" ]; then\n\
             while IFS= read -r FANOUT_LINE || [ \"$FANOUT_LINE\" ]; do printf '{RESULT_MARK}%s\\n' \"$FANOUT_LINE\"; done <\"${RESULT}\"\n\
             rm -f \"${RESULT}\"\n\
             fi\n\
             {end_of_clock}\
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

/// The command of a node that is no run: it waits for SIGTERM, which the first process of a container would ignore.
pub(crate) fn keeper() -> Vec<String> {
    vec!["sh".into(), "-c".into(), "trap 'exit 0' TERM\nwhile :; do sleep 3600 & wait $!; done".into()]
}

/// Ends the program when its time is over, and says so after it.
fn clock(seconds: u32) -> (String, String) {
    let begin = format!(
        "FANOUT_LATE=\n\
         trap 'FANOUT_LATE=1; kill -TERM $FANOUT_PID 2>/dev/null' USR1\n\
         (trap - TERM USR1; sleep {seconds}; kill -USR1 $$; sleep {GRACE_SECONDS}; kill -KILL $FANOUT_PID) 2>/dev/null &\n\
         FANOUT_CLOCK=$!\n"
    );
    let end = format!(
        "kill $FANOUT_CLOCK 2>/dev/null\n\
         if [ \"$FANOUT_LATE\" ]; then echo 'fanout: stopped after {seconds} s (--timeout)' >&2; exit {TIMED_OUT_CODE}; fi\n"
    );
    (begin, end)
}

fn attempt() -> String {
    format!("export {ATTEMPT}=\"${{{BATCH_ATTEMPT}:-1}}\"")
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
        for (text, expect) in [
            ("python3", "python3"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$X\n", "'$X\n'"),
            ("A=1", "'A=1'"),
            ("~", "'~'"),
        ] {
            assert_eq!(quoted(text), expect);
        }
    }
}
