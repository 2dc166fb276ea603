//! The departure on a day with rush hours: as late as the end of the day and its promises allow, unless
//! that costs more than leaving at once.
//!
//! With travel that is the same at all hours two running numbers tell it ([`crate::rules`]). Here every leg
//! may change with the departure. But whoever leaves later never arrives earlier, so what a departure
//! spoils every later one spoils too, and the last good one is found by halving, one walk a try.

use crate::instance::{Instance, ShiftInfo};
use crate::walk::{self, Dusk, Lanes, RouteNode};
use dispatch_data::bill::Bill;
use dispatch_data::problem::PaidFrom;
use dispatch_data::units::{Cost, Duration};

/// The end of a day of which `dusk` is the end when the technician leaves as the shift starts; with the
/// days before each next stop, if the departure moved.
pub(crate) fn settle(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    dusk: Dusk,
    stops: &[RouteNode],
) -> Option<(Dusk, Vec<Lanes>)> {
    let lasts = |dusk: &Dusk| dusk.end - (shift.start + dusk.later);
    let fits = |dusk: &Dusk| lasts(dusk) <= shift.max_duration;
    let matters = shift.prices.work.0 != 0 || !fits(&dusk);
    if !matters || shift.has_departed() || instance.problem.objective.paid_from == PaidFrom::ShiftStart {
        return fits(&dusk).then(|| (dusk, Vec::new()));
    }
    let keeps = |later: Duration| {
        let other = replay(instance, shift, later, stops, None)?;
        (other.end <= dusk.end && broken(&other.bill) <= broken(&dusk.bill)).then_some(other)
    };
    // The last departure known to be good, and one known to be bad.
    let (mut good, mut bad) = (dusk, dusk.end - shift.start + Duration(1));
    let mut try_at = Duration(1);
    while good.later + Duration(1) < bad {
        match keeps(try_at) {
            Some(other) => good = other,
            None => bad = try_at,
        }
        try_at = Duration((good.later.0 + bad.0) / 2);
    }
    let stays = fits(&dusk) && (!fits(&good) || dusk.bill.total() <= good.bill.total());
    if stays {
        return Some((dusk, Vec::new()));
    }
    if !fits(&good) {
        return None;
    }
    let mut days = Vec::with_capacity(stops.len());
    replay(instance, shift, good.later, stops, Some(&mut days)).map(|dusk| (dusk, days))
}

/// What broken and moved promises cost.
fn broken(bill: &Bill) -> Cost {
    bill.respond_late + bill.arrive_late + bill.resolve_late + bill.moved
}

/// The day of who leaves `later` than the shift starts.
fn replay(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    later: Duration,
    stops: &[RouteNode],
    mut days: Option<&mut Vec<Lanes>>,
) -> Option<Dusk> {
    let (mut from, mut lanes) = walk::late_dawn(shift, later);
    for stop in stops {
        if !walk::step(instance, shift, &mut from, &mut lanes, *stop) {
            return None;
        }
        if let Some(days) = &mut days {
            days.push(lanes.clone());
        }
    }
    walk::dusk(instance, shift, from, &lanes)
}
