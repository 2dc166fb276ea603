//! Time and length of a way in one number, so that the fastest way carries its own metres.
//!
//! No speed and no road here; `profile` makes speeds, `graph` makes costs of them.

use dispatch_data::travel::Leg;
use dispatch_data::units::Permille;
use std::ops::{Add, Sub};

/// How many different lengths fit below one centisecond: 2²⁷ decimetres are 13,400 km.
const LENGTHS: f64 = 134_217_728.0;

/// Centiseconds and decimetres of a way: `centiseconds · 2²⁷ + decimetres` as a whole number.
///
/// Adding two costs adds both parts, and the smaller of two costs is the faster way, the shorter
/// one among equally fast ways. A double holds whole numbers exactly up to 2⁵³, which is 7.7 days
/// of driving; it has a minimum and an addition in vector registers on every machine, and its
/// infinity swallows additions, which 64-bit integers do not offer.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[repr(transparent)]
pub(crate) struct Cost(pub(crate) f64);

impl Cost {
    /// No way.
    pub(crate) const NEVER: Self = Self(f64::INFINITY);
    /// What a closed road costs beside its time, and from where on a trip is none: 2²⁵ centiseconds,
    /// 93 hours. Unlike infinity it can be taken off again, so a trip may end on the open part of a road
    /// that is closed further on; a trip through one closure is still counted exactly.
    pub(crate) const CLOSED: Self = Self(33_554_432.0 * LENGTHS);

    pub(crate) fn new(centiseconds: u32, decimetres: u32) -> Self {
        Self(f64::from(centiseconds) * LENGTHS + f64::from(decimetres))
    }
    /// A delay on the spot.
    pub(crate) fn delay(centiseconds: u32) -> Self {
        Self::new(centiseconds, 0)
    }
    pub(crate) fn is_reachable(self) -> bool {
        self.0 < f64::INFINITY
    }
    /// Whether it is a trip that somebody can make.
    pub(crate) fn is_open(self) -> bool {
        self.0 < Self::CLOSED.0
    }
    /// Whole centiseconds.
    pub(crate) fn centiseconds(self) -> f64 {
        (self.0 / LENGTHS).floor()
    }
    /// Whole decimetres.
    pub(crate) fn decimetres(self) -> f64 {
        self.0 - self.centiseconds() * LENGTHS
    }
    /// The first `share` (0 to 1) of the way; both parts rounded, so that the rest is `self` minus it.
    pub(crate) fn share(self, share: f64) -> Self {
        if !self.is_reachable() {
            return self;
        }
        Self((self.centiseconds() * share).round() * LENGTHS + (self.decimetres() * share).round())
    }
    /// The same way at `share` thousandths of the speed.
    pub(crate) fn slowed(self, share: Permille) -> Self {
        if share == Permille::ONE || !self.is_reachable() {
            return self;
        }
        let time = (self.centiseconds() * 1000.0 / f64::from(share.0.max(1))).round();
        Self(time * LENGTHS + self.decimetres())
    }
    /// The same way at so many metres per hour.
    pub(crate) fn at_speed(self, meters_per_hour: u32) -> Self {
        if !self.is_reachable() {
            return self;
        }
        // Decimetres to metres, hours to centiseconds.
        let time = (self.decimetres() * 36_000.0 / f64::from(meters_per_hour.max(1))).round();
        Self(time * LENGTHS + self.decimetres())
    }
    /// The cheaper of the two.
    #[inline]
    pub(crate) fn min(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
    /// A number that sorts like the cost: bits of a double that is not negative.
    #[inline]
    pub(crate) fn key(self) -> u64 {
        self.0.to_bits()
    }
    /// The cost of a key.
    #[inline]
    pub(crate) fn of_key(key: u64) -> Self {
        Self(f64::from_bits(key))
    }
    /// Seconds and metres, rounded here and nowhere before.
    pub(crate) fn leg(self) -> Leg {
        if !self.is_open() {
            return Leg::UNREACHABLE;
        }
        // Through integers: rounding a double is a call where the machine has no instruction for it.
        let whole = self.0 as u64;
        let (centiseconds, decimetres) = (whole / LENGTHS as u64, whole % LENGTHS as u64);
        let seconds = u32::try_from((centiseconds + 50) / 100).unwrap_or(u32::MAX - 1);
        Leg { seconds: seconds.min(u32::MAX - 1), meters: ((decimetres + 5) / 10) as u32 }
    }
}

impl Add for Cost {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Cost {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_survive_a_million_additions() {
        let step = Cost::new(33, 13);
        let mut sum = Cost::delay(0);
        for _ in 0..1_000_000 {
            sum = sum + step;
        }
        assert_eq!((sum.centiseconds(), sum.decimetres()), (33_000_000.0, 13_000_000.0));
        assert_eq!(sum.leg(), Leg { seconds: 330_000, meters: 1_300_000 });
    }

    #[test]
    fn the_faster_way_wins_and_the_shorter_among_equals() {
        assert!(Cost::new(10, 9_000_000) < Cost::new(11, 1));
        assert!(Cost::new(10, 5) < Cost::new(10, 6));
        assert!(Cost::new(4_000_000_000, 0) < Cost::NEVER);
        assert_eq!(Cost::NEVER.leg(), Leg::UNREACHABLE);
        assert_eq!((Cost::CLOSED + Cost::new(3, 4)).leg(), Leg::UNREACHABLE);
        assert_eq!((Cost::CLOSED + Cost::new(100, 20)) - Cost::CLOSED, Cost::new(100, 20));
    }

    #[test]
    fn a_share_and_its_rest_make_the_whole() {
        let whole = Cost::new(1001, 7003);
        for percent in 0..=100 {
            let first = whole.share(f64::from(percent) / 100.0);
            let rest = whole - first;
            assert!(rest.centiseconds() >= 0.0 && rest.decimetres() >= 0.0);
            assert_eq!(first + rest, whole);
        }
    }
}
