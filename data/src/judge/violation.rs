//! A broken rule, where it is broken, and both values.

use crate::ids::{JobIx, ShiftIx};
use crate::problem::Problem;
use crate::rule::Rule;
use std::fmt;

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// On which shift, where it is about one.
    pub shift: Option<ShiftIx>,
    /// At which stop of that shift's route, counted from 0.
    pub stop: Option<usize>,
    /// About which job.
    pub job: Option<JobIx>,
    /// What would have been right, with the value it is measured against.
    pub expected: String,
    /// What the plan states.
    pub got: String,
}

impl Violation {
    /// A breach that is about the whole plan.
    pub(super) fn of_plan(rule: Rule, expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { rule, shift: None, stop: None, job: None, expected: expected.into(), got: got.into() }
    }
    /// The same, on a shift.
    pub(super) fn on(mut self, shift: ShiftIx) -> Self {
        self.shift = Some(shift);
        self
    }
    /// The same, at a stop.
    pub(super) fn at(mut self, stop: usize) -> Self {
        self.stop = Some(stop);
        self
    }
    /// The same, about a job.
    pub(super) fn about(mut self, job: JobIx) -> Self {
        self.job = Some(job);
        self
    }
    /// One line in the caller's own ids; an index that the problem does not have stays a number.
    pub fn describe(&self, problem: &Problem) -> String {
        let Self { rule, shift, stop, job, expected, got } = self;
        let mut line = rule.code().to_string();
        if let Some(ix) = shift {
            match problem.shifts.get(ix.index()) {
                Some(shift) => {
                    let technician = problem.technicians.get(shift.technician.index());
                    let technician = technician.map_or("?", |technician| technician.id.as_str());
                    line += &format!(", shift {} of {technician}", shift.id);
                }
                None => line += &format!(", shift #{}", ix.0),
            }
        }
        if let Some(stop) = stop {
            line += &format!(", stop {stop}");
        }
        if let Some(ix) = job {
            match problem.jobs.get(ix.index()) {
                Some(job) => line += &format!(", job {}", job.id),
                None => line += &format!(", job #{}", ix.0),
            }
        }
        format!("{line}: expected {expected}, got {got}")
    }
}

impl fmt::Display for Violation {
    /// `window, shift #3, stop 2, job #17: expected …, got …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, shift, stop, job, expected, got } = self;
        f.write_str(rule.code())?;
        if let Some(shift) = shift {
            write!(f, ", shift #{}", shift.0)?;
        }
        if let Some(stop) = stop {
            write!(f, ", stop {stop}")?;
        }
        if let Some(job) = job {
            write!(f, ", job #{}", job.0)?;
        }
        write!(f, ": expected {expected}, got {got}")
    }
}
