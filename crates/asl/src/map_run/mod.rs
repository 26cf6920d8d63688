//! A Map Run: the child executions of a distributed Map, from the first item read to the last result written.
//!
//! A machine like the others: [`MapRun::handle`], [`MapRun::poll_effect`]; it has no deadlines. It reads items as it needs
//! them, so that what it holds grows with the children in flight and not with the items.

mod batch;
mod csv;
mod export;
mod items;
mod order;
mod preview;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::Payload;
use crate::document::{Definition, Processor, Transformation};
use crate::history::Fault;
use crate::port::Outcome;
use crate::random::Random;
#[cfg(feature = "fuzzing")]
pub(crate) use csv::{Dialect, Rows};
use export::Export;
use items::Items;
pub(crate) use order::{Batches, Destination, Order, Origin, Snapshot};
pub use order::{Names, Tolerance};

/// Names a child execution within its run, from 0 in the order in which they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChildId(pub u64);

/// An object of a bucket, as ListObjectsV2 shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// With its quotes.
    pub etag: String,
    /// When it was last written.
    pub last_modified: Timestamp,
    /// Bytes.
    pub size: u64,
    /// `STANDARD`.
    pub storage_class: String,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The run begins.
    Start,
    /// The object that was asked for.
    Read(Vec<u8>),
    /// The bucket's objects, by key.
    Listed(Vec<Listed>),
    /// Reading or listing failed.
    ReadFailed {
        /// Words, such as those of S3.
        cause: String,
    },
    /// An object has been written.
    Written,
    /// Writing failed.
    WriteFailed {
        /// Words, such as those of S3.
        cause: String,
    },
    /// A child is over.
    ChildEnded {
        /// Which.
        child: ChildId,
        /// What is known of it.
        end: Box<ChildEnd>,
    },
    /// Nobody waits for the run any more.
    Stop,
    /// `UpdateMapRun`.
    Update(Tolerance),
    /// The run begins again with the children that did not succeed.
    Redrive {
        /// Those of them that cannot be redriven.
        except: Vec<ChildId>,
    },
}

/// A child execution that is over.
#[derive(Clone, Debug)]
pub struct ChildEnd {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub stopped: Timestamp,
    /// How.
    pub outcome: Outcome,
}

/// Something for the caller to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read an object and answer with [`Input::Read`] or [`Input::ReadFailed`].
    Read {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
    },
    /// List a bucket and answer with [`Input::Listed`] or [`Input::ReadFailed`].
    List {
        /// The bucket.
        bucket: String,
        /// What keys begin with.
        prefix: String,
    },
    /// Write an object and answer with [`Input::Written`] or [`Input::WriteFailed`].
    Write {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// What is in it.
        body: String,
    },
    /// Start a child execution and report its end.
    StartChild {
        /// Comes back with its end.
        child: ChildId,
        /// 1–80 characters.
        name: String,
        /// Its input.
        input: Payload,
        /// How many items are in it.
        items: u64,
    },
    /// Start a child again that had ended without success.
    RedriveChild {
        /// Which.
        child: ChildId,
    },
    /// End a child.
    StopChild {
        /// Which.
        child: ChildId,
    },
    /// The run is over; nothing follows.
    Ended(Result<Payload, Failure>),
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Such as `States.ItemReaderFailed`.
    pub error: String,
    /// Free text.
    pub cause: Option<String>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Children run.
    Running,
    /// All ended, few enough badly.
    Succeeded,
    /// It ended badly.
    Failed,
    /// Its execution ended before it.
    Aborted,
}

/// How many there are, of items or of child executions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not started.
    pub pending: u64,
    /// Started.
    pub running: u64,
    /// Ended well.
    pub succeeded: u64,
    /// Ended badly.
    pub failed: u64,
    /// Out of time.
    pub timed_out: u64,
    /// Stopped.
    pub aborted: u64,
    /// All.
    pub total: u64,
    /// In files of results.
    pub results_written: u64,
    /// Ended without success, and wait for room to be redriven. They count as nothing else meanwhile.
    pub pending_redrive: u64,
}

impl Counts {
    /// Those that ended like this.
    fn of(&mut self, outcome: &Outcome) -> &mut u64 {
        match outcome {
            Outcome::Succeeded { .. } => &mut self.succeeded,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::TimedOut { .. } => &mut self.timed_out,
            Outcome::Aborted { .. } => &mut self.aborted,
        }
    }
}

/// A child in flight.
#[derive(Clone, Debug)]
struct Child {
    items: u64,
    input: Payload,
}

/// A child that did not succeed.
#[derive(Clone, Debug)]
struct Unsuccessful {
    child: Child,
    outcome: Outcome,
}

/// A Map Run.
#[derive(Debug)]
pub struct MapRun {
    definition: Arc<Definition>,
    snapshot: Snapshot,
    names: Names,
    express: bool,
    processor: Processor,
    tolerance: Tolerance,
    batches: Option<Batches>,
    destination: Option<Destination>,
    items: Items,
    random: Random,
    next_child: u64,
    running: BTreeMap<ChildId, Child>,
    /// Children that ended badly.
    unsuccessful: BTreeMap<ChildId, Unsuccessful>,
    /// Those of them that are redriven when there is room.
    to_redrive: BTreeMap<ChildId, Unsuccessful>,
    /// Outputs in the children's order, if they stay in the state.
    results: BTreeMap<u64, Value>,
    export: Option<Export>,
    item_counts: Counts,
    child_counts: Counts,
    status: Status,
    /// What ends the run once the children have ended.
    fault: Option<Fault>,
    waiting: Option<Waiting>,
    redrives: u32,
    effects: VecDeque<Effect>,
    /// The items after selection, if somebody wants to see them.
    selected: Option<Vec<Value>>,
}

/// What has been asked for and not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    ForData,
    ForWrite,
}

/// A run is known by its ARN.
impl PartialEq for MapRun {
    fn eq(&self, other: &Self) -> bool {
        self.names.arn == other.names.arn
    }
}

impl MapRun {
    pub(crate) fn new(definition: Arc<Definition>, snapshot: Snapshot, names: Names, order: Order, seed: u64) -> Self {
        let Order { origin, batches, destination, express, start, limits } = order;
        let exports = destination.as_ref().is_some_and(|destination| destination.place.is_some());
        let items = Items::new(origin);
        let known = items.known_total();
        Self {
            processor: Processor { definition: Arc::clone(&definition), start },
            definition,
            snapshot,
            names,
            express,
            tolerance: limits,
            batches,
            destination,
            items,
            random: Random::new(seed),
            next_child: 0,
            running: BTreeMap::new(),
            unsuccessful: BTreeMap::new(),
            to_redrive: BTreeMap::new(),
            results: BTreeMap::new(),
            export: exports.then(Export::default),
            item_counts: Counts { pending: known, total: known, ..Counts::default() },
            child_counts: Counts::default(),
            status: Status::Running,
            fault: None,
            waiting: None,
            redrives: 0,
            effects: VecDeque::new(),
            selected: None,
        }
    }

    /// Takes in what happened.
    pub fn handle(&mut self, input: Input, now: Timestamp) {
        match input {
            Input::Start => {}
            Input::Read(bytes) => self.data(|items| items.read(bytes)),
            Input::Listed(objects) => self.data(|items| {
                items.listed(objects);
                Ok(())
            }),
            Input::ReadFailed { cause } => self.data(|_| Err(cause)),
            Input::Written => self.waiting = None,
            Input::WriteFailed { cause } => {
                self.waiting = None;
                self.fail(Fault::new("States.ResultWriterFailed", Some(&cause)));
                self.export = None;
            }
            Input::ChildEnded { child, end } => self.child_ended(child, &end),
            Input::Stop => self.stop(),
            Input::Update(tolerance) => self.tolerance = tolerance,
            Input::Redrive { except } => self.redrive(&except),
        }
        self.go_on(now);
    }

    /// What the caller has to do next.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    fn data(&mut self, take: impl FnOnce(&mut Items) -> Result<(), String>) {
        self.waiting = None;
        if let Err(cause) = take(&mut self.items) {
            self.fail(Fault::new("States.ItemReaderFailed", Some(&cause)));
        }
        self.count_items();
    }

    /// What is known of how many items there are.
    fn count_items(&mut self) {
        self.item_counts.total = self.item_counts.total.max(self.items.known_total());
        self.item_counts.pending = self.item_counts.total - self.items.taken().min(self.item_counts.total);
    }

    /// Starts what there is room for; ends the run if nothing is left.
    fn go_on(&mut self, now: Timestamp) {
        if self.status != Status::Running || self.waiting == Some(Waiting::ForWrite) {
            return;
        }
        while self.fault.is_none() && self.has_room() && self.redrive_next() {}
        while self.fault.is_none() && self.waiting.is_none() && self.has_room() {
            match self.next_input(now) {
                Ok(batch::Next::Child { input, items }) => self.start_child(input, items),
                Ok(batch::Next::Data(effect)) => {
                    self.waiting = Some(Waiting::ForData);
                    self.effects.push_back(effect);
                }
                Ok(batch::Next::End) => break,
                Err(fault) => self.fail(fault),
            }
        }
        let exhausted = self.fault.is_some() || (self.waiting.is_none() && self.to_redrive.is_empty() && self.items.is_exhausted());
        if exhausted && self.running.is_empty() {
            self.finish();
        }
    }

    fn has_room(&self) -> bool {
        let most = self.snapshot.settings.quotas.map_run_concurrency.map_or(u64::MAX, |most| most as u64);
        let limit = if self.tolerance.max_concurrency == 0 { most } else { self.tolerance.max_concurrency.min(most) };
        (self.running.len() as u64) < limit
    }

    fn start_child(&mut self, input: Payload, items: u64) {
        let child = ChildId(self.next_child);
        self.next_child += 1;
        self.count_items();
        self.item_counts.running += items;
        self.child_counts.total += 1;
        self.child_counts.running += 1;
        self.running.insert(child, Child { items, input: input.clone() });
        let name = self.random.uuid().to_string();
        self.effects.push_back(Effect::StartChild { child, name, input, items });
    }

    fn child_ended(&mut self, id: ChildId, end: &ChildEnd) {
        let Some(child) = self.running.remove(&id) else {
            return;
        };
        let items = child.items;
        self.item_counts.running -= items;
        self.child_counts.running -= 1;
        *self.item_counts.of(&end.outcome) += items;
        *self.child_counts.of(&end.outcome) += 1;
        self.keep_result(id, &child, end);
        if !matches!(end.outcome, Outcome::Succeeded { .. }) {
            self.unsuccessful.insert(id, Unsuccessful { child, outcome: end.outcome.clone() });
        }
        self.check_tolerance();
    }

    /// Recorded.
    pub(crate) fn too_many_failures() -> Fault {
        Fault::new("States.ExceedToleratedFailureThreshold", Some("The specified tolerated failure threshold was exceeded"))
    }

    fn keep_result(&mut self, id: ChildId, child: &Child, end: &ChildEnd) {
        let transformation = self.destination.as_ref().and_then(|destination| destination.transformation);
        let record = || export::description(&self.names.machine_arn, &child.input, end);
        if let Some(export) = &mut self.export {
            export.add(id, transformation.unwrap_or(Transformation::None), &end.outcome, record);
            return;
        }
        let result = match (&end.outcome, transformation.unwrap_or(Transformation::Compact)) {
            (Outcome::Succeeded { output }, Transformation::Compact | Transformation::Flatten) => output.value().clone(),
            _ => record(),
        };
        self.results.insert(id.0, result);
    }

    /// Developer Guide: failed and timed-out items count, aborted ones do not. A share is one of all items: it is known once
    /// these are.
    fn check_tolerance(&mut self) {
        let failed = self.item_counts.failed + self.item_counts.timed_out;
        let total = if self.items.is_total_known() { self.item_counts.total } else { u64::MAX };
        if self.fault.is_none() && self.tolerance.is_exceeded(failed, total) {
            self.fail(Self::too_many_failures());
        }
    }

    /// The run will end with this; what runs is stopped.
    fn fail(&mut self, fault: Fault) {
        if self.fault.is_none() {
            self.fault = Some(fault);
            self.stop_children();
        }
    }

    fn stop(&mut self) {
        self.status = Status::Aborted;
        self.stop_children();
    }

    /// Of what runs; what was to be redriven remains as it ended.
    fn stop_children(&mut self) {
        self.effects.extend(self.running.keys().map(|child| Effect::StopChild { child: *child }));
        for (id, ended) in std::mem::take(&mut self.to_redrive) {
            self.count_redrive(&ended, false);
            self.unsuccessful.insert(id, ended);
        }
    }

    /// Goes on with the children that did not succeed and the items that were not taken.
    fn redrive(&mut self, except: &[ChildId]) {
        if self.status == Status::Running || self.status == Status::Succeeded {
            return;
        }
        self.status = Status::Running;
        self.fault = None;
        self.waiting = None;
        self.redrives += 1;
        if let Some(export) = &mut self.export {
            export.reopen();
        }
        for (id, ended) in std::mem::take(&mut self.unsuccessful) {
            if except.contains(&id) {
                self.unsuccessful.insert(id, ended);
            } else {
                self.count_redrive(&ended, true);
                self.results.remove(&id.0);
                if let Some(export) = &mut self.export {
                    export.forget(id);
                }
                self.to_redrive.insert(id, ended);
            }
        }
    }

    /// A child goes from those that ended to those that are to be redriven, or back.
    fn count_redrive(&mut self, ended: &Unsuccessful, forth: bool) {
        for (counts, by) in [(&mut self.item_counts, ended.child.items), (&mut self.child_counts, 1)] {
            if forth {
                *counts.of(&ended.outcome) -= by;
                counts.pending_redrive += by;
            } else {
                *counts.of(&ended.outcome) += by;
                counts.pending_redrive -= by;
            }
        }
    }

    /// Redrives one child, if there is one.
    fn redrive_next(&mut self) -> bool {
        let Some((child, ended)) = self.to_redrive.pop_first() else {
            return false;
        };
        for (counts, by) in [(&mut self.item_counts, ended.child.items), (&mut self.child_counts, 1)] {
            counts.pending_redrive -= by;
            counts.running += by;
        }
        self.running.insert(child, ended.child);
        self.effects.push_back(Effect::RedriveChild { child });
        true
    }

    fn finish(&mut self) {
        self.check_tolerance();
        if let Some(effect) = self.next_write() {
            self.waiting = Some(Waiting::ForWrite);
            self.effects.push_back(effect);
            return;
        }
        let result = if let Some(fault) = self.fault.clone() {
            self.status = Status::Failed;
            let (error, cause) = fault.into_parts();
            Err(Failure { error: error.unwrap_or_default(), cause })
        } else {
            self.status = Status::Succeeded;
            Ok(self.output())
        };
        self.effects.push_back(Effect::Ended(result));
    }

    fn next_write(&mut self) -> Option<Effect> {
        let place = self.destination.as_ref()?.place.as_ref()?.value();
        let lines = self.destination.as_ref()?.lines;
        let text = |name: &str| place.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (bucket, prefix) = (text("Bucket"), text("Prefix"));
        let (key, body) = self.export.as_mut()?.next_file(&prefix, &bucket, lines, &self.names)?;
        self.item_counts.results_written = self.item_counts.succeeded + self.item_counts.failed;
        self.child_counts.results_written = self.child_counts.succeeded + self.child_counts.failed;
        Some(Effect::Write { bucket, key, body })
    }

    fn output(&mut self) -> Payload {
        if let (Some(_), Some(place)) = (&self.export, self.destination.as_ref().and_then(|destination| destination.place.as_ref())) {
            return export::reference(&self.names, place.value());
        }
        let flattens = self.destination.as_ref().and_then(|destination| destination.transformation) == Some(Transformation::Flatten);
        let results = std::mem::take(&mut self.results).into_values();
        let results: Vec<Value> = results.flat_map(|result| export::members(result, flattens)).collect();
        if self.destination.as_ref().is_some_and(|destination| destination.lines) {
            return Payload::from_value(results.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n").into());
        }
        Payload::from_value(Value::Array(results))
    }

    /// Its names and those of its children.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Whether children are EXPRESS executions.
    pub fn is_express(&self) -> bool {
        self.express
    }

    /// What each child runs.
    pub fn processor(&self) -> &Processor {
        &self.processor
    }

    /// How much may fail, and how many children may run at once.
    pub fn tolerance(&self) -> Tolerance {
        self.tolerance
    }

    /// Of items.
    pub fn item_counts(&self) -> Counts {
        self.item_counts
    }

    /// Of children.
    pub fn child_counts(&self) -> Counts {
        self.child_counts
    }

    /// Children that ended without success and are not to be redriven at present, and how many items each has.
    pub fn unsuccessful(&self) -> impl Iterator<Item = (ChildId, u64)> {
        self.unsuccessful.iter().map(|(child, ended)| (*child, ended.child.items))
    }

    /// Whether a child ended without success and waits for room to be redriven.
    pub fn is_to_be_redriven(&self, child: ChildId) -> bool {
        self.to_redrive.contains_key(&child)
    }

    /// Whether it waits for an object to be written.
    pub fn is_writing(&self) -> bool {
        self.waiting == Some(Waiting::ForWrite)
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.status
    }

    /// How often it was redriven.
    pub fn redrives(&self) -> u32 {
        self.redrives
    }
}
