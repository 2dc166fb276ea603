//! The car's checklist, one rule a test.

use super::*;
use crate::extract::drawn::Pairs;

fn car(tags: &[(&str, &str)]) -> Option<Road> {
    Profile::car().expect("bundled").road(&Tags::Plain(tags))
}

/// Open (forward, backward).
fn open(tags: &[(&str, &str)]) -> (bool, bool) {
    car(tags).map_or((false, false), |road| (road.forward.is_some(), road.backward.is_some()))
}

fn speed(tags: &[(&str, &str)]) -> Option<f64> {
    car(tags).and_then(|road| road.forward)
}

#[test]
fn the_strongest_access_key_that_says_something_decides() {
    let both = (true, true);
    let cases: &[(Pairs, (bool, bool))] = &[
        (&[("highway", "residential")], both),
        (&[("highway", "residential"), ("access", "no")], (false, false)),
        (&[("highway", "residential"), ("access", "no"), ("motor_vehicle", "yes")], both),
        (&[("highway", "residential"), ("access", "yes"), ("vehicle", "no")], (false, false)),
        (&[("highway", "residential"), ("motor_vehicle", "no"), ("motorcar", "designated")], both),
        (&[("highway", "residential"), ("motorcar", "unknown"), ("vehicle", "no")], (false, false)),
        (&[("highway", "residential"), ("access", "private")], both),
        (&[("highway", "residential"), ("access", "no;delivery")], both),
        (&[("highway", "track"), ("motor_vehicle", "agricultural;forestry")], (false, false)),
        (&[("highway", "residential"), ("motor_vehicle:backward", "no")], (true, false)),
        (&[("highway", "residential"), ("vehicle:forward", "no")], (false, true)),
        (&[("highway", "footway")], (false, false)),
        (&[("highway", "construction")], (false, false)),
        (&[("highway", "service"), ("service", "emergency_access")], (false, false)),
        (&[("building", "yes")], (false, false)),
    ];
    for (tags, expected) in cases {
        assert_eq!(open(tags), *expected, "{tags:?}");
    }
}

#[test]
fn who_only_may_drive_in_on_business_drives_slowly() {
    let road = car(&[("highway", "secondary"), ("access", "destination")]).expect("usable");
    assert!(road.restricted);
    assert_eq!(road.forward, Some(20.0));
}

#[test]
fn oneways_have_their_exceptions() {
    let cases: &[(Pairs, (bool, bool))] = &[
        (&[("highway", "primary"), ("oneway", "yes")], (true, false)),
        (&[("highway", "primary"), ("oneway", "-1")], (false, true)),
        (&[("highway", "primary"), ("oneway", "reversible")], (false, false)),
        (&[("highway", "primary"), ("oneway", "alternating")], (true, true)),
        (&[("highway", "motorway")], (true, false)),
        (&[("highway", "motorway"), ("oneway", "no")], (true, true)),
        (&[("highway", "tertiary"), ("junction", "roundabout")], (true, false)),
        (&[("highway", "primary"), ("oneway", "yes"), ("oneway:motor_vehicle", "no")], (true, true)),
        (&[("highway", "primary"), ("oneway:bicycle", "yes")], (true, true)),
    ];
    for (tags, expected) in cases {
        assert_eq!(open(tags), *expected, "{tags:?}");
    }
}

#[test]
fn speed_is_the_signed_limit_or_the_class_bounded_by_the_surface() {
    let cases: &[(Pairs, f64)] = &[
        (&[("highway", "residential")], 25.0),
        (&[("highway", "residential"), ("maxspeed", "50")], 40.0),
        (&[("highway", "primary"), ("maxspeed", "100"), ("maxspeed:forward", "60")], 48.0),
        (&[("highway", "primary"), ("maxspeed", "signals")], 62.0),
        (&[("highway", "primary"), ("maxspeed", "80"), ("maxspeed:motorcar", "40")], 32.0),
        (&[("highway", "primary"), ("source:maxspeed", "DE:urban")], 40.0),
        (&[("highway", "primary"), ("maxspeed", "100"), ("surface", "gravel")], 35.0),
        (&[("highway", "track"), ("tracktype", "grade5")], 8.0),
        (&[("highway", "service"), ("service", "parking_aisle")], 10.0),
        (&[("highway", "living_street")], 9.0),
    ];
    for (tags, expected) in cases {
        assert_eq!(speed(tags), Some(*expected), "{tags:?}");
    }
}

#[test]
fn a_country_bounds_what_no_sign_says() {
    let china = Profile::car().expect("bundled").in_country("cn");
    let road = |tags| china.road(&Tags::Plain(tags)).and_then(|road| road.forward);
    assert_eq!(road(&[("highway", "trunk")]), Some(64.0));
    assert_eq!(road(&[("highway", "trunk"), ("maxspeed", "100")]), Some(80.0));
    assert_eq!(road(&[("highway", "primary")]), Some(56.0));
    assert_eq!(speed(&[("highway", "trunk")]), Some(85.0));
}

#[test]
fn a_ferry_takes_cars_for_its_own_time_unless_it_refuses_them() {
    let ferry = car(&[("route", "ferry"), ("duration", "00:20")]).expect("usable");
    assert_eq!((ferry.class, ferry.duration), (RoadClass::Ferry, Some(1200.0)));
    assert!(car(&[("route", "ferry"), ("motor_vehicle", "no"), ("foot", "yes")]).is_none());
    assert!(car(&[("route", "bus")]).is_none());
}

#[test]
fn tolls_and_roundabouts_are_noted() {
    let road = car(&[("highway", "motorway"), ("toll", "yes")]).expect("usable");
    assert!(road.toll && !road.roundabout);
    assert!(car(&[("highway", "primary"), ("junction", "circular")]).expect("usable").roundabout);
}

#[test]
fn measures_come_in_metres_feet_and_tonnes() {
    let cases: &[(&str, Option<f64>)] =
        &[("3.5", Some(3.5)), ("3,5 t", Some(3.5)), ("3500 kg", Some(3.5)), ("10'", Some(3.048)), ("low", None)];
    for (value, expected) in cases {
        assert_eq!(measure(value), *expected, "{value:?}");
    }
}

/// Open (forward, backward) to another profile.
fn open_to(name: &str, tags: &[(&str, &str)]) -> (bool, bool) {
    let profile = Profile::bundled(name).expect("listed").expect("sound");
    profile.road(&Tags::Plain(tags)).map_or((false, false), |road| (road.forward.is_some(), road.backward.is_some()))
}

#[test]
fn a_truck_fits_under_what_is_high_enough_and_obeys_its_own_signs() {
    let both = (true, true);
    assert_eq!(open_to("light-truck", &[("highway", "primary")]), both);
    assert_eq!(open_to("light-truck", &[("highway", "primary"), ("maxheight", "3")]), (false, false));
    assert_eq!(open_to("light-truck", &[("highway", "primary"), ("maxheight", "3.5")]), both);
    assert_eq!(open_to("light-truck", &[("highway", "primary"), ("maxweight", "3.5 t")]), (false, false));
    assert_eq!(open_to("light-truck", &[("highway", "primary"), ("hgv", "no")]), (false, false));
    assert_eq!(open_to("car", &[("highway", "primary"), ("hgv", "no"), ("maxheight", "2")]), both);
}

#[test]
fn a_bicycle_rides_against_one_ways_where_a_sign_lets_it() {
    let both = (true, true);
    assert_eq!(open_to("e-bike", &[("highway", "residential"), ("oneway", "yes")]), (true, false));
    assert_eq!(open_to("e-bike", &[("highway", "residential"), ("oneway", "yes"), ("oneway:bicycle", "no")]), both);
    assert_eq!(open_to("e-bike", &[("highway", "residential"), ("oneway", "yes"), ("cycleway", "opposite")]), both);
    assert_eq!(open_to("e-bike", &[("highway", "motorway")]), (false, false));
    assert_eq!(open_to("e-bike", &[("highway", "footway")]), (false, false));
    assert_eq!(open_to("e-bike", &[("highway", "footway"), ("bicycle", "yes")]), both);
    assert_eq!(open_to("e-bike", &[("highway", "primary"), ("motorroad", "yes")]), (false, false));
}

#[test]
fn a_walker_ignores_one_ways_and_climbs_steps_but_walks_on_no_motorway() {
    let both = (true, true);
    assert_eq!(open_to("foot", &[("highway", "residential"), ("oneway", "yes")]), both);
    assert_eq!(open_to("foot", &[("highway", "steps")]), both);
    assert_eq!(open_to("foot", &[("highway", "motorway")]), (false, false));
    assert_eq!(open_to("foot", &[("highway", "residential"), ("motor_vehicle", "no")]), both);
    assert_eq!(open_to("foot", &[("highway", "residential"), ("foot", "no")]), (false, false));
}
