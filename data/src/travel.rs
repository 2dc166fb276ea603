//! Travel between the places of a problem: the one noun in which roads and search meet.
//!
//! No road and no file here: `dispatch-routing` fills a [`Travel`], a solver and the judge read it.
//! What the hours of a day change is in `day`, tables of legs are in `matrix`, places that come in
//! later in `grown`.

mod day;
mod grown;
mod matrix;

pub use day::{HourlyMatrices, HourlySpeed, Hours};
pub use grown::{PlaceLegs, ProfileLegs, Way};
pub use matrix::{LegSource, TravelMatrix};

use crate::ids::{PlaceIx, ProfileIx};
use crate::place::{GlobePoint, Position};
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

    /// The straight way over the earth times `detour` at `meters_per_second`, rounded up. Without a
    /// position there is no way.
    pub fn great_circle(from: Option<Position>, to: Option<Position>, detour: f64, meters_per_second: f64) -> Self {
        Self::straight(from.map(GlobePoint::from), to.map(GlobePoint::from), detour, meters_per_second)
    }
    /// The same, where there are many legs from or to each place. Both ways are alike.
    #[inline]
    pub fn straight(from: Option<GlobePoint>, to: Option<GlobePoint>, detour: f64, meters_per_second: f64) -> Self {
        let (Some(from), Some(to)) = (from, to) else { return Self::UNREACHABLE };
        let meters = (from.meters_to(to) * detour).ceil();
        let seconds = (meters / meters_per_second).ceil();
        if seconds < f64::from(u32::MAX) {
            Self { seconds: seconds as u32, meters: meters as u32 }
        } else {
            Self::UNREACHABLE
        }
    }
    /// Whether there is a way at all.
    #[inline]
    pub fn is_reachable(self) -> bool {
        self.seconds != u32::MAX
    }
    /// The most seconds and the most metres of all that are ways at all.
    fn longest(legs: impl IntoIterator<Item = Self>) -> Self {
        legs.into_iter().filter(|leg| leg.is_reachable()).fold(Self::default(), |most, leg| Self {
            seconds: most.seconds.max(leg.seconds),
            meters: most.meters.max(leg.meters),
        })
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
    matrix: TravelMatrix,
    hours: Option<Arc<Hours>>,
}

impl Travel {
    /// One matrix per profile, in the order of the problem's profiles.
    pub fn new(matrices: Vec<TravelMatrix>) -> Self {
        Self::with_hours(matrices.into_iter().map(|matrix| (matrix, None)).collect())
    }
    /// One matrix per profile, each with its rush hours, if it has any.
    pub fn with_hours(profiles: Vec<(TravelMatrix, Option<Hours>)>) -> Self {
        let mut hash = Fnv::new();
        for (matrix, hours) in &profiles {
            matrix.mark(&mut hash);
            hours.iter().for_each(|hours| hours.mark(&mut hash));
        }
        let profiles =
            profiles.into_iter().map(|(matrix, hours)| ProfileTravel { matrix, hours: hours.map(Arc::new) }).collect();
        Self { profiles, fingerprint: hash.0 }
    }
    /// Number of profiles.
    pub fn profiles(&self) -> usize {
        self.profiles.len()
    }
    /// Number of places of every profile.
    pub fn places(&self) -> usize {
        self.profiles.first().map_or(0, |profile| profile.matrix.size())
    }
    /// The plain matrix of a profile, before rush hours.
    pub fn matrix(&self, profile: ProfileIx) -> &TravelMatrix {
        &self.profiles[profile.index()].matrix
    }
    /// What the hours of the day change for a profile, if anything.
    pub fn hours(&self, profile: ProfileIx) -> Option<&Hours> {
        self.profiles[profile.index()].hours.as_deref()
    }
    /// The leg of a technician who leaves at `depart` and drives at `speed` of the profile.
    #[inline]
    pub fn leg(&self, profile: ProfileIx, speed: Permille, from: PlaceIx, to: PlaceIx, depart: Time) -> Leg {
        let ProfileTravel { matrix, hours } = &self.profiles[profile.index()];
        match hours {
            None => matrix.leg(from, to).at_speed(speed),
            Some(hours) => hours.leg(matrix, speed, from, to, depart),
        }
    }
    /// For each leg at `speed` of the profile the fewest seconds and the fewest metres that it takes at
    /// any hour; without rush hours the legs themselves.
    pub fn quickest(&self, profile: ProfileIx, speed: Permille) -> TravelMatrix {
        let ProfileTravel { matrix, hours } = &self.profiles[profile.index()];
        match hours {
            None if speed == Permille::ONE => matrix.clone(),
            None => matrix.changed(move |_, _, leg| leg.at_speed(speed), u64::from(speed.0)),
            Some(hours) => {
                let hours = Arc::clone(hours);
                let quickest = move |from, to, leg| hours.quickest(leg, speed, from, to);
                matrix.changed(quickest, u64::from(speed.0) | 1 << 32)
            }
        }
    }
    /// The same travel over a choice of the places, in that order, with tables in memory: `picks[k]` becomes
    /// place `k`.
    #[must_use]
    pub fn select(&self, picks: &[PlaceIx]) -> Self {
        let picks: Vec<usize> = picks.iter().map(|place| place.index()).collect();
        let hours = |hours: &Hours| match hours {
            Hours::Speed(speed) => Hours::Speed(speed.clone()),
            Hours::Matrices(hours) => Hours::Matrices(HourlyMatrices {
                matrices: hours.matrices.iter().map(|matrix| matrix.select(&picks)).collect(),
                ..hours.clone()
            }),
        };
        let chosen = |profile: &ProfileTravel| (profile.matrix.select(&picks), profile.hours.as_deref().map(hours));
        Self::with_hours(self.profiles.iter().map(chosen).collect())
    }
    /// A number that changes when any leg changes, at any hour (FNV-1a over all legs).
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
    fn leg(&mut self, leg: Leg) {
        self.number(u64::from(leg.seconds) << 32 | u64::from(leg.meters));
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
