//! `--max-fails`: how many runs may fail before the rest is given up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How many runs may fail, and what happens to the rest once more have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaxFails {
    /// How many may.
    pub most: Most,
    /// What happens then.
    pub halt: Halt,
}

/// How many runs may fail.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Most {
    /// So many.
    Runs(usize),
    /// So many of a hundred.
    Percent(f64),
}

/// What happens once too many runs have failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Halt {
    /// What runs is stopped.
    Now,
    /// What runs may end; nothing more is started.
    Soon,
}

impl MaxFails {
    /// How many of `size` runs may fail.
    pub fn of(&self, size: usize) -> usize {
        match self.most {
            Most::Runs(runs) => runs,
            Most::Percent(percent) => (size as f64 * percent / 100.0).floor() as usize,
        }
    }
}

impl fmt::Display for MaxFails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Most::Runs(runs) => write!(f, "{runs}")?,
            Most::Percent(percent) => write!(f, "{percent}%")?,
        }
        f.write_str(match self.halt {
            Halt::Now => ":now",
            Halt::Soon => ":soon",
        })
    }
}

impl FromStr for MaxFails {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, halt) = match text.split_once(':') {
            None => (text, Halt::Soon),
            Some((number, "soon")) => (number, Halt::Soon),
            Some((number, "now")) => (number, Halt::Now),
            Some((_, word)) => {
                return Err(format!("{word:?} is not how to stop; there are now (what runs is stopped) and soon (it may end)"));
            }
        };
        let wrong = || format!("{number:?} is no number of runs; write 5, 3%, or 5:now");
        let most = match number.strip_suffix('%') {
            Some(percent) => match percent.parse() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Most::Percent(percent),
                Ok(percent) => return Err(format!("{percent}% is not between 0% and 100%")),
                Err(_) => return Err(wrong()),
            },
            None => Most::Runs(number.parse().map_err(|_| wrong())?),
        };
        Ok(Self { most, halt })
    }
}

#[cfg(test)]
mod tests {
    use super::MaxFails;

    #[test]
    fn a_share_is_of_all_runs() {
        let of = |text: &str, size| text.parse::<MaxFails>().unwrap().of(size);
        assert_eq!(of("3", 10), 3);
        assert_eq!(of("3%", 1000), 30);
        assert_eq!(of("0.5%:now", 100), 0);
        assert_eq!(of("100%", 7), 7);
    }

    #[test]
    fn what_is_no_budget_is_named() {
        for (text, word) in [("x", "\"x\""), ("", "\"\""), ("-1", "\"-1\""), ("101%", "101%"), ("3:later", "\"later\""), ("NaN%", "NaN%")] {
            assert!(text.parse::<MaxFails>().unwrap_err().contains(word), "{text}");
        }
        for text in ["0:soon", "2.5%:now"] {
            assert_eq!(text.parse::<MaxFails>().unwrap().to_string(), text);
        }
    }
}
