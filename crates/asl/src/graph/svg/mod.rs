//! The picture as SVG: boxes by type, arrows, labels; what is cut for its place is whole in a tooltip.

mod description;
mod path;
mod style;

use std::fmt::Write;

use super::colours;
use super::layout::{self, HEADER, Interior, LABEL_WIDTH, Line, PADDING, Picture, Placed, Point};
use super::model::{Kind, Machine, Node, Role};
use super::text::{Face, fitting};

/// Around the whole picture.
const MARGIN: f64 = 20.0;

/// The picture of a machine, under a title.
pub(super) fn picture(title: &str, machine: &Machine) -> String {
    let picture = layout::of(machine);
    let (width, height) = (picture.width + 2.0 * MARGIN, picture.height + 2.0 * MARGIN);
    let mut svg = Svg(String::new());
    svg.put(format_args!("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"asl-graph\" role=\"img\" "));
    svg.put(format_args!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n"));
    svg.put(format_args!("<title>{}</title>\n<desc>{}</desc>\n", escaped(title), escaped(&description::of(machine))));
    svg.put(format_args!("<style>\n{}</style>\n", style::sheet()));
    svg.put(format_args!("<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n"));
    svg.machine(&picture, Point { x: MARGIN, y: MARGIN });
    svg.put(format_args!("</svg>\n"));
    svg.0
}

struct Svg(String);

impl Svg {
    fn machine(&mut self, picture: &Picture<'_>, origin: Point) {
        for placed in &picture.boxes {
            let at = moved(placed.at, origin);
            match placed.node.kind {
                Kind::Start | Kind::End => self.mark(placed.node.kind, at, placed.interior.width / 2.0),
                _ if placed.interior.regions.is_empty() => self.state(placed, at),
                _ => self.container(placed.node, &placed.interior, at),
            }
        }
        for line in &picture.lines {
            self.line(line, origin);
        }
        for label in &picture.labels {
            let at = moved(label.at, origin);
            self.text("label", Point { x: at.x, y: at.y + 12.0 }, label.text, LABEL_WIDTH);
        }
    }

    fn mark(&mut self, kind: Kind, at: Point, radius: f64) {
        let (x, y) = (at.x + radius, at.y + radius);
        if kind == Kind::Start {
            self.put(format_args!("<g class=\"start\"><title>Start</title><circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/></g>\n", radius - 1.0));
        } else {
            self.put(format_args!(
                "<g class=\"end\"><title>End</title><circle class=\"ring\" cx=\"{x}\" cy=\"{y}\" r=\"{}\"/>",
                radius - 1.0
            ));
            self.put(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"/></g>\n", radius - 5.0));
        }
    }

    /// A box of text; being an `svg` of its own, it clips what a font makes wider than expected.
    fn state(&mut self, placed: &Placed<'_>, at: Point) {
        let (node, width, height) = (placed.node, placed.interior.width, placed.interior.height);
        let class = colours::class(node.kind);
        self.put(format_args!("<svg class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\">", at.x, at.y));
        self.tooltip(node);
        let (right, bottom) = (width - 1.0, height - 1.0);
        if node.kind == Kind::Choice {
            let (corner, middle) = (width - 11.0, height / 2.0);
            self.put(format_args!("<path d=\"M11 1H{corner}L{right} {middle}L{corner} {bottom}H11L1 {middle}Z\"/>"));
        } else {
            let round = if matches!(node.kind, Kind::Succeed | Kind::Fail) { bottom / 2.0 } else { 6.0 };
            self.put(format_args!("<rect x=\"1\" y=\"1\" width=\"{}\" height=\"{}\" rx=\"{round}\"/>", width - 2.0, height - 2.0));
        }
        self.words(node, width / 2.0, 0.0, width - 2.0 * PADDING);
        self.put(format_args!("</svg>\n"));
    }

    fn container(&mut self, node: &Node, interior: &Interior<'_>, at: Point) {
        let (x, y, width, height) = (at.x, at.y, interior.width, interior.height);
        self.put(format_args!("<g class=\"{}\">", colours::class(node.kind)));
        self.tooltip(node);
        self.put(format_args!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/>"));
        self.words(node, x + width / 2.0, y, width - 2.0 * PADDING);
        self.put(format_args!("</g>\n"));
        for region in &interior.regions {
            let corner = moved(Point { x: region.x, y: region.y }, at);
            if interior.framed {
                let (width, height) = (region.width, region.height);
                self.put(format_args!(
                    "<rect class=\"branch\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n",
                    corner.x, corner.y
                ));
            }
            self.machine(&region.picture, moved(region.inset, corner));
        }
    }

    fn tooltip(&mut self, node: &Node) {
        let lines: Vec<&str> = [&node.name].into_iter().chain(&node.notes).map(String::as_str).collect();
        self.put(format_args!("<title>{}</title>", escaped(&lines.join("\n"))));
    }

    /// The name and the lines beneath it.
    fn words(&mut self, node: &Node, x: f64, top: f64, room: f64) {
        self.text("name", Point { x, y: top + HEADER[0] }, &node.name, room);
        for (position, note) in node.notes.iter().enumerate() {
            self.text("note", Point { x, y: top + HEADER[0] + HEADER[1] * (position as f64 + 1.0) }, note, room);
        }
    }

    fn text(&mut self, class: &str, at: Point, text: &str, room: f64) {
        let shown = fitting(text, if class == "name" { Face::Name } else { Face::Line }, room);
        let whole = if shown == text { String::new() } else { format!("<title>{}</title>", escaped(text)) };
        self.put(format_args!("<text class=\"{class}\" x=\"{}\" y=\"{}\">{whole}{}</text>\n", at.x, at.y, escaped(&shown)));
    }

    fn line(&mut self, line: &Line, origin: Point) {
        let class = if line.role == Role::Catch { " catch" } else { "" };
        let (course, tip) = path::of(&line.path, line.arrow, origin);
        self.put(format_args!("<path class=\"line{class}\" d=\"{course}\"/>"));
        if line.arrow {
            self.put(format_args!("<path class=\"head{class}\" d=\"M{} {}l-4-8h8z\"/>", tip.x, tip.y));
        }
        self.put(format_args!("\n"));
    }

    /// Writing to a string does not fail.
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(text);
    }
}

fn moved(point: Point, by: Point) -> Point {
    Point { x: point.x + by.x, y: point.y + by.y }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
