//! Drafts that never were JSON: importers and generators are held to the same rules.

use super::*;
use crate::ids::{JobIx, PlaceIx, ShiftIx, TechIx};
use crate::place::{Place, Position};
use crate::problem::{Horizon, Job, Pin, Shift, Technician};
use crate::units::Cost;

fn draft() -> Draft {
    let horizon =
        Horizon { start: jiff::Timestamp::UNIX_EPOCH, length: Duration::hours(24), zone: jiff::tz::TimeZone::UTC };
    let mut draft = Draft::empty("test", horizon);
    let position = Some(Position { lat: 47.1, lon: 9.5 });
    draft.places.push(Place { id: None, position, matrix_index: None });
    draft.technicians.push(Technician { id: "ann".into(), shifts: (ShiftIx(0), ShiftIx(1)), ..Technician::default() });
    draft.shifts.push(Shift {
        id: "day".into(),
        technician: TechIx(0),
        start: Time(3600),
        regular_end: Time(7200),
        latest_end: Time(7200),
        start_place: PlaceIx(0),
        end_place: None,
        breaks: Vec::new(),
        max_jobs: None,
        max_travel: None,
        max_distance: None,
        max_duration: None,
        capacity: Vec::new(),
    });
    let windows = vec![Window { open: Time(0), close: Time(7200) }];
    draft.jobs.push(Job { id: "a".into(), work: Duration(60), windows, ..Job::default() });
    draft
}

/// Pointers and codes of what is wrong with the draft after a change.
fn wrong(change: impl FnOnce(&mut Draft)) -> Vec<(String, Code)> {
    let mut draft = draft();
    change(&mut draft);
    findings(&draft).into_iter().map(|finding| (finding.pointer, finding.code)).collect()
}

#[test]
fn a_sound_draft_has_no_findings() {
    assert_eq!(wrong(|_| {}), []);
}

#[test]
fn an_index_past_its_list_is_an_unknown_reference() {
    let found = wrong(|draft| {
        draft.jobs[0].place = PlaceIx(7);
        draft.jobs[0].excluded_technicians = vec![TechIx(3)];
        draft.jobs[0].pin = Some(Pin { shift: Some(ShiftIx(9)), after: Some(JobIx(5)), ..Pin::default() });
    });
    let places = ["/jobs/0/place", "/jobs/0/excluded_technicians/0", "/jobs/0/pin/shift", "/jobs/0/pin/after"];
    assert_eq!(found, places.map(|at| (at.to_owned(), Code::UnknownReference)));
}

#[test]
fn shifts_must_be_neighbours_and_owned() {
    let found = wrong(|draft| draft.technicians[0].shifts = (ShiftIx(0), ShiftIx(0)));
    assert_eq!(found, [("/technicians".to_owned(), Code::Contradiction)]);
    let found = wrong(|draft| draft.shifts[0].technician = TechIx(4));
    assert_eq!(found, [("/technicians/0/shifts/0".to_owned(), Code::Contradiction)]);
}

#[test]
fn a_position_that_is_no_number_is_out_of_range() {
    let found = wrong(|draft| draft.places[0].position = Some(Position { lat: f64::NAN, lon: 9.0 }));
    assert_eq!(found, [("/places/0/lat".to_owned(), Code::OutOfRange)]);
}

#[test]
fn prices_whose_sum_leaves_64_bits_are_refused_though_each_is_within_its_limit() {
    let found = wrong(|draft| {
        let job = Job { unassigned_price: Cost(limits::PRICE), ..draft.jobs[0].clone() };
        draft.jobs = (0..500).map(|k| Job { id: k.to_string(), ..job.clone() }).collect();
    });
    assert_eq!(found, [("/jobs".to_owned(), Code::OutOfRange)]);
}

#[test]
fn a_moment_beyond_a_hundred_years_is_out_of_range() {
    let found = wrong(|draft| draft.jobs[0].windows[0].close = Time(i64::MAX / 4));
    assert_eq!(found, [("/jobs/0/windows/0/close".to_owned(), Code::OutOfRange)]);
}
