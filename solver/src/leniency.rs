//! Leniency: what the search reckons a job left out to cost, so that it can pass through plans that
//! leave some out for a while.
//!
//! Where the true prices are far above anything a route costs, a job once in can leave only
//! together with the step that finds it another place, and tightly bound days freeze. So the price
//! is capped, at a level that follows how often the search is as complete as its best plan (as
//! penalties do in Vidal et al. 2012). The best plan is always chosen by true prices.

use crate::instance::Instance;
use crate::solution::Solution;
use dispatch_data::units::Cost;

/// Cap at the start, and its least, in prices of a mean leg.
const FIRST: f64 = 15.0;
const LEAST: f64 = 5.0;
/// Steps between two looks at the share of complete plans.
const WINDOW: u32 = 1024;
/// Shares of complete plans below and above which the cap moves, and by how much.
const RARE: f64 = 0.25;
const OFTEN: f64 = 0.6;
const RISE: f64 = 1.25;
const FALL: f64 = 0.9;

/// The cap of one search.
pub(crate) struct Leniency {
    least: f64,
    cap: f64,
    dearest: f64,
    even: bool,
    on: bool,
    steps: u32,
    complete: u32,
}

impl Leniency {
    /// For a search whose mean leg costs `scale` cents.
    pub(crate) fn new(instance: &Instance<'_>, scale: f64) -> Self {
        let prices = || instance.nodes[..instance.jobs].iter().map(|node| node.drop.0);
        let dearest = prices().max().unwrap_or(0);
        Self {
            least: LEAST * scale,
            cap: FIRST * scale,
            dearest: dearest as f64,
            even: prices().min() == Some(dearest),
            on: false,
            steps: 0,
            complete: 0,
        }
    }

    /// After each step: moves the cap now and then. `fewest`: jobs that the best plan leaves out.
    ///
    /// Where jobs must be left out and differ in price, a cap would hide which ones matter: there the
    /// true prices hold.
    pub(crate) fn after_step(&mut self, solution: &mut Solution<'_>, fewest: usize) {
        self.steps += 1;
        self.complete += u32::from(solution.absent().len() <= fewest);
        if self.steps < WINDOW {
            return;
        }
        let share = f64::from(self.complete) / f64::from(self.steps);
        (self.steps, self.complete) = (0, 0);
        let wanted = self.even || fewest == 0;
        if !wanted {
            if self.on {
                solution.set_cap(Cost(i64::MAX));
            }
            self.on = false;
            return;
        }
        if self.on && share < RARE {
            self.cap *= RISE;
        } else if self.on && share > OFTEN {
            self.cap *= FALL;
        }
        self.cap = self.cap.max(self.least).min(self.dearest.max(self.least));
        self.on = true;
        solution.set_cap(Cost(self.cap as i64));
    }
}
