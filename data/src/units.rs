//! Units as types: seconds, instants, metres, cents and the rates between them.
//!
//! Nothing here knows a calendar date: [`Time`] counts seconds from the start of the planning
//! horizon, and only [`crate::problem::Horizon`] can turn it into a date. All quantities are whole
//! numbers; money is rounded once, on totals, by [`Rate::times`] and [`DistanceRate::times`].

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub, SubAssign};

/// A length of time, in seconds. May be negative as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

/// A moment: seconds since the start of the planning horizon. Negative before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// A length of road, in metres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Meters(pub i64);

/// An amount of money, in cents of the problem's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(pub i64);

/// Cents per hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(pub i64);

/// Cents per kilometre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistanceRate(pub i64);

/// A share in thousandths: 1000 is "as given".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permille(pub u32);

macro_rules! additive {
    ($($unit:ident),+) => {$(
        impl Add for $unit { type Output = Self; #[inline] fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
        impl Sub for $unit { type Output = Self; #[inline] fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
        impl Neg for $unit { type Output = Self; #[inline] fn neg(self) -> Self { Self(-self.0) } }
        impl AddAssign for $unit { #[inline] fn add_assign(&mut self, other: Self) { self.0 += other.0; } }
        impl SubAssign for $unit { #[inline] fn sub_assign(&mut self, other: Self) { self.0 -= other.0; } }
        impl Sum for $unit { fn sum<I: Iterator<Item = Self>>(iter: I) -> Self { Self(iter.map(|x| x.0).sum()) } }
        impl Mul<i64> for $unit { type Output = Self; #[inline] fn mul(self, factor: i64) -> Self { Self(self.0 * factor) } }
        impl $unit {
            /// Nothing.
            pub const ZERO: Self = Self(0);
        }
    )+};
}
additive!(Duration, Meters, Cost);

impl Duration {
    /// So many seconds.
    pub const fn seconds(count: i64) -> Self {
        Self(count)
    }
    /// So many minutes.
    pub const fn minutes(count: i64) -> Self {
        Self(count * 60)
    }
    /// So many hours.
    pub const fn hours(count: i64) -> Self {
        Self(count * 3600)
    }
    /// The length, or zero where it is negative.
    #[inline]
    pub fn at_least_zero(self) -> Self {
        Self(self.0.max(0))
    }
    /// The length at `pace` thousandths of itself, rounded up to whole seconds.
    ///
    /// ```
    /// use dispatch_data::units::{Duration, Permille};
    /// assert_eq!(Duration(60).paced(Permille(1500)), Duration(90));
    /// ```
    #[inline]
    pub fn paced(self, pace: Permille) -> Self {
        if pace.0 == 1000 { self } else { Self((self.0 * i64::from(pace.0) + 999) / 1000) }
    }
}

impl Time {
    /// Later than anything in a valid problem, yet far from overflow.
    pub const NEVER: Self = Self(i64::MAX / 4);
    /// Earlier than anything in a valid problem, yet far from overflow.
    pub const ALWAYS: Self = Self(i64::MIN / 4);
    /// How far `self` lies past `deadline`; zero when it does not.
    ///
    /// ```
    /// use dispatch_data::units::{Duration, Time};
    /// assert_eq!(Time(100).past(Time(70)), Duration(30));
    /// assert_eq!(Time(50).past(Time(70)), Duration(0));
    /// ```
    #[inline]
    pub fn past(self, deadline: Time) -> Duration {
        Duration((self.0 - deadline.0).max(0))
    }
}

impl Add<Duration> for Time {
    type Output = Self;
    #[inline]
    fn add(self, length: Duration) -> Self {
        Self(self.0 + length.0)
    }
}
impl AddAssign<Duration> for Time {
    #[inline]
    fn add_assign(&mut self, length: Duration) {
        self.0 += length.0;
    }
}
impl Sub<Duration> for Time {
    type Output = Self;
    #[inline]
    fn sub(self, length: Duration) -> Self {
        Self(self.0 - length.0)
    }
}
impl Sub for Time {
    type Output = Duration;
    #[inline]
    fn sub(self, earlier: Self) -> Duration {
        Duration(self.0 - earlier.0)
    }
}

impl Rate {
    /// The price of `total`, rounded down, once: never call it per leg.
    ///
    /// ```
    /// use dispatch_data::units::{Cost, Duration, Rate};
    /// assert_eq!(Rate(6000).times(Duration::minutes(90)), Cost(9000));
    /// ```
    #[inline]
    pub fn times(self, total: Duration) -> Cost {
        Cost((self.0 * total.0).div_euclid(3600))
    }
}

impl DistanceRate {
    /// The price of `total`, rounded down, once.
    #[inline]
    pub fn times(self, total: Meters) -> Cost {
        Cost((self.0 * total.0).div_euclid(1000))
    }
}

impl Permille {
    /// Unchanged.
    pub const ONE: Self = Self(1000);
}

impl Default for Permille {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for Duration {
    /// `1 h 05 min`, `12 min`, `40 s`; a minus in front of a negative length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let total = self.0.unsigned_abs();
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
        match (hours, minutes, seconds) {
            (0, 0, s) => write!(f, "{sign}{s} s"),
            (0, m, 0) => write!(f, "{sign}{m} min"),
            (0, m, s) => write!(f, "{sign}{m} min {s:02} s"),
            (h, m, _) => write!(f, "{sign}{h} h {m:02} min"),
        }
    }
}

impl fmt::Display for Cost {
    /// Units with two decimals: `12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_rounds_down_once_on_the_total() {
        let rate = Rate(1000);
        let legs = [Duration(5), Duration(5), Duration(5)];
        let total: Duration = legs.into_iter().sum();
        assert_eq!(rate.times(total), Cost(4)); // 4.17 cents; leg by leg it would have been 3
    }

    #[test]
    fn a_slower_technician_rounds_up_to_whole_seconds() {
        assert_eq!(Duration(7).paced(Permille(1100)), Duration(8));
        assert_eq!(Duration(7).paced(Permille::ONE), Duration(7));
    }

    #[test]
    fn durations_read_like_a_clock() {
        assert_eq!(Duration(3900).to_string(), "1 h 05 min");
        assert_eq!(Duration(720).to_string(), "12 min");
        assert_eq!(Duration(-40).to_string(), "-40 s");
    }
}
