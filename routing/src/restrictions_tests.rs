//! Each kind of restriction on a crossing drawn for it.

use crate::decoder::Member;
use crate::extract::drawn::{Drawing, Pairs, at};
use crate::network::RoadNetwork;
use crate::profile::Profile;
use crate::snap::SnapLimit;

/// A crossing at node 5 with arms south (1), east (2), north (3), west (4), each ringed to the next,
/// so that every arm can be reached some way.
fn crossing() -> Drawing {
    Drawing::default()
        .node(5, 0.0, 0.0)
        .node(1, 0.0, -400.0)
        .node(2, 400.0, 0.0)
        .node(3, 0.0, 400.0)
        .node(4, -400.0, 0.0)
        .street(11, &[1, 5])
        .street(12, &[5, 2])
        .street(13, &[5, 3])
        .street(14, &[5, 4])
        .street(21, &[1, 2])
        .street(22, &[2, 3])
        .street(23, &[3, 4])
        .street(24, &[4, 1])
}

/// Metres from the middle of the southern arm to the middle of the western one.
fn left_turn(drawing: &Drawing) -> u32 {
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).expect("roads");
    let places = [at(0.0, -200.0).position(), at(-200.0, 0.0).position()];
    let places = network.snap(&places, SnapLimit::default()).expect("near");
    network.path(&places[0], &places[1]).expect("a way").meters
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
    assert_eq!((report.honoured, report.elsewhere, report.broken.as_slice()), (1, 0, &[][..]));
}

#[test]
fn restrictions_without_effect_are_counted_or_named() {
    use Member::{Node, Way};
    let with = |drawing: Drawing, member: Option<(Member, &'static str)>| {
        let members: Vec<_> = [(Way(11), "from"), (Way(14), "to")].into_iter().chain(member).collect();
        drawing.relation(NO_LEFT, &members)
    };
    let mut drawing = with(two_ways_between(), Some((Way(15), "via"))); // 15 does not lead to 14
    drawing = with(drawing, Some((Node(7), "via"))); // 11 does not lead to 7
    drawing = with(drawing, None);
    drawing = with(drawing, Some((Way(99), "via"))); // no way of this map
    drawing = drawing.relation(NO_LEFT, &[(Way(11), "from"), (Node(5), "via"), (Way(13), "to")]);
    let profile = Profile::car().expect("bundled");
    let network = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).expect("roads");
    let report = network.restrictions().expect("made here");
    assert_eq!((report.honoured, report.elsewhere, report.broken.as_slice()), (1, 1, &[1, 2, 3][..]));
    let slower = network.with_traffic(&crate::traffic::Traffic::default());
    assert_eq!(slower.restrictions(), network.restrictions());
}
