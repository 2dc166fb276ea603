//! Maps by name, and the travel of a problem over one: read once, kept, shared by all plans.
//!
//! A caller names a map, never a file: which file that is, is a setting of the service. Reading one
//! takes seconds to minutes, so nothing here is for the threads that answer requests.

use crate::travel;
use dispatch_data::export::{RouteLeg, Way};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::ids::PlaceIx;
use dispatch_data::lang::{quoted, value};
use dispatch_data::place::Position;
use dispatch_data::problem::{Draft, TravelProfile, TravelSource};
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_data::units::Duration;
use dispatch_routing::{DayRoads, DayTraffic, Profile, RoadNetwork, SnapLimit, Snapped};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Whom the traffic of a day holds up.
pub const MOTORISTS: [&str; 2] = ["car", "light-truck"];

/// The one day of traffic that callers can name here; others are files, which callers cannot name.
const CITY: &str = "city";

type Day = Arc<OnceLock<Option<Arc<DayRoads>>>>;
type Loaded = Arc<OnceLock<Result<Arc<RoadNetwork>, String>>>;

/// The roads of one way of travelling, and where places lie on them.
pub(crate) type Roads = (Arc<RoadNetwork>, Vec<Snapped>);

/// The maps of a service.
pub(crate) struct Maps {
    files: BTreeMap<String, PathBuf>,
    loaded: Mutex<HashMap<(String, String), Loaded>>,
    days: Mutex<HashMap<(String, String), Day>>,
}

impl Maps {
    pub(crate) fn new(files: BTreeMap<String, PathBuf>) -> Self {
        Self { files, loaded: Mutex::default(), days: Mutex::default() }
    }
    /// Their names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
    /// The roads of a map for one way of travelling, read at the first call.
    pub(crate) fn network(&self, map: &str, profile: &str) -> Result<Arc<RoadNetwork>, Vec<Finding>> {
        let Some(file) = self.files.get(map) else { return Err(vec![self.no_map("/travel/roads/map", map)]) };
        let rules = bundled(profile).map_err(|finding| vec![*finding])?;
        let key = (map.to_owned(), profile.to_owned());
        let slot = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        let network = slot.get_or_init(|| {
            tracing::info!(map, profile, "reading a map");
            let network = if RoadNetwork::is_prepared(file) {
                RoadNetwork::load(file, &rules).map_err(|error| error.to_string())
            } else {
                RoadNetwork::import(file, &rules, &|_| {}).map_err(|error| error.to_string())
            };
            network.map(Arc::new)
        });
        network.clone().map_err(|why| {
            // The path of the file is nobody's business outside.
            tracing::error!(map, why, "a map cannot be read");
            vec![Finding::new(
                "/travel/roads/map",
                Code::BadFormat,
                say!("a map that this service can read"),
                value(map),
            )]
        })
    }
    /// The roads of a map over a working day in a city, worked out at the first call.
    fn day(&self, map: &str, profile: &str, network: &RoadNetwork) -> Option<Arc<DayRoads>> {
        let key = (map.to_owned(), profile.to_owned());
        let slot = self.days.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        slot.get_or_init(|| match DayTraffic::city() {
            Ok(city) => Some(Arc::new(DayRoads::new(network, &city))),
            Err(error) => {
                tracing::error!(%error, "the built-in day does not read");
                None
            }
        })
        .clone()
    }
    /// The finding that there is no such map.
    pub(crate) fn no_map(&self, pointer: &str, map: &str) -> Finding {
        let names: Vec<&str> = self.names().collect();
        let expected = if names.is_empty() { say!("no map: this service has none") } else { value(names.join(", ")) };
        Finding::new(pointer, Code::UnknownReference, expected, quoted(map))
            .hint(say!("maps are set by whoever runs the service; \"great_circle\" and \"matrices\" need none"))
    }
}

/// The bundled profile of a name.
pub(crate) fn bundled(profile: &str) -> Result<Profile, Box<Finding>> {
    match Profile::bundled(profile) {
        Some(Ok(profile)) => Ok(profile),
        Some(Err(_)) | None => {
            let expected = value(Profile::BUNDLED.join(", "));
            let finding = Finding::new("/travel/profiles", Code::UnknownValue, expected, value(profile));
            Err(Box::new(
                finding.hint(say!("roads are known for these ways of travelling; others need given matrices")),
            ))
        }
    }
}

/// Travel of a problem and, where it came from a map, the roads by profile; else none.
pub(crate) struct World {
    pub(crate) travel: Travel,
    pub(crate) roads: Vec<Roads>,
    /// By profile the roads over the day, where traffic holds it up.
    pub(crate) days: Vec<Option<Arc<DayRoads>>>,
    /// Second of the local day at which the horizon starts.
    starts_at: Duration,
}

impl World {
    /// Travel between the places of a problem.
    ///
    /// # Errors
    /// Maps that are not there, ways of travelling without roads, places off every road.
    pub(crate) fn of(problem: &Draft, maps: &Maps) -> Result<Self, Vec<Finding>> {
        let (map, traffic) = match &problem.travel {
            TravelSource::Roads { map, traffic } => (map, traffic.as_deref()),
            TravelSource::Matrices(_) | TravelSource::GreatCircle { .. } => {
                let travel = travel::without_roads(problem);
                let travel = travel.unwrap_or_else(|| Travel::new(Vec::new()));
                return Ok(Self::given(travel));
            }
        };
        known_traffic(traffic).map_err(|finding| vec![*finding])?;
        let roads = snapped(problem, map, maps)?;
        let over_the_day = |((network, _), profile): (&Roads, &TravelProfile)| {
            let caught = traffic.is_some() && MOTORISTS.contains(&profile.id.as_str());
            caught.then(|| maps.day(map, &profile.id, network)).flatten()
        };
        let days: Vec<Option<Arc<DayRoads>>> = roads.iter().zip(&problem.profiles).map(over_the_day).collect();
        let travelled =
            |(((network, snapped), day), profile): ((&Roads, &Option<Arc<DayRoads>>), &TravelProfile)| match day {
                Some(day) => day.matrices(snapped).over_the_day(problem.horizon.second_of_day()),
                None => (network.travel(snapped, roads.len()), profile.hours()),
            };
        let travelled = roads.iter().zip(&days).zip(&problem.profiles).map(travelled);
        let travel = Travel::with_hours(travelled.collect());
        Ok(Self { travel, roads, days, starts_at: problem.horizon.second_of_day() })
    }
    /// Travel that came with a problem.
    pub(crate) fn given(travel: Travel) -> Self {
        Self { travel, roads: Vec::new(), days: Vec::new(), starts_at: Duration(0) }
    }
    /// The way of a leg along the roads of its hour; nothing where there are none, which draws a straight line.
    pub(crate) fn way(&self, leg: &RouteLeg) -> Way {
        let profile = leg.profile.index();
        let way = self.roads.get(profile).and_then(|(network, snapped)| {
            let day = self.days.get(profile).and_then(Option::as_ref);
            let hour = (leg.departure.0 + self.starts_at.0).div_euclid(3600).rem_euclid(24);
            let network = day.map_or(&**network, |day| day.at(hour as usize));
            network.path(snapped.get(leg.from.index())?, snapped.get(leg.to.index())?)
        });
        way.map_or_else(Way::default, |path| Way { points: path.points, so_far: path.so_far })
    }
}

/// Everything wrong with the roads of a problem, without working out any travel.
pub(crate) fn findings(problem: &Draft, maps: &Maps) -> Vec<Finding> {
    match &problem.travel {
        TravelSource::Roads { map, traffic } => {
            let mut findings = snapped(problem, map, maps).err().unwrap_or_default();
            findings.extend(known_traffic(traffic.as_deref()).err().map(|finding| *finding));
            findings
        }
        TravelSource::Matrices(_) | TravelSource::GreatCircle { .. } => Vec::new(),
    }
}

/// Refuses every day of traffic but the built-in one.
fn known_traffic(traffic: Option<&str>) -> Result<(), Box<Finding>> {
    let Some(name) = traffic.filter(|name| *name != CITY) else { return Ok(()) };
    let finding = Finding::new("/travel/roads/traffic", Code::UnknownValue, value(CITY), quoted(name));
    Err(Box::new(
        finding.hint(say!("this service reads no files; the command line takes the traffic of a day from a file")),
    ))
}

fn snapped(problem: &Draft, map: &str, maps: &Maps) -> Result<Vec<Roads>, Vec<Finding>> {
    let unknown = problem.profiles.iter().filter_map(|profile| bundled(&profile.id).err().map(|finding| *finding));
    let unknown: Vec<Finding> = unknown.collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut roads = Vec::with_capacity(problem.profiles.len());
    for profile in &problem.profiles {
        let network = maps.network(map, &profile.id)?;
        let snapped = snap(problem, &network)?;
        roads.push((network, snapped));
    }
    Ok(roads)
}

/// Brings every place to its road, or says which ones lie off all roads, and who mentions them.
///
/// # Errors
/// A finding for every mention of a place that is too far from every road.
pub fn snap(problem: &Draft, network: &RoadNetwork) -> Result<Vec<Snapped>, Vec<Finding>> {
    let nowhere = Position { lat: f64::NAN, lon: f64::NAN };
    let positions: Vec<Position> = problem.places.iter().map(|place| place.position.unwrap_or(nowhere)).collect();
    network.snap(&positions, SnapLimit::default()).map_err(|error| {
        let limit = error.limit;
        let mut findings = Vec::new();
        for stray in &error.strays {
            let expected = say!("a place within {} m of a road of the map", format_args!("{limit:.0}"));
            let got = match problem.places[stray.index].position {
                Some(Position { lat, lon }) if stray.meters.is_finite() => {
                    say!("lat {}, lon {}, {} m from the nearest one", lat, lon, format_args!("{:.0}", stray.meters))
                }
                Some(Position { lat, lon }) => say!("lat {}, lon {}, far from all", lat, lon),
                None => say!("a place without a position"),
            };
            for pointer in mentions(problem, PlaceIx::from(stray.index)) {
                findings.push(Finding::new(pointer, Code::Unreachable, expected.clone(), got.clone()));
            }
        }
        findings
    })
}

/// Where a problem's file mentions a place, as JSON pointers. A shift may mention it by its
/// technician's home, so the pointer ends at the shift.
fn mentions(problem: &Draft, place: PlaceIx) -> Vec<String> {
    let jobs = problem.jobs.iter().enumerate().filter(|(_, job)| job.place == place);
    let sites = problem.sites.iter().enumerate().filter(|(_, site)| site.place == place);
    let mut pointers: Vec<String> = jobs.map(|(at, _)| format!("/jobs/{at}/place")).collect();
    pointers.extend(sites.map(|(at, _)| format!("/sites/{at}/place")));
    for (at, technician) in problem.technicians.iter().enumerate() {
        for (number, shift) in technician.shift_indices().enumerate() {
            let shift = &problem.shifts[shift.index()];
            if shift.start_place == place || shift.end_place == Some(place) {
                pointers.push(format!("/technicians/{at}/shifts/{number}"));
            }
        }
        if technician.position.is_some_and(|position| position.place == place) {
            pointers.push(format!("/technicians/{at}/position/place"));
        }
    }
    pointers
}
