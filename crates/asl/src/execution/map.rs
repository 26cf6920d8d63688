//! The Map state at work.

use serde_json::Value;

use super::arena::Key;
use super::fan::Fan;
use super::lookup::Field;
use super::strand::{Doing, Place, Sight, Strand};
use super::{Execution, Stage};
use crate::Payload;
use crate::context::{Item, STATE_DATA};
use crate::document::{Items, Kind, Map, State};
use crate::expression::Template;
use crate::history::{Fault, Happening, Phase};
use crate::language::QueryLanguage;

/// The numbers that bound a Map, as they were found.
struct Limits {
    concurrency: i64,
    count: Option<i64>,
    percentage: Option<f64>,
}

/// The same, within their bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checked {
    /// 0: as many as the service allows.
    pub(crate) concurrency: u64,
    pub(crate) tolerated_count: Option<u64>,
    pub(crate) tolerated_percentage: Option<f64>,
}

/// What a Map goes by, once it is found out.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) input: Payload,
    /// Of an ItemReader's, nothing is known yet.
    pub(super) items: Option<Payload>,
    pub(super) limits: Checked,
}

/// The Map has failed, and with it what was about to be done.
#[derive(Debug)]
pub(super) struct FanFailed;

impl Execution {
    /// Finds the items and starts the first iterations, or the Map Run.
    pub(super) fn start_map(&mut self, key: Key, state: &State, map: &Map) {
        let reads = map.distributed.as_ref().is_some_and(|distributed| distributed.reader.is_some()) && !self.has_items_in_input();
        let prepared = if reads { self.selected_input(key, state).map(|input| (input, None)) } else { self.items(key, state, map) };
        let prepared = prepared.and_then(|found| Ok((found, self.limits(key, state, map)?)));
        let ((input, items), limits) = match prepared {
            Ok(prepared) => prepared,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let length = items.as_ref().map_or(0, |items| members(items.value())) as u32;
        let Some(owner) = self.strands.get_mut(key) else {
            return;
        };
        let started = || Happening::MapStarted { length: length.into() };
        let id = self.journal.record(&mut self.effects, self.now, owner.last, started);
        owner.last = id;
        let limits = match self.checked(key, state, map, limits) {
            Ok(limits) => limits,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let prepared = Prepared { input, items, limits };
        if self.trial.is_some() {
            return self.try_map(key, state, map, prepared);
        }
        if let Some(distributed) = &map.distributed {
            return self.start_map_run(key, state, map, distributed, prepared);
        }
        let Prepared { input, items, limits } = prepared;
        let most = self.settings.quotas.inline_map_concurrency.map_or(u64::MAX, |most| most as u64);
        let wanted = if limits.concurrency == 0 { most } else { limits.concurrency.min(most) };
        let limit = u32::try_from(wanted).unwrap_or(u32::MAX).max(1);
        let fan = Fan { items, start: Some(map.start), limit, ..Fan::new(key, state, input, length) };
        let fan = self.fans.insert(fan);
        if let Some(owner) = self.strands.get_mut(key) {
            owner.doing = Doing::Fanning(fan);
        }
        if length == 0 {
            self.fan_succeeded(fan, id);
        } else {
            // A failure has already been dealt with.
            _ = self.start_iterations(fan, id);
        }
    }

    /// The effective input and the items.
    fn items(&mut self, key: Key, state: &State, map: &Map) -> Result<(Payload, Option<Payload>), Fault> {
        let input = self.selected_input(key, state)?;
        let takes_objects = map.distributed.is_some();
        let fits = |items: &Value| items.is_array() || (takes_objects && items.is_object());
        let (items, path) = match &map.items {
            Items::Template(template) => return self.evaluated_items(key, state, template, input, fits),
            Items::Input(path) if path.is_root() => (input.clone(), "$"),
            Items::Input(path) => match path.find(input.value()) {
                Ok(items) => (Payload::from_value(items.clone()), path.path().text()),
                Err(misfit) => {
                    let words = format!("Unable to apply step \"{}\" to input {}", misfit.step, misfit.input);
                    return Err(Fault::new("States.ReferencePathConflict", Some(&words)));
                }
            },
            // Recorded: AWS names the path below the context object.
            Items::Elsewhere(path) => {
                (Payload::from_value(self.looked_up(key, state, path, "ItemsPath")?), path.text().strip_prefix('$').unwrap_or_default())
            }
        };
        if fits(items.value()) {
            self.watch(|seen| seen.items = Some(items.clone()));
            return Ok((input, Some(items)));
        }
        if state.flow.language == QueryLanguage::Jsonata {
            let words = format!("Map state input must be an array but was: {}", items.text());
            return Err(self.query_fault(key, state, "", false, &words));
        }
        // Recorded: like the other faults of ItemsPath, it does not tell where it happened.
        Err(Fault::new("States.Runtime", Some(&format!("Reference path \"{path}\" must point to array."))))
    }

    /// JSONata's Items.
    fn evaluated_items(
        &mut self,
        key: Key,
        state: &State,
        template: &Template,
        input: Payload,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<(Payload, Option<Payload>), Fault> {
        let items = self.filled(key, state, template, Sight::of(&input))?;
        if fits(items.value()) {
            return Ok((input, Some(items)));
        }
        Err(match template.root() {
            Some(lookup) => self.unexpected(key, state, lookup, "Items", "array", items.value()),
            None => self.query_fault(key, state, "Items", false, &format!("Map state input must be an array but was: {}", items.text())),
        })
    }

    /// The numbers that bound a Map, before they are checked.
    fn limits(&mut self, key: Key, state: &State, map: &Map) -> Result<Limits, Fault> {
        let concurrency = self.integer(key, state, &map.concurrency, Field { name: "MaxConcurrency" })?;
        let count = map.tolerated_count.as_ref();
        let count = count.map(|given| self.integer(key, state, given, Field { name: "ToleratedFailureCount" })).transpose()?;
        let percentage = map.tolerated_percentage.as_ref();
        let field = Field { name: "ToleratedFailurePercentage" };
        let percentage = percentage.map(|given| self.decimal(key, state, given, field)).transpose()?;
        Ok(Limits { concurrency, count, percentage })
    }

    /// Recorded: what is no number is noticed before the Map starts, what is out of bounds after.
    fn checked(&mut self, key: Key, state: &State, map: &Map, limits: Limits) -> Result<Checked, Fault> {
        let field = |name| Field { name };
        let concurrency = self.not_negative(key, state, &map.concurrency, field("MaxConcurrency"), limits.concurrency)?;
        let tolerated_count = match (&map.tolerated_count, limits.count) {
            (Some(given), Some(count)) => Some(self.not_negative(key, state, given, field("ToleratedFailureCount"), count)?),
            _ => None,
        };
        let tolerated_percentage = match (&map.tolerated_percentage, limits.percentage) {
            (Some(given), Some(number)) => Some(self.percentage(key, state, given, field("ToleratedFailurePercentage"), number)?),
            _ => None,
        };
        let checked = Checked { concurrency, tolerated_count, tolerated_percentage };
        self.watch(|seen| seen.limits = Some(checked));
        Ok(checked)
    }

    /// Starts as many iterations as there is room for, after the event `previous`.
    pub(super) fn start_iterations(&mut self, fan_key: Key, previous: u64) -> Result<(), FanFailed> {
        while let Some(fan) = self.fans.get_mut(fan_key).filter(|fan| fan.has_room()) {
            let place = Place { fan: fan_key, index: fan.next };
            let (owner, name, start) = (fan.owner, fan.name.clone(), fan.start.ok_or(FanFailed)?);
            fan.next += 1;
            let started = self.record_iteration(&name, place.index, Phase::Started, previous);
            let input = self.iteration_input(owner, place);
            let (input, fault) = match input {
                Ok(input) => (input, None),
                Err(fault) => (Payload::null(), Some(fault)),
            };
            let variables = self.strands.get(owner).map(|owner| owner.variables.within()).unwrap_or_default();
            let strand = Strand { last: started, place: Some(place), item: Some(place), variables, ..Strand::new(start, input) };
            let child = self.strands.insert(strand);
            if let Some(fan) = self.fans.get_mut(fan_key) {
                fan.running.insert(place.index, child);
            }
            if let Some(fault) = fault {
                self.child_failed(place, child, fault, started);
                return Err(FanFailed);
            }
            self.push(child, Stage::Enter);
        }
        Ok(())
    }

    /// The item itself, or what the selector makes of it.
    fn iteration_input(&mut self, owner: Key, place: Place) -> Result<Payload, Fault> {
        let definition = std::sync::Arc::clone(&self.definition);
        let (Some(fan), Some(strand)) = (self.fans.get(place.fan), self.strands.get(owner)) else {
            return Ok(Payload::null());
        };
        let state = definition.state(strand.state);
        let Kind::Map(Map { selector: Some(selector), .. }) = &state.kind else {
            return Ok(fan.item(place.index).map_or_else(Payload::null, |item| Payload::from_value(item.value.clone())));
        };
        let (input, items) = (fan.input.clone(), fan.items.clone());
        let value = items.as_ref().and_then(|items| items.value().get(place.index as usize));
        let item = value.map(|value| Item { index: place.index, value, key: None, source: STATE_DATA });
        self.filled(owner, state, selector, Sight { item, ..Sight::of(&input) })
    }
}

/// Items of an array, members of an object.
fn members(items: &Value) -> usize {
    items.as_array().map(Vec::len).or_else(|| items.as_object().map(serde_json::Map::len)).unwrap_or_default()
}
