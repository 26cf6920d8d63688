//! Logs of runs on AWS: streams of CloudWatch Logs, read page by page.

use std::rc::Rc;
use std::time::Duration;

use fanout_aws::{Clients, LogPage, is_loopback};
use fanout_core::call::Outlook;
use fanout_core::client::LOG_GROUP;
use tokio::runtime::Runtime;

use super::There;
use crate::error::Error;
use crate::runtime;
use crate::target::aws;

/// How often streams are looked at while their programs run: GetLogEvents is taken 25 times a second (CloudWatch Logs quotas).
const LOOK: Duration = Duration::from_secs(2);
const LOOK_NEARBY: Duration = Duration::from_millis(100);
/// How often a page that was refused as too fast is asked for again, and how long after.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(1);

/// A log group of an account.
#[derive(Debug)]
pub(crate) struct CloudLogs {
    runtime: Runtime,
    clients: Clients,
    group: String,
    profile: Option<String>,
    is_nearby: bool,
}

/// How far a stream has been read.
#[derive(Debug)]
pub(crate) struct StreamTail {
    logs: Rc<CloudLogs>,
    stream: String,
    next: Option<String>,
}

impl CloudLogs {
    pub(super) fn of(there: &There) -> Result<Self, Error> {
        let runtime = runtime()?;
        let clients = runtime.block_on(aws::account(there))?.clients;
        let group = there.log_group.clone().unwrap_or_else(|| LOG_GROUP.into());
        let is_nearby = there.endpoint_url.as_deref().is_some_and(is_loopback);
        Ok(Self { runtime, clients, group, profile: there.profile.clone(), is_nearby })
    }

    pub(super) fn tail(self: &Rc<Self>, stream: &str) -> StreamTail {
        StreamTail { logs: Rc::clone(self), stream: stream.into(), next: None }
    }

    pub(super) fn pause(&self) -> Duration {
        if self.is_nearby { LOOK_NEARBY } else { LOOK }
    }

    fn page(&self, stream: &str, from: Option<&str>) -> Result<LogPage, Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let asked = self.clients.log_page(&self.group, stream, from.map(str::to_owned));
            match self.runtime.block_on(asked) {
                Ok(page) => return Ok(page),
                Err(error) if error.outlook == Outlook::Busy && tries < TRIES => std::thread::sleep(PAUSE * tries),
                Err(error) => return Err(aws::unanswered(error, self.profile.as_deref())),
            }
        }
    }
}

impl StreamTail {
    /// The lines that arrived since the last look: pages may be empty before the last one, which leads to itself.
    pub(super) fn news(&mut self) -> Result<Vec<String>, Error> {
        let mut lines = Vec::new();
        loop {
            let page = self.logs.page(&self.stream, self.next.as_deref())?;
            lines.extend(page.lines);
            if page.next.is_none() || page.next == self.next {
                return Ok(lines);
            }
            self.next = page.next;
        }
    }
}
