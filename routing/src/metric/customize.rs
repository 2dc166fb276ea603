//! From the bottom up: a way down and up again through a lower state may beat a join.
//!
//! Every state hands its parent a table of the ways over itself and its descendants between its higher
//! neighbours, which are neighbours of the parent too (the multifrontal method of sparse linear algebra,
//! with a minimum for the sum and a sum for the product). So a triangle is looked at in two neighbouring
//! rows of numbers and never searched for.

use super::triangle::{DOWN, Join, NEVER, UP, cheaper, is_reachable, row, shorten, sum, turned};
use crate::cost::Cost;
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
    // Whatever stands there: every state writes its own joins. Filled side by side, as it is a lot of memory.
    let joins = (0..topology.joins()).into_par_iter().with_min_len(1 << 15).map(|_| NEVER);
    let mut joins: Vec<Join> = joins.collect();
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
        let Scratch { row: own, spare, handed } = scratch;
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
            table.resize(whole, NEVER);
            table
        });
        for child in handed.drain(from..) {
            self.take(&child, offset, joins, &mut table, own);
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
                let side = &mut join[if seat.is_up() { UP } else { DOWN }];
                *side = Cost(*side).min(cost).0;
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
            for (member, side) in own.iter().enumerate().filter(|(_, side)| is_reachable(**side)) {
                // From the end of `side` down to the state and up to the end of another, and back.
                shorten(&mut table[row(member)..row(member) + member], turned(*side), own);
            }
            handed.push(Handed::Table(rank, table));
        }
    }

    /// Takes what a child hands up into the table of its parent.
    fn take(&self, child: &Handed, offset: usize, joins: &[Join], table: &mut [Join], own: &mut Vec<Join>) {
        let Some(places) = self.topology.places(child.from()) else { return };
        match child {
            Handed::Leaf(from) => {
                let range = self.topology.up(*from);
                own.clear();
                own.extend(joins[range.start - offset..range.end - offset].iter().rev());
                for (member, side) in own.iter().enumerate().filter(|(_, side)| is_reachable(**side)) {
                    let ways = &mut table[row(places[member] as usize)..];
                    for (other, place) in own[..member].iter().zip(places) {
                        let way = &mut ways[*place as usize];
                        *way = cheaper(*way, sum(turned(*side), *other));
                    }
                }
            }
            Handed::Table(_, of_child) if of_child.len() == row(places.len()) => {
                for member in 1..places.len() {
                    let ways = &mut table[row(places[member] as usize)..];
                    for (known, place) in of_child[row(member)..].iter().zip(&places[..member]) {
                        let way = &mut ways[*place as usize];
                        *way = cheaper(*way, *known);
                    }
                }
            }
            // Its table has become the parent's.
            Handed::Table(..) => {}
        }
    }
}
