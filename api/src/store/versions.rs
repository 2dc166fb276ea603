//! Versions of a plan: the search makes the first, changes and hand edits the next ones. A version is
//! never changed, only followed by another.

use super::{Answer, JobState, Kind, Store, StoreError, Writing, count, number, text};

/// A version as it is handed in.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// The id of the problem it answers.
    pub input: &'a str,
    /// What made it: `search`, `changes`, `accepted` …
    pub origin: &'a str,
    /// The plan in the wire format.
    pub plan: &'a str,
    /// Score and key figures, as JSON.
    pub summary: &'a str,
}

/// A version of a plan, with the problem it answers.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its number, from 1.
    pub version: i64,
    /// What made it.
    pub origin: String,
    /// When, in milliseconds.
    pub made: i64,
    /// The problem in the wire format.
    pub problem: String,
    /// The plan in the wire format.
    pub plan: String,
    /// Score and key figures, as JSON.
    pub summary: String,
}

/// How long versions live.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// For how long their plan is kept from now on, in milliseconds.
    pub keep_ms: i64,
    /// How many of the newest are kept, at least 1; the first is kept beside them.
    pub versions: usize,
}

/// What a version follows, and what comes with it.
#[derive(Clone, Copy, Debug)]
pub struct Following<'a> {
    /// The version it follows.
    pub expected: i64,
    /// Its problem where that changed: a new id, and the body.
    pub problem: Option<(&'a str, &'a str)>,
    /// What webhooks are told: event and body.
    pub told: &'a [(&'static str, String)],
    /// How long it and those before it live.
    pub life: Life,
}

impl Store {
    pub(super) async fn add_version(
        &self,
        writing: &mut Writing<'_>,
        job: &str,
        number: i64,
        new: &NewVersion<'_>,
    ) -> Answer<()> {
        let NewVersion { input, origin, plan, summary } = new;
        self.sql(
            "INSERT INTO versions (job, version, input, origin, made, plan, summary)
             VALUES ($1, $2, $3, $4, {now}, $5, $6)",
        )
        .bind(job.to_owned())
        .bind(number)
        .bind((*input).to_owned())
        .bind((*origin).to_owned())
        .bind((*plan).to_owned())
        .bind((*summary).to_owned())
        .execute(writing.on())
        .await?;
        Ok(())
    }
    /// A version of a tenant's plan; the newest where none is named.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] where there is none.
    pub async fn version(&self, tenant: &str, job: &str, version: Option<i64>) -> Answer<Version> {
        let row = self
            .sql(
                "SELECT versions.version AS version, versions.origin AS origin, versions.made AS made,
                        inputs.body AS body, versions.plan AS plan, versions.summary AS summary
                 FROM versions JOIN jobs ON jobs.id = versions.job JOIN inputs ON inputs.id = versions.input
                 WHERE jobs.id = $1 AND jobs.tenant = $2 AND versions.version = coalesce($3, jobs.version)",
            )
            .bind(job.to_owned())
            .bind(tenant.to_owned())
            .bind(version)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Err(StoreError::Unknown) };
        Ok(Version {
            version: number(&row, "version")?,
            origin: text(&row, "origin")?,
            made: number(&row, "made")?,
            problem: text(&row, "body")?,
            plan: text(&row, "plan")?,
            summary: text(&row, "summary")?,
        })
    }
    /// The versions of a plan, oldest first: number, origin, moment, summary.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn versions(&self, job: &str) -> Answer<Vec<(i64, String, i64, String)>> {
        let rows = self
            .sql("SELECT version, origin, made, summary FROM versions WHERE job = $1 ORDER BY version")
            .bind(job.to_owned())
            .fetch_all(&self.pool)
            .await?;
        let one =
            |row| Ok((number(row, "version")?, text(row, "origin")?, number(row, "made")?, text(row, "summary")?));
        rows.iter().map(one).collect()
    }
    /// Puts a new version behind the one that is expected to be the newest. Gives its number. Of all
    /// versions the first and the newest stay, as many as its `life` says; the plan is kept for as long as
    /// that says from now on.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where another version came first, [`StoreError::Unknown`] where the tenant
    /// has no such plan or it is not done yet.
    pub async fn commit_version(
        &self,
        tenant: &str,
        job: &str,
        new: &NewVersion<'_>,
        following: Following<'_>,
    ) -> Answer<i64> {
        let Following { expected, problem, told, life } = following;
        let mut writing = self.write().await?;
        let row = self
            .sql("SELECT version, state, kind FROM jobs WHERE id = $1 AND tenant = $2 {lock}")
            .bind(job.to_owned())
            .bind(tenant.to_owned())
            .fetch_optional(writing.on())
            .await?;
        let Some(row) = row else {
            writing.undo().await?;
            return Err(StoreError::Unknown);
        };
        let settled = JobState::of(&text(&row, "state")?)?.is_final() && Kind::of(&text(&row, "kind")?)? == Kind::Plan;
        let current = number(&row, "version")?;
        if !settled || current != expected {
            writing.undo().await?;
            let stale = settled && current > 0;
            return Err(if stale { StoreError::Stale { current } } else { StoreError::Unknown });
        }
        if let Some((id, body)) = problem {
            self.add_input(&mut writing, id, body).await?;
        }
        let next = current + 1;
        self.add_version(&mut writing, job, next, new).await?;
        self.sql("UPDATE jobs SET version = $2, expires = {now} + $3 WHERE id = $1")
            .bind(job.to_owned())
            .bind(next)
            .bind(life.keep_ms)
            .execute(writing.on())
            .await?;
        let outdated = next - count(life.versions).max(1);
        for sentence in [
            "DELETE FROM inputs WHERE id IN (SELECT input FROM versions WHERE job = $1 AND version > 1 AND version <= $2)
               AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.input = inputs.id)
               AND NOT EXISTS (SELECT 1 FROM versions WHERE versions.input = inputs.id
                               AND (versions.job <> $1 OR versions.version = 1 OR versions.version > $2))",
            "DELETE FROM versions WHERE job = $1 AND version > 1 AND version <= $2",
        ] {
            self.sql(sentence).bind(job.to_owned()).bind(outdated).execute(writing.on()).await?;
        }
        for (event, body) in told {
            self.add_deliveries(&mut writing, tenant, event, body).await?;
        }
        let data = format!("{{\"version\":{next}}}");
        self.add_event(&mut writing, job, "version", &data).await?;
        writing.commit().await?;
        Ok(next)
    }
}
