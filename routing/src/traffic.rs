//! Speeds that depend on the hour: shares of the plain speed by kind of road, speeds measured on single ways and
//! stretches of them, closures, and the day made of them.
//!
//! Each class of hours has its own exact metric on the shared order. What a plan makes of several
//! matrices is not decided here; the table of measured speeds is read in `measured`.

use crate::class::RoadClass;
use crate::cost::Cost;
use crate::error::ProfileError;
use crate::graph::{Arc as RoadArc, RoadGraph};
use crate::ids::ArcIx;
use crate::measured::{ALL_DAY, Measured, Pace, Part, WaySpeeds};
use crate::network::RoadNetwork;
use crate::prepared::checksum;
use crate::snap::Snapped;
use crate::stretches::{Stretches, at_pace, stretched};
use crate::uneven::{Uneven, whole};
use dispatch_data::travel::{HourlyMatrices, HourlySpeed, Hours, TravelMatrix};
use dispatch_data::units::{Duration, Permille};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What one makes of the plain speed on each kind of road, on single ways and on stretches of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    share: [Permille; RoadClass::COUNT],
    /// By the way's id in the map, sorted: as the map draws it, and against it.
    ways: Vec<(i64, [Option<Pace>; 2])>,
    stretches: Stretches,
}

impl Default for Traffic {
    /// The plain speeds.
    fn default() -> Self {
        Self { share: [Permille::ONE; RoadClass::COUNT], ways: Vec::new(), stretches: Stretches::default() }
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
    /// The same with paces measured on ways and on stretches of them, in the order of their ids; those of stretches
    /// come before those of ways, and these before what is known of the kind of road.
    #[must_use]
    fn with_ways<'a>(mut self, rows: impl Iterator<Item = &'a Measured>) -> Self {
        for row in rows {
            let way = match row.part {
                Part::Way(way) => way,
                Part::Stretch(from, to) => {
                    self.stretches.0.push(((from, to), row.pace));
                    continue;
                }
            };
            if self.ways.last().is_none_or(|(last, _)| *last != way) {
                self.ways.push((way, [None; 2]));
            }
            if let Some((_, paces)) = self.ways.last_mut() {
                for (pace, _) in paces.iter_mut().zip(row.directions).filter(|(_, meant)| *meant) {
                    *pace = Some(row.pace);
                }
            }
        }
        self
    }
    /// What driving each arc of a graph costs, and the arcs whose stretches differ.
    pub(crate) fn drive(&self, graph: &RoadGraph) -> (Vec<Cost>, Uneven) {
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
        let pace = |arc: &RoadArc| {
            let edge = graph.edge(arc.edge);
            let own = of_way.get(edge.way as usize).and_then(|paces| paces[usize::from(!arc.forward)]);
            own.unwrap_or(Pace::Share(self.share(edge.class)))
        };
        let even = |arc: &RoadArc| at_pace(arc.cost, pace(arc));
        let mut drive: Vec<Cost> = graph.arcs.par_iter().with_min_len(4096).map(even).collect();
        let mut parts = self.stretches.on(graph, pace);
        if self.ways.iter().flat_map(|(_, paces)| paces).any(|pace| *pace == Some(Pace::Closed)) {
            let told: BTreeSet<ArcIx> = parts.iter().map(|(arc, _)| *arc).collect();
            let closed = |(at, arc): (usize, &RoadArc)| {
                let arc_at = ArcIx::at(at);
                (pace(arc) == Pace::Closed && !told.contains(&arc_at)).then(|| (arc_at, vec![(1.0, Pace::Closed)]))
            };
            parts.extend(graph.arcs.iter().enumerate().filter_map(closed));
        }
        let mut uneven = Vec::new();
        for (at, paces) in parts {
            let plain = graph.arc(at).cost;
            match stretched(plain, &paces) {
                Some(stretches) => {
                    drive[at.index()] = whole(&stretches);
                    uneven.push((at, stretches));
                }
                None => drive[at.index()] = paces.first().map_or(plain, |(_, pace)| at_pace(plain, *pace)),
            }
        }
        (drive, Uneven::new(uneven))
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
#[path = "traffic_tests.rs"]
mod tests;
