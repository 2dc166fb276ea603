//! Who works on what: leases, heartbeats, endings. A job whose worker fell silent is taken by another,
//! and only the holder of the newest lease can end it: in effect each job is done once.

use super::{Answer, JobState, Kind, NewVersion, Store, Writing, count, number, text};

/// A job in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// What it is for.
    pub kind: Kind,
    /// The id of its problem.
    pub input: String,
    /// The problem as it came.
    pub body: String,
    /// How to solve it, as JSON.
    pub task: String,
    /// Which attempt this is: the fence that keeps older ones out.
    pub attempt: i64,
    /// Whether the caller asked to stop already.
    pub stop: bool,
    /// How long it waited for its first attempt, in milliseconds.
    pub waited_ms: i64,
}

/// A sign of life for one job.
#[derive(Clone, Debug)]
pub struct Pulse<'a> {
    /// Which job.
    pub id: &'a str,
    /// Which attempt.
    pub attempt: i64,
    /// What the search has said since: kind of event and its data.
    pub news: Option<(&'a str, String)>,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Ending<'a> {
    /// With a plan. Cancelled says that the caller stopped it.
    Plan {
        /// Whether the caller stopped it.
        cancelled: bool,
        /// The plan.
        version: NewVersion<'a>,
        /// What callers with a webhook hear, event and body.
        told: &'a [(&'static str, String)],
    },
    /// It cannot be done.
    Failed {
        /// Why, as a code.
        code: &'a str,
    },
    /// The worker has to go; another one begins anew.
    HandedBack,
}

/// How many jobs wait and run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Jobs that wait.
    pub queued: i64,
    /// Jobs in work.
    pub running: i64,
}

/// What is there of a study's runs: id of the run, state, task, summary of its plan.
pub type Results = Vec<(String, JobState, String, Option<String>)>;

impl Store {
    /// The next job, leased to `worker` for `lease_ms`: one that waits, or one whose worker fell silent
    /// and that was not begun `attempts` times already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn claim(&self, worker: &str, lease_ms: i64, attempts: i64) -> Answer<Option<Claim>> {
        // A look first: an idle worker does not take the writer's turn.
        let open = "(state = 'queued' OR (state = 'running' AND lease < {now})) AND attempt < $1";
        let waiting = self.sql(&format!("SELECT 1 AS one FROM jobs WHERE {open} LIMIT 1")).bind(attempts);
        if waiting.fetch_optional(&self.pool).await?.is_none() {
            return Ok(None);
        }
        let mut writing = self.write().await?;
        let row = self
            .sql(&format!(
                "UPDATE jobs SET state = 'running', worker = $2, lease = {{now}} + $3, attempt = attempt + 1,
                        started = coalesce(started, {{now}}), progress = NULL
                 WHERE id = (SELECT id FROM jobs WHERE {open} ORDER BY rank, created, id LIMIT 1 {{skip}})
                 RETURNING id, tenant, kind, input, task, attempt, stop, started - created AS waited"
            ))
            .bind(attempts)
            .bind(worker.to_owned())
            .bind(lease_ms)
            .fetch_optional(writing.on())
            .await?;
        let Some(row) = row else {
            writing.undo().await?;
            return Ok(None);
        };
        let (id, input) = (text(&row, "id")?, text(&row, "input")?);
        let attempt = number(&row, "attempt")?;
        let body = self.sql("SELECT body FROM inputs WHERE id = $1").bind(input.clone());
        let body = text(&body.fetch_one(writing.on()).await?, "body")?;
        self.add_event(&mut writing, &id, "started", &format!("{{\"attempt\":{attempt}}}")).await?;
        writing.commit().await?;
        Ok(Some(Claim {
            id,
            tenant: text(&row, "tenant")?,
            kind: Kind::of(&text(&row, "kind")?)?,
            input,
            body,
            task: text(&row, "task")?,
            attempt,
            stop: number(&row, "stop")? != 0,
            waited_ms: number(&row, "waited")?,
        }))
    }
    /// Prolongs the leases of jobs in work and writes down what their searches said. Gives for each job
    /// whether its caller asked to stop; `None` where the lease is lost.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pulse(&self, worker: &str, lease_ms: i64, pulses: &[Pulse<'_>]) -> Answer<Vec<Option<bool>>> {
        let mut writing = self.write().await?;
        let mut answers = Vec::with_capacity(pulses.len());
        for Pulse { id, attempt, news } in pulses {
            let row = self
                .sql(
                    "UPDATE jobs SET lease = {now} + $4, progress = coalesce($5, progress)
                     WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running' RETURNING stop",
                )
                .bind((*id).to_owned())
                .bind(worker.to_owned())
                .bind(*attempt)
                .bind(lease_ms)
                .bind(news.as_ref().map(|(_, data)| data.clone()))
                .fetch_optional(writing.on())
                .await?;
            let stop = row.map(|row| number(&row, "stop")).transpose()?;
            if let (Some(_), Some((kind, data))) = (stop, news) {
                self.add_event(&mut writing, id, kind, data).await?;
            }
            answers.push(stop.map(|stop| stop != 0));
        }
        writing.commit().await?;
        Ok(answers)
    }
    /// Ends an attempt: state, plan, events and messages in one transaction. False where the lease was
    /// lost, in which case nothing of it counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn end(&self, worker: &str, claim: &Claim, ending: &Ending<'_>, keep_ms: i64) -> Answer<bool> {
        let mut writing = self.write().await?;
        let held = self
            .sql("SELECT version FROM jobs WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running' {lock}")
            .bind(claim.id.clone())
            .bind(worker.to_owned())
            .bind(claim.attempt)
            .fetch_optional(writing.on())
            .await?;
        let Some(row) = held else {
            writing.undo().await?;
            return Ok(false);
        };
        let (state, failure, version, told) = match ending {
            Ending::HandedBack => {
                // An attempt that was given up in good order does not count as one.
                self.sql(
                    "UPDATE jobs SET state = 'queued', worker = NULL, lease = NULL, attempt = attempt - 1,
                            progress = NULL WHERE id = $1",
                )
                .bind(claim.id.clone())
                .execute(writing.on())
                .await?;
                self.add_event(&mut writing, &claim.id, "handed_back", "{}").await?;
                writing.commit().await?;
                return Ok(true);
            }
            Ending::Plan { cancelled, version, told } => {
                let state = if *cancelled { JobState::Cancelled } else { JobState::Succeeded };
                let next = number(&row, "version")? + 1;
                self.add_version(&mut writing, &claim.id, next, version).await?;
                (state, None, Some(next), *told)
            }
            Ending::Failed { code } => (JobState::Failed, Some((*code).to_owned()), None, &[][..]),
        };
        self.sql(
            "UPDATE jobs SET state = $2, failure = $3, version = coalesce($4, version), worker = NULL, lease = NULL,
                    finished = {now}, expires = {now} + $5 WHERE id = $1",
        )
        .bind(claim.id.clone())
        .bind(state.word())
        .bind(failure)
        .bind(version)
        .bind(keep_ms)
        .execute(writing.on())
        .await?;
        for (event, body) in told {
            self.add_deliveries(&mut writing, &claim.tenant, event, body).await?;
        }
        self.add_event(&mut writing, &claim.id, "done", &format!("{{\"state\":\"{}\"}}", state.word())).await?;
        writing.commit().await?;
        Ok(true)
    }
    /// Gives up jobs that were begun `attempts` times and whose worker fell silent each time; forgets
    /// what is past its time. Gives how many of each.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sweep(&self, attempts: i64, keep_ms: i64) -> Answer<(u64, u64)> {
        let mut writing = self.write().await?;
        let given_up = self
            .sql(
                "UPDATE jobs SET state = 'failed', failure = 'too_many_attempts', worker = NULL, lease = NULL,
                        finished = {now}, expires = {now} + $2
                 WHERE state = 'running' AND lease < {now} AND attempt >= $1 RETURNING id",
            )
            .bind(attempts)
            .bind(keep_ms)
            .fetch_all(writing.on())
            .await?;
        for row in &given_up {
            self.add_event(&mut writing, &text(row, "id")?, "done", "{\"state\":\"failed\"}").await?;
        }
        self.drop_lone_parts(&mut writing).await?;
        // Processes that were not heard of for an hour.
        let silent = self.sql("DELETE FROM crews WHERE seen < {now} - $1").bind(3_600_000_i64);
        silent.execute(writing.on()).await?;
        let forgotten = self.forget(&mut writing).await?;
        writing.commit().await?;
        Ok((given_up.len() as u64, forgotten))
    }
    /// Takes a job away with all that hangs on it alone.
    pub(super) async fn forget_job(&self, writing: &mut Writing<'_>, id: &str) -> Answer<()> {
        for sentence in [
            "DELETE FROM events WHERE job = $1",
            "DELETE FROM versions WHERE job = $1",
            "DELETE FROM repeats WHERE job = $1",
            "DELETE FROM jobs WHERE id = $1",
        ] {
            self.sql(sentence).bind(id.to_owned()).execute(writing.on()).await?;
        }
        Ok(())
    }
    async fn forget(&self, writing: &mut Writing<'_>) -> Answer<u64> {
        // A hundred at a time, so that nobody waits long for the writer's turn.
        let old = "SELECT id FROM jobs WHERE expires < {now} ORDER BY expires LIMIT 100";
        let old = self.sql(old).fetch_all(writing.on()).await?;
        for row in &old {
            self.forget_job(writing, &text(row, "id")?).await?;
        }
        if !old.is_empty() {
            for sentence in [
                "DELETE FROM studies WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.study = studies.id)",
                "DELETE FROM inputs WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.input = inputs.id)
                   AND NOT EXISTS (SELECT 1 FROM versions WHERE versions.input = inputs.id)",
            ] {
                self.sql(sentence).execute(writing.on()).await?;
            }
        }
        let (done, week) =
            ("DELETE FROM deliveries WHERE done IS NOT NULL AND created < {now} - $1", 7 * 86_400_000_i64);
        self.sql(done).bind(week).execute(writing.on()).await?;
        Ok(old.len() as u64)
    }
    /// How many jobs wait and run, of all tenants.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn depth(&self) -> Answer<Depth> {
        let rows = self
            .sql("SELECT state, count(*) AS jobs FROM jobs WHERE state IN ('queued', 'running') GROUP BY state")
            .fetch_all(&self.pool)
            .await?;
        let mut depth = Depth::default();
        for row in &rows {
            let jobs = number(row, "jobs")?;
            match JobState::of(&text(row, "state")?)? {
                JobState::Queued => depth.queued = jobs,
                JobState::Running => depth.running = jobs,
                JobState::Succeeded | JobState::Failed | JobState::Cancelled => {}
            }
        }
        Ok(depth)
    }
    /// What callers should wait before they ask again for room, in seconds: a guess from the time that
    /// the last finished jobs took.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seconds_per_job(&self) -> Answer<i64> {
        let rows = self
            .sql(
                "SELECT finished - started AS took FROM jobs WHERE state = 'succeeded' ORDER BY finished DESC LIMIT $1",
            )
            .bind(count(10))
            .fetch_all(&self.pool)
            .await?;
        let mut total = 0;
        for row in &rows {
            total += number(row, "took")?;
        }
        Ok(if rows.is_empty() { 1 } else { (total / count(rows.len()) / 1000).clamp(1, 60) })
    }
}
