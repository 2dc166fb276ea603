//! The bill: what a plan costs, term by term, and how two plans compare.

use crate::units::Cost;
use std::ops::{Add, AddAssign, Neg, Sub};

macro_rules! terms {
    ($($(#[$doc:meta])* $variant:ident $field:ident),+ $(,)?) => {
        /// One named term of a bill.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Term { $($(#[$doc])* $variant),+ }

        impl Term {
            /// Every term, in the order in which bills are shown.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Its key in the wire format.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => stringify!($field)),+ }
            }
        }

        /// What a route or a plan costs, term by term, in cents.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct Bill { $($(#[$doc])* pub $field: Cost),+ }

        impl Bill {
            /// The sum of all terms.
            #[inline]
            pub fn total(&self) -> Cost {
                let Self { $($field),+ } = self;
                Cost(0 $(+ $field.0)+)
            }
            /// One term.
            pub fn term(&self, term: Term) -> Cost {
                match term { $(Term::$variant => self.$field),+ }
            }
            /// One term, to be set.
            pub fn term_mut(&mut self, term: Term) -> &mut Cost {
                match term { $(Term::$variant => &mut self.$field),+ }
            }
        }
        impl Add for Bill {
            type Output = Self;
            #[inline]
            fn add(self, other: Self) -> Self { Self { $($field: self.$field + other.$field),+ } }
        }
        impl Sub for Bill {
            type Output = Self;
            #[inline]
            fn sub(self, other: Self) -> Self { Self { $($field: self.$field - other.$field),+ } }
        }
        impl Neg for Bill {
            type Output = Self;
            fn neg(self) -> Self { Self { $($field: -self.$field),+ } }
        }
        impl AddAssign for Bill {
            #[inline]
            fn add_assign(&mut self, other: Self) { $(self.$field += other.$field;)+ }
        }
        impl std::iter::Sum for Bill {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                iter.fold(Self::default(), Add::add)
            }
        }
    };
}

terms! {
    /// Time on the road.
    Travel travel,
    /// Length of the way.
    Distance distance,
    /// Paid time.
    Work work,
    /// Use of a shift.
    Shift shift,
    /// Time past the regular end.
    Overtime overtime,
    /// Departure towards jobs past the promise.
    RespondLate respond_late,
    /// Arrival past the promise.
    ArriveLate arrive_late,
    /// End of work past the promise.
    ResolveLate resolve_late,
    /// Visits outside preferred regions or by technicians not preferred.
    Preference preference,
    /// Promises of the current plan that moved.
    Moved moved,
    /// Jobs left out.
    Unassigned unassigned,
}

/// How two plans compare, most important first. Derived `Ord` reads the fields in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// Broken rules, counted by the judge.
    pub violations: u32,
    /// Jobs left out by class: P1, P2, P3, P4, and without class last.
    pub unassigned: [u32; 5],
    /// The whole price.
    pub cost: Cost,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_adds_term_by_term() {
        let a = Bill { travel: Cost(5), overtime: Cost(2), ..Bill::default() };
        let b = Bill { travel: Cost(1), unassigned: Cost(100), ..Bill::default() };
        assert_eq!((a + b).total(), Cost(108));
        assert_eq!((a + b).term(Term::Travel), Cost(6));
        assert_eq!(a + b - b, a);
    }

    #[test]
    fn serving_a_p1_beats_any_price() {
        let dear = Score { violations: 0, unassigned: [0, 0, 0, 0, 3], cost: Cost(1_000_000) };
        let cheap = Score { violations: 0, unassigned: [1, 0, 0, 0, 0], cost: Cost(1) };
        assert!(dear < cheap);
    }
}
