//! Paging: opaque tokens over lists that keep their order.

use fanout_asl::api::ApiError;

/// Lines of a page unless asked otherwise.
const DEFAULT: usize = 100;

/// One page of `lines` and the token of the next. The bounds of both members were checked before.
///
/// # Errors
/// `InvalidToken`.
pub(super) fn page<T>(
    lines: impl Iterator<Item = T>,
    max_results: Option<i32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = max_results.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0).unwrap_or(DEFAULT);
    let invalid = || ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'");
    let start = token.map_or(Ok(0), |token| from_token(token).ok_or_else(invalid))?;
    let mut page: Vec<T> = lines.skip(start).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    Ok((page, more.then(|| to_token(start + size))))
}

fn to_token(start: usize) -> String {
    format!("AAAA{start:016x}")
}

fn from_token(token: &str) -> Option<usize> {
    usize::from_str_radix(token.strip_prefix("AAAA")?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_cover_the_list_once() {
        let (first, token) = page(0..5, Some(2), None).unwrap();
        let (second, token) = page(0..5, Some(2), token.as_deref()).unwrap();
        let (third, end) = page(0..5, Some(2), token.as_deref()).unwrap();
        assert_eq!([first, second, third].concat(), [0, 1, 2, 3, 4]);
        assert_eq!(end, None);
        assert_eq!(page(0..2, Some(2), None).unwrap().1, None);
    }

    #[test]
    fn a_token_of_something_else_is_refused() {
        assert_eq!(page(0..5, None, Some("x")).unwrap_err().message, "Invalid Token: 'Invalid token'");
        assert_eq!(page(0..200, Some(0), None).unwrap().0.len(), 100);
    }
}
