//! Plans: references that exist, each job and shift stated once, and times within reach. Whether a
//! plan keeps the rules is for the judge.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::lang::value;
use crate::limits;
use crate::plan::{Activity, Plan, PlannedRoute};
use crate::pointer::Path;
use crate::units::{Duration, Meters, Time};
use crate::{say, word};
use std::collections::HashSet;

/// Longest sums of travel time and distance of one route that the judge can price.
const ROUTE_TRAVEL: i64 = 10 * limits::HORIZON;
const ROUTE_METERS: i64 = 1_000 * limits::LEG_METERS;

impl Checker<'_> {
    pub(super) fn plan(&mut self, plan: &Plan, at: &Path<'_>) {
        let draft = self.draft;
        let list = at.key("routes");
        let mut shifts = HashSet::new();
        let mut planned = HashSet::new();
        for (k, route) in plan.routes.iter().enumerate() {
            let here = list.at(k);
            if self.refers(&here.key("shift"), route.shift.index(), draft.shifts.len(), word!("shift"))
                && !shifts.insert(route.shift)
            {
                self.say(&here.key("shift"), Code::DuplicateId, say!("each shift once"), say!("a shift again"));
            }
            self.route(&here, route);
            let stops = here.key("stops");
            for (n, stop) in route.stops.iter().enumerate() {
                if let Activity::Visit { job, member, parts: _ } = &stop.activity
                    && self.refers(&stops.at(n).key("job"), job.index(), draft.jobs.len(), word!("job"))
                    && !planned.insert((*job, *member))
                {
                    let expected = say!("each job, and each member of a crew, once");
                    self.say(&stops.at(n).key("job"), Code::DuplicateId, expected, say!("a job again"));
                }
            }
        }
        let list = at.key("unassigned");
        let mut seen = HashSet::new();
        for (k, left) in plan.unassigned.iter().enumerate() {
            let here = list.at(k);
            if self.refers(&here.key("job"), left.job.index(), draft.jobs.len(), word!("job")) && !seen.insert(left.job)
            {
                self.say(&here.key("job"), Code::DuplicateId, say!("each job once"), say!("a job again"));
            }
            for reason in &left.reasons {
                if let Some(nearest) = reason.nearest {
                    self.refers(&here.key("reasons"), nearest.index(), draft.technicians.len(), word!("technician"));
                }
            }
            if let Some(relaxation) = &left.relaxation {
                let shift = relaxation.shift.index();
                self.refers(&here.key("relaxation").key("shift"), shift, draft.shifts.len(), word!("shift"));
            }
        }
    }

    fn route(&mut self, at: &Path<'_>, route: &PlannedRoute) {
        let draft = self.draft;
        if route.stops.is_empty() {
            self.say(&at.key("stops"), Code::Empty, say!("at least one stop"), say!("none"));
        }
        let stops = at.key("stops");
        for (k, stop) in route.stops.iter().enumerate() {
            let here = stops.at(k);
            for (key, time) in
                [("departure", stop.departure), ("arrival", stop.arrival), ("start", stop.start), ("end", stop.end)]
            {
                self.within_reach(&here.key(key), time);
            }
            match &stop.activity {
                Activity::Visit { job: _, member, parts } => {
                    self.range(&here.key("member"), usize::from(*member), 0, limits::CREW - 1);
                    for source in parts {
                        self.refers(&here.key("parts"), source.part.index(), draft.parts.len(), word!("part"));
                        if let Some(stop) = source.collected_at_stop {
                            self.refers(&here.key("parts"), stop, route.stops.len(), word!("stop"));
                        }
                    }
                }
                Activity::Collection { site, takes, tools } => {
                    self.refers(&here.key("site"), site.index(), draft.sites.len(), word!("site"));
                    for take in takes {
                        self.refers(&here.key("takes"), take.part.index(), draft.parts.len(), word!("part"));
                        if let Some(lot) = take.lot {
                            self.refers(&here.key("takes"), lot.index(), draft.lots.len(), word!("lot"));
                        }
                    }
                    for tool in tools {
                        self.refers(&here.key("tools"), tool.index(), draft.tools.len(), word!("tool"));
                    }
                }
            }
        }
        let rules = draft.shifts.get(route.shift.index()).map_or(usize::MAX, |shift| shift.breaks.len());
        let breaks = at.key("breaks");
        for (k, taken) in route.breaks.iter().enumerate() {
            let here = breaks.at(k);
            let finding = (taken.rule >= rules).then(|| {
                let expected = say!("one of {} breaks of the shift", rules);
                Finding::new(here.key("rule").to_string(), Code::UnknownReference, expected, value(taken.rule))
            });
            if let Some(finding) = finding {
                self.found.unless_doubtful(finding, &[&at.key("shift").to_string(), "/technicians"]);
            }
            self.within_reach(&here.key("start"), taken.start);
            self.within_reach(&here.key("end"), taken.end);
        }
        self.within_reach(&at.key("return_departure"), route.return_departure);
        self.within_reach(&at.key("end"), route.end);
        let sum = |lengths: &mut dyn Iterator<Item = i64>| lengths.map(i128::from).sum::<i128>();
        let travel = sum(&mut route.stops.iter().map(|stop| stop.travel.0).chain([route.return_travel.0]));
        let meters = sum(&mut route.stops.iter().map(|stop| stop.distance.0).chain([route.return_distance.0]));
        if !(0..=i128::from(ROUTE_TRAVEL)).contains(&travel) {
            self.say(at, Code::OutOfRange, say!("0 to {} s of travel in one route", ROUTE_TRAVEL), value(travel));
        }
        if !(0..=i128::from(ROUTE_METERS)).contains(&meters) {
            self.say(at, Code::OutOfRange, say!("0 to {} m of way in one route", ROUTE_METERS), value(meters));
        }
        let lengths = route.stops.iter().map(|stop| (stop.travel, stop.distance));
        if lengths.chain([(route.return_travel, route.return_distance)]).any(|(t, d)| t < Duration(0) || d < Meters(0))
        {
            self.say(at, Code::OutOfRange, say!("travel times and distances not below 0"), say!("one below 0"));
        }
    }

    /// A stated time that the judge can reckon with: at most a horizon's length outside the horizon.
    fn within_reach(&mut self, at: &Path<'_>, time: Time) {
        let length = self.draft.horizon.length.0.clamp(0, limits::HORIZON);
        if !(-length..=2 * length).contains(&time.0) {
            let expected = say!("an instant at most the horizon's length outside the horizon");
            let finding = Finding::new(at.to_string(), Code::OutOfRange, expected, value(self.shown(time)));
            self.found.unless_doubtful(finding, &["/horizon"]);
        }
    }
}
