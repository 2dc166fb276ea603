//! Leniency: what the search reckons a job left out to cost, so that it can pass through plans that
//! leave some out for a while.
//!
//! Where the true prices are far above anything a route costs, a job once in can leave only
//! together with the step that finds it another place, and tightly bound days freeze. So the price
//! is capped, at a level that follows how often the search is as complete as its best plan (as
//! penalties do in Vidal et al. 2012). Among jobs left out again and again the price grows with
//! every time, so that others make room for them (the absence counters of Christiaens & Vanden
//! Berghe 2020, as a price). Where jobs of unlike prices cannot all be served, the cap first is one for
//! all, then lowers all alike. The best plan is always chosen by true prices.

use crate::instance::Instance;
use crate::solution::Solution;
use dispatch_data::ids::JobIx;
use dispatch_data::units::Cost;

/// Cap at the start, its least and its most, in prices of a mean leg.
const FIRST: f64 = 15.0;
const LEAST: f64 = 5.0;
const MOST: f64 = 60.0;
/// Heat down to which unlike prices are even, where they are lowered at all.
const EVEN_WHILE: f64 = 0.2;
/// Steps between two looks at the share of complete plans.
const WINDOW: u32 = 1024;
/// Shares of complete plans below and above which the cap moves, and by how much.
const RARE: f64 = 0.25;
const OFTEN: f64 = 0.6;
const RISE: f64 = 1.25;
const FALL: f64 = 0.9;
/// By how much the weight of a job grows for each window at whose end it is out, how it fades for
/// the others, and the most it gets.
const LONGED_FOR: f64 = 1.5;
const FADES: f64 = 0.9;
const HEAVIEST: f64 = 8.0;

/// The prices of one search.
pub(crate) struct Leniency {
    scale: f64,
    cap: f64,
    /// Weights of the jobs.
    weights: Vec<f64>,
    even: bool,
    /// Least price of a job that has one.
    least: f64,
    on: bool,
    steps: u32,
    complete: u32,
}

impl Leniency {
    /// For a search whose mean leg costs `scale` cents.
    pub(crate) fn new(instance: &Instance<'_>, scale: f64) -> Self {
        let prices = || instance.nodes[..instance.jobs].iter().map(|node| node.drop.0);
        Self {
            scale,
            cap: FIRST * scale,
            weights: vec![1.0; instance.jobs],
            even: prices().min() == prices().max(),
            least: prices().filter(|price| *price > 0).min().unwrap_or(1) as f64,
            on: false,
            steps: 0,
            complete: 0,
        }
    }

    /// After each step: moves the prices now and then. `fewest`: jobs that the best plan leaves out.
    ///
    /// Where jobs must be left out and differ in price, one cap for all hides which ones matter. So it is only with `ample`
    /// iterations, since plans that leave more out find back slowly, and while it is hot (`heat` in prices of a mean leg), to
    /// settle who can have what on one day; then all prices are lowered alike, so that each pair of them keeps its ratio.
    pub(crate) fn after_step(&mut self, solution: &mut Solution<'_>, fewest: usize, ample: bool, heat: f64) {
        self.steps += 1;
        self.complete += u32::from(solution.absent().len() <= fewest);
        if self.steps < WINDOW {
            return;
        }
        let share = f64::from(self.complete) / f64::from(self.steps);
        (self.steps, self.complete) = (0, 0);
        if !self.even && fewest > 0 {
            self.among_unlike(solution, share, ample, heat > EVEN_WHILE);
            return;
        }
        if self.on {
            self.move_cap(share);
            self.move_weights(solution);
        }
        self.on = true;
        let (cap, weights) = (self.cap, &self.weights);
        solution.reckon(|job| Cost((cap * weights[job.index()]) as i64));
    }

    /// Moves the prices where they differ and not all jobs can be served.
    fn among_unlike(&mut self, solution: &mut Solution<'_>, share: f64, ample: bool, evenly: bool) {
        if self.on {
            self.move_cap(share);
        }
        let part = self.cap / self.least;
        if ample && part < 1.0 {
            let (instance, cap) = (solution.instance, self.cap);
            let price = |job: JobIx| instance.node(Instance::job_node(job)).drop.0 as f64;
            solution.reckon(|job| Cost(if evenly { cap } else { price(job) * part } as i64));
        } else if self.on {
            // Looks at all jobs, so only when there is something to take back.
            solution.reckon(|_| Cost(i64::MAX));
        }
        self.on = ample;
    }

    fn move_cap(&mut self, share: f64) {
        if share < RARE {
            self.cap *= RISE;
            if self.cap > MOST * self.scale {
                // A price that high and still not complete: what lacks is room to move, so begin anew.
                self.cap = FIRST * self.scale;
            }
        } else if share > OFTEN {
            self.cap = (self.cap * FALL).max(LEAST * self.scale);
        }
    }

    fn move_weights(&mut self, solution: &Solution<'_>) {
        for (job, weight) in self.weights.iter_mut().enumerate() {
            *weight = if solution.shift_of(JobIx::from(job)).is_none() {
                (*weight * LONGED_FOR).min(HEAVIEST)
            } else {
                (*weight * FADES).max(1.0)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::random_day::{Size, random_day};

    #[test]
    fn unlike_prices_are_even_while_it_is_hot_then_lowered_alike_and_true_without_ample_iterations() {
        let (problem, travel) = random_day(7, Size { jobs: 30, technicians: 2 });
        let instance = Instance::new(&problem, &travel);
        let mut solution = Solution::empty(&instance);
        // A mean leg so cheap that every price lies above the cap.
        let mut leniency = Leniency::new(&instance, 1.0);
        assert!(!leniency.even);
        let mut after = |ample, heat| {
            (0..WINDOW).for_each(|_| leniency.after_step(&mut solution, 1, ample, heat));
            let reckoned = |job| solution.price_of_leaving(JobIx::from(job)).0 as f64;
            (0..instance.jobs).map(reckoned).collect::<Vec<f64>>()
        };
        let price: Vec<f64> = (0..instance.jobs).map(|job| instance.nodes[job].drop.0 as f64).collect();
        assert_eq!(after(false, 1.0), price);
        let even = after(true, 1.0);
        assert!(even.iter().zip(&price).all(|(even, price)| *even == price.min(FIRST)), "{even:?}");
        let alike = after(true, EVEN_WHILE / 2.0);
        let part = alike[0] / price[0];
        assert!(alike.iter().zip(&price).all(|(own, price)| (own - price * part).abs() <= 2.0), "{alike:?}");
        assert!(part < 1.0);
        assert_eq!(after(false, 0.1), price);
    }
}
