//! The head of the picture: title, date, key figures of the plan.

use super::Picture;
use super::canvas::{Anchor, Canvas, DARK, GREY, Ink, Rect, fitted, width};
use super::glyphs::state_colour;
use super::words::words;
use crate::export::{Promise, SlaState, promises};
use crate::plan::{Activity, Plan, PlannedRoute};
use crate::problem::Problem;
use crate::units::{Duration, Meters, Time};
use std::collections::BTreeSet;

/// What the head counts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Figures {
    /// Jobs that are done, crews once.
    pub(super) done: usize,
    /// Technicians with a route.
    pub(super) technicians: usize,
    pub(super) travel: Duration,
    pub(super) distance: Meters,
    /// Promises that are kept with time to spare, at risk, late.
    pub(super) promises: [usize; 3],
    pub(super) overtime: Duration,
    pub(super) collections: usize,
}

impl Figures {
    pub(super) fn of(problem: &Problem, plan: &Plan) -> Self {
        let mut states = [0; 3];
        let mut collections = 0;
        for stop in plan.routes.iter().flat_map(|route| &route.stops) {
            match &stop.activity {
                Activity::Visit { job, .. } => {
                    for promise in promises(problem.job(*job), stop) {
                        match Promise::state(&promise) {
                            SlaState::None => {}
                            SlaState::OnTime => states[0] += 1,
                            SlaState::AtRisk => states[1] += 1,
                            SlaState::Late => states[2] += 1,
                        }
                    }
                }
                Activity::Collection { .. } => collections += 1,
            }
        }
        let routes = &plan.routes;
        let technicians: BTreeSet<_> = routes.iter().map(|route| problem.shift(route.shift).technician).collect();
        let jobs: BTreeSet<_> = routes.iter().flat_map(PlannedRoute::jobs).collect();
        Self {
            done: jobs.len(),
            technicians: technicians.len(),
            travel: routes.iter().map(PlannedRoute::travel).sum(),
            distance: routes.iter().map(PlannedRoute::distance).sum(),
            promises: states,
            overtime: routes.iter().map(|route| route.end.past(problem.shift(route.shift).regular_end)).sum(),
            collections,
        }
    }
}

/// Hours and minutes: `12:05 h`.
pub(super) fn hours(length: Duration) -> String {
    let minutes = (length.0 + 30).div_euclid(60);
    format!("{}:{:02} h", minutes.div_euclid(60), minutes.rem_euclid(60))
}

/// Whole kilometres, with one decimal below ten.
pub(super) fn kilometres(length: Meters) -> String {
    if length.0 < 9_950 {
        format!("{:.1} km", length.0 as f64 / 1000.0)
    } else {
        format!("{:.0} km", length.0 as f64 / 1000.0)
    }
}

/// Thousands apart: `1 234 567`.
fn grouped(whole: i64) -> String {
    let digits = whole.unsigned_abs().to_string();
    let mut text = if whole < 0 { "−".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

pub(super) fn draw(canvas: &mut Canvas, picture: &Picture<'_>, rect: Rect) {
    let Picture { problem, plan, lang, .. } = *picture;
    let words = words(lang);
    let figures = Figures::of(problem, plan);
    let [on_time, at_risk, late] = figures.promises;
    let promised = on_time + at_risk + late;
    let late_colour = if late > 0 { state_colour(SlaState::Late) } else { DARK };
    let risk_colour = if at_risk > 0 { state_colour(SlaState::AtRisk) } else { DARK };
    let chips: [(String, &str, &'static str); 9] = [
        (format!("{} / {}", figures.done, problem.jobs.len()), words.visits, DARK),
        (format!("{} / {}", figures.technicians, problem.technicians.len()), words.technicians, DARK),
        (hours(figures.travel), words.travel, DARK),
        (kilometres(figures.distance), words.distance, DARK),
        (format!("{} / {promised}", on_time + at_risk), words.promises_kept, DARK),
        (at_risk.to_string(), words.at_risk, risk_colour),
        (late.to_string(), words.late, late_colour),
        (hours(figures.overtime), words.overtime, DARK),
        (figures.collections.to_string(), words.collections, DARK),
    ];
    let cost = (grouped(plan.bill.total().0.div_euclid(100)), words.cost, DARK);
    let mut right = rect.right();
    for (value, label, colour) in chips.into_iter().chain([cost]).rev() {
        let wide = (width(&value, 19.0) * 1.12).max(width(label, 12.0));
        canvas.text((right, 42.0), Ink::new(19.0).bold().colour(colour).anchor(Anchor::End), &value);
        canvas.text((right, 62.0), Ink::new(12.0).colour(GREY).anchor(Anchor::End), label);
        right -= wide + 12.0;
        canvas.line((right, 26.0), (right, 64.0), "stroke=\"#d9dee4\"");
        right -= 12.0;
    }
    let room = (right - rect.x).max(60.0);
    let title = fitted(&problem.name, 25.0, room);
    canvas.text((rect.x, 43.0), Ink::new(25.0).bold(), &title);
    canvas.text((rect.x, 64.0), Ink::new(13.0).colour(GREY), &fitted(&dates(picture, words.date), 13.0, room));
}

/// The day of the horizon, or its first and last, with the zone.
fn dates(picture: &Picture<'_>, format: &str) -> String {
    let horizon = &picture.problem.horizon;
    let show = |time: Time| horizon.local(time).strftime(format).to_string();
    let (first, last) = (show(Time(0)), show(Time((horizon.length.0 - 1).max(0))));
    let zone = horizon.zone.iana_name().unwrap_or("");
    let span = if first == last { first } else { format!("{first} – {last}") };
    if zone.is_empty() { span } else { format!("{span} · {zone}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    #[test]
    fn the_head_counts_what_the_plan_holds() {
        let (problem, plan) = sample::day();
        let expected = Figures {
            done: 2,
            technicians: 1,
            travel: Duration(4500),
            distance: Meters(42_000),
            promises: [1, 1, 1],
            overtime: Duration(0),
            collections: 1,
        };
        assert_eq!(Figures::of(&problem, &plan), expected);
    }

    #[test]
    fn figures_read_at_a_glance() {
        assert_eq!(hours(Duration(43_519)), "12:05 h");
        assert_eq!(kilometres(Meters(9_940)), "9.9 km");
        assert_eq!(kilometres(Meters(412_400)), "412 km");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(999), "999");
    }
}
