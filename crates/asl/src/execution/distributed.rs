//! A distributed Map at work: it hands a Map Run out and waits for its result.

use std::sync::Arc;

use super::Execution;
use super::arena::Key;
use super::map::Prepared;
use super::strand::{Doing, Sight};
use crate::Payload;
use crate::document::{Batcher, Distributed, Given, Kind, Map, State, Writer};
use crate::expression::Template;
use crate::history::{Fault, Happening, Phase};
use crate::map_run::{Batches, Destination, MapRun, Names, Order, Origin, Snapshot, Tolerance};
use crate::port::{Effect, TaskId};

impl Execution {
    /// Starts the Map Run.
    pub(super) fn start_map_run(&mut self, key: Key, state: &State, map: &Map, distributed: &Distributed, prepared: Prepared) {
        let run = match self.map_run(key, state, map, distributed, prepared) {
            Ok(Some(run)) => run,
            Ok(None) => return,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let (id, arn) = (TaskId(self.next_task), Arc::clone(&run.names().arn));
        self.next_task += 1;
        if let Some(strand) = self.strands.get_mut(key) {
            strand.map_run = Some(Arc::clone(&arn));
            let started = || Happening::MapRunStarted { arn };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, started);
            strand.doing = Doing::Task { id };
        }
        self.tasks.insert(id, key);
        self.effects.push_back(Effect::StartMapRun { task: id, run: Box::new(run) });
    }

    /// The Map Run; `None` if its Map is no more.
    pub(super) fn map_run(
        &mut self,
        key: Key,
        state: &State,
        map: &Map,
        distributed: &Distributed,
        Prepared { input, items, limits }: Prepared,
    ) -> Result<Option<MapRun>, Fault> {
        let names = self.map_run_names(state, distributed);
        let order = Order { limits: limits.into(), ..self.order(key, state, map, distributed, &input, items)? };
        let seed = self.random.between(0, i64::MAX) as u64;
        let snapshot = self.snapshot(key, state, input);
        Ok(snapshot.map(|snapshot| MapRun::new(Arc::clone(&self.definition), snapshot, names, order, seed)))
    }

    /// The Map Run's ARN and those of its children.
    fn map_run_names(&mut self, state: &State, distributed: &Distributed) -> Names {
        let label: Arc<str> = match &distributed.label {
            Some(label) => label.clone(),
            // The same for all runs of this state.
            None => self.stable_label(&state.name).into(),
        };
        let machine = &self.settings.state_machine_arn;
        let run = self.random.uuid();
        Names {
            arn: format!("{}/{label}:{run}", machine.replacen(":stateMachine:", ":mapRun:", 1)).into(),
            run,
            label: label.clone(),
            machine_arn: format!("{machine}/{label}").into(),
            machine_name: format!("{}/{label}", self.settings.state_machine_name).into(),
            execution_arn: self.settings.execution_arn.as_str().into(),
        }
    }

    fn stable_label(&self, state: &str) -> String {
        let text = format!("{}/{state}", self.settings.state_machine_arn);
        let digest = crate::intrinsic::digest(text.as_bytes(), "MD5").unwrap_or_default();
        format!("{}-{}-3{}-a{}-{}", &digest[..8], &digest[8..12], &digest[13..16], &digest[17..20], &digest[20..32])
    }

    fn order(
        &mut self,
        key: Key,
        state: &State,
        map: &Map,
        distributed: &Distributed,
        input: &Payload,
        items: Option<Payload>,
    ) -> Result<Order, Fault> {
        let origin = match (&distributed.reader, items) {
            (Some(reader), None) => {
                let arguments = self.reader_arguments(key, state, &reader.arguments, input)?;
                let max_items = match &reader.max_items {
                    Some(given) => Some(self.positive(key, state, given, "MaxItems")?),
                    None => None,
                };
                Origin::Objects { arguments, lists: reader.lists, format: reader.format.clone(), max_items }
            }
            (_, Some(items)) => Origin::Items(items),
            (None, None) => Origin::Items(Payload::null()),
        };
        let batches = match &distributed.batcher {
            Some(batcher) => Some(self.batches(key, state, batcher, input)?),
            None => None,
        };
        let destination = match &distributed.writer {
            Some(writer) => Some(self.destination(key, state, writer, input)?),
            None => None,
        };
        Ok(Order { origin, batches, destination, express: distributed.express, start: map.start, limits: Tolerance::default() })
    }

    fn reader_arguments(&mut self, key: Key, state: &State, arguments: &Template, input: &Payload) -> Result<Payload, Fault> {
        self.filled(key, state, arguments, Sight::of(input))
    }

    fn batches(&mut self, key: Key, state: &State, batcher: &Batcher, input: &Payload) -> Result<Batches, Fault> {
        let mut number =
            |given: &Option<Given<u64>>, field| given.as_ref().map(|given| self.positive(key, state, given, field)).transpose();
        let max_items = number(&batcher.max_items, "MaxItemsPerBatch")?;
        let max_bytes = number(&batcher.max_bytes, "MaxInputBytesPerBatch")?;
        let common = match &batcher.input {
            Some(template) => Some(self.filled(key, state, template, Sight::of(input))?),
            None => None,
        };
        Ok(Batches { max_items, max_bytes, common })
    }

    fn destination(&mut self, key: Key, state: &State, writer: &Writer, input: &Payload) -> Result<Destination, Fault> {
        let place = match &writer.arguments {
            Some(arguments) => Some(self.filled(key, state, arguments, Sight::of(input))?),
            None => None,
        };
        Ok(Destination { place, transformation: writer.transformation, lines: writer.lines })
    }

    /// Recorded: "field MaxItems must be positive".
    fn positive(&mut self, key: Key, state: &State, given: &Given<u64>, name: &'static str) -> Result<u64, Fault> {
        let number = self.integer(key, state, given, super::lookup::Field { name })?;
        match u64::try_from(number) {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(self.runtime_fault(key, state, &format!("field {name} must be positive"))),
        }
    }

    fn snapshot(&self, key: Key, state: &State, input: Payload) -> Option<Snapshot> {
        let strand = self.strands.get(key)?;
        Some(Snapshot {
            settings: self.settings.clone(),
            started_at: self.started_at,
            state: strand.state,
            state_name: state.name.clone(),
            entered: strand.entered,
            entered_at: strand.entered_at,
            retries: strand.retries,
            redrives: self.redrives,
            given: self.trial.as_ref().map(|trial| trial.context.clone()),
            variables: strand.variables.clone(),
            input,
        })
    }

    /// The Map Run has ended well. Recorded since November 2024: the Map's exit follows the start of its run.
    pub(super) fn map_run_succeeded(&mut self, key: Key, state: &State, output: Payload) {
        let Some(started) = self.strands.get(key).map(|strand| strand.last) else {
            return;
        };
        let ended = self.record(started, || Happening::MapRunEnded { phase: Phase::Succeeded, fault: None });
        match self.within_limits(&state.name, output).and_then(|output| self.left(key, state, output)) {
            Ok(left) => {
                self.record(ended, || Happening::State { state: state.kind.as_type(), phase: Phase::Succeeded });
                self.leave(key, left, state.next);
            }
            Err(fault) => {
                if let Some(strand) = self.strands.get_mut(key) {
                    strand.last = ended;
                    strand.map_run = None;
                }
                self.state_failed(key, state, fault, true);
            }
        }
    }

    /// The Map Run has failed.
    pub(super) fn map_run_failed(&mut self, key: Key, state: &State, fault: Fault) {
        if let Some(strand) = self.strands.get_mut(key) {
            let failed = || Happening::MapRunEnded { phase: Phase::Failed, fault: Some(fault.clone()) };
            strand.last = self.journal.record(&mut self.effects, self.now, strand.last, failed);
        }
        self.state_failed(key, state, fault, true);
    }

    /// Whose run this was, if the task is one.
    pub(super) fn ended_map_run(&mut self, id: TaskId) -> Option<Key> {
        let key = *self.tasks.get(&id)?;
        let strand = self.strands.get_mut(key)?;
        if !matches!(self.definition.state(strand.state).kind, Kind::Map(_)) {
            return None;
        }
        strand.doing = Doing::Turning;
        self.tasks.remove(&id);
        Some(key)
    }
}
