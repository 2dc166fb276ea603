//! The judge: whether a plan keeps every rule, and what it costs, from the problem alone.
//!
//! It verifies what the plan states and derives no schedule of its own. It shares nothing with the
//! search but the nouns: two ways of reckoning that agree are the whole point. A plan may come from
//! anywhere, so no index in it is trusted and no sum of its numbers can overflow: nonsense is
//! reported, never a panic. Time is linear in the plan but for sorting.

mod breaks;
mod case;
mod clock;
mod crew;
mod exact;
mod freeze;
mod hours;
mod limits;
mod live;
mod once;
mod pins;
mod precedence;
mod pricing;
mod skills;
mod sla;
mod stock;
mod van;
mod violation;
mod who;
mod window;

#[cfg(test)]
mod tests;

pub use violation::Violation;

use crate::bill::{Bill, Score};
use crate::ids::JobIx;
use crate::plan::Plan;
use crate::problem::{Priority, Problem};
use crate::rule::Rule;
use crate::travel::Travel;
use case::Case;
use exact::Exact;

/// What the judge found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Broken rules, in the order of [`Rule::ALL`].
    pub violations: Vec<Violation>,
    /// The price of the whole plan, reckoned from the problem and the stated times.
    pub bill: Bill,
    /// The price of each route, in the plan's order; nothing for a route on an unknown shift.
    pub route_bills: Vec<Bill>,
    /// How the plan compares with others.
    pub score: Score,
    /// Whether the plan's own bill, those of its routes and the prices of its unassigned jobs are
    /// what they should be.
    pub claimed_bill_matches: bool,
}

impl Verdict {
    /// Whether no rule is broken.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }
    /// Breaches of one rule.
    pub fn of(&self, rule: Rule) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(move |violation| violation.rule == rule)
    }
}

/// Checks and prices a plan.
pub fn judge(problem: &Problem, travel: &Travel, plan: &Plan) -> Verdict {
    let case = Case::new(problem, travel, plan);
    let mut violations = Vec::new();
    for rule in Rule::ALL {
        let check = match rule {
            Rule::Once => once::check,
            Rule::Skills => skills::check,
            Rule::Region => who::check_region,
            Rule::Technician => who::check_technician,
            Rule::Window => window::check,
            Rule::SlaLimit => sla::check,
            Rule::Hours => hours::check,
            Rule::Break => breaks::check,
            Rule::Parts => van::check_parts,
            Rule::Stock => stock::check,
            Rule::Tools => van::check_tools,
            Rule::Limits => limits::check,
            Rule::Pin => pins::check,
            Rule::Freeze => freeze::check,
            Rule::Crew => crew::check,
            Rule::Precedence => precedence::check,
            Rule::Clock => clock::check,
        };
        check(&case, &mut violations);
    }
    let (route_bills, bill) = pricing::bills(&case);
    let score = score(&case, violations.len(), &bill);
    let claimed_bill_matches = claims_hold(&case, &route_bills, &bill);
    Verdict { violations, bill, route_bills, score, claimed_bill_matches }
}

fn score(case: &Case<'_>, violations: usize, bill: &Bill) -> Score {
    let mut unassigned = [0; 5];
    for (job, visits) in case.problem.jobs.iter().zip(&case.visits_of) {
        let class = match job.priority {
            Some(Priority::P1) => 0,
            Some(Priority::P2) => 1,
            Some(Priority::P3) => 2,
            Some(Priority::P4) => 3,
            None => 4,
        };
        unassigned[class] += u32::from(visits.is_empty());
    }
    Score { violations: u32::try_from(violations).unwrap_or(u32::MAX), unassigned, cost: bill.total() }
}

fn claims_hold(case: &Case<'_>, route_bills: &[Bill], bill: &Bill) -> bool {
    let price = |job: JobIx| (job.index() < case.problem.jobs.len()).then(|| pricing::drop_price(case, job));
    case.plan.bill == *bill
        && case.plan.routes.iter().zip(route_bills).all(|(route, bill)| route.bill == *bill)
        && case.plan.unassigned.iter().all(|out| price(out.job) == Some(out.price.exact()))
}
