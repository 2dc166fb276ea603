//! Thin HTTP service over the engine: a handler parses, calls, renders.
//!
//! A plan is a job: accepted into the [`Store`], taken by a worker of this or another process, judged,
//! and kept in versions. [`app`] gives a plain [`axum::Router`], so every answer can be tested without
//! a socket; [`serve`] puts it behind one and works on jobs, [`work`] only works.
//!
//! | file | holds |
//! |---|---|
//! | `calls` | every call once; router and OpenAPI document are made from it |
//! | `openapi`, `schemas`, `page` | that document in both languages, and the page that shows it |
//! | `gate`, `keyring` | who may call |
//! | `based` | plans that begin from another one |
//! | `plans`, `stream`, `validate`, `operations` | handlers |
//! | `live` | live plans: recommendations, answers of technicians, events |
//! | `crew`, `attempt`, `planning` | workers, one attempt at a job, one search |
//! | `store` | the only room that knows the database |
//! | `roads`, `travel` | travel of a problem |
//! | `refusal`, `reading`, `fields`, `answers`, `language` | what comes in and goes out |
//!
//! The monotonic clock comes in through [`Service::open`]; the time of day is the database's.

mod answers;
mod app;
mod attempt;
mod based;
mod calls;
mod crew;
mod errands;
mod evaluate;
mod exports;
mod fields;
mod gate;
mod hooks;
mod keyring;
mod language;
mod limits;
mod live;
mod metrics;
mod openapi;
mod opened;
mod operations;
mod outbox;
mod page;
mod planning;
mod plans;
mod reading;
mod ready;
mod refusal;
mod roads;
mod scenarios;
mod schemas;
mod secrets;
mod server;
mod service;
pub mod store;
mod stream;
pub mod travel;
mod travelling;
mod validate;
mod vroom;
mod vroom_roads;

pub use app::app;
pub use crew::Crew;
pub use keyring::{KeyError, is_tenant, make_key};
pub use limits::Limits;
pub use openapi::document as openapi;
pub use roads::{MOTORISTS, snap};
pub use secrets::{NoRandomness, signature};
pub use server::{serve, work};
pub use service::{Service, Settings};
pub use store::{Grant, Scope, Store, StoreError};
