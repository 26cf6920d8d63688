//! Members that fanout carries without a type of their own, and the small conversions that all calls share.

use std::collections::{BTreeMap, HashMap};

use fanout_core::call::CallError;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::unsupported;

/// Carried members of one shape, taken one by one; what nobody takes is refused by name.
pub(crate) struct Carried {
    operation: &'static str,
    members: Map<String, Value>,
}

impl Carried {
    pub(crate) fn new(operation: &'static str, members: &Map<String, Value>) -> Self {
        Self { operation, members: members.clone() }
    }

    /// The member, if it is there and not null.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, CallError> {
        let value = self.members.remove(name).unwrap_or_default();
        serde_json::from_value(value).map_err(|error| unsupported(self.operation, format!("member {name}: {error}")))
    }

    /// The members of a member that is a structure.
    pub(crate) fn take_structure(&mut self, name: &str) -> Result<Option<Self>, CallError> {
        let operation = self.operation;
        Ok(self.take(name)?.map(|members| Self { operation, members }))
    }

    /// Refuses what is left.
    pub(crate) fn finish(self) -> Result<(), CallError> {
        match self.members.keys().next() {
            None => Ok(()),
            Some(name) => Err(unsupported(self.operation, format!("member {name} has no translation"))),
        }
    }
}

/// A call without members that would have to be carried.
pub(crate) fn nothing_else(operation: &'static str, members: &Map<String, Value>) -> Result<(), CallError> {
    Carried::new(operation, members).finish()
}

/// The elements, unless there are none: the wire leaves empty lists out.
pub(crate) fn list<T, U>(elements: &[T], translate: impl Fn(&T) -> U) -> Option<Vec<U>> {
    (!elements.is_empty()).then(|| elements.iter().map(translate).collect())
}

/// The entries, unless there are none.
pub(crate) fn map(entries: &BTreeMap<String, String>) -> Option<HashMap<String, String>> {
    (!entries.is_empty()).then(|| entries.clone().into_iter().collect())
}

/// The entries in order of name.
pub(crate) fn sorted<T>(entries: Option<HashMap<String, T>>) -> BTreeMap<String, T> {
    entries.unwrap_or_default().into_iter().collect()
}

/// Each element translated; none if there is no list.
pub(crate) fn each<T, U>(elements: Option<Vec<T>>, translate: impl Fn(T) -> U) -> Vec<U> {
    elements.unwrap_or_default().into_iter().map(translate).collect()
}

/// The text of an enumeration's value, or nothing.
pub(crate) fn text<T: AsRef<str>>(value: Option<T>) -> Option<String> {
    value.map(|value| value.as_ref().to_owned())
}

/// The wire's numbers have 32 bits.
pub(crate) fn narrow(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
