//! Whatever is drawn, it is drawn to the end: junk, and documents of ten thousand states.

use proptest::prelude::*;
use roxmltree::Document;
use serde_json::{Value, json};

use super::documents::{chain, junk, machine};
use crate::graph::{mermaid, svg};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn any_json_can_be_drawn(junk in junk(), machine in machine()) {
        for document in [junk, machine] {
            let picture = svg(&document);
            prop_assert!(Document::parse(&picture).is_ok(), "{picture}");
        }
    }
}

const MANY: usize = 10_000;

fn states(count: usize, state: impl Fn(usize) -> Value) -> Value {
    let states: serde_json::Map<String, Value> = (0..count).map(|position| (format!("S{position}"), state(position))).collect();
    json!({"StartAt": "S0", "States": states})
}

/// What would be slow, were a step's time the square of its input's.
#[test]
fn ten_thousand_states_can_be_drawn() {
    let next = |position: usize| format!("S{}", position + 1);
    let rule = |to: usize| json!({"Variable": "$", "IsNull": true, "Next": format!("S{to}")});
    let catch = json!([{"ErrorEquals": ["States.ALL"], "Next": "S9999"}]);
    let star = |position: usize| match position {
        0 => json!({"Type": "Choice", "Choices": (1..MANY / 4).map(rule).collect::<Vec<_>>()}),
        _ => json!({"Type": "Pass", "Next": "S9999"}),
    };
    for (what, count, document) in [
        ("a chain", MANY, chain(MANY, "S0")),
        ("a catcher for all", MANY, states(MANY, |position| json!({"Type": "Task", "Next": next(position), "Catch": catch}))),
        ("a star", MANY / 4, states(MANY / 4, star)),
        (
            "nested arcs",
            MANY / 4,
            states(MANY / 4, |position| json!({"Type": "Choice", "Choices": [rule(MANY / 4 - 1 - position)], "Default": next(position)})),
        ),
    ] {
        for drawn in [svg(&document), mermaid(&document)] {
            assert!(drawn.len() > 10 * count && drawn.len() < 2_000 * count, "{what}: {} bytes", drawn.len());
        }
    }
}
