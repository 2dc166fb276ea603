//! Parts of very large plans: jobs of a plan in the making, which any process of the service may take like
//! other jobs; and which processes there are to take them.
//!
//! A part stands on the problem of its plan and is gone as soon as its plan has read what came of it. One
//! that is taken away while somebody works on it is lost to that one as by a lost lease.

use super::{Answer, Claim, JobState, Kind, Store, Writing, maybe_text, number, text};

/// How far a part has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Nobody has taken it yet, or who had taken it fell silent.
    Waits,
    /// Somebody works on it.
    InWork,
    /// Done: its plan.
    Done(String),
    /// Nothing comes of it, or it is not there any more.
    Gone,
}

impl Store {
    /// Says that a process works, on so many jobs at once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in(&self, crew: &str, places: usize) -> Answer<()> {
        let mut writing = self.write().await?;
        self.sql(
            "INSERT INTO crews (name, places, seen) VALUES ($1, $2, {now})
             ON CONFLICT (name) DO UPDATE SET places = excluded.places, seen = excluded.seen",
        )
        .bind(crew.to_owned())
        .bind(super::count(places))
        .execute(writing.on())
        .await?;
        writing.commit().await
    }
    /// Says that a process works no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_out(&self, crew: &str) -> Answer<()> {
        let mut writing = self.write().await?;
        self.sql("DELETE FROM crews WHERE name = $1").bind(crew.to_owned()).execute(writing.on()).await?;
        writing.commit().await
    }
    /// How many jobs processes other than this one could begin now, of those heard of in the last `silence_ms`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn idle_elsewhere(&self, crew: &str, silence_ms: i64) -> Answer<usize> {
        let row = self
            .sql(
                "SELECT CAST(coalesce(sum(crews.places - (SELECT count(*) FROM jobs WHERE jobs.state = 'running'
                        AND jobs.worker = crews.name)), 0) AS BIGINT) AS idle,
                        (SELECT count(*) FROM jobs WHERE state = 'queued') AS queued
                 FROM crews WHERE name <> $1 AND seen > {now} - $2",
            )
            .bind(crew.to_owned())
            .bind(silence_ms)
            .fetch_one(&self.pool)
            .await?;
        let idle = number(&row, "idle")? - number(&row, "queued")?;
        Ok(usize::try_from(idle).unwrap_or(0))
    }
    /// Hands in a part of a plan that this worker has in work. False where the plan is not its any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_part(&self, worker: &str, plan: &Claim, id: &str, task: &str) -> Answer<bool> {
        let mut writing = self.write().await?;
        let held = self
            .sql(
                "SELECT 1 AS one FROM jobs WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running' {lock}",
            )
            .bind(plan.id.clone())
            .bind(worker.to_owned())
            .bind(plan.attempt)
            .fetch_optional(writing.on())
            .await?;
        if held.is_none() {
            writing.undo().await?;
            return Ok(false);
        }
        self.add_job(&mut writing, Kind::Part, id, &plan.tenant, Some(&plan.id), &plan.input, task).await?;
        writing.commit().await?;
        Ok(true)
    }
    /// How far a part has come.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn part(&self, id: &str) -> Answer<PartState> {
        let row = self
            .sql(
                "SELECT CASE WHEN jobs.state = 'running' AND jobs.lease < {now} THEN 'queued' ELSE jobs.state END AS state,
                        versions.plan AS plan
                 FROM jobs LEFT JOIN versions ON versions.job = jobs.id AND versions.version = jobs.version
                 WHERE jobs.id = $1 AND jobs.kind = 'part'",
            )
            .bind(id.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(PartState::Gone) };
        Ok(match JobState::of(&text(&row, "state")?)? {
            JobState::Queued => PartState::Waits,
            JobState::Running => PartState::InWork,
            JobState::Succeeded | JobState::Cancelled => match maybe_text(&row, "plan")? {
                Some(plan) => PartState::Done(plan),
                None => PartState::Gone,
            },
            JobState::Failed => PartState::Gone,
        })
    }
    /// Asks whoever works on a part to end it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn stop_part(&self, id: &str) -> Answer<()> {
        let mut writing = self.write().await?;
        let stop = "UPDATE jobs SET stop = 1 WHERE id = $1 AND kind = 'part'";
        self.sql(stop).bind(id.to_owned()).execute(writing.on()).await?;
        writing.commit().await
    }
    /// Takes a part away, whatever its state.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drop_part(&self, id: &str) -> Answer<()> {
        self.drop_parts_where("id = $1", id).await
    }
    /// Takes all parts of a plan away.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drop_parts(&self, plan: &str) -> Answer<()> {
        self.drop_parts_where("study = $1", plan).await
    }
    async fn drop_parts_where(&self, which: &str, id: &str) -> Answer<()> {
        // A look first: most plans have no parts.
        let parts = format!("SELECT id FROM jobs WHERE kind = 'part' AND {which}");
        let Some(_) = self.sql(&parts).bind(id.to_owned()).fetch_optional(&self.pool).await? else { return Ok(()) };
        let mut writing = self.write().await?;
        for row in &self.sql(&parts).bind(id.to_owned()).fetch_all(writing.on()).await? {
            self.forget_job(&mut writing, &text(row, "id")?).await?;
        }
        writing.commit().await
    }
    /// Takes away the parts of plans that nobody works on.
    pub(super) async fn drop_lone_parts(&self, writing: &mut Writing<'_>) -> Answer<()> {
        let lone = "SELECT id FROM jobs WHERE kind = 'part' AND NOT EXISTS
                    (SELECT 1 FROM jobs AS plans WHERE plans.id = jobs.study AND plans.state = 'running')";
        for row in &self.sql(lone).fetch_all(writing.on()).await? {
            self.forget_job(writing, &text(row, "id")?).await?;
        }
        Ok(())
    }
}
