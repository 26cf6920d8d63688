//! Which names Step Functions takes (service model, type `Name`).

use fanout_asl::api::ApiError;

/// Characters that no name may hold.
const REFUSED: &str = "<>{}[]?*\"#%\\^|~`$&,;:/";

/// Whether a state machine, an execution or an activity may be called this. Its length was checked before.
///
/// # Errors
/// `InvalidName`.
pub(super) fn check(name: &str) -> Result<(), ApiError> {
    let refused =
        |c: char| c.is_whitespace() || c.is_control() || REFUSED.contains(c) || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{10ffff}');
    if name.is_empty() || name.chars().any(refused) {
        return Err(ApiError::new("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_follow_the_service_model() {
        for good in ["a", "fanout-1", "a.b_c(d)", "é", &"x".repeat(80)] {
            assert!(super::check(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "a:b", "a>b", "a\\b", "a\u{7f}", "a\u{10ffff}"] {
            assert_eq!(super::check(bad).unwrap_err().message, format!("Invalid Name: '{bad}'"));
        }
    }
}
