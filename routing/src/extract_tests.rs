//! Real extracts: found by the variable `DISPATCH_OSM` or beside the workspace; skipped without.

use crate::cost::Cost;
use crate::descent::descend;
use crate::extract::{Extract, Restriction, Via};
use crate::graph::RoadGraph;
use crate::ids::ArcIx;
use crate::network::RoadNetwork;
use crate::profile::Profile;
use crate::restrictions::Automaton;
use crate::search::Search;
use crate::snap::{SnapLimit, Snapped};
use crate::traffic::{DayRoads, DayTraffic};
use crate::turns::TurnGraph;
use dispatch_data::place::Position;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
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
                        assert!(restriction.sign.only || !named, "{name}: {restriction:?}");
                        // Several signs may each name an only way.
                        let others = || {
                            extract.restrictions.iter().any(|other| {
                                other.sign.only
                                    && other.from == restriction.from
                                    && other.to == way_of(turns.arc_of(*next))
                            })
                        };
                        assert!(!restriction.sign.only || named || others(), "{name}: {restriction:?}");
                    }
                }
                *(if restriction.sign.only { &mut only } else { &mut forbidden }) += 1;
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

/// One way of trying all ways: plain search that remembers whole ways driven and reads the restrictions word by word.
///
/// A label is kept for each arc together with the arcs driven before it, as far back as all of these belong to a
/// restriction over ways; so it knows nothing of states and chains of arcs.
fn word_by_word(
    extract: &Extract,
    graph: &RoadGraph,
    turns: &TurnGraph,
    over: &[Restriction],
    from: ArcIx,
) -> BTreeMap<ArcIx, Cost> {
    let way_of = |arc: ArcIx| extract.ways[graph.edge(graph.arc(arc).edge).way as usize].id;
    let members: BTreeSet<i64> = over
        .iter()
        .flat_map(|restriction| {
            let Via::Ways(via) = &restriction.via else { return Vec::new() };
            via.iter().copied().chain([restriction.from]).collect()
        })
        .collect();
    // The ways driven, one after another, each once.
    let ways = |driven: &[ArcIx]| {
        let mut ways: Vec<i64> = driven.iter().map(|arc| way_of(*arc)).collect();
        ways.dedup();
        ways
    };
    let allowed = |driven: &[ArcIx], next: ArcIx| {
        let head = graph.arc(*driven.last().expect("the first")).head;
        let leads = |way: i64| graph.out(head).any(|arc| way_of(arc) == way);
        let begun = over.iter().filter(|restriction| {
            let Via::Ways(via) = &restriction.via else { return false };
            let sequence: Vec<i64> = [restriction.from].into_iter().chain(via.iter().copied()).collect();
            ways(driven).ends_with(&sequence) && leads(restriction.to)
        });
        let begun: Vec<_> = begun.collect();
        begun.iter().all(|restriction| restriction.sign.only || way_of(next) != restriction.to)
            && (!begun.iter().any(|restriction| restriction.sign.only)
                || begun.iter().any(|restriction| restriction.sign.only && way_of(next) == restriction.to))
    };
    let mut settled: BTreeSet<Vec<ArcIx>> = BTreeSet::new();
    let mut best: BTreeMap<ArcIx, Cost> = BTreeMap::new();
    let mut queue = BinaryHeap::from([Reverse((Cost::delay(0).key(), vec![from]))]);
    while let Some(Reverse((key, driven))) = queue.pop() {
        if !settled.insert(driven.clone()) {
            continue;
        }
        let (cost, last) = (Cost::of_key(key), *driven.last().expect("the first"));
        if driven.len() > 1 || cost > Cost::delay(0) {
            best.entry(last).or_insert(cost);
        }
        // All turns at the end of the arc but those that restrictions over ways speak of: from the arc's plain state.
        for (state, step) in turns.after(turns.fresh(last)) {
            let next = turns.arc_of(*state);
            if allowed(&driven, next) {
                let mut longer = if members.contains(&way_of(last)) { driven.clone() } else { Vec::new() };
                longer.push(next);
                queue.push(Reverse(((cost + *step).key(), longer)));
            }
        }
    }
    best
}

#[test]
fn restrictions_over_ways_of_real_extracts_hold_on_every_trip_by_hierarchy_by_search_and_word_by_word() {
    let Some(folder) = folder() else { return };
    let car = profile("car");
    let (mut bound, mut kinds) = (0, BTreeSet::new());
    // The tiny extracts, Monaco and Helsinki have none for cars.
    for name in ["andorra-2026", "porto"] {
        let path = folder.join(format!("{name}.osm.pbf"));
        let mut extract = Extract::read(&path, &car).expect("sound");
        let network = RoadNetwork::import(&path, &car, &|_| {}).expect("sound");
        let (graph, junctions) = RoadGraph::build(&extract).expect("small");
        let (graph, turns) = (&graph, &network.turns);
        let is_over = |restriction: &Restriction| matches!(restriction.via, Via::Ways(_));
        let (over, at_nodes) = extract.restrictions.drain(..).partition::<Vec<_>, _>(is_over);
        // The same roads with the restrictions at nodes only.
        extract.restrictions = at_nodes;
        let freer = TurnGraph::build(graph, &car.turns, &Automaton::build(&extract, graph, &junctions));
        let arcs_of = |way: i64| {
            let of_way = |arc: &ArcIx| extract.ways[graph.edge(graph.arc(*arc).edge).way as usize].id == way;
            (0..graph.arcs.len()).map(ArcIx::at).filter(of_way).collect::<Vec<_>>()
        };
        let mut search = Search::new(turns);
        let all = vec![true; turns.len()];
        for restriction in &over {
            let Via::Ways(via) = &restriction.via else { continue };
            for from in arcs_of(restriction.from) {
                let plain = word_by_word(&extract, graph, &freer, &over, from);
                let free = word_by_word(&extract, graph, &freer, &[], from);
                search.run(&[(turns.fresh(from), Cost::delay(0))], &all, usize::MAX);
                for to in arcs_of(restriction.to).into_iter().filter(|to| *to != from) {
                    let wanted = plain.get(&to).copied().unwrap_or(Cost::NEVER);
                    let searched = turns.states_of(to).map(|state| search.cost(state)).fold(Cost::NEVER, Cost::min);
                    assert_eq!(searched, wanted, "{name}: {restriction:?}, {from:?} to {to:?}");
                    let ends: Vec<_> = turns.states_of(to).map(|state| (state, Cost::delay(0))).collect();
                    let trip = descend(network.roads(), &[(turns.fresh(from), Cost::delay(0))], &ends);
                    assert_eq!(trip.map_or(Cost::NEVER, |trip| trip.cost), wanted, "{name}: {restriction:?}");
                    if free.get(&to).copied().unwrap_or(Cost::NEVER) != wanted {
                        bound += 1;
                        kinds.insert((name, restriction.sign.only, via.len()));
                    }
                }
            }
        }
        let told = network.restrictions().expect("imported");
        assert!(told.honoured > 100 && told.faulty.len() * 10 < told.honoured, "{name}: {told:?}");
    }
    assert!(bound >= 12 && kinds.len() == 2, "only {bound} trips were changed by restrictions over ways: {kinds:?}");
}
