//! Webhooks and what is to be delivered to them. Deliveries are leased like jobs, so that several
//! servers share them and a crash loses none.

use super::{Answer, Store, StoreError, Writing, count, number, text};
use sqlx::any::AnyRow;

/// Somebody who wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// Where to.
    pub url: String,
    /// Of what, by name.
    pub events: Vec<String>,
    /// What messages are signed with.
    pub secret: String,
    /// When it was made, in milliseconds.
    pub created: i64,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, the same at every attempt.
    pub id: String,
    /// Where to.
    pub url: String,
    /// What messages are signed with.
    pub secret: String,
    /// What happened.
    pub event: String,
    /// The message, JSON.
    pub body: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// The database's clock, in milliseconds.
    pub now: i64,
}

fn hook(row: &AnyRow) -> Answer<Hook> {
    Ok(Hook {
        id: text(row, "id")?,
        url: text(row, "url")?,
        events: text(row, "events")?.split(' ').map(str::to_owned).collect(),
        secret: text(row, "secret")?,
        created: number(row, "created")?,
    })
}

impl Store {
    /// Adds a webhook unless the tenant has `most` already.
    ///
    /// # Errors
    /// [`StoreError::Full`].
    pub async fn add_hook(&self, tenant: &str, new: &Hook, most: usize) -> Answer<()> {
        let mut writing = self.write().await?;
        self.one_at_a_time(&mut writing).await?;
        let have = self.sql("SELECT count(*) AS hooks FROM hooks WHERE tenant = $1").bind(tenant.to_owned());
        if number(&have.fetch_one(writing.on()).await?, "hooks")? >= count(most) {
            writing.undo().await?;
            return Err(StoreError::Full { limit: most });
        }
        self.sql("INSERT INTO hooks (id, tenant, url, events, secret, created) VALUES ($1, $2, $3, $4, $5, {now})")
            .bind(new.id.clone())
            .bind(tenant.to_owned())
            .bind(new.url.clone())
            .bind(new.events.join(" "))
            .bind(new.secret.clone())
            .execute(writing.on())
            .await?;
        writing.commit().await
    }
    /// The webhooks of a tenant, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hooks(&self, tenant: &str) -> Answer<Vec<Hook>> {
        let rows =
            self.sql("SELECT id, url, events, secret, created FROM hooks WHERE tenant = $1 ORDER BY created, id");
        rows.bind(tenant.to_owned()).fetch_all(&self.pool).await?.iter().map(hook).collect()
    }
    /// Removes a webhook and what was on its way to it.
    ///
    /// # Errors
    /// [`StoreError::Unknown`].
    pub async fn remove_hook(&self, tenant: &str, id: &str) -> Answer<()> {
        let mut writing = self.write().await?;
        let gone = self.sql("DELETE FROM hooks WHERE id = $1 AND tenant = $2").bind(id.to_owned());
        let gone = gone.bind(tenant.to_owned()).execute(writing.on()).await?;
        if gone.rows_affected() == 0 {
            writing.undo().await?;
            return Err(StoreError::Unknown);
        }
        self.sql("DELETE FROM deliveries WHERE hook = $1").bind(id.to_owned()).execute(writing.on()).await?;
        writing.commit().await
    }
    /// Writes down a message for every webhook of the tenant that wants it.
    pub(super) async fn add_deliveries(
        &self,
        writing: &mut Writing<'_>,
        tenant: &str,
        event: &str,
        body: &str,
    ) -> Answer<()> {
        let hooks = self.sql("SELECT id, url, events, secret, created FROM hooks WHERE tenant = $1");
        let hooks = hooks.bind(tenant.to_owned()).fetch_all(writing.on()).await?;
        for hook in hooks.iter().map(hook) {
            let hook = hook?;
            if hook.events.iter().any(|wanted| wanted == event) {
                self.sql(
                    "INSERT INTO deliveries (id, hook, event, body, created, due, attempt)
                     VALUES ($1, $2, $3, $4, {now}, {now}, 0)",
                )
                .bind(crate::secrets::id("msg").map_err(|error| StoreError::Unavailable(error.to_string()))?)
                .bind(hook.id)
                .bind(event.to_owned())
                .bind(body.to_owned())
                .execute(writing.on())
                .await?;
            }
        }
        Ok(())
    }
    /// The next message that is due, put off by `lease_ms` so that nobody else sends it meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_delivery(&self, lease_ms: i64) -> Answer<Option<Delivery>> {
        let look = self.sql("SELECT id FROM deliveries WHERE done IS NULL AND due <= {now} LIMIT 1");
        if look.fetch_optional(&self.pool).await?.is_none() {
            return Ok(None);
        }
        let mut writing = self.write().await?;
        let row = self
            .sql(
                "UPDATE deliveries SET due = {now} + $1, attempt = attempt + 1
                 WHERE id = (SELECT id FROM deliveries WHERE done IS NULL AND due <= {now} ORDER BY due LIMIT 1 {skip})
                 RETURNING id, hook, event, body, attempt, {now} AS now",
            )
            .bind(lease_ms)
            .fetch_optional(writing.on())
            .await?;
        let Some(row) = row else {
            writing.undo().await?;
            return Ok(None);
        };
        let hook = self.sql("SELECT url, secret FROM hooks WHERE id = $1").bind(text(&row, "hook")?);
        let hook = hook.fetch_one(writing.on()).await?;
        writing.commit().await?;
        Ok(Some(Delivery {
            id: text(&row, "id")?,
            url: text(&hook, "url")?,
            secret: text(&hook, "secret")?,
            event: text(&row, "event")?,
            body: text(&row, "body")?,
            attempt: number(&row, "attempt")?,
            now: number(&row, "now")?,
        }))
    }
    /// Notes how a delivery went: done for good (delivered or given up), or to be tried again after
    /// `again_ms`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delivered(&self, id: &str, said: &str, again_ms: Option<i64>) -> Answer<()> {
        let mut writing = self.write().await?;
        let sentence = match again_ms {
            Some(_) => "UPDATE deliveries SET said = $2, due = {now} + $3 WHERE id = $1",
            None => "UPDATE deliveries SET said = $2, done = {now} + $3 WHERE id = $1",
        };
        self.sql(sentence)
            .bind(id.to_owned())
            .bind(said.to_owned())
            .bind(again_ms.unwrap_or(0))
            .execute(writing.on())
            .await?;
        writing.commit().await
    }
}
