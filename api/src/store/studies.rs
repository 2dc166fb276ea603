//! Scenario studies: one base problem and the runs that stand on it, each of them a job.

use super::{Answer, JobState, Kind, Results, Store, StoreError, maybe_text, number, text};

/// A study.
#[derive(Clone, Debug)]
pub struct Study {
    /// Its scenarios as they were asked for, JSON.
    pub body: String,
    /// When it was accepted, in milliseconds.
    pub created: i64,
}

impl Store {
    /// Takes a study in with all its runs (id and task of each), or none of it.
    ///
    /// # Errors
    /// [`StoreError::Full`] where the runs would wait beyond `limit`.
    pub async fn submit_study(
        &self,
        tenant: &str,
        id: &str,
        body: &str,
        problem: &str,
        runs: &[(String, String)],
        limit: usize,
    ) -> Answer<()> {
        let mut writing = self.write().await?;
        self.one_at_a_time(&mut writing).await?;
        if let Err(full) = self.room_for(&mut writing, runs.len(), limit).await {
            writing.undo().await?;
            return Err(full);
        }
        self.add_input(&mut writing, id, problem).await?;
        self.sql("INSERT INTO studies (id, tenant, body, created) VALUES ($1, $2, $3, {now})")
            .bind(id.to_owned())
            .bind(tenant.to_owned())
            .bind(body.to_owned())
            .execute(writing.on())
            .await?;
        for (run, task) in runs {
            self.add_job(&mut writing, Kind::Run, run, tenant, Some(id), id, task).await?;
        }
        writing.commit().await
    }
    /// A tenant's study.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub async fn study(&self, tenant: &str, id: &str) -> Answer<Study> {
        let row = self.sql("SELECT body, created FROM studies WHERE id = $1 AND tenant = $2");
        let row = row.bind(id.to_owned()).bind(tenant.to_owned()).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Err(StoreError::Unknown) };
        Ok(Study { body: text(&row, "body")?, created: number(&row, "created")? })
    }
    /// The runs of a study with what came of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn results(&self, study: &str) -> Answer<Results> {
        let rows = self
            .sql(
                "SELECT jobs.id AS id, jobs.state AS state, jobs.task AS task, versions.summary AS summary
                 FROM jobs LEFT JOIN versions ON versions.job = jobs.id AND versions.version = jobs.version
                 WHERE jobs.study = $1 ORDER BY jobs.created, jobs.id",
            )
            .bind(study.to_owned())
            .fetch_all(&self.pool)
            .await?;
        let one = |row| {
            let state = JobState::of(&text(row, "state")?)?;
            Ok((text(row, "id")?, state, text(row, "task")?, maybe_text(row, "summary")?))
        };
        rows.iter().map(one).collect()
    }
    /// Stops what is left of a study's runs.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub async fn stop_study(&self, tenant: &str, id: &str, keep_ms: i64) -> Answer<()> {
        self.study(tenant, id).await?;
        let mut writing = self.write().await?;
        self.sql(
            "UPDATE jobs SET state = 'cancelled', stop = 1, finished = {now}, expires = {now} + $2
             WHERE study = $1 AND state = 'queued'",
        )
        .bind(id.to_owned())
        .bind(keep_ms)
        .execute(writing.on())
        .await?;
        let running = self.sql("UPDATE jobs SET stop = 1 WHERE study = $1 AND state = 'running'");
        running.bind(id.to_owned()).execute(writing.on()).await?;
        writing.commit().await
    }
}
