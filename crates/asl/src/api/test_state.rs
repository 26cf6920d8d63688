//! The run of one state for a test.

use super::shapes::shapes;

shapes! {
    /// `TestState`.
    TestState {
        /// A state, or a machine that has it.
        definition: String,
        /// The role the state acts under.
        role_arn: opt String,
        /// JSON as text.
        input: opt String,
        /// `INFO` (default), `DEBUG` or `TRACE`.
        inspection_level: opt String,
        /// Whether secrets of an HTTP request are shown.
        reveal_secrets: opt bool,
        /// A JSON object as text.
        variables: opt String,
        /// Which state, if the definition is a machine.
        state_name: opt String,
        /// What the state's task answers.
        mock: opt MockInput,
        /// The context object: a JSON object as text.
        context: opt String,
        /// What happened before.
        state_configuration: opt TestStateConfiguration,
    }
    /// What a task answers instead of running.
    MockInput {
        /// JSON as text.
        result: opt String,
        /// Instead of a result.
        error_output: opt MockErrorOutput,
        /// `STRICT` (default), `PRESENT` or `NONE`: how closely the result must fit the service's model.
        field_validation_mode: opt String,
    }
    /// An error that a task answers with.
    MockErrorOutput {
        /// Its name.
        error: opt String,
        /// Its cause.
        cause: opt String,
    }
    /// What happened before the state is run.
    TestStateConfiguration {
        /// How often the retrier has retried.
        retrier_retry_count: opt i32,
        /// The state inside the Map or Parallel that failed.
        error_caused_by_state: opt String,
        /// How many iterations have failed.
        map_iteration_failure_count: opt i32,
        /// What a distributed Map reads: JSON as text.
        map_item_reader_data: opt String,
    }
    /// Answer of `TestState`.
    StateTested {
        /// JSON as text.
        output: opt String,
        /// The error's name, if it failed.
        error: opt String,
        /// The error's cause, if it failed.
        cause: opt String,
        /// What the data was on the way.
        inspection_data: opt Box<InspectionData>,
        /// Where the machine would go.
        next_state: opt String,
        /// `SUCCEEDED`, `FAILED`, `RETRIABLE` or `CAUGHT_ERROR`.
        status: opt String,
    }
    /// What the data was at each step of a state; JSON as text where nothing else is said.
    InspectionData {
        /// At first.
        input: opt String,
        /// After `Arguments`.
        after_arguments: opt String,
        /// After `InputPath`.
        after_input_path: opt String,
        /// After `Parameters`.
        after_parameters: opt String,
        /// What the state did.
        result: opt String,
        /// After `ResultSelector`.
        after_result_selector: opt String,
        /// After `ResultPath`.
        after_result_path: opt String,
        /// What was sent over HTTP.
        request: opt InspectionDataRequest,
        /// What came back over HTTP.
        response: opt InspectionDataResponse,
        /// The variables afterwards.
        variables: opt String,
        /// How the error was handled.
        error_details: opt InspectionErrorDetails,
        /// After `ItemsPath`.
        after_items_path: opt String,
        /// After `ItemSelector`.
        after_item_selector: opt String,
        /// After `ItemBatcher`.
        after_item_batcher: opt String,
        /// After `ItemsPointer`.
        after_items_pointer: opt String,
        /// How many items may fail.
        tolerated_failure_count: opt i64,
        /// Percent of items that may fail.
        tolerated_failure_percentage: opt f32,
        /// How many iterations may run at a time.
        max_concurrency: opt i32,
    }
    /// An HTTP request.
    InspectionDataRequest {
        /// Such as `https`.
        protocol: opt String,
        /// Such as `GET`.
        method: opt String,
        /// Where to.
        url: opt String,
        /// JSON as text.
        headers: opt String,
        /// As sent.
        body: opt String,
    }
    /// An HTTP response.
    InspectionDataResponse {
        /// Such as `https`.
        protocol: opt String,
        /// Such as `200`.
        status_code: opt String,
        /// Such as `OK`.
        status_message: opt String,
        /// JSON as text.
        headers: opt String,
        /// As received.
        body: opt String,
    }
    /// How an error was handled.
    InspectionErrorDetails {
        /// Which catcher took it, from 0.
        catch_index: opt i32,
        /// Which retrier took it, from 0.
        retry_index: opt i32,
        /// How long it would wait.
        retry_backoff_interval_seconds: opt i32,
    }
}
