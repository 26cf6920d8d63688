//! Text that any drawing can hold, and how long it may be.

/// `text` on one line, without the characters that XML forbids or that turn the direction of what follows.
pub(super) fn readable(text: &str) -> String {
    let drawn = |c: char| match c {
        c if c.is_whitespace() => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        c => c,
    };
    text.chars().map(drawn).collect()
}

/// The first `most` characters of `text`, the last of them an ellipsis if there are more.
pub(super) fn shortened(text: &str, most: usize) -> String {
    cut(text, most as f64, |_| 1.0)
}

/// The two faces of a picture: names are bold and larger, all other lines are not.
#[derive(Clone, Copy)]
pub(super) enum Face {
    Name,
    Line,
}

impl Face {
    /// What a unit of [`advance`] is in pixels: for 13 pixels bold, and for 11 pixels.
    fn unit(self) -> f64 {
        match self {
            Self::Name => 12.0,
            Self::Line => 9.3,
        }
    }
}

/// As much of `text` as fits into `width` pixels, with an ellipsis if that is not all.
pub(super) fn fitting(text: &str, face: Face, width: f64) -> String {
    cut(text, width / face.unit(), advance)
}

/// How wide `text` is in pixels, in a wide font.
pub(super) fn width(text: &str, face: Face) -> f64 {
    text.chars().map(advance).sum::<f64>() * face.unit()
}

fn cut(text: &str, room: f64, advance: fn(char) -> f64) -> String {
    let (mut used, mut end) = (0.0, 0);
    for (at, c) in text.char_indices() {
        if used + advance('…') <= room {
            end = at;
        }
        used += advance(c);
        if used > room {
            return format!("{}…", text[..end].trim_end());
        }
    }
    text.to_owned()
}

/// The width of a character, after the bold face of a wide font.
fn advance(c: char) -> f64 {
    match c {
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        ' ' | '!' | '\'' | '('..='*' | ','..='/' | ':' | ';' | '['..=']' | '|' | '·' | 'I' | 'J' | 'f' | 'i' | 'j' | 'l' | 'r' | 't' => {
            0.46
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.1,
        'A'..='Z' | '#' | '&' | '+' | '<'..='>' | '^' | '~' | '×' => 0.84,
        ' '..='~' => 0.71,
        '\u{1F000}'.. => 1.4,
        '\u{2000}'.. => 1.05,
        _ => 0.86,
    }
}
