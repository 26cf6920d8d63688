//! What a run's children would get, without a run: for the test of a Map.

use jiff::Timestamp;
use serde_json::Value;

use super::MapRun;
use super::batch::Next;
use crate::document::{Format, InputType};
use crate::execution::Children;
use crate::history::Fault;

impl MapRun {
    /// Takes all items; `data` is what the first object holds that is asked for, and those after it are left out.
    pub(crate) fn preview(mut self, data: Option<Vec<u8>>, now: Timestamp) -> Result<Children, Fault> {
        self.selected = Some(Vec::new());
        let (mut data, mut inputs) = (data, Vec::new());
        loop {
            match self.next_input(now)? {
                Next::Child { input, .. } => inputs.push(input.into_value()),
                Next::Data(_) => match data.take() {
                    Some(bytes) => {
                        let read = self.items.read(bytes);
                        read.map_err(|cause| Fault::new("States.ItemReaderFailed", Some(&cause)))?;
                    }
                    None => break,
                },
                Next::End => break,
            }
        }
        let selected = self.selected.take().unwrap_or_default();
        Ok(Children { count: selected.len() as u64, pointed: None, selected, inputs })
    }
}

impl Format {
    /// What the ItemsPointer leads to in an object; `None` if there is no pointer or it leads nowhere.
    pub(crate) fn pointed(&self, data: &str) -> Option<Value> {
        let pointer = self.pointer.as_deref().filter(|_| self.input == InputType::Json)?;
        serde_json::from_str::<Value>(data).ok()?.pointer(pointer).cloned()
    }
}
