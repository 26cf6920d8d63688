//! The table of sizes in `docs/strategies.md`: made from plans, and carried out where that takes no long time.
//!
//! `FANOUT_WRITE_TABLES=1` writes the table into the document instead of comparing it.

use std::fmt::Write as _;
use std::{env, fs};

use fanout_core::limits::{Violation, grouped};
use fanout_core::plan::{Plan, Work};
use fanout_core::strategy::{self, PlanError, Strategy};

use crate::world::{World, fan_out};

const SIZES: [usize; 11] = [1, 2, 39, 40, 41, 1_000, 3_124, 3_125, 10_000, 10_001, 100_000];
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/strategies.md");
const BEGIN: &str = "<!-- made by FANOUT_WRITE_TABLES=1 cargo test -p fanout --test simulation sizes -->\n";
const END: &str = "<!-- end -->\n";

/// Larger ones are planned only. Arrays are quick.
fn is_carried_out(strategy: &dyn Strategy, size: usize) -> bool {
    size <= 1_000 || size <= 10_001 && strategy.name() == strategy::Array.name()
}

#[test]
fn the_table_of_sizes_is_what_plans_and_the_engine_say() {
    let table = table();
    let document = fs::read_to_string(DOCUMENT).expect("docs/strategies.md");
    let (head, rest) = document.split_once(BEGIN).expect("the table's beginning");
    let (found, tail) = rest.split_once(END).expect("the table's end");
    if env::var_os("FANOUT_WRITE_TABLES").is_some() {
        fs::write(DOCUMENT, [head, BEGIN, &table, END, tail].concat()).expect("the document is written");
    } else {
        assert_eq!(found, table, "docs/strategies.md differs; FANOUT_WRITE_TABLES=1 writes it anew");
    }
}

fn table() -> String {
    let all: Vec<&dyn Strategy> = strategy::ALL.into_iter().chain([&strategy::Auto as &dyn Strategy]).collect();
    let names: Vec<String> = all.iter().map(|strategy| format!("`{}`", strategy.name())).collect();
    let mut table = format!("| runs | {} |\n|{}\n", names.join(" | "), " --- |".repeat(all.len() + 1));
    for size in SIZES {
        let cells: Vec<String> = all.iter().map(|strategy| cell(*strategy, size)).collect();
        _ = writeln!(table, "| {} | {} |", grouped(size as u64), cells.join(" | "));
    }
    table
}

fn cell(strategy: &dyn Strategy, size: usize) -> String {
    let fan_out = fan_out(&format!("1-{size}"));
    let plan = match strategy.plan(&fan_out) {
        Ok(plan) => plan,
        Err(error) => return refused(&error),
    };
    if is_carried_out(strategy, size) {
        let world = World { vcpus: 20_000, ..World::default() };
        let (report, _) = world.carry_out(&fan_out, strategy);
        assert_eq!(report.totals().pass, size, "{size} runs by {}", strategy.name());
    }
    if strategy.name() == strategy::Auto.name() { format!("`{}`", plan.strategy) } else { done_by(&plan) }
}

fn done_by(plan: &Plan) -> String {
    match &plan.work {
        Work::Execution { nested: Some(nested), .. } => format!("{} nested executions", grouped(nested.firsts.len() as u64)),
        Work::Execution { .. } if plan.objects.is_empty() => "1 execution".into(),
        Work::Execution { .. } => "1 execution, items in S3".into(),
        Work::Jobs { submissions, .. } => {
            let of = |kind: &str, count: usize| match count {
                1 => format!("1 {kind}"),
                _ => format!("{} {kind}s", grouped(count as u64)),
            };
            let (many, alone): (Vec<_>, Vec<_>) = submissions.iter().partition(|submission| submission.nodes || submission.count > 1);
            let kind = if many.iter().any(|submission| submission.nodes) { "job of nodes" } else { "array" };
            let many = (!many.is_empty()).then(|| of(kind, many.len()).replace("job of nodess", "jobs of nodes"));
            let alone = (!alone.is_empty()).then(|| of("job", alone.len()));
            many.into_iter().chain(alone).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// The number, the limit and the flag that helps.
fn refused(error: &PlanError) -> String {
    let reasons = error.violations.iter().map(|violation| match violation {
        Violation::Over { limit, needed, help, .. } => {
            let flags: Vec<String> = help.split("--strategy ").skip(1).map(|rest| format!("`--strategy {}`", name_at(rest))).collect();
            assert!(!flags.is_empty(), "no flag helps: {help}");
            format!("refused: {} {}, {} at most; {}", grouped(*needed), limit.unit, grouped(limit.most), flags.join(" or "))
        }
        Violation::Invalid { .. } => panic!("{violation}"),
    });
    reasons.collect::<Vec<_>>().join(" ")
}

fn name_at(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default()
}
