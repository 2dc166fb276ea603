//! A plan in the shape of a VROOM answer: `code`, `summary`, `routes`, `unassigned`.
//!
//! That shape knows no departure time: whoever waits, waits at the next step. So a late departure
//! of the plan is shown as waiting there, with the same begin of every task.
//!
//! Moments are whole seconds, rounded down; travel is what lies between them, and costs are reckoned from
//! that travel, rounded once a route, so that duration and cost of a route agree as they do there.

use super::{Location, Task, Vehicle, Vroom};
use crate::plan::{Activity, Plan, PlannedRoute, TakenBreak};
use crate::units::{Duration, Time};
use serde_json::{Map, Value, json};

/// The plan of a file, made in `ticks` of which a second has so many.
pub(in crate::import) fn answer(file: &Vroom, ticks: i64, plan: &Plan) -> Value {
    let mut summary = Totals::default();
    let mut routes = Vec::new();
    for route in &plan.routes {
        let Some(vehicle) = file.vehicles.get(route.shift.index()) else { continue };
        let mut writer = Writer::new(file, ticks, vehicle, route);
        writer.write();
        summary.add(&writer.totals);
        routes.push(writer.finish());
    }
    let unassigned: Vec<Value> = plan
        .unassigned
        .iter()
        .filter_map(|left| file.jobs.get(left.job.index()))
        .map(|job| {
            let mut entry = object(json!({ "id": job.id, "type": "job" }));
            place(&mut entry, job.location);
            describe(&mut entry, job.description.as_ref());
            Value::Object(entry)
        })
        .collect();
    let mut all = summary.object();
    all.insert("routes".into(), json!(routes.len()));
    all.insert("unassigned".into(), json!(unassigned.len()));
    json!({ "code": 0, "summary": all, "unassigned": unassigned, "routes": routes })
}

/// What routes and the summary count.
#[derive(Default)]
struct Totals {
    cost: i64,
    delivery: Vec<i64>,
    pickup: Vec<i64>,
    setup: i64,
    service: i64,
    duration: i64,
    waiting: i64,
    priority: i64,
    distance: i64,
}

impl Totals {
    fn add(&mut self, other: &Self) {
        let Self { cost, delivery, pickup, setup, service, duration, waiting, priority, distance } = other;
        self.cost += cost;
        add(&mut self.delivery, delivery);
        add(&mut self.pickup, pickup);
        self.setup += setup;
        self.service += service;
        self.duration += duration;
        self.waiting += waiting;
        self.priority += priority;
        self.distance += distance;
    }
    fn object(&self) -> Map<String, Value> {
        let Self { cost, delivery, pickup, setup, service, duration, waiting, priority, distance } = self;
        object(json!({
            "cost": cost, "delivery": delivery, "amount": delivery, "pickup": pickup, "setup": setup, "service": service,
            "duration": duration, "waiting_time": waiting, "priority": priority, "distance": distance,
            "violations": [],
        }))
    }
}

fn add(sum: &mut Vec<i64>, load: &[i64]) {
    sum.resize(sum.len().max(load.len()), 0);
    sum.iter_mut().zip(load).for_each(|(sum, load)| *sum += load);
}

/// Writes the steps of one route, moment by moment.
struct Writer<'a> {
    file: &'a Vroom,
    ticks: i64,
    vehicle: &'a Vehicle,
    route: &'a PlannedRoute,
    epoch: i64,
    steps: Vec<Value>,
    totals: Totals,
    load: Vec<i64>,
    /// When the step before is done, in the plan's ticks.
    now: Time,
    /// The same in the answer's seconds.
    done: i64,
    /// Seconds of travel so far.
    driven: i64,
    way: i64,
    breaks: &'a [TakenBreak],
}

impl<'a> Writer<'a> {
    fn new(file: &'a Vroom, ticks: i64, vehicle: &'a Vehicle, route: &'a PlannedRoute) -> Self {
        // Every dimension is stated, also where nothing is loaded.
        let nothing = vec![0; vehicle.capacity.len()];
        let mut totals = Totals { delivery: nothing.clone(), pickup: nothing, ..Totals::default() };
        for task in route.jobs().filter_map(|job| file.jobs.get(job.index())) {
            add(&mut totals.delivery, &task.delivery);
            add(&mut totals.pickup, &task.pickup);
        }
        let mut load = vec![0; vehicle.capacity.len()];
        add(&mut load, &totals.delivery);
        let mut writer = Self {
            file,
            ticks,
            vehicle,
            route,
            epoch: file.epoch(),
            steps: Vec::new(),
            totals,
            load,
            now: route.departure(),
            done: 0,
            driven: 0,
            way: 0,
            breaks: &route.breaks,
        };
        writer.done = writer.seconds(writer.now);
        writer
    }

    /// A moment of the plan in the file's seconds.
    fn seconds(&self, moment: Time) -> i64 {
        moment.0.div_euclid(self.ticks) + self.epoch
    }

    fn write(&mut self) {
        self.step("start", Some(self.vehicle.start), 0, 0, self.now, self.now, Map::new());
        let mut before = None;
        let mut last = self.vehicle.start;
        for stop in &self.route.stops {
            let Activity::Visit { job, member: _, parts: _ } = &stop.activity else { continue };
            let Some(task) = self.file.jobs.get(job.index()) else { continue };
            let left = self.breaks_within(stop.departure, stop.arrival, stop.travel, Some(stop.start));
            self.way += stop.distance.0;
            let same = before == Some(stop.place);
            before = Some(stop.place);
            last = task.location;
            let setup = if same { 0 } else { task.setup };
            // Where the set-up was folded into the work, the task begins with the work.
            let begin = stop.end - Duration((setup + task.service) * self.ticks);
            let arrival = self.now + left;
            self.task(task, setup, arrival, begin);
            self.now = stop.end;
        }
        let (departure, travel) = (self.route.return_departure, self.route.return_travel);
        let left = self.breaks_within(departure, self.route.end, travel, None);
        self.way += self.route.return_distance.0;
        // A vehicle without an end of its own ends where its last task is.
        let end = self.vehicle.end.unwrap_or(last);
        let arrival = self.now + left;
        self.step("end", Some(end), 0, 0, arrival, arrival, Map::new());
        self.totals.duration = self.driven;
        self.totals.distance = self.way;
        self.totals.cost = self.cost();
    }

    /// Use of the vehicle, hours and kilometres.
    fn cost(&self) -> i64 {
        let Vehicle { fixed, per_hour, per_km, .. } = *self.vehicle;
        // In 36,000ths, rounded once: an hour has 3,600 seconds, a kilometre 1,000 metres.
        let hours = i128::from(per_hour) * i128::from(self.driven) * 10;
        let way = i128::from(per_km) * i128::from(self.way) * 36;
        fixed + i64::try_from((hours + way + 18_000) / 36_000).unwrap_or(i64::MAX / 4)
    }

    /// Writes the breaks that come before `until` and gives the travel of the leg still to drive.
    fn breaks_within(&mut self, departure: Time, arrival: Time, travel: Duration, until: Option<Time>) -> Duration {
        let mut left = travel;
        let mut rested = Duration::ZERO;
        while let Some((taken, rest)) = self.breaks.split_first() {
            if until.is_some_and(|until| taken.start >= until && taken.end > until) {
                break;
            }
            let behind =
                if taken.start >= arrival { travel } else { (taken.start - departure - rested).at_least_zero() };
            let driven = Duration(behind.0.min(travel.0)) - (travel - left);
            let driven = Duration(driven.0.clamp(0, left.0));
            if taken.start > departure && taken.start < arrival {
                rested += taken.end - taken.start;
            }
            left -= driven;
            let reached = self.now + driven;
            let mut extra = Map::new();
            if let Some(pause) = self.pause(taken) {
                extra.insert("id".into(), json!(pause.id));
                describe(&mut extra, pause.description.as_ref());
            }
            let length = (taken.end - taken.start).0 / self.ticks;
            self.step("break", None, 0, length, reached, taken.start, extra);
            self.totals.service += length;
            self.now = taken.end;
            self.breaks = rest;
        }
        left
    }

    /// The file's break of a taken one: the shift holds them by opening time.
    fn pause(&self, taken: &TakenBreak) -> Option<&'a super::Pause> {
        let mut order: Vec<&super::Pause> = self.vehicle.breaks.iter().collect();
        let hours = self.vehicle.window.unwrap_or((self.epoch, i64::MAX));
        order.sort_by_key(|pause| pause.window.unwrap_or(hours));
        order.get(taken.rule).copied()
    }

    fn task(&mut self, task: &Task, setup: i64, arrival: Time, begin: Time) {
        self.load.iter_mut().zip(&task.delivery).for_each(|(load, less)| *load -= less);
        self.load.iter_mut().zip(&task.pickup).for_each(|(load, more)| *load += more);
        self.totals.setup += setup;
        self.totals.service += task.service;
        self.totals.priority += task.priority;
        let mut extra = object(json!({ "id": task.id, "job": task.id }));
        describe(&mut extra, task.description.as_ref());
        self.step("job", Some(task.location), setup, task.service, arrival, begin, extra);
    }

    #[allow(clippy::too_many_arguments)] // the columns of one step, each a plain number
    fn step(
        &mut self,
        kind: &str,
        location: Option<Location>,
        setup: i64,
        service: i64,
        arrival: Time,
        begin: Time,
        extra: Map<String, Value>,
    ) {
        let (arrival, begin) = (self.seconds(arrival), self.seconds(begin));
        let waiting = begin - arrival;
        self.driven += arrival - self.done;
        self.done = begin + setup + service;
        let mut step = object(json!({
            "type": kind, "setup": setup, "service": service, "waiting_time": waiting,
            "arrival": arrival, "duration": self.driven, "distance": self.way,
            "load": self.load, "violations": [],
        }));
        if let Some(location) = location {
            place(&mut step, location);
        }
        step.extend(extra);
        self.totals.waiting += waiting;
        self.steps.push(Value::Object(step));
    }

    fn finish(self) -> Value {
        let mut route = object(json!({ "vehicle": self.vehicle.id }));
        describe(&mut route, self.vehicle.description.as_ref());
        route.extend(self.totals.object());
        route.insert("steps".into(), Value::Array(self.steps));
        Value::Object(route)
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn place(entry: &mut Map<String, Value>, location: Location) {
    if let Some(position) = location.position {
        entry.insert("location".into(), json!([position.lon, position.lat]));
    }
    if let Some(index) = location.index {
        entry.insert("location_index".into(), json!(index));
    }
}

fn describe(entry: &mut Map<String, Value>, description: Option<&String>) {
    if let Some(description) = description {
        entry.insert("description".into(), json!(description));
    }
}
