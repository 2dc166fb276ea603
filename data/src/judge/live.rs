//! What of a day is past, and where it goes on from: the technician's live position instead of the
//! start place or of the last frozen stop. When the departure from there may be is checked here too.

use super::case::{Case, Day};
use super::violation::Violation;
use crate::ids::{PlaceIx, ShiftIx};
use crate::plan::PlannedRoute;
use crate::problem::{Problem, Technician};
use crate::rule::Rule;
use crate::say;
use crate::units::Time;

/// The leg of a day that starts from the live position.
#[derive(Clone, Copy)]
pub(super) struct LiveLeg {
    /// The leg towards this stop; the way home where it is the number of stops.
    pub(super) at: usize,
    /// From here,
    pub(super) place: PlaceIx,
    /// no earlier than this.
    pub(super) since: Time,
}

/// What has happened of a day already.
#[derive(Clone, Copy, Default)]
pub(super) struct Past {
    /// So many stops are frozen. Their legs are history: where they began is not asked any more.
    pub(super) stops: usize,
    /// So is the way home.
    pub(super) home: bool,
    /// Where the day goes on from, where a live position says so.
    pub(super) live: Option<LiveLeg>,
}

/// What has happened of a route, of which the current plan states `was`. The live position is about
/// the first leg that is not frozen, unless the technician is still busy at a frozen stop by then.
pub(super) fn past(problem: &Problem, shift: ShiftIx, was: Option<&PlannedRoute>, technician: &Technician) -> Past {
    let mut past = Past::default();
    let mut free_from = None;
    if let (Some(freeze), Some(was)) = (problem.freeze, was) {
        past.stops = was.stops.iter().take_while(|stop| stop.departure < freeze).count();
        past.home = past.stops > 0
            && past.stops == was.stops.len()
            && was.return_departure < freeze
            && problem.shifts[shift.index()].end_place.is_some();
        free_from = past.stops.checked_sub(1).map(|last| was.stops[last].end);
    }
    if let Some(live) = technician.position
        && technician.live_shift(&problem.shifts) == Some(shift)
        && !past.home
        && free_from.is_none_or(|end| live.at >= end)
    {
        past.live = Some(LiveLeg { at: past.stops, place: live.place, since: live.at });
    }
    past
}

/// Checks that nobody leaves the live position before being there.
pub(super) fn check(case: &Case<'_>, found: &mut Vec<Violation>) {
    for day in &case.days {
        let Some(LiveLeg { at, place, since }) = day.past.live else { continue };
        let Some(departure) = departure(day, at).filter(|departure| *departure < since) else { continue };
        let expected = say!("departure from {} at or after {}", case.place_id(place), case.moment(since));
        let breach = day.breach(Rule::Clock, expected, case.moment(departure));
        found.push(if at < day.route.stops.len() { breach.at(at) } else { breach });
    }
}

fn departure(day: &Day<'_>, at: usize) -> Option<Time> {
    match day.route.stops.get(at) {
        Some(stop) => Some(stop.departure),
        None => (at == day.route.stops.len() && day.shift.end_place.is_some()).then_some(day.route.return_departure),
    }
}
