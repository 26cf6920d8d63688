//! One colour for each type of state, on light and on dark paper.

use super::model::Kind;

/// How a kind of node is painted.
pub(super) struct Colours {
    pub(super) kind: Kind,
    /// What drawings call the kind: a CSS class, and a Mermaid class.
    pub(super) class: &'static str,
    /// Fill and outline.
    pub(super) light: [&'static str; 2],
    pub(super) dark: [&'static str; 2],
}

/// The colours of every kind.
pub(super) const ALL: [Colours; 12] = [
    colours(Kind::Start, "start", ["#5b6b7a", "#5b6b7a"], ["#9aa7b4", "#9aa7b4"]),
    colours(Kind::End, "end", ["#5b6b7a", "#5b6b7a"], ["#9aa7b4", "#9aa7b4"]),
    colours(Kind::Task, "task", ["#e4effb", "#2f6fb2"], ["#152b44", "#6aa7e8"]),
    colours(Kind::Pass, "pass", ["#f1f3f5", "#6b7785"], ["#252c34", "#93a1b0"]),
    colours(Kind::Choice, "choice", ["#fff3d6", "#a87400"], ["#392c0c", "#dba93a"]),
    colours(Kind::Wait, "wait", ["#f0e9fb", "#7b52b9"], ["#2b2140", "#b08fe6"]),
    colours(Kind::Succeed, "succeed", ["#e3f5e9", "#2e8550"], ["#12331f", "#5cc083"]),
    colours(Kind::Fail, "fail", ["#fde9e7", "#c0392b"], ["#41201d", "#ee8277"]),
    colours(Kind::Map, "map", ["#eff8f7", "#1f8a80"], ["#10292a", "#4cb9ae"]),
    colours(Kind::Parallel, "parallel", ["#fbf0f7", "#b0488c"], ["#321c2b", "#de85bd"]),
    colours(Kind::Unknown, "unknown", ["#ffffff", "#c0392b"], ["#161b22", "#ee8277"]),
    colours(Kind::Missing, "missing", ["#ffffff", "#c0392b"], ["#161b22", "#ee8277"]),
];

/// What drawings call a kind.
pub(super) fn class(kind: Kind) -> &'static str {
    ALL.iter().find(|colours| colours.kind == kind).map_or("unknown", |colours| colours.class)
}

const fn colours(kind: Kind, class: &'static str, light: [&'static str; 2], dark: [&'static str; 2]) -> Colours {
    Colours { kind, class, light, dark }
}
