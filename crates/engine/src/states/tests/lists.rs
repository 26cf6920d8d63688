use serde_json::json;

use super::{ARN, Account, WAIT, column};

/// Recorded.
#[test]
fn machines_are_listed_by_name() {
    let mut account = Account::new();
    for name in ["m_1_", "m_10", "m_2_"] {
        account.machine(name, json!({}));
    }
    let first = account.ok("ListStateMachines", json!({"maxResults": 2}));
    assert_eq!(column(&first, "stateMachines", "name"), ["m_10", "m_1_"]);
    let rest = account.ok("ListStateMachines", json!({"nextToken": first["nextToken"]}));
    assert_eq!((column(&rest, "stateMachines", "name"), rest.get("nextToken")), (vec!["m_2_"], None));
}

#[test]
fn a_history_is_read_from_either_end_with_or_without_data() {
    let mut account = Account::new();
    let arn = account.machine("m", json!({"definition": WAIT}));
    let execution = account.ok("StartExecution", json!({"stateMachineArn": arn}))["executionArn"].clone();
    account.ok("StopExecution", json!({"executionArn": execution}));
    let newest = account.ok("GetExecutionHistory", json!({"executionArn": execution, "reverseOrder": true, "maxResults": 2}));
    assert_eq!(column(&newest, "events", "type"), ["ExecutionAborted", "WaitStateEntered"]);
    let oldest = json!({"executionArn": execution, "reverseOrder": true, "nextToken": newest["nextToken"], "includeExecutionData": false});
    let oldest = account.ok("GetExecutionHistory", oldest);
    assert_eq!(oldest["events"][0]["executionStartedEventDetails"].get("input"), None);
    let none = format!("{ARN}execution:m:none");
    let words = format!("ExecutionDoesNotExist: Execution Does Not Exist: '{none}'");
    for operation in ["GetExecutionHistory", "DescribeExecution", "StopExecution", "DescribeStateMachineForExecution"] {
        assert_eq!(account.refused(operation, json!({"executionArn": none})), words);
    }
}
