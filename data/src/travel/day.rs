//! What the hours of a day change in travel. Whoever leaves later never arrives earlier.

use super::{Fnv, Leg, TravelMatrix};
use crate::ids::PlaceIx;
use crate::units::{Duration, Permille, Time};

/// Travel that depends on the hour of departure, in one of two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "one stands for a whole table of legs; a box would save nothing")]
pub enum Hours {
    /// One speed for all legs in each hour.
    Speed(HourlySpeed),
    /// A matrix for each kind of hour.
    Matrices(HourlyMatrices),
}

impl Hours {
    /// The leg of who leaves at `depart` and drives at `speed` of the profile; `plain` is the matrix of
    /// the hours of which nothing else is said.
    pub fn leg(&self, plain: &TravelMatrix, speed: Permille, from: PlaceIx, to: PlaceIx, depart: Time) -> Leg {
        self.leg_of(speed, depart, |kind| self.matrix(kind).unwrap_or(plain).leg(from, to))
    }
    /// The same of a leg told by the kinds of hours; no kind for plain hours.
    pub(super) fn leg_of(&self, speed: Permille, depart: Time, leg: impl Fn(Option<usize>) -> Leg) -> Leg {
        match self {
            Self::Speed(hours) => {
                let leg = leg(None).at_speed(speed);
                if !leg.is_reachable() {
                    return leg;
                }
                let seconds = hours.traverse(depart, leg.duration()).0;
                Leg { seconds: lasting(seconds), ..leg }
            }
            Self::Matrices(hours) => hours.leg(speed, depart, leg),
        }
    }
    /// The matrix of a kind of hour, where it has its own.
    fn matrix(&self, kind: Option<usize>) -> Option<&TravelMatrix> {
        match self {
            Self::Speed(_) => None,
            Self::Matrices(hours) => hours.matrices.get(kind?),
        }
    }
    /// Fewest seconds and fewest metres that a leg takes at any hour.
    pub(super) fn quickest(&self, plain: Leg, speed: Permille, from: PlaceIx, to: PlaceIx) -> Leg {
        self.quickest_of(speed, |kind| self.matrix(kind).map_or(plain, |matrix| matrix.leg(from, to)))
    }
    /// The same of a leg told by the kinds of hours.
    pub(super) fn quickest_of(&self, speed: Permille, leg: impl Fn(Option<usize>) -> Leg) -> Leg {
        let plain = leg(None).at_speed(speed);
        match self {
            Self::Speed(hours) => plain.at_speed(hours.share.iter().copied().max().unwrap_or(Permille::ONE)),
            Self::Matrices(hours) => {
                let legs = (0..hours.matrices.len()).map(|kind| leg(Some(kind)).at_speed(speed));
                legs.fold(plain, |best, leg| {
                    if !best.is_reachable() || !leg.is_reachable() {
                        return Leg::UNREACHABLE;
                    }
                    Leg { seconds: best.seconds.min(leg.seconds), meters: best.meters.min(leg.meters) }
                })
            }
        }
    }
    pub(super) fn mark(&self, hash: &mut Fnv) {
        match self {
            Self::Speed(HourlySpeed { share, horizon_starts_at }) => {
                share.iter().for_each(|share| hash.number(u64::from(share.0)));
                hash.number(horizon_starts_at.0 as u64);
            }
            Self::Matrices(HourlyMatrices { matrices, of_hour, horizon_starts_at }) => {
                matrices.iter().for_each(|matrix| matrix.mark(hash));
                of_hour.iter().for_each(|class| hash.number(class.map_or(0, |class| class as u64 + 1)));
                hash.number(horizon_starts_at.0 as u64);
            }
        }
    }
}

/// Seconds of a leg that can be driven.
fn lasting(seconds: i64) -> u32 {
    u32::try_from(seconds).unwrap_or(u32::MAX - 1).min(u32::MAX - 1)
}

/// Speed over the hours of a day: a leg's progress is integrated across the hour borders, so who
/// leaves later never arrives earlier (first in, first out).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlySpeed {
    /// Share of the plain speed in each hour of the day, local time, `[0]` from midnight.
    pub share: [Permille; 24],
    /// Second of the local day at which the horizon starts.
    pub horizon_starts_at: Duration,
}

impl HourlySpeed {
    /// How long a way of `plain` seconds at full speed takes when left at `depart`.
    pub fn traverse(&self, depart: Time, plain: Duration) -> Duration {
        let mut work = plain.0 * 1000; // thousandths of plain seconds still to drive
        let mut now = depart.0 + self.horizon_starts_at.0;
        while work > 0 {
            let share = i64::from(self.share[now.div_euclid(3600).rem_euclid(24) as usize].0.max(1));
            let to_border = 3600 - now.rem_euclid(3600);
            if work <= share * to_border {
                now += (work + share - 1) / share;
                break;
            }
            work -= share * to_border;
            now += to_border;
        }
        Duration(now - depart.0 - self.horizon_starts_at.0)
    }
}

/// Matrices for the kinds of hours that a day has beside its plain ones.
///
/// A way is driven bit by bit: in each hour one gets on at that hour's pace, and at the border what is
/// left takes the share of the next hour's time that it had of this one's, rounded up. The path, and
/// so the metres, are those of the hour of departure. A leg that one kind of hour closes is closed
/// altogether, since opening hours of roads are no matter of pace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlyMatrices {
    /// One matrix for each kind of hour, as large as the plain one.
    pub matrices: Vec<TravelMatrix>,
    /// The kind of each hour of the local day, as a position in `matrices`; `None` for plain hours.
    pub of_hour: [Option<usize>; 24],
    /// Second of the local day at which the horizon starts.
    pub horizon_starts_at: Duration,
}

impl HourlyMatrices {
    fn leg(&self, speed: Permille, depart: Time, leg: impl Fn(Option<usize>) -> Leg) -> Leg {
        let mut kinds = std::iter::once(None).chain((0..self.matrices.len()).map(Some));
        if kinds.any(|kind| !leg(kind).is_reachable()) {
            return Leg::UNREACHABLE;
        }
        let at = |second: i64| {
            let kind = self.of_hour[second.div_euclid(3600).rem_euclid(24) as usize];
            leg(kind.filter(|kind| *kind < self.matrices.len())).at_speed(speed)
        };
        let start = depart.0 + self.horizon_starts_at.0;
        let first = at(start);
        let (mut now, mut left, mut whole) = (start, i64::from(first.seconds), i64::from(first.seconds));
        loop {
            let to_border = 3600 - now.rem_euclid(3600);
            if left <= to_border {
                now += left;
                break;
            }
            now += to_border;
            left -= to_border;
            let next = i64::from(at(now).seconds);
            if next != whole {
                left = (left * next + whole - 1) / whole; // something is left, so the whole is not nothing
                whole = next;
            }
        }
        Leg { seconds: lasting(now - start), meters: first.meters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(seconds: u32, meters: u32) -> Leg {
        Leg { seconds, meters }
    }

    /// Two places, one way each; the hours from 8 to 10 have their own matrix.
    fn rush(plain: u32, slow: u32) -> (TravelMatrix, Hours) {
        let matrix = |seconds, meters| {
            TravelMatrix::from_fn(2, |from, to| if from == to { Leg::default() } else { leg(seconds, meters) })
        };
        let mut of_hour = [None; 24];
        of_hour[8..10].fill(Some(0));
        let hours = HourlyMatrices { matrices: vec![matrix(slow, 9000)], of_hour, horizon_starts_at: Duration(0) };
        (matrix(plain, 8000), Hours::Matrices(hours))
    }

    fn drive(travel: &(TravelMatrix, Hours), depart: i64) -> Leg {
        travel.1.leg(&travel.0, Permille::ONE, PlaceIx(0), PlaceIx(1), Time(depart))
    }

    #[test]
    fn what_is_left_at_the_border_goes_on_at_the_next_hours_pace() {
        let travel = rush(600, 1500);
        assert_eq!(drive(&travel, 7 * 3600), leg(600, 8000));
        assert_eq!(drive(&travel, 8 * 3600), leg(1500, 9000));
        // Half of it before the border, half after.
        assert_eq!(drive(&travel, 8 * 3600 - 300), leg(300 + 750, 8000));
        assert_eq!(drive(&travel, 10 * 3600 - 500), leg(500 + 400, 9000));
    }

    #[test]
    fn who_leaves_later_never_arrives_earlier_whatever_the_matrices() {
        for (plain, slow) in [(600, 1500), (1500, 600), (7, 7000), (7000, 7), (0, 5), (5, 0), (3601, 3599)] {
            let travel = rush(plain, slow);
            let mut last = 0;
            for depart in 4 * 3600..12 * 3600 {
                let arrival = depart + i64::from(drive(&travel, depart).seconds);
                assert!(arrival >= last, "{plain} and {slow} s, left at {depart}");
                last = arrival;
            }
        }
    }

    #[test]
    fn equal_matrices_are_as_none_and_equal_shares_as_matrices_of_them() {
        let same = rush(4000, 4000);
        let plain = TravelMatrix::from_fn(2, |_, to| leg(4000 * to as u32, 0));
        let mut share = [Permille::ONE; 24];
        share[8..10].fill(Permille(500));
        let speed = Hours::Speed(HourlySpeed { share, horizon_starts_at: Duration(0) });
        let halved = rush(4000, 8000);
        for depart in (0..86_400).step_by(61) {
            assert_eq!(drive(&same, depart).seconds, 4000);
            let by_speed = speed.leg(&plain, Permille::ONE, PlaceIx(0), PlaceIx(1), Time(depart)).seconds;
            assert!(drive(&halved, depart).seconds.abs_diff(by_speed) <= 1, "left at {depart}");
        }
    }

    #[test]
    fn nothing_is_quicker_than_the_quickest() {
        for (plain, slow) in [(600, 1500), (1500, 600)] {
            let travel = rush(plain, slow);
            for speed in [Permille(700), Permille::ONE, Permille(1300)] {
                let best = travel.1.quickest(leg(plain, 8000), speed, PlaceIx(0), PlaceIx(1));
                for depart in (0..86_400).step_by(97) {
                    let driven = travel.1.leg(&travel.0, speed, PlaceIx(0), PlaceIx(1), Time(depart));
                    assert!(driven.seconds >= best.seconds && driven.meters >= best.meters, "left at {depart}");
                }
            }
        }
    }

    #[test]
    fn a_way_that_one_hour_closes_is_closed() {
        let mut travel = rush(600, 1500);
        if let Hours::Matrices(hours) = &mut travel.1 {
            hours.matrices[0] = TravelMatrix::from_fn(2, |_, _| Leg::UNREACHABLE);
        }
        assert_eq!(drive(&travel, 3 * 3600), Leg::UNREACHABLE);
    }
}
