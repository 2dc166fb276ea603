//! The search against its oracles: the judge, the walk, brute force, and itself.

mod against_brute_force;
mod against_judge;
mod days;
mod frozen;
mod live_day;
mod local_search;
mod parts;
mod promises;
pub(crate) mod random_day;
mod reasons;
mod recombination;
mod recommendation;
mod rush_hours;
mod sharing;
mod warm_start;
