//! The course of a line in SVG's words.

use std::fmt::Write;

use super::moved;
use crate::graph::layout::{CORNER, Path, Point};

/// How far a line ends before the tip of its arrowhead.
const HEAD: f64 = 6.0;

/// What to draw, and where it leads.
pub(super) fn of(path: &Path, arrow: bool, origin: Point) -> (String, Point) {
    let (Path::Curve(points) | Path::Corners(points)) = path;
    let mut points: Vec<Point> = points.iter().map(|point| moved(*point, origin)).collect();
    let tip = points.last().copied().unwrap_or(origin);
    if let Some(last) = points.last_mut().filter(|_| arrow) {
        last.y -= HEAD;
    }
    let course = match path {
        Path::Curve(_) => curve(&points),
        Path::Corners(_) => corners(&points),
    };
    (course, tip)
}

fn curve(points: &[Point]) -> String {
    let mut course = String::new();
    let mut at: Option<Point> = None;
    for point in points {
        let Point { x, y } = *point;
        let _ = match at {
            None => write!(course, "M{x} {y}"),
            // A bend of a pixel or two would look like a mistake.
            Some(at) if (at.x - x).abs() < 2.0 => write!(course, "L{x} {y}"),
            Some(at) => {
                let middle = f64::midpoint(at.y, y);
                write!(course, "C{} {middle} {x} {middle} {x} {y}", at.x)
            }
        };
        at = Some(*point);
    }
    course
}

fn corners(points: &[Point]) -> String {
    let mut course = String::new();
    for (position, corner) in points.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| points[before]);
        let _ = match (before, points.get(position + 1)) {
            (None, _) => write!(course, "M{} {}", corner.x, corner.y),
            (Some(_), None) => write!(course, "L{} {}", corner.x, corner.y),
            (Some(before), Some(after)) => {
                let (from, to) = (towards(*corner, before), towards(*corner, *after));
                write!(course, "L{} {}Q{} {} {} {}", from.x, from.y, corner.x, corner.y, to.x, to.y)
            }
        };
    }
    course
}

/// The point where a round corner meets its side: never beyond the side's middle.
fn towards(corner: Point, end: Point) -> Point {
    let step = |from: f64, to: f64| ((to - from) / 2.0).clamp(-CORNER, CORNER);
    Point { x: corner.x + step(corner.x, end.x), y: corner.y + step(corner.y, end.y) }
}
