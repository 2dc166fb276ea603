//! A broken rule, where it is broken, and both values.

use crate::ids::{JobIx, ShiftIx};
use crate::lang::{Lang, Text, Word};
use crate::problem::Problem;
use crate::rule::Rule;
use crate::{say, word};
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
    pub expected: Text,
    /// What the plan states.
    pub got: Text,
}

impl Violation {
    /// A breach that is about the whole plan.
    pub(super) fn of_plan(rule: Rule, expected: impl Into<Text>, got: impl Into<Text>) -> Self {
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
    /// One line in the caller's own ids, stops counted from 1 as in every report; an index that the
    /// problem does not have stays a number.
    pub fn describe(&self, problem: &Problem, lang: Lang) -> String {
        let shift = self.shift.map(|ix| match problem.shifts.get(ix.index()) {
            Some(shift) => {
                let technician = problem.technicians.get(shift.technician.index());
                say!("shift {} of {}", shift.id, technician.map_or("?", |technician| technician.id.as_str()))
            }
            None => say!("shift #{}", ix.0),
        });
        let job = self.job.map(|ix| match problem.jobs.get(ix.index()) {
            Some(job) => say!("job {}", job.id),
            None => say!("job #{}", ix.0),
        });
        self.line(shift, job).in_lang(lang).to_owned()
    }
    fn line(&self, shift: Option<Text>, job: Option<Text>) -> Text {
        let Self { rule, shift: _, stop, job: _, expected, got } = self;
        let name = Word::new(rule.name(Lang::En), rule.name(Lang::Zh));
        let stop = stop.map(|stop| say!("stop {}", stop.saturating_add(1)));
        let place = Text::joined([Some(name.into()), shift, stop, job].into_iter().flatten(), word!(", "));
        say!("{}: expected {}, got {}", place, expected, got)
    }
}

impl fmt::Display for Violation {
    /// `window, shift #3, stop 3, job #17: expected …, got …`: indices as they are, stops from 1.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shift = self.shift.map(|shift| say!("shift #{}", shift.0));
        let job = self.job.map(|job| say!("job #{}", job.0));
        f.write_str(self.line(shift, job).in_lang(Lang::En))
    }
}
