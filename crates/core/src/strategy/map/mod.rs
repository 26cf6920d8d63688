//! `map`: an execution whose Map state submits one job per item and waits for each.
//!
//! What one Map state does not hold, or not at one time, is a cascade: an outer Map state whose iterations each
//! start a nested execution of an inner one and wait for it.

mod documents;
mod input;
mod shape;

use serde_json::{Value, json};

use super::{PlanError, Strategy, definition, overrides};
use crate::assignment::Assignment;
use crate::fan_out::FanOut;
use crate::limits::{self, Limit, Violation, grouped};
use crate::plan::{Nested, Plan};

use documents::Supply;
pub(super) use documents::{comment, run, throttled};
pub(super) use input::InputForm;
use shape::Layout;
pub use shape::{Shape, ShapeError};

/// The Map state of the article in today's form: one level, or the smallest cascade that holds the runs and
/// lets as many be in flight as are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Map;

/// A cascade of a given shape.
#[derive(Clone, Copy, Debug)]
pub struct ShapedMap(pub Shape);

const NAME: &str = "map";

impl Strategy for Map {
    fn name(&self) -> &'static str {
        NAME
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        Draft::of(fan_out)?.plan(None)
    }
}

impl Strategy for ShapedMap {
    fn name(&self) -> &'static str {
        NAME
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        Draft::of(fan_out)?.plan(Some(self.0))
    }
}

/// What is known of a plan before it has a shape.
struct Draft<'a> {
    fan_out: &'a FanOut,
    assignment: Assignment,
    form: InputForm,
    /// One element per run.
    elements: Vec<Value>,
    violations: Vec<Violation>,
}

impl<'a> Draft<'a> {
    fn of(fan_out: &'a FanOut) -> Result<Self, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(NAME, violations))?;
        let form = InputForm::of(&fan_out.runs);
        let elements =
            fan_out.runs.iter().enumerate().map(|(index, item)| form.element(&assignment, fan_out.runs.index(index), &item)).collect();
        Ok(Self { fan_out, assignment, form, elements, violations: Vec::new() })
    }

    fn plan(mut self, shape: Option<Shape>) -> Result<Plan, PlanError> {
        let fan_out = self.fan_out;
        let job_definition = definition::job_definition(fan_out, Some(definition::command_with_variables(fan_out, &self.assignment)));
        definition::check(fan_out, &job_definition, &mut self.violations);
        overrides::check(fan_out, &self.assignment, &mut self.violations);
        let single = json!({"runs": self.elements}).to_string();
        let Shaped { document, input, nested, notes } = match self.layout(shape, single.len()) {
            Some((layout, supply)) => self.cascade(layout, supply, shape.is_none()),
            None => self.single(single),
        };
        if !self.violations.is_empty() {
            return Err(PlanError::new(NAME, self.violations));
        }
        let plan = definition::execution_plan(NAME, fan_out, job_definition, document.to_string(), input, nested);
        Ok(Plan { notes, ..plan })
    }

    /// The layout of a cascade, if it has to be one.
    fn layout(&mut self, shape: Option<Shape>, single: usize) -> Option<(Layout, Supply)> {
        let runs = self.fan_out.runs.len();
        let asked = self.fan_out.max_concurrency;
        if let Some(shape) = shape {
            if runs > shape.outer.saturating_mul(shape.inner) {
                self.violations.push(too_small(shape, runs));
            }
            let layout = Layout::of(runs, shape.outer, asked);
            let supply = self.supply(layout);
            return Some((layout, supply));
        }
        let fits = runs <= shape::MOST_LISTED && single as u64 <= limits::STATE_DATA.most;
        let at_least = shape::levels_at_once(asked, runs);
        if fits && at_least <= 1 {
            return None;
        }
        let layout = Layout::of(runs, at_least.max(runs.div_ceil(shape::MOST_LISTED)), asked);
        match self.supply(layout) {
            Supply::Listed => Some((layout, Supply::Listed)),
            computed @ Supply::Computed(_) => Some((Layout::of(runs, at_least.max(runs.div_ceil(shape::MOST_COMPUTED)), asked), computed)),
        }
    }

    /// The items are part of the input if it holds them; numbers can be computed otherwise.
    fn supply(&self, layout: Layout) -> Supply {
        let listed: usize = self.groups(layout, Supply::Listed).iter().map(|group| group.to_string().len() + 1).sum();
        match Supply::computed(&self.fan_out.runs) {
            Some(computed) if (listed + FRAME) as u64 > limits::STATE_DATA.most => computed,
            _ => Supply::Listed,
        }
    }

    /// What each nested execution is given.
    fn groups(&self, layout: Layout, supply: Supply) -> Vec<Value> {
        (0..layout.outer)
            .map(|group| {
                let runs = layout.group(group);
                match supply {
                    Supply::Listed => json!({"first": runs.start, "runs": self.elements[runs]}),
                    Supply::Computed(range) => {
                        let number = |run: usize| range.first + range.step * run as i64;
                        json!({"first": runs.start, "from": number(runs.start), "to": number(runs.end - 1)})
                    }
                }
            })
            .collect()
    }

    fn single(&self, input: String) -> Shaped {
        let at_once = self.fan_out.max_concurrency.unwrap_or(0);
        let document = documents::inner(self.fan_out, &self.assignment, self.form, at_once, None);
        let asked = self.fan_out.max_concurrency.map_or(0, |asked| asked.min(self.fan_out.runs.len()));
        let notes = short_of(asked, limits::MAP_ITERATIONS.most as usize).into_iter().collect();
        Shaped { document, input, nested: None, notes }
    }

    fn cascade(&mut self, layout: Layout, supply: Supply, is_chosen: bool) -> Shaped {
        let fan_out = self.fan_out;
        let groups = self.groups(layout, supply);
        let longest = groups.iter().map(|group| group.to_string().len()).max().unwrap_or_default();
        let input = json!({"groups": groups}).to_string();
        self.check_events(layout.outer, "nested executions", limits::EVENTS_AROUND_MAP);
        self.check_events(layout.inner(), "runs of one nested execution", supply.events_around());
        self.check_data(input.len(), format!("the {} items as the execution's input", grouped(fan_out.runs.len() as u64)));
        self.check_data(longest + ENVELOPE, "the items of one nested execution in its description".into());
        let document = documents::inner(fan_out, &self.assignment, self.form, layout.inner_at_once, Some(supply));
        let firsts = (0..layout.outer).map(|group| layout.group(group).start).collect();
        let nested = Some(definition::nested(fan_out, document.to_string(), firsts));
        let mut notes = Vec::new();
        if is_chosen {
            let (runs, outer, inner) = (grouped(fan_out.runs.len() as u64), grouped(layout.outer as u64), grouped(layout.inner() as u64));
            notes.push(format!(
                "{runs} runs are {outer} nested executions of up to {inner}; --strategy map:{}x{} says the same",
                layout.outer,
                layout.inner()
            ));
        }
        let asked = fan_out.max_concurrency.map_or(0, |asked| asked.min(fan_out.runs.len()));
        notes.extend(short_of(asked, layout.at_once()));
        Shaped { document: documents::outer(fan_out, layout, supply), input, nested, notes }
    }

    fn check_events(&mut self, count: usize, what: &str, around: u64) {
        let events = around + count as u64 * limits::EVENTS_PER_ITERATION;
        if events > limits::HISTORY_EVENTS.most {
            let most = (limits::HISTORY_EVENTS.most - around) / limits::EVENTS_PER_ITERATION;
            self.violations.push(Violation::over(
                limits::HISTORY_EVENTS,
                events,
                format!("{} {what} of {} events, if all fail", grouped(count as u64), limits::EVENTS_PER_ITERATION),
                format!("use --strategy array, or another shape: one execution holds {} of them", grouped(most)),
            ));
        }
    }

    fn check_data(&mut self, bytes: usize, because: String) {
        if bytes as u64 > limits::STATE_DATA.most {
            let help = "use --strategy array, or shorten the items: put what is large into files or S3 and let the items name it";
            self.violations.push(Violation::over(limits::STATE_DATA, bytes as u64, because, help));
        }
    }
}

/// What depends on the number of levels.
struct Shaped {
    document: Value,
    input: String,
    nested: Option<Box<Nested>>,
    notes: Vec<String>,
}

/// Bytes of a cascade's input around its groups.
const FRAME: usize = r#"{"groups":[]}"#.len();
/// Bytes, amply, of a description of a nested execution beside its items: ARNs, names, times.
const ENVELOPE: usize = 2_048;

fn short_of(asked: usize, at_once: usize) -> Option<String> {
    let Limit { most, source, .. } = limits::MAP_ITERATIONS;
    (asked > at_once).then(|| {
        format!(
            "{} runs are in flight at most, not {}: a Map state has {most} iterations at a time ({source}); --strategy array has no such ceiling",
            grouped(at_once as u64),
            grouped(asked as u64)
        )
    })
}

fn too_small(Shape { outer, inner }: Shape, runs: usize) -> Violation {
    Violation::invalid(
        format!("--strategy map:{outer}x{inner}"),
        format!(
            "{} nested executions of {} runs are not enough for {} runs",
            grouped(outer as u64),
            grouped(inner as u64),
            grouped(runs as u64)
        ),
        format!("use --strategy map:{outer}x{} or a larger one, or --strategy map, which finds a shape", runs.div_ceil(outer)),
    )
}

#[cfg(test)]
mod tests;
