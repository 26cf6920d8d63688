//! Paging: opaque tokens over lists that keep their order.

use fanout_asl::api::ApiError;

/// Lines of a page unless asked otherwise.
const DEFAULT: usize = 100;
/// The longest token (service model, type `PageToken`).
const LONGEST_TOKEN: usize = 1_024;
/// The longest page (service model, type `PageSize`).
const MOST: i32 = 1_000;

/// One page of `lines` and the token of the next.
///
/// # Errors
/// `InvalidToken`, or `ValidationException` for a page size that is out of bounds.
pub(super) fn page<T>(
    lines: impl Iterator<Item = T>,
    max_results: Option<i32>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    let size = match max_results {
        None | Some(0) => DEFAULT,
        Some(size) if (1..=MOST).contains(&size) => size as usize,
        Some(size) => return Err(out_of_bounds(size)),
    };
    let start = match token {
        None => 0,
        Some(token) if token.len() > LONGEST_TOKEN => return Err(too_long(token)),
        Some(token) => from_token(token).ok_or_else(|| ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'"))?,
    };
    let mut page: Vec<T> = lines.skip(start).take(size + 1).collect();
    let more = page.len() > size;
    page.truncate(size);
    Ok((page, more.then(|| to_token(start + size))))
}

fn out_of_bounds(size: i32) -> ApiError {
    let bound = if size < 0 { "greater than or equal to 0" } else { "less than or equal to 1000" };
    let message =
        format!("1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must have value {bound}");
    ApiError::new("ValidationException", message)
}

fn too_long(token: &str) -> ApiError {
    let what = format!(
        "Value '{token}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to {LONGEST_TOKEN}"
    );
    ApiError::new("ValidationException", format!("1 validation error detected: {what}"))
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
    fn what_aws_refuses_is_refused() {
        assert_eq!(page(0..5, None, Some("x")).unwrap_err().message, "Invalid Token: 'Invalid token'");
        assert!(page(0..5, Some(1001), None).unwrap_err().message.ends_with("less than or equal to 1000"));
    }
}
