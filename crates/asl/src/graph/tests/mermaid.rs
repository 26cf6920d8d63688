//! The flowchart, and that no name gets out of its label.

use proptest::prelude::*;
use serde_json::json;

use super::documents::{NASTY, chain, junk, looping, machine, map, nested, parallel};
use crate::graph::mermaid;

#[test]
fn a_map_holds_its_machine() {
    let expected = r#"flowchart TD
    s0((" "))
    subgraph s1["Fan out · Map · inline · each of #36;.runs · 40 at once"]
        direction TB
        s2((" "))
        s3["Run<br/>Task · batch#58;submitJob.sync<br/>Retry ×8 on Batch.AWSBatchException"]
        s4["Run failed<br/>Pass"]
        s5(((" ")))
        s2 --> s3
        s3 --> s5
        s3 -.->|"catch States.ALL"| s4
        s4 --> s5
    end
    s6(((" ")))
    s0 --> s1
    s1 --> s6
"#;
    let drawn = mermaid(&map());
    let (chart, classes) = drawn.split_at(expected.len());
    assert_eq!(chart, expected);
    assert!(classes.contains("    classDef taskState fill:#e4effb,stroke:#2f6fb2,color:#1c2a36\n    class s3 taskState\n"), "{classes}");
}

#[test]
fn each_kind_of_state_and_of_arrow_is_told_apart() {
    let drawn = mermaid(&looping());
    for line in [
        "s2[\"Wait<br/>Wait · 60 s\"]",
        "s4{{\"Done?<br/>Choice\"}}",
        "s5([\"Good<br/>Succeed\"])",
        "s7([\"Bad<br/>Fail · JobFailed\"])",
        "s0 --> s1",
        "s1 -.->|\"catch States.ALL\"| s6",
        "s4 -->|\"#36;.status == #34;SUCCEEDED#34;\"| s5",
        "s4 -->|\"default\"| s2",
    ] {
        assert!(drawn.lines().any(|drawn| drawn.trim() == line), "{line} is not in\n{drawn}");
    }
}

#[test]
fn branches_and_old_iterators_are_boxes() {
    let drawn = mermaid(&parallel());
    for line in [
        "subgraph s1[\"Both · Parallel · 2 branches\"]",
        "subgraph s2[\"1\"]",
        "subgraph s4[\"Images · Map · distributed\"]",
        "subgraph s9[\"2\"]",
    ] {
        assert!(drawn.lines().any(|drawn| drawn.trim() == line), "{line} is not in\n{drawn}");
    }
}

#[test]
fn missing_targets_are_marked() {
    let drawn = mermaid(&chain(1, "Gone"));
    assert!(drawn.contains("s2[\"Gone<br/>missing state\"]"), "{drawn}");
    assert!(drawn.contains("stroke-dasharray:4 3\n    class s2 missingState\n"), "{drawn}");
    assert!(mermaid(&json!([])).contains("no states"));
}

#[test]
fn two_dollars_do_not_begin_a_formula() {
    let drawn = mermaid(&json!({"States": {"$$x$$": {"Type": "Pass"}}}));
    assert!(drawn.contains("\"#36;#8203;#36;x#36;#8203;#36;<br/>Pass\""), "{drawn}");
}

#[test]
fn names_stay_within_their_labels() {
    for name in NASTY {
        let state = json!({"Type": name, "Next": name, "Resource": name, "Catch": [{"ErrorEquals": [name], "Next": name}]});
        check(&mermaid(&json!({"StartAt": name, "States": {name: state, "Box": {"Branches": [{}], "Type": name}}})));
    }
    check(&mermaid(&nested(100)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn whatever_is_drawn_is_a_flowchart(junk in junk(), machine in machine()) {
        check(&mermaid(&junk));
        check(&mermaid(&machine));
    }
}

/// Checks every line against the little of Mermaid's grammar that a drawing uses.
fn check(drawn: &str) {
    let mut lines = drawn.lines();
    assert_eq!(lines.next(), Some("flowchart TD"));
    let mut open = 0;
    for line in lines.map(str::trim) {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        match first {
            "direction" => assert_eq!(rest, "TB"),
            "subgraph" => {
                open += 1;
                assert!(is_node(rest), "{line}");
            }
            "end" => open -= 1,
            "classDef" => assert!(!rest.contains(';'), "{line}"),
            "class" => assert!(is_classing(rest), "{line}"),
            id if is_id(id) => assert!(is_arrow(rest), "{line}"),
            _ => assert!(is_node(line), "{line}"),
        }
    }
    assert_eq!(open, 0, "{drawn}");
}

fn is_classing(text: &str) -> bool {
    text.split_once(' ').is_some_and(|(ids, class)| ids.split(',').all(is_id) && class.ends_with("State"))
}

fn is_id(text: &str) -> bool {
    text.strip_prefix('s').is_some_and(|number| number.parse::<usize>().is_ok())
}

fn is_node(text: &str) -> bool {
    let Some((id, shape)) = text.find(['[', '(', '{']).map(|at| text.split_at(at)) else { return false };
    let shapes = [("([", "])"), ("[", "]"), ("(((", ")))"), ("((", "))"), ("{{", "}}")];
    let label = shapes.iter().find_map(|(open, close)| shape.strip_prefix(open)?.strip_suffix(close));
    is_id(id) && label.and_then(|label| label.strip_prefix('"')?.strip_suffix('"')).is_some_and(is_label)
}

fn is_arrow(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("-->").or_else(|| text.strip_prefix("-.->")) else { return false };
    match rest.strip_prefix("|\"").and_then(|rest| rest.split_once("\"| ")) {
        Some((label, target)) => is_label(label) && is_id(target),
        None => is_id(rest.trim_start()),
    }
}

/// Letters, digits and character references; a dot, a dash or an underscore only within a word.
fn is_label(text: &str) -> bool {
    let text = text.replace("<br/>", " ");
    let mut parts = text.split('#');
    let plain = |part: &str| part.chars().all(|c| c.is_alphanumeric() || !c.is_ascii() || " ,/=?.-_".contains(c));
    parts.next().is_some_and(plain)
        && parts.all(|part| part.split_once(';').is_some_and(|(number, rest)| number.parse::<u32>().is_ok() && plain(rest)))
}

#[test]
fn the_check_of_this_file_sees_what_is_wrong() {
    for wrong in ["s1[\"a\"b\"]", "s1[\"<b>\"]", "x[\"a\"]", "s1[\"#a;\"]", "s1[\"a]"] {
        assert!(!is_node(wrong), "{wrong}");
    }
    assert!(!is_arrow("-->|\"a\" s2"));
    assert!(is_node("s1[\"a#34;b<br/>c\"]"));
}
