//! The tables, and how an older store is brought up to date.
//!
//! Steps are only ever added. Types are those that SQLite and PostgreSQL understand alike.

use super::{Answer, Store, StoreError, number};
use sqlx::Executor;

/// One list of sentences per version of the tables.
const STEPS: &[&[&str]] = &[
    &[
        // The body of a request, shared by all jobs that stand on it.
        "CREATE TABLE inputs (id TEXT PRIMARY KEY, body TEXT NOT NULL, created BIGINT NOT NULL)",
        "CREATE TABLE jobs (
        id TEXT PRIMARY KEY,
        tenant TEXT NOT NULL,
        kind TEXT NOT NULL,
        study TEXT,
        input TEXT NOT NULL,
        task TEXT NOT NULL,
        state TEXT NOT NULL,
        rank BIGINT NOT NULL,
        created BIGINT NOT NULL,
        started BIGINT,
        finished BIGINT,
        expires BIGINT,
        attempt BIGINT NOT NULL,
        worker TEXT,
        lease BIGINT,
        stop BIGINT NOT NULL,
        version BIGINT NOT NULL,
        progress TEXT,
        failure TEXT
    )",
        "CREATE INDEX jobs_by_state ON jobs (state, rank, created)",
        "CREATE INDEX jobs_by_tenant ON jobs (tenant, created)",
        "CREATE INDEX jobs_by_study ON jobs (study)",
        "CREATE INDEX jobs_by_input ON jobs (input)",
        "CREATE TABLE versions (
        job TEXT NOT NULL,
        version BIGINT NOT NULL,
        input TEXT NOT NULL,
        origin TEXT NOT NULL,
        made BIGINT NOT NULL,
        plan TEXT NOT NULL,
        summary TEXT NOT NULL,
        PRIMARY KEY (job, version)
    )",
        "CREATE TABLE events (
        job TEXT NOT NULL,
        seq BIGINT NOT NULL,
        at BIGINT NOT NULL,
        kind TEXT NOT NULL,
        data TEXT NOT NULL,
        PRIMARY KEY (job, seq)
    )",
        "CREATE TABLE repeats (
        tenant TEXT NOT NULL,
        key TEXT NOT NULL,
        request TEXT NOT NULL,
        job TEXT NOT NULL,
        PRIMARY KEY (tenant, key)
    )",
        "CREATE INDEX repeats_by_job ON repeats (job)",
        "CREATE TABLE keys (
        id TEXT PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        tenant TEXT NOT NULL,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        created BIGINT NOT NULL,
        revoked BIGINT
    )",
        "CREATE TABLE studies (
        id TEXT PRIMARY KEY,
        tenant TEXT NOT NULL,
        body TEXT NOT NULL,
        created BIGINT NOT NULL,
        expires BIGINT
    )",
        "CREATE TABLE hooks (
        id TEXT PRIMARY KEY,
        tenant TEXT NOT NULL,
        url TEXT NOT NULL,
        events TEXT NOT NULL,
        secret TEXT NOT NULL,
        created BIGINT NOT NULL
    )",
        "CREATE INDEX hooks_by_tenant ON hooks (tenant)",
        "CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        hook TEXT NOT NULL,
        event TEXT NOT NULL,
        body TEXT NOT NULL,
        created BIGINT NOT NULL,
        due BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        done BIGINT,
        said TEXT
    )",
        "CREATE INDEX deliveries_by_due ON deliveries (done, due)",
    ],
    &[
        // Processes that work, and how much they can do at once.
        "CREATE TABLE crews (name TEXT PRIMARY KEY, places BIGINT NOT NULL, seen BIGINT NOT NULL)",
    ],
];

/// Makes what is missing.
pub(super) async fn prepare(store: &Store) -> Answer<()> {
    let mut writing = store.write().await?;
    store.one_at_a_time(&mut writing).await?;
    writing.on().execute("CREATE TABLE IF NOT EXISTS dispatch_tables (version BIGINT NOT NULL)").await?;
    let rows = store.sql("SELECT version FROM dispatch_tables").fetch_all(writing.on()).await?;
    let have = rows.first().map_or(Ok(0), |row| number(row, "version"))?;
    let have = usize::try_from(have).unwrap_or(usize::MAX);
    if have > STEPS.len() {
        let newer = format!("its tables have version {have}, this program knows up to {}", STEPS.len());
        return Err(StoreError::Address(newer));
    }
    for step in &STEPS[have..] {
        for sentence in *step {
            writing.on().execute(*sentence).await?;
        }
    }
    if have < STEPS.len() {
        store.sql("DELETE FROM dispatch_tables").execute(writing.on()).await?;
        let version = super::count(STEPS.len());
        store.sql("INSERT INTO dispatch_tables (version) VALUES ($1)").bind(version).execute(writing.on()).await?;
    }
    writing.commit().await
}
