//! A plan as a pragmatic solution: `statistic`, `tours`, `unassigned`.
//!
//! A stop's departure is the departure the plan states, so waiting before leaving shows at the stop
//! that is left.

use super::{Location, Pragmatic, Task, VehicleType};
use crate::lang::Lang;
use crate::plan::{Activity, Plan, PlannedRoute, TakenBreak};
use crate::problem::Horizon;
use crate::rule::Rule;
use crate::units::{Duration, Time};
use serde_json::{Map, Value, json};

/// The plan of a file; instants by the problem's horizon.
pub(in crate::import) fn answer(file: &Pragmatic, horizon: &Horizon, plan: &Plan) -> Value {
    let tours = file.tours();
    let mut total = Statistic::default();
    let mut written = Vec::new();
    for route in &plan.routes {
        let Some((of, vehicle, shift)) = tours.get(route.shift.index()) else { continue };
        let mut tour = Tour::new(file, of, route);
        if let Some(shift) = of.shifts.get(*shift) {
            tour.walk(shift.start, shift.end.map(|end| end.1));
        }
        total.add(&tour.statistic);
        let stops: Vec<Value> = tour.stops.iter().map(|stop| stop.value(horizon)).collect();
        written.push(json!({
            "vehicleId": vehicle, "typeId": of.id, "shiftIndex": shift,
            "stops": stops, "statistic": tour.statistic.value(),
        }));
    }
    let mut answer = json!({ "statistic": total.value(), "tours": written });
    let left: Vec<Value> = plan
        .unassigned
        .iter()
        .filter_map(|left| Some((file.jobs.get(left.job.index())?, left)))
        .map(|(job, left)| {
            let reasons: Vec<Value> = left
                .reasons
                .iter()
                .map(|reason| json!({ "code": code(reason.rule), "description": reason.miss.in_lang(Lang::En) }))
                .collect();
            let unknown = json!([{ "code": "NO_REASON_FOUND", "description": "unknown" }]);
            json!({ "jobId": job.id, "reasons": if reasons.is_empty() { unknown } else { json!(reasons) } })
        })
        .collect();
    if let (false, Some(answer)) = (left.is_empty(), answer.as_object_mut()) {
        answer.insert("unassigned".into(), json!(left));
    }
    answer
}

/// The other engine's code of a reason.
fn code(rule: Option<Rule>) -> &'static str {
    let Some(rule) = rule else { return "NO_REASON_FOUND" };
    match rule {
        Rule::Skills => "SKILL_CONSTRAINT",
        Rule::Window | Rule::Hours | Rule::SlaLimit | Rule::Break | Rule::Clock => "TIME_WINDOW_CONSTRAINT",
        Rule::Limits => "CAPACITY_CONSTRAINT",
        Rule::Technician | Rule::Pin | Rule::Freeze => "LOCKING_CONSTRAINT",
        Rule::Region => "AREA_CONSTRAINT",
        Rule::Once | Rule::Parts | Rule::Stock | Rule::Tools | Rule::Crew | Rule::Precedence => "NO_REASON_FOUND",
    }
}

#[derive(Default)]
struct Statistic {
    cost: f64,
    distance: i64,
    duration: i64,
    driving: i64,
    serving: i64,
    waiting: i64,
    pause: i64,
}

impl Statistic {
    fn add(&mut self, other: &Self) {
        let Self { cost, distance, duration, driving, serving, waiting, pause } = other;
        self.cost += cost;
        self.distance += distance;
        self.duration += duration;
        self.driving += driving;
        self.serving += serving;
        self.waiting += waiting;
        self.pause += pause;
    }
    fn value(&self) -> Value {
        let Self { cost, distance, duration, driving, serving, waiting, pause } = self;
        json!({
            "cost": cost, "distance": distance, "duration": duration,
            "times": {
                "driving": driving, "serving": serving, "waiting": waiting, "break": pause,
                "commuting": 0, "parking": 0,
            },
        })
    }
}

/// One thing done at a stop.
struct Act {
    id: String,
    kind: &'static str,
    span: (Time, Time),
    tag: Option<String>,
}

/// One stop; without a location it is a break on the way.
struct Stop {
    location: Option<Location>,
    arrival: Time,
    departure: Time,
    distance: i64,
    load: Vec<i64>,
    acts: Vec<Act>,
}

impl Stop {
    fn value(&self, horizon: &Horizon) -> Value {
        let instant = |time: Time| horizon.timestamp(time).to_string();
        let alone = self.acts.len() == 1;
        let acts: Vec<Value> = self
            .acts
            .iter()
            .map(|act| {
                let mut entry = Map::new();
                entry.insert("jobId".into(), json!(act.id));
                entry.insert("type".into(), json!(act.kind));
                if !alone {
                    if let Some(location) = self.location {
                        entry.insert("location".into(), place(location));
                    }
                    let span = json!({ "start": instant(act.span.0), "end": instant(act.span.1) });
                    entry.insert("time".into(), span);
                }
                if let Some(tag) = &act.tag {
                    entry.insert("jobTag".into(), json!(tag));
                }
                Value::Object(entry)
            })
            .collect();
        let mut stop = Map::new();
        if let Some(location) = self.location {
            stop.insert("location".into(), place(location));
            stop.insert("distance".into(), json!(self.distance));
        }
        let time = json!({ "arrival": instant(self.arrival), "departure": instant(self.departure) });
        stop.insert("time".into(), time);
        stop.insert("load".into(), json!(self.load));
        stop.insert("activities".into(), json!(acts));
        Value::Object(stop)
    }
}

fn place(location: Location) -> Value {
    match location {
        Location::Position(position) => json!({ "lat": position.lat, "lng": position.lon }),
        Location::Index(index) => json!({ "index": index }),
    }
}

/// Writes the stops of one route.
struct Tour<'a> {
    file: &'a Pragmatic,
    route: &'a PlannedRoute,
    breaks: &'a [TakenBreak],
    stops: Vec<Stop>,
    load: Vec<i64>,
    distance: i64,
    statistic: Statistic,
}

impl<'a> Tour<'a> {
    fn new(file: &'a Pragmatic, of: &VehicleType, route: &'a PlannedRoute) -> Self {
        let mut load = vec![0; of.capacity.len()];
        let mut serving = 0;
        for task in route.jobs().filter_map(|job| file.jobs.get(job.index())) {
            serving += task.duration;
            if task.kind == super::TaskKind::Delivery {
                load.iter_mut().zip(&task.demand).for_each(|(load, more)| *load += more);
            }
        }
        let pause: i64 = route.breaks.iter().map(|taken| (taken.end - taken.start).0).sum();
        let duration = (route.end - route.departure()).0;
        let driving = route.travel().0;
        let statistic = Statistic {
            cost: cost(of, route),
            distance: route.distance().0,
            duration,
            driving,
            serving,
            waiting: duration - driving - serving - pause,
            pause,
        };
        Self { file, route, breaks: &route.breaks, stops: Vec::new(), load, distance: 0, statistic }
    }

    fn walk(&mut self, home: Location, end: Option<Location>) {
        let start = self.route.departure();
        self.point(home, start, Act { id: "departure".into(), kind: "departure", span: (start, start), tag: None });
        for stop in &self.route.stops {
            let Activity::Visit { job, member: _, parts: _ } = &stop.activity else { continue };
            let Some(task) = self.file.jobs.get(job.index()) else { continue };
            self.leave(stop.departure, stop.arrival);
            self.distance += stop.distance.0;
            self.take_load(task);
            let act = Act {
                id: task.id.clone(),
                kind: task.kind.activity(),
                span: (stop.start, stop.end),
                tag: task.tag.clone(),
            };
            let known = self.stops.last().and_then(|last| last.location);
            if known == Some(task.location) && stop.travel == Duration::ZERO {
                self.same(act);
            } else {
                self.point(task.location, stop.arrival, act);
            }
            self.rest_until(stop.start);
        }
        let arrival = self.arrival_home();
        self.leave(self.route.return_departure, arrival);
        self.distance += self.route.return_distance.0;
        if let Some(end) = end {
            self.point(
                end,
                arrival,
                Act { id: "arrival".into(), kind: "arrival", span: (arrival, arrival), tag: None },
            );
        }
        self.rest_until(Time::NEVER);
    }

    /// The return, with the breaks that lie within its travel.
    fn arrival_home(&self) -> Time {
        let left = self.route.return_departure;
        let breaks = self.route.breaks.iter().filter(|taken| taken.start >= left);
        breaks.fold(left + self.route.return_travel, |arrival, taken| {
            if taken.start < arrival { arrival + (taken.end - taken.start) } else { arrival }
        })
    }

    /// Breaks before and during a leg, then the departure of the stop that is left.
    fn leave(&mut self, departure: Time, arrival: Time) {
        while let Some(taken) = self.breaks.first().filter(|taken| taken.start <= departure && taken.end <= departure) {
            self.pause_here(*taken);
        }
        if let Some(last) = self.stops.last_mut() {
            last.departure = last.departure.max(departure);
        }
        while let Some(taken) = self.breaks.first().copied().filter(|taken| taken.start < arrival) {
            let act = pause(taken);
            self.breaks = &self.breaks[1..];
            let load = self.load.clone();
            let stop =
                Stop { location: None, arrival: taken.start, departure: taken.end, distance: 0, load, acts: vec![act] };
            self.stops.push(stop);
        }
    }

    /// Breaks at the place between arrival and the start of the work come before it.
    fn rest_until(&mut self, start: Time) {
        while let Some(taken) = self.breaks.first().copied().filter(|taken| taken.end <= start) {
            self.pause_here(taken);
        }
    }

    fn pause_here(&mut self, taken: TakenBreak) {
        self.breaks = &self.breaks[1..];
        if let Some(stop) = self.stops.last_mut() {
            stop.departure = stop.departure.max(taken.end);
            stop.acts.push(pause(taken));
            stop.acts.sort_by_key(|act| act.span);
        }
    }

    fn point(&mut self, location: Location, arrival: Time, act: Act) {
        let (departure, distance, load) = (act.span.1, self.distance, self.load.clone());
        self.stops.push(Stop { location: Some(location), arrival, departure, distance, load, acts: vec![act] });
    }

    fn same(&mut self, act: Act) {
        let load = self.load.clone();
        if let Some(stop) = self.stops.last_mut() {
            stop.departure = act.span.1;
            stop.load = load;
            stop.acts.push(act);
        }
    }

    fn take_load(&mut self, task: &Task) {
        let sign = match task.kind {
            super::TaskKind::Service => 0,
            super::TaskKind::Delivery => -1,
            super::TaskKind::Pickup => 1,
        };
        self.load.iter_mut().zip(&task.demand).for_each(|(load, demand)| *load += sign * demand);
    }
}

fn pause(taken: TakenBreak) -> Act {
    Act { id: "break".into(), kind: "break", span: (taken.start, taken.end), tag: None }
}

/// The cost of a tour at the file's own rates, whatever its objectives minimise.
fn cost(of: &VehicleType, route: &PlannedRoute) -> f64 {
    let seconds = (route.end - route.departure()).0;
    of.fixed + of.per_distance * route.distance().0 as f64 + of.per_time * seconds as f64
}
