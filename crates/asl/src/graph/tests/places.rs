//! Where things stand: nothing lies upon anything else, and no line runs through a box.

use proptest::prelude::*;

use super::documents::{chain, looping, machine, map, parallel};
use crate::graph::layout::{self, LABEL_WIDTH, Path, Picture, Point};
use crate::graph::model::Kind;
use crate::graph::read;
use crate::graph::text::{Face, width};

/// Left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
struct Area([f64; 4]);

impl Area {
    fn meets(self, other: Self) -> bool {
        // Whole pixels: what touches by rounding does not meet.
        const SLACK: f64 = 1.5;
        let (Self(one), Self(other)) = (self, other);
        one[0] + SLACK < other[2] && other[0] + SLACK < one[2] && one[1] + SLACK < other[3] && other[1] + SLACK < one[3]
    }

    fn within(self, width: f64, height: f64) -> bool {
        let Self([left, top, right, bottom]) = self;
        left >= -1.0 && top >= -1.0 && right <= width + 1.0 && bottom <= height + 1.0
    }

    fn between(one: Point, other: Point) -> Self {
        Self([one.x.min(other.x), one.y.min(other.y), one.x.max(other.x), one.y.max(other.y)])
    }
}

fn check(picture: &Picture<'_>) {
    let area = |at: Point, width: f64, height: f64| Area([at.x, at.y, at.x + width, at.y + height]);
    let boxes: Vec<Area> = picture.boxes.iter().map(|placed| area(placed.at, placed.interior.width, placed.interior.height)).collect();
    let labels: Vec<Area> = picture
        .labels
        .iter()
        .map(|label| (label, width(label.text, Face::Line).min(LABEL_WIDTH)))
        .map(|(label, width)| area(Point { x: label.at.x - width / 2.0, ..label.at }, width, 16.0))
        .collect();
    let all: Vec<Area> = boxes.iter().chain(&labels).copied().collect();
    for (position, one) in all.iter().enumerate() {
        assert!(one.within(picture.width, picture.height), "{one:?} is outside");
        assert!(all[..position].iter().all(|other| !one.meets(*other)), "{one:?} lies upon another");
    }
    for line in &picture.lines {
        let (Path::Curve(points) | Path::Corners(points)) = &line.path;
        for pair in points.windows(2) {
            let way = Area::between(pair[0], pair[1]);
            assert!(way.within(picture.width, picture.height), "{way:?} is outside");
            // A line has no width: give it one that would show inside a box.
            let Area([left, top, right, bottom]) = way;
            let way = Area([left - 2.0, top - 2.0, right + 2.0, bottom + 2.0]);
            let through: Vec<_> =
                boxes.iter().filter(|one| way.meets(Area([one.0[0] + 3.0, one.0[1] + 3.0, one.0[2] - 3.0, one.0[3] - 3.0]))).collect();
            assert!(through.is_empty(), "{line:?} runs through {through:?}");
        }
    }
    for placed in &picture.boxes {
        for region in &placed.interior.regions {
            let at = Point { x: region.x + region.inset.x, y: region.y + region.inset.y };
            assert!(area(at, region.picture.width, region.picture.height).within(placed.interior.width, placed.interior.height));
            check(&region.picture);
        }
    }
}

#[test]
fn nothing_lies_upon_anything_else() {
    for document in [map(), looping(), parallel(), chain(30, "S3")] {
        let machine = read::document(&document);
        check(&layout::of(&machine));
    }
}

#[test]
fn a_chain_is_a_straight_line() {
    let machine = read::document(&chain(30, "Gone"));
    let picture = layout::of(&machine);
    let middle = picture.width / 2.0;
    assert!(picture.boxes.iter().all(|placed| (placed.at.x + placed.interior.width / 2.0 - middle).abs() <= 1.0));
    assert!(picture.boxes.windows(2).all(|pair| pair[0].at.y < pair[1].at.y));
}

#[test]
fn a_loop_leads_back_beside_the_states() {
    let machine = read::document(&chain(3, "S0"));
    let picture = layout::of(&machine);
    let right = picture
        .boxes
        .iter()
        .filter(|placed| placed.node.kind == Kind::Pass)
        .map(|placed| placed.at.x + placed.interior.width)
        .fold(0.0, f64::max);
    let rises = |points: &Vec<Point>| points.windows(2).any(|pair| pair[1].y < pair[0].y && pair[0].x > right);
    assert!(picture.lines.iter().any(|line| matches!(&line.path, Path::Corners(points) if rises(points))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn nothing_lies_upon_anything_else_in_any_machine(document in machine()) {
        let machine = read::document(&document);
        check(&layout::of(&machine));
    }
}
