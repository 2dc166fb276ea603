//! Travel between the places of a problem: the one noun in which roads and search meet.
//!
//! No road and no file here: `dispatch-routing` fills a [`Travel`], a solver and the judge read it.

use crate::ids::{PlaceIx, ProfileIx};
use crate::place::Position;
use crate::units::{Duration, Meters, Permille, Time};
use std::sync::Arc;

/// Travel from one place to another: seconds and metres along the same path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Leg {
    /// Travel time in seconds; [`Leg::UNREACHABLE`] has `u32::MAX`.
    pub seconds: u32,
    /// Length of the same path in metres.
    pub meters: u32,
}

impl Leg {
    /// There is no way.
    pub const UNREACHABLE: Self = Self { seconds: u32::MAX, meters: u32::MAX };

    /// Whether there is a way at all.
    #[inline]
    pub fn is_reachable(self) -> bool {
        self.seconds != u32::MAX
    }
    /// The travel time.
    #[inline]
    pub fn duration(self) -> Duration {
        Duration(i64::from(self.seconds))
    }
    /// The length of the path.
    #[inline]
    pub fn distance(self) -> Meters {
        Meters(i64::from(self.meters))
    }
    /// The same path driven at `speed` thousandths of the profile's speed; seconds round up.
    #[inline]
    pub fn at_speed(self, speed: Permille) -> Self {
        if speed.0 == 1000 || !self.is_reachable() {
            return self;
        }
        let seconds = (u64::from(self.seconds) * 1000).div_ceil(u64::from(speed.0.max(1)));
        Self { seconds: u32::try_from(seconds).unwrap_or(u32::MAX - 1).min(u32::MAX - 1), ..self }
    }
}

/// A dense square matrix of legs, row-major: row = from, column = to. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelMatrix {
    size: usize,
    /// Shared, so that a problem and its [`Travel`] can hold the same matrix once.
    legs: Arc<[Leg]>,
}

impl TravelMatrix {
    /// A matrix from its rows.
    ///
    /// # Errors
    /// When `legs.len()` is not `size * size`: gives both lengths, expected first.
    pub fn new(size: usize, legs: Vec<Leg>) -> Result<Self, (usize, usize)> {
        if legs.len() == size * size { Ok(Self { size, legs: legs.into() }) } else { Err((size * size, legs.len())) }
    }
    /// A matrix computed pair by pair.
    pub fn from_fn(size: usize, mut leg: impl FnMut(usize, usize) -> Leg) -> Self {
        let mut legs = Vec::with_capacity(size * size);
        for from in 0..size {
            for to in 0..size {
                legs.push(leg(from, to));
            }
        }
        Self { size, legs: legs.into() }
    }
    /// Great-circle travel: the straight way times `detour` at `meters_per_second`, rounded up.
    /// A place without a position is unreachable.
    pub fn great_circle(places: &[Option<Position>], detour: f64, meters_per_second: f64) -> Self {
        Self::from_fn(places.len(), |from, to| match (places[from], places[to]) {
            _ if from == to => Leg::default(),
            (Some(a), Some(b)) => {
                let meters = (a.meters_to(b) * detour).ceil();
                let seconds = (meters / meters_per_second).ceil();
                if seconds < f64::from(u32::MAX) {
                    Leg { seconds: seconds as u32, meters: meters as u32 }
                } else {
                    Leg::UNREACHABLE
                }
            }
            _ => Leg::UNREACHABLE,
        })
    }
    /// Number of places.
    pub fn size(&self) -> usize {
        self.size
    }
    /// From one place to another.
    #[inline]
    pub fn leg(&self, from: PlaceIx, to: PlaceIx) -> Leg {
        self.legs[from.index() * self.size + to.index()]
    }
    /// All legs from one place, by destination.
    pub fn row(&self, from: PlaceIx) -> &[Leg] {
        &self.legs[from.index() * self.size..(from.index() + 1) * self.size]
    }
    /// The matrix over a choice of its places, in that order: `picks[k]` becomes place `k`.
    pub fn select(&self, picks: &[usize]) -> Self {
        Self::from_fn(picks.len(), |from, to| self.legs[picks[from] * self.size + picks[to]])
    }
}

/// Speed over the hours of a day: a leg's progress is integrated across the hour borders, so who
/// leaves later never arrives earlier (first in, first out).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlySpeed {
    /// Share of the plain speed in each hour of the day, local time, `[0]` from midnight.
    pub share: [Permille; 24],
    /// Second of the local day at which the horizon starts.
    pub horizon_starts_at: Duration,
}

impl HourlySpeed {
    /// How long a way of `plain` seconds at full speed takes when left at `depart`.
    pub fn traverse(&self, depart: Time, plain: Duration) -> Duration {
        let mut work = plain.0 * 1000; // thousandths of plain seconds still to drive
        let mut now = depart.0 + self.horizon_starts_at.0;
        while work > 0 {
            let share = i64::from(self.share[now.div_euclid(3600).rem_euclid(24) as usize].0.max(1));
            let to_border = 3600 - now.rem_euclid(3600);
            if work <= share * to_border {
                now += (work + share - 1) / share;
                break;
            }
            work -= share * to_border;
            now += to_border;
        }
        Duration(now - depart.0 - self.horizon_starts_at.0)
    }
}

/// All travel of one problem: a matrix per travel profile over the problem's places.
///
/// Cheap to clone. The fingerprint tells whether a plan was made with the same travel.
#[derive(Clone, Debug)]
pub struct Travel {
    profiles: Vec<ProfileTravel>,
    fingerprint: u64,
}

#[derive(Clone, Debug)]
struct ProfileTravel {
    matrix: Arc<TravelMatrix>,
    hourly: Option<Arc<HourlySpeed>>,
}

impl Travel {
    /// One matrix per profile, in the order of the problem's profiles.
    pub fn new(matrices: Vec<TravelMatrix>) -> Self {
        Self::with_hours(matrices.into_iter().map(|matrix| (matrix, None)).collect())
    }
    /// One matrix per profile, each with its rush hours, if it has any.
    pub fn with_hours(profiles: Vec<(TravelMatrix, Option<HourlySpeed>)>) -> Self {
        let mut hash = Fnv::new();
        for (matrix, hourly) in &profiles {
            hash.number(matrix.size as u64);
            for leg in matrix.legs.iter() {
                hash.number(u64::from(leg.seconds) << 32 | u64::from(leg.meters));
            }
            for share in hourly.iter().flat_map(|hours| hours.share) {
                hash.number(u64::from(share.0));
            }
        }
        let profiles = profiles
            .into_iter()
            .map(|(matrix, hourly)| ProfileTravel { matrix: Arc::new(matrix), hourly: hourly.map(Arc::new) })
            .collect();
        Self { profiles, fingerprint: hash.0 }
    }
    /// Number of profiles.
    pub fn profiles(&self) -> usize {
        self.profiles.len()
    }
    /// Number of places of every profile.
    pub fn places(&self) -> usize {
        self.profiles.first().map_or(0, |profile| profile.matrix.size)
    }
    /// The plain matrix of a profile, before rush hours.
    pub fn matrix(&self, profile: ProfileIx) -> &TravelMatrix {
        &self.profiles[profile.index()].matrix
    }
    /// The same matrix, shared.
    pub fn shared_matrix(&self, profile: ProfileIx) -> Arc<TravelMatrix> {
        Arc::clone(&self.profiles[profile.index()].matrix)
    }
    /// The rush hours of a profile, if it has any.
    pub fn hourly(&self, profile: ProfileIx) -> Option<&HourlySpeed> {
        self.profiles[profile.index()].hourly.as_deref()
    }
    /// The leg of a technician who leaves at `depart` and drives at `speed` of the profile.
    pub fn leg(&self, profile: ProfileIx, speed: Permille, from: PlaceIx, to: PlaceIx, depart: Time) -> Leg {
        let plain = self.matrix(profile).leg(from, to).at_speed(speed);
        match self.hourly(profile) {
            Some(hours) if plain.is_reachable() => {
                let seconds = hours.traverse(depart, plain.duration()).0;
                Leg { seconds: u32::try_from(seconds).unwrap_or(u32::MAX - 1), ..plain }
            }
            _ => plain,
        }
    }
    /// A number that changes when any leg changes (FNV-1a over all legs).
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }
}

/// FNV-1a with 64 bits: a fingerprint, not a defence.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
    fn number(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 ^= self.0 >> 29;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rush() -> HourlySpeed {
        let mut share = [Permille::ONE; 24];
        share[8] = Permille(500);
        HourlySpeed { share, horizon_starts_at: Duration(0) }
    }

    #[test]
    fn half_speed_from_eight_to_nine_doubles_only_what_is_driven_then() {
        let eight = 8 * 3600;
        assert_eq!(rush().traverse(Time(eight), Duration(600)), Duration(1200));
        assert_eq!(rush().traverse(Time(eight - 300), Duration(600)), Duration(300 + 600));
        assert_eq!(rush().traverse(Time(eight + 3000), Duration(600)), Duration(600 + 300));
        assert_eq!(rush().traverse(Time(0), Duration(600)), Duration(600));
    }

    #[test]
    fn who_leaves_later_never_arrives_earlier() {
        let hours = rush();
        let mut last = Time(0);
        for depart in (7 * 3600..10 * 3600).step_by(13) {
            let arrival = Time(depart) + hours.traverse(Time(depart), Duration(1500));
            assert!(arrival >= last, "left at {depart}");
            last = arrival;
        }
    }

    #[test]
    fn another_leg_is_another_fingerprint() {
        let matrix = |seconds| TravelMatrix::from_fn(2, |_, to| Leg { seconds: seconds + to as u32, meters: 1 });
        assert_ne!(Travel::new(vec![matrix(5)]).fingerprint(), Travel::new(vec![matrix(6)]).fingerprint());
        assert_eq!(Travel::new(vec![matrix(5)]).fingerprint(), Travel::new(vec![matrix(5)]).fingerprint());
    }
}
