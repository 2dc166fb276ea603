//! From the top down: the true cost between the ends of every join; which directions of each keep the
//! cost they had, so that no other way beats them.
//!
//! A state sees its higher neighbours as its parent does: the true costs between them are in the
//! parent's table, to which the state adds a row for its own children.

use super::triangle::{DOWN, Join, NEVER, UP, cheaper, row, shorten, shortest, sum, turned};
use super::{FALLS, RISES};
use crate::ids::RankIx;
use crate::topology::Topology;
use rayon::prelude::*;
use std::ops::Range;

/// Which directions of every join no other way beats. Families of `least` states, at least two, are
/// worked on side by side.
pub(super) fn perfect(topology: &Topology, joins: &[Join], least: usize) -> Vec<u8> {
    let mut useful = vec![0u8; joins.len()];
    let worker = Worker { topology, joins, least };
    worker.families(0..topology.len(), None, &mut useful);
    useful
}

/// A state with children, and its table on the pile: true costs between its higher neighbours and,
/// last, the state itself.
struct Level {
    rank: RankIx,
    start: usize,
}

struct Worker<'a> {
    topology: &'a Topology,
    joins: &'a [Join],
    least: usize,
}

/// Scratch memory of one task.
#[derive(Default)]
struct Scratch {
    levels: Vec<Level>,
    /// Tables of the levels; one that only adds a row to the one before shares its beginning.
    pile: Vec<Join>,
    row: Vec<Join>,
}

impl Scratch {
    fn table(&self, level: &Level, topology: &Topology) -> Range<usize> {
        level.start..level.start + row(topology.up(level.rank).len() + 1)
    }
}

impl Worker<'_> {
    /// Whole families in a range, below a state of which the table is given.
    fn families(&self, ranks: Range<usize>, above: Option<(RankIx, Vec<Join>)>, useful: &mut [u8]) {
        let offset = self.topology.joins_of(&ranks).start;
        let mut parts = self.topology.split(&ranks, self.least);
        let mut scratch = Scratch::default();
        if let Some((rank, pile)) = above {
            scratch.levels.push(Level { rank, start: 0 });
            scratch.pile = pile;
        }
        let mut later = Vec::with_capacity(parts.len());
        let mut rank = ranks.end;
        let mut rest = useful;
        while rank > ranks.start {
            if let Some(part) = parts.pop_if(|part| part.end == rank) {
                let own;
                let joins = self.topology.joins_of(&part);
                (rest, own) = rest.split_at_mut(joins.start - offset);
                rank = part.start;
                let above = self.stand(self.topology.parent(RankIx::at(part.end - 1)), &mut scratch);
                let above = above.map(|rank| {
                    let table = scratch.levels.last().map_or(0..0, |level| scratch.table(level, self.topology));
                    (rank, scratch.pile[table].to_vec())
                });
                later.push((part, above, own));
            } else {
                rank -= 1;
                let own;
                let joins = self.topology.up(RankIx::at(rank));
                (rest, own) = rest.split_at_mut(joins.start - offset);
                self.state(RankIx::at(rank), &mut scratch, own);
            }
        }
        later.into_par_iter().for_each(|(part, above, own)| self.families(part, above, own));
    }

    /// Brings the level of a state's parent to the top of the pile.
    fn stand(&self, parent: Option<RankIx>, scratch: &mut Scratch) -> Option<RankIx> {
        while let Some(level) = scratch.levels.pop_if(|level| Some(level.rank) != parent) {
            let below = scratch.levels.last().map_or(0, |level| scratch.table(level, self.topology).end);
            scratch.pile.truncate(below.max(level.start));
        }
        parent
    }

    fn state(&self, rank: RankIx, scratch: &mut Scratch, useful: &mut [u8]) {
        let basic = &self.joins[self.topology.up(rank)];
        let degree = basic.len();
        let leaf = self.topology.is_leaf(rank);
        let parent = self.stand(self.topology.parent(rank), scratch);
        scratch.row.clear();
        scratch.row.extend(basic.iter().rev());
        let mut start = scratch.pile.len();
        if let (Some(_), Some(level)) = (parent, scratch.levels.last()) {
            let table = scratch.table(level, self.topology);
            match self.topology.places(rank) {
                // Only in a forged file: a state of which nothing is known serves as well as any.
                None => scratch.pile.resize(start + row(degree), NEVER),
                Some(_) if table.len() == row(degree) => {
                    start = table.start;
                    relax(&mut scratch.row, &scratch.pile[table]);
                }
                Some(places) if leaf => relax_among(&mut scratch.row, &scratch.pile[table], places),
                Some(places) => {
                    scratch.pile.resize(start + row(degree), NEVER);
                    let (above, own) = scratch.pile.split_at_mut(start);
                    let above = &above[table];
                    for member in 1..degree {
                        let across = &above[row(places[member] as usize)..];
                        for (way, place) in own[row(member)..].iter_mut().zip(&places[..member]) {
                            *way = across[*place as usize];
                        }
                    }
                    relax(&mut scratch.row, own);
                }
            }
        }
        if !leaf {
            scratch.pile.extend_from_slice(&scratch.row);
            scratch.levels.push(Level { rank, start });
        }
        let keeps = |basic: f64, perfect: f64| u8::from(basic < f64::INFINITY && basic == perfect);
        for ((useful, basic), perfect) in useful.iter_mut().zip(basic).zip(scratch.row.iter().rev()) {
            let up = keeps(basic[UP], perfect[UP]) * RISES;
            let down = keeps(basic[DOWN], perfect[DOWN]) * FALLS;
            *useful = up | down;
        }
    }
}

/// Shortens a state's joins by ways over its other higher neighbours, whose table has the same members.
fn relax(own: &mut [Join], table: &[Join]) {
    for member in (1..own.len()).rev() {
        let across = &table[row(member)..row(member) + member];
        let (higher, rest) = own.split_at_mut(member);
        rest[0] = shortest(rest[0], higher, across);
        shorten(higher, rest[0], across);
    }
}

/// The same where the table has more members: `places` says which are the state's neighbours.
fn relax_among(own: &mut [Join], table: &[Join], places: &[u32]) {
    for member in (1..own.len()).rev() {
        let across = &table[row(places[member] as usize)..];
        let (higher, rest) = own.split_at_mut(member);
        let mut best = rest[0];
        for (join, place) in higher.iter().zip(places) {
            best = cheaper(best, sum(*join, turned(across[*place as usize])));
        }
        rest[0] = best;
        for (join, place) in higher.iter_mut().zip(places) {
            *join = cheaper(*join, sum(best, across[*place as usize]));
        }
    }
}
