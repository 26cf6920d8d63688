//! The journal's file: opened and replayed, appended to, committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use fanout_engine::journal::{Digest, Entry, Replay, ReplayError, Replayed, SettingsError};
use fanout_engine::{AttemptId, Engine, ObjectCall, ObjectCallId, Settings};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, params};

use super::StateDir;

/// `fano`: tells a journal from other databases.
const APPLICATION: i32 = 0x6661_6e6f;
/// Counted up when the meaning of a row changes.
const VERSION: i32 = 1;

const SCHEMA: &str = "\
CREATE TABLE input (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    digest INTEGER NOT NULL
) STRICT";

const INSERT: &str = "INSERT INTO input VALUES (?, ?, ?, ?, ?)";

/// An open journal. Its directory is locked for as long as it lives.
#[derive(Debug)]
pub struct Journal {
    connection: Connection,
    /// Of the last row, committed or not.
    seq: i64,
    pending: Vec<Row>,
    _directory: StateDir,
}

#[derive(Debug)]
struct Row {
    at: Timestamp,
    entry: Entry,
    digest: Digest,
}

/// What a committed input survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Survives {
    /// The end of this process, however sudden.
    Kill,
    /// The end of this machine's power, too: each commit waits for the disk.
    PowerLoss,
}

/// An engine as the journal left it.
#[derive(Debug)]
pub struct Recovered {
    /// Where it goes on.
    pub journal: Journal,
    /// As it was when the last input was stored.
    pub engine: Engine,
    /// Attempts that were in flight: nobody knows what became of them.
    pub lost: BTreeSet<AttemptId>,
    /// Calls on objects that were not answered: they are made again.
    pub asked: BTreeMap<ObjectCallId, ObjectCall>,
    /// When the last input was stored; the clock must not be behind it.
    pub last: Timestamp,
}

/// Why a journal cannot be used. It is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Some other database, or no database.
    #[error("{} is not a journal of fanout", .0.display())]
    Foreign(PathBuf),
    /// Written by a later fanout.
    #[error("{path} was written by a newer fanout (format {found}; this one knows {VERSION})", path = path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i32,
    },
    /// Something is missing, changed, or leads elsewhere.
    #[error("{path} is damaged or was written by another version of fanout: input {seq}: {what}", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which row.
        seq: i64,
        /// What is wrong.
        what: String,
    },
    /// The engine was set up otherwise.
    #[error("{} was begun with other settings (--strict, --quotas, --chaos, --seed): use them again, or another directory", .0.display())]
    Settings(PathBuf),
    /// The database's.
    #[error("{path} cannot be used: {source}", path = path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
}

impl Journal {
    /// Opens the journal of a directory and replays it; begins one, with these settings, if there is none.
    ///
    /// Of the settings of a journal that is there already, the seed is kept; the rest must be the same.
    ///
    /// # Errors
    /// [`JournalError`]; nothing is repaired.
    pub fn open(directory: StateDir, settings: Settings, survives: Survives) -> Result<Recovered, JournalError> {
        let path = directory.path().join("journal.sqlite");
        let database = |source: rusqlite::Error| match source.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => JournalError::Foreign(path.clone()),
            _ => JournalError::Database { path: path.clone(), source },
        };
        let mut connection = private(&path).and_then(|()| Connection::open(&path)).map_err(database)?;
        let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(database)?;
        let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(database)?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(database)?;
        match (found, version) {
            (0, 0) if tables == 0 => begin(&mut connection, &settings, survives).map_err(database)?,
            (APPLICATION, VERSION) => {}
            (APPLICATION, found) => return Err(JournalError::Newer { path, found }),
            _ => return Err(JournalError::Foreign(path)),
        }
        durable(&connection, survives).map_err(database)?;
        let (replay, seq) = Reader { path: &path }.replay(&connection, Some(&settings))?;
        let Replayed { engine, in_flight: lost, asked, last } = replay.finish();
        let journal = Self { connection, seq, pending: Vec::new(), _directory: directory };
        Ok(Recovered { journal, engine, lost, asked, last })
    }

    /// One more input, durable with the next [`Journal::commit`].
    /// The engine as the journal in this directory has it now, and when its last input was stored; `None` if there is no journal.
    /// Whoever writes it may go on meanwhile.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn look(directory: &Path) -> Result<Option<(Engine, Timestamp)>, JournalError> {
        let path = directory.join("journal.sqlite");
        if !path.is_file() {
            return Ok(None);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags);
        let connection = connection.map_err(|source| JournalError::Database { path: path.clone(), source })?;
        let (replay, _) = Reader { path: &path }.replay(&connection, None)?;
        let Replayed { engine, last, .. } = replay.finish();
        Ok(Some((engine, last)))
    }

    pub(crate) fn append(&mut self, entry: Entry, at: Timestamp, digest: Digest) {
        self.pending.push(Row { at, entry, digest });
    }

    /// Makes what was appended durable: all of it or nothing.
    ///
    /// # Errors
    /// The database's. What was appended is not there then.
    pub(crate) fn commit(&mut self) -> rusqlite::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare(INSERT)?;
            for row in self.pending.drain(..) {
                self.seq += 1;
                row.insert(self.seq, &mut insert)?;
            }
        }
        transaction.commit()
    }
}

/// What jobs are given is nobody else's business. SQLite's other files take over the mode of this one.
fn private(path: &Path) -> rusqlite::Result<()> {
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    made.map(drop).map_err(|_| rusqlite::Error::InvalidPath(path.into()))
}

fn begin(connection: &mut Connection, settings: &Settings, survives: Survives) -> rusqlite::Result<()> {
    durable(connection, survives)?;
    let transaction = connection.transaction()?;
    transaction.execute(SCHEMA, [])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    let entry = Entry { kind: "settings".into(), body: settings.to_json() };
    let at = Timestamp::UNIX_EPOCH;
    Row { at, digest: entry.digest(at), entry }.insert(0, &mut transaction.prepare(INSERT)?)?;
    transaction.commit()
}

fn durable(connection: &Connection, survives: Survives) -> rusqlite::Result<()> {
    let synchronous = match survives {
        Survives::Kill => "OFF",
        Survives::PowerLoss => "FULL",
    };
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))
}

impl Row {
    fn insert(&self, seq: i64, insert: &mut Statement<'_>) -> rusqlite::Result<()> {
        let Self { at, entry, digest } = self;
        let nanoseconds = i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX);
        insert.execute(params![seq, nanoseconds, entry.kind, entry.body, digest.to_bits().cast_signed()])?;
        Ok(())
    }
}

struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn replay(&self, connection: &Connection, asked: Option<&Settings>) -> Result<(Replay, i64), JournalError> {
        let broken = |seq| move |source: rusqlite::Error| self.damaged(seq, source.to_string());
        let mut select = connection.prepare("SELECT seq, at, kind, body, digest FROM input ORDER BY seq").map_err(broken(0))?;
        let mut rows = select.query([]).map_err(broken(0))?;
        let (mut replay, mut next) = (None, 0_i64);
        while let Some(row) = rows.next().map_err(broken(next))? {
            let seq: i64 = row.get(0).map_err(broken(next))?;
            if seq != next {
                return Err(self.damaged(next, "it is missing".into()));
            }
            let at = Timestamp::from_nanosecond(row.get::<_, i64>(1).map_err(broken(seq))?.into());
            let at = at.map_err(|error| self.damaged(seq, error.to_string()))?;
            let entry = Entry { kind: row.get(2).map_err(broken(seq))?, body: row.get(3).map_err(broken(seq))? };
            let digest = row.get::<_, i64>(4).map_err(broken(seq))?.cast_unsigned();
            match &mut replay {
                None => replay = Some(Replay::new(self.settings(&entry, digest, asked)?)),
                Some(replay) => replay.feed(&entry, at, digest).map_err(|error: ReplayError| self.damaged(seq, error.to_string()))?,
            }
            next += 1;
        }
        replay.map(|replay| (replay, next - 1)).ok_or_else(|| self.damaged(0, "it is missing".into()))
    }

    fn settings(&self, entry: &Entry, digest: u64, asked: Option<&Settings>) -> Result<Settings, JournalError> {
        if entry.kind != "settings" || entry.digest(Timestamp::UNIX_EPOCH).to_bits() != digest {
            return Err(self.damaged(0, "it does not hold the settings".into()));
        }
        let stored = Settings::from_json(&entry.body).map_err(|error: SettingsError| self.damaged(0, error.to_string()))?;
        if asked.is_some_and(|asked| Settings { seed: stored.seed, ..asked.clone() }.to_json() != entry.body) {
            return Err(JournalError::Settings(self.path.into()));
        }
        Ok(stored)
    }

    fn damaged(&self, seq: i64, what: String) -> JournalError {
        JournalError::Damaged { path: self.path.into(), seq, what }
    }
}
