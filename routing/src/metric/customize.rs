//! From the bottom up: a way down and up again through a lower state may beat a join.
//!
//! Every state hands its parent a table of the ways over itself and its descendants between its higher
//! neighbours, which are neighbours of the parent too (the multifrontal method of sparse linear algebra,
//! with a minimum for the sum and a sum for the product). So a triangle is looked at in two neighbouring
//! rows of numbers and never searched for.

use super::triangle::{Join, row};
use crate::ids::RankIx;
use crate::topology::Topology;
use crate::turns::TurnGraph;
use rayon::prelude::*;
use std::ops::Range;

/// What a state hands to its parent.
enum Handed {
    /// Nothing but its own joins.
    Leaf(RankIx),
    /// The best known ways between its higher neighbours, counted from the highest.
    Table(RankIx, Vec<Join>),
}

impl Handed {
    fn from(&self) -> RankIx {
        match self {
            Self::Leaf(rank) | Self::Table(rank, _) => *rank,
        }
    }
}

/// The cost of every join: its own turn's, or over lower states.
///
/// Families of `least` states, at least two, are worked on side by side.
pub(super) fn customize(turns: &TurnGraph, topology: &Topology, least: usize) -> Vec<Join> {
    let mut joins = vec![Join::NEVER; topology.joins()];
    let worker = Worker { turns, topology, least };
    worker.families(0..topology.len(), &mut joins);
    joins
}

struct Worker<'a> {
    turns: &'a TurnGraph,
    topology: &'a Topology,
    /// Smallest family worth a task of its own.
    least: usize,
}

/// Scratch memory of one task.
#[derive(Default)]
struct Scratch {
    /// Positions of a child's neighbours among the parent's.
    places: Vec<usize>,
    /// Joins of one state, the highest end first.
    row: Vec<Join>,
    spare: Vec<Vec<Join>>,
    handed: Vec<Handed>,
}

impl Worker<'_> {
    /// Whole families side by side in a range; `joins` are the range's own. What the last of them hands up.
    fn families(&self, ranks: Range<usize>, joins: &mut [Join]) -> Vec<Handed> {
        let offset = self.topology.joins_of(&ranks).start;
        let parts = self.topology.split(&ranks, self.least);
        let mut done = Vec::with_capacity(parts.len());
        {
            let (mut rest, mut at) = (&mut *joins, offset);
            for part in &parts {
                let Range { start, end } = self.topology.joins_of(part);
                let own;
                (_, rest) = rest.split_at_mut(start - at);
                (own, rest) = rest.split_at_mut(end - start);
                at = end;
                done.push((part.clone(), own));
            }
        }
        let done: Vec<Vec<Handed>> = done.into_par_iter().map(|(part, own)| self.families(part, own)).collect();
        let mut scratch = Scratch::default();
        let mut at = ranks.start;
        for (part, handed) in parts.into_iter().zip(done) {
            for rank in at..part.start {
                self.state(RankIx::at(rank), offset, joins, &mut scratch);
            }
            scratch.handed.extend(handed);
            at = part.end;
        }
        for rank in at..ranks.end {
            self.state(RankIx::at(rank), offset, joins, &mut scratch);
        }
        scratch.handed
    }

    /// Settles the joins of a state upwards, and hands its table on.
    fn state(&self, rank: RankIx, offset: usize, joins: &mut [Join], scratch: &mut Scratch) {
        let Scratch { places, row: own, spare, handed } = scratch;
        let range = self.topology.up(rank);
        let degree = range.len();
        let is_child = |other: &Handed| self.topology.parent(other.from()) == Some(rank);
        let from = handed.iter().rposition(|other| !is_child(other)).map_or(0, |at| at + 1);
        // The state's higher neighbours and, last, the state itself are the members of its table.
        let whole = row(degree + 1);
        let mut table: Option<Vec<Join>> = None;
        for child in &mut handed[from..] {
            // A child with one neighbour more has the same members: its table serves on.
            if let Handed::Table(_, of_child) = child
                && of_child.len() == whole
                && table.is_none()
            {
                table = Some(std::mem::take(of_child));
            }
        }
        let mut table = table.unwrap_or_else(|| {
            let mut table = spare.pop().unwrap_or_default();
            table.clear();
            table.resize(whole, Join::NEVER);
            table
        });
        for child in handed.drain(from..) {
            self.take(rank, &child, offset, joins, &mut table, places, own);
            if let Handed::Table(_, of_child) = child
                && of_child.capacity() > 0
            {
                spare.push(of_child);
            }
        }
        own.clear();
        own.extend_from_slice(&table[row(degree)..]);
        for seat in self.topology.seats(rank) {
            let cost = self.turns.cost(seat.turn);
            if let Some(join) = degree.checked_sub(seat.join() + 1).and_then(|at| own.get_mut(at)) {
                let side = if seat.is_up() { &mut join.up } else { &mut join.down };
                *side = side.min(cost);
            }
        }
        let written = &mut joins[range.start - offset..range.end - offset];
        for (join, cost) in written.iter_mut().rev().zip(&*own) {
            *join = *cost;
        }
        if degree == 0 {
            spare.push(table);
        } else if self.topology.is_leaf(rank) {
            spare.push(table);
            handed.push(Handed::Leaf(rank));
        } else {
            table.truncate(row(degree));
            for (member, side) in own.iter().enumerate().filter(|(_, side)| side.is_reachable()) {
                let ways = &mut table[row(member)..row(member) + member];
                for (way, other) in ways.iter_mut().zip(&*own) {
                    *way = way.min(side.over(*other));
                }
            }
            handed.push(Handed::Table(rank, table));
        }
    }

    /// Takes what a child hands up into the table of its parent.
    #[allow(clippy::too_many_arguments, reason = "scratch memory is lent by name")]
    fn take(
        &self,
        rank: RankIx,
        child: &Handed,
        offset: usize,
        joins: &[Join],
        table: &mut [Join],
        places: &mut Vec<usize>,
        own: &mut Vec<Join>,
    ) {
        let from = child.from();
        if !find(self.topology, from, rank, places) {
            return; // only in a forged file
        }
        match child {
            Handed::Leaf(_) => {
                let range = self.topology.up(from);
                own.clear();
                own.extend(joins[range.start - offset..range.end - offset].iter().rev());
                for (member, side) in own.iter().enumerate().filter(|(_, side)| side.is_reachable()) {
                    let start = row(places[member]);
                    for (other, place) in own[..member].iter().zip(&*places) {
                        table[start + place] = table[start + place].min(side.over(*other));
                    }
                }
            }
            Handed::Table(_, of_child) if of_child.len() == row(places.len()) => {
                for member in 1..places.len() {
                    let start = row(places[member]);
                    let ways = &of_child[row(member)..row(member) + member];
                    for (way, place) in ways.iter().zip(&*places) {
                        table[start + place] = table[start + place].min(*way);
                    }
                }
            }
            // Its table has become the parent's.
            Handed::Table(..) => {}
        }
    }
}

/// Where the neighbours of `child`, the highest first, stand among the neighbours of its parent `rank`
/// and, last, the parent itself. False when one is missing.
pub(super) fn find(topology: &Topology, child: RankIx, rank: RankIx, places: &mut Vec<usize>) -> bool {
    let (of_child, of_parent) = (topology.row(child), topology.row(rank));
    let degree = of_parent.len();
    places.clear();
    if of_child.len() == degree + 1 {
        places.extend(0..=degree);
        return true;
    }
    let mut at = 0;
    for high in of_child.iter().skip(1).rev() {
        while at < degree && of_parent[degree - 1 - at] > *high {
            at += 1;
        }
        if at == degree || of_parent[degree - 1 - at] != *high {
            return false;
        }
        places.push(at);
        at += 1;
    }
    places.push(degree);
    true
}
