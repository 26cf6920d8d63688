//! Which failures are tried again, and how often: causes in fanout's words, rules in Batch's.

use std::str::FromStr;

use fanout_batch::api::EvaluateOnExit;
use fanout_batch::words::EXITED;
use serde::{Deserialize, Serialize};

use crate::assignment::TIMED_OUT_CODE;

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// Its host was taken away.
    Spot,
    /// There was no host.
    Capacity,
    /// Its image could not be pulled.
    Pull,
    /// It wanted more memory than it has.
    Oom,
    /// It took longer than it may.
    Timeout,
    /// The program itself.
    App,
}

use Cause::{App, Capacity, Oom, Pull, Spot, Timeout};

/// Every cause.
const ALL: [Cause; 6] = [Spot, Capacity, Pull, Oom, Timeout, App];
/// What is nobody's fault but the infrastructure's.
const INFRASTRUCTURE: [Cause; 3] = [Spot, Capacity, Pull];

impl Cause {
    fn word(self) -> &'static str {
        match self {
            Spot => "spot",
            Capacity => "capacity",
            Pull => "pull",
            Oom => "oom",
            Timeout => "timeout",
            App => "app",
        }
    }

    /// How Batch tells of it (AWS Batch User Guide, Automated job retries; the words about capacity are Fargate's).
    fn rules(self, action: &str) -> Vec<EvaluateOnExit> {
        let rule = || EvaluateOnExit { action: action.into(), ..EvaluateOnExit::default() };
        let status = |reason: &str| EvaluateOnExit { on_status_reason: Some(reason.into()), ..rule() };
        let reason = |reason: &str| EvaluateOnExit { on_reason: Some(reason.into()), ..rule() };
        match self {
            Spot => vec![status("Host EC2*"), status("Your Spot Task was interrupted*")],
            Capacity => vec![status("Capacity is unavailable*")],
            Pull => vec![reason("CannotPullContainerError*")],
            Oom => vec![reason("OutOfMemoryError*")],
            Timeout => vec![EvaluateOnExit { on_exit_code: Some(TIMED_OUT_CODE.to_string()), ..rule() }],
            App => vec![status(&format!("{EXITED}*"))],
        }
    }
}

/// Attempts after the first, and for which causes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retries {
    /// How many at most.
    pub times: u32,
    /// Sorted, none twice.
    causes: Vec<Cause>,
}

impl Default for Retries {
    /// The infrastructure's failures three times, the program's own never.
    fn default() -> Self {
        Self { times: 3, causes: INFRASTRUCTURE.into() }
    }
}

impl Retries {
    /// So many, whatever the cause; but what takes too long would take too long again.
    pub fn of_all(times: u32) -> Self {
        Self { times, causes: ALL.into_iter().filter(|cause| *cause != Timeout).collect() }
    }

    fn has(&self, cause: Cause) -> bool {
        self.causes.contains(&cause)
    }

    /// Whether the time of an attempt has to be kept where its end can be retried: Batch never retries what exceeded Batch's own
    /// timeout (User Guide, Job timeouts).
    pub fn want_timeouts(&self) -> bool {
        self.times > 0 && self.has(Timeout)
    }

    /// The fewest rules that say the same to Batch, which takes five. `timed` says whether exit code 124 is a timeout.
    pub fn rules(&self, timed: bool) -> Vec<EvaluateOnExit> {
        if self.times == 0 {
            return Vec::new();
        }
        let retry = self.rules_before(true, timed);
        let mut exit = self.rules_before(false, timed);
        exit.push(EvaluateOnExit { on_reason: Some("*".into()), action: "EXIT".into(), ..EvaluateOnExit::default() });
        if retry.len() <= exit.len() { retry } else { exit }
    }

    /// What differs from what is done otherwise. Too much memory and time are how a program ends, too: their rules come before its.
    fn rules_before(&self, otherwise: bool, timed: bool) -> Vec<EvaluateOnExit> {
        let rules = |cause: &Cause| cause.rules(if self.has(*cause) { "RETRY" } else { "EXIT" });
        let special = [Oom, Timeout].into_iter().filter(|cause| (timed || *cause != Timeout) && self.has(*cause) != self.has(App));
        let others = [App, Spot, Capacity, Pull].into_iter().filter(|cause| self.has(*cause) != otherwise);
        special.chain(others).flat_map(|cause| rules(&cause)).collect()
    }
}

impl FromStr for Retries {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (times, causes) = text.split_once(':').map_or((text, None), |(times, causes)| (times, Some(causes)));
        let times = times.parse().map_err(|_| format!("{times:?} is no number of retries; write 3, or 3:spot,oom"))?;
        let Some(causes) = causes else { return Ok(Self::of_all(times)) };
        let mut chosen = Vec::new();
        for word in causes.split(',') {
            match (word, ALL.iter().find(|cause| cause.word() == word)) {
                (_, Some(cause)) => chosen.push(*cause),
                ("infra", None) => chosen.extend(INFRASTRUCTURE),
                ("all", None) => chosen.extend(ALL),
                (_, None) => return Err(format!("{word:?} is no cause; there are spot, capacity, pull, oom, timeout, app, infra and all")),
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        Ok(Self { times, causes: chosen })
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Cause, Retries};
    use fanout_batch::api::EvaluateOnExit;

    /// What Batch decides, by the first rule that matches (User Guide, Automated job retries).
    fn is_retried(rules: &[EvaluateOnExit], status: &str, reason: Option<&str>, code: Option<&str>) -> bool {
        let matches = |pattern: &Option<String>, text: Option<&str>| match pattern.as_deref() {
            None | Some("*") => true,
            Some(pattern) => {
                text.is_some_and(|text| pattern.strip_suffix('*').map_or(text == pattern, |beginning| text.starts_with(beginning)))
            }
        };
        let rule = rules.iter().find(|rule| {
            matches(&rule.on_status_reason, Some(status)) && matches(&rule.on_reason, reason) && matches(&rule.on_exit_code, code)
        });
        rule.is_none_or(|rule| rule.action == "RETRY")
    }

    #[test]
    fn every_choice_of_causes_is_said_in_five_rules() {
        const EXITED: &str = "Essential container in task exited";
        let failures = [
            (Cause::Spot, "Host EC2 (instance i-1) terminated.", None, None),
            (Cause::Spot, "Your Spot Task was interrupted.", None, None),
            (Cause::Capacity, "Capacity is unavailable at this time.", None, None),
            (Cause::Pull, "Task failed to start", Some("CannotPullContainerError: no such image"), None),
            (Cause::Oom, EXITED, Some("OutOfMemoryError: Container killed due to memory usage"), Some("137")),
            (Cause::Timeout, EXITED, None, Some("124")),
            (Cause::App, EXITED, None, Some("1")),
        ];
        for chosen in 1..1_u32 << ALL.len() {
            let words: Vec<&str> = (0..ALL.len()).filter(|at| chosen & (1 << at) != 0).map(|at| ALL[at].word()).collect();
            let retries: Retries = format!("2:{}", words.join(",")).parse().unwrap();
            let rules = retries.rules(true);
            assert!(rules.len() <= 5, "{words:?}: {rules:?}");
            for (cause, status, reason, code) in failures {
                assert_eq!(is_retried(&rules, status, reason, code), words.contains(&cause.word()), "{words:?}: {cause:?}: {rules:?}");
            }
        }
    }

    #[test]
    fn by_default_one_rule_tells_the_program_from_the_infrastructure() {
        let rules = Retries::default().rules(false);
        assert_eq!((rules.len(), rules[0].action.as_str()), (1, "EXIT"));
        assert_eq!(Retries::of_all(3).rules(false), []);
        assert_eq!("0:app".parse::<Retries>().unwrap().rules(true), []);
    }

    #[test]
    fn what_is_no_cause_is_named() {
        assert_eq!("x".parse::<Retries>().unwrap_err(), "\"x\" is no number of retries; write 3, or 3:spot,oom");
        assert!("3:disk".parse::<Retries>().unwrap_err().starts_with("\"disk\" is no cause"));
        assert_eq!("3:spot,capacity,pull,oom,app".parse::<Retries>().unwrap(), Retries::of_all(3));
        assert!("3:all".parse::<Retries>().unwrap().want_timeouts());
        assert_eq!("3:infra".parse::<Retries>().unwrap(), Retries::default());
    }
}
