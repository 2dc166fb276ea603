//! The store: every accepted job, plan version, key and event. The only room that knows the database.
//!
//! SQLite in a file beside the service, or PostgreSQL by its address; the same tables and sentences in
//! both. Whatever belongs together changes in one transaction: a state and the result it came with, a
//! job and the key that makes its retry harmless. All moments are those of the database's own clock,
//! in milliseconds since 1970, so that machines whose clocks differ agree on leases.
//!
//! No HTTP and no search here.

mod events;
mod hooks;
mod jobs;
mod keys;
mod parts;
mod queue;
mod studies;
mod tables;
mod versions;

pub use events::Event;
pub use hooks::{Delivery, Hook};
pub use jobs::{Job, JobState, Kind, NewJob, Submitted};
pub use keys::{Grant, KeyRecord, Scope};
pub use parts::PartState;
pub use queue::{Claim, Depth, Ending, Pulse, Results};
pub use studies::Study;
pub use versions::{Following, Life, NewVersion, Version};

use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor, Row, Transaction};
use std::fmt;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Sqlite,
    Postgres,
}

/// The store could not do what was asked.
#[derive(Debug)]
pub enum StoreError {
    /// The database does not answer, or not as it should.
    Unavailable(String),
    /// As many jobs wait as may.
    Full {
        /// How many may wait.
        limit: usize,
    },
    /// The key was used for another request before.
    KeyReused,
    /// Somebody else was faster: the version that is there now.
    Stale {
        /// The newest version.
        current: i64,
    },
    /// Nothing of this tenant has this id.
    Unknown,
    /// The address of the store does not read.
    Address(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(why) => write!(f, "the store is not available: {why}"),
            Self::Full { limit } => write!(f, "{limit} jobs wait already"),
            Self::KeyReused => f.write_str("this idempotency key belongs to another request"),
            Self::Stale { current } => write!(f, "version {current} is there now"),
            Self::Unknown => f.write_str("nothing has this id"),
            Self::Address(why) => write!(f, "the address of the store does not read: {why}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// What the store says.
pub type Answer<T> = Result<T, StoreError>;

/// A connection pool to the database.
pub struct Store {
    pool: AnyPool,
    dialect: Dialect,
    /// SQLite has one writer at a time; waiting for it here is fairer than in the database.
    writer: Mutex<()>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pool: _, dialect, writer: _ } = self;
        f.debug_struct("Store").field("dialect", dialect).finish_non_exhaustive()
    }
}

/// A transaction that writes; SQLite's single writer is held along with it.
struct Writing<'s> {
    transaction: Transaction<'static, Any>,
    _turn: Option<MutexGuard<'s, ()>>,
}

impl Writing<'_> {
    fn on(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
    /// Undoes everything and lets the next one write. Without this the end would come some time after
    /// the turn has been given up.
    async fn undo(self) -> Answer<()> {
        let Self { transaction, _turn } = self;
        Ok(transaction.rollback().await?)
    }
    async fn commit(self) -> Answer<()> {
        let Self { transaction, _turn } = self;
        Ok(transaction.commit().await?)
    }
}

impl Store {
    /// Opens the store at `postgres://…`, or at `sqlite:PATH` or a plain path; makes its tables where
    /// they are missing.
    ///
    /// # Errors
    /// [`StoreError::Address`] and [`StoreError::Unavailable`].
    pub async fn open(address: &str) -> Answer<Self> {
        sqlx::any::install_default_drivers();
        let postgres = address.starts_with("postgres://") || address.starts_with("postgresql://");
        let dialect = if postgres { Dialect::Postgres } else { Dialect::Sqlite };
        let url = match dialect {
            Dialect::Postgres => address.to_owned(),
            Dialect::Sqlite => {
                let path = address.strip_prefix("sqlite:").unwrap_or(address).trim_start_matches("//");
                if path.is_empty() || path.contains(['?', '#', '%']) {
                    return Err(StoreError::Address("a path without ?, # and %".to_owned()));
                }
                format!("sqlite:{}{path}?mode=rwc", if path.starts_with('/') { "//" } else { "" })
            }
        };
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(Duration::from_secs(10))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if dialect == Dialect::Sqlite {
                        // FULL: what was accepted is on the disk before the caller hears of it.
                        for pragma in
                            ["PRAGMA busy_timeout = 15000", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"]
                        {
                            connection.execute(pragma).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        let store = Self { pool, dialect, writer: Mutex::new(()) };
        tables::prepare(&store).await?;
        Ok(store)
    }
    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ping(&self) -> Answer<()> {
        let mut connection = self.pool.acquire().await?;
        Ok(connection.ping().await?)
    }
    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
    /// A sentence of SQL. `{now}` is the database's clock, `{skip}` passes over rows that others hold,
    /// `{lock}` holds a row until the end of the transaction.
    fn sql(&self, sentence: &str) -> Query<'static, Any, AnyArguments> {
        let (now, skip, lock) = match self.dialect {
            Dialect::Sqlite => ("CAST(unixepoch('subsec') * 1000 AS INTEGER)", "", ""),
            Dialect::Postgres => {
                ("CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)", "FOR UPDATE SKIP LOCKED", "FOR UPDATE")
            }
        };
        // Every sentence is a constant of this module: callers' values are bound, never written in.
        let sentence = sentence.replace("{now}", now).replace("{skip}", skip).replace("{lock}", lock);
        sqlx::query(AssertSqlSafe(sentence))
    }
    /// Begins to write.
    async fn write(&self) -> Answer<Writing<'_>> {
        match self.dialect {
            Dialect::Sqlite => {
                let turn = self.writer.lock().await;
                let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
                Ok(Writing { transaction, _turn: Some(turn) })
            }
            Dialect::Postgres => Ok(Writing { transaction: self.pool.begin().await?, _turn: None }),
        }
    }
    /// In PostgreSQL: lets one transaction at a time through here. In SQLite that is always so.
    async fn one_at_a_time(&self, writing: &mut Writing<'_>) -> Answer<()> {
        const DOOR: i64 = 0x6469_7370_6174_6368;
        if self.dialect == Dialect::Postgres {
            sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(DOOR).execute(writing.on()).await?;
        }
        Ok(())
    }
}

/// A column of a row.
fn text(row: &AnyRow, column: &str) -> Answer<String> {
    Ok(row.try_get::<String, _>(column)?)
}

fn maybe_text(row: &AnyRow, column: &str) -> Answer<Option<String>> {
    Ok(row.try_get::<Option<String>, _>(column)?)
}

fn number(row: &AnyRow, column: &str) -> Answer<i64> {
    Ok(row.try_get::<i64, _>(column)?)
}

fn maybe_number(row: &AnyRow, column: &str) -> Answer<Option<i64>> {
    Ok(row.try_get::<Option<i64>, _>(column)?)
}

/// A number that may become one of the database's.
fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
