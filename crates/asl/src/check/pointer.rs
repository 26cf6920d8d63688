//! JSON Pointers (RFC 6901).

use std::borrow::Cow;

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pointer(String);

impl Pointer {
    /// As it is written.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// A member of the object here.
    pub(super) fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for c in key.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// An element of the list here.
    pub(super) fn index(&self, position: usize) -> Self {
        Self(format!("{}/{position}", self.0))
    }

    /// What it is in.
    pub(super) fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned())
    }

    /// The keys and positions that lead here.
    pub(super) fn parts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let plain = |part: &str| part.replace("~1", "/").replace("~0", "~");
        self.0.split('/').skip(1).map(move |part| if part.contains('~') { plain(part).into() } else { part.into() })
    }

    /// Whether `self` is `other` or around it.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn keys_are_escaped_and_read_again() {
        let pointer = Pointer::default().key("States").key("a/b~c").index(3);
        assert_eq!(pointer.as_str(), "/States/a~1b~0c/3");
        assert_eq!(pointer.parts().collect::<Vec<_>>(), ["States", "a/b~c", "3"]);
        assert!(Pointer::default().key("States").holds(&pointer));
        assert!(!Pointer::default().key("Stat").holds(&pointer));
    }
}
