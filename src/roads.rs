//! Travel of a problem: by the roads of a map, by given matrices, or by great circle.
//!
//! Places that lie off every road become findings with the places of the input that mention them.

use crate::failure::{Failure, system};
use crate::input;
use clap::Args;
use clap::builder::PossibleValuesParser;
use dispatch_api::{MOTORISTS, snap, travel};
use dispatch_data::export::{RouteLeg, Way};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, quoted, value};
use dispatch_data::problem::{Draft, Problem, TravelSource};
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_data::units::Duration;
use dispatch_routing::{DayRoads, DayTraffic, ImportError, Profile, RoadNetwork, Snapped, Stage, WaySpeeds};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The day of traffic that is built in.
const CITY: &str = "city";

/// What the command line says about the roads, before what the problem says.
#[derive(Args, Default)]
pub(crate) struct Given {
    /// The map (.osm.pbf, or prepared by import-osm), where it is not the one that the problem names.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// The traffic of a day, where it is not the one that the problem names: "city", a file of speeds by hour and
    /// kind of road, or a table of speeds measured on single ways (.csv). Both kinds may be given, one after another.
    #[arg(long, value_name = "FILE")]
    pub(crate) traffic: Vec<PathBuf>,
    /// Whose statutory limits hold on roads of the map without a signed one (CN, DE, …) [default: nobody's].
    #[arg(long, value_name = "COUNTRY", value_parser = PossibleValuesParser::new(Profile::countries()))]
    #[arg(hide_possible_values = true)]
    pub(crate) country: Option<String>,
}

impl Given {
    /// The files that it names.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        let Self { map, traffic, country: _ } = self;
        map.iter().chain(traffic).map(PathBuf::as_path)
    }
}

/// The roads of one profile, and where the problem's places lie on them.
pub(crate) struct Roads {
    pub(crate) network: Arc<RoadNetwork>,
    snapped: Vec<Snapped>,
}

/// Travel and, where it came from a map, the roads by profile of the problem; else none.
pub(crate) struct World {
    pub(crate) travel: Travel,
    pub(crate) roads: Vec<Roads>,
    /// By profile the roads over the day, where traffic holds it up.
    days: Vec<Option<DayRoads>>,
    /// Second of the local day at which the horizon starts.
    starts_at: Duration,
}

impl World {
    /// Travel of a problem that was read from `source`. A map given on the command line comes
    /// before the one the problem names; that one is looked for beside the problem's file. Traffic likewise.
    pub(crate) fn of(problem: &Problem, source: &Path, given: &Given) -> Result<Self, Failure> {
        let beside = |name: &str| source.parent().unwrap_or(Path::new("")).join(name);
        let (named, traffic) = match &problem.travel {
            TravelSource::Roads { map, traffic } => (Some(beside(map)), traffic.as_deref()),
            TravelSource::Matrices(_) | TravelSource::GreatCircle { .. } => (None, None),
        };
        let Given { map, traffic: instead, country } = given;
        let origin = map.as_ref().and(named.clone()).filter(|named| named.is_file());
        match (map.clone().or(named), travel::without_roads(problem)) {
            (Some(map), _) => {
                let name = input::name(source);
                let mut day = DayOfRoads::default();
                if instead.is_empty() {
                    traffic.map(|traffic| day.read_named(traffic, &beside(traffic), &name)).transpose()?;
                }
                instead.iter().try_for_each(|path| day.read(path))?;
                let profiles =
                    profiles(problem, country.as_deref()).map_err(|findings| Failure::input(&name, findings))?;
                Self::on_roads(problem, &name, &profiles, (&map, origin.as_deref()), &day)
            }
            (None, Some(_)) if !instead.is_empty() || country.is_some() => {
                let expected = say!("a road map, since --traffic or --country is given");
                let finding = Finding::new("/travel", Code::Contradiction, expected, say!("travel without roads"));
                Err(Failure::input(input::name(source), vec![finding]))
            }
            (None, Some(travel)) => Ok(Self { travel, roads: Vec::new(), days: Vec::new(), starts_at: Duration(0) }),
            (None, None) => {
                let none = Finding::new("/travel", Code::MissingKey, say!("a map (.osm.pbf)"), say!("none"));
                Err(Failure::input(input::name(source), vec![none]))
            }
        }
    }

    fn on_roads(
        problem: &Problem,
        source: &str,
        profiles: &[Profile],
        (map, origin): (&Path, Option<&Path>),
        day: &DayOfRoads,
    ) -> Result<Self, Failure> {
        let mut roads = Vec::with_capacity(profiles.len());
        for profile in profiles {
            let network = network(map, profile, origin, &|_| {})?;
            let snapped = snap(problem, &network).map_err(|findings| Failure::input(source, findings))?;
            roads.push(Roads { network: Arc::new(network), snapped });
        }
        let whole = day.whole();
        let (mut travelled, mut days) = (Vec::with_capacity(roads.len()), Vec::with_capacity(roads.len()));
        let starts_at = problem.horizon.second_of_day();
        for (Roads { network, snapped }, profile) in roads.iter().zip(&problem.profiles) {
            travelled.push(match &whole {
                Some(whole) if MOTORISTS.contains(&profile.id.as_str()) => {
                    day.touches(network, map)?;
                    let day = DayRoads::new(network, whole);
                    let matrices = day.matrices(snapped);
                    days.push(Some(day));
                    matrices.over_the_day(starts_at)
                }
                _ => {
                    days.push(None);
                    (network.travel(snapped, roads.len()), profile.hours())
                }
            });
        }
        Ok(Self { travel: Travel::with_hours(travelled), roads, days, starts_at })
    }

    /// The way of a leg along the roads of its hour; nothing where there are none, which draws a straight line.
    pub(crate) fn way(&self, leg: &RouteLeg) -> Way {
        let profile = leg.profile.index();
        let way = self.roads.get(profile).and_then(|Roads { network, snapped }| {
            let day = self.days.get(profile).and_then(Option::as_ref);
            let hour = (leg.departure.0 + self.starts_at.0).div_euclid(3600).rem_euclid(24);
            let network = day.map_or(&**network, |day| day.at(hour as usize));
            network.path(snapped.get(leg.from.index())?, snapped.get(leg.to.index())?)
        });
        way.map_or_else(Way::default, |path| Way { points: path.points, so_far: path.so_far })
    }
}

/// The roads of a map for one way of travelling, or of a file prepared from it. Where the map that it
/// should be made from is known as `origin`, one made from another is refused.
pub(crate) fn network(
    map: &Path,
    profile: &Profile,
    origin: Option<&Path>,
    progress: &dyn Fn(Stage),
) -> Result<RoadNetwork, Failure> {
    if RoadNetwork::is_prepared(map) {
        let loaded = match origin {
            Some(origin) => RoadNetwork::load_of(map, profile, origin),
            None => RoadNetwork::load(map, profile),
        };
        let expected = say!("roads prepared for the profile {}", quoted(profile.name()));
        return loaded.map_err(|error| refused(map, expected, value(error)));
    }
    RoadNetwork::import(map, profile, progress).map_err(|error| refused(map, say!("a map (.osm.pbf)"), unread(&error)))
}

/// The traffic of a day, as far as it has been read.
#[derive(Default)]
pub(crate) struct DayOfRoads {
    by_kind: Option<DayTraffic>,
    /// Speeds by way, and the file that has them.
    by_way: Option<(String, WaySpeeds)>,
}

impl DayOfRoads {
    /// Reads what a problem names: the day that is built in, or a file at `path`.
    fn read_named(&mut self, name: &str, path: &Path, source: &str) -> Result<(), Failure> {
        if name == CITY {
            return self.read(Path::new(CITY));
        }
        let text = std::fs::read_to_string(path).map_err(|error| {
            let expected = say!("city, or a file that can be read");
            let finding = Finding::new("/travel/roads/traffic", Code::UnknownValue, expected, value(name));
            Failure::input(source, vec![finding.hint(say!("{}: {}", path.display(), system(&error)))])
        })?;
        self.take(path, &text)
    }
    /// Reads a file, or the day that is built in.
    pub(crate) fn read(&mut self, path: &Path) -> Result<(), Failure> {
        if path == Path::new(CITY) {
            let city = DayTraffic::city();
            return self.kinds(path, city.map_err(|error| (say!("a built-in day that reads"), value(error))));
        }
        self.take(path, &input::text(path)?)
    }
    fn take(&mut self, path: &Path, text: &str) -> Result<(), Failure> {
        if !path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            let day = DayTraffic::parse(text);
            return self.kinds(path, day.map_err(|error| (say!("the traffic of a day"), value(error))));
        }
        let speeds = WaySpeeds::parse(text).map_err(|findings| Failure::input(input::name(path), findings))?;
        match self.by_way.replace((input::name(path), speeds)) {
            None => Ok(()),
            Some(_) => Err(refused(path, say!("one file of each kind"), say!("two"))),
        }
    }
    fn kinds(&mut self, path: &Path, day: Result<DayTraffic, (Text, Text)>) -> Result<(), Failure> {
        let day = day.map_err(|(expected, got)| refused(path, expected, got))?;
        match self.by_kind.replace(day) {
            None => Ok(()),
            Some(_) => Err(refused(path, say!("one file of each kind"), say!("two"))),
        }
    }
    /// All of it together, if there is any.
    fn whole(&self) -> Option<DayTraffic> {
        let Self { by_kind, by_way } = self;
        match by_way {
            Some((_, speeds)) => Some(by_kind.clone().unwrap_or_else(DayTraffic::plain).with_ways(speeds)),
            None => by_kind.clone(),
        }
    }
    /// Refuses speeds of ways none of which are on the map; otherwise how many are, and how many there are.
    pub(crate) fn touches(&self, network: &RoadNetwork, map: &Path) -> Result<Option<(usize, usize)>, Failure> {
        let Some((file, speeds)) = &self.by_way else { return Ok(None) };
        match network.known_ways(speeds) {
            (0, all @ 1..) => {
                let expected = say!("ways or stretches that are roads of {}", map.display());
                let got = say!("none among {}", all);
                Err(Failure::input(file, vec![Finding::new("way", Code::UnknownReference, expected, got)]))
            }
            counts => Ok(Some(counts)),
        }
    }
}

/// A file that is not what it should be.
fn refused(path: &Path, expected: Text, got: Text) -> Failure {
    Failure::input(input::name(path), vec![Finding::new("", Code::BadFormat, expected, got)])
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

/// The road profiles that the problem's ways of travelling name, in a country.
fn profiles(problem: &Draft, country: Option<&str>) -> Result<Vec<Profile>, Vec<Finding>> {
    let mut found = Vec::new();
    let mut profiles = Vec::new();
    for wanted in &problem.profiles {
        match Profile::bundled(&wanted.id) {
            Some(Ok(profile)) => profiles.push(match country {
                Some(code) => profile.in_country(code),
                None => profile,
            }),
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
