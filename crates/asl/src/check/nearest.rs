//! The known word that somebody probably meant.

/// Words that are compared for one guess: enough for any document that AWS takes.
const MOST_WORDS: usize = 5_000;

/// The closest of `words`, if one is close.
pub(super) fn nearest<'w>(meant: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let lower: Vec<char> = meant.to_lowercase().chars().take(100).collect();
    let most = (lower.len() / 3).clamp(1, 4);
    words
        .into_iter()
        .take(MOST_WORDS)
        .filter(|word| *word != meant)
        .filter_map(|word| distance(&lower, &word.to_lowercase().chars().collect::<Vec<_>>(), most).map(|distance| (distance, word)))
        .min()
        .map(|(_, word)| word)
}

/// Insertions, deletions, changes and swaps of neighbours between two words; `None` if more than `most`.
fn distance(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let far = most + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut line = vec![far; other.len() + 1];
        line[0] = row + 1;
        // Further from the diagonal the distance is larger than `most`.
        for column in row.saturating_sub(most)..other.len().min(row + most + 1) {
            let b = other[column];
            let mut least = (above[column] + usize::from(*a != b)).min(above[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == b {
                least = least.min(before[column - 1] + 1);
            }
            line[column + 1] = least;
        }
        if line.iter().all(|distance| *distance > most) {
            return None;
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn close_words_are_found_and_far_ones_are_not() {
        let words = ["Parameters", "ResultPath", "Retry", "Next"];
        for (meant, found) in [
            ("Paramters", Some("Parameters")),
            ("parameters", Some("Parameters")),
            ("Nxet", Some("Next")),
            ("ResultsPaths", Some("ResultPath")),
            ("Catch", None),
            ("", None),
            ("Retry", None),
        ] {
            assert_eq!(nearest(meant, words), found, "{meant}");
        }
    }
}
