//! From items to the inputs of children: ItemSelector, then ItemBatcher.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::items::{self, Found, Taken};
use super::{Effect, MapRun};
use crate::Payload;
use crate::context::{Context, Item};
use crate::document::Kind;
use crate::expression::{EvaluationError, Scope, Template};
use crate::history::Fault;

/// Bytes of a child's input (Developer Guide, ItemBatcher).
const MOST_INPUT_BYTES: usize = 262_144;

/// What comes next.
pub(super) enum Next {
    /// A child with this input, made of so many items.
    Child { input: Payload, items: u64 },
    /// Something has to be read first.
    Data(Effect),
    /// Nothing.
    End,
}

impl MapRun {
    /// The next child's input.
    pub(super) fn next_input(&mut self, now: Timestamp) -> Result<Next, Fault> {
        if self.batches.is_none() {
            return Ok(match self.next_item(now)? {
                Found::Item(value) => Next::Child { input: self.within_bounds(Payload::from_value(value))?, items: 1 },
                Found::Data(effect) => Next::Data(effect),
                Found::End => Next::End,
            });
        }
        let (most_items, most_bytes) = self.batch_bounds();
        loop {
            let full = self.items.batch.len() as u64 >= most_items;
            let found = if full { Found::End } else { self.next_item(now)? };
            match found {
                Found::Item(value) => {
                    let bytes = Payload::from_value(value.clone()).bytes() + 1;
                    let too_much = !self.items.batch.is_empty() && self.items.batch_bytes + bytes > most_bytes;
                    if too_much {
                        let input = self.take_batch();
                        self.items.batch.push(value);
                        self.items.batch_bytes = bytes;
                        return self.batch_input(input);
                    }
                    self.items.batch.push(value);
                    self.items.batch_bytes += bytes;
                }
                Found::Data(effect) => return Ok(Next::Data(effect)),
                Found::End if self.items.batch.is_empty() => return Ok(Next::End),
                Found::End => {
                    let input = self.take_batch();
                    return self.batch_input(input);
                }
            }
        }
    }

    fn batch_bounds(&self) -> (u64, usize) {
        let Some(batches) = &self.batches else {
            return (1, MOST_INPUT_BYTES);
        };
        let overhead = 32 + batches.common.as_ref().map_or(0, Payload::bytes);
        let bytes = batches.max_bytes.map_or(MOST_INPUT_BYTES, |most| most as usize).saturating_sub(overhead);
        (batches.max_items.unwrap_or(u64::MAX), bytes)
    }

    fn take_batch(&mut self) -> Vec<Value> {
        self.items.batch_bytes = 0;
        std::mem::take(&mut self.items.batch)
    }

    /// `{"BatchInput": …, "Items": […]}`.
    fn batch_input(&self, values: Vec<Value>) -> Result<Next, Fault> {
        let items = values.len() as u64;
        let mut input = Map::new();
        if let Some(common) = self.batches.as_ref().and_then(|batches| batches.common.as_ref()) {
            input.insert("BatchInput".into(), common.value().clone());
        }
        input.insert("Items".into(), Value::Array(values));
        Ok(Next::Child { input: self.within_bounds(Payload::from_value(Value::Object(input)))?, items })
    }

    fn within_bounds(&self, input: Payload) -> Result<Payload, Fault> {
        if self.snapshot.settings.quotas.payload_bytes.is_some_and(|most| input.exceeds(most)) {
            let words = format!(
                "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit.",
                self.snapshot.state_name
            );
            return Err(Fault::new("States.DataLimitExceeded", Some(&words)));
        }
        Ok(input)
    }

    /// The next item after ItemSelector.
    fn next_item(&mut self, now: Timestamp) -> Result<Found, Fault> {
        let taken = match self.items.next() {
            Ok(items::Step::Item(taken)) => taken,
            Ok(items::Step::Data(effect)) => return Ok(Found::Data(effect)),
            Ok(items::Step::End) => return Ok(Found::End),
            Err(cause) => return Err(Fault::new("States.ItemReaderFailed", Some(&cause))),
        };
        let definition = std::sync::Arc::clone(&self.definition);
        let item = match &definition.state(self.snapshot.state).kind {
            Kind::Map(crate::document::Map { selector: Some(selector), .. }) => self.selected(selector, &taken, now)?,
            _ => taken.into_input(),
        };
        if let Some(selected) = &mut self.selected {
            selected.push(item.clone());
        }
        Ok(Found::Item(item))
    }

    fn selected(&mut self, selector: &Template, taken: &Taken, now: Timestamp) -> Result<Value, Fault> {
        let snapshot = &self.snapshot;
        let context = Context {
            execution: &snapshot.settings,
            started_at: snapshot.started_at,
            state: &snapshot.state_name,
            entered_at: snapshot.entered_at,
            retries: Some(snapshot.retries),
            item: Some(Item { index: taken.index as u32, value: &taken.value, key: taken.key.as_deref(), source: &taken.source }),
            task_token: None,
            redrives: snapshot.redrives,
            given: snapshot.given.as_ref(),
        };
        let mut scope = Scope {
            input: &snapshot.input,
            result: None,
            error_output: None,
            context: &context,
            variables: &snapshot.variables,
            random: &mut self.random,
            now,
        };
        selector.evaluate(&mut scope).map_err(|(field, error)| self.selector_fault(&field, &error))
    }

    fn selector_fault(&self, field: &str, error: &EvaluationError) -> Fault {
        let (name, words) = match error {
            EvaluationError::Jsonata { expression, why } => {
                let field = if field.is_empty() { "ItemSelector" } else { field };
                ("States.QueryEvaluationError", format!("The JSONata expression '{expression}' specified for the field '{field}' {why}"))
            }
            EvaluationError::Path { path, .. } | EvaluationError::Argument { path, .. } => (
                "States.Runtime",
                format!(
                    "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{}'",
                    self.snapshot.input.text()
                ),
            ),
            EvaluationError::Intrinsic { call, reason } => {
                ("States.IntrinsicFailure", format!("The function '{call}' had the following error: {reason}"))
            }
            EvaluationError::TooBig => ("States.DataLimitExceeded", format!("The value of the field '{field}' is too big.")),
        };
        let (state, entered) = (&self.snapshot.state_name, self.snapshot.entered);
        let cause = format!("An error occurred while executing the state '{state}' (entered at the event id #{entered}). {words}");
        Fault::new(name, Some(&cause))
    }
}
