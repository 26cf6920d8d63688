//! A body that comes in, piece by piece: written to its file, and its checksums taken on the way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use serde::{Deserialize, Serialize};

use super::ObjectError;
use super::bodies::NewBody;

/// A checksum that clients may send with a body, and get with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// Checksums, in Base64.
pub(crate) type Sums = BTreeMap<Algorithm, String>;

/// A body of which more may come.
pub(crate) struct Intake {
    body: NewBody,
    size: u64,
    md5: Md5,
    sums: ChecksumHasher,
}

/// A whole body that is not anybody's yet.
#[derive(Debug)]
pub(crate) struct Received {
    pub(super) body: NewBody,
    pub(crate) size: u64,
    md5: [u8; 16],
    pub(crate) sums: Sums,
}

impl Intake {
    pub(super) fn new(body: NewBody, algorithms: &[Algorithm]) -> Self {
        let mut sums = ChecksumHasher::default();
        for algorithm in algorithms {
            match algorithm {
                Algorithm::Crc32 => sums.crc32 = Some(Crc32::new()),
                Algorithm::Crc32c => sums.crc32c = Some(Crc32c::new()),
                Algorithm::Crc64Nvme => sums.crc64nvme = Some(Crc64Nvme::new()),
                Algorithm::Sha1 => sums.sha1 = Some(Sha1::new()),
                Algorithm::Sha256 => sums.sha256 = Some(Sha256::new()),
            }
        }
        Self { body, size: 0, md5: Md5::new(), sums }
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.body.file().write_all(bytes)?;
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        self.sums.update(bytes);
        Ok(())
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) fn finish(self) -> Received {
        let Self { body, size, md5, sums } = self;
        let sums = sums.finalize();
        let sums = [
            (Algorithm::Crc32, sums.checksum_crc32),
            (Algorithm::Crc32c, sums.checksum_crc32c),
            (Algorithm::Crc64Nvme, sums.checksum_crc64nvme),
            (Algorithm::Sha1, sums.checksum_sha1),
            (Algorithm::Sha256, sums.checksum_sha256),
        ];
        let sums = sums.into_iter().filter_map(|(algorithm, sum)| Some((algorithm, sum?))).collect();
        Received { body, size, md5: md5.finalize(), sums }
    }
}

impl Received {
    /// Whether these are the body's checksums, as far as they were taken.
    pub(crate) fn check(&self, expected: &Sums) -> Result<(), ObjectError> {
        match expected.iter().find(|(algorithm, sum)| self.sums.get(algorithm) != Some(sum)) {
            Some((algorithm, _)) => Err(ObjectError::BadDigest { what: algorithm.name() }),
            None => Ok(()),
        }
    }

    /// What a body of this MD5 is called.
    pub(crate) fn etag(&self) -> String {
        hex(&self.md5)
    }

    /// As `Content-MD5` has it.
    pub(crate) fn md5_base64(&self) -> String {
        BASE64_STANDARD.encode(self.md5)
    }
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// AWS's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that holds it.
    pub(crate) fn header(self) -> String {
        format!("x-amz-checksum-{}", self.name().to_ascii_lowercase())
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Of what [`hex`] made.
pub(super) fn unhex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
    text.as_bytes().chunks(2).map(|pair| pair.iter().fold(0, |byte, &next| (byte << 4) | digit(next))).collect()
}
