//! The Map state at work.

use super::arena::Key;
use super::fan::Fan;
use super::strand::{Doing, Place, Strand};
use super::{Execution, Stage};
use crate::Payload;
use crate::context::Item;
use crate::document::{Concurrency, Items, Kind, Map, State};
use crate::history::{Fault, Happening, Phase};

/// The Map has failed, and with it what was about to be done.
#[derive(Debug)]
pub(super) struct FanFailed;

impl Execution {
    /// Finds the items and starts the first iterations.
    pub(super) fn start_map(&mut self, key: Key, state: &State, map: &Map) {
        let prepared = self.items(key, state, map).and_then(|found| Ok((found, self.concurrency(key, state, map)?)));
        let ((input, items), limit) = match prepared {
            Ok(prepared) => prepared,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        let length = items.value().as_array().map_or(0, Vec::len) as u32;
        let Some(owner) = self.strands.get_mut(key) else {
            return;
        };
        let started = || Happening::MapStarted { length: length.into() };
        let id = self.journal.record(&mut self.effects, self.now, owner.last, started);
        owner.last = id;
        let fan = Fan { items: Some(items), start: Some(map.start), limit, ..Fan::new(key, state, input, length) };
        let fan = self.fans.insert(fan);
        owner.doing = Doing::Fanning(fan);
        if length == 0 {
            self.fan_succeeded(fan, id);
        } else {
            // A failure has already been dealt with.
            _ = self.start_iterations(fan, id);
        }
    }

    /// The effective input and the items.
    fn items(&mut self, key: Key, state: &State, map: &Map) -> Result<(Payload, Payload), Fault> {
        let input = self.selected_input(key, state)?;
        let (items, path) = match &map.items {
            Items::Input(path) if path.is_root() => (input.clone(), "$"),
            Items::Input(path) => match path.find(input.value()) {
                Ok(items) => (Payload::from_value(items.clone()), path.path().text()),
                Err(misfit) => {
                    let words = format!("Unable to apply step \"{}\" to input {}", misfit.step, misfit.input);
                    return Err(Fault::new("States.ReferencePathConflict", Some(&words)));
                }
            },
            // Recorded: AWS names the path below the context object.
            Items::Context(path) => (Payload::from_value(self.looked_up(key, state, path, "ItemsPath")?), &path.text()[1..]),
        };
        if items.value().is_array() {
            return Ok((input, items));
        }
        Err(self.runtime_fault(key, state, &format!("Reference path \"{path}\" must point to array.")))
    }

    fn concurrency(&mut self, key: Key, state: &State, map: &Map) -> Result<u32, Fault> {
        let wanted = match &map.concurrency {
            Concurrency::Fixed(wanted) => *wanted,
            Concurrency::Path(path) => {
                let value = self.looked_up(key, state, path, "MaxConcurrencyPath")?;
                match (value.as_u64(), value.as_i64()) {
                    (Some(wanted), _) => wanted,
                    (None, Some(_)) => return Err(self.runtime_fault(key, state, "MaxConcurrency cannot be negative.")),
                    (None, None) => {
                        let words = format!(
                            "The MaxConcurrencyPath field refers to value \"{value}\" which is not a valid integer: {}",
                            path.text()
                        );
                        return Err(self.runtime_fault(key, state, &words));
                    }
                }
            }
        };
        let most = self.settings.quotas.inline_map_concurrency.map_or(u64::MAX, |most| most as u64);
        let wanted = if wanted == 0 { most } else { wanted.min(most) };
        Ok(u32::try_from(wanted).unwrap_or(u32::MAX).max(1))
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
            let strand = Strand { last: started, place: Some(place), item: Some(place), ..Strand::new(start, input) };
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
            return Ok(fan.item(place.index).map_or_else(Payload::null, |item| Payload::from_value(item.clone())));
        };
        let (input, items) = (fan.input.clone(), fan.items.clone());
        let value = items.as_ref().and_then(|items| items.value().get(place.index as usize));
        let item = value.map(|value| Item { index: place.index, value });
        match self.with_scope(owner, state, &input, item, |scope| selector.evaluate(scope)) {
            Some(Ok(value)) => self.within_limits(&state.name, Payload::from_value(value)),
            Some(Err((field, error))) => Err(self.field_fault(owner, state, &field, &input, &error)),
            None => Ok(Payload::null()),
        }
    }
}
