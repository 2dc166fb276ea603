//! The command line as its users meet it: exit codes, what is printed, what is written.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a panic is a failure told")]

mod bad_input;
mod bench_command;
mod bench_more;
mod bench_planted;
mod bench_table;
mod demo;
mod files;
mod language;
mod readme;
mod roads;
mod solve;
mod support;
