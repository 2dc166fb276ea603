//! Places added to a travel that is in use: rows and columns of their own beside the table of before,
//! so that a live day takes in a new place without copying the square of all others.

use super::{Fnv, Hours, Leg, LegSource, Travel, TravelMatrix};
use crate::ids::{PlaceIx, ProfileIx};
use crate::place::{GlobePoint, Position};
use crate::units::{Permille, Time};
use std::sync::Arc;

/// The legs between one more place and all places known before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceLegs {
    /// From each known place to the new one.
    pub to: Vec<Leg>,
    /// From the new place to each known one.
    pub from: Vec<Leg>,
}

impl PlaceLegs {
    /// By straight lines, as [`Leg::great_circle`] has them, which are alike both ways: to and from each known
    /// place in order.
    pub fn great_circle(
        known: impl Iterator<Item = Option<GlobePoint>>,
        here: Option<Position>,
        detour: f64,
        meters_per_second: f64,
    ) -> Self {
        let here = here.map(GlobePoint::from);
        let to: Vec<Leg> = known.map(|there| Leg::straight(there, here, detour, meters_per_second)).collect();
        Self { from: to.clone(), to }
    }
    /// Whether both directions name exactly `places` known places.
    pub fn fits(&self, places: usize) -> bool {
        self.to.len() == places && self.from.len() == places
    }
    /// The count of a direction that does not name every known place once.
    fn wrong(&self, places: usize) -> Option<usize> {
        [self.to.len(), self.from.len()].into_iter().find(|count| *count != places)
    }
    pub(super) fn all(&self) -> impl Iterator<Item = Leg> + '_ {
        self.to.iter().chain(&self.from).copied()
    }
}

/// The legs of one more place for one travel profile, at the profile's own speed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileLegs {
    /// In the plain hours.
    pub plain: Arc<PlaceLegs>,
    /// In each kind of rush hour that has a matrix of its own, in their order.
    pub rush: Vec<Arc<PlaceLegs>>,
}

impl ProfileLegs {
    /// The legs of a kind of hour; no kind for plain hours.
    fn of(&self, kind: Option<usize>) -> &PlaceLegs {
        kind.and_then(|kind| self.rush.get(kind)).unwrap_or(&self.plain)
    }
    /// Legs of a profile without matrices for rush hours.
    pub fn plain(legs: PlaceLegs) -> Self {
        Self { plain: Arc::new(legs), rush: Vec::new() }
    }
}

/// A dense table with places that came in later. A leg of such a place is two look-ups.
#[derive(Clone, Debug)]
pub(super) struct Grown {
    dense: TravelMatrix,
    /// Legs of each later place to and from all places before it.
    later: Vec<Arc<PlaceLegs>>,
}

impl Grown {
    pub(super) fn new(dense: TravelMatrix, legs: Arc<PlaceLegs>) -> Self {
        Self { dense, later: vec![legs] }
    }
    pub(super) fn more(&self, legs: Arc<PlaceLegs>) -> Self {
        let mut grown = self.clone();
        grown.later.push(legs);
        grown
    }
    pub(super) fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        let (a, b) = (from.index(), to.index());
        match a.max(b).checked_sub(self.dense.size()) {
            None => self.dense.leg(from, to),
            Some(_) if a == b => Leg::default(),
            Some(later) if a > b => self.later[later].from[b],
            Some(later) => self.later[later].to[a],
        }
    }
}

/// Legs worked out when asked for, with later places whose legs are told: however many came, a leg of
/// theirs is one look-up, and one of the others is asked for once.
#[derive(Debug)]
pub(super) struct MorePlaces {
    source: Arc<dyn LegSource>,
    /// Its places.
    base: usize,
    /// Legs of each later place to and from all places before it.
    later: Vec<Arc<PlaceLegs>>,
    fingerprint: u64,
}

impl MorePlaces {
    pub(super) fn new(source: Arc<dyn LegSource>, legs: Arc<PlaceLegs>) -> Self {
        let fingerprint = after(source.fingerprint(), &legs);
        Self { base: source.size(), source, later: vec![legs], fingerprint }
    }
}

/// The fingerprint with the legs of one more place.
fn after(fingerprint: u64, legs: &PlaceLegs) -> u64 {
    let mut hash = Fnv(fingerprint);
    legs.all().for_each(|leg| hash.leg(leg));
    hash.0
}

impl LegSource for MorePlaces {
    fn size(&self) -> usize {
        self.base + self.later.len()
    }
    fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        let (a, b) = (from.index(), to.index());
        match a.max(b).checked_sub(self.base) {
            None => self.source.leg(from, to),
            Some(_) if a == b => Leg::default(),
            Some(later) if a > b => self.later[later].from[b],
            Some(later) => self.later[later].to[a],
        }
    }
    fn nearest(&self, from: PlaceIx, count: usize) -> Vec<(PlaceIx, Leg)> {
        let there = |to: PlaceIx| (to, self.leg(from, to));
        let mut near: Vec<(PlaceIx, Leg)> = if from.index() < self.base {
            self.source.nearest(from, count)
        } else {
            (0..self.base).map(|to| there(PlaceIx::from(to))).collect()
        };
        near.extend((self.base..self.size()).map(PlaceIx::from).filter(|to| *to != from).map(there));
        near.retain(|(_, leg)| leg.is_reachable());
        near.sort_by_key(|(_, leg)| leg.seconds); // stable: of equally near ones the first in the list
        near.truncate(count);
        near
    }
    fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
    fn with_place(&self, legs: &Arc<PlaceLegs>) -> Option<Arc<dyn LegSource>> {
        let later = self.later.iter().chain([legs]).cloned().collect();
        let fingerprint = after(self.fingerprint, legs);
        Some(Arc::new(Self { source: Arc::clone(&self.source), base: self.base, later, fingerprint }))
    }
}

impl TravelMatrix {
    /// The same table with one more place, its last. What is known is shared, not copied.
    ///
    /// # Errors
    /// When a direction does not name every known place once: gives the count wanted and the count
    /// given.
    pub fn with_place(&self, legs: Arc<PlaceLegs>) -> Result<Self, (usize, usize)> {
        match legs.wrong(self.size()) {
            Some(count) => Err((self.size(), count)),
            None => Ok(self.grown(legs)),
        }
    }
}

/// Which way a leg of a new place goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From a known place to the new one.
    To,
    /// From the new place to a known one.
    From,
}

impl PlaceLegs {
    /// The leg to or from a known place; none where it is not told.
    #[inline]
    pub fn leg(&self, way: Way, known: PlaceIx) -> Leg {
        let legs = match way {
            Way::To => &self.to,
            Way::From => &self.from,
        };
        legs.get(known.index()).copied().unwrap_or(Leg::UNREACHABLE)
    }
}

impl Travel {
    /// [`Self::leg`] between a known place and one whose legs are told.
    pub fn told_leg(
        &self,
        profile: ProfileIx,
        speed: Permille,
        legs: &ProfileLegs,
        (way, known): (Way, PlaceIx),
        depart: Time,
    ) -> Leg {
        match self.hours(profile) {
            None => legs.plain.leg(way, known).at_speed(speed),
            Some(hours) => hours.leg_of(speed, depart, |kind| legs.of(kind).leg(way, known)),
        }
    }
    /// [`Self::quickest`] between all known places and one whose legs are told.
    pub fn told_quickest(&self, profile: ProfileIx, speed: Permille, legs: &ProfileLegs) -> Arc<PlaceLegs> {
        let all = |way: Way| -> Vec<Leg> {
            let known = (0..self.places()).map(PlaceIx::from);
            match self.hours(profile) {
                None => known.map(|known| legs.plain.leg(way, known).at_speed(speed)).collect(),
                Some(hours) => {
                    known.map(|known| hours.quickest_of(speed, |kind| legs.of(kind).leg(way, known))).collect()
                }
            }
        };
        if self.hours(profile).is_none() && speed == Permille::ONE {
            return Arc::clone(&legs.plain);
        }
        Arc::new(PlaceLegs { to: all(Way::To), from: all(Way::From) })
    }
    /// Whether the legs of a new place name every known place once, for each profile and kind of hour.
    pub fn takes(&self, legs: &[ProfileLegs]) -> bool {
        let whole = |own: &Arc<PlaceLegs>| own.fits(self.places());
        legs.len() == self.profiles.len()
            && legs.iter().zip(&self.profiles).all(|(legs, profile)| {
                let kinds = match profile.hours.as_deref() {
                    Some(Hours::Matrices(hours)) => hours.matrices.len(),
                    Some(Hours::Speed(_)) | None => 0,
                };
                whole(&legs.plain) && legs.rush.len() == kinds && legs.rush.iter().all(whole)
            })
    }
    /// The same travel with one more place, its last: legs per profile. Its fingerprint goes on from
    /// this one's, so it differs from that of the same travel made in one piece.
    ///
    /// # Errors
    /// When profiles or kinds of rush hours are missing or a direction does not name every known place
    /// once: gives the count wanted and the count given.
    pub fn with_place(&self, legs: &[ProfileLegs]) -> Result<Self, (usize, usize)> {
        if legs.len() != self.profiles.len() {
            return Err((self.profiles.len(), legs.len()));
        }
        let mut longer = self.clone();
        let mut hash = Fnv(self.fingerprint);
        for (profile, ProfileLegs { plain, rush }) in longer.profiles.iter_mut().zip(legs) {
            profile.matrix = profile.matrix.with_place(Arc::clone(plain))?;
            plain.all().for_each(|leg| hash.leg(leg));
            if let Some(hours) = &mut profile.hours
                && let Hours::Matrices(kinds) = Arc::make_mut(hours)
            {
                if rush.len() != kinds.matrices.len() {
                    return Err((kinds.matrices.len(), rush.len()));
                }
                for (matrix, legs) in kinds.matrices.iter_mut().zip(rush) {
                    *matrix = matrix.with_place(Arc::clone(legs))?;
                    legs.all().for_each(|leg| hash.leg(leg));
                }
            }
        }
        longer.fingerprint = hash.0;
        Ok(longer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Asked;
    use crate::travel::HourlyMatrices;
    use crate::units::Duration;

    fn leg(from: usize, to: usize) -> Leg {
        let seconds = if from == to { 0 } else { (from * 10 + to) as u32 };
        Leg { seconds, meters: seconds * 2 }
    }

    fn legs(known: usize) -> Arc<PlaceLegs> {
        Arc::new(PlaceLegs {
            to: (0..known).map(|from| leg(from, known)).collect(),
            from: (0..known).map(|to| leg(known, to)).collect(),
        })
    }

    #[test]
    fn places_added_one_by_one_have_the_legs_of_a_matrix_made_in_one_piece() {
        let whole = TravelMatrix::from_fn(6, leg);
        let small = TravelMatrix::from_fn(3, leg);
        for mut grown in [small.clone(), TravelMatrix::on_demand(Arc::new(Asked(small)))] {
            for known in 3..6 {
                grown = grown.with_place(legs(known)).unwrap();
            }
            assert_eq!(grown.size(), 6);
            assert_eq!(grown, whole);
            assert_eq!(grown.in_one_piece(), whole);
            assert_eq!(grown.select(&[5, 0, 3]), whole.select(&[5, 0, 3]));
            let doubled = |_, _, leg: Leg| leg.at_speed(Permille(500));
            assert_eq!(grown.changed(doubled, 5), whole.changed(doubled, 5));
            for place in (0..6).map(PlaceIx) {
                assert_eq!(grown.known(place, PlaceIx(5)), Some(whole.leg(place, PlaceIx(5))));
                assert_eq!(grown.known(place, PlaceIx(u32::MAX - 1)), None);
                assert_eq!(grown.known(PlaceIx(u32::MAX - 1), place), None);
                if let Some(source) = grown.source() {
                    assert_eq!(source.nearest(place, 3), Asked(whole.clone()).nearest(place, 3), "from {place:?}");
                }
            }
        }
    }

    #[test]
    fn a_place_without_all_its_legs_is_refused() {
        let travel = Travel::new(vec![TravelMatrix::from_fn(3, leg)]);
        let plain = |known| ProfileLegs { plain: legs(known), rush: Vec::new() };
        assert_eq!(travel.with_place(&[plain(2)]).unwrap_err(), (3, 2));
        assert_eq!(travel.with_place(&[]).unwrap_err(), (1, 0));
        let longer = travel.with_place(&[plain(3)]).unwrap();
        assert_eq!((longer.places(), longer.matrix(ProfileIx(0)).size()), (4, 4));
        assert_ne!(longer.fingerprint(), travel.fingerprint());
    }

    #[test]
    fn a_new_place_has_its_own_legs_in_each_kind_of_hour() {
        let slow = |from, to| leg(from, to).at_speed(Permille(100));
        let mut of_hour = [None; 24];
        of_hour[8] = Some(0);
        let of = |size| {
            let matrices = vec![TravelMatrix::from_fn(size, slow)];
            let hours = Hours::Matrices(HourlyMatrices { matrices, of_hour, horizon_starts_at: Duration(0) });
            Travel::with_hours(vec![(TravelMatrix::from_fn(size, leg), Some(hours))])
        };
        let plain = legs(3);
        let slowly = |legs: &[Leg]| legs.iter().map(|leg| leg.at_speed(Permille(100))).collect();
        let rush = Arc::new(PlaceLegs { to: slowly(&plain.to), from: slowly(&plain.from) });
        assert_eq!(of(3).with_place(&[ProfileLegs { plain: Arc::clone(&plain), rush: vec![] }]).unwrap_err(), (1, 0));
        let told = ProfileLegs { plain, rush: vec![rush] };
        assert!(of(3).takes(std::slice::from_ref(&told)));
        let longer = of(3).with_place(std::slice::from_ref(&told)).unwrap();
        let (quickest, whole) =
            (of(3).told_quickest(ProfileIx(0), Permille(900), &told), of(4).quickest(ProfileIx(0), Permille(900)));
        for at in [7 * 3600, 8 * 3600, 8 * 3600 - 5] {
            for (from, to) in [(0, 3), (3, 1), (2, 1)] {
                let drive =
                    |travel: &Travel| travel.leg(ProfileIx(0), Permille(900), PlaceIx(from), PlaceIx(to), Time(at));
                assert_eq!(drive(&longer), drive(&of(4)), "{from} to {to} at {at}");
                let new = PlaceIx(3);
                let (way, known) = if from == 3 { (Way::From, PlaceIx(to)) } else { (Way::To, PlaceIx(from)) };
                if from == 3 || to == 3 {
                    let leg = of(3).told_leg(ProfileIx(0), Permille(900), &told, (way, known), Time(at));
                    assert_eq!(leg, drive(&longer), "{from} to {to} at {at}");
                    let least = if way == Way::From { whole.leg(new, known) } else { whole.leg(known, new) };
                    assert_eq!(quickest.leg(way, known), least);
                }
            }
        }
    }
}
