//! The picture: what it says, and that it is well-formed whatever it says.

use roxmltree::{Document, Node};
use serde_json::json;

use super::documents::{NASTY, looping, map, nested, parallel};
use crate::graph::svg;

/// The elements of a picture that have a class.
fn with_class<'d>(picture: &'d Document<'_>, class: &str) -> Vec<Node<'d, 'd>> {
    let has = |node: &Node<'_, '_>| node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class));
    picture.descendants().filter(has).collect()
}

fn titles(picture: &Document<'_>) -> Vec<String> {
    picture
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "title")))
        .filter_map(|title| title.text().map(str::to_owned))
        .collect()
}

fn number(node: &Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {attribute} in {node:?}"))
}

#[test]
fn a_picture_has_a_title_and_a_description() {
    let text = svg(&map());
    let picture = Document::parse(&text).unwrap();
    let root = picture.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let first: Vec<_> =
        root.children().filter(Node::is_element).take(2).map(|node| (node.tag_name().name(), node.text().unwrap_or_default())).collect();
    let description = "Start leads to Fan out. Fan out (Map · inline · each of $.runs · 40 at once) leads to the end. \
        In Fan out 1: Start leads to Run. In Fan out 1: Run (Task · batch:submitJob.sync) leads to the end; catch States.ALL: Run failed. \
        In Fan out 1: Run failed (Pass) leads to the end.";
    assert_eq!(first, [("title", "State machine: 6 runs"), ("desc", description)]);
}

#[test]
fn a_picture_needs_nothing_from_outside_and_runs_nothing() {
    let text = svg(&parallel());
    let picture = Document::parse(&text).unwrap();
    let names: Vec<&str> = picture.descendants().map(|node| node.tag_name().name()).collect();
    for forbidden in ["script", "image", "foreignObject", "use", "a", "link"] {
        assert!(!names.contains(&forbidden), "{forbidden}");
    }
    assert!(!text.contains("url(") && !text.contains("@import") && !text.contains("href"));
    assert!(text.contains("@media (prefers-color-scheme:dark)"));
}

#[test]
fn all_states_are_there_with_their_types() {
    let text = svg(&looping());
    let picture = Document::parse(&text).unwrap();
    for (class, count) in [("start", 1), ("task", 3), ("wait", 1), ("choice", 1), ("succeed", 1), ("fail", 1), ("end", 0), ("missing", 0)] {
        assert_eq!(with_class(&picture, class).len(), count, "{class}");
    }
    let titles = titles(&picture);
    for title in ["Submit\nTask · batch:submitJob", "Done?\nChoice", "Bad\nFail · JobFailed"] {
        assert!(titles.iter().any(|found| found == title), "{title} is not in {titles:?}");
    }
}

#[test]
fn arrows_of_one_kind_to_one_target_share_a_lane() {
    let text = svg(&looping());
    let picture = Document::parse(&text).unwrap();
    let heads = with_class(&picture, "head");
    assert_eq!(heads.len(), 9, "ten transitions, of which two catchers share an arrowhead");
    assert_eq!(heads.iter().filter(|head| head.attribute("class") == Some("head catch")).count(), 1);
    let labels: Vec<_> = with_class(&picture, "label").into_iter().filter_map(|label| label.text()).collect();
    assert_eq!(labels, ["catch States.ALL", "catch States.ALL", "$.status == \"SUCCEEDED\"", "$.status == \"FAILED\"", "default"]);
}

#[test]
fn boxes_stand_within_the_boxes_that_hold_them() {
    let text = svg(&parallel());
    let picture = Document::parse(&text).unwrap();
    let rect = |node: &Node<'_, '_>| [number(node, "x"), number(node, "y"), number(node, "width"), number(node, "height")];
    let container = |class: &str| rect(&with_class(&picture, class)[0].children().find(|node| node.has_tag_name("rect")).unwrap());
    let within = |[x, y, width, height]: [f64; 4], outer: [f64; 4]| {
        x > outer[0] && y > outer[1] && x + width < outer[0] + outer[2] && y + height < outer[1] + outer[3]
    };
    let branches: Vec<_> = with_class(&picture, "branch").iter().map(rect).collect();
    let passes: Vec<_> = with_class(&picture, "pass").iter().map(rect).collect();
    assert_eq!((branches.len(), passes.len()), (2, 2));
    assert!(branches.iter().all(|branch| within(*branch, container("parallel"))));
    assert!(within(container("map"), branches[0]) && within(passes[0], container("map")) && within(passes[1], branches[1]));
}

#[test]
fn a_name_that_is_cut_is_whole_in_the_tooltip() {
    let name = NASTY[15];
    let text = svg(&json!({"States": {name: {"Type": "Pass"}}}));
    let picture = Document::parse(&text).unwrap();
    let shown = with_class(&picture, "name")[0].children().filter(Node::is_text).filter_map(|node| node.text()).collect::<String>();
    assert!(shown.ends_with('…') && name.starts_with(shown.trim_end_matches('…')), "{shown}");
    assert!(titles(&picture).contains(&format!("{name}\nPass")));
}

#[test]
fn names_are_text_and_nothing_else() {
    for name in NASTY {
        let text = svg(
            &json!({"Comment": name, "StartAt": name, "States": {name: {"Type": name, "Catch": [{"ErrorEquals": [name], "Next": name}]}}}),
        );
        let picture = Document::parse(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        assert_eq!(with_class(&picture, "unknown").len(), 1, "{name}");
        assert!(picture.descendants().all(|node| node.tag_name().name() != "script"), "{name}");
    }
}

#[test]
fn machines_are_drawn_a_hundred_deep_and_left_out_beyond() {
    let text = svg(&nested(100));
    let picture = Document::parse(&text).unwrap();
    assert_eq!((with_class(&picture, "map").len(), with_class(&picture, "pass").len()), (100, 1));
    let text = svg(&nested(200));
    let picture = Document::parse(&text).unwrap();
    assert_eq!((with_class(&picture, "map").len(), with_class(&picture, "pass").len()), (129, 0));
    assert!(text.contains("more, nested too deep to draw"));
}
