//! Objects that the work reads: put into S3 before it starts, removed after it.

use super::calls::Purpose;
use super::{Client, Watch};
use crate::call::{Call, DeleteObject};

/// How far that is.
#[derive(Debug, Default)]
pub(super) struct Staging {
    /// How many objects have been asked for.
    asked: usize,
    /// Whether this client or an earlier one may have put objects.
    has_begun: bool,
}

impl Client {
    /// Puts the next object, or goes on if all are there. Where a machine is, they are.
    pub(super) fn stage(&mut self) {
        let has_machine = matches!(&self.watch, Watch::Execution(watch) if !watch.machines().is_empty());
        self.staging.has_begun = true;
        match self.plan.objects.get(self.staging.asked).filter(|_| !has_machine).cloned() {
            Some(object) => {
                self.staging.asked += 1;
                self.calls.make(Purpose::Stage, Call::PutObject(object), &mut self.out);
            }
            None => self.prepare_execution(),
        }
    }

    pub(super) fn staged(&mut self) {
        if self.stopping.is_none() {
            self.stage();
        }
    }

    /// An earlier client had registered the job definition, and may have put objects.
    pub(super) fn recall_staging(&mut self) {
        self.staging.has_begun = true;
    }

    /// Removes the objects. Nobody knows which of them arrived; to remove what is not there is no error.
    pub(super) fn unstage(&mut self) {
        let plan = std::sync::Arc::clone(&self.plan);
        for object in plan.objects.iter().filter(|_| self.staging.has_begun) {
            let delete = DeleteObject { bucket: object.bucket.clone(), key: object.key.clone() };
            self.calls.make(Purpose::CleanUp, Call::DeleteObject(delete), &mut self.out);
        }
    }
}
