//! Arcs that do not take the same all along: other speeds on some of their stretches, and closures.
//!
//! The few arcs that traffic divides so; all others are driven evenly. Which stretches these are is
//! decided in `traffic`. No search here.

use crate::cost::Cost;
use crate::ids::ArcIx;

/// A stretch of an arc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    /// Where it ends, as a share of the arc; it begins where the one before ends.
    pub(crate) until: f64,
    /// What driving it costs, closed or not.
    pub(crate) cost: Cost,
    pub(crate) closed: bool,
}

/// The arcs that have stretches, in their order.
#[derive(Debug, Default)]
pub(crate) struct Uneven(Vec<(ArcIx, Vec<Stretch>)>);

/// What driving along all of these stretches costs.
pub(crate) fn whole(stretches: &[Stretch]) -> Cost {
    let closed = stretches.iter().any(|stretch| stretch.closed);
    let start = if closed { Cost::CLOSED } else { Cost::delay(0) };
    stretches.iter().fold(start, |sum, stretch| sum + stretch.cost)
}

impl Uneven {
    pub(crate) fn new(mut arcs: Vec<(ArcIx, Vec<Stretch>)>) -> Self {
        arcs.sort_unstable_by_key(|(arc, _)| *arc);
        Self(arcs)
    }
    /// What driving an arc from one share of it to a later one costs; nothing where it has no stretches.
    ///
    /// Whoever starts or stops within a closed stretch drives through it.
    pub(crate) fn part(&self, arc: ArcIx, from: f64, to: f64) -> Option<Cost> {
        // What is shorter than this is no stretch but the last digit of a share.
        const NOTHING: f64 = 1e-9;
        if self.0.is_empty() {
            return None;
        }
        let (_, stretches) = &self.0[self.0.binary_search_by_key(&arc, |(arc, _)| *arc).ok()?];
        let (mut begin, mut sum, mut closed) = (0.0, Cost::delay(0), false);
        for stretch in stretches {
            let length = stretch.until - begin;
            let within = |share: f64| ((share - begin) / length).clamp(0.0, 1.0);
            if length > 0.0 {
                sum = sum + (stretch.cost.share(within(to)) - stretch.cost.share(within(from)));
                closed |= stretch.closed && to.min(stretch.until) - from.max(begin) > NOTHING;
            }
            begin = stretch.until;
        }
        Some(if closed { sum + Cost::CLOSED } else { sum })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_costs_what_its_stretches_cost_and_a_closed_one_closes_it() {
        let stretch = |until, centiseconds, closed| Stretch { until, cost: Cost::new(centiseconds, 1000), closed };
        let stretches = vec![stretch(0.25, 400, false), stretch(0.5, 100, true), stretch(1.0, 800, false)];
        assert_eq!(whole(&stretches), Cost::new(1300, 3000) + Cost::CLOSED);
        let uneven = Uneven::new(vec![(ArcIx(7), stretches)]);
        let part = |from, to| uneven.part(ArcIx(7), from, to).expect("uneven");
        assert_eq!(part(0.0, 0.125), Cost::new(200, 500));
        assert_eq!(part(0.0, 0.25), Cost::new(400, 1000), "up to the closure");
        assert_eq!(part(0.75, 1.0), Cost::new(400, 500));
        assert_eq!(part(0.0, 0.3), Cost::new(420, 1200) + Cost::CLOSED, "into it");
        assert_eq!(part(0.4, 1.0), Cost::new(840, 1400) + Cost::CLOSED, "out of it");
        assert_eq!(part(0.0, 1.0), Cost::new(1300, 3000) + Cost::CLOSED);
        assert_eq!(uneven.part(ArcIx(6), 0.0, 1.0), None);
        assert_eq!(part(0.1, 0.9).leg(), dispatch_data::travel::Leg::UNREACHABLE);
    }
}
