//! What the targets share: how an input is read, and how long one may take.

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// Seconds of processor time that one input may take. JSONata stops itself after one.
const MOST_SECONDS: i64 = 2;
/// What stands between the two parts of an input.
const SEPARATOR: &str = "\n---\n";

/// The text of an input and the JSON that it is applied to: one's own if there is none behind `---`.
pub fn parts(data: &[u8]) -> Option<(&str, Value)> {
    let text = std::str::from_utf8(data).ok()?;
    let Some((text, input)) = text.split_once(SEPARATOR) else {
        return Some((text, example()));
    };
    Some((text, serde_json::from_str(input).ok()?))
}

fn example() -> Value {
    json!({
        "a": {"b": [1, {"c": "x"}, [2, 3]], "d": null},
        "list": [3, 1, 2],
        "orders": [{"name": "x", "price": 8, "tags": ["s", "t"]}, {"name": "y", "price": 12.5}],
        "text": "a,b;c",
        "number": -1.5,
        "json": "{\"k\": [1]}",
    })
}

/// Does the work and panics if it took too long.
pub fn within_bounds(work: impl FnOnce()) {
    let start = clock_gettime(ClockId::ThreadCPUTime).tv_sec;
    work();
    let seconds = clock_gettime(ClockId::ThreadCPUTime).tv_sec - start;
    assert!(seconds <= MOST_SECONDS, "{seconds} s of processor time");
}
