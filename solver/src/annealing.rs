//! How hot an island is at what share of its budget: one annealing; or, where there are iterations enough,
//! several that all begin anew, and a last one from the best of them.
//!
//! What an annealing comes to hangs on what it happens to settle while it is hot: which technicians carry
//! how much. Two of them on the same day may differ by more than either gains from ten times the
//! iterations, so the best of some short ones beats a long one. Heats are multiples of what a visit's
//! road costs on average. Owns neither plan nor clock.

/// Start heat, where there are iterations enough.
const HOT: f64 = 5.0;
/// The same from a plan worth keeping: hotter, the search would first undo that plan.
const WARM: f64 = 1.0;
/// Least start heat, and end heat.
const LUKEWARM: f64 = 0.3;
const COLD: f64 = 0.1;
/// Iterations per job for each multiple of start heat: a short search must start cooler.
const ITERATIONS_PER_HEAT: f64 = 400.0;

/// Share of the budget from which on all that is left goes to the last annealing.
pub(crate) const LAST: f64 = 0.7;
/// Iterations per job that an annealing before the last one gets at least.
const ROUND: f64 = 800.0;
/// Annealings before the last one at most: from there on they get longer.
const MOST_ROUNDS: f64 = 8.0;
/// Share of a clock's budget after which the iterations to come can be told.
pub(crate) const TELLING: f64 = 0.02;

/// The heat of a short search after that share of it.
pub(crate) fn quench(share: f64) -> f64 {
    LUKEWARM * (COLD / LUKEWARM).powf(share)
}

/// What the next annealing begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// The plan that the search began with.
    Anew,
    /// The best plan so far.
    FromBest,
}

/// The annealing that an island is in.
#[derive(Clone, Debug)]
pub(crate) struct Annealing {
    from: f64,
    to: f64,
    hottest: f64,
    /// It is known how many there will be.
    settled: bool,
    /// Share of the budget from which on all that is left goes to the last one.
    last: f64,
}

impl Annealing {
    /// For a search from nothing.
    pub(crate) fn new() -> Self {
        Self { from: 0.0, to: 1.0, hottest: HOT, settled: false, last: LAST }
    }

    /// For a search from a plan in force: one annealing, and no hotter than suits that plan.
    pub(crate) fn warm() -> Self {
        Self { hottest: WARM, settled: true, ..Self::new() }
    }

    /// All but the last will be over at this share of the budget.
    pub(crate) fn last_from(&mut self, last: f64) {
        self.last = last;
    }

    /// Settles how many annealings there will be, where so many iterations per job are to be expected in
    /// all. Heeded once.
    pub(crate) fn settle(&mut self, expected_per_job: f64) {
        if self.settled {
            return;
        }
        self.settled = true;
        let rounds = (self.last * expected_per_job / ROUND).min(MOST_ROUNDS).floor();
        if rounds > 1.0 || self.last < LAST {
            self.to = self.last / rounds.max(1.0);
        }
    }

    /// Whether there is or was more than one, and all but the last are over.
    pub(crate) fn is_last_of_many(&self, used: f64) -> bool {
        self.settled && (self.from > 0.0 || self.to < 1.0) && used >= self.last
    }

    /// At this share of the budget: goes on to the next annealing when the present one is over.
    pub(crate) fn next(&mut self, used: f64) -> Option<Begin> {
        if used < self.to || self.to >= 1.0 {
            return None;
        }
        let length = self.to - self.from;
        self.from = self.to;
        // A clock may have run past more than one end.
        if used >= self.last || self.to + length / 2.0 > self.last {
            (self.from, self.to, self.hottest) = (used, 1.0, WARM);
            return Some(Begin::FromBest);
        }
        self.to += length;
        Some(Begin::Anew)
    }

    /// The heat at this share of the budget, where so many iterations per job are to be expected in all.
    pub(crate) fn heat(&self, used: f64, expected_per_job: f64) -> f64 {
        let length = self.to - self.from;
        let hot = (expected_per_job * length / ITERATIONS_PER_HEAT).clamp(LUKEWARM, HOT).min(self.hottest);
        hot * (COLD / hot).powf(((used - self.from) / length).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What begins at which share of the budget.
    fn course(expected_per_job: f64) -> Vec<(Begin, f64)> {
        let mut annealing = Annealing::new();
        annealing.settle(expected_per_job);
        let mut begun = Vec::new();
        for step in 0..1000 {
            let used = f64::from(step) / 1000.0;
            begun.extend(annealing.next(used).map(|begin| (begin, used)));
        }
        begun
    }

    #[test]
    fn few_iterations_go_to_one_annealing() {
        assert_eq!(course(2_000.0), []);
    }

    #[test]
    fn many_iterations_go_to_equal_annealings_and_a_last_one_from_the_best() {
        let begun = course(3.0 * ROUND / LAST);
        let anew = begun.iter().filter(|(begin, _)| *begin == Begin::Anew).count();
        assert_eq!((anew, begun.len()), (2, 3));
        let (last, at) = begun[2];
        assert_eq!(last, Begin::FromBest);
        assert!((at - LAST).abs() < 0.002, "{at}");
        assert_eq!(course(1e9).len(), MOST_ROUNDS as usize);
    }

    #[test]
    fn every_annealing_cools_from_its_start_to_the_end_heat() {
        let mut annealing = Annealing::new();
        annealing.settle(1e6);
        let (mut last, mut begun) = (f64::INFINITY, 0);
        for step in 0..=10_000 {
            let used = f64::from(step) / 10_000.0;
            if annealing.next(used).is_some() {
                assert!(last < COLD * 1.1, "ended at {last}");
                (last, begun) = (f64::INFINITY, begun + 1);
            }
            let heat = annealing.heat(used, 1e6);
            assert!(heat <= last && (COLD * 0.999..=HOT).contains(&heat));
            last = heat;
        }
        assert_eq!(begun, MOST_ROUNDS as usize);
    }

    #[test]
    fn a_plan_in_force_is_never_left_behind() {
        let mut annealing = Annealing::warm();
        annealing.settle(1e9);
        assert!((0..100).all(|step| annealing.next(f64::from(step) / 100.0).is_none()));
        assert!(annealing.heat(0.0, 1e9) <= WARM);
    }
}
