//! Pages of a long answer and the opaque tokens between them.

use crate::refusal::Refusal;

/// One page.
pub(crate) struct Page<'a, T> {
    pub(crate) items: &'a [T],
    pub(crate) next_token: Option<String>,
}

/// Cuts the wanted page out of all items.
pub(crate) fn cut<'a, T>(all: &'a [T], wanted: Option<i32>, most: usize, token: Option<&str>) -> Result<Page<'a, T>, Refusal> {
    let start = token.map(read).transpose()?.unwrap_or(0).min(all.len() as u64) as usize;
    let end = (start + size(wanted, most)).min(all.len());
    Ok(Page { items: &all[start..end], next_token: (end < all.len()).then(|| write(end as u64)) })
}

/// How many items a page has.
pub(crate) fn size(wanted: Option<i32>, most: usize) -> usize {
    wanted.and_then(|wanted| usize::try_from(wanted).ok()).filter(|wanted| *wanted > 0).unwrap_or(most).min(most)
}

/// A token for a place.
pub(crate) fn write(place: u64) -> String {
    format!("{:016x}{place:016x}", check(place))
}

/// The place that a token stands for.
pub(crate) fn read(token: &str) -> Result<u64, Refusal> {
    let hex = |text: Option<&str>| text.and_then(|text| u64::from_str_radix(text, 16).ok());
    match (hex(token.get(..16)), hex(token.get(16..))) {
        (Some(sum), Some(place)) if sum == check(place) => Ok(place),
        _ => Err(Refusal::Token),
    }
}

/// Tells our tokens from a client's inventions.
fn check(place: u64) -> u64 {
    (place ^ 0x0066_616e_6f75_7400).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another() {
        let all = [1, 2, 3, 4, 5];
        let first = cut(&all, Some(2), 100, None).unwrap();
        let second = cut(&all, Some(2), 100, first.next_token.as_deref()).unwrap();
        let third = cut(&all, Some(2), 100, second.next_token.as_deref()).unwrap();
        assert_eq!((first.items, second.items, third.items), (&[1, 2][..], &[3, 4][..], &[5][..]));
        assert_eq!(third.next_token, None);
    }

    #[test]
    fn an_invented_token_is_refused() {
        for token in ["", "1", "é".repeat(16).as_str(), "00000000000000000000000000000001"] {
            assert!(matches!(read(token), Err(Refusal::Token)), "{token}");
        }
    }
}
