//! Events of a job, in order, for whoever follows it.

use super::{Answer, Store, Writing, number, text};

/// Something that happened to a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number within the job, from 1.
    pub seq: i64,
    /// When, in milliseconds.
    pub at: i64,
    /// `queued`, `started`, `progress`, `incumbent`, `handed_back`, `version`, `done`.
    pub kind: String,
    /// What, as JSON.
    pub data: String,
}

impl Store {
    /// Adds an event. Whoever adds one holds the job's row or its lease.
    pub(super) async fn add_event(&self, writing: &mut Writing<'_>, job: &str, kind: &str, data: &str) -> Answer<()> {
        self.sql(
            "INSERT INTO events (job, seq, at, kind, data)
             SELECT $1, coalesce(max(seq), 0) + 1, {now}, $2, $3 FROM events WHERE job = $1",
        )
        .bind(job.to_owned())
        .bind(kind.to_owned())
        .bind(data.to_owned())
        .execute(writing.on())
        .await?;
        Ok(())
    }
    /// The events of a job after number `after`, at most 500. Whether the caller may see the job is
    /// asked before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn events(&self, job: &str, after: i64) -> Answer<Vec<Event>> {
        let rows = self
            .sql("SELECT seq, at, kind, data FROM events WHERE job = $1 AND seq > $2 ORDER BY seq LIMIT 500")
            .bind(job.to_owned())
            .bind(after)
            .fetch_all(&self.pool)
            .await?;
        let event = |row| {
            Ok(Event {
                seq: number(row, "seq")?,
                at: number(row, "at")?,
                kind: text(row, "kind")?,
                data: text(row, "data")?,
            })
        };
        rows.iter().map(event).collect()
    }
}
