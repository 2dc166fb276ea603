//! Speeds that depend on the hour: shares of the plain speed by kind of road, speeds measured on single ways,
//! and the day made of them.
//!
//! Each class of hours has its own exact metric on the shared order. What a plan makes of several
//! matrices is not decided here; the table of measured speeds is read in `measured`.

use crate::class::RoadClass;
use crate::cost::Cost;
use crate::error::ProfileError;
use crate::graph::{Arc as RoadArc, RoadGraph};
use crate::measured::{ALL_DAY, Measured, Pace, WaySpeeds};
use crate::network::RoadNetwork;
use crate::prepared::checksum;
use crate::snap::Snapped;
use dispatch_data::travel::{HourlyMatrices, HourlySpeed, Hours, TravelMatrix};
use dispatch_data::units::{Duration, Permille};
use rayon::prelude::*;
use std::sync::Arc;

/// What one makes of the plain speed on each kind of road, and on single ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    share: [Permille; RoadClass::COUNT],
    /// By the way's id in the map, sorted: as the map draws it, and against it.
    ways: Vec<(i64, [Option<Pace>; 2])>,
}

impl Default for Traffic {
    /// The plain speeds.
    fn default() -> Self {
        Self { share: [Permille::ONE; RoadClass::COUNT], ways: Vec::new() }
    }
}

impl Traffic {
    /// The same with another share on one kind of road; at least a hundredth, at most the tenfold.
    #[must_use]
    pub fn with(mut self, class: RoadClass, share: Permille) -> Self {
        self.share[class.index()] = Permille(share.0.clamp(10, 10_000));
        self
    }
    /// The share on one kind of road.
    pub fn share(&self, class: RoadClass) -> Permille {
        self.share[class.index()]
    }
    /// The same with paces measured on ways, which stand in the order of their ids; they come before what
    /// is known of the kind of road.
    #[must_use]
    fn with_ways<'a>(mut self, rows: impl Iterator<Item = &'a Measured>) -> Self {
        for row in rows {
            if self.ways.last().is_none_or(|(last, _)| *last != row.way) {
                self.ways.push((row.way, [None; 2]));
            }
            if let Some((_, paces)) = self.ways.last_mut() {
                for (pace, _) in paces.iter_mut().zip(row.directions).filter(|(_, meant)| *meant) {
                    *pace = Some(row.pace);
                }
            }
        }
        self
    }
    /// What driving each arc of a graph costs.
    pub(crate) fn drive(&self, graph: &RoadGraph) -> Vec<Cost> {
        // By the way's position in the graph.
        let mut of_way = Vec::new();
        if !self.ways.is_empty() {
            of_way.resize(graph.ways.len(), [None; 2]);
            for (way, paces) in &self.ways {
                if let Ok(at) = graph.ways.binary_search(way) {
                    of_way[at] = *paces;
                }
            }
        }
        let slowed = |arc: &RoadArc| {
            let edge = graph.edge(arc.edge);
            let own = of_way.get(edge.way as usize).and_then(|paces| paces[usize::from(!arc.forward)]);
            match own {
                Some(Pace::Speed(speed)) => arc.cost.at_speed(speed),
                Some(Pace::Share(share)) => arc.cost.slowed(share),
                None => arc.cost.slowed(self.share(edge.class)),
            }
        };
        graph.arcs.par_iter().with_min_len(4096).map(slowed).collect()
    }
    /// Changes with any share; 0 for the plain speeds.
    pub(crate) fn mark(&self) -> u64 {
        if *self == Self::default() { 0 } else { checksum(format!("{self:?}").as_bytes()) }
    }
}

/// Which traffic each hour of the day has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayTraffic {
    /// Names and shares; the first is the plain one.
    classes: Vec<(String, Traffic)>,
    of_hour: [usize; 24],
}

impl DayTraffic {
    /// A day of plain speeds.
    pub fn plain() -> Self {
        Self { classes: vec![("plain".to_owned(), Traffic::default())], of_hour: [0; 24] }
    }
    /// Reads a day: `class NAME KIND SHARE …` defines a class of hours by the shares (in thousandths)
    /// of the plain speed on kinds of road, `*` meaning all of them; `hours FROM-TO NAME` assigns the
    /// full hours from FROM up to TO. Unassigned hours are plain.
    ///
    /// # Errors
    /// The first line that is no rule, with what was expected.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let mut day = Self::plain();
        for (at, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            let read = match words.as_slice() {
                [] => Ok(()),
                ["class", name, shares @ ..] => day.class(name, shares),
                ["hours", hours, name] => day.hours(hours, name),
                _ => Err("neither `class NAME KIND SHARE …` nor `hours FROM-TO NAME`".to_owned()),
            };
            read.map_err(|reason| ProfileError { line: at + 1, reason })?;
        }
        Ok(day)
    }
    /// A usual working day in a city.
    ///
    /// # Errors
    /// Never; a test reads the file.
    pub fn city() -> Result<Self, ProfileError> {
        Self::parse(include_str!("../profiles/city.hours"))
    }
    /// The same day with speeds measured on single ways in some of its hours; on these ways they come before
    /// what the day says of the kind of road.
    #[must_use]
    pub fn with_ways(self, speeds: &WaySpeeds) -> Self {
        let Self { classes, of_hour } = self;
        let within = |row: &&Measured, hour: usize| row.hours >> hour & 1 == 1;
        // Plain is what holds all day; an hour that has more of its own, or another class, is another kind.
        let all_day = speeds.rows.iter().filter(|row| row.hours == ALL_DAY);
        let (name, plain) = &classes[0];
        let mut kinds = vec![(0, speeds.rows.iter().map(|row| row.hours == ALL_DAY).collect::<Vec<bool>>())];
        let mut made = vec![(name.clone(), plain.clone().with_ways(all_day))];
        let of_hour = std::array::from_fn(|hour| {
            let kind = (of_hour[hour], speeds.rows.iter().map(|row| within(&row, hour)).collect::<Vec<bool>>());
            kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                let (name, traffic) = &classes[kind.0];
                let rows = speeds.rows.iter().filter(|row| within(row, hour));
                made.push((name.clone(), traffic.clone().with_ways(rows)));
                kinds.push(kind);
                made.len() - 1
            })
        });
        Self { classes: made, of_hour }
    }
    fn class(&mut self, name: &str, shares: &[&str]) -> Result<(), String> {
        if self.classes.iter().any(|(known, _)| known == name) {
            return Err(format!("`{name}` is defined already"));
        }
        let (pairs, []) = shares.as_chunks::<2>() else { return Err("a kind of road without a share".to_owned()) };
        let mut traffic = Traffic::default();
        for [kind, share] in pairs {
            let share = share.parse::<u32>().ok().filter(|share| (10..=10_000).contains(share));
            let share = share.ok_or("a share is a whole number of thousandths from 10 to 10000")?;
            let kinds: Vec<RoadClass> = match *kind {
                "*" => RoadClass::ALL.iter().copied().filter(|class| *class != RoadClass::Ferry).collect(),
                kind => vec![RoadClass::from_name(kind).ok_or_else(|| format!("`{kind}` is no kind of road"))?],
            };
            traffic = kinds.into_iter().fold(traffic, |traffic, class| traffic.with(class, Permille(share)));
        }
        self.classes.push((name.to_owned(), traffic));
        Ok(())
    }
    fn hours(&mut self, hours: &str, name: &str) -> Result<(), String> {
        let class = self.classes.iter().position(|(known, _)| known == name);
        let class = class.ok_or_else(|| format!("no class `{name}` is defined above"))?;
        let range = hours.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let range: Option<(usize, usize)> = range.filter(|(from, to)| from < to && *to <= 24);
        let (from, to) = range.ok_or_else(|| format!("`{hours}` is no range of hours such as 7-9"))?;
        self.of_hour[from..to].fill(class);
        Ok(())
    }
}

/// The roads of a whole day, one network for each class of hours.
pub struct DayRoads {
    networks: Vec<Arc<RoadNetwork>>,
    of_hour: [usize; 24],
}

impl DayRoads {
    /// Works out every class of hours; the first network is the plain one.
    pub fn new(plain: &RoadNetwork, day: &DayTraffic) -> Self {
        let networks = day.classes.iter().map(|(_, traffic)| Arc::new(plain.with_traffic(traffic))).collect();
        Self { networks, of_hour: day.of_hour }
    }
    /// The roads in an hour of the local day, 0 to 23; later hours are of the next day.
    pub fn at(&self, hour: usize) -> &RoadNetwork {
        &self.networks[self.of_hour[hour % 24]]
    }
    /// The roads of each class of hours, the plain ones first, in the order of [`DayMatrices`].
    pub fn networks(&self) -> &[Arc<RoadNetwork>] {
        &self.networks
    }
    /// All travel between places, for every class of hours: as [`RoadNetwork::travel`].
    pub fn matrices(&self, places: &[Snapped]) -> DayMatrices {
        let tables = self.networks.len();
        let matrices = self.networks.iter().map(|network| network.travel(places, tables)).collect();
        DayMatrices { matrices, of_hour: self.of_hour }
    }
}

/// The matrices of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayMatrices {
    matrices: Vec<TravelMatrix>,
    of_hour: [usize; 24],
}

impl DayMatrices {
    /// The matrix at plain speeds.
    pub fn plain(&self) -> &TravelMatrix {
        &self.matrices[0]
    }
    /// The matrix of an hour of the local day, 0 to 23; later hours are of the next day.
    pub fn at(&self, hour: usize) -> &TravelMatrix {
        &self.matrices[self.of_hour[hour % 24]]
    }
    /// The plain matrix, and what the hours change, as a problem's travel takes them; a day without
    /// traffic changes nothing.
    pub fn over_the_day(self, horizon_starts_at: Duration) -> (TravelMatrix, Option<Hours>) {
        let Self { mut matrices, of_hour } = self;
        let plain = matrices.remove(0);
        if matrices.is_empty() {
            return (plain, None);
        }
        let of_hour = of_hour.map(|class| class.checked_sub(1));
        (plain, Some(Hours::Matrices(HourlyMatrices { matrices, of_hour, horizon_starts_at })))
    }
    /// The day as one speed for all trips: each hour's share is what all trips together take at plain
    /// speeds against what they take in that hour. Which trips suffer more than others is lost; the
    /// matrices themselves keep it.
    pub fn hourly_speed(&self, horizon_starts_at: Duration) -> HourlySpeed {
        let total = |matrix: &TravelMatrix| -> u64 {
            matrix.legs().filter(|leg| leg.is_reachable()).map(|leg| u64::from(leg.seconds)).sum()
        };
        let plain = total(self.plain());
        let shares: Vec<Permille> = self
            .matrices
            .iter()
            .map(|matrix| match total(matrix) {
                0 => Permille::ONE,
                slow => Permille(((plain * 1000 + slow / 2) / slow).clamp(1, 10_000) as u32),
            })
            .collect();
        HourlySpeed { share: self.of_hour.map(|class| shares[class]), horizon_starts_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::plain;
    use crate::snap::SnapLimit;
    use crate::town::{Town, places, town};
    use dispatch_data::ids::PlaceIx;
    use dispatch_data::travel::Leg;
    use std::collections::BTreeMap;

    const DAY: &str =
        "class rush * 800 secondary 400\nclass night * 1200\nhours 7-9 rush\nhours 16-18 rush\nhours 0-5 night";

    #[test]
    fn the_hierarchy_agrees_with_plain_search_in_every_hour() {
        let day = DayTraffic::parse(DAY).expect("well-formed");
        for seed in 400..430 {
            let Some(Town { network, .. }) = town(seed, 6, 10) else { continue };
            let places = network.snap(&places(seed, 6, 20), SnapLimit::default()).expect("in town");
            let roads = DayRoads::new(&network, &day);
            let matrices = roads.matrices(&places);
            assert_eq!(*matrices.plain(), network.matrix(&places), "seed {seed}");
            for hour in [3, 8, 12] {
                let at = roads.at(hour);
                let plain = plain::between(&at.turns, &places);
                assert_eq!(*matrices.at(hour), plain, "seed {seed}, {hour} o'clock");
            }
            let speed = matrices.hourly_speed(Duration(0));
            assert_eq!(speed.share[12], Permille::ONE);
            assert!(speed.share[8] < Permille(900) && speed.share[8] == speed.share[17]);
            assert!(speed.share[3] > Permille(1050));
        }
    }

    /// Plain search over turns whose arcs cost what `row by row` says of the ways.
    fn plain_by_ways(network: &RoadNetwork, places: &[Snapped], rows: &str, hour: usize) -> TravelMatrix {
        let graph = &network.graph;
        let mut pace: BTreeMap<(i64, bool), u32> = BTreeMap::new();
        for row in rows.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let hours: Vec<(usize, usize)> = cells[2]
                .split_whitespace()
                .map(|range| range.split_once('-').map(|(a, b)| (a.parse().expect("from"), b.parse().expect("to"))))
                .collect::<Option<_>>()
                .expect("ranges");
            if hours.is_empty() || hours.iter().any(|(from, to)| (*from..*to).contains(&hour)) {
                for forward in [true, false] {
                    if cells[1].is_empty() || (cells[1] == "forward") == forward {
                        pace.insert((cells[0].parse().expect("id"), forward), cells[3].parse().expect("km/h"));
                    }
                }
            }
        }
        // The same graph with other costs of its arcs, and turns built from it anew.
        let arcs = graph.arcs.iter().map(|arc| {
            let own = pace.get(&(graph.ways[graph.edge(arc.edge).way as usize], arc.forward));
            let decimetres = arc.cost.decimetres() as u32;
            // In whole numbers: a half is rounded up.
            let time = |speed: &u32| (decimetres * 72 + speed) / (2 * speed);
            let cost = own.map(|speed| Cost::new(time(speed), decimetres));
            cost.unwrap_or(arc.cost)
        });
        let turns = network.turns.with_costs(arcs.collect());
        plain::between(&turns, places)
    }

    #[test]
    fn measured_speeds_give_what_plain_search_at_these_speeds_gives_in_every_hour() {
        let mut slowed = 0;
        for seed in 900..920 {
            let Some(Town { network, streets, .. }) = town(seed, 6, 10) else { continue };
            let places = network.snap(&places(seed, 6, 20), SnapLimit::default()).expect("in town");
            let mut rows = "way,direction,hours,speed\n".to_owned();
            for (at, street) in streets.iter().enumerate().step_by(2) {
                let direction = ["", "forward", "backward"][at / 2 % 3];
                let hours = ["", "7-9", "7-9 16-18", "8-20"][at / 2 % 4];
                rows += &format!("{},{direction},{hours},{}\n", street.id, 5 + at % 17);
            }
            let speeds = WaySpeeds::parse(&rows).expect("well-formed");
            assert_eq!(network.known_ways(&speeds), (streets.len().div_ceil(2), streets.len().div_ceil(2)));
            let day = DayTraffic::plain().with_ways(&speeds);
            let roads = DayRoads::new(&network, &day);
            let matrices = roads.matrices(&places);
            for hour in [0, 7, 8, 9, 12, 17, 22] {
                let plain = plain_by_ways(&network, &places, &rows, hour);
                assert_eq!(*matrices.at(hour), plain, "seed {seed}, {hour} o'clock");
                slowed += usize::from(plain != network.matrix(&places));
            }
            assert_eq!(matrices.plain(), matrices.at(22), "what holds all day is plain");
            assert_eq!(matrices.matrices.len(), 5, "7, 8, 16 to 18, the rest of 8 to 20, and plain");
        }
        assert!(slowed > 50, "measured speeds changed only {slowed} tables");
    }

    #[test]
    fn measured_speeds_come_before_the_kind_of_road_and_a_share_is_of_the_plain_speed() {
        let day = DayTraffic::parse("class rush * 500\nhours 8-10 rush").expect("well-formed");
        let speeds = WaySpeeds::parse("way,hours,share\n7,9-11,250\n8,,2000\n").expect("well-formed");
        let day = day.with_ways(&speeds);
        let traffic = |hour: usize| &day.classes[day.of_hour[hour]].1;
        let share = |share| [Some(Pace::Share(Permille(share))); 2];
        assert_eq!(traffic(7).ways, [(8, share(2000))]);
        assert_eq!((traffic(8).share(RoadClass::Primary), &traffic(8).ways), (Permille(500), &vec![(8, share(2000))]));
        assert_eq!(traffic(9).share(RoadClass::Primary), Permille(500));
        assert_eq!(traffic(9).ways, [(7, share(250)), (8, share(2000))]);
        assert_eq!((traffic(10).share(RoadClass::Primary), traffic(10).ways.len()), (Permille::ONE, 2));
        assert_eq!(day.of_hour[11], 0);
        assert_ne!(traffic(9).mark(), traffic(10).mark());
    }

    #[test]
    fn half_the_speed_is_twice_the_time_on_a_straight_road() {
        let drawing = crate::extract::drawn::Drawing::default().node(1, 0.0, 0.0).node(2, 1000.0, 0.0).way(
            1,
            &[1, 2],
            &[("highway", "primary"), ("maxspeed", "45")],
        );
        let car = crate::profile::Profile::car().expect("bundled");
        let network = RoadNetwork::build(&drawing.extract(&car), &car, &|_| {}).expect("roads");
        let slow = network.with_traffic(&Traffic::default().with(RoadClass::Primary, Permille(500)));
        let ends = [(100.0, 0.0), (900.0, 0.0)].map(|(x, y)| crate::extract::drawn::at(x, y).position());
        let places = network.snap(&ends, SnapLimit::default()).expect("near");
        let leg = |network: &RoadNetwork| network.matrix(&places).leg(PlaceIx(0), PlaceIx(1));
        assert_eq!(leg(&network), Leg { seconds: 80, meters: 800 });
        assert_eq!(leg(&slow), Leg { seconds: 160, meters: 800 });
    }

    #[test]
    fn the_bundled_day_is_read_and_wrong_lines_are_named() {
        let city = DayTraffic::city().expect("bundled");
        assert_ne!(city.of_hour[8], city.of_hour[12]);
        let wrong = |text: &str| DayTraffic::parse(text).expect_err("refused");
        assert_eq!(wrong("hours 7-9 rush").line, 1);
        assert_eq!(wrong("class rush * 800\nhours 9-7 rush").line, 2);
        assert_eq!(wrong("class rush * 800\nhours 7-25 rush").line, 2);
        assert_eq!(wrong("class rush primary").line, 1);
        assert_eq!(wrong("class rush primary 0").line, 1);
        assert_eq!(wrong("class rush highstreet 800").line, 1);
        assert_eq!(wrong("class rush * 800\nclass rush * 700").line, 2);
    }
}
