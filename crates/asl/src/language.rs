//! The two query languages.

/// In which language a state's expressions are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum QueryLanguage {
    /// Paths and intrinsic functions, behind names that end in `.$` or `Path`.
    #[default]
    JsonPath,
    /// Expressions in `{% … %}`.
    Jsonata,
}
