//! Every clever answer against a plain one.

use crate::cost::Cost;
use crate::ids::{ArcIx, StateIx};
use crate::network::RoadNetwork;
use crate::profile::Profile;
use crate::snap::{SnapLimit, Snapped};
use crate::town::{Rule, Town, places, town};
use crate::trip;
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::Leg;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// One way to all states by petgraph's own Dijkstra over the same turns.
fn by_petgraph(network: &RoadNetwork, from: &Snapped, to: &Snapped) -> Cost {
    let turns = &network.turns;
    let mut graph: DiGraph<(), f64> = DiGraph::new();
    for _ in 0..=turns.len() {
        graph.add_node(());
    }
    for state in 0..turns.len() {
        for (next, cost) in turns.after(StateIx::at(state)) {
            graph.add_edge(NodeIndex::new(state), NodeIndex::new(next.index()), cost.0);
        }
    }
    // The trip's beginning is a vertex of its own with the turns that follow its arcs.
    let root = NodeIndex::new(turns.len());
    for (state, ahead) in trip::starts(turns, from) {
        for (next, cost) in turns.after(state) {
            graph.add_edge(root, NodeIndex::new(next.index()), (ahead + *cost).0);
        }
    }
    let labels = petgraph::algo::dijkstra(&graph, root, None, |edge| *edge.weight());
    let ends = trip::ends(turns, to);
    let round =
        ends.iter().filter_map(|(state, rest)| Some(Cost(*labels.get(&NodeIndex::new(state.index()))?) - *rest));
    let stay = trip::direct(turns, from, to).map(|(_, cost)| cost);
    round.chain(stay).fold(Cost::NEVER, Cost::min)
}

#[test]
fn the_hierarchy_agrees_with_plain_search() {
    for seed in 200..300 {
        let side = 3 + (seed % 8) as i64;
        let Some(Town { network, .. }) = town(seed, side, 12) else { continue };
        let places = network.snap(&places(seed, side, 37), SnapLimit::default()).expect("in town");
        let plain = crate::matrix::plain::between(&network.turns, &places);
        assert_eq!(network.matrix(&places), plain, "seed {seed}");
    }
}

#[test]
fn the_matrix_agrees_with_petgraph_and_with_single_trips() {
    for seed in 0..25 {
        let Some(Town { network, .. }) = town(seed, 6, 8) else { continue };
        let places = network.snap(&places(seed, 6, 9), SnapLimit::default()).expect("in town");
        let matrix = network.matrix(&places);
        for (i, from) in places.iter().enumerate() {
            for (j, to) in places.iter().enumerate().filter(|(j, _)| *j != i) {
                let leg = matrix.leg(PlaceIx::from(i), PlaceIx::from(j));
                assert_eq!(leg, by_petgraph(&network, from, to).leg(), "seed {seed}, {i} to {j}");
                let path = network.path(from, to).expect("all places share the core");
                assert_eq!((path.seconds, path.meters), (leg.seconds, leg.meters), "seed {seed}, {i} to {j}");
                let line: f64 = path.points.windows(2).map(|pair| pair[0].meters_to(pair[1])).sum();
                assert_eq!(path.so_far.len(), path.points.len());
                assert_eq!(
                    (path.so_far[0], path.so_far.last()),
                    (Leg::default(), Some(&leg)),
                    "seed {seed}, {i} to {j}"
                );
                let mut drawn = 0.0;
                for (points, legs) in path.points.windows(2).zip(path.so_far.windows(2)) {
                    drawn += points[0].meters_to(points[1]);
                    assert!((drawn - f64::from(legs[1].meters)).abs() < 5.0, "seed {seed}: {drawn} m, {legs:?}");
                    assert!(legs[0].seconds <= legs[1].seconds, "seed {seed}: {legs:?}");
                }
                assert!((line - f64::from(leg.meters)).abs() < 5.0, "seed {seed}: line of {line} m, {} m", leg.meters);
            }
        }
    }
}

/// The street and the direction of an arc, by the map's own ids.
type Driven = (i64, bool);

/// Whether `rules` let `next` follow the streets driven so far, read word by word.
fn allowed(town: &Town, driven: &[Driven], next: Driven) -> bool {
    let street = |id: i64| town.streets.iter().find(|street| street.id == id).expect("known");
    let head = |(id, forward): Driven| if forward { street(id).ends.1 } else { street(id).ends.0 };
    let here = driven.last().map(|last| head(*last));
    let applies = |rule: &&Rule| {
        let applies = match (rule.via_node, rule.via_way) {
            (Some(node), _) => driven.last().is_some_and(|last| last.0 == rule.from) && here == Some(node),
            (None, Some(way)) => {
                let [.., first, last] = driven else { return false };
                first.0 == rule.from && last.0 == way
            }
            (None, None) => false,
        };
        // A restriction whose end cannot be driven from here says nothing.
        let to = street(rule.to);
        applies && (Some(to.ends.0) == here || to.both && Some(to.ends.1) == here)
    };
    let applying: Vec<&Rule> = town.rules.iter().filter(applies).collect();
    applying.iter().all(|rule| {
        if !rule.only {
            return next.0 != rule.to;
        }
        // Several signs of one place that each name an only way allow all of these.
        let same = |other: &&&Rule| other.only && (other.via_node, other.via_way) == (rule.via_node, rule.via_way);
        applying.iter().filter(same).any(|other| other.to == next.0)
    })
}

#[test]
fn the_automaton_forbids_what_the_rules_forbid_word_by_word() {
    let mut bound = 0;
    for seed in 100..160 {
        let Some(town) = town(seed, 4, 10) else { continue };
        let (graph, turns) = (&town.network.graph, &town.network.turns);
        let mut ways: Vec<i64> = town.streets.iter().map(|street| street.id).collect();
        ways.sort_unstable();
        let driven_of = |arc: ArcIx| {
            let arc = graph.arc(arc);
            (ways[graph.edge(arc.edge).way as usize], arc.forward)
        };
        // All ways of five arcs, once through the states and once through the rules.
        let mut through_states: BTreeMap<Vec<Driven>, StateIx> = BTreeMap::new();
        for arc in 0..graph.arcs.len() {
            through_states.insert(vec![driven_of(ArcIx::at(arc))], StateIx::at(arc));
        }
        for _ in 0..3 {
            let mut longer = BTreeMap::new();
            for (driven, state) in &through_states {
                let arc = turns.arc_of(*state);
                let head = graph.arc(arc).head;
                let back = graph.reverse(arc);
                let dead_end = graph.out(head).all(|next| Some(next) == back);
                for next in graph.out(head).filter(|next| (Some(*next) == back) == dead_end) {
                    let step = driven_of(next);
                    let after = turns.after(*state).iter().find(|(state, _)| turns.arc_of(*state) == next);
                    assert_eq!(after.is_some(), allowed(&town, driven, step), "seed {seed}: {driven:?} then {step:?}");
                    bound += usize::from(after.is_none());
                    if let Some((state, _)) = after {
                        let mut way = driven.clone();
                        way.push(step);
                        longer.insert(way, *state);
                    }
                }
            }
            through_states = longer;
        }
    }
    assert!(bound > 1000, "only {bound} turns were forbidden at all");
}

#[test]
fn a_new_place_against_the_living_ones_agrees_with_the_matrix() {
    for seed in 300..340 {
        let Some(Town { network, .. }) = town(seed, 7, 12) else { continue };
        let places = network.snap(&places(seed, 7, 30), SnapLimit::default()).expect("in town");
        let matrix = network.matrix(&places);
        let (new, standing) = places.split_last().expect("thirty");
        let mut live = network.live(&standing[..20]);
        for place in &standing[20..] {
            live.push(*place);
        }
        let mut query = live.query();
        let last = PlaceIx::from(standing.len());
        for _ in 0..2 {
            let legs = query.legs(new);
            for k in 0..standing.len() {
                assert_eq!(legs.to[k], matrix.leg(last, PlaceIx::from(k)), "seed {seed}, to {k}");
                assert_eq!(legs.from[k], matrix.leg(PlaceIx::from(k), last), "seed {seed}, from {k}");
            }
        }
    }
}

#[test]
fn every_profile_agrees_with_plain_search_in_helsinki() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf");
    for name in Profile::BUNDLED {
        let profile = Profile::bundled(name).expect("listed").expect("sound");
        let network = RoadNetwork::import(path.as_ref(), &profile, &|_| {}).expect("sound");
        let lines: Vec<_> = network.lines(network.bounds()).collect();
        let places: Vec<_> = lines.iter().step_by(lines.len() / 100).map(|line| line.points[0]).collect();
        let places = network.snap(&places, SnapLimit::default()).expect("on roads");
        let plain = crate::matrix::plain::between(&network.turns, &places);
        assert_eq!(network.matrix(&places), plain, "{name}");
    }
}
