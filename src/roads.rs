//! Travel of a problem: by the roads of a map, by given matrices, or by great circle.
//!
//! Places that lie off every road become findings with the places of the input that mention them.

use crate::failure::{Failure, system};
use crate::input;
use dispatch_api::{MOTORISTS, snap, travel};
use dispatch_data::export::RouteLeg;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, quoted, value};
use dispatch_data::place::Position;
use dispatch_data::problem::{Draft, Problem, TravelProfile, TravelSource};
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_routing::{DayRoads, DayTraffic, ImportError, Profile, RoadNetwork, Snapped};
use std::path::{Path, PathBuf};

/// The roads of one profile, and where the problem's places lie on them.
pub(crate) struct Roads {
    pub(crate) network: RoadNetwork,
    snapped: Vec<Snapped>,
}

/// Travel and, where it came from a map, the roads by profile of the problem; else none.
pub(crate) struct World {
    pub(crate) travel: Travel,
    pub(crate) roads: Vec<Roads>,
}

impl World {
    /// Travel of a problem that was read from `source`. A map given on the command line comes
    /// before the one the problem names; that one is looked for beside the problem's file.
    pub(crate) fn of(problem: &Problem, source: &Path, map: Option<&Path>) -> Result<Self, Failure> {
        let beside = |name: &str| source.parent().unwrap_or(Path::new("")).join(name);
        let (named, traffic) = match &problem.travel {
            TravelSource::Roads { map, traffic } => (Some(beside(map)), traffic.as_deref()),
            TravelSource::Matrices(_) | TravelSource::GreatCircle { .. } => (None, None),
        };
        let origin = map.and(named.clone()).filter(|named| named.is_file());
        match (map.map(PathBuf::from).or(named), travel::without_roads(problem)) {
            (Some(map), _) => {
                let name = input::name(source);
                let day = traffic.map(|traffic| day(traffic, &beside(traffic), &name)).transpose()?;
                Self::on_roads(problem, &name, &map, origin.as_deref(), day.as_ref())
            }
            (None, Some(travel)) => Ok(Self { travel, roads: Vec::new() }),
            (None, None) => {
                let none = Finding::new("/travel", Code::MissingKey, say!("a map (.osm.pbf)"), say!("none"));
                Err(Failure::input(input::name(source), vec![none]))
            }
        }
    }

    fn on_roads(
        problem: &Problem,
        source: &str,
        map: &Path,
        origin: Option<&Path>,
        day: Option<&DayTraffic>,
    ) -> Result<Self, Failure> {
        let profiles = profiles(problem).map_err(|findings| Failure::input(source, findings))?;
        let mut roads = Vec::with_capacity(profiles.len());
        for profile in &profiles {
            let network = network(map, profile, origin)?;
            let snapped = snap(problem, &network).map_err(|findings| Failure::input(source, findings))?;
            roads.push(Roads { network, snapped });
        }
        let travelled = |(Roads { network, snapped }, profile): (&Roads, &TravelProfile)| match day {
            Some(day) if MOTORISTS.contains(&profile.id.as_str()) => {
                let matrices = DayRoads::new(network, day).matrices(snapped);
                matrices.over_the_day(problem.horizon.second_of_day())
            }
            _ => (network.matrix(snapped), profile.hours()),
        };
        let travel = Travel::with_hours(roads.iter().zip(&problem.profiles).map(travelled).collect());
        Ok(Self { travel, roads })
    }

    /// The way of a leg along the roads; nothing where there are none, which draws a straight line.
    pub(crate) fn way(&self, leg: &RouteLeg) -> Vec<Position> {
        let way = self.roads.get(leg.profile.index()).and_then(|Roads { network, snapped }| {
            let (from, to) = (snapped.get(leg.from.index())?, snapped.get(leg.to.index())?);
            network.path(from, to)
        });
        way.map(|path| path.points).unwrap_or_default()
    }
}

/// The roads of a map for one way of travelling, or of a file prepared from it. Where the map that it
/// should be made from is known as `origin`, one made from another is refused.
pub(crate) fn network(map: &Path, profile: &Profile, origin: Option<&Path>) -> Result<RoadNetwork, Failure> {
    let refused = |expected: Text, got: Text| {
        Failure::input(map.display().to_string(), vec![Finding::new("", Code::BadFormat, expected, got)])
    };
    if RoadNetwork::is_prepared(map) {
        let loaded = match origin {
            Some(origin) => RoadNetwork::load_of(map, profile, origin),
            None => RoadNetwork::load(map, profile),
        };
        let expected = say!("roads prepared for the profile {}", quoted(profile.name()));
        return loaded.map_err(|error| refused(expected, value(error)));
    }
    RoadNetwork::import(map, profile, &|_| {}).map_err(|error| refused(say!("a map (.osm.pbf)"), unread(&error)))
}

/// The traffic of a day by name: one that is built in, or a file.
fn day(name: &str, path: &Path, source: &str) -> Result<DayTraffic, Failure> {
    let refused = |file: String, expected: Text, got: Text| {
        Failure::input(file, vec![Finding::new("", Code::BadFormat, expected, got)])
    };
    if name == "city" {
        return DayTraffic::city()
            .map_err(|error| refused(source.to_owned(), say!("a built-in day that reads"), value(error)));
    }
    let text = std::fs::read_to_string(path).map_err(|error| {
        let expected = say!("city, or a file that can be read");
        let finding = Finding::new("/travel/roads/traffic", Code::UnknownValue, expected, value(name));
        Failure::input(source, vec![finding.hint(say!("{}: {}", path.display(), system(&error)))])
    })?;
    DayTraffic::parse(&text)
        .map_err(|error| refused(path.display().to_string(), say!("the traffic of a day"), value(error)))
}

/// What stands where a map should be.
fn unread(error: &ImportError) -> Text {
    match error {
        ImportError::Open { path: _, source } => system(source),
        ImportError::Read { offset, source } => {
            say!("a file that cannot be read on at byte {}: {}", *offset, system(source))
        }
        ImportError::NotAnExtract { path: _ } => say!("a file that is no .osm.pbf"),
        ImportError::Damaged { block, offset, reason } => {
            say!("damage in block {} at byte {}: {}", *block, *offset, reason)
        }
        ImportError::Unsupported { feature } => say!("a map that needs the feature {}", quoted(feature)),
        ImportError::NoRoads { profile } => say!("a map without roads for {}", profile),
        ImportError::TooLarge { what, count } => say!("too many {}: {}", *what, *count),
    }
}

/// The road profiles that the problem's ways of travelling name.
fn profiles(problem: &Draft) -> Result<Vec<Profile>, Vec<Finding>> {
    let mut found = Vec::new();
    let mut profiles = Vec::new();
    for wanted in &problem.profiles {
        match Profile::bundled(&wanted.id) {
            Some(Ok(profile)) => profiles.push(profile),
            Some(Err(_)) | None => {
                let expected = value(Profile::BUNDLED.join(", "));
                let finding = Finding::new("/travel/profiles", Code::UnknownValue, expected, value(&wanted.id));
                found.push(
                    finding.hint(say!("roads are known for these ways of travelling; others need given matrices")),
                );
            }
        }
    }
    if found.is_empty() { Ok(profiles) } else { Err(found) }
}
