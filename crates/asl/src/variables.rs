//! Variables: what `Assign` sets and later states read.
//!
//! Each Map iteration and Parallel branch has a scope of its own. It reads the scopes around it, which stand still
//! meanwhile, and what it assigns ends with it (Developer Guide, Passing data with variables).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Payload;

/// What one line of states can read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    own: Option<Arc<BTreeMap<Arc<str>, Payload>>>,
    around: Option<Arc<Self>>,
}

impl Variables {
    /// The variable's value.
    pub(crate) fn get(&self, name: &str) -> Option<&Payload> {
        let own = self.own.as_ref().and_then(|own| own.get(name));
        own.or_else(|| self.around.as_ref()?.get(name))
    }

    /// Sets variables of this scope.
    pub(crate) fn assign(&mut self, values: impl IntoIterator<Item = (Arc<str>, Payload)>) {
        let own = self.own.get_or_insert_default();
        Arc::make_mut(own).extend(values);
    }

    /// Those of this scope, by name.
    pub(crate) fn own(&self) -> impl Iterator<Item = (&Arc<str>, &Payload)> {
        self.own.iter().flat_map(|own| own.iter())
    }

    /// A scope within this one.
    pub(crate) fn within(&self) -> Self {
        let empty = self.own.is_none();
        let around = if empty { self.around.clone() } else { Some(Arc::new(self.clone())) };
        Self { own: None, around }
    }

    /// Bytes of all that can be read.
    pub(crate) fn bytes(&self) -> usize {
        let own = self.own.iter().flat_map(|own| own.values()).map(Payload::bytes).sum::<usize>();
        own + self.around.as_ref().map_or(0, |around| around.bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Variables;

    #[test]
    fn an_inner_scope_reads_outwards_and_keeps_its_own() {
        let mut outer = Variables::default();
        outer.assign([("x".into(), json!(1).into())]);
        let mut inner = outer.within();
        inner.assign([("y".into(), json!(2).into())]);
        assert_eq!(inner.get("x"), Some(&json!(1).into()));
        assert_eq!((outer.get("y"), inner.get("y")), (None, Some(&json!(2).into())));
        assert_eq!(inner.within().within().bytes(), 2);
    }
}
