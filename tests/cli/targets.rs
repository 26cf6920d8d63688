//! `--target aws` and `--endpoint-url`: the same plans through a socket, against a `fanout local` with the keys that it prints.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use aws_sdk_batch::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_sdk_batch::types as batch;
use serde_json::{Value, json};

use crate::support::{Dir, Done, Fanout, Running, STRATEGIES};

const ROLE: &str = "arn:aws:iam::123456789012:role/states";
const USAGE: i32 = 2;
const LACKING: i32 = 104;

/// A server, its keys, and a place for records.
struct Server {
    running: Running,
    keys: Vec<(String, String)>,
    records: Dir,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut running =
            Fanout::plain(["local"]).and(arguments).shell_variable("PATH", &path_with_worker()).stdout(Stdio::piped()).start();
        running.wait_until("it listens", |running| running.has_said("AWS_DEFAULT_REGION=us-east-1\n") == 1);
        let said = running.said();
        let keys = said.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
        let keys = keys.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { running, keys, records: Dir::new() }
    }

    /// One with a queue `q` of seven vCPUs and a definition `d`.
    fn with_queue() -> Self {
        let server = Self::start(&["--listen", "0"]);
        server.prepare();
        server
    }

    fn prepare(&self) {
        let batch = self.batch();
        let resources = batch::ComputeResource::builder()
            .r#type(batch::CrType::Ec2)
            .maxv_cpus(7)
            .instance_types("optimal")
            .instance_role("ecsInstanceRole")
            .subnets("subnet-1")
            .security_group_ids("sg-1")
            .build();
        let environment = batch.create_compute_environment().compute_environment_name("env").r#type(batch::CeType::Managed);
        let order = batch::ComputeEnvironmentOrder::builder().order(1).compute_environment("env").build();
        let queue = batch.create_job_queue().job_queue_name("q").priority(1).compute_environment_order(order);
        let requirement = |kind, value: &str| batch::ResourceRequirement::builder().r#type(kind).value(value).build();
        let container = batch::ContainerProperties::builder()
            .image("busybox")
            .command("false")
            .environment(batch::KeyValuePair::builder().name("OF_DEFINITION").value("kept").build())
            .resource_requirements(requirement(batch::ResourceType::Vcpu, "1"))
            .resource_requirements(requirement(batch::ResourceType::Memory, "64"))
            .build();
        let definition = batch.register_job_definition().job_definition_name("d").r#type(batch::JobDefinitionType::Container);
        wait(async {
            environment.compute_resources(resources).send().await.expect("an environment");
            queue.send().await.expect("a queue");
            definition.container_properties(container).send().await.expect("a definition");
        });
    }

    fn key(&self, name: &str) -> &str {
        self.keys.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).expect("an export")
    }

    fn batch(&self) -> aws_sdk_batch::Client {
        let config = aws_sdk_batch::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(self.key("AWS_ENDPOINT_URL"))
            .credentials_provider(self.credentials())
            .http_client(http());
        aws_sdk_batch::Client::from_conf(config.build())
    }

    fn states(&self) -> aws_sdk_sfn::Client {
        let config = aws_sdk_sfn::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(self.key("AWS_ENDPOINT_URL"))
            .credentials_provider(self.credentials())
            .http_client(http());
        aws_sdk_sfn::Client::from_conf(config.build())
    }

    fn credentials(&self) -> Credentials {
        Credentials::new(self.key("AWS_ACCESS_KEY_ID"), self.key("AWS_SECRET_ACCESS_KEY"), None, None, "printed")
    }

    /// A command of a shell into which the exports were pasted.
    fn fanout(&self, command: &str, arguments: &[&str]) -> Fanout {
        let at = self.records.path().display().to_string();
        let fanout = nowhere(command, &["--state-dir", &at]).and(arguments);
        self.keys.iter().fold(fanout, |fanout, (name, value)| fanout.shell_variable(name, value))
    }

    /// `fanout run --target aws` on the queue, with what every plan needs.
    fn run(&self, arguments: &[&str]) -> Fanout {
        self.fanout("run", &["--target", "aws", "--queue", "q", "--state-machine-role", ROLE]).and(arguments)
    }

    /// State machines that are there, and definitions that are in use.
    fn left(&self) -> (usize, Vec<String>) {
        wait(async {
            let machines = self.states().list_state_machines().send().await.expect("a list");
            let definitions = self.batch().describe_job_definitions().status("ACTIVE").send().await.expect("a list");
            let names = definitions.job_definitions.unwrap_or_default().into_iter().filter_map(|definition| definition.job_definition_name);
            (machines.state_machines.len(), names.collect())
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.running.end();
    }
}

/// A command in a shell that knows nothing of AWS.
fn nowhere(command: &str, arguments: &[&str]) -> Fanout {
    let nothing = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
    let fanout = Fanout::plain([command]).and(arguments).shell_variable("AWS_EC2_METADATA_DISABLED", "true");
    nothing.into_iter().fold(fanout, |fanout, name| fanout.shell_variable(name, "/dev/null"))
}

/// Images have fanout-worker on their PATH; here, that is the directory of fanout.
fn path_with_worker() -> String {
    let directory = Path::new(env!("CARGO_BIN_EXE_fanout")).parent().expect("a directory");
    format!("{}:{}", directory.display(), std::env::var("PATH").unwrap_or_default())
}

fn http() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

fn wait<T>(call: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(call)
}

fn totals(done: &Done) -> (u64, u64, u64) {
    let totals = &done.json()["totals"];
    let of = |name: &str| totals[name].as_u64().expect("a number");
    (of("runs"), of("pass"), of("fail"))
}

/// The strategies that take a definition that is there.
fn of_any_definition() -> impl Iterator<Item = &'static str> {
    STRATEGIES.into_iter().filter(|strategy| *strategy != "multi-node")
}

#[test]
fn nodes_that_do_not_fit_together_are_told_before_anything_is_submitted() {
    let server = Server::with_queue();
    server.run(&["-s", "multi-node", "--image", "i", "--items", "1-7"]).command(["true"]).expect_exit(LACKING).stderr_contains(
        "room for a job of 7 runs and the node that waits, all at one time: 8 vCPUs, and the largest environment of q has 7",
    );
    server
        .run(&["-s", "multi-node", "--definition", "d", "--items", "1-2"])
        .command(["true"])
        .expect_exit(USAGE)
        .stderr_contains("--definition d: the nodes of a job are described by its definition");
}

#[test]
fn every_strategy_gives_the_same_through_a_socket_and_leaves_nothing() {
    let server = Server::with_queue();
    let script = r#"echo "out {}"; printf '{"double": %s}' "$((RunNumber * 2))" > "$FANOUT_RESULT"; exit $((RunNumber == 4))"#;
    for strategy in STRATEGIES.into_iter().chain(["map:2x3"]) {
        let done = server.run(&["-s", strategy, "--image", "busybox", "--items", "1-6", "-o", "json"]).script(script).expect_exit(100);
        assert_eq!(totals(&done), (6, 5, 1), "{strategy}");
        let done = done.stderr_contains("FAIL run 3 (4): exit 1").stderr_contains("  [4] out 4");
        let id = done.json()["runId"].as_str().expect("an id").to_owned();
        let results = server.fanout("results", &[&id]).expect_exit(0);
        assert_eq!(results.stdout.lines().nth(3), Some(r#"{"index":3,"item":4,"status":"FAIL","result":{"double":8}}"#), "{strategy}");
        let logs = server.fanout("logs", &["-r", &id]).expect_exit(0);
        assert_eq!(logs.stdout, "[1] out 1\n[2] out 2\n[3] out 3\n[4] out 4\n[5] out 5\n[6] out 6\n", "{strategy}");
        assert_eq!(server.left(), (0, vec!["d".to_owned()]), "{strategy}");
    }
    let listed = server.fanout("runs", &["-o", "json"]).expect_exit(0).json();
    assert_eq!((&listed[0]["target"], &listed[0]["state"]), (&json!("aws"), &json!("ended")));
}

#[test]
fn a_definition_that_is_there_is_used_and_stays() {
    let server = Server::with_queue();
    let script = r#"echo "{} $OF_DEFINITION $OWN $FANOUT_SIZE $FANOUT_ATTEMPT"; test {} != b"#;
    for strategy in of_any_definition().chain(["map:2x2"]) {
        for inject in ["sh", "worker"] {
            let done = server
                .run(&["-s", strategy, "--definition", "d", "--inject", inject, "--items", "a,b,c", "--retries", "1", "--env", "OWN=mine"])
                .and(["--vcpus", "2", "--logs", "all"])
                .script(script)
                .expect_exit(100);
            done.stderr_contains("[a] a kept mine 3 1").stderr_contains("[b] b kept mine 3 2").stderr_contains("exit 1 after 2 attempts");
            assert_eq!(server.left(), (0, vec!["d".to_owned()]), "{strategy} {inject}");
        }
    }
}

#[test]
fn machines_and_definitions_say_whose_they_are() {
    let printed = nowhere("run", &["--dry-run", "--target", "aws", "--region", "eu-west-1", "--state-machine-role", ROLE])
        .and(["--image", "etl:7", "--platform", "fargate", "--execution-role", ROLE, "--assign-public-ip", "--items", "1-3"])
        .command(["true"])
        .expect_exit(0)
        .json();
    assert_eq!(printed["target"], json!({"kind": "aws", "region": "eu-west-1"}));
    let (definition, machine) = (&printed["calls"][0]["input"], &printed["calls"][1]["input"]);
    assert_eq!(machine["tags"], json!([{"key": "fanout:run", "value": printed["run"]}]));
    assert_eq!(machine["roleArn"], ROLE);
    assert_eq!(definition["tags"], json!({"fanout:run": printed["run"]}));
    assert_eq!(definition["platformCapabilities"], json!(["FARGATE"]));
    let container = &definition["containerProperties"];
    assert_eq!((&container["image"], &container["executionRoleArn"]), (&json!("etl:7"), &json!(ROLE)));
    assert_eq!(container["networkConfiguration"], json!({"assignPublicIp": "ENABLED"}));
}

#[test]
fn what_the_account_lacks_is_told_at_once_and_nothing_is_begun() {
    let server = Server::with_queue();
    let refused = server.fanout("run", &["--endpoint-url", server.key("AWS_ENDPOINT_URL"), "--queue", "nowhere", "--items", "1-3"]);
    refused
        .command(["true"])
        .expect_exit(LACKING)
        .stdout_is_empty()
        .stderr_contains("lacks what the plan needs; nothing was submitted")
        .stderr_contains("  an image that holds the command\n    hint: name it with --image IMAGE")
        .stderr_contains("  the job queue nowhere; there are q\n    hint: name one with --queue")
        .stderr_contains("  a role for the state machine");
    assert_eq!((server.records.count(), server.left()), (0, (0, vec!["d".to_owned()])), "nothing was begun");
    let refused = server.run(&["--definition", "e", "--items", "1-3"]).command(["true"]).expect_exit(LACKING);
    refused.stderr_contains("error: account 123456789012 in us-east-1").stderr_contains("  the job definition e\n");
    let refused = server.run(&["--image", "i", "--platform", "fargate", "--memory", "1G", "--items", "1"]).command(["true"]);
    refused.expect_exit(USAGE).stderr_contains("Fargate has no such size").stderr_contains("--execution-role ARN");
}

#[test]
fn without_a_region_or_credentials_it_is_said_what_to_do() {
    let run =
        |more: &[&str]| nowhere("run", &["--target", "aws", "--image", "i", "--items", "1"]).and(more).command(["true"]).expect_exit(USAGE);
    run(&[]).stderr_contains("error: no region").stderr_contains("hint: name one with --region");
    let refused = run(&["--region", "us-east-1", "--profile", "mine"]).stderr_contains("error: no credentials in profile mine");
    refused.stderr_contains("aws sso login").stderr_contains("aws configure list-profiles");
    let server = Server::with_queue();
    let wrong = server.run(&["--image", "i", "--items", "1"]).shell_variable("AWS_SECRET_ACCESS_KEY", "wrong").command(["true"]);
    wrong.expect_exit(USAGE).stderr_contains("error: AWS does not take the credentials").stderr_contains("hint: sign in again");
    let nobody = server.run(&["--endpoint-url", "http://127.0.0.1:9", "--image", "i", "--items", "1"]).command(["true"]);
    nobody.expect_exit(1).stderr_contains("Connection refused").stderr_contains("hint: check the network, --region and --endpoint-url");
}

#[test]
fn the_local_target_reads_no_credentials() {
    let dir = Dir::new();
    let witness = dir.path().join("asked").display().to_string();
    let profile = format!("[default]\nregion = us-east-1\ncredential_process = touch {witness}\n");
    let config = dir.file("config", profile);
    let run =
        |arguments: &[&str]| Fanout::run(["--items", "1-3"]).and(arguments).shell_variable("AWS_CONFIG_FILE", &config).command(["true"]);
    for strategy in STRATEGIES {
        run(&["-s", strategy]).expect_exit(0);
        run(&["-s", strategy, "--target", "local"]).expect_exit(0);
        run(&["-s", strategy, "--target", "aws", "--image", "i", "--dry-run"]).expect_exit(0);
    }
    assert!(!fs::exists(&witness).expect("a directory"), "credentials were asked for");
    run(&["--target", "aws", "--endpoint-url", "http://127.0.0.1:9"]).expect_exit(USAGE).stderr_contains("error: no credentials");
    assert!(fs::exists(&witness).expect("a directory"), "an account is asked with credentials");
}

#[test]
fn flags_of_the_other_target_are_refused() {
    let refused = |arguments: &[&str]| nowhere("run", &["--items", "1"]).and(arguments).command(["true"]).expect_exit(USAGE);
    refused(&["--profile", "p"]).stderr_contains("add --target aws");
    refused(&["--target", "local", "--endpoint-url", "http://127.0.0.1:9"]).stderr_contains("leave one of them out");
    refused(&["--definition", "d"]).stderr_contains("--definition needs an account");
    refused(&["--platform", "fargate", "--execution-role", ROLE]).stderr_contains("--platform fargate needs an account");
    refused(&["--target", "aws", "--image", "i", "--pass-env", "TOKEN"]).stderr_contains("--env NAME=VALUE");
    refused(&["--target", "aws", "--image", "i", "--chaos", "fail=1%"]).stderr_contains("on this machine alone");
    refused(&["--endpoint-url", "127.0.0.1:4566"]).stderr_contains("http://127.0.0.1:4566");
    refused(&["--definition", "d", "--image", "i"]).stderr_contains("cannot be used with");
}

/// Kills a fan-out as soon as a program of it runs.
fn kill_one_that_runs(server: &Server, arguments: &[&str], script: &str) {
    let mut running = server.run(arguments).script(script).stdout(Stdio::piped()).start();
    running.wait_until("a program runs", |_| server.records.path().join("began").exists());
    running.kill();
}

#[test]
fn a_run_that_waits_there_is_explained_by_its_queue_and_environment() {
    let server = Server::with_queue();
    let began = server.records.path().join("began");
    for strategy in ["array", "map"] {
        let script = format!("touch {}; sleep 60", began.display());
        server.run(&["-s", strategy, "--image", "i", "--items", "1-9", "--detach"]).script(&script).expect_exit(0);
        let since = std::time::Instant::now();
        let told = loop {
            let told = server.fanout("explain", &["-o", "json"]).expect_exit(0).json();
            let running = |run: &Value| run["status"] == "RUNNING";
            if told.as_array().is_some_and(|told| {
                told.len() == 9 && told.iter().filter(|run| running(run)).count() == 7 && told[8]["status"] == "RUNNABLE"
            }) {
                break told;
            }
            assert!(since.elapsed() < std::time::Duration::from_secs(20), "{told}");
        };
        let told = &told[8];
        assert_eq!(told["cause"], "it waits for room in the environments of its queue: env has 7 vCPUs at most", "{strategy}");
        assert_eq!((&told["status"], &told["before"]), (&json!("RUNNABLE"), &json!(1)), "{strategy}");
        wait(server.batch().update_compute_environment().compute_environment("env").state(batch::CeState::Disabled).send())
            .expect("an update");
        let told = server.fanout("explain", &["8"]).expect_exit(0);
        let told = told.stdout_contains("no environment of its queue takes jobs: env is DISABLED and VALID");
        told.stdout_contains("what helps: aws batch update-compute-environment --compute-environment env --state ENABLED");
        wait(server.batch().update_compute_environment().compute_environment("env").state(batch::CeState::Enabled).send())
            .expect("an update");
        server.fanout("cancel", &["last"]).expect_exit(0);
        fs::remove_file(&began).expect("a mark");
    }
}

#[test]
fn whoever_attaches_goes_on_with_jobs_that_never_stopped() {
    let server = Server::with_queue();
    for strategy in STRATEGIES {
        let began = server.records.path().join("began");
        let script = format!("echo {{}} >> {}; sleep 0.5; echo {{}} ends", began.display());
        kill_one_that_runs(&server, &["-s", strategy, "--image", "i", "--items", "1-8", "-j", "4"], &script);
        let done = server.fanout("attach", &["-o", "json"]).expect_exit(0);
        assert_eq!(totals(&done), (8, 8, 0), "{strategy}");
        let mut began_runs: Vec<String> = fs::read_to_string(&began).expect("notes").lines().map(str::to_owned).collect();
        began_runs.sort_unstable();
        assert_eq!(began_runs, ["1", "2", "3", "4", "5", "6", "7", "8"], "{strategy}: each is run once");
        assert_eq!(server.left(), (0, vec!["d".to_owned()]), "{strategy}");
        fs::remove_file(began).expect("notes");
    }
}

#[test]
fn what_failed_is_run_once_more_where_it_was() {
    let server = Server::with_queue();
    for strategy in of_any_definition() {
        let script = format!(
            "touch {0}/{strategy}-$FANOUT_INDEX || exit 1; test -e {0}/{strategy}-repaired || test {{}} != b",
            server.records.path().display()
        );
        server.run(&["-s", strategy, "--definition", "d", "--items", "a,b,c"]).script(&script).expect_exit(100);
        server.records.file(&format!("{strategy}-repaired"), "");
        server.fanout("retry", &["--vcpus", "2"]).expect_exit(0).stderr_contains("1 of 3 runs");
        let shown = server.fanout("show", &["-o", "json"]).expect_exit(0).json();
        assert_eq!(shown["totals"]["runs"], 3, "{strategy}");
        assert_eq!(server.left(), (0, vec!["d".to_owned()]), "{strategy}");
    }
}

#[test]
fn another_account_is_not_asked_for_jobs() {
    let server = Server::with_queue();
    let began = server.records.path().join("began").display().to_string();
    kill_one_that_runs(&server, &["-s", "array", "--image", "i", "--items", "1-2"], &format!("touch {began}; sleep 2"));
    let other = Server::start(&["--listen", "0"]);
    let id = server.fanout("runs", &["-o", "json"]).expect_exit(0).json()[0]["runId"].as_str().expect("an id").to_owned();
    // The address is the record's own, so the other account has to be found there.
    let manifest = server.records.path().join(&id).join("manifest.json");
    let kept = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(&manifest, kept.replace(server.key("AWS_ENDPOINT_URL"), other.key("AWS_ENDPOINT_URL"))).expect("a manifest");
    let at = server.records.path().display().to_string();
    let elsewhere =
        other.keys.iter().fold(nowhere("attach", &["--state-dir", &at]), |fanout, (name, value)| fanout.shell_variable(name, value));
    elsewhere.expect_exit(USAGE).stderr_contains("the fan-out was begun on arn:aws:batch:us-east-1:123456789012:job-queue/q");
    fs::write(&manifest, kept).expect("a manifest");
    assert_eq!(totals(&server.fanout("attach", &["-o", "json"]).expect_exit(0)), (2, 2, 0), "nothing was given up");
}

#[test]
fn ctrl_c_stops_the_jobs_and_removes_the_machines() {
    let server = Server::with_queue();
    for strategy in STRATEGIES.into_iter().chain(["map:2x2"]) {
        let (program, began) = ("sleep 63.5", server.records.path().join("began"));
        let script = format!("touch {}; {program}; true", began.display());
        let mut running = server.run(&["-s", strategy, "--image", "i", "--items", "1-4"]).script(&script).stdout(Stdio::piped()).start();
        running.wait_until("a program runs", |_| began.exists());
        running.signal("INT");
        running.expect_exit(130).stdout_contains("4 cancelled");
        assert!(!crate::stopping::is_running(program), "{strategy}: a program goes on");
        fs::remove_file(began).expect("a mark");
        assert_eq!(server.left(), (0, vec!["d".to_owned()]), "{strategy}");
    }
}

#[test]
fn who_leaves_in_a_hurry_leaves_a_record_that_can_be_gone_on_with() {
    let server = Server::with_queue();
    let began = server.records.path().join("began");
    let script = format!("trap 'sleep 2; exit 3' TERM; touch {}; sleep 64.5 & wait", began.display());
    let mut running = server.run(&["--image", "i", "--items", "1-2"]).script(&script).stdout(Stdio::piped()).start();
    running.wait_until("a program runs", |_| began.exists());
    running.signal("INT").wait_until("it stops", |running| running.has_told("stopping;") == 1).signal("INT");
    running.expect_exit(130).stdout_is_empty().stderr_contains("to stop it: fanout cancel");
    let listed = server.fanout("runs", &["-o", "json"]).expect_exit(0).json();
    assert_eq!(listed[0]["state"], "interrupted");
    let stopped = server.fanout("cancel", &["last", "-o", "json"]).expect_exit(0).json();
    assert_eq!(stopped["totals"]["cancelled"], 2, "{stopped}");
    assert_eq!(server.left(), (0, vec!["d".to_owned()]));
}

#[test]
fn a_detached_fan_out_finds_the_account_again() {
    let server = Server::with_queue();
    let id =
        server.run(&["--detach", "--image", "i", "--items", "1-3"]).script("echo {} begins; sleep 0.3; echo {} ends").expect_exit(0).stdout;
    let logs = server.fanout("logs", &["-f", "-r", id.trim()]).expect_exit(0).stdout;
    for item in 1..=3 {
        assert!(logs.contains(&format!("[{item}] {item} ends\n")), "{logs}");
    }
    assert_eq!(logs.lines().count(), 6, "{logs}");
    assert_eq!(totals(&server.fanout("attach", &[id.trim(), "-o", "json"]).expect_exit(0)), (3, 3, 0));
}

#[test]
fn credentials_that_are_no_longer_taken_end_the_watching_and_not_the_fan_out() {
    let state = Dir::new();
    let state = state.path().display().to_string();
    let first = Server::start(&["--listen", "0", "--state-dir", &state]);
    first.prepare();
    let began = first.records.path().join("began");
    let script = format!("touch {}; sleep 1; echo {{}} ends", began.display());
    let mut running = first.run(&["-s", "submit", "--image", "i", "--items", "1-2"]).script(&script).stdout(Stdio::piped()).start();
    running.wait_until("a program runs", |_| began.exists());
    let listen = first.key("AWS_ENDPOINT_URL").trim_start_matches("http://").to_owned();
    let mut first = first;
    first.running.kill();
    let other = ["--listen", &listen, "--state-dir", &state, "--access-key-id", "AKIDOTHER", "--secret-access-key", "other"];
    let second = Server::start(&other);
    let id = "hint: when AWS can be asked again: fanout attach ";
    running.expect_exit(1).stdout_is_empty().stderr_contains("cannot be watched any more, and goes on").stderr_contains(id);
    first.keys.clone_from(&second.keys);
    // Those that ran were lost with the server, and are tried again.
    let done = first.fanout("attach", &["-o", "json"]).expect_exit(0).json();
    let ended: Vec<&Value> = done["runs"].as_array().expect("runs").iter().map(|run| &run["status"]).collect();
    assert!(ended.iter().all(|status| **status == "PASS" || **status == "FLAKY"), "{done}");
}
