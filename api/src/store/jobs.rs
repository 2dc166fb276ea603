//! Jobs: taken in once, looked at, stopped. Who works on them is in `queue`.

use super::{Answer, Store, StoreError, count, maybe_number, maybe_text, number, text};
use sqlx::Any;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$one])* $variant),+ }

        impl $name {
            /// As it stands in the store and in answers.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
            pub(super) fn of(word: &str) -> Answer<Self> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err(StoreError::Unavailable(format!("{other:?} is no {}", stringify!($name)))),
                }
            }
        }
    };
}

words! {
    /// How far a job has come.
    JobState {
        /// Nobody works on it yet.
        Queued "queued",
        /// Somebody works on it.
        Running "running",
        /// Done; its plan is there.
        Succeeded "succeeded",
        /// Given up; `failure` says why.
        Failed "failed",
        /// Stopped by the caller; the best plan found until then is there, if work had begun.
        Cancelled "cancelled",
    }
}

words! {
    /// What a job is for.
    Kind {
        /// A plan that a caller asked for.
        Plan "plan",
        /// One run of a scenario.
        Run "run",
        /// A request in the shape of VROOM.
        Vroom "vroom",
        /// A part of a very large plan in the making.
        Part "part",
    }
}

impl JobState {
    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        match self {
            Self::Queued | Self::Running => false,
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
        }
    }
}

/// A job as it is handed in.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// Its id, new.
    pub id: &'a str,
    /// What it is for.
    pub kind: Kind,
    /// Whose it is.
    pub tenant: &'a str,
    /// The problem as it came.
    pub body: &'a str,
    /// How to solve it, as JSON.
    pub task: &'a str,
    /// The caller's key for this request and a fingerprint of the request.
    pub repeat: Option<(&'a str, &'a str)>,
}

/// What became of a job that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It waits now.
    New,
    /// The same request came before: its job.
    Known(String),
}

/// A job, without its problem and plans.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub kind: Kind,
    /// How to solve it, as JSON.
    pub task: String,
    /// How far it has come.
    pub state: JobState,
    /// When it was accepted, in milliseconds; so are all moments here.
    pub created: i64,
    /// When work first began.
    pub started: Option<i64>,
    /// When it was done.
    pub finished: Option<i64>,
    /// When it will be forgotten.
    pub expires: Option<i64>,
    /// How often work was begun.
    pub attempt: i64,
    /// Whether the caller asked to stop.
    pub stop: bool,
    /// The newest version of its plan; 0 before the first.
    pub version: i64,
    /// What the search last said, as JSON.
    pub progress: Option<String>,
    /// Why it failed, as a code.
    pub failure: Option<String>,
    /// The database's clock at this look.
    pub now: i64,
}

const COLUMNS: &str = "id, kind, task, state, created, started, finished, expires, attempt, stop, version, progress, \
                       failure, {now} AS now";

fn job(row: &AnyRow) -> Answer<Job> {
    Ok(Job {
        id: text(row, "id")?,
        kind: Kind::of(&text(row, "kind")?)?,
        task: text(row, "task")?,
        state: JobState::of(&text(row, "state")?)?,
        created: number(row, "created")?,
        started: maybe_number(row, "started")?,
        finished: maybe_number(row, "finished")?,
        expires: maybe_number(row, "expires")?,
        attempt: number(row, "attempt")?,
        stop: number(row, "stop")? != 0,
        version: number(row, "version")?,
        progress: maybe_text(row, "progress")?,
        failure: maybe_text(row, "failure")?,
        now: number(row, "now")?,
    })
}

impl Store {
    /// Takes a job in, unless the same request did so before or `limit` jobs wait already. Once this
    /// is done, the job will be.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::KeyReused`], [`StoreError::Unavailable`].
    pub async fn submit(&self, new: &NewJob<'_>, limit: usize) -> Answer<Submitted> {
        let NewJob { id, kind, tenant, body, task, repeat } = new;
        let mut writing = self.write().await?;
        self.one_at_a_time(&mut writing).await?;
        if let Some((key, request)) = repeat
            && let Some(row) = self.repeat_of(tenant, key).fetch_optional(writing.on()).await?
        {
            writing.undo().await?;
            return Self::same_request(&row, request).map(Submitted::Known);
        }
        if let Err(full) = self.room_for(&mut writing, 1, limit).await {
            writing.undo().await?;
            return Err(full);
        }
        self.add_input(&mut writing, id, body).await?;
        self.add_job(&mut writing, *kind, id, tenant, None, id, task).await?;
        if let Some((key, request)) = repeat {
            self.sql("INSERT INTO repeats (tenant, key, request, job) VALUES ($1, $2, $3, $4)")
                .bind((*tenant).to_owned())
                .bind((*key).to_owned())
                .bind((*request).to_owned())
                .bind((*id).to_owned())
                .execute(writing.on())
                .await?;
        }
        writing.commit().await?;
        Ok(Submitted::New)
    }
    /// Refuses where `more` jobs would wait beyond `limit`.
    pub(super) async fn room_for(&self, writing: &mut super::Writing<'_>, more: usize, limit: usize) -> Answer<()> {
        let waiting = self.sql("SELECT count(*) AS waiting FROM jobs WHERE state = 'queued' AND kind <> 'part'");
        let waiting = number(&waiting.fetch_one(writing.on()).await?, "waiting")?;
        if waiting.saturating_add(count(more)) > count(limit) { Err(StoreError::Full { limit }) } else { Ok(()) }
    }
    pub(super) async fn add_input(&self, writing: &mut super::Writing<'_>, id: &str, body: &str) -> Answer<()> {
        self.sql("INSERT INTO inputs (id, body, created) VALUES ($1, $2, {now})")
            .bind(id.to_owned())
            .bind(body.to_owned())
            .execute(writing.on())
            .await?;
        Ok(())
    }
    #[allow(clippy::too_many_arguments, reason = "the columns of one row, each a text")]
    pub(super) async fn add_job(
        &self,
        writing: &mut super::Writing<'_>,
        kind: Kind,
        id: &str,
        tenant: &str,
        study: Option<&str>,
        input: &str,
        task: &str,
    ) -> Answer<()> {
        // For a part a plan in work waits, for a plan somebody; the runs of a study can be done after them.
        let rank: i64 = match kind {
            Kind::Part => -1,
            Kind::Plan | Kind::Vroom => 0,
            Kind::Run => 1,
        };
        self.sql(
            "INSERT INTO jobs (id, tenant, kind, study, input, task, state, rank, created, attempt, stop, version)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, {now}, 0, 0, 0)",
        )
        .bind(id.to_owned())
        .bind(tenant.to_owned())
        .bind(kind.word())
        .bind(study.map(str::to_owned))
        .bind(input.to_owned())
        .bind(task.to_owned())
        .bind(rank)
        .execute(writing.on())
        .await?;
        self.add_event(writing, id, "queued", "{}").await
    }
    /// A job of a kind.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] where the tenant has none of this id.
    pub async fn job(&self, tenant: &str, kind: Kind, id: &str) -> Answer<Job> {
        let row = self
            .sql(&format!("SELECT {COLUMNS} FROM jobs WHERE id = $1 AND tenant = $2 AND kind = $3"))
            .bind(id.to_owned())
            .bind(tenant.to_owned())
            .bind(kind.word())
            .fetch_optional(&self.pool)
            .await?;
        row.map_or(Err(StoreError::Unknown), |row| job(&row))
    }
    /// The job that a request brought when it came before under the same key.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] where another request had the key; [`StoreError::Unavailable`].
    pub async fn repeated(&self, tenant: &str, (key, request): (&str, &str)) -> Answer<Option<String>> {
        let known = self.repeat_of(tenant, key).fetch_optional(&self.pool).await?;
        known.map(|row| Self::same_request(&row, request)).transpose()
    }
    fn repeat_of(&self, tenant: &str, key: &str) -> Query<'static, Any, AnyArguments> {
        let known = self.sql("SELECT request, job FROM repeats WHERE tenant = $1 AND key = $2");
        known.bind(tenant.to_owned()).bind(key.to_owned())
    }
    fn same_request(row: &AnyRow, request: &str) -> Answer<String> {
        if text(row, "request")? == request { text(row, "job") } else { Err(StoreError::KeyReused) }
    }
    /// The newest plans of a tenant, at most `most`; those behind the plan of a moment and an id where given.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn jobs(&self, tenant: &str, most: usize, before: Option<(i64, &str)>) -> Answer<Vec<Job>> {
        // Plans of the same millisecond follow each other by their ids.
        let (moment, id) = before.unwrap_or((i64::MAX, ""));
        let rows = self
            .sql(&format!(
                "SELECT {COLUMNS} FROM jobs WHERE tenant = $1 AND kind = 'plan' AND (created < $2 OR created = $2 AND id < $3)
                 ORDER BY created DESC, id DESC LIMIT $4"
            ))
            .bind(tenant.to_owned())
            .bind(moment)
            .bind(id.to_owned())
            .bind(count(most))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(job).collect()
    }
    /// Asks to stop a job. One that waits is cancelled at once; one that runs keeps its best plan.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub async fn stop(&self, tenant: &str, kind: Kind, id: &str, keep_ms: i64) -> Answer<()> {
        let mut writing = self.write().await?;
        let found = self
            .sql("SELECT state FROM jobs WHERE id = $1 AND tenant = $2 AND kind = $3 {lock}")
            .bind(id.to_owned())
            .bind(tenant.to_owned())
            .bind(kind.word())
            .fetch_optional(writing.on())
            .await?;
        let Some(row) = found else {
            writing.undo().await?;
            return Err(StoreError::Unknown);
        };
        match JobState::of(&text(&row, "state")?)? {
            JobState::Queued => {
                self.sql(
                    "UPDATE jobs SET state = 'cancelled', stop = 1, finished = {now}, expires = {now} + $2 WHERE id = $1",
                )
                .bind(id.to_owned())
                .bind(keep_ms)
                .execute(writing.on())
                .await?;
                self.add_event(&mut writing, id, "done", "{\"state\":\"cancelled\"}").await?;
            }
            JobState::Running => {
                self.sql("UPDATE jobs SET stop = 1 WHERE id = $1").bind(id.to_owned()).execute(writing.on()).await?;
            }
            JobState::Succeeded | JobState::Failed | JobState::Cancelled => {}
        }
        writing.commit().await
    }
}
