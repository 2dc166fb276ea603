//! Joins in both directions at once, and triangular tables of them.
//!
//! Costs are plain doubles here, so that the loops over rows of joins become vector instructions; what a
//! cost is stands in `cost`.

use crate::cost::Cost;

/// Costs of a join in both directions, side by side because every triangle asks for both: from the lower
/// end to the higher ([`UP`]) and back ([`DOWN`]).
pub(super) type Join = [f64; 2];

/// Where the cost from the lower end to the higher stands.
pub(super) const UP: usize = 0;
/// Where the cost from the higher end to the lower stands.
pub(super) const DOWN: usize = 1;
/// No way in either direction.
pub(super) const NEVER: Join = [Cost::NEVER.0; 2];

/// Two joins side by side: what the loops below take at a time.
const LANES: usize = 4;

#[inline]
fn lesser(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

/// The cheaper in each direction.
#[inline]
pub(super) fn cheaper(join: Join, other: Join) -> Join {
    [lesser(join[UP], other[UP]), lesser(join[DOWN], other[DOWN])]
}

/// The same join seen from its other end.
#[inline]
pub(super) fn turned(join: Join) -> Join {
    [join[DOWN], join[UP]]
}

/// One join after another in each direction.
#[inline]
pub(super) fn sum(join: Join, other: Join) -> Join {
    [join[UP] + other[UP], join[DOWN] + other[DOWN]]
}

#[inline]
pub(super) fn is_reachable(join: Join) -> bool {
    join[UP] < Cost::NEVER.0 || join[DOWN] < Cost::NEVER.0
}

/// Shortens each join to the sum of `first` and the one at the same position of `rest`.
#[inline]
pub(super) fn shorten(joins: &mut [Join], first: Join, rest: &[Join]) {
    let count = joins.len().min(rest.len());
    let (joins, last) = joins[..count].as_flattened_mut().as_chunks_mut::<LANES>();
    let (rest, of_last) = rest[..count].as_flattened().as_chunks::<LANES>();
    let first = [first[UP], first[DOWN], first[UP], first[DOWN]];
    for (joins, rest) in joins.iter_mut().zip(rest) {
        // Keeps the rounds apart: the compiler would else gather like directions of several rounds, and
        // shuffling them takes twice as long as the sums.
        std::hint::black_box(());
        for lane in 0..LANES {
            joins[lane] = lesser(joins[lane], first[lane] + rest[lane]);
        }
    }
    for (lane, (join, rest)) in last.iter_mut().zip(of_last).enumerate() {
        *join = lesser(*join, first[lane] + rest);
    }
}

/// The cheapest of `best` and of all ways along a join and, from its end, the one of `across` at the same
/// position, which is driven against its own direction.
#[inline]
pub(super) fn shortest(best: Join, joins: &[Join], across: &[Join]) -> Join {
    let count = joins.len().min(across.len());
    let (joins, last) = joins[..count].as_flattened().as_chunks::<LANES>();
    let (across, of_last) = across[..count].as_flattened().as_chunks::<LANES>();
    let mut lanes = [best[UP], best[DOWN], best[UP], best[DOWN]];
    for (joins, across) in joins.iter().zip(across) {
        let across = [across[1], across[0], across[3], across[2]];
        for lane in 0..LANES {
            lanes[lane] = lesser(lanes[lane], joins[lane] + across[lane]);
        }
    }
    let mut best = cheaper([lanes[0], lanes[1]], [lanes[2], lanes[3]]);
    if let (&[up, down], &[there, back]) = (last, of_last) {
        best = cheaper(best, [up + back, down + there]);
    }
    best
}

/// Where the row of a member starts in a triangular table: members are counted from the highest, and
/// a member's row has one entry for each higher one. It is also the size of a table of `member` members.
#[inline]
pub(super) fn row(member: usize) -> usize {
    member * member.saturating_sub(1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt as _, SeedableRng as _};
    use rand_xoshiro::Xoshiro256PlusPlus;

    #[test]
    fn two_joins_at_a_time_give_what_one_at_a_time_gives() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(9);
        let mut cost =
            || if random.random_bool(0.2) { f64::INFINITY } else { f64::from(random.random_range(0..50u32)) };
        for count in 0..12 {
            let mut joins = |count: usize| -> Vec<Join> { (0..count).map(|_| [cost(), cost()]).collect() };
            let (mut own, rest, first) = (joins(count), joins(count + 1), joins(1)[0]);
            let plain = own.iter().zip(&rest).fold(first, |best, (join, way)| cheaper(best, sum(*join, turned(*way))));
            assert_eq!(shortest(first, &own, &rest), plain, "{count} joins");
            let plain: Vec<Join> = own.iter().zip(&rest).map(|(join, way)| cheaper(*join, sum(first, *way))).collect();
            shorten(&mut own, first, &rest);
            assert_eq!(own, plain, "{count} joins");
        }
    }
}
