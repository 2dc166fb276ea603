//! Problem and travel to plan.
//!
//! [`solve`] builds a first plan by regret insertion and improves it by ruin and recreate on
//! parallel islands, by local search and by set covering until the [`Stop`] says so. It has no error: a job that fits nowhere is an
//! answer, with reasons. This crate knows no road, file, socket or wall clock; time comes in as a
//! stop condition, randomness as a seed.

mod annealing;
mod clock;
mod construct;
pub mod decompose;
mod frozen;
mod insertion;
mod instance;
mod island;
mod leniency;
pub mod live;
mod local_search;
mod master;
mod meetings;
mod params;
mod pool;
mod reasons;
mod recreate;
mod refusals;
mod route;
mod ruin;
mod rules;
mod rush;
mod schedule;
mod segment;
mod solution;
mod solve;
mod stop;
mod supply;
mod team;
mod walk;
mod warm;

#[doc(hidden)]
pub mod measured;

#[cfg(test)]
mod tests;

pub use instance::Instance;
pub use params::Params;
pub use reasons::{Obstacle, obstacles};
pub use refusals::refusals;
pub use solve::{Outcome, solve, solve_from, solve_with};
pub use stop::{Progress, Stop};
