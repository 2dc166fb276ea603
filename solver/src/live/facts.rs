//! Facts written into a problem and its plan in force: what has happened is frozen at the times it
//! happened, what has not is open again. Plans nothing.

use super::{Change, LiveError, NewPlace, Ticket};
use crate::instance::pace_of;
use dispatch_data::ids::{JobIx, PartIx, PlaceIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::lang::{quoted, value};
use dispatch_data::plan::{Activity, Plan, PlannedRoute, Stop};
use dispatch_data::problem::{CurrentPosition, Draft, Lot, TravelSource};
use dispatch_data::say;
use dispatch_data::travel::{Hours, Travel};
use dispatch_data::units::{Duration, Time};

const SECOND: Duration = Duration(1);

/// Writes down one event.
pub(super) fn write(draft: &mut Draft, travel: &mut Travel, change: &Change) -> Result<(), LiveError> {
    match change {
        Change::JobAdded(ticket) => add_job(draft, travel, ticket).map(|_| ()),
        Change::JobCancelled { job } => cancel(draft, job),
        Change::JobStarted { job, at } => {
            let (job, _) = job_and_stop(draft, job)?;
            start(draft, job, *at)?;
            freeze(draft, *at + SECOND);
            Ok(())
        }
        Change::JobFinished { job, at } => {
            let (job, planned) = job_and_stop(draft, job)?;
            if *at < planned {
                start(draft, job, *at)?;
            }
            finish(draft, job, *at)?;
            freeze(draft, *at);
            Ok(())
        }
        Change::JobOverran { job, until } => {
            let (job, planned) = job_and_stop(draft, job)?;
            finish(draft, job, (*until).max(planned))?;
            freeze(draft, planned + SECOND);
            Ok(())
        }
        Change::TechnicianLate { technician, until } => late(draft, technician_of(draft, technician)?, *until),
        Change::TechnicianSick { technician, from, until } => {
            let technician = technician_of(draft, technician)?;
            freeze(draft, *from);
            sick(draft, technician, *from, *until);
            Ok(())
        }
        Change::TechnicianMoved { technician, at, place, new_place } => {
            let technician = technician_of(draft, technician)?;
            let place = match (place, new_place) {
                (_, Some(new)) => add_place(draft, travel, new)?,
                (Some(place), None) => *place,
                (None, None) => return Err(LiveError::Unknown(say!("place to be at"))),
            };
            draft.technicians[technician.index()].position = Some(CurrentPosition { place, at: *at });
            Ok(())
        }
        Change::PartArrived { site, part, quantity, at } => {
            let (site, part) = (site_of(draft, site)?, part_of(draft, part)?);
            let same = |lot: &&mut Lot| (lot.site, lot.part, lot.at) == (site, part, *at);
            match draft.lots.iter_mut().find(same) {
                Some(lot) => lot.quantity = lot.quantity.saturating_add(*quantity),
                None => draft.lots.push(Lot { site, part, at: *at, quantity: *quantity }),
            }
            Ok(())
        }
        Change::PartMissing { site, part, quantity } => {
            let (site, part) = (site_of(draft, site)?, part_of(draft, part)?);
            missing(draft, site, part, *quantity);
            Ok(())
        }
        Change::Freeze { at } => {
            freeze(draft, *at);
            Ok(())
        }
        Change::PromisesPriced { technician, start } => {
            let objective = &mut draft.objective;
            objective.moved_technician = technician.unwrap_or(objective.moved_technician);
            objective.moved_start = start.unwrap_or(objective.moved_start);
            Ok(())
        }
    }
}

/// Adds a ticket to the jobs, and its place to places and travel; gives its number.
pub(super) fn add_job(draft: &mut Draft, travel: &mut Travel, ticket: &Ticket) -> Result<JobIx, LiveError> {
    match ticket {
        Ticket::Open(job) if job.index() < draft.jobs.len() => Ok(*job),
        Ticket::Open(job) => Err(LiveError::Unknown(say!("job number {}", job.0))),
        Ticket::New { job, at } => {
            let mut job = job.as_ref().clone();
            if let Some(new) = at {
                job.place = add_place(draft, travel, new)?;
            }
            draft.jobs.push(job);
            Ok(JobIx::from(draft.jobs.len() - 1))
        }
    }
}

fn add_place(draft: &mut Draft, travel: &mut Travel, new: &NewPlace) -> Result<PlaceIx, LiveError> {
    let rows = LiveError::TravelRows { places: travel.places(), profiles: travel.profiles() };
    *travel = travel.with_place(&new.legs).map_err(|_| rows)?;
    if let TravelSource::Matrices(matrices) = &mut draft.travel {
        for (own, profile) in matrices.iter_mut().zip(0_usize..) {
            *own = travel.matrix(profile.into()).clone();
        }
        for (own, profile) in draft.profiles.iter_mut().zip(0_usize..) {
            if let (Some(rush), Some(Hours::Matrices(hours))) = (&mut own.rush, travel.hours(profile.into())) {
                rush.matrices.clone_from(&hours.matrices);
            }
        }
    }
    draft.places.push(new.place.clone());
    Ok(PlaceIx::from(draft.places.len() - 1))
}

fn freeze(draft: &mut Draft, at: Time) {
    draft.freeze = Some(draft.freeze.map_or(at, |was| was.max(at)));
}

fn technician_of(draft: &Draft, id: &str) -> Result<TechIx, LiveError> {
    let known = draft.technicians.iter().position(|own| own.id == id);
    known.map(TechIx::from).ok_or_else(|| LiveError::Unknown(say!("technician {}", quoted(id))))
}

fn site_of(draft: &Draft, id: &str) -> Result<SiteIx, LiveError> {
    let known = draft.sites.iter().position(|own| own.id == id);
    known.map(SiteIx::from).ok_or_else(|| LiveError::Unknown(say!("site {}", quoted(id))))
}

fn part_of(draft: &Draft, id: &str) -> Result<PartIx, LiveError> {
    let known = draft.parts.iter().position(|own| own == id);
    known.map(PartIx::from).ok_or_else(|| LiveError::Unknown(say!("part {}", quoted(id))))
}

/// A planned job by its id, and its planned start.
fn job_and_stop(draft: &Draft, id: &str) -> Result<(JobIx, Time), LiveError> {
    let known = draft.jobs.iter().position(|own| own.id == id).map(JobIx::from);
    let job = known.ok_or_else(|| LiveError::Unknown(say!("job {}", quoted(id))))?;
    let mut stops = draft.current.iter().flat_map(|plan| &plan.routes).flat_map(|route| &route.stops);
    let stop = stops.find(|stop| visits(stop, job));
    stop.map(|stop| (job, stop.start))
        .ok_or_else(|| LiveError::Unknown(say!("visit of job {} in the plan", quoted(id))))
}

/// Whether a stop is the visit of a job.
pub(super) fn visits(stop: &Stop, wanted: JobIx) -> bool {
    matches!(stop.activity, Activity::Visit { job, member: _, parts: _ } if job == wanted)
}

/// The route and position of a job's visit, with the draft's own copy of the route.
fn find(draft: &mut Draft, job: JobIx) -> Option<(&mut PlannedRoute, usize)> {
    let routes = &mut draft.current.as_mut()?.routes;
    routes.iter_mut().find_map(|route| {
        let at = route.stops.iter().position(|stop| visits(stop, job))?;
        Some((route, at))
    })
}

/// Set-up that a visit at a place pays after the stop before it.
fn setup(draft: &Draft, route: &PlannedRoute, at: usize) -> Duration {
    let Activity::Visit { job, member: _, parts: _ } = route.stops[at].activity else { return Duration::ZERO };
    let before = at.checked_sub(1).map(|before| &route.stops[before]);
    let paid = before.is_some_and(|before| {
        matches!(before.activity, Activity::Visit { .. }) && before.place == route.stops[at].place
    });
    if paid { Duration::ZERO } else { draft.jobs[job.index()].setup }
}

/// Work began at a moment: as stated by the caller as far as the way there allows it.
fn start(draft: &mut Draft, job: JobIx, at: Time) -> Result<(), LiveError> {
    let shifts = draft.shifts.clone();
    let own_setup = find_ref(draft, job).map_or(Duration::ZERO, |(route, k)| setup(draft, route, k));
    let Some((route, k)) = find(draft, job) else { return Ok(()) };
    let free = k.checked_sub(1).map_or(shifts[route.shift.index()].start, |before| route.stops[before].end);
    let work = route.stops[k].end - route.stops[k].start;
    let stop = &mut route.stops[k];
    let ready = stop.arrival + own_setup;
    if at < ready {
        // Earlier than planned: so was the departure, unless the stop before does not let it be.
        let earlier = (ready - at).min((stop.departure - free).at_least_zero());
        stop.departure = stop.departure - earlier;
        stop.arrival = stop.arrival - earlier;
    }
    stop.start = at.max(stop.arrival + own_setup);
    stop.end = stop.start + work;
    push_on(draft, job)
}

fn find_ref(draft: &Draft, job: JobIx) -> Option<(&PlannedRoute, usize)> {
    draft.current.iter().flat_map(|plan| &plan.routes).find_map(|route| {
        let at = route.stops.iter().position(|stop| visits(stop, job))?;
        Some((route, at))
    })
}

/// Work ends, or ended, at a moment: the job takes as long as it took.
fn finish(draft: &mut Draft, job: JobIx, at: Time) -> Result<(), LiveError> {
    let Some((route, k)) = find_ref(draft, job) else { return Ok(()) };
    let shift = &draft.shifts[route.shift.index()];
    let pace = pace_of(&draft.technicians[shift.technician.index()], &draft.jobs[job.index()].skills, shift);
    let took = (at - route.stops[k].start).at_least_zero();
    let work = Duration(took.0 * 1000 / i64::from(pace.0.max(1)));
    draft.jobs[job.index()].work = work;
    let Some((route, k)) = find(draft, job) else { return Ok(()) };
    route.stops[k].end = route.stops[k].start + work.paced(pace);
    push_on(draft, job)
}

/// Later departures of a route come no earlier than the stop before them ends, and a break that was
/// to be taken while work goes on is open again. Promised starts stay. A follower that has been left
/// for already says otherwise: then its job is the error.
fn push_on(draft: &mut Draft, job: JobIx) -> Result<(), LiveError> {
    let freeze = draft.freeze.unwrap_or(Time::ALWAYS);
    let Some((route, from)) = find(draft, job) else { return Ok(()) };
    let busy = (route.stops[from].start, route.stops[from].end);
    let open_again = route.breaks.iter().position(|taken| busy.0 <= taken.start && taken.start < busy.1);
    route.breaks.truncate(open_again.unwrap_or(route.breaks.len()));
    let mut contradicted = None;
    for at in from + 1..route.stops.len() {
        let free = route.stops[at - 1].end;
        let stop = &mut route.stops[at];
        if stop.departure >= free {
            break;
        }
        if stop.departure < freeze {
            contradicted = Some(stop.activity.clone());
            break;
        }
        stop.departure = free;
    }
    let old = route.return_departure;
    if let Some(last) = route.stops.last().filter(|last| last.end > old) {
        route.return_departure = last.end;
        route.breaks.retain(|taken| taken.start < old);
        route.end = last.end + route.return_travel;
    }
    match contradicted {
        None => Ok(()),
        Some(Activity::Visit { job, member: _, parts: _ }) => {
            Err(LiveError::Started(value(&draft.jobs[job.index()].id)))
        }
        Some(Activity::Collection { site, takes: _, tools: _ }) => {
            Err(LiveError::Started(say!("collection at {}", draft.sites[site.index()].id)))
        }
    }
}

fn frozen(draft: &Draft, route: &PlannedRoute) -> usize {
    draft.freeze.map_or(0, |freeze| route.stops.iter().take_while(|stop| stop.departure < freeze).count())
}

/// Nobody leaves before a moment: the technician stands where the last frozen stop is till then.
fn late(draft: &mut Draft, technician: TechIx, until: Time) -> Result<(), LiveError> {
    let shift = {
        let mut own = draft.technicians[technician.index()].shift_indices();
        own.find(|shift| until <= draft.shifts[shift.index()].latest_end)
    };
    let Some(shift) = shift else { return Ok(()) };
    let known = draft.technicians[technician.index()].position;
    let day = draft.current.iter().flat_map(|plan| &plan.routes).find(|route| route.shift == shift);
    let kept = day.map_or(0, |day| frozen(draft, day));
    let last = day.and_then(|day| day.stops.get(kept.checked_sub(1)?)).map(|stop| stop.place);
    let place = known.map(|known| known.place).or(last).unwrap_or(draft.shifts[shift.index()].start_place);
    draft.technicians[technician.index()].position = Some(CurrentPosition { place, at: until });
    for route in draft.current.iter_mut().flat_map(|plan| &mut plan.routes).filter(|route| route.shift == shift) {
        if let Some(next) = route.stops.get_mut(kept) {
            next.departure = next.departure.max(until);
        }
    }
    Ok(())
}

/// What is not done by a moment is nobody's any more.
fn sick(draft: &mut Draft, technician: TechIx, from: Time, until: Option<Time>) {
    let own: Vec<ShiftIx> = draft.technicians[technician.index()].shift_indices().collect();
    for ix in own {
        let shift = &mut draft.shifts[ix.index()];
        if shift.latest_end <= from || until.is_some_and(|until| shift.start >= until) {
            continue;
        }
        let mut done = 0;
        if let Some(plan) = &mut draft.current {
            for route in plan.routes.iter_mut().filter(|route| route.shift == ix) {
                let kept = route.stops.iter().take_while(|stop| stop.end <= from && stop.departure < from).count();
                let on_the_way_home = kept == route.stops.len() && route.return_departure < from;
                if !on_the_way_home {
                    route.stops.truncate(kept);
                    route.breaks.retain(|taken| taken.end <= from);
                    // Not gone yet, whatever was planned: the way home is the search's to state.
                    route.return_departure = draft.freeze.map_or(from, |freeze| freeze.max(from));
                    route.end = route.return_departure + route.return_travel;
                }
                done = route.jobs().count() as u32;
            }
            plan.routes.retain(|route| !route.stops.is_empty());
        }
        shift.max_jobs = Some(done);
    }
}

/// Takes units from the lots of a site, the latest first, as far as nobody has collected them.
fn missing(draft: &mut Draft, site: SiteIx, part: PartIx, mut quantity: u32) {
    let mut taken = vec![0_u32; draft.lots.len()];
    for route in draft.current.iter().flat_map(|plan| &plan.routes) {
        for stop in &route.stops[..frozen(draft, route)] {
            if let Activity::Collection { site: _, takes, tools: _ } = &stop.activity {
                for take in takes {
                    if let Some(sum) = take.lot.and_then(|lot| taken.get_mut(lot.index())) {
                        *sum += take.quantity;
                    }
                }
            }
        }
    }
    let mut own: Vec<usize> =
        (0..draft.lots.len()).filter(|at| draft.lots[*at].site == site && draft.lots[*at].part == part).collect();
    own.sort_by_key(|at| std::cmp::Reverse(draft.lots[*at].at));
    for at in own {
        let gone = quantity.min(draft.lots[at].quantity.saturating_sub(taken[at]));
        draft.lots[at].quantity -= gone;
        quantity -= gone;
    }
}

/// Takes a job out of jobs, plan and orders; the numbers of later jobs go down by one.
fn cancel(draft: &mut Draft, id: &str) -> Result<(), LiveError> {
    let known = draft.jobs.iter().position(|own| own.id == id).map(JobIx::from);
    let job = known.ok_or_else(|| LiveError::Unknown(say!("job {}", quoted(id))))?;
    if find_ref(draft, job).is_some_and(|(route, at)| at < frozen(draft, route)) {
        return Err(LiveError::Started(value(id)));
    }
    if let Some(plan) = &mut draft.current {
        take_out(plan, job, |_| true);
        for stop in plan.routes.iter_mut().flat_map(|route| &mut route.stops) {
            if let Activity::Visit { job: own, member: _, parts: _ } = &mut stop.activity
                && *own > job
            {
                own.0 -= 1;
            }
        }
        plan.unassigned.clear();
    }
    draft.jobs.remove(job.index());
    let renumber = |own: JobIx| if own > job { JobIx(own.0 - 1) } else { own };
    for pin in draft.jobs.iter_mut().filter_map(|own| own.pin.as_mut()) {
        pin.after = pin.after.filter(|after| *after != job).map(renumber);
    }
    draft.precedences.retain(|order| order.before != job && order.after != job);
    for order in &mut draft.precedences {
        (order.before, order.after) = (renumber(order.before), renumber(order.after));
    }
    Ok(())
}

/// Takes the visit of a job out of a plan's routes on some shifts.
pub(super) fn take_out(plan: &mut Plan, job: JobIx, on: impl Fn(ShiftIx) -> bool) {
    for route in plan.routes.iter_mut().filter(|route| on(route.shift)) {
        let Some(at) = route.stops.iter().position(|stop| visits(stop, job)) else { continue };
        route.stops.remove(at);
        for stop in &mut route.stops {
            if let Activity::Visit { job: _, member: _, parts } = &mut stop.activity {
                for source in parts.iter_mut().filter_map(|part| part.collected_at_stop.as_mut()) {
                    *source -= usize::from(*source > at);
                }
            }
        }
    }
    plan.routes.retain(|route| !route.stops.is_empty());
}
