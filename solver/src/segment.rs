//! Segments: the exact algebra of stretches of a day with hard windows and no break.
//!
//! A stretch is summed up by its shortest duration and the span of starts that reach it, after
//! Savelsbergh (1992, forward time slack) and Vidal et al. (2013, time-window concatenation). Two
//! neighbours concatenate in O(1), so a plain insertion is two concatenations. Knows no breaks, no
//! soft lateness: the walk is for those.

use dispatch_data::units::{Duration, Time};

/// A stretch of visits with hard windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Shortest time from the start of the first to the end of the last.
    pub(crate) duration: Duration,
    /// First and …
    pub(crate) earliest: Time,
    /// … last start that needs no more than that.
    pub(crate) latest: Time,
}

impl Segment {
    /// One stop: work of a length that starts within a window.
    #[inline]
    pub(crate) fn stop(work: Duration, open: Time, close: Time) -> Self {
        Self { duration: work, earliest: open, latest: close }
    }
    /// The stretch of `self`, then `gap`, then `next`; `None` where `next` would start too late.
    #[inline]
    pub(crate) fn then(self, gap: Duration, next: Self) -> Option<Self> {
        let reach = self.duration + gap;
        if self.earliest + reach > next.latest {
            return None;
        }
        let wait = (next.earliest - reach - self.latest).at_least_zero();
        Some(Self {
            duration: reach + next.duration + wait,
            earliest: (next.earliest - reach).max(self.earliest) - wait,
            latest: (next.latest - reach).min(self.latest),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    /// Shortest duration by trying every start.
    fn plain(stops: &[(i64, i64, i64)], gaps: &[i64]) -> Option<i64> {
        (0..200)
            .filter_map(|start| {
                let mut now = start;
                for (k, (work, open, close)) in stops.iter().enumerate() {
                    if k > 0 {
                        now = (now + gaps[k - 1]).max(*open);
                    }
                    if now > *close || now < *open {
                        return None;
                    }
                    now += work;
                }
                Some(now - start)
            })
            .min()
    }

    #[test]
    fn concatenation_is_the_shortest_duration_in_any_grouping() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
        for round in 0..3000 {
            let stops: Vec<(i64, i64, i64)> = (0..4)
                .map(|_| {
                    let open = rng.random_range(0..100);
                    (rng.random_range(0..10), open, open + rng.random_range(0..60))
                })
                .collect();
            let gaps: Vec<i64> = (0..3).map(|_| rng.random_range(0..25)).collect();
            let one = |k: usize| Segment::stop(Duration(stops[k].0), Time(stops[k].1), Time(stops[k].2));
            let gap = |k: usize| Duration(gaps[k]);
            let left =
                one(0).then(gap(0), one(1)).and_then(|s| s.then(gap(1), one(2))).and_then(|s| s.then(gap(2), one(3)));
            let right = one(2)
                .then(gap(2), one(3))
                .and_then(|tail| one(0).then(gap(0), one(1)).and_then(|head| head.then(gap(1), tail)));
            let want = plain(&stops, &gaps);
            assert_eq!(left.map(|s| s.duration.0), want, "round {round}: {stops:?} {gaps:?}");
            assert_eq!(right.map(|s| s.duration.0), want, "round {round}: {stops:?} {gaps:?}");
        }
    }
}
