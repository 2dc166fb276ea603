//! Each kind of restriction on a crossing drawn for it.

use crate::decoder::Member;
use crate::extract::Fault;
use crate::extract::drawn::{Drawing, Pairs, at};
use crate::network::RoadNetwork;
use crate::profile::Profile;
use crate::restrictions::Restrictions;
use crate::snap::SnapLimit;

/// Node 5 among nodes south (1), east (2), north (3) and west (4) of it, these ringed each to the next.
fn corners() -> Drawing {
    Drawing::default()
        .node(5, 0.0, 0.0)
        .node(1, 0.0, -400.0)
        .node(2, 400.0, 0.0)
        .node(3, 0.0, 400.0)
        .node(4, -400.0, 0.0)
        .street(21, &[1, 2])
        .street(22, &[2, 3])
        .street(23, &[3, 4])
        .street(24, &[4, 1])
}

/// A crossing at node 5 with an arm to each corner, so that every arm can be reached some way.
fn crossing() -> Drawing {
    corners().street(11, &[1, 5]).street(12, &[5, 2]).street(13, &[5, 3]).street(14, &[5, 4])
}

/// Metres from the middle of the southern arm to the middle of the western one.
fn left_turn(drawing: &Drawing) -> u32 {
    across(drawing, SOUTH, WEST)
}

const NO_LEFT: Pairs = &[("type", "restriction"), ("restriction", "no_left_turn")];

#[test]
fn without_a_sign_the_way_leads_over_the_crossing() {
    assert_eq!(left_turn(&crossing()), 400);
}

#[test]
fn a_forbidden_turn_is_driven_around() {
    let members = [(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(14), "to")];
    assert_eq!(left_turn(&crossing().relation(NO_LEFT, &members)), 200 + 566 + 200);
}

#[test]
fn an_only_turn_forbids_all_others() {
    let members = [(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(12), "to")];
    let only: Pairs = &[("type", "restriction"), ("restriction", "only_right_turn")];
    assert_eq!(left_turn(&crossing().relation(only, &members)), 200 + 566 + 200);
}

#[test]
fn an_exception_and_a_sign_for_others_change_nothing() {
    let members = [(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(14), "to")];
    let except: Pairs = &[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "motor_vehicle")];
    let trucks: Pairs = &[("type", "restriction"), ("restriction:hgv", "no_left_turn")];
    assert_eq!(left_turn(&crossing().relation(except, &members)), 400);
    assert_eq!(left_turn(&crossing().relation(trucks, &members)), 400);
}

#[test]
fn a_restriction_along_a_way_binds_only_those_who_came_that_way() {
    // The western arm is reached through a short street 5–6; coming from the south, the turn at 6
    // into 6–4 is forbidden.
    let drawing = Drawing::default()
        .node(5, 0.0, 0.0)
        .node(6, -100.0, 0.0)
        .node(1, 0.0, -400.0)
        .node(3, 0.0, 400.0)
        .node(4, -400.0, 0.0)
        .node(7, -100.0, 400.0)
        .street(11, &[1, 5])
        .street(13, &[5, 3])
        .street(15, &[5, 6])
        .street(14, &[6, 4])
        .street(16, &[6, 7])
        .street(17, &[7, 3])
        .street(18, &[4, 1]);
    let members = [(Member::Way(11), "from"), (Member::Way(15), "via"), (Member::Way(14), "to")];
    let signed = crossing_free(&drawing, &members);
    assert_eq!(left_turn(&drawing), 400);
    // Round by the south-western street is 966 m; past 6, up, right, back by 3 and 5 it is 1600 m.
    assert_eq!(left_turn(&signed), 966);
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(signed.extract(&profile), &profile, &|_| {}).expect("roads");
    let places = [at(0.0, 200.0).position(), at(-250.0, 0.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    assert_eq!(network.path(&places[0], &places[1]).expect("a way").meters, 450, "who comes from the north may turn");
}

fn crossing_free(drawing: &Drawing, members: &[(Member, &'static str)]) -> Drawing {
    drawing.clone().relation(NO_LEFT, members)
}

#[test]
fn a_street_that_is_cut_into_pieces_by_side_streets_still_carries_its_restriction() {
    // The southern arm as one way through a side street at node 9.
    let drawing = Drawing::default()
        .node(5, 0.0, 0.0)
        .node(9, 0.0, -100.0)
        .node(8, 300.0, -100.0)
        .node(1, 0.0, -400.0)
        .node(2, 400.0, 0.0)
        .node(3, 0.0, 400.0)
        .node(4, -400.0, 0.0)
        .street(11, &[1, 9, 5])
        .street(19, &[9, 8])
        .street(12, &[5, 2])
        .street(13, &[5, 3])
        .street(14, &[5, 4])
        .street(22, &[2, 3])
        .street(23, &[3, 4])
        .street(24, &[4, 1]);
    let members = [(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(14), "to")];
    assert_eq!(left_turn(&drawing), 400);
    assert_eq!(left_turn(&drawing.relation(NO_LEFT, &members)), 966);
}

/// The western arm lies behind two short streets, 5–6 and 6–7; who comes from the south over both may not turn into 7–4.
fn two_ways_between() -> Drawing {
    Drawing::default()
        .node(5, 0.0, 0.0)
        .node(6, -50.0, 0.0)
        .node(7, -100.0, 0.0)
        .node(1, 0.0, -400.0)
        .node(3, 0.0, 400.0)
        .node(4, -400.0, 0.0)
        .node(8, -50.0, 400.0)
        .node(9, -100.0, 400.0)
        .street(11, &[1, 5])
        .street(13, &[5, 3])
        .street(15, &[5, 6])
        .street(16, &[6, 7])
        .street(14, &[7, 4])
        .street(17, &[6, 8])
        .street(19, &[7, 9])
        .street(20, &[9, 8, 3])
        .street(18, &[4, 1])
}

#[test]
fn a_restriction_along_several_ways_binds_only_those_who_came_over_all_of_them() {
    use Member::Way;
    let members = [(Way(11), "from"), (Way(15), "via"), (Way(16), "via"), (Way(14), "to")];
    let signed = two_ways_between().relation(NO_LEFT, &members);
    assert_eq!(left_turn(&two_ways_between()), 400);
    assert_eq!(left_turn(&signed), 966, "round by the south-western street");
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(signed.extract(&profile), &profile, &|_| {}).expect("roads");
    let places = [at(0.0, 200.0).position(), at(-50.0, 200.0).position(), at(-250.0, 0.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    let meters = |from: usize| network.path(&places[from], &places[2]).expect("a way").meters;
    assert_eq!((meters(0), meters(1)), (450, 400), "who comes from elsewhere may turn");
    let report = network.restrictions().expect("made here");
    assert_eq!(*report, Restrictions { honoured: 1, ..Restrictions::default() });
}

/// Metres from and to the middles of arms of the crossing, 200 m from node 5.
fn across(drawing: &Drawing, from: (f64, f64), to: (f64, f64)) -> u32 {
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).expect("roads");
    let places = [from, to].map(|(east, north)| at(east * 200.0, north * 200.0).position());
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    network.path(&places[0], &places[1]).expect("a way").meters
}

const SOUTH: (f64, f64) = (0.0, -1.0);
const EAST: (f64, f64) = (1.0, 0.0);
const NORTH: (f64, f64) = (0.0, 1.0);
const WEST: (f64, f64) = (-1.0, 0.0);

#[test]
fn a_missing_via_is_the_one_node_that_both_roads_share() {
    let members = [(Member::Way(11), "from"), (Member::Way(14), "to")];
    assert_eq!(left_turn(&crossing().relation(NO_LEFT, &members)), 966);
    // Both streets of this pair meet twice: which crossing is meant nobody can tell.
    let twice = crossing().node(6, -300.0, -300.0).street(15, &[5, 6, 1]);
    let members = [(Member::Way(11), "from"), (Member::Way(15), "to")];
    let profile = Profile::car().expect("bundled");
    let twice = twice.relation(NO_LEFT, &members).extract(&profile);
    let network = RoadNetwork::build(twice, &profile, &|_| {}).expect("roads");
    assert_eq!(network.restrictions().expect("made here").faulty, [(1, Fault::Incomplete)]);
}

/// The crossing with two streets that run over it, 11 from south to north and 12 from west to east.
fn uncut() -> Drawing {
    corners().street(11, &[1, 5, 3]).street(12, &[4, 5, 2])
}

#[test]
fn where_a_road_runs_on_past_the_crossing_the_sign_forbids_only_the_turn_it_names() {
    let signed = |value: &'static str| {
        let tags: Pairs = match value {
            "no_left_turn" => NO_LEFT,
            "only_right_turn" => &[("type", "restriction"), ("restriction", "only_right_turn")],
            _ => &[("type", "restriction"), ("restriction", "no_entry")],
        };
        uncut().relation(tags, &[(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(12), "to")])
    };
    let ways = |drawing: &Drawing| {
        [(SOUTH, WEST), (SOUTH, EAST), (NORTH, EAST), (NORTH, WEST)].map(|(from, to)| across(drawing, from, to))
    };
    assert_eq!(ways(&signed("no_left_turn")), [966, 400, 966, 400]);
    assert_eq!(ways(&signed("only_right_turn")), [966, 400, 966, 400]);
    assert_eq!(across(&signed("no_left_turn"), SOUTH, NORTH), 400);
    assert!(across(&signed("only_right_turn"), SOUTH, NORTH) > 400);
    assert_eq!(ways(&signed("no_entry")), [966; 4], "a sign without a direction means every turn between its roads");
}

#[test]
fn a_sign_against_going_straight_on_along_one_road_closes_it_at_the_crossing() {
    let tags: Pairs = &[("type", "restriction"), ("restriction", "no_straight_on")];
    let members = [(Member::Way(11), "from"), (Member::Node(5), "via"), (Member::Way(11), "to")];
    let closed = uncut().relation(tags, &members);
    // Round by the western corner and over the street from there.
    assert_eq!((across(&uncut(), SOUTH, NORTH), across(&closed, SOUTH, NORTH)), (400, 1366));
    assert_eq!(across(&closed, SOUTH, WEST), 400, "turning off is allowed");
}

#[test]
fn each_restriction_without_effect_is_told_by_its_kind() {
    use Member::{Node, Way};
    let with = |drawing: Drawing, members: &[(Member, &'static str)]| {
        let members: Vec<_> = [(Way(11), "from"), (Way(14), "to")].iter().chain(members).copied().collect();
        drawing.relation(NO_LEFT, &members)
    };
    let mut drawing = two_ways_between().node(31, 0.0, -200.0).way(32, &[5, 31], &[("highway", "footway")]);
    drawing = with(drawing, &[(Way(15), "via")]); // 1: 15 does not lead to 14
    drawing = with(drawing, &[(Node(7), "via")]); // 2: 11 does not lead to 7
    drawing = with(drawing, &[]); // 3: 11 and 14 do not meet
    drawing = drawing.relation(NO_LEFT, &[(Node(5), "via"), (Way(13), "to")]); // 4
    drawing = with(drawing, &[(Node(5), "via"), (Node(7), "via")]); // 5
    drawing = with(drawing, &[(Node(5), "via"), (Way(15), "via")]); // 6
    drawing = with(drawing, &[(Way(99), "via")]); // 7: no way of this map
    drawing = with(drawing, &[(Way(32), "via")]); // 8: none for cars
    drawing = drawing.way(33, &[9, 4], &[("highway", "residential"), ("oneway", "yes")]);
    drawing = drawing.relation(NO_LEFT, &[(Way(14), "from"), (Node(4), "via"), (Way(33), "to")]); // 9
    drawing = drawing.relation(NO_LEFT, &[(Way(17), "from"), (Node(5), "via"), (Way(17), "to")]); // 10
    let halfway: Pairs = &[("type", "restriction"), ("restriction", "no_u_turn")];
    drawing = drawing.node(34, 100.0, -200.0).street(35, &[1, 34, 8]);
    drawing = drawing.relation(halfway, &[(Way(35), "from"), (Node(34), "via"), (Way(35), "to")]); // 11
    drawing = drawing.relation(NO_LEFT, &[(Way(11), "from"), (Node(5), "via"), (Way(13), "to")]); // 12
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).expect("roads");
    let told = Restrictions {
        honoured: 1,
        unused: 2,
        impossible: 2,
        faulty: vec![
            (1, Fault::Apart),
            (2, Fault::Apart),
            (3, Fault::Incomplete),
            (4, Fault::Incomplete),
            (5, Fault::Crowded),
            (6, Fault::Crowded),
            (10, Fault::Apart),
        ],
    };
    assert_eq!(network.restrictions(), Some(&told));
    let slower = network.with_traffic(&crate::traffic::Traffic::default());
    assert_eq!(slower.restrictions(), Some(&told));
}
