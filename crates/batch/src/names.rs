//! Names and ARNs: which are well formed, how they are built, what they point to.

use uuid::Uuid;

use crate::limits;

/// Builds and reads the ARNs of one account in one region.
///
/// Descriptions and listings are made of these, so they are put together without formatting.
#[derive(Debug)]
pub(crate) struct Names {
    account: String,
    region: String,
    batch: String,
    ecs: String,
}

/// What of a job is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// `<parent>:<index>`.
    Child(u32),
    /// `<job>#<index>`.
    Node(u32),
}

/// A UUID as text.
pub(crate) fn uuid_text(id: Uuid) -> String {
    id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

impl Names {
    pub(crate) fn new(account: String, region: String) -> Self {
        let (batch, ecs) = (format!("arn:aws:batch:{region}:{account}:"), format!("arn:aws:ecs:{region}:{account}:"));
        Self { account, region, batch, ecs }
    }

    fn batch(&self, kind: &str, rest: &str) -> String {
        [&self.batch, kind, "/", rest].concat()
    }

    fn ecs(&self, kind: &str, within: &str, rest: &str) -> String {
        [&self.ecs, kind, "/", within, "/", rest].concat()
    }

    pub(crate) fn environment(&self, name: &str) -> String {
        self.batch("compute-environment", name)
    }

    pub(crate) fn queue(&self, name: &str) -> String {
        self.batch("job-queue", name)
    }

    pub(crate) fn policy(&self, name: &str) -> String {
        self.batch("scheduling-policy", name)
    }

    /// The kind and the name in an ARN of this account and region.
    pub(crate) fn parts<'a>(&self, arn: &'a str) -> Option<(&'a str, &'a str)> {
        arn.strip_prefix(self.batch.as_str())?.split_once('/')
    }

    pub(crate) fn definition(&self, name: &str, revision: i32) -> String {
        self.batch("job-definition", &format!("{name}:{revision}"))
    }

    pub(crate) fn job(&self, id: Uuid, part: Part) -> String {
        match part {
            Part::Child(index) => self.batch("job", &format!("{id}:{index}")),
            Part::Node(index) => self.batch("job", &format!("{id}#{index}")),
            Part::Whole => self.batch("job", id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer())),
        }
    }

    pub(crate) fn cluster(&self, environment: &str, id: Uuid) -> String {
        format!("{}cluster/AWSBatch-{environment}-{id}", self.ecs)
    }

    pub(crate) fn task(&self, cluster: &str, task: &str) -> String {
        self.ecs("task", last_part(cluster), task)
    }

    pub(crate) fn container_instance(&self, cluster: &str, id: &str) -> String {
        self.ecs("container-instance", last_part(cluster), id)
    }

    pub(crate) fn service_linked_role(&self) -> String {
        let role = "aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch";
        format!("arn:aws:iam::{}:role/{role}", self.account)
    }

    pub(crate) fn role(&self, role: &str) -> String {
        match role {
            "" => self.service_linked_role(),
            arn if arn.starts_with("arn:") => arn.to_owned(),
            name => format!("arn:aws:iam::{}:role/{}", self.account, name.trim_start_matches('/')),
        }
    }

    /// The name in what a client gave: a name, or an ARN of this account and region.
    pub(crate) fn bare<'a>(&self, kind: &str, given: &'a str) -> &'a str {
        self.strip(kind, given).unwrap_or(given)
    }

    fn strip<'a>(&self, kind: &str, given: &'a str) -> Option<&'a str> {
        given
            .strip_prefix("arn:aws:batch:")?
            .strip_prefix(self.region.as_str())?
            .strip_prefix(':')?
            .strip_prefix(self.account.as_str())?
            .strip_prefix(':')?
            .strip_prefix(kind)?
            .strip_prefix('/')
    }
}

fn last_part(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Letters, digits, `-` and `_`, 1 to 128 of them.
pub fn is_name(name: &str) -> bool {
    (1..=limits::NAME_CHARS).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A name whose first character is a letter or digit.
pub fn is_job_name(name: &str) -> bool {
    is_name(name) && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

/// A role's name or `arn:aws:iam::<12 digits>:role/<name>`; empty means the default.
pub(crate) fn is_role(role: &str) -> bool {
    let Some(arn) = role.strip_prefix("arn:") else {
        return role.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':');
    };
    let mut parts = arn.splitn(5, ':');
    let partition = parts.next().is_some_and(|part| part.starts_with("aws"));
    let service = parts.next() == Some("iam") && parts.next() == Some("");
    let account = parts.next().is_some_and(|part| part.len() == 12 && part.bytes().all(|b| b.is_ascii_digit()));
    let name = parts.next().and_then(|part| part.strip_prefix("role/")).is_some_and(|part| !part.is_empty());
    partition && service && account && name
}

/// `name:revision` taken apart.
pub(crate) fn revision(given: &str) -> Option<(&str, i32)> {
    let (name, revision) = given.rsplit_once(':')?;
    Some((name, revision.parse().ok().filter(|revision| *revision > 0)?))
}

/// A job's id taken apart: a UUID, for a child or a node with its index.
pub(crate) fn job_id(given: &str) -> Option<(Uuid, Part)> {
    let digits = |index: &str| (!index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())).then(|| index.parse().ok())?;
    let Some(place) = given.find([':', '#']) else { return Some((Uuid::try_parse(given).ok()?, Part::Whole)) };
    let (id, index) = (Uuid::try_parse(&given[..place]).ok()?, digits(&given[place + 1..])?);
    Some((id, if given[place..].starts_with(':') { Part::Child(index) } else { Part::Node(index) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_name_begins_with_a_letter_or_digit() {
        assert!(is_job_name("a-b_C9") && is_job_name("9") && is_job_name(&"x".repeat(128)));
        assert!(!is_job_name("") && !is_job_name("-a") && !is_job_name("a b") && !is_job_name(&"x".repeat(129)));
    }

    #[test]
    fn a_bad_role_arn_is_told() {
        assert!(is_role("") && is_role("/path/name") && is_role("arn:aws:iam::123456789012:role/x"));
        assert!(!is_role("arn:aws:iam::1234:role/x") && !is_role("arn:aws:iam::123456789012:user/x") && !is_role("a b"));
    }

    #[test]
    fn job_ids_are_read_strictly() {
        let id = Uuid::nil();
        assert_eq!(job_id(&format!("{id}:7")), Some((id, Part::Child(7))));
        assert_eq!(job_id(&id.to_string()), Some((id, Part::Whole)));
        assert_eq!(job_id(&format!("{id}#1")), Some((id, Part::Node(1))));
        for bad in ["", "x", ":1", &format!("{id}:"), &format!("{id}:+1"), &format!("{id}:99999999999"), &format!("{id}#")] {
            assert_eq!(job_id(bad), None, "{bad}");
        }
    }
}
