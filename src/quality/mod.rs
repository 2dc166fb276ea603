//! Quality against published values: which instances there are, one run of one, tables of many.
//!
//! Knows the folders of a benchmark collection and the tables in which quality is told. Nothing of
//! the command line, and no search of its own.

mod run;
mod sets;
mod tables;

pub(crate) use run::{Task, run, searching};
pub(crate) use sets::{Instance, SETS, find};
pub(crate) use tables::{Row, csv, markdown};
