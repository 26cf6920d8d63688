//! A retry: another plan, for some of a fan-out's runs, told in the same record.
//!
//! A client knows the runs of its plan by their places in it; a record knows them by their indexes in the whole list.

use std::collections::BTreeSet;

use crate::event::{Event, EventKind, RunEnd, RunStatus};
use crate::fan_out::FanOut;

/// What a client told, as the record has it.
pub fn for_record(mut event: Event, fan_out: &FanOut) -> Event {
    if fan_out.round == 0 {
        return event;
    }
    let index = |place: &mut usize| *place = fan_out.runs.index(*place);
    match &mut event.kind {
        EventKind::FanOutStarted { strategy, .. } => {
            let runs = neighbours((0..fan_out.runs.len()).map(|place| fan_out.runs.index(place)));
            event.kind = EventKind::Retrying { round: fan_out.round, strategy: std::mem::take(strategy), runs };
        }
        kind => each_run(kind, index),
    }
    event
}

/// What the record has of the present round, as the client of it told it.
pub fn for_client(record: impl IntoIterator<Item = Event>, fan_out: &FanOut) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut round = 0;
    for mut event in record {
        match &mut event.kind {
            EventKind::Retrying { round: begun, strategy, .. } => {
                round = *begun;
                let (run_id, strategy) = (fan_out.run_id.clone(), std::mem::take(strategy));
                event.kind = EventKind::FanOutStarted { run_id, strategy, size: fan_out.runs.len() };
            }
            kind if round > 0 => each_run(kind, |index| *index = fan_out.runs.place(*index).unwrap_or(usize::MAX)),
            _ => {}
        }
        if round == fan_out.round {
            events.push(event);
        }
    }
    events
}

fn each_run(kind: &mut EventKind, change: impl Fn(&mut usize)) {
    match kind {
        EventKind::RunStarted { index, .. } | EventKind::LogStream { index, .. } => change(index),
        EventKind::RunEnded(end) => change(&mut end.index),
        EventKind::Cancelling { running, .. } => running.iter_mut().for_each(change),
        EventKind::FanOutStarted { .. }
        | EventKind::Retrying { .. }
        | EventKind::Registered { .. }
        | EventKind::MachineCreated { .. }
        | EventKind::Submitting { .. }
        | EventKind::Submitted { .. }
        | EventKind::Progress(_)
        | EventKind::Note { .. }
        | EventKind::TooManyFailed { .. }
        | EventKind::Resumed
        | EventKind::FanOutEnded => {}
    }
}

/// Ascending numbers as the first and the last of each group of neighbours.
pub fn neighbours(numbers: impl IntoIterator<Item = usize>) -> Vec<(usize, usize)> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match groups.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => groups.push((number, number)),
        }
    }
    groups
}

/// The numbers of which these are the groups.
pub fn members(groups: &[(usize, usize)]) -> BTreeSet<usize> {
    groups.iter().flat_map(|(first, last)| *first..=*last).collect()
}

/// What became of a run that had ended as `before` and was run once more. If that never began, nothing is known that was not before.
pub(crate) fn merged(before: RunEnd, mut end: RunEnd) -> RunEnd {
    if end.attempts == 0 && matches!(end.status, RunStatus::Cancelled | RunStatus::Skip) {
        return before;
    }
    if end.status == RunStatus::Pass && before.attempts > 0 && before.status != RunStatus::Pass {
        end.status = RunStatus::Flaky;
    }
    end.attempts += before.attempts;
    let last = before.last_attempt();
    end.earlier = before.earlier.into_iter().chain(last).chain(end.earlier).collect();
    end
}

#[cfg(test)]
mod tests {
    use super::{members, neighbours};

    #[test]
    fn neighbours_are_told_by_the_first_and_the_last() {
        let numbers = [3, 8, 9, 10, 12];
        let groups = neighbours(numbers);
        assert_eq!(groups, [(3, 3), (8, 10), (12, 12)]);
        assert!(members(&groups).into_iter().eq(numbers));
        assert!(neighbours([]).is_empty());
    }
}
