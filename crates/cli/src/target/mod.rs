//! Where a plan is carried out: a set of AWS clients and what stands behind them.

pub(crate) mod aws;
pub(crate) mod local;
pub(crate) mod program;

use fanout_aws::Clients;
use fanout_core::client::{Client, Pace};
use fanout_core::fan_out::FanOut;
use fanout_core::plan::Plan;
use fanout_local::Clock;

use crate::error::Error;
use crate::printer::Printer;
use crate::record::{Record, Target};

use aws::AwsTarget;
use local::LocalTarget;

/// A target that calls can be made to.
pub(crate) enum OpenTarget {
    Local(Box<LocalTarget>),
    Aws(AwsTarget),
}

impl OpenTarget {
    /// The target of a record: begun anew, or found again as it was left.
    pub(crate) async fn of(record: &Record, fan_out: &FanOut, plan: &Plan, printer: &Printer) -> Result<Self, Error> {
        match &record.current().target {
            Target::Local(here) => {
                let (target, lost) = LocalTarget::open(fan_out, plan, here, &record.logs(), Some(&record.engine())).await?;
                if lost > 0 {
                    printer.say(&format!(
                        "programs that were running when fanout was killed: {lost}; what became of them is not known, and they are run again"
                    ));
                }
                Ok(Self::Local(Box::new(target)))
            }
            Target::Aws(there) => AwsTarget::open(there).await.map(Self::Aws),
        }
    }

    pub(crate) fn clients(&self) -> &Clients {
        match self {
            Self::Local(local) => &local.clients,
            Self::Aws(aws) => &aws.clients,
        }
    }

    pub(crate) fn clock(&self) -> Clock {
        match self {
            Self::Local(local) => local.clock,
            Self::Aws(aws) => aws.clock,
        }
    }

    /// How fast it may be asked.
    pub(crate) fn pace(&self) -> Pace {
        match self {
            Self::Local(_) => Pace::LOCAL,
            Self::Aws(aws) => aws.pace(),
        }
    }

    /// Whether what was submitted goes on when nobody looks after it.
    pub(crate) fn goes_on_alone(&self) -> bool {
        matches!(self, Self::Aws(_))
    }

    /// Tells a client what is special about its jobs here.
    pub(crate) fn brief(&self, client: Client) -> Client {
        match self {
            Self::Local(_) => client,
            Self::Aws(aws) => client.away(aws.log_group.clone()),
        }
    }

    /// Why it can answer no more, once that is so.
    pub(crate) async fn failed(&self) -> String {
        match self {
            Self::Local(local) => local.failed().await,
            Self::Aws(_) => std::future::pending().await,
        }
    }

    /// Leaves it. What still runs on this machine ends at once, unless all have ended.
    pub(crate) async fn close(self, all_ended: bool) {
        match self {
            Self::Local(local) => local.close(all_ended).await,
            Self::Aws(_) => {}
        }
    }
}
