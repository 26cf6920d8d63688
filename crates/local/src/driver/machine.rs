//! The four verbs of the engine that the driver uses, so that its loop can be tested with a machine made for the test.

use fanout_engine::{AttemptId, Deadline, Effect, Engine, Input, Launch};
use jiff::Timestamp;

pub(super) trait Machine {
    fn handle(&mut self, input: Input, now: Timestamp);
    fn poll_effect(&mut self) -> Option<Effect>;
    fn poll_deadline(&self) -> Option<Deadline>;
    fn launch(&self, attempt: AttemptId) -> Option<Launch>;
}

impl Machine for Engine {
    fn handle(&mut self, input: Input, now: Timestamp) {
        self.handle(input, now);
    }

    fn poll_effect(&mut self) -> Option<Effect> {
        self.poll_effect()
    }

    fn poll_deadline(&self) -> Option<Deadline> {
        self.poll_deadline()
    }

    fn launch(&self, attempt: AttemptId) -> Option<Launch> {
        self.launch(attempt)
    }
}
