//! Answers measured as the literature measures them, from the plain values of the instance files.
//!
//! An answer is one list of the file's own numbers per vehicle or technician. Values are reckoned
//! in the units and roundings of each set's publications, apart from how the engine scales its
//! numbers, so that a plan that is clean by the judge can be held against published values. No
//! parsing here: [`crate::import`] reads the files. No search and no judging of [`Plan`]s by rule.

mod fs;
mod sdvrptw;
#[cfg(test)]
mod tests;
mod timeline;
mod trsp;
mod vrptw;

pub use fs::fs;
pub use sdvrptw::sdvrptw;
pub use trsp::trsp;
pub use vrptw::{Convention, vrptw};

use crate::import::{AnswerConvention, Imported, answer};
use crate::lang::Text;
use crate::plan::Plan;
use crate::{say, word};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// What an answer is worth in its set's convention.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// What the convention minimises (after unserved customers, priority or vehicles, where these
    /// come first): distance, working time, or travel seconds.
    pub value: f64,
    /// Total way in the convention's unit; for `fs` travel seconds.
    pub distance: f64,
    /// Vehicles or technicians that serve anyone.
    pub used: usize,
    /// Customers, requests or jobs of the file that nobody serves. Whether any may stay unserved is
    /// for the set to say: some have no complete answer.
    pub unserved: usize,
    /// Sum of the priorities of served jobs; zero where the file has none.
    pub priority: i64,
    /// Everything that is not allowed.
    pub faults: Vec<Fault>,
}

impl Evaluation {
    /// Whether the answer keeps every constraint of its file.
    pub fn is_feasible(&self) -> bool {
        self.faults.is_empty()
    }
    /// Whether it does so and serves everyone.
    pub fn is_complete(&self) -> bool {
        self.is_feasible() && self.unserved == 0
    }
}

/// What kind of constraint is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A number that the file does not have.
    Unknown,
    /// Served twice.
    Twice,
    /// More routes than vehicles or technicians.
    Fleet,
    /// Someone who may not serve it, or without the skill at its level.
    Skill,
    /// A tool that is not at hand.
    Tool,
    /// A part of which the van holds too few.
    Part,
    /// Too late for a window, for the return or for the end of the shift.
    Late,
    /// More than the capacity.
    Load,
    /// Longer than a route may last.
    Duration,
    /// No room for the break.
    Break,
    /// More than one visit to the main depot.
    Depot,
}

/// One constraint that an answer breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which kind.
    pub kind: FaultKind,
    /// Position of the route in the answer.
    pub route: usize,
    /// The number in the answer it is about, where it is about one.
    pub number: Option<usize>,
    /// By how much, in the file's unit, where that can be said.
    pub by: Option<f64>,
}

impl Fault {
    /// The fault in words: `route 3, 17: late by 4.2`; positions and numbers are the answer's own.
    pub fn text(&self) -> Text {
        let Self { kind, route, number, by } = self;
        let what = match kind {
            FaultKind::Unknown => word!("not in the file"),
            FaultKind::Twice => word!("served twice"),
            FaultKind::Fleet => word!("one route too many"),
            FaultKind::Skill => word!("may not be served by this one"),
            FaultKind::Tool => word!("tool not at hand"),
            FaultKind::Part => word!("too few parts"),
            FaultKind::Late => word!("late"),
            FaultKind::Load => word!("over capacity"),
            FaultKind::Duration => word!("too long"),
            FaultKind::Break => word!("no room for the break"),
            FaultKind::Depot => word!("more than one visit to the main depot"),
        };
        let place = match number {
            Some(number) => say!("route {}, {}", *route, *number),
            None => say!("route {}", *route),
        };
        match by {
            Some(by) => say!("{}: {} by {}", place, what, *by),
            None => say!("{}: {}", place, what),
        }
    }
}

impl fmt::Display for Fault {
    /// The words in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().english())
    }
}

/// An answer to an imported file, in the convention of its set (VRPTW: that of DIMACS). `None` for
/// formats of other engines, which belong to no set.
pub fn evaluate(convention: &AnswerConvention, routes: &[Vec<usize>]) -> Option<Evaluation> {
    match convention {
        AnswerConvention::Vrptw(file) => Some(vrptw(file, routes, Convention::Dimacs)),
        AnswerConvention::Trsp(file) => Some(trsp(file, routes)),
        AnswerConvention::Sdvrptw(file) => Some(sdvrptw(file, routes)),
        AnswerConvention::FieldService(file) => Some(fs(file, routes)),
        AnswerConvention::Vroom { .. } | AnswerConvention::Pragmatic(_) | AnswerConvention::Plan => None,
    }
}

/// A plan for an imported file, as the answer it would be written as.
pub fn evaluate_plan(imported: &Imported, plan: &Plan) -> Option<Evaluation> {
    let answer = answer(imported, plan);
    let lists = answer.get("routes").and_then(Value::as_array).into_iter().flatten();
    let number = |number: &Value| number.as_u64().and_then(|number| usize::try_from(number).ok());
    let numbers = |list: &Value| -> Vec<usize> {
        list.as_array().into_iter().flatten().map(|entry| number(entry).unwrap_or(usize::MAX)).collect()
    };
    let routes: Vec<Vec<usize>> = lists.map(numbers).collect();
    evaluate(&imported.answer, &routes)
}

/// Collects the faults of an answer and who was served.
struct Ledger {
    out: Evaluation,
    served: HashSet<usize>,
    route: usize,
}

impl Ledger {
    fn new() -> Self {
        Self { out: Evaluation::default(), served: HashSet::new(), route: 0 }
    }
    fn fault(&mut self, kind: FaultKind, number: Option<usize>, by: Option<f64>) {
        self.out.faults.push(Fault { kind, route: self.route, number, by });
    }
    /// Notes that a customer is served; a second time is a fault.
    fn serve(&mut self, number: usize) -> bool {
        let first = self.served.insert(number);
        if !first {
            self.fault(FaultKind::Twice, Some(number), None);
        }
        first
    }
    /// Notes how late something is, where it is.
    fn late(&mut self, number: Option<usize>, by: Option<f64>) {
        if by.is_some() {
            self.fault(FaultKind::Late, number, by);
        }
    }
    fn close(mut self, customers: usize) -> Evaluation {
        self.out.unserved = customers.saturating_sub(self.served.len());
        self.out
    }
}
