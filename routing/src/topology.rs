//! The shape of the hierarchy: which states are joined by shortcuts, whatever the speeds.
//!
//! Contracting the states in order joins the higher neighbours of each (Dibbelt, Strasser and Wagner:
//! Customizable Contraction Hierarchies, 2016). The lowest higher neighbour of a state is its parent;
//! whatever it reaches upwards are its ancestors. Ranks are numbered depth first along this tree, so
//! that a state with all its descendants is a range of ranks. Weights are `metric`'s business.

use crate::ids::{RankIx, StateIx};
use crate::order::Order;
use crate::prepared::{Columns, Reader, lengths};
use crate::turns::TurnGraph;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::OnceLock;

/// All joins, in rows by their lower end. Ranks stand for states throughout.
#[derive(Debug)]
pub(crate) struct Topology {
    first: Vec<u32>,
    /// Higher end of each join, ascending within a row.
    head: Vec<RankIx>,
    /// Descendants of each state, itself included.
    family: Vec<u32>,
    /// `first_seat[r]..first_seat[r + 1]` are the turns that lie on joins of rank `r` upwards.
    first_seat: Vec<u32>,
    seats: Vec<Seat>,
    /// For each state's joins, the highest first, where their higher ends stand among the higher neighbours
    /// of its parent, also counted from the highest; the parent itself comes after these. Found when the
    /// first metric asks.
    places: OnceLock<Vec<u32>>,
}

/// Stands for all places of a state whose parent lacks one of its neighbours.
const NO_PLACE: u32 = u32::MAX;

/// A turn of the turn graph and the join on which it lies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    /// Position among all turns.
    pub(crate) turn: u32,
    /// Twice the join's position in its row, plus one for a turn downwards.
    place: u32,
}

impl Seat {
    /// The join's position in its row.
    #[inline]
    pub(crate) fn join(self) -> usize {
        (self.place >> 1) as usize
    }
    /// Whether the turn leads to the higher end.
    #[inline]
    pub(crate) fn is_up(self) -> bool {
        self.place & 1 == 0
    }
}

impl Topology {
    /// Joins what the order demands, and numbers the ranks anew, depth first.
    pub(crate) fn build(turns: &TurnGraph, order: Order) -> (Order, Self) {
        let (first, head) = contract(turns, &order);
        let (rank_of, place_of) = depth_first(&first, &head);
        let order = order.renumbered(&rank_of);
        let mut shape = (Vec::with_capacity(first.len()), Vec::with_capacity(head.len()));
        for old in &place_of {
            shape.0.push(shape.1.len() as u32);
            // Ancestors keep their order, so rows stay ascending.
            let row = &head[first[old.index()] as usize..first[old.index() + 1] as usize];
            shape.1.extend(row.iter().map(|high| rank_of[high.index()]));
        }
        shape.0.push(shape.1.len() as u32);
        let (first, head) = shape;
        let family = family(&first, &head);
        let (first_seat, seats) = seats(turns, &order, &first, &head);
        (order, Self { first, head, family, first_seat, seats, places: OnceLock::new() })
    }
    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 5;
    pub(crate) fn save(&self, columns: &mut Columns) {
        columns.u32s(self.first.iter().copied());
        columns.u32s(self.head.iter().map(|head| head.0));
        columns.u32s(self.first_seat.iter().copied());
        columns.u32s(self.seats.iter().map(|seat| seat.turn));
        columns.u32s(self.seats.iter().map(|seat| seat.place));
    }
    pub(crate) fn load(columns: &mut Reader, states: usize, turns: usize) -> Result<Self, String> {
        let first = columns.rows(states)?;
        let head: Vec<RankIx> = columns.ids(states)?.into_iter().map(RankIx).collect();
        lengths(head.len() == first[states] as usize)?;
        upwards(&first, &head)?;
        let family = family(&first, &head);
        if !is_depth_first(&first, &head, &family) {
            return Err("ranks that are not numbered depth first".to_owned());
        }
        let first_seat = columns.rows(states)?;
        let (turn, place) = (columns.ids(turns)?, columns.u32s()?);
        lengths(turn.len() == place.len() && turn.len() == first_seat[states] as usize)?;
        let seats: Vec<Seat> = turn.into_iter().zip(place).map(|(turn, place)| Seat { turn, place }).collect();
        let fits = |rank: usize| {
            let joins = first[rank + 1] - first[rank];
            let row = &seats[first_seat[rank] as usize..first_seat[rank + 1] as usize];
            row.iter().all(|seat| seat.place >> 1 < joins)
        };
        if !(0..states).all(fits) {
            return Err("a turn on no join".to_owned());
        }
        Ok(Self { first, head, family, first_seat, seats, places: OnceLock::new() })
    }
    /// Number of states.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }
    /// Number of joins.
    pub(crate) fn joins(&self) -> usize {
        self.head.len()
    }
    /// The joins of a state upwards, as positions in the list of all joins.
    #[inline]
    pub(crate) fn up(&self, rank: RankIx) -> Range<usize> {
        self.first[rank.index()] as usize..self.first[rank.index() + 1] as usize
    }
    /// The lowest higher neighbour: the next state on the way to the top that can have a label.
    #[inline]
    pub(crate) fn parent(&self, rank: RankIx) -> Option<RankIx> {
        self.up(rank).next().map(|join| self.head[join])
    }
    /// The higher ends of a state's joins.
    #[inline]
    pub(crate) fn row(&self, rank: RankIx) -> &[RankIx] {
        &self.head[self.up(rank)]
    }
    /// Where the higher neighbours of a state, the highest first, stand in its parent's row, counted from
    /// its end; the parent itself, which comes last, stands behind that row. `None` when the parent lacks
    /// one of them, which is so in forged files only.
    #[inline]
    pub(crate) fn places(&self, rank: RankIx) -> Option<&[u32]> {
        let places = &self.places.get_or_init(|| self.find_places())[self.up(rank)];
        (places.first() != Some(&NO_PLACE)).then_some(places)
    }
    fn find_places(&self) -> Vec<u32> {
        const PIECE: usize = 8192;
        let pieces: Vec<_> = (0..self.len()).step_by(PIECE).map(|at| at..(at + PIECE).min(self.len())).collect();
        let found = pieces.into_par_iter().map(|ranks| {
            let mut found = Vec::with_capacity(self.joins_of(&ranks).len());
            ranks.for_each(|rank| self.find_places_of(RankIx::at(rank), &mut found));
            found
        });
        found.collect::<Vec<_>>().concat()
    }
    fn find_places_of(&self, rank: RankIx, found: &mut Vec<u32>) {
        let row = self.row(rank);
        let [parent, others @ ..] = row else { return };
        let of_parent = self.row(*parent);
        let before = found.len();
        let mut rest = of_parent.iter().rev().zip(0u32..);
        for high in others.iter().rev() {
            let Some((_, place)) = rest.find(|(other, _)| *other == high) else {
                found.truncate(before);
                found.resize(before + row.len(), NO_PLACE);
                return;
            };
            found.push(place);
        }
        found.push(of_parent.len() as u32);
    }
    /// All joins of a range of states.
    pub(crate) fn joins_of(&self, ranks: &Range<usize>) -> Range<usize> {
        self.first[ranks.start] as usize..self.first[ranks.end] as usize
    }
    /// The turns that lie on joins of a state upwards.
    #[inline]
    pub(crate) fn seats(&self, rank: RankIx) -> &[Seat] {
        &self.seats[self.first_seat[rank.index()] as usize..self.first_seat[rank.index() + 1] as usize]
    }
    /// Whether a state is the parent of none.
    #[inline]
    pub(crate) fn is_leaf(&self, rank: RankIx) -> bool {
        self.family[rank.index()] == 1
    }
    /// Parts of a range of whole families that can be worked on side by side: at least two families of
    /// at least `least` states, none within another; or nothing.
    pub(crate) fn split(&self, ranks: &Range<usize>, least: usize) -> Vec<Range<usize>> {
        let mut whole = ranks.clone();
        loop {
            let mut large = Vec::new();
            let mut end = whole.end;
            while end > whole.start {
                let start = end - self.family[end - 1] as usize;
                if end - start >= least {
                    large.push(start..end);
                }
                end = start;
            }
            match large.as_slice() {
                [] => return large,
                // The only large family: look among its children.
                [one] => whole = one.start..one.end - 1,
                _ => {
                    large.reverse();
                    return large;
                }
            }
        }
    }
}

/// Rows of higher neighbours after contraction.
fn contract(turns: &TurnGraph, order: &Order) -> (Vec<u32>, Vec<RankIx>) {
    let count = order.len();
    let mut above: Vec<Vec<RankIx>> = vec![Vec::new(); count];
    for state in 0..count {
        let from = order.rank(StateIx::at(state));
        for (next, _) in turns.after(StateIx::at(state)) {
            let to = order.rank(*next);
            if from != to {
                above[from.min(to).index()].push(from.max(to));
            }
        }
    }
    let mut first = Vec::with_capacity(count + 1);
    let mut head = Vec::new();
    let mut merged = Vec::new();
    for rank in 0..count {
        let mut row = std::mem::take(&mut above[rank]);
        row.sort_unstable();
        row.dedup();
        first.push(head.len() as u32);
        head.extend_from_slice(&row);
        if let [parent, rest @ ..] = row.as_slice() {
            // The parent takes the rest over; it sorts all it got when its own turn comes, but
            // merging now keeps the lists free of repetitions.
            let have = &mut above[parent.index()];
            if have.is_empty() {
                have.extend_from_slice(rest);
            } else {
                have.sort_unstable();
                merged.clear();
                merge(have, rest, &mut merged);
                std::mem::swap(have, &mut merged);
            }
        }
    }
    first.push(head.len() as u32);
    (first, head)
}

/// The parent of each rank.
fn parent(first: &[u32], head: &[RankIx], rank: usize) -> Option<RankIx> {
    (first[rank] < first[rank + 1]).then(|| head[first[rank] as usize])
}

/// Numbers ranks depth first along the tree of parents: the new rank of each, and its inverse.
fn depth_first(first: &[u32], head: &[RankIx]) -> (Vec<RankIx>, Vec<RankIx>) {
    let count = first.len() - 1;
    let size = family(first, head);
    // From the top down every state takes the end of what is left of its parent's range.
    let mut left = vec![0u32; count];
    let mut free = count as u32;
    let mut rank_of = vec![RankIx(0); count];
    let mut place_of = vec![RankIx(0); count];
    for rank in (0..count).rev() {
        let room = match parent(first, head, rank) {
            Some(parent) => &mut left[parent.index()],
            None => &mut free,
        };
        let end = *room;
        *room -= size[rank];
        rank_of[rank] = RankIx(end - 1);
        place_of[end as usize - 1] = RankIx::at(rank);
        left[rank] = end - 1;
    }
    (rank_of, place_of)
}

/// Descendants of each rank, itself included; parents have higher ranks.
fn family(first: &[u32], head: &[RankIx]) -> Vec<u32> {
    let count = first.len() - 1;
    let mut size = vec![1u32; count];
    for rank in 0..count {
        if let Some(parent) = parent(first, head, rank) {
            size[parent.index()] += size[rank];
        }
    }
    size
}

/// Whether every family is a range that its founder ends.
fn is_depth_first(first: &[u32], head: &[RankIx], family: &[u32]) -> bool {
    // A parent's range begins where its lowest child's does: children tile what lies below it.
    (0..family.len()).all(|rank| {
        let start = (rank + 1).checked_sub(family[rank] as usize);
        let mut end = rank;
        while start.is_some_and(|start| end > start) {
            let child = end - 1;
            if parent(first, head, child) != Some(RankIx::at(rank)) || (family[child] as usize) > end {
                return false;
            }
            end -= family[child] as usize;
        }
        start == Some(end)
    })
}

/// The turns on the joins, in rows by the lower end.
fn seats(turns: &TurnGraph, order: &Order, first: &[u32], head: &[RankIx]) -> (Vec<u32>, Vec<Seat>) {
    let mut found: Vec<(RankIx, Seat)> = Vec::with_capacity(turns.count());
    let mut turn = 0;
    for state in 0..turns.len() {
        let from = order.rank(StateIx::at(state));
        for (next, _) in turns.after(StateIx::at(state)) {
            let to = order.rank(*next);
            let low = from.min(to);
            let row = &head[first[low.index()] as usize..first[low.index() + 1] as usize];
            // A turn of a state into itself (a loop of one street) is never on a fastest way.
            if let Ok(at) = row.binary_search(&from.max(to)) {
                found.push((low, Seat { turn, place: (at as u32) << 1 | u32::from(to < from) }));
            }
            turn += 1;
        }
    }
    let mut first_seat = vec![0u32; first.len()];
    for (low, _) in &found {
        first_seat[low.index() + 1] += 1;
    }
    for at in 1..first_seat.len() {
        first_seat[at] += first_seat[at - 1];
    }
    let mut next = first_seat.clone();
    let mut seats = vec![Seat { turn: 0, place: 0 }; found.len()];
    for (low, seat) in found {
        seats[next[low.index()] as usize] = seat;
        next[low.index()] += 1;
    }
    (first_seat, seats)
}

/// Whether every row leads to higher states only, in ascending order.
pub(crate) fn upwards(first: &[u32], head: &[RankIx]) -> Result<(), String> {
    let sound = first.windows(2).enumerate().all(|(low, row)| {
        let row = &head[row[0] as usize..row[1] as usize];
        row.first().is_none_or(|high| high.index() > low) && row.windows(2).all(|pair| pair[0] < pair[1])
    });
    if sound { Ok(()) } else { Err("a join that does not lead upwards".to_owned()) }
}

/// Both sorted lists in one, without repetitions.
fn merge(a: &[RankIx], b: &[RankIx], out: &mut Vec<RankIx>) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let value = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => *x.min(y),
            (Some(x), None) | (None, Some(x)) => *x,
            (None, None) => return,
        };
        while a.get(i) == Some(&value) {
            i += 1;
        }
        while b.get(j) == Some(&value) {
            j += 1;
        }
        out.push(value);
    }
}
