use serde_json::{Value, json};

use super::{ARN, Account, column};

/// A machine with three versions.
fn versions(account: &mut Account) -> (String, [String; 3]) {
    let arn = account.machine("m", json!({"publish": true}));
    let (second, third) = (account.published(&arn, "2"), account.published(&arn, "3"));
    let first = format!("{arn}:1");
    (arn, [first, second, third])
}

fn routes(of: &[(&str, i32)]) -> Value {
    of.iter().map(|(arn, weight)| json!({"stateMachineVersionArn": arn, "weight": weight})).collect()
}

/// Recorded.
#[test]
fn routes_lead_to_versions_and_add_up() {
    let mut account = Account::new();
    let (arn, [one, two, _]) = versions(&mut account);
    let other = account.machine("other", json!({"publish": true}));
    let none = format!("{arn}:9");
    let no_version = "Routing configuration must contain state machine version ARNs.";
    for (routing, words) in [
        (routes(&[(&arn, 100)]), format!("{no_version} Received: [{arn}]")),
        (routes(&[(&arn, 70), (&two, 30)]), format!("{no_version} Received: [{arn}, {two}]")),
        (
            routes(&[(&one, 50), (&one, 50)]),
            format!("Routing configuration must contain distinct state machine version ARNs. Received: [{one}, {one}]"),
        ),
        (routes(&[(&one, 70), (&two, 29)]), "Sum of routing configuration weights must equal 100. Received: [70, 29]".into()),
        (routes(&[(&one, 70), (&two, 31)]), "Sum of routing configuration weights must equal 100. Received: [70, 31]".into()),
        (routes(&[(&one, 99)]), "Sum of routing configuration weights must equal 100. Received: [99]".into()),
        (
            routes(&[(&one, 50), (&format!("{other}:1"), 50)]),
            format!("Routing configuration must contain versions of the same state machine. Received: [{one}, {other}:1]"),
        ),
    ] {
        let refused = account.refused("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": routing}));
        assert_eq!(refused, format!("ValidationException: {words}"));
    }
    let refused = account.refused("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": routes(&[(&none, 100)])}));
    assert_eq!(refused, "ResourceNotFound: Request references a resource that does not exist.");
}

/// Source: service model, CreateStateMachineAlias.
#[test]
fn creating_the_same_alias_twice_is_one_creation() {
    let mut account = Account::new();
    let (arn, [one, two, _]) = versions(&mut account);
    let alias = json!({"name": "a", "description": "d", "routingConfiguration": routes(&[(&one, 100)])});
    let created = account.ok("CreateStateMachineAlias", alias.clone());
    assert_eq!(created["stateMachineAliasArn"], format!("{arn}:a"));
    assert_eq!(account.ok("CreateStateMachineAlias", alias.clone()), created);
    for (member, value) in [("description", json!("e")), ("routingConfiguration", routes(&[(&two, 100)]))] {
        let mut other = alias.clone();
        other[member] = value;
        assert!(account.refused("CreateStateMachineAlias", other).starts_with("ConflictException: "));
    }
}

/// Recorded, but for the refusals.
#[test]
fn an_alias_is_updated_member_by_member() {
    let mut account = Account::new();
    let (arn, [one, two, _]) = versions(&mut account);
    let alias = format!("{arn}:a");
    let created = account.ok("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": routes(&[(&one, 100)])}));
    account.ok("UpdateStateMachineAlias", json!({"stateMachineAliasArn": alias, "description": "new"}));
    let both = routes(&[(&one, 50), (&two, 50)]);
    let updated = account.ok("UpdateStateMachineAlias", json!({"stateMachineAliasArn": alias, "routingConfiguration": both}));
    let expect = json!({
        "stateMachineAliasArn": alias, "name": "a", "description": "new", "routingConfiguration": both,
        "creationDate": created["creationDate"], "updateDate": updated["updateDate"]
    });
    assert_eq!(account.ok("DescribeStateMachineAlias", json!({"stateMachineAliasArn": alias})), expect);
    assert!(account.refused("UpdateStateMachineAlias", json!({"stateMachineAliasArn": alias})).starts_with("ValidationException: "));
    let other = account.machine("other", json!({"publish": true}));
    let foreign = json!({"stateMachineAliasArn": alias, "routingConfiguration": routes(&[(&format!("{other}:1"), 100)])});
    assert!(account.refused("UpdateStateMachineAlias", foreign).contains("versions of the same state machine"));
}

#[test]
fn an_alias_that_is_not_there_is_not_found_but_can_be_deleted() {
    let mut account = Account::new();
    let (arn, _) = versions(&mut account);
    for arn in [format!("{arn}:none"), format!("{ARN}stateMachine:none:none")] {
        let named = json!({"stateMachineAliasArn": arn, "description": "d"});
        for operation in ["DescribeStateMachineAlias", "UpdateStateMachineAlias"] {
            let words = "ResourceNotFound: Request references a resource that does not exist.";
            assert_eq!(account.refused(operation, named.clone()), words);
        }
        assert_eq!(account.ok("DeleteStateMachineAlias", named), json!({}));
    }
    assert!(account.refused("DescribeStateMachineAlias", json!({"stateMachineAliasArn": arn})).starts_with("InvalidArn: "));
}

/// Recorded: in order of name, in pages.
#[test]
fn aliases_are_listed_of_a_machine_or_of_a_version() {
    let mut account = Account::new();
    let (arn, [one, two, three]) = versions(&mut account);
    assert_eq!(account.ok("ListStateMachineAliases", json!({"stateMachineArn": arn})), json!({"stateMachineAliases": []}));
    for (name, routing) in [("b", routes(&[(&one, 100)])), ("c", routes(&[(&one, 1), (&two, 99)])), ("a", routes(&[(&two, 100)]))] {
        account.ok("CreateStateMachineAlias", json!({"name": name, "routingConfiguration": routing}));
    }
    let mut listed = |arn: &str| {
        let listed = account.ok("ListStateMachineAliases", json!({"stateMachineArn": arn}));
        let names = column(&listed, "stateMachineAliases", "stateMachineAliasArn");
        names.into_iter().map(|arn| arn.rsplit(':').next().unwrap()).collect::<String>()
    };
    assert_eq!([listed(&arn), listed(&one), listed(&two), listed(&three)], ["abc", "bc", "ac", ""]);
    let first = account.ok("ListStateMachineAliases", json!({"stateMachineArn": arn, "maxResults": 2}));
    let rest = account.ok("ListStateMachineAliases", json!({"stateMachineArn": arn, "nextToken": first["nextToken"]}));
    assert_eq!(column(&rest, "stateMachineAliases", "stateMachineAliasArn"), [format!("{arn}:c")]);
    let none = format!("{ARN}stateMachine:none");
    let words = format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{none}'");
    assert_eq!(account.refused("ListStateMachineAliases", json!({"stateMachineArn": none})), words);
}

#[test]
fn an_alias_shares_executions_out_by_weight() {
    let mut account = Account::new();
    let (arn, [one, two, _]) = versions(&mut account);
    account.ok("CreateStateMachineAlias", json!({"name": "a", "routingConfiguration": routes(&[(&one, 80), (&two, 20)])}));
    account.ok("CreateStateMachineAlias", json!({"name": "b", "routingConfiguration": routes(&[(&one, 0), (&two, 100)])}));
    let mut started = |alias: &str| {
        let execution = account.ok("StartExecution", json!({"stateMachineArn": format!("{arn}:{alias}")}));
        account.ok("DescribeExecution", execution)
    };
    let drawn: Vec<Value> = (0..500).map(|_| started("a")).collect();
    let share = drawn.iter().filter(|execution| execution["stateMachineVersionArn"] == one).count();
    assert!((360..440).contains(&share), "{share}");
    assert!((0..100).all(|_| started("b")["stateMachineVersionArn"] == two));
    assert!(drawn.iter().all(|execution| execution["stateMachineAliasArn"] == format!("{arn}:a") && execution["stateMachineArn"] == arn));
}

#[test]
fn a_machine_has_at_most_a_hundred_aliases() {
    let mut account = Account::new();
    let (_, [one, ..]) = versions(&mut account);
    let mut create =
        |name: String| account.call("CreateStateMachineAlias", json!({"name": name, "routingConfiguration": routes(&[(&one, 100)])}));
    assert!((0..100).all(|at| create(format!("a{at}")).is_ok()));
    assert!(create("b".into()).unwrap_err().starts_with("ServiceQuotaExceededException: "));
}
