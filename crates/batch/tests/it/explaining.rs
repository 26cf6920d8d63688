//! Why a job is not running.

use fanout_batch::api::{Request, UpdateComputeEnvironment};
use fanout_batch::{Explanation, Room};

use crate::account::{Account, after, array, job, sized};

#[test]
fn each_reason_has_its_numbers() {
    let mut account = Account::with_vcpus(2);
    let (running, attempt) = account.start(job("running"));
    let too_big = account.submit(sized("too-big", "3", "4"));
    let first = account.submit(sized("first", "2", "4"));
    let second = account.submit(job("second"));
    let pending = account.submit(after(job("pending"), &[(Some(&running), None)]));
    let room = |vcpus| vec![Room { environment: "ce".into(), vcpus: Some(vcpus), memory_mib: None }];
    let explain = |id: &str| account.batch.explain(id).expect("the job exists");

    assert_eq!(explain(&running), Explanation::InFlight);
    assert_eq!(explain(&pending), Explanation::Dependencies { unsettled: 1 });
    assert_eq!(explain(&too_big), Explanation::TooBig { vcpus: 3.0, memory_mib: 4, environments: room(2.0) });
    let capacity = |ahead, vcpus, memory_mib| Explanation::Capacity { ahead, vcpus, memory_mib, environments: room(1.0) };
    assert!(matches!(explain(&first), Explanation::Capacity { ahead: 0, .. }));
    assert_eq!(explain(&second), capacity(1, 1.0, 2048));
    assert_eq!(account.batch.explain("unknown"), None);

    account.ok(Request::UpdateComputeEnvironment(UpdateComputeEnvironment {
        compute_environment: "ce".into(),
        state: Some("DISABLED".into()),
        ..Default::default()
    }));
    let disabled = Explanation::EnvironmentsDisabled { environments: vec!["ce".into()] };
    assert_eq!(account.batch.explain(&first), Some(disabled));
    account.exits(attempt, 0);
    account.only_ends(&running, true);
    assert_eq!(account.batch.explain(&running), Some(Explanation::Ended { succeeded: true }));
}

#[test]
fn an_array_is_explained_by_its_first_waiting_child() {
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 3));
    account.starts();
    assert!(matches!(account.batch.explain(&id), Some(Explanation::Capacity { ahead: 0, .. })));
    assert!(matches!(account.batch.explain(&format!("{id}:2")), Some(Explanation::Capacity { ahead: 1, .. })));
    assert_eq!(account.batch.explain(&format!("{id}:0")), Some(Explanation::InFlight));
}
