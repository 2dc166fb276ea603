//! A square table of legs: all of them in memory, or worked out when asked for.

use super::grown::{Grown, OneMore, PlaceLegs};
use super::{Fnv, Leg};
use crate::ids::PlaceIx;
use crate::place::Position;
use rayon::prelude::*;
use std::fmt;
use std::sync::Arc;

/// Legs that are worked out when they are asked for, for problems whose dense table would not fit.
///
/// The same question must always have the same answer, from any thread.
pub trait LegSource: fmt::Debug + Send + Sync {
    /// Number of places.
    fn size(&self) -> usize;
    /// From one place to another; from a place to itself it is no way at all.
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg;
    /// The `count` places that are reached soonest from one, itself left out, the nearest first and of
    /// equally near ones the first in the list; fewer where fewer can be reached.
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)>;
    /// A number that changes with any leg.
    fn fingerprint(&self) -> u64;
}

/// A square table of legs by place: row = from, column = to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TravelMatrix {
    size: usize,
    legs: Legs,
}

#[derive(Clone, Debug)]
enum Legs {
    /// Row after row. Shared, so that a problem and its [`Travel`](super::Travel) can hold the same
    /// table once.
    Dense(Arc<[Leg]>),
    OnDemand(Arc<dyn LegSource>),
    /// A dense table with places that came in later.
    Grown(Arc<Grown>),
}

impl PartialEq for TravelMatrix {
    fn eq(&self, other: &Self) -> bool {
        match (&self.legs, &other.legs) {
            (Legs::Dense(one), Legs::Dense(two)) => self.size == other.size && one == two,
            (Legs::OnDemand(one), Legs::OnDemand(two)) if Arc::ptr_eq(one, two) => true,
            _ => self.size == other.size && self.legs().eq(other.legs()),
        }
    }
}

impl Eq for TravelMatrix {}

impl TravelMatrix {
    /// A matrix from its rows.
    ///
    /// # Errors
    /// When `legs.len()` is not `size * size`: gives both lengths, expected first.
    pub fn new(size: usize, legs: Vec<Leg>) -> Result<Self, (usize, usize)> {
        let expected = size * size;
        if legs.len() == expected { Ok(Self::dense(size, legs)) } else { Err((expected, legs.len())) }
    }
    fn dense(size: usize, legs: Vec<Leg>) -> Self {
        Self { size, legs: Legs::Dense(legs.into()) }
    }
    /// A table of legs that are worked out when asked for.
    pub fn on_demand(source: Arc<dyn LegSource>) -> Self {
        Self { size: source.size(), legs: Legs::OnDemand(source) }
    }
    /// A matrix computed pair by pair, row by row, by all threads of the pool that is asked.
    pub fn from_fn(size: usize, leg: impl Fn(usize, usize) -> Leg + Sync) -> Self {
        // Written in place: a table of 5,000 places is 200 MB, too much to be copied into its `Arc`.
        let mut legs: Arc<[Leg]> = std::iter::repeat_n(Leg::default(), size * size).collect();
        if let Some(all) = Arc::get_mut(&mut legs) {
            all.par_chunks_mut(size.max(1)).enumerate().for_each(|(from, row)| {
                row.iter_mut().enumerate().for_each(|(to, entry)| *entry = leg(from, to));
            });
        }
        Self { size, legs: Legs::Dense(legs) }
    }
    /// Great-circle travel: the straight way times `detour` at `meters_per_second`, rounded up.
    /// A place without a position is unreachable.
    pub fn great_circle(places: &[Option<Position>], detour: f64, meters_per_second: f64) -> Self {
        Self::from_fn(places.len(), |from, to| {
            if from == to {
                return Leg::default();
            }
            Leg::great_circle(places[from], places[to], detour, meters_per_second)
        })
    }
    /// Number of places.
    pub fn size(&self) -> usize {
        self.size
    }
    /// From one place to another.
    #[inline]
    pub fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        match &self.legs {
            Legs::Dense(legs) => legs[from.index() * self.size + to.index()],
            Legs::OnDemand(source) => source.leg(from, to),
            Legs::Grown(grown) => grown.leg(from, to),
        }
    }
    /// The same as [`Self::leg`], but `None` for a number so far beyond the places that no table could
    /// reach it.
    #[inline]
    pub fn known(&self, from: PlaceIx, to: PlaceIx) -> Option<Leg> {
        match &self.legs {
            Legs::Dense(legs) => legs.get(from.index() * self.size + to.index()).copied(),
            Legs::OnDemand(_) | Legs::Grown(_) => {
                (from.index().max(to.index()) < self.size).then(|| self.leg(from, to))
            }
        }
    }
    /// All legs from one place, by destination, where they stand in memory.
    #[inline]
    pub fn dense_row(&self, from: PlaceIx) -> Option<&[Leg]> {
        match &self.legs {
            Legs::Dense(legs) => Some(&legs[from.index() * self.size..][..self.size]),
            Legs::OnDemand(_) | Legs::Grown(_) => None,
        }
    }
    /// A table of `there(a, b) = self(b, a)` in memory: this one itself where both ways are alike;
    /// `None` where legs are worked out when asked for.
    #[must_use]
    pub fn reversed(&self) -> Option<Self> {
        let Legs::Dense(legs) = &self.legs else { return None };
        let alike = (0..self.size)
            .into_par_iter()
            .all(|from| (0..from).all(|to| legs[from * self.size + to] == legs[to * self.size + from]));
        Some(if alike { self.clone() } else { Self::from_fn(self.size, |from, to| legs[to * self.size + from]) })
    }
    /// All legs from one place, by destination.
    pub fn row(&self, from: PlaceIx) -> impl Iterator<Item = Leg> + '_ {
        (0..self.size).map(move |to| self.leg(from, PlaceIx::from(to)))
    }
    /// All legs, row after row.
    pub fn legs(&self) -> impl Iterator<Item = Leg> + '_ {
        (0..self.size).flat_map(|from| self.row(PlaceIx::from(from)))
    }
    /// The same table in one piece, where places came in later: legs are found at once then.
    #[must_use]
    pub fn in_one_piece(&self) -> Self {
        match &self.legs {
            Legs::Dense(_) | Legs::OnDemand(_) => self.clone(),
            Legs::Grown(grown) => {
                Self::from_fn(self.size, |from, to| grown.leg(PlaceIx::from(from), PlaceIx::from(to)))
            }
        }
    }
    /// The source of the legs, where they are worked out when asked for.
    pub fn source(&self) -> Option<&Arc<dyn LegSource>> {
        match &self.legs {
            Legs::Dense(_) | Legs::Grown(_) => None,
            Legs::OnDemand(source) => Some(source),
        }
    }
    /// The matrix over a choice of its places, in that order: `picks[k]` becomes place `k`.
    pub fn select(&self, picks: &[usize]) -> Self {
        let pick = |at: usize| PlaceIx::from(picks[at]);
        Self::from_fn(picks.len(), |from, to| self.leg(pick(from), pick(to)))
    }
    /// The same table with every leg changed. `mark` tells one change from another. Of legs worked out
    /// when asked for, [`LegSource::nearest`] goes on to choose by the seconds before the change.
    #[must_use]
    pub fn changed(&self, change: impl Fn(PlaceIx, PlaceIx, Leg) -> Leg + Send + Sync + 'static, mark: u64) -> Self {
        match &self.legs {
            Legs::Dense(_) | Legs::Grown(_) => Self::from_fn(self.size, |from, to| {
                let (from, to) = (PlaceIx::from(from), PlaceIx::from(to));
                change(from, to, self.leg(from, to))
            }),
            Legs::OnDemand(source) => {
                Self::on_demand(Arc::new(Changed { source: Arc::clone(source), change: Box::new(change), mark }))
            }
        }
    }
    pub(super) fn mark(&self, hash: &mut Fnv) {
        hash.number(self.size as u64);
        match &self.legs {
            Legs::Dense(legs) => {
                legs.iter().for_each(|leg| hash.leg(*leg));
            }
            Legs::OnDemand(source) => hash.number(source.fingerprint()),
            Legs::Grown(_) => self.legs().for_each(|leg| hash.leg(leg)),
        }
    }
    /// The same table with one more place, its last; the legs are one per known place either way.
    pub(super) fn grown(&self, legs: Arc<PlaceLegs>) -> Self {
        let size = self.size + 1;
        match &self.legs {
            Legs::Dense(_) => Self { size, legs: Legs::Grown(Arc::new(Grown::new(self.clone(), legs))) },
            Legs::Grown(grown) => Self { size, legs: Legs::Grown(Arc::new(grown.more(legs))) },
            Legs::OnDemand(source) => Self::on_demand(Arc::new(OneMore::new(Arc::clone(source), legs))),
        }
    }
}

type Change = Box<dyn Fn(PlaceIx, PlaceIx, Leg) -> Leg + Send + Sync>;

/// Legs of another source, changed.
struct Changed {
    source: Arc<dyn LegSource>,
    change: Change,
    mark: u64,
}

impl fmt::Debug for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, changed by {:x}", self.source, self.mark)
    }
}

impl LegSource for Changed {
    fn size(&self) -> usize {
        self.source.size()
    }
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        (self.change)(from, to, self.source.leg(from, to))
    }
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let near = self.source.nearest(from, count);
        let mut near: Vec<_> = near.into_iter().map(|(to, leg)| (to, (self.change)(from, to, leg))).collect();
        near.sort_by_key(|(_, leg)| leg.seconds);
        near
    }
    fn fingerprint(&self) -> u64 {
        self.source.fingerprint() ^ self.mark
    }
}
