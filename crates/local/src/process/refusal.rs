//! Why a program could not be started, in the words that Docker and AWS have for it.

use std::io;

use fanout_engine::AttemptEnd;

/// Why a program could not be started.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("CannotCreateContainerError: Error response from daemon: No command specified")]
    NoCommand,
    #[error("CannotStartContainerError: Error response from daemon: exec: {program:?}: executable file not found in $PATH")]
    NotInPath { program: String },
    #[error("CannotStartContainerError: Error response from daemon: exec: {program:?}: permission denied")]
    NotExecutable { program: String },
    #[error("CannotStartContainerError: Error response from daemon: exec: {program:?}: {}", words(.error))]
    Exec { program: String, error: io::Error },
    #[error("CannotCreateContainerError: {what}: {}", words(.error))]
    Prepare { what: &'static str, error: io::Error },
    #[error("CannotStartContainerError: stopped before it was started")]
    Stopped,
}

impl From<Refusal> for AttemptEnd {
    fn from(refusal: Refusal) -> Self {
        Self::FailedToStart { reason: refusal.to_string() }
    }
}

/// What the system says, without its number and in the case that Docker has it in.
fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_without_its_number() {
        let error = io::Error::from_raw_os_error(rustix::io::Errno::TXTBSY.raw_os_error());
        let refusal = Refusal::Exec { program: "./a \"b\"".into(), error };
        let expected = r#"CannotStartContainerError: Error response from daemon: exec: "./a \"b\"": text file busy"#;
        assert_eq!(refusal.to_string(), expected);
    }
}
