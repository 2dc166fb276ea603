//! Days of traffic against plain search at the speeds they tell.

use super::*;
use crate::ids::StateIx;
use crate::matrix::plain;
use crate::on_demand::{CacheLimits, TravelOnDemand};
use crate::snap::SnapLimit;
use crate::town::{Street, Town, places, town};
use dispatch_data::ids::PlaceIx;
use dispatch_data::place::Position;
use dispatch_data::travel::Leg;
use dispatch_data::travel::LegSource as _;
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
    let turns = network.turns.with_costs(arcs.collect(), Uneven::default());
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
    let network = RoadNetwork::build(drawing.extract(&car), &car, &|_| {}).expect("roads");
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

/// What a table says of each pair of neighbouring nodes and of each direction of a way: km/h, 0 where closed.
#[derive(Default)]
struct Told {
    stretches: BTreeMap<(i64, i64), f64>,
    ways: BTreeMap<(i64, bool), f64>,
}

impl Told {
    fn read(rows: &str, hour: usize) -> Self {
        let mut told = Self::default();
        for row in rows.lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let [way, from, to, hours, speed] = cells[..] else { panic!("{row}") };
            let within = hours.split_once('-').is_none_or(|(first, past)| {
                (first.parse().expect("hour")..past.parse().expect("hour")).contains(&hour)
            });
            let speed: f64 = if speed == "closed" { 0.0 } else { speed.parse().expect("km/h") };
            let id = |cell: &str| cell.parse::<i64>().expect("id");
            if within && way.is_empty() {
                told.stretches.insert((id(from), id(to)), speed);
            } else if within {
                told.ways.extend([true, false].map(|forward| ((id(way), forward), speed)));
            }
        }
        told
    }
    /// Seconds from one share of an arc to a later one, node by node; infinite through a closure.
    fn part(&self, network: &RoadNetwork, arc: ArcIx, from: f64, to: f64) -> f64 {
        let graph = &network.graph;
        let at = graph.arc(arc);
        let mut nodes: Vec<(Position, i64)> = graph
            .points(at.edge)
            .iter()
            .map(|spot| spot.position())
            .zip(graph.point_ids(at.edge).iter().copied())
            .collect();
        if !at.forward {
            nodes.reverse();
        }
        let lengths: Vec<f64> = nodes.windows(2).map(|pair| pair[0].0.meters_to(pair[1].0)).collect();
        let whole: f64 = lengths.iter().sum();
        let way = self.ways.get(&(graph.ways[graph.edge(at.edge).way as usize], at.forward));
        let (mut begin, mut seconds) = (0.0, 0.0);
        for (pair, length) in nodes.windows(2).zip(lengths) {
            let end = begin + length / whole;
            let driven = (to.min(end) - from.max(begin)).max(0.0);
            if driven > 1e-9 {
                seconds += match self.stretches.get(&(pair[0].1, pair[1].1)).or(way) {
                    Some(0.0) => f64::INFINITY,
                    Some(speed) => driven * whole * 3.6 / speed,
                    None => driven * at.cost.centiseconds() / 100.0,
                };
            }
            begin = end;
        }
        seconds
    }
    /// Seconds of the fastest trip by a search of its own over the plain network's turns, label by label at the
    /// beginnings of arcs; infinite where there is none.
    fn trip(&self, plain: &RoadNetwork, from: &Snapped, to: &Snapped) -> f64 {
        let turns = &plain.turns;
        let mut label: BTreeMap<StateIx, f64> = BTreeMap::new();
        let mut queue: Vec<(f64, StateIx)> = Vec::new();
        let onward = |state: StateIx, so_far: f64| {
            let turned = move |(next, step): &(StateIx, Cost)| {
                let turn = *step - turns.drive(turns.arc_of(*next));
                (so_far + turn.centiseconds() / 100.0, *next)
            };
            turns.after(state).iter().map(turned)
        };
        for (arc, share) in from.arcs() {
            queue.extend(onward(turns.fresh(arc), self.part(plain, arc, share, 1.0)));
        }
        while let Some(first) = (0..queue.len()).min_by(|a, b| queue[*a].0.total_cmp(&queue[*b].0)) {
            let (cost, state) = queue.swap_remove(first);
            if cost.is_finite() && !label.contains_key(&state) {
                label.insert(state, cost);
                queue.extend(onward(state, cost + self.part(plain, turns.arc_of(state), 0.0, 1.0)));
            }
        }
        let mut best = f64::INFINITY;
        for (arc, share) in to.arcs() {
            let ends = turns.states_of(arc).filter_map(|state| label.get(&state));
            best = ends.map(|cost| cost + self.part(plain, arc, 0.0, share)).fold(best, f64::min);
            let ahead = from.arcs().filter(|(other, start)| *other == arc && *start <= share);
            best = ahead.map(|(_, start)| self.part(plain, arc, start, share)).fold(best, f64::min);
        }
        best
    }
}

/// A table of speeds and closures between nodes of a town, and of whole ways.
fn table(streets: &[Street]) -> String {
    let mut rows = "way,from,to,hours,speed\n".to_owned();
    for (at, street) in streets.iter().enumerate() {
        let hours = ["", "7-9", "8-20"][at % 3];
        let Some([first, second]) = street.inner else {
            if at % 7 == 0 {
                rows += &format!("{},,,{hours},{}\n", street.id, if at % 2 == 0 { "closed" } else { "12" });
            }
            continue;
        };
        if at % 5 == 0 {
            rows += &format!("{},,,,{}\n", street.id, 20 + at % 9);
        }
        let speed = |of: usize| if of.is_multiple_of(4) { "closed".to_owned() } else { (4 + of % 30).to_string() };
        rows += &format!(",{first},{second},{hours},{}\n", speed(at));
        rows += &format!(",{second},{first},,{}\n", speed(at + 1));
        rows += &format!(",{},{first},{hours},{}\n", street.ends.0, speed(at + 2));
    }
    rows
}

#[test]
fn stretches_and_closures_give_what_a_search_node_by_node_gives_on_every_way_of_asking() {
    let (mut closed, mut changed, mut within) = (0, 0, 0);
    for seed in 1000..1006 {
        let Some(Town { network, streets, .. }) = town(seed, 6, 10) else { continue };
        let places = network.snap(&places(seed, 6, 16), SnapLimit::default()).expect("in town");
        let rows = table(&streets);
        let speeds = WaySpeeds::parse(&rows).expect("well-formed");
        let roads = DayRoads::new(&network, &DayTraffic::plain().with_ways(&speeds));
        let matrices = roads.matrices(&places);
        let usual = network.matrix(&places);
        for hour in [3, 8, 12] {
            let (now, matrix, told) = (roads.at(hour), matrices.at(hour), Told::read(&rows, hour));
            assert_eq!(*matrix, plain::between(&now.turns, &places), "seed {seed}, {hour} o'clock");
            let asked = TravelOnDemand::new(
                roads.networks()[roads.of_hour[hour]].clone(),
                places.clone(),
                CacheLimits::default(),
            );
            let standing = now.live(&places[1..]);
            let live = standing.query().legs(&places[0]);
            for i in (0..places.len()).map(PlaceIx::from) {
                for j in (0..places.len()).map(PlaceIx::from).filter(|j| *j != i) {
                    let (from, to) = (&places[i.index()], &places[j.index()]);
                    let (leg, seconds) = (matrix.leg(i, j), told.trip(&network, from, to));
                    let name = format!("seed {seed}, {hour} o'clock, {i:?} to {j:?}");
                    assert_eq!(leg.is_reachable(), seconds.is_finite(), "{name}: {leg:?}, {seconds}");
                    assert_eq!(asked.leg(i, j), leg, "{name}");
                    let path = now.path(from, to).map(|path| Leg { seconds: path.seconds, meters: path.meters });
                    assert_eq!(path.unwrap_or(Leg::UNREACHABLE), leg, "{name}");
                    if i.index() == 0 {
                        assert_eq!(live.to[j.index() - 1], leg, "{name}");
                        assert_eq!(live.from[j.index() - 1], matrix.leg(j, i), "{name}");
                    }
                    if seconds.is_finite() {
                        assert!((f64::from(leg.seconds) - seconds).abs() < 0.7, "{name}: {leg:?}, {seconds}");
                        changed += usize::from(leg != usual.leg(i, j));
                    }
                    closed += usize::from(seconds.is_infinite());
                    let cut = |place: &Snapped| {
                        place.arcs().any(|(arc, _)| {
                            !now.turns.drive(arc).is_open() && told.part(&network, arc, 0.0, 1.0).is_infinite()
                        })
                    };
                    within += usize::from(seconds.is_finite() && (cut(from) || cut(to)));
                }
                let mut row: Vec<(u32, PlaceIx)> =
                    matrix.row(i).enumerate().map(|(to, leg)| (leg.seconds, PlaceIx::from(to))).collect();
                row.retain(|(seconds, to)| *to != i && *seconds != u32::MAX);
                row.sort_unstable();
                let nearest = asked.nearest(i, places.len());
                assert_eq!(nearest.iter().map(|(to, leg)| (leg.seconds, *to)).collect::<Vec<_>>(), row);
            }
        }
    }
    assert!(
        closed > 100 && changed > 1000 && within > 100,
        "{closed} closed, {changed} changed, {within} on cut roads"
    );
}

#[test]
fn traffic_upon_closed_roads_starts_from_the_plain_ones_again() {
    let Town { network, streets, .. } = town(1000, 6, 10).expect("a town");
    let places = network.snap(&places(1000, 6, 24), SnapLimit::default()).expect("in town");
    let speeds = WaySpeeds::parse(&table(&streets)).expect("well-formed");
    let held = DayRoads::new(&network, &DayTraffic::plain().with_ways(&speeds));
    let again = held.at(8).with_traffic(&Traffic::default());
    assert_ne!(held.at(8).matrix(&places), network.matrix(&places));
    assert_eq!(again.matrix(&places), network.matrix(&places));
}

#[test]
fn all_stretches_of_a_way_are_the_way_and_those_of_no_road_are_counted() {
    let Town { network, streets, .. } = town(1001, 6, 10).expect("a town");
    let places = network.snap(&places(1001, 6, 24), SnapLimit::default()).expect("in town");
    let street = streets.iter().find(|street| street.inner.is_some() && street.both).expect("a bend");
    let [first, second] = street.inner.expect("a bend");
    let nodes = [street.ends.0, first, second, street.ends.1];
    let mut rows = "from,to,speed\n".to_owned();
    for pair in nodes.windows(2) {
        rows += &format!("{},{},7\n{},{},7\n", pair[0], pair[1], pair[1], pair[0]);
    }
    let by = |text: &str| {
        let day = DayTraffic::plain().with_ways(&WaySpeeds::parse(text).expect("well-formed"));
        DayRoads::new(&network, &day).matrices(&places).plain().clone()
    };
    let whole = by(&format!("way,speed\n{},7\n", street.id));
    assert_eq!(by(&rows), whole);
    assert_ne!(whole, network.matrix(&places));
    // Nodes that are no neighbours, and one that is not there.
    rows += &format!("{first},{},7\n{first},999999,7\n", street.ends.1);
    let known = network.known_ways(&WaySpeeds::parse(&rows).expect("well-formed"));
    assert_eq!(known, (6, 8));
}
