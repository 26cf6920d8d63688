//! Which attempts are tried again. Source: BUG job_retries, BM `EvaluateOnExit`.

use crate::api::{EvaluateOnExit, RetryStrategy};

/// What a rule looks at.
pub(crate) struct Ending<'a> {
    pub(crate) status_reason: &'a str,
    pub(crate) reason: Option<&'a str>,
    pub(crate) exit_code: Option<i32>,
}

/// Whether a failed attempt is tried again, given that attempts are left: the first rule that
/// matches decides; if none does, yes.
pub(crate) fn wanted(strategy: Option<&RetryStrategy>, ending: &Ending<'_>) -> bool {
    let rules = strategy.map_or(&[][..], |strategy| &strategy.evaluate_on_exit);
    rules.iter().find(|rule| matches(rule, ending)).is_none_or(|rule| rule.action.eq_ignore_ascii_case("RETRY"))
}

fn matches(rule: &EvaluateOnExit, ending: &Ending<'_>) -> bool {
    let code = ending.exit_code.map(|code| code.to_string());
    glob(rule.on_status_reason.as_deref(), Some(ending.status_reason))
        && glob(rule.on_reason.as_deref(), ending.reason)
        && glob(rule.on_exit_code.as_deref(), code.as_deref())
}

/// Only a trailing `*` is special; what was not recorded counts as empty.
fn glob(pattern: Option<&str>, text: Option<&str>) -> bool {
    let text = text.unwrap_or_default();
    match pattern {
        None => true,
        Some(pattern) => match pattern.strip_suffix('*') {
            Some(start) => text.starts_with(start),
            None => text == pattern,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(status: Option<&str>, reason: Option<&str>, code: Option<&str>, action: &str) -> EvaluateOnExit {
        EvaluateOnExit {
            on_status_reason: status.map(Into::into),
            on_reason: reason.map(Into::into),
            on_exit_code: code.map(Into::into),
            action: action.into(),
        }
    }

    fn decide(rules: &[EvaluateOnExit], reason: Option<&str>, exit_code: Option<i32>) -> bool {
        let strategy = RetryStrategy { attempts: Some(10), evaluate_on_exit: rules.to_vec() };
        wanted(Some(&strategy), &Ending { status_reason: "Essential container in task exited", reason, exit_code })
    }

    #[test]
    fn no_rule_matches_means_retry() {
        // BM RetryStrategy: "If none of the listed conditions match, then the job is retried."
        assert!(decide(&[], None, Some(1)));
        assert!(decide(&[rule(None, None, Some("3"), "EXIT")], None, Some(1)));
    }

    #[test]
    fn the_first_match_decides() {
        let rules = [rule(None, None, Some("4*"), "retry"), rule(None, Some("*"), None, "Exit")];
        assert!(decide(&rules, None, Some(42)));
        assert!(!decide(&rules, None, Some(24)));
    }

    #[test]
    fn all_conditions_of_a_rule_must_match() {
        let rules = [rule(Some("Essential*"), Some("OutOfMemoryError:*"), Some("137"), "EXIT")];
        assert!(!decide(&rules, Some("OutOfMemoryError: Container killed"), Some(137)));
        assert!(decide(&rules, Some("OutOfMemoryError: Container killed"), Some(1)));
        assert!(decide(&rules, None, Some(137)));
    }

    #[test]
    fn a_star_is_special_only_at_the_end() {
        assert!(decide(&[rule(Some("*exited"), None, None, "EXIT")], None, Some(1)));
    }
}
