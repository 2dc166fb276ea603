//! The door, on small drawn maps and on Helsinki's centre.

use super::*;
use crate::extract::drawn::{Drawing, at};
use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::Leg;
use std::path::PathBuf;

fn helsinki() -> RoadNetwork {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf"));
    RoadNetwork::import(&path, &Profile::car().expect("bundled"), &|_| {}).expect("sound")
}

fn build(drawing: &Drawing) -> RoadNetwork {
    let profile = Profile::car().expect("bundled");
    RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).expect("roads")
}

/// A square of 500 m, its southern side a one-way street eastwards.
fn square() -> Drawing {
    let oneway = &[("highway", "residential"), ("maxspeed", "45"), ("oneway", "yes")];
    Drawing::default()
        .node(1, 0.0, 0.0)
        .node(2, 500.0, 0.0)
        .node(3, 500.0, 500.0)
        .node(4, 0.0, 500.0)
        .way(10, &[1, 2], oneway)
        .street(11, &[2, 3])
        .street(12, &[3, 4])
        .street(13, &[4, 1])
}

fn meters(network: &RoadNetwork, from: (f64, f64), to: (f64, f64)) -> u32 {
    let places = [at(from.0, from.1).position(), at(to.0, to.1).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    let leg = network.matrix(&places).leg(PlaceIx(0), PlaceIx(1));
    let path = network.path(&places[0], &places[1]).expect("a way");
    assert_eq!((path.seconds, path.meters), (leg.seconds, leg.meters));
    leg.meters
}

#[test]
fn ahead_in_a_one_way_street_is_near_and_behind_is_once_around() {
    let network = build(&square());
    assert_eq!(meters(&network, (100.0, 5.0), (400.0, 5.0)), 300);
    assert_eq!(meters(&network, (400.0, 5.0), (100.0, 5.0)), 1700);
    assert_eq!(meters(&network, (505.0, 100.0), (505.0, 400.0)), 300);
    // Against the only way round nobody can come: there is no dead end to turn at.
    assert_eq!(meters(&network, (505.0, 400.0), (505.0, 100.0)), 1700);
}

#[test]
fn seconds_are_length_over_speed_plus_the_cost_of_corners() {
    // 45 km/h signed, 36 km/h made: 10 m/s.
    let network = build(&square());
    let places = [at(100.0, 0.0).position(), at(400.0, 0.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    assert_eq!(network.matrix(&places).leg(PlaceIx(0), PlaceIx(1)), Leg { seconds: 30, meters: 300 });
}

#[test]
fn a_way_tells_its_seconds_and_metres_at_each_point() {
    // 10 m/s; a corner takes its seconds behind it.
    let network = build(&square());
    let places = [at(100.0, 0.0).position(), at(500.0, 400.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    let path = network.path(&places[0], &places[1]).expect("a way");
    let leg = |seconds, meters| Leg { seconds, meters };
    assert_eq!(path.so_far, [leg(0, 0), leg(40, 400), leg(path.seconds, 800)]);
    assert_eq!(path.points.len(), 3);
    assert_eq!(path.seconds, 80);
}

#[test]
fn a_place_is_its_own_nearest() {
    let network = build(&square());
    let place = at(100.0, 30.0).position();
    let places = network.snap(&[place, place], SnapLimit::default()).expect("near");
    let matrix = network.matrix(&places);
    for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        assert_eq!(matrix.leg(PlaceIx(i), PlaceIx(j)), Leg::default());
    }
    assert!((places[0].meters - 30.0).abs() < 0.1);
    assert_eq!(places[0].side, crate::snap::Side::Left, "north of a street drawn eastwards");
}

#[test]
fn nobody_is_brought_to_an_island() {
    let drawing = square().node(8, 2000.0, 0.0).node(9, 2300.0, 0.0).street(19, &[8, 9]);
    let network = build(&drawing);
    let places = network.snap(&[at(1900.0, 0.0).position()], SnapLimit(2000.0)).expect("near");
    assert!((places[0].position.lon - at(500.0, 0.0).position().lon).abs() < 1e-6, "the island is nearer");
}

#[test]
fn all_places_too_far_away_are_named_with_their_distances() {
    let network = build(&square());
    let nowhere = Position { lat: f64::NAN, lon: 0.0 };
    let places = [at(100.0, 0.0).position(), at(100.0, -800.0).position(), nowhere];
    let error = network.snap(&places, SnapLimit(500.0)).expect_err("too far");
    let found: Vec<usize> = error.strays.iter().map(|stray| stray.index).collect();
    assert_eq!(found, [1, 2]);
    assert!((error.strays[0].meters - 800.0).abs() < 1.0);
    assert!(error.strays[1].meters.is_infinite());
    assert!(error.to_string().contains("place 1"), "{error}");
}

#[test]
fn one_turns_back_at_dead_ends_only() {
    // A street with a spur northwards in its middle and a dead end in the east.
    let drawing = Drawing::default()
        .node(1, 0.0, 0.0)
        .node(2, 500.0, 0.0)
        .node(3, 900.0, 0.0)
        .node(4, 500.0, 300.0)
        .way(10, &[1, 2], &[("highway", "residential"), ("maxspeed", "45")])
        .way(11, &[2, 3], &[("highway", "residential"), ("maxspeed", "45")])
        .way(12, &[2, 4], &[("highway", "residential"), ("maxspeed", "45"), ("oneway", "yes")])
        .way(14, &[4, 3], &[("highway", "residential"), ("maxspeed", "45"), ("oneway", "yes")]);
    let network = build(&drawing);
    let places = [at(400.0, 0.0).position(), at(300.0, 0.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    // A trip may begin in either direction, so 100 m suffice; there is no U-turn at node 2.
    assert_eq!(network.matrix(&places).leg(PlaceIx(0), PlaceIx(1)).meters, 100);
    let ahead = network.turns.len();
    let turned = (0..ahead).filter(|state| {
        let arc = network.turns.arc_of(crate::ids::StateIx::at(*state));
        let after = network.turns.after(crate::ids::StateIx::at(*state));
        after.iter().any(|(next, _)| Some(network.turns.arc_of(*next)) == network.graph.reverse(arc))
    });
    assert_eq!(turned.count(), 2, "at nodes 1 and 3, where there is no other way on");
}

#[test]
fn a_bollard_is_driven_around() {
    let blocked = Drawing::default()
        .node(1, 0.0, 0.0)
        .node(2, 500.0, 0.0)
        .node(3, 500.0, 500.0)
        .node(4, 0.0, 500.0)
        .tagged(5, 500.0, 250.0, &[("barrier", "bollard")])
        .street(10, &[1, 2])
        .street(11, &[2, 5, 3])
        .street(12, &[3, 4])
        .street(13, &[4, 1]);
    assert_eq!(meters(&build(&blocked), (500.0, 100.0), (500.0, 400.0)), 1700);
}

#[test]
fn no_usable_road_is_an_error_with_the_profiles_name() {
    let profile = Profile::car().expect("bundled");
    let drawing = Drawing::default().node(1, 0.0, 0.0).node(2, 9.0, 0.0).way(1, &[1, 2], &[("highway", "footway")]);
    let error = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).err().expect("no roads");
    assert_eq!(error.to_string(), "the map has no road for the profile \"car\"");
}

#[test]
fn a_way_torn_by_the_edge_of_the_map_keeps_its_pieces() {
    // Node 99 is not in the file.
    let drawing = Drawing::default()
        .node(1, 0.0, 0.0)
        .node(2, 100.0, 0.0)
        .node(3, 300.0, 0.0)
        .node(4, 400.0, 0.0)
        .street(10, &[1, 2, 99, 3, 4])
        .street(11, &[99, 99]);
    let size = build(&drawing).size();
    assert_eq!((size.nodes, size.edges, size.arcs), (4, 2, 4));
}

#[test]
fn helsinki_is_read_and_every_place_reaches_every_other() {
    let network = helsinki();
    let size = network.size();
    assert!(size.nodes > 300 && size.arcs > 600, "{size:?}");
    let places: Vec<Position> = (0..40)
        .map(|k| Position { lat: 60.166 + 0.0003 * f64::from(k % 7 * 5), lon: 24.937 + 0.0004 * f64::from(k) })
        .collect();
    let places = network.snap(&places, SnapLimit::default()).expect("in the centre");
    let matrix = network.matrix(&places);
    for i in 0..40 {
        for j in 0..40 {
            let leg = matrix.leg(PlaceIx(i), PlaceIx(j));
            assert!(leg.is_reachable());
            let straight = places[i as usize].position.meters_to(places[j as usize].position);
            assert!(f64::from(leg.meters) + 1.0 >= straight.floor(), "{i} to {j}: {leg:?}, straight {straight}");
            assert!(leg.meters < 8000, "{i} to {j}: {leg:?}");
        }
    }
    let all = network.lines(network.bounds()).count();
    assert_eq!(all, size.edges);
    let north = Bounds { south: 60.172, ..network.bounds() };
    let some = network.lines(north).count();
    assert!(0 < some && some < all);
}

#[test]
fn the_same_matrix_on_one_thread_and_on_four() {
    let network = helsinki();
    let places: Vec<Position> = (0..20).map(|k| Position { lat: 60.17, lon: 24.937 + 0.0007 * f64::from(k) }).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| network.matrix(&network.snap(&places, SnapLimit::default()).expect("near")))
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn a_street_across_the_180th_meridian_is_short_and_near_from_both_sides() {
    let drawing = Drawing::default().placed(1, 0, 1_799_900_000).placed(2, 0, -1_799_900_000).street(10, &[1, 2]);
    let network = build(&drawing);
    let ends = [Position { lat: 0.0001, lon: 179.995 }, Position { lat: -0.0001, lon: -179.995 }];
    let places = network.snap(&ends, SnapLimit(20.0)).expect("eleven metres");
    let leg = network.matrix(&places).leg(PlaceIx(0), PlaceIx(1));
    assert_eq!(leg, Leg { seconds: 111, meters: 1112 });
    assert_eq!(network.path(&places[0], &places[1]).expect("a way").meters, 1112);
}
