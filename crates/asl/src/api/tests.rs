use super::Request;

#[test]
fn every_operation_of_the_service_model_has_a_shape() {
    assert_eq!(Request::OPERATIONS.len(), 37);
    for operation in Request::OPERATIONS {
        assert!(Request::decode(operation, b"{}").is_some(), "{operation}");
    }
    assert!(Request::decode("Fly", b"{}").is_none());
}

#[test]
fn calls_come_back_as_they_were_and_leave_out_what_is_absent() {
    for (operation, body) in [
        ("UpdateStateMachine", r#"{"stateMachineArn":"m","definition":"{}","publish":true}"#),
        ("ListExecutions", r#"{"mapRunArn":"r","redriveFilter":"REDRIVEN"}"#),
        ("CreateStateMachineAlias", r#"{"name":"n","routingConfiguration":[{"stateMachineVersionArn":"v","weight":100}]}"#),
        (
            "TestState",
            r#"{"definition":"{}","mock":{"result":"{}","fieldValidationMode":"NONE"},"stateConfiguration":{"retrierRetryCount":1}}"#,
        ),
        ("CreateActivity", r#"{"name":"n","encryptionConfiguration":{"kmsKeyId":"k","type":"CUSTOMER_MANAGED_KMS_KEY"}}"#),
        ("UntagResource", r#"{"resourceArn":"r","tagKeys":["k"]}"#),
    ] {
        let call = Request::decode(operation, body.as_bytes()).unwrap().unwrap();
        assert_eq!((call.operation(), call.to_json().to_string()), (operation, body.to_owned()));
    }
}
