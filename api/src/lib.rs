//! Thin HTTP service over the engine: a handler parses, calls, renders.
//!
//! [`app`] gives a plain [`axum::Router`], so every answer can be tested without a socket. The
//! first form is stateless: a problem comes in, and its findings or its plan go out. No job store,
//! no keys and no page yet, which is why the command line binds to loopback addresses only.
//!
//! The wall clock comes in through [`Service::new`]; nothing here reads it.

mod handlers;
mod language;
mod limits;
mod planning;
mod ready;
mod refusal;
mod service;
pub mod travel;

pub use handlers::{app, serve};
pub use limits::Limits;
pub use service::Service;
