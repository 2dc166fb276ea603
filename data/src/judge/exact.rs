//! Whole numbers wide enough for any plan: sums of stated values never overflow here.
//!
//! A plan may come from anywhere and state anything; the judge reckons in 128 bits and comes back
//! to 64 only for the bill. Deliberately shares no arithmetic with the units of the search.

use crate::units::{Cost, DistanceRate, Duration, Meters, Permille, Rate, Time};

/// The plain number of a quantity.
pub(super) trait Exact {
    /// Its value in 128 bits.
    fn exact(self) -> i128;
}

macro_rules! exact {
    ($($unit:ident),+) => {$(
        impl Exact for $unit {
            fn exact(self) -> i128 { i128::from(self.0) }
        }
    )+};
}
exact!(Time, Duration, Meters, Cost, Rate, DistanceRate, Permille);

/// Most cents that one term of a bill may state: sixteen of them still fit into 64 bits, so a
/// bill's total cannot overflow whatever the plan says.
const MOST_CENTS: i128 = i64::MAX as i128 / 16;

/// Cents of a bill, cut to what a bill can state.
pub(super) fn cents(amount: i128) -> Cost {
    Cost(narrow(amount.clamp(-MOST_CENTS, MOST_CENTS)))
}

/// The nearest number of 64 bits.
pub(super) fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(if number < 0 { i64::MIN } else { i64::MAX })
}

/// Price times quantity, cut so far from the border that four thousand million of them add up.
pub(super) fn product(price: i128, quantity: i128) -> i128 {
    const MOST: i128 = i128::MAX >> 32;
    price.saturating_mul(quantity).clamp(-MOST, MOST)
}

/// `amount / parts`, rounded down.
pub(super) fn share(amount: i128, parts: i128) -> i128 {
    amount.div_euclid(parts)
}

/// `work` at `pace` thousandths of itself, rounded up to whole seconds.
pub(super) fn paced(work: Duration, pace: Permille) -> i128 {
    let thousandths = work.exact() * pace.exact();
    -(-thousandths).div_euclid(1000)
}

/// How far `event` lies past `limit`, zero when it does not.
pub(super) fn late(event: Time, limit: Time) -> i128 {
    (event.exact() - limit.exact()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_at_a_slower_pace_rounds_up() {
        assert_eq!(paced(Duration(7), Permille(1100)), 8);
        assert_eq!(paced(Duration(1000), Permille(1100)), 1100);
        assert_eq!(paced(Duration(0), Permille(1100)), 0);
    }

    #[test]
    fn the_widest_numbers_meet_without_overflow() {
        assert_eq!(late(Time(i64::MAX), Time(i64::MIN)), i128::from(u64::MAX));
        assert_eq!((0..1000).map(|_| product(i128::MAX, -2)).sum::<i128>(), -1000 * (i128::MAX >> 32));
        assert_eq!(cents(i128::MAX).0, i64::MAX / 16);
        assert_eq!(cents(-i128::MAX).0, -(i64::MAX / 16));
    }
}
