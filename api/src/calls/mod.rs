//! Every call of the service, once: its path, who may make it, what it takes and gives, who answers.
//!
//! The router and the OpenAPI document are both made from this table, so neither can say what the
//! other does not.
//!
//! A new call is a row in one of the tables (`live`: what is asked and told of live plans; `operations`:
//! what is for whoever runs or builds on the service; `rest`) and a handler in a file of its own. One
//! that works with a stored plan takes it with [`crate::opened::open`] (problem, travel and plan of a
//! version) and puts a changed one behind the version it began with by
//! [`crate::store::Store::commit_version`], which refuses stale ones.

mod live;
mod operations;
mod rest;

use crate::gate::gate;
use crate::service::Service;
use crate::store::Scope;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use dispatch_data::described;
use dispatch_data::lang::Word;
use std::sync::Arc;

/// What a call gives when it succeeds.
pub(crate) struct Gives {
    pub(crate) status: u16,
    pub(crate) meaning: Word,
    pub(crate) media: &'static str,
    /// Name of the schema; for media that have none, nothing.
    pub(crate) schema: Option<&'static str>,
}

/// A value of the query or of the head of a request: name, name of its schema, meaning.
pub(crate) type Parameter = (&'static str, &'static str, Word);

/// One call.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Its name for generated clients.
    pub(crate) name: &'static str,
    /// What a key must allow; `None`: anyone may ask.
    pub(crate) scope: Option<Scope>,
    pub(crate) summary: Word,
    pub(crate) query: &'static [Parameter],
    pub(crate) head: &'static [Parameter],
    /// Schema of the body.
    pub(crate) takes: Option<&'static str>,
    pub(crate) gives: &'static [Gives],
    /// Statuses of refusals, beyond those that every call of its kind may give.
    pub(crate) refuses: &'static [u16],
    /// Who answers; `None` where the call of another row does, since paths are matched whole.
    pub(crate) handler: Option<fn() -> MethodRouter<Arc<Service>>>,
}

const JSON: &str = "application/json";

const fn ok(schema: &'static str, meaning: Word) -> Gives {
    Gives { status: 200, meaning, media: JSON, schema: Some(schema) }
}

const WAIT: Parameter =
    ("Prefer", "Prefer", described!("`wait=SECONDS`: answer when the plan is done, or when the time is over"));

const VERSION: Parameter = ("version", "Ordinal", described!("an older version of the plan"));

const LANG: Parameter = ("lang", "Lang", described!("the language of the answer; left out: by `Accept-Language`"));

/// All calls, in the order in which they are documented.
pub(crate) fn all() -> impl Iterator<Item = &'static Call> {
    rest::CALLS.iter().chain(operations::CALLS).chain(live::CALLS)
}

impl Call {
    /// Every status that the call may give.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        let mut statuses: Vec<u16> = self.gives.iter().map(|gives| gives.status).collect();
        statuses.extend(self.refuses);
        if self.scope.is_some() {
            statuses.extend([401, 403, 421, 503]);
        }
        if self.takes.is_some() {
            statuses.extend([408, 413, 415, 422]);
        }
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }
}

/// The routes of all calls, each behind the gate that its scope asks for.
pub(crate) fn router(service: &Arc<Service>) -> Router<Arc<Service>> {
    let mut router = Router::new();
    for call in all() {
        let Some(handler) = call.handler else { continue };
        let mut route = handler();
        if let Some(scope) = call.scope {
            route = route.route_layer(from_fn_with_state((Arc::clone(service), scope), gate));
        }
        // Paths are matched part by part; the handler looks at the end of the part.
        router = router.route(&call.path.replace("}.ics", "}"), route);
    }
    router
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_call_and_no_name_stands_twice() {
        let mut seen = HashSet::new();
        for call in all() {
            assert!(seen.insert((call.method, call.path)), "{} {}", call.method, call.path);
            assert!(seen.insert(("name", call.name)), "{}", call.name);
        }
    }
}
