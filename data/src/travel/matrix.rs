//! A square table of legs: all of them in memory, or worked out when asked for.

use super::grown::{Grown, MorePlaces, PlaceLegs};
use super::{Fnv, Leg};
use crate::ids::PlaceIx;
use crate::place::{GlobePoint, Position};
use rayon::prelude::*;
use std::fmt;
use std::sync::{Arc, OnceLock};

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
    /// All legs between a choice of the places, row after row, where they are found sooner together
    /// than one by one.
    fn table(&self, _picks: &[PlaceIx]) -> Option<Vec<Leg>> {
        None
    }
    /// The same with one more place, its last, where a source can take one in itself.
    fn with_place(&self, _legs: &Arc<PlaceLegs>) -> Option<Arc<dyn LegSource>> {
        None
    }
}

/// Places up to which a table that can be reckoned at any time is kept in memory: 512 MB.
const MOST_PLACES: usize = 8_000;

/// A square table of legs by place: row = from, column = to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct TravelMatrix {
    size: usize,
    legs: Legs,
    /// What [`Self::longest`] found when it was asked.
    longest: Arc<OnceLock<Leg>>,
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
        Self::of(size, Legs::Dense(legs.into()))
    }
    fn of(size: usize, legs: Legs) -> Self {
        Self { size, legs, longest: Arc::default() }
    }
    /// A table of legs that are worked out when asked for.
    pub fn on_demand(source: Arc<dyn LegSource>) -> Self {
        Self::of(source.size(), Legs::OnDemand(source))
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
        Self::of(size, Legs::Dense(legs))
    }
    /// Great-circle travel: the straight way times `detour` at `meters_per_second`, rounded up.
    /// A place without a position is unreachable.
    pub fn great_circle(places: &[Option<Position>], detour: f64, meters_per_second: f64) -> Self {
        let points: Vec<Option<GlobePoint>> = places.iter().map(|place| place.map(GlobePoint::from)).collect();
        let leg = move |from: usize, to: usize| Leg::straight(points[from], points[to], detour, meters_per_second);
        let mut mark = Fnv::new();
        for place in places {
            let Position { lat, lon } = place.unwrap_or(Position { lat: f64::NAN, lon: f64::NAN });
            [lat, lon].into_iter().for_each(|degrees| mark.number(degrees.to_bits()));
        }
        [detour, meters_per_second].into_iter().for_each(|number| mark.number(number.to_bits()));
        Self::reckoned(places.len(), mark.0, leg)
    }
    /// A table whose legs between different places are reckoned pair by pair: at once where it is small,
    /// when asked for where it is large. `mark` tells one reckoning from another.
    pub fn reckoned(size: usize, mark: u64, leg: impl Fn(usize, usize) -> Leg + Send + Sync + 'static) -> Self {
        let leg = move |from, to| if from == to { Leg::default() } else { leg(from, to) };
        if size <= MOST_PLACES {
            return Self::from_fn(size, leg);
        }
        Self::on_demand(Arc::new(Reckoned { size, leg: Box::new(leg), mark }))
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
    /// The most seconds and the most metres of all legs that are ways at all, whether or not they are of one
    /// leg; `None` where legs are worked out when asked for. Looks at every leg once: this table, its clones
    /// and those that it grows into remember what was found.
    pub fn longest(&self) -> Option<Leg> {
        self.source().is_none().then(|| *self.longest.get_or_init(|| Leg::longest(self.legs())))
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
        let places = || (0..picks.len()).map(pick).collect::<Vec<_>>();
        if let Some(legs) = self.source().and_then(|source| source.table(&places()))
            && legs.len() == picks.len() * picks.len()
        {
            return Self::dense(picks.len(), legs);
        }
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
    /// This table with one more place, whose legs are `new`. What is known of all others stays known.
    fn and(&self, new: &PlaceLegs, legs: Legs) -> Self {
        let longest = self.longest.get().map(|known| Leg::longest([*known].into_iter().chain(new.all())));
        Self { size: self.size + 1, legs, longest: Arc::new(longest.map_or_else(OnceLock::new, OnceLock::from)) }
    }
    /// The same table with one more place, its last; the legs are one per known place either way.
    pub(super) fn grown(&self, legs: Arc<PlaceLegs>) -> Self {
        match &self.legs {
            Legs::Dense(_) => self.and(&legs, Legs::Grown(Arc::new(Grown::new(self.clone(), Arc::clone(&legs))))),
            Legs::Grown(grown) => self.and(&legs, Legs::Grown(Arc::new(grown.more(Arc::clone(&legs))))),
            Legs::OnDemand(source) => {
                let more = source.with_place(&legs);
                Self::on_demand(more.unwrap_or_else(|| Arc::new(MorePlaces::new(Arc::clone(source), legs))))
            }
        }
    }
}

type Reckoning = Box<dyn Fn(usize, usize) -> Leg + Send + Sync>;

/// Legs that are reckoned from the two places alone.
struct Reckoned {
    size: usize,
    leg: Reckoning,
    mark: u64,
}

impl fmt::Debug for Reckoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "legs between {} places, reckoned by {:x}", self.size, self.mark)
    }
}

impl LegSource for Reckoned {
    fn size(&self) -> usize {
        self.size
    }
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        (self.leg)(from.index(), to.index())
    }
    /// Looks at every place.
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let others = (0..self.size).map(PlaceIx::from).filter(|to| *to != from);
        let mut near: Vec<(PlaceIx, Leg)> = others.map(|to| (to, self.leg(from, to))).collect();
        near.retain(|(_, leg)| leg.is_reachable());
        let first = |(to, leg): &(PlaceIx, Leg)| (leg.seconds, *to);
        if count < near.len() {
            near.select_nth_unstable_by_key(count, first);
            near.truncate(count);
        }
        near.sort_unstable_by_key(first);
        near
    }
    fn fingerprint(&self) -> u64 {
        self.mark
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
    fn table(&self, picks: &[PlaceIx]) -> Option<Vec<Leg>> {
        let mut legs = self.source.table(picks)?;
        let pairs = picks.iter().flat_map(|from| picks.iter().map(move |to| (*from, *to)));
        legs.iter_mut().zip(pairs).for_each(|(leg, (from, to))| *leg = (self.change)(from, to, *leg));
        Some(legs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_table_is_reckoned_when_asked_and_says_the_same() {
        let size = MOST_PLACES + 1;
        let leg = |from: usize, to: usize| Leg { seconds: from.abs_diff(to) as u32, meters: (from + 2 * to) as u32 };
        let large = TravelMatrix::reckoned(size, 3, leg);
        assert!(large.source().is_some() && TravelMatrix::reckoned(9, 3, leg).source().is_none());
        let picks = [7, 0, size - 1, 12];
        let chosen = large.select(&picks);
        for (row, from) in picks.into_iter().enumerate() {
            for (column, to) in picks.into_iter().enumerate() {
                let expected = if from == to { Leg::default() } else { leg(from, to) };
                assert_eq!(large.leg(PlaceIx::from(from), PlaceIx::from(to)), expected);
                assert_eq!(chosen.leg(PlaceIx::from(row), PlaceIx::from(column)), expected);
            }
        }
        let near: Vec<u32> = large.source().unwrap().nearest(PlaceIx(5), 4).into_iter().map(|(to, _)| to.0).collect();
        assert_eq!(near, [4, 6, 3, 7]);
    }

    #[test]
    fn the_longest_legs_are_known_of_a_table_that_grows() {
        let leg = |seconds, meters| Leg { seconds, meters };
        let legs = vec![Leg::default(), leg(7, 100), Leg::UNREACHABLE, Leg::default()];
        let table = TravelMatrix::new(2, legs).unwrap();
        let more = |to: Leg, from: Leg| Arc::new(PlaceLegs { to: vec![to; 2], from: vec![from; 2] });
        let unasked = table.grown(more(leg(9, 3), Leg::UNREACHABLE));
        assert_eq!(table.longest(), Some(leg(7, 100)));
        let asked = table.grown(more(leg(9, 3), Leg::UNREACHABLE));
        assert!(asked.longest.get().is_some() && unasked.longest.get().is_none());
        assert_eq!((asked.longest(), unasked.longest()), (Some(leg(9, 100)), Some(leg(9, 100))));
        let further = Arc::new(PlaceLegs { to: vec![leg(1, 400); 3], from: vec![leg(2, 2); 3] });
        assert_eq!(asked.grown(further).longest(), Some(leg(9, 400)));
        assert_eq!(TravelMatrix::reckoned(MOST_PLACES + 1, 3, move |_, _| leg(5, 5)).longest(), None);
    }

    #[test]
    fn great_circles_of_many_places_are_those_of_few() {
        let place = |at: usize| Some(Position { lat: 40.0 + at as f64 / 1000.0, lon: (at % 97) as f64 / 50.0 });
        let places: Vec<_> = (0..=MOST_PLACES).map(place).collect();
        let large = TravelMatrix::great_circle(&places, 1.3, 13.0);
        let few = TravelMatrix::great_circle(&places[..20], 1.3, 13.0);
        assert_eq!(large.select(&(0..20).collect::<Vec<_>>()), few);
        let mut moved = places.clone();
        moved[3] = place(4);
        let other = TravelMatrix::great_circle(&moved, 1.3, 13.0);
        let mark = |matrix: &TravelMatrix| matrix.source().unwrap().fingerprint();
        assert_ne!(mark(&large), mark(&other));
    }
}
