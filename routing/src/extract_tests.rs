//! Real extracts: found by the variable `DISPATCH_OSM` or beside the workspace; skipped without.

use crate::extract::{Extract, Via};
use crate::graph::RoadGraph;
use crate::ids::ArcIx;
use crate::network::RoadNetwork;
use crate::profile::Profile;
use crate::restrictions::Automaton;
use crate::snap::{SnapLimit, Snapped};
use crate::traffic::{DayRoads, DayTraffic};
use crate::turns::TurnGraph;
use dispatch_data::place::Position;
use std::path::PathBuf;

/// The folder of extracts, if this machine has one.
fn folder() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/osm"));
    let folder = std::env::var_os("DISPATCH_OSM").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no benchmark data");
    None
}

const TINY: &[&str] = &[
    "r5-cathedral-no-left",
    "r5-fiji-ferry",
    "r5-snake-rd",
    "valhalla-amsterdam",
    "valhalla-ny-access-restriction",
    "valhalla-rome",
    "valhalla-whitelion_bristol_uk",
    "valhalla-whitelion_bristol_uk_reversed_oneway",
];

fn profile(name: &str) -> Profile {
    Profile::bundled(name).expect("listed").expect("sound")
}

/// So many points of roads all over the map, on the roads all can share.
fn spread(network: &RoadNetwork, count: usize) -> Vec<Snapped> {
    let lines: Vec<Position> = network.lines(network.bounds()).map(|line| line.points[0]).collect();
    let places: Vec<Position> = (0..count).map(|k| lines[k * 7919 % lines.len()]).collect();
    network.snap(&places, SnapLimit(300_000.0)).expect("on the map")
}

#[test]
fn every_restriction_at_a_node_of_the_tiny_extracts_is_honoured() {
    let Some(folder) = folder() else { return };
    let (mut forbidden, mut only) = (0, 0);
    let car = profile("car");
    for name in TINY {
        let extract = Extract::read(&folder.join("tiny").join(format!("{name}.osm.pbf")), &car).expect("sound");
        let (graph, junctions) = RoadGraph::build(&extract).expect("small");
        let automaton = Automaton::build(&extract, &graph, &junctions);
        let turns = TurnGraph::build(&graph, &car.turns, &automaton);
        let way_of = |arc: ArcIx| extract.ways[graph.edge(graph.arc(arc).edge).way as usize].id;
        let all = |test: &dyn Fn(ArcIx) -> bool| -> Vec<ArcIx> {
            (0..graph.arcs.len()).map(ArcIx::at).filter(|arc| test(*arc)).collect()
        };
        for restriction in &extract.restrictions {
            let Via::Node(node) = restriction.via else { continue };
            let Some(node) = junctions.get(node) else { continue };
            let to = all(&|arc| way_of(arc) == restriction.to && graph.arc(arc).tail == node);
            if to.is_empty() || restriction.from == restriction.to {
                continue;
            }
            for from in all(&|arc| way_of(arc) == restriction.from && graph.arc(arc).head == node) {
                for state in turns.states_of(from) {
                    for (next, _) in turns.after(state) {
                        let named = to.contains(&turns.arc_of(*next));
                        assert!(restriction.only || !named, "{name}: {restriction:?}");
                        // Several signs may each name an only way.
                        let others = || {
                            extract.restrictions.iter().any(|other| {
                                other.only && other.from == restriction.from && other.to == way_of(turns.arc_of(*next))
                            })
                        };
                        assert!(!restriction.only || named || others(), "{name}: {restriction:?}");
                    }
                }
                *(if restriction.only { &mut only } else { &mut forbidden }) += 1;
            }
        }
    }
    assert!(forbidden > 100 && only > 10, "{forbidden} forbidden turns and {only} only ways were looked at");
}

#[test]
fn a_street_drawn_the_other_way_round_is_one_way_the_other_way_round() {
    let Some(folder) = folder() else { return };
    let read = |name: &str| {
        let path = folder.join("tiny").join(format!("valhalla-whitelion_bristol_uk{name}.osm.pbf"));
        let extract = Extract::read(&path, &profile("car")).expect("sound");
        let way = extract.ways.iter().find(|way| way.id == 63).expect("in both").road;
        (way.forward.is_some(), way.backward.is_some())
    };
    assert_eq!(read(""), (true, false));
    assert_eq!(read("_reversed_oneway"), (false, true));
}

/// Every profile in every kind of hour of the bundled day.
fn every_hour_agrees(path: &std::path::Path) {
    let day = DayTraffic::city().expect("bundled");
    for name in Profile::BUNDLED {
        let network = RoadNetwork::import(path, &profile(name), &|_| {}).expect("sound");
        let places = spread(&network, 25);
        let roads = DayRoads::new(&network, &day);
        let matrices = roads.matrices(&places);
        for hour in [3, 8, 10, 15] {
            let plain = crate::matrix::plain::between(&roads.at(hour).turns, &places);
            assert_eq!(*matrices.at(hour), plain, "{} by {name}, {hour} o'clock", path.display());
        }
    }
}

#[test]
fn the_hierarchy_agrees_with_plain_search_on_real_extracts() {
    let agrees = |path: &std::path::Path, name: &str, count: usize| {
        let network = RoadNetwork::import(path, &profile(name), &|_| {}).expect("sound");
        let places = spread(&network, count);
        let plain = crate::matrix::plain::between(&network.turns, &places);
        assert_eq!(network.matrix(&places), plain, "{} by {name}", path.display());
    };
    let bundled = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/samples/liechtenstein.osm.pbf"));
    for name in Profile::BUNDLED {
        agrees(&bundled, name, 60);
    }
    every_hour_agrees(&bundled);
    let Some(folder) = folder() else { return };
    for tiny in TINY {
        agrees(&folder.join("tiny").join(format!("{tiny}.osm.pbf")), "car", 40);
    }
    agrees(&folder.join("monaco.osm.pbf"), "foot", 20);
    agrees(&folder.join("monaco.osm.pbf"), "light-truck", 40);
    agrees(&folder.join("andorra-2026.osm.pbf"), "e-bike", 20);
    agrees(&folder.join("porto.osm.pbf"), "car", 12);
}
