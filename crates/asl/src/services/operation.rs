//! What the operations of Batch, Step Functions and S3 take.

use serde_json::{Map, Value};

/// Lines: an operation and its members.
const TABLES: [(&str, &str); 3] = [("batch", include_str!("batch.txt")), ("s3", include_str!("s3.txt")), ("sfn", include_str!("sfn.txt"))];

/// An operation of a service that the SDK calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    members: &'static str,
    /// Whether names are compared without regard to case: S3's have runs of capitals, which AWS does not say how a task writes.
    is_lenient: bool,
}

/// Whether the operations of a service are known.
pub(super) fn is_described(service: &str) -> bool {
    TABLES.iter().any(|(name, _)| *name == service)
}

/// The operations of a service; none if they are not known.
pub(super) fn names(service: &str) -> impl Iterator<Item = &'static str> {
    let table = TABLES.iter().find(|(name, _)| *name == service).map_or("", |(_, table)| *table);
    lines(table).filter_map(|line| line.split_ascii_whitespace().next())
}

/// An operation in camel case; `None` if the service has none of this name, or is none of `batch`, `s3` and `sfn`.
pub fn operation(service: &str, name: &str) -> Option<Operation> {
    let (_, table) = TABLES.iter().find(|(known, _)| *known == service)?;
    lines(table).find_map(|line| {
        let members = line.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with(' '))?;
        Some(Operation { members, is_lenient: service == "s3" })
    })
}

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.starts_with('#'))
}

impl Operation {
    /// Its members, in Pascal case.
    pub fn members(self) -> impl Iterator<Item = &'static str> {
        self.members.split_ascii_whitespace().map(|name| name.trim_end_matches('!'))
    }

    /// Those that must be there.
    fn required(self) -> impl Iterator<Item = &'static str> {
        self.members.split_ascii_whitespace().filter_map(|name| name.strip_suffix('!'))
    }

    /// Whether it has a member of this name.
    pub(crate) fn takes(self, name: &str) -> bool {
        let is_pascal = name.starts_with(|first: char| first.is_ascii_uppercase());
        self.members().any(|known| known == name || (self.is_lenient && is_pascal && known.eq_ignore_ascii_case(name)))
    }

    /// What is wrong with the names of parameters, in AWS's words; empty if nothing is.
    pub fn problems(self, parameters: &Map<String, Value>) -> Vec<String> {
        let missing = self.required().filter(|name| !parameters.contains_key(*name)).map(missing);
        missing.chain(parameters.keys().filter(|name| !self.takes(name)).map(|name| unsupported(name))).collect()
    }
}

/// AWS's words for a parameter that must be there. Recorded.
pub fn missing(name: &str) -> String {
    format!("The field '{name}' is required but was missing")
}

/// AWS's words for a parameter that an operation does not take. Recorded.
pub(crate) fn unsupported(name: &str) -> String {
    format!("The field \"{name}\" is not supported by Step Functions")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{names, operation};

    /// The engine has all operations of Step Functions.
    #[test]
    fn the_table_names_the_operations_that_are_decoded() {
        let known: Vec<&str> = names("sfn").collect();
        assert_eq!(known.len(), 37);
        for name in known {
            let upper = format!("{}{}", name[..1].to_ascii_uppercase(), &name[1..]);
            assert!(crate::api::Request::decode(&upper, b"{}").is_some(), "{name}");
        }
    }

    #[test]
    fn members_are_those_of_the_api_models() {
        let problems =
            |service, name, parameters: serde_json::Value| operation(service, name).unwrap().problems(parameters.as_object().unwrap());
        let job = json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "Tags": {}});
        assert!(problems("batch", "submitJob", job).is_empty());
        assert_eq!(
            problems("batch", "submitJob", json!({"jobName": "j", "JobQueue": "q", "JobDefinition": "d"})),
            ["The field 'JobName' is required but was missing", "The field \"jobName\" is not supported by Step Functions"]
        );
        assert!(problems("sfn", "sendTaskSuccess", json!({"Output": "1", "TaskToken": "t"})).is_empty());
        assert!(problems("s3", "putObject", json!({"Bucket": "b", "Key": "k", "Acl": "private", "ACL": "private"})).is_empty());
        assert_eq!(operation("s3", "listObjects").map(|found| found.members().any(|name| name == "StartAfter")), Some(false));
        assert_eq!((operation("batch", "submit"), operation("sfn", "#"), operation("dynamodb", "query")), (None, None, None));
    }
}
