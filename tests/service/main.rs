//! The service as processes: servers and workers that are killed, stopped, started again.
//!
//! Everything is on loopback. PostgreSQL takes part where Debian's package is installed.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "in a test a panic is a failure told, and figures are printed"
)]

mod examples;
mod http;
mod kills;
mod parts;
mod postgres;
mod processes;
mod serving;
