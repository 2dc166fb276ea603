//! API keys. Only their hashes are here: who reads the store cannot call the service with what stands
//! in it.

use super::{Answer, Store, StoreError, maybe_number, number, text};
use sqlx::any::AnyRow;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Look at plans.
    Read,
    /// Make, change and stop plans; ask for anything to be worked out.
    Plan,
    /// Keys and webhooks of the tenant; metrics.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Plan, Self::Admin];
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Plan => "plan",
            Self::Admin => "admin",
        }
    }
    /// The scope of a name.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// What the holder of a key may do, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The tenant.
    pub tenant: String,
    /// What is allowed.
    pub scopes: Vec<Scope>,
}

/// A key as it is listed: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id, by which it is revoked.
    pub id: String,
    /// Whose it is.
    pub tenant: String,
    /// A name for people.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made, in milliseconds.
    pub created: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

fn scopes(words: &str) -> Vec<Scope> {
    words.split(' ').filter_map(Scope::of).collect()
}

fn record(row: &AnyRow) -> Answer<KeyRecord> {
    Ok(KeyRecord {
        id: text(row, "id")?,
        tenant: text(row, "tenant")?,
        name: text(row, "name")?,
        scopes: scopes(&text(row, "scopes")?),
        created: number(row, "created")?,
        revoked: maybe_number(row, "revoked")?,
    })
}

impl Store {
    /// Adds a key by its hash.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn add_key(&self, id: &str, hash: &str, grant: &Grant, name: &str) -> Answer<()> {
        let words: Vec<&str> = grant.scopes.iter().map(|scope| scope.word()).collect();
        let mut writing = self.write().await?;
        self.sql("INSERT INTO keys (id, hash, tenant, name, scopes, created) VALUES ($1, $2, $3, $4, $5, {now})")
            .bind(id.to_owned())
            .bind(hash.to_owned())
            .bind(grant.tenant.clone())
            .bind(name.to_owned())
            .bind(words.join(" "))
            .execute(writing.on())
            .await?;
        writing.commit().await
    }
    /// Whether there ever was a key: from then on nobody gets in without one, even when all are revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_keys(&self) -> Answer<bool> {
        Ok(self.sql("SELECT id FROM keys LIMIT 1").fetch_optional(&self.pool).await?.is_some())
    }
    /// What the key of this hash allows; `None` for keys unknown or revoked.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grant(&self, hash: &str) -> Answer<Option<Grant>> {
        let row = self.sql("SELECT tenant, scopes FROM keys WHERE hash = $1 AND revoked IS NULL");
        let row = row.bind(hash.to_owned()).fetch_optional(&self.pool).await?;
        row.map(|row| Ok(Grant { tenant: text(&row, "tenant")?, scopes: scopes(&text(&row, "scopes")?) })).transpose()
    }
    /// The keys of a tenant, or of all, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self, tenant: Option<&str>) -> Answer<Vec<KeyRecord>> {
        let rows = self
            .sql(
                "SELECT id, tenant, name, scopes, created, revoked FROM keys
                 WHERE tenant = coalesce($1, tenant) ORDER BY created, id",
            )
            .bind(tenant.map(str::to_owned))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(record).collect()
    }
    /// Revokes a key, of one tenant or of any.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] where there is none of this id.
    pub async fn revoke_key(&self, tenant: Option<&str>, id: &str) -> Answer<()> {
        let mut writing = self.write().await?;
        let done = self
            .sql("UPDATE keys SET revoked = coalesce(revoked, {now}) WHERE id = $1 AND tenant = coalesce($2, tenant)")
            .bind(id.to_owned())
            .bind(tenant.map(str::to_owned))
            .execute(writing.on())
            .await?;
        writing.commit().await?;
        if done.rows_affected() == 0 { Err(StoreError::Unknown) } else { Ok(()) }
    }
}
