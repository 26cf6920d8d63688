//! Bodies on their way in and out, a piece at a time, so that an object's size does not matter.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures::{Stream, StreamExt, stream};
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3ErrorCode, S3Result};

use super::blocking;
use crate::objects::{Algorithm, Intake, Objects, Received};

/// How much of a body is in memory.
const PIECE: usize = 256 << 10;
/// The longest time that nothing of a body arrives.
const SILENCE: Duration = Duration::from_secs(75);
/// The largest body that is sent at once.
const LARGEST: u64 = 5 << 30;

/// Takes in a body of the length that was announced.
pub(super) async fn take_in(
    objects: &Objects,
    body: Option<StreamingBlob>,
    length: Option<i64>,
    algorithms: Vec<Algorithm>,
) -> S3Result<Received> {
    let length = length.and_then(|length| u64::try_from(length).ok());
    if length.is_some_and(|length| length > LARGEST) {
        return Err(too_large());
    }
    let objects = objects.clone();
    let mut body = body.unwrap_or_else(|| s3s::Body::empty().into());
    let (mut piece, mut more) = next_piece(&mut body).await?;
    let mut intake = blocking(move || write(objects.receive(&algorithms)?, piece)).await?;
    while more {
        (piece, more) = next_piece(&mut body).await?;
        intake = blocking(move || write(intake, piece)).await?;
        if intake.size() > LARGEST {
            return Err(too_large());
        }
    }
    let received = intake.finish();
    if length.is_some_and(|length| length != received.size) {
        let words = "You did not provide the number of bytes specified by the Content-Length HTTP header";
        return Err(S3Error::with_message(S3ErrorCode::IncompleteBody, words));
    }
    Ok(received)
}

/// What comes next, and whether there is more.
async fn next_piece(body: &mut StreamingBlob) -> S3Result<(Vec<Bytes>, bool)> {
    let (mut piece, mut size) = (Vec::new(), 0);
    while size < PIECE {
        let next = tokio::time::timeout(SILENCE, body.next()).await.map_err(|_| too_slow())?;
        let Some(bytes) = next else { return Ok((piece, false)) };
        let bytes = bytes.map_err(broken_off)?;
        size += bytes.len();
        piece.push(bytes);
    }
    Ok((piece, true))
}

fn write(mut intake: Intake, piece: Vec<Bytes>) -> Result<Intake, crate::objects::ObjectError> {
    for bytes in piece {
        intake.write(&bytes)?;
    }
    Ok(intake)
}

/// A body that ended early, or is not what its signature or checksum says. The library's types of errors are its own.
fn broken_off(error: Box<dyn std::error::Error + Send + Sync>) -> S3Error {
    let text = error.to_string();
    let (code, words) = if text.contains("Sha256Mismatch") {
        let words = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        (S3ErrorCode::from_bytes(b"XAmzContentSHA256Mismatch").unwrap_or(S3ErrorCode::BadDigest), words)
    } else if text.contains("SignatureMismatch") {
        (S3ErrorCode::SignatureDoesNotMatch, "A chunk of the body is not signed as it should be.")
    } else {
        (S3ErrorCode::IncompleteBody, "The request body terminated unexpectedly")
    };
    let mut refusal = S3Error::with_message(code, words);
    refusal.set_source(error);
    refusal.set_status_code(http::StatusCode::BAD_REQUEST);
    refusal
}

fn too_large() -> S3Error {
    S3Error::with_message(S3ErrorCode::EntityTooLarge, "Your proposed upload exceeds the maximum allowed size")
}

fn too_slow() -> S3Error {
    let words =
        "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.";
    S3Error::with_message(S3ErrorCode::RequestTimeout, words)
}

/// A part of a file, read before it is needed if it is small. May block.
pub(super) fn give_out(file: File, part: Range<u64>) -> io::Result<StreamingBlob> {
    let Range { start, end } = part;
    if end - start <= PIECE as u64 {
        return Ok(s3s::Body::from(read(&file, start..end)?).into());
    }
    Ok(StreamingBlob::wrap(pieces(Arc::new(file), start..end)))
}

fn pieces(file: Arc<File>, part: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
    stream::try_unfold(part, move |part| {
        let file = Arc::clone(&file);
        async move {
            if part.is_empty() {
                return Ok(None);
            }
            let end = part.end.min(part.start + PIECE as u64);
            let piece = tokio::task::spawn_blocking(move || read(&file, part.start..end)).await??;
            Ok(Some((piece, end..part.end)))
        }
    })
}

fn read(file: &File, part: Range<u64>) -> io::Result<Bytes> {
    let mut bytes = vec![0; (part.end - part.start) as usize];
    file.read_exact_at(&mut bytes, part.start)?;
    Ok(bytes.into())
}
