//! Travel rows of places that come in on a live day: by great circle, or over the roads that the plan
//! was made on. Given matrices come with rows of their own.

use crate::roads::{Roads, World};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::ids::PlaceIx;
use dispatch_data::live::NewPlace;
use dispatch_data::place::{GlobePoint, Place, Position};
use dispatch_data::problem::{Problem, TravelSource};
use dispatch_data::say;
use dispatch_data::travel::{PlaceLegs, ProfileLegs};
use dispatch_routing::{DayRoads, LiveLegs, RoadNetwork, SnapLimit, Snapped, StandingPlaces};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Where the travel of a plan came from.
#[derive(Clone)]
pub(crate) struct Ways(Source);

#[derive(Clone)]
enum Source {
    Given,
    Straight {
        detour: f64,
        meters_per_second: f64,
        /// The places that were there when the plan was opened.
        opened: Arc<[Option<GlobePoint>]>,
    },
    Roads(Vec<Profile>),
}

/// The roads of one way of travelling. The standing places are shared by all versions of a plan, of
/// which each knows as many of them, from the first on, as it has places.
#[derive(Clone)]
struct Profile {
    plain: Arc<RoadNetwork>,
    day: Option<Arc<DayRoads>>,
    standing: Arc<OnceLock<Vec<RwLock<StandingPlaces>>>>,
    /// Where the places lie on the roads when the plan was opened.
    opened: Arc<Vec<Snapped>>,
}

impl Profile {
    fn networks(&self) -> &[Arc<RoadNetwork>] {
        self.day.as_ref().map_or_else(|| std::slice::from_ref(&self.plain), |day| day.networks())
    }
    fn standing(&self) -> &[RwLock<StandingPlaces>] {
        self.standing
            .get_or_init(|| self.networks().iter().map(|network| RwLock::new(network.standing(&self.opened))).collect())
    }
    /// Legs to and from the first `known` places and then `fresh` ones, by class of hours.
    fn legs(&self, snapped: &Snapped, known: usize, fresh: &[Snapped]) -> ProfileLegs {
        let mut classes = self.networks().iter().zip(self.standing()).map(|(network, standing)| {
            let standing = standing.read().unwrap_or_else(PoisonError::into_inner);
            // As the roads see it: away from the new place, and towards it.
            let LiveLegs { to: mut away, from: mut towards } = network.legs(&standing, snapped);
            drop(standing);
            away.truncate(known);
            towards.truncate(known);
            for other in fresh {
                let pair = network.matrix(&[*snapped, *other]);
                away.push(pair.leg(PlaceIx(0), PlaceIx(1)));
                towards.push(pair.leg(PlaceIx(1), PlaceIx(0)));
            }
            Arc::new(PlaceLegs { to: towards, from: away })
        });
        let plain = classes.next().unwrap_or_default();
        ProfileLegs { plain, rush: classes.collect() }
    }
}

/// New places of one request, each in the order in which it was met.
#[derive(Default)]
pub(crate) struct Fresh {
    positions: Vec<Option<Position>>,
    /// By profile.
    snapped: Vec<Vec<Snapped>>,
}

impl Ways {
    /// The ways of a problem's travel.
    pub(crate) fn of(problem: &Problem, world: &World) -> Self {
        Self(match &problem.travel {
            TravelSource::Matrices(_) => Source::Given,
            TravelSource::GreatCircle { detour, meters_per_second } => {
                let opened = problem.places.iter().map(|place| place.position.map(GlobePoint::from)).collect();
                Source::Straight { detour: *detour, meters_per_second: *meters_per_second, opened }
            }
            TravelSource::Roads { map: _, traffic: _ } => {
                let profile = |((network, snapped), day): (&Roads, &Option<Arc<DayRoads>>)| Profile {
                    plain: Arc::clone(network),
                    day: day.clone(),
                    standing: Arc::default(),
                    opened: Arc::new(snapped.clone()),
                };
                Source::Roads(world.roads.iter().zip(&world.days).map(profile).collect())
            }
        })
    }

    /// Fills in the travel rows of a new place, to and from all places of the problem and those that
    /// came before it in the same request.
    ///
    /// # Errors
    /// A place off every road.
    pub(crate) fn fill(
        &self,
        problem: &Problem,
        new: &mut NewPlace,
        fresh: &mut Fresh,
        pointer: &str,
    ) -> Result<(), Box<Finding>> {
        let known = problem.places.len();
        match &self.0 {
            Source::Given => {}
            Source::Straight { detour, meters_per_second, opened } => {
                let later = problem.places.iter().skip(opened.len()).map(|place: &Place| place.position);
                let later = later.chain(fresh.positions.iter().copied()).map(|place| place.map(GlobePoint::from));
                let all = opened.iter().take(known).copied().chain(later);
                let legs = PlaceLegs::great_circle(all, new.place.position, *detour, *meters_per_second);
                let legs = ProfileLegs::plain(legs);
                new.legs = vec![legs; problem.profiles.len()];
            }
            Source::Roads(profiles) => {
                let nowhere = Position { lat: f64::NAN, lon: f64::NAN };
                let here = new.place.position.unwrap_or(nowhere);
                fresh.snapped.resize_with(profiles.len(), Vec::new);
                new.legs.clear();
                for (profile, fresh) in profiles.iter().zip(&mut fresh.snapped) {
                    let snapped = profile.plain.snap(&[here], SnapLimit::default()).map_err(|error| {
                        let limit = error.limit;
                        let meters = error.strays.first().map_or(f64::INFINITY, |stray| stray.meters);
                        let expected = say!("a place within {} m of a road of the map", format_args!("{limit:.0}"));
                        let got = say!("{} m from the nearest one", format_args!("{meters:.0}"));
                        Box::new(Finding::new(pointer, Code::Unreachable, expected, got))
                    })?;
                    for snapped in snapped {
                        new.legs.push(profile.legs(&snapped, known, fresh));
                        fresh.push(snapped);
                    }
                }
            }
        }
        fresh.positions.push(new.place.position);
        Ok(())
    }

    /// Lets new places stand, once they are part of the plan.
    pub(crate) fn stand(&self, fresh: &Fresh) {
        let Source::Roads(profiles) = &self.0 else { return };
        for (profile, fresh) in profiles.iter().zip(&fresh.snapped) {
            for (network, standing) in profile.networks().iter().zip(profile.standing()) {
                let mut standing = standing.write().unwrap_or_else(PoisonError::into_inner);
                fresh.iter().for_each(|place| network.stand(&mut standing, *place));
            }
        }
    }
}
