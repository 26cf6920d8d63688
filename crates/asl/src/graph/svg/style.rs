//! The style sheet: every rule below one class, so that a page that holds the picture keeps its own style.

use std::fmt::Write;

use crate::graph::colours;

const SHEET: &str = "\
.asl-graph text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;text-anchor:middle}
.asl-graph .name{font-size:13px;font-weight:600}
.asl-graph .note,.asl-graph .label{font-size:11px}
.asl-graph .line{fill:none;stroke-width:1.5}
.asl-graph .branch{fill-opacity:.55;stroke-opacity:.5}
.asl-graph .missing rect,.asl-graph .unknown rect{stroke-dasharray:4 3}
.asl-graph .line.catch{stroke-dasharray:5 4}
.asl-graph .end .ring{fill:none}
";

/// Paper, text, lesser text, lines, lines of catchers.
const LIGHT: [&str; 5] = ["#ffffff", "#1c2a36", "#4c5b69", "#5b6b7a", "#c0392b"];
const DARK: [&str; 5] = ["#161b22", "#e6edf3", "#adb8c4", "#8b98a6", "#ee8277"];

/// All rules, for light paper and, where the reader prefers it, for dark.
pub(super) fn sheet() -> String {
    let light: Vec<_> = colours::ALL.iter().map(|colours| (colours.class, colours.light)).collect();
    let dark: Vec<_> = colours::ALL.iter().map(|colours| (colours.class, colours.dark)).collect();
    format!("{SHEET}{}@media (prefers-color-scheme:dark){{\n{}}}\n", paint(LIGHT, &light), paint(DARK, &dark))
}

fn paint([paper, text, lesser, line, catch]: [&str; 5], kinds: &[(&str, [&str; 2])]) -> String {
    let mut rules = format!(
        "\
.asl-graph .paper,.asl-graph .branch{{fill:{paper}}}
.asl-graph .branch{{stroke:{line}}}
.asl-graph text{{fill:{text}}}
.asl-graph .note,.asl-graph .label{{fill:{lesser}}}
.asl-graph .line{{stroke:{line}}}
.asl-graph .head{{fill:{line}}}
.asl-graph .line.catch{{stroke:{catch}}}
.asl-graph .head.catch{{fill:{catch}}}
"
    );
    for (class, [fill, stroke]) in kinds {
        let shape = match *class {
            "start" => ".start circle",
            "end" => ".end circle",
            _ => {
                let _ = writeln!(rules, ".asl-graph .{class}>rect,.asl-graph .{class}>path{{fill:{fill};stroke:{stroke}}}");
                continue;
            }
        };
        let _ = writeln!(rules, ".asl-graph {shape}{{fill:{fill};stroke:{stroke}}}");
    }
    rules
}
