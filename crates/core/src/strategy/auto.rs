//! `auto`: the strategy that suits a fan-out, with the reasons in three lines.
//!
//! The choice depends on the fan-out alone, so that whoever goes on with a recorded one makes it again.

use super::{Array, DistributedMap, Map, PlanError, Strategy, Submit};
use crate::fan_out::FanOut;
use crate::limits::{self, Limit, grouped};
use crate::plan::{Plan, Work};

/// Whichever strategy suits.
#[derive(Clone, Copy, Debug)]
pub struct Auto;

/// An array that holds fewer runs than this because its items are long saves no calls worth the name.
const FEW_IN_AN_ARRAY: usize = 10;

impl Strategy for Auto {
    fn name(&self) -> &'static str {
        "auto"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let mut passed_over = Vec::new();
        let mut refusal = None;
        for Candidate { strategy, because, otherwise, too_many } in candidates(fan_out) {
            let name = strategy.name();
            if let Some(why) = too_many {
                passed_over.push(format!("{name}: {why}"));
                continue;
            }
            match strategy.plan(fan_out).map(|plan| (unsuitable(&plan), plan)) {
                Ok((None, plan)) => {
                    let instead = if passed_over.is_empty() { otherwise.to_owned() } else { passed_over.join("; ") };
                    let why = [
                        format!("auto takes {name}: {because}"),
                        format!("not {instead}"),
                        format!("the same without a choice: --strategy {name}; measured: fanout bench --strategy all"),
                    ];
                    return Ok(Plan { notes: why.into_iter().chain(plan.notes.clone()).collect(), ..plan });
                }
                Ok((Some(why), _)) => passed_over.push(format!("{name}: {why}")),
                Err(error) => {
                    passed_over.push(format!("{name}: {}", error.violations.first().map(ToString::to_string).unwrap_or_default()));
                    refusal = Some(error);
                }
            }
        }
        // The last one takes whatever can be run at all.
        Err(refusal.unwrap_or_else(|| PlanError::new(self.name(), Vec::new())))
    }
}

struct Candidate {
    strategy: &'static dyn Strategy,
    because: String,
    /// What it is taken instead of where nothing was passed over.
    otherwise: &'static str,
    /// Why it is not even planned.
    too_many: Option<String>,
}

/// The best first.
fn candidates(fan_out: &FanOut) -> Vec<Candidate> {
    let runs = fan_out.runs.len();
    let count = if runs == 1 { "1 run".to_owned() } else { format!("{} runs", grouped(runs as u64)) };
    let asked = fan_out.max_concurrency.filter(|most| *most < runs);
    let at_once = asked.map(|most| format!("{count}, {} at a time", grouped(most as u64))).unwrap_or_default();
    let holds_back = format!("{at_once}: Step Functions holds them back exactly, and goes on without fanout");
    let array = |because: String| Candidate {
        strategy: &Array,
        because,
        otherwise: "map: 40 at a time, and a price for each state transition",
        too_many: None,
    };
    let distributed = |because: String| Candidate {
        strategy: &DistributedMap,
        because,
        otherwise: "map: a Map state in one execution has 40 at a time; array: it needs fanout until the end to hold runs back",
        too_many: None,
    };
    let map = || Candidate {
        strategy: &Map,
        because: holds_back.clone(),
        otherwise: "array: it needs fanout until the end to hold runs back, and a quarter of the room may idle behind the last run of one",
        too_many: (runs > most_of_one_execution())
            .then(|| format!("{count}, but the history of one execution holds {}", grouped(most_of_one_execution() as u64))),
    };
    let submit = Candidate {
        strategy: &Submit,
        because: format!("{count}, each a job of its own, whatever the length of the items"),
        otherwise: "array: the items are too long to share a command",
        too_many: None,
    };
    let mut candidates = match asked {
        None => vec![
            array(format!("{count}, and none waits for another: Batch has them all after a few calls, and only jobs are paid for")),
            distributed(format!("{count}, and none waits for another: each is a child execution with an item of any length")),
        ],
        Some(most) => {
            let is_in_reach = |limit: Limit| most as u64 <= limit.most;
            let mut by_execution = Vec::new();
            by_execution.extend(is_in_reach(limits::MAP_ITERATIONS).then(map));
            by_execution.extend(is_in_reach(limits::MAP_RUN_CHILDREN).then(|| distributed(holds_back.clone())));
            by_execution.push(array(format!("{at_once}: fanout submits the next ones when there is room")));
            by_execution
        }
    };
    candidates.push(submit);
    candidates
}

/// Runs of one inline Map, if all fail.
fn most_of_one_execution() -> usize {
    ((limits::HISTORY_EVENTS.most - limits::EVENTS_AROUND_MAP) / limits::EVENTS_PER_ITERATION) as usize
}

/// Why a plan that AWS would take is still not the one to take.
fn unsuitable(plan: &Plan) -> Option<String> {
    match &plan.work {
        Work::Execution { nested: Some(nested), .. } => {
            Some(format!("it would be {} nested executions", grouped(nested.firsts.len() as u64)))
        }
        Work::Jobs { submissions, max_in_flight: None } if plan.strategy == Array.name() => {
            let is_long = plan.size > limits::MAP_ITERATIONS.most as usize && submissions.len() * FEW_IN_AN_ARRAY > plan.size;
            is_long.then(|| format!("the items are long, and would be {} arrays", grouped(submissions.len() as u64)))
        }
        Work::Execution { .. } | Work::Jobs { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Auto;
    use crate::item::Item;
    use crate::run_list::RunList;
    use crate::strategy::Strategy;
    use crate::strategy::testing::fan_out;

    fn choice(items: &str, most: Option<usize>) -> &'static str {
        let mut fan_out = fan_out(items);
        fan_out.max_concurrency = most;
        let plan = Auto.plan(&fan_out).expect("a plan");
        assert!(plan.notes[0].starts_with(&format!("auto takes {}: ", plan.strategy)), "{:?}", plan.notes);
        assert!(plan.notes[1].starts_with("not "), "{:?}", plan.notes);
        assert!(plan.notes[2].contains(&format!("--strategy {}", plan.strategy)), "{:?}", plan.notes);
        plan.strategy
    }

    #[test]
    fn without_a_cap_an_array_is_taken() {
        assert_eq!([choice("1", None), choice("1-6", Some(6)), choice("1-100000", None)], ["array"; 3]);
    }

    #[test]
    fn a_cap_is_kept_by_step_functions_where_it_can() {
        assert_eq!([choice("1-100", Some(6)), choice("1-2499", Some(40))], ["map"; 2]);
        assert_eq!([choice("1-2500", Some(40)), choice("1-100", Some(41)), choice("1-50000", Some(9_000))], ["distributed-map"; 3]);
        assert_eq!([choice("1-50000", Some(10_001)), choice("1-140000", Some(6))], ["array"; 2]);
    }

    #[test]
    fn long_items_are_not_many_small_arrays() {
        let mut fan_out = fan_out("1");
        fan_out.runs = RunList::Items((0..100).map(|run| Item::new(format!("{run}{}", "x".repeat(2_000)).into())).collect());
        let plan = Auto.plan(&fan_out).expect("a plan");
        assert_eq!(plan.strategy, "distributed-map");
        assert!(plan.notes[1].starts_with("not array: the items are long"), "{:?}", plan.notes);
    }

    #[test]
    fn what_no_strategy_takes_is_refused_with_the_reason() {
        let mut fan_out = fan_out("1");
        fan_out.runs = RunList::Items(vec![Item::new("x".repeat(9_000).into())]);
        assert!(Auto.plan(&fan_out).expect_err("too long").is_quota());
    }

    #[test]
    fn the_choice_is_the_same_again() {
        let mut fan_out = fan_out("1-3000");
        fan_out.max_concurrency = Some(25);
        assert_eq!(Auto.plan(&fan_out), Auto.plan(&fan_out));
    }
}
