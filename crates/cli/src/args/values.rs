//! Values with a grammar of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use jiff::SignedDuration;

/// A whole number of seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) u32);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no time; write seconds (90) or 90s, 10m, 1h 30m");
        let duration = match text.parse::<u32>() {
            Ok(seconds) => SignedDuration::from_secs(seconds.into()),
            Err(_) => text.parse::<SignedDuration>().map_err(|_| wrong())?,
        };
        if duration.subsec_nanos() != 0 || duration.as_secs() < 1 {
            return Err("a timeout has whole seconds and at least one".into());
        }
        // Batch, JobTimeout: attemptDurationSeconds is an Integer.
        match i32::try_from(duration.as_secs()) {
            Ok(seconds) => Ok(Self(seconds.unsigned_abs())),
            Err(_) => Err(format!("Batch's longest timeout is {} s; without --timeout there is none", i32::MAX)),
        }
    }
}

/// As much as Batch's Integer holds.
const MOST_MEBIBYTES: u64 = i32::MAX.unsigned_abs() as u64;

/// A size in MiB, at least 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mebibytes(pub(crate) u64);

impl FromStr for Mebibytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let factor = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "" | "m" | "mb" | "mib" => 1,
            "g" | "gb" | "gib" => 1024,
            _ => return Err(format!("{text:?} is no size; write MiB (512), 512M or 2G")),
        };
        let number: u64 = digits.trim().parse().map_err(|_| format!("{text:?} is no size; write MiB (512), 512M or 2G"))?;
        let size = number.saturating_mul(factor);
        // Batch, ResourceRequirement: a job needs at least 4 MiB; the number is an Integer.
        match size {
            0..4 => Err("Batch gives a job 4 MiB at least".into()),
            4..=MOST_MEBIBYTES => Ok(Self(size)),
            _ => Err(format!("Batch gives a job {MOST_MEBIBYTES} MiB at most")),
        }
    }
}

/// Where to listen: an address and a port, or a port alone, which is one of 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListenAddress(pub(crate) SocketAddr);

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const FORMS: &str = "write a port (4566), or an address and a port (127.0.0.1:4566, [::1]:4566)";
        let here = |port| Ok(Self((Ipv4Addr::LOCALHOST, port).into()));
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().map_or_else(|_| Err(format!("{text} is no port: ports are 0 to 65535")), here);
        }
        if let Some(port) = text.strip_prefix("localhost:").and_then(|port| port.parse().ok()) {
            return here(port);
        }
        match (text.parse(), text.parse::<IpAddr>(), text.trim_matches(['[', ']']).parse::<Ipv6Addr>()) {
            (Ok(address), ..) => Ok(Self(address)),
            (Err(_), Ok(IpAddr::V4(ip)), _) => Err(format!("the port is missing: write {ip}:4566")),
            (Err(_), _, Ok(ip)) => Err(format!("the port is missing: write [{ip}]:4566")),
            _ => Err(format!("{text:?} is no address; {FORMS}")),
        }
    }
}

/// `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self { name: name.into(), value: value.into() }),
            _ => Err(format!("{text:?} is not NAME=VALUE")),
        }
    }
}

/// The name of a variable of this shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VariableName(pub(crate) String);

impl FromStr for VariableName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(_) => Err(format!("only a name is expected here; to set a variable use --env {text}")),
            None if text.is_empty() => Err("the name is empty".into()),
            None => Ok(Self(text.into())),
        }
    }
}

/// The name of a machine, in lower case.
pub(crate) fn host_name(text: &str) -> Result<String, String> {
    let is_name = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    if is_name { Ok(text.to_ascii_lowercase()) } else { Err("write a name alone, without scheme and port, such as batch.example".into()) }
}

/// The address of a server: scheme, host, and perhaps a port and a path.
pub(crate) fn endpoint_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default()).unwrap_or_default();
    if host.is_empty() || text.contains(char::is_whitespace) {
        return Err("write an address with its scheme, such as http://127.0.0.1:4566".into());
    }
    Ok(text.into())
}

/// A count that makes no sense if it is 0.
pub(crate) fn at_least_one(text: &str) -> Result<u32, String> {
    match text.parse::<i128>() {
        Ok(number @ ..=0) => Err(format!("{number} is too few; at least 1 is needed")),
        Ok(number) => u32::try_from(number).map_err(|_| format!("{number} is too many; at most {} are possible", u32::MAX)),
        Err(_) => Err(format!("{text:?} is no whole number")),
    }
}

#[cfg(test)]
mod tests {
    use super::{ListenAddress, Mebibytes, Seconds, VariableName, at_least_one, host_name};

    #[test]
    fn counts_and_names() {
        assert_eq!(at_least_one("1"), Ok(1));
        for text in ["0", "-3", "x", "1.5", "4294967296"] {
            assert!(at_least_one(text).is_err(), "{text}");
        }
        assert_eq!("TOKEN".parse(), Ok(VariableName("TOKEN".into())));
        for text in ["", "A=B"] {
            assert!(text.parse::<VariableName>().is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_and_ports() {
        for (text, address) in [
            ("4570", "127.0.0.1:4570"),
            ("0", "127.0.0.1:0"),
            ("localhost:4570", "127.0.0.1:4570"),
            ("0.0.0.0:1", "0.0.0.0:1"),
            ("[::1]:4570", "[::1]:4570"),
        ] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().0, address.parse().unwrap(), "{text}");
        }
        assert_eq!(host_name("Batch.example"), Ok("batch.example".into()));
        for text in ["", "batch.example:4566", "http://batch", "[::1]"] {
            assert!(host_name(text).is_err(), "{text}");
        }
        for (text, words) in [
            ("70000", "ports are 0 to 65535"),
            ("127.0.0.1", "write 127.0.0.1:4566"),
            ("::1", "write [::1]:4566"),
            ("[::1]", "write [::1]:4566"),
            (":4566", "write a port (4566), or an address and a port"),
            ("", "write a port (4566)"),
            ("example.com:80", "write a port (4566)"),
        ] {
            let refused = text.parse::<ListenAddress>().unwrap_err();
            assert!(refused.contains(words), "{text}: {refused}");
        }
    }

    #[test]
    fn times_and_sizes() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("10m", 600), ("1h 30m", 5400), ("2h", 7200)] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
        for text in ["0", "-5", "500ms", "x", "", "1.5", "4294967295", "600000h"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
        for (text, size) in [("512", 512), ("512M", 512), ("2G", 2048), ("4GiB", 4096)] {
            assert_eq!(text.parse(), Ok(Mebibytes(size)), "{text}");
        }
        for text in ["0", "3", "-1", "2T", "G", "99999999999999999G"] {
            assert!(text.parse::<Mebibytes>().is_err(), "{text}");
        }
    }
}
