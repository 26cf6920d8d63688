//! Which variables a job sees.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

/// Where programs are looked for if nobody says: Docker's answer.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What jobs may see of this machine's environment: `PATH`, `HOME` and the names in `pass`.
pub(super) fn of_this_machine(pass: &[String], variable: impl Fn(&str) -> Option<OsString>) -> Vec<(OsString, OsString)> {
    let names = ["PATH", "HOME"].into_iter().chain(pass.iter().map(String::as_str));
    names.filter_map(|name| Some((name.into(), variable(name)?))).collect()
}

/// This machine's variables, over them what ECS says of itself, over all the job's; of a name given twice the last counts.
pub(super) fn of_job<'a>(
    machine: &'a [(OsString, OsString)],
    execution_environment: &'a str,
    job: &'a [(String, String)],
) -> BTreeMap<&'a OsStr, &'a OsStr> {
    let machine = machine.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()));
    let job = job.iter().map(|(name, value)| (OsStr::new(name), OsStr::new(value)));
    let fixed = |name: &'static str, value: &'a str| std::iter::once((OsStr::new(name), OsStr::new(value)));
    fixed("PATH", PATH).chain(machine).chain(fixed("AWS_EXECUTION_ENV", execution_environment)).chain(job).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_job_comes_last_and_nothing_else_comes_in() {
        let host = |name: &str| (name != "UNSET").then(|| OsString::from(format!("host-{name}")));
        let machine = of_this_machine(&["TOKEN".into(), "UNSET".into()], host);
        let job = [("HOME", "/a"), ("X", "1"), ("X", "2")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        let seen = of_job(&machine, "AWS_ECS_EC2", &job);
        let expected = [("AWS_EXECUTION_ENV", "AWS_ECS_EC2"), ("HOME", "/a"), ("PATH", "host-PATH"), ("TOKEN", "host-TOKEN"), ("X", "2")];
        assert_eq!(seen, expected.map(|(name, value)| (OsStr::new(name), OsStr::new(value))).into());
    }

    #[test]
    fn there_is_always_a_path() {
        assert_eq!(of_job(&[], "", &[])[OsStr::new("PATH")], OsStr::new(PATH));
    }
}
