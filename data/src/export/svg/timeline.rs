//! The timeline: one row per shift with travel, waiting, set-up, visits, breaks, collections, and
//! the promised moments above.

use super::Picture;
use super::axis::Axis;
use super::canvas::{Anchor, Canvas, GREY, Ink, Rect, fitted, width};
use super::figures::{hours, kilometres};
use super::glyphs::{self, state_colour};
use super::legend::{BREAK, COLLECT, WAIT};
use super::words::words;
use crate::export::palette::{ink_on, route_colour};
use crate::export::{SlaState, class_of, name_of, promises, state_of};
use crate::ids::{JobIx, ShiftIx};
use crate::plan::{Activity, PlannedRoute, Stop};
use crate::problem::Priority;
use crate::units::{Duration, Meters, Time};

/// Room for the hours above the rows.
pub(super) const HEAD: f64 = 26.0;
/// Rows are never lower than this …
pub(super) const LEAST_ROW: f64 = 30.0;
/// … nor higher than this.
const MOST_ROW: f64 = 84.0;
/// Unused shifts are shown up to so many shifts.
const SHOW_UNUSED: usize = 24;
const LABELS: f64 = 150.0;

/// A row: a shift and, when it is used, its route by position in the plan.
pub(super) struct Row {
    shift: ShiftIx,
    route: Option<usize>,
}

/// Used shifts in the order of the plan, then, when there are few, the unused ones.
pub(super) fn rows(picture: &Picture<'_>) -> Vec<Row> {
    let plan = picture.plan;
    let used = plan.routes.iter().enumerate().map(|(at, route)| Row { shift: route.shift, route: Some(at) });
    let mut rows: Vec<Row> = used.collect();
    let count = picture.problem.shifts.len();
    if count <= SHOW_UNUSED {
        let unused = (0..count).map(ShiftIx::from).filter(|shift| plan.route(*shift).is_none());
        rows.extend(unused.map(|shift| Row { shift, route: None }));
    }
    rows
}

pub(super) fn draw(canvas: &mut Canvas, picture: &Picture<'_>, rows: &[Row], rect: Rect) {
    let problem = picture.problem;
    let moments = |row: &Row| {
        let shift = problem.shift(row.shift);
        let route = row.route.and_then(|at| picture.plan.routes.get(at));
        let first = route.map_or(shift.start, |route| shift.start.min(route.departure()));
        (first, route.map_or(shift.regular_end, |route| shift.regular_end.max(route.end)))
    };
    let (Some(first), Some(last)) =
        (rows.iter().map(|row| moments(row).0).min(), rows.iter().map(|row| moments(row).1).max())
    else {
        return;
    };
    let axis = Axis::new(problem, first, last, rect.x + LABELS, rect.w - LABELS - 14.0);
    let height = ((rect.h - HEAD) / rows.len() as f64).clamp(LEAST_ROW, MOST_ROW);
    let top = rect.y + HEAD;
    let bottom = top + height * rows.len() as f64;
    for (at, row) in rows.iter().enumerate() {
        shift_hours(canvas, picture, row, &axis, top + at as f64 * height, height);
    }
    axis.draw(canvas, problem, top, bottom);
    for (at, row) in rows.iter().enumerate() {
        let y = top + at as f64 * height;
        canvas.line((rect.x, y), (rect.right(), y), "stroke=\"#cbd2d9\"");
        label(canvas, picture, row, rect.x, y, height);
        if let Some((number, route)) = row.route.and_then(|at| Some((at, picture.plan.routes.get(at)?))) {
            let lane = Lane::new(picture, &axis, route_colour(number), y, height);
            lane.draw(canvas, route);
        }
    }
    canvas.line((rect.x, bottom), (rect.right(), bottom), "stroke=\"#cbd2d9\"");
}

fn shift_hours(canvas: &mut Canvas, picture: &Picture<'_>, row: &Row, axis: &Axis, y: f64, height: f64) {
    let shift = picture.problem.shift(row.shift);
    canvas.fill(axis.band(shift.start, shift.regular_end, y, height), "#f3f5f8");
    canvas.fill(axis.band(shift.regular_end, shift.latest_end, y, height), "url(#over)");
}

fn label(canvas: &mut Canvas, picture: &Picture<'_>, row: &Row, x: f64, y: f64, height: f64) {
    let (problem, words) = (picture.problem, words(picture.lang));
    let shift = problem.shift(row.shift);
    let technician = problem.technician(shift.technician);
    let several = technician.shift_indices().count() > 1;
    let name =
        if several { format!("{} · {}", name_of(technician), shift.id) } else { name_of(technician).to_owned() };
    let route = row.route.and_then(|at| picture.plan.routes.get(at));
    let colour = row.route.map_or("#cbd2d9", route_colour);
    canvas.rect(Rect { x, y: y + 5.0, w: 7.0, h: height - 10.0 }, &format!("fill=\"{colour}\" rx=\"3\""));
    let middle = y + height / 2.0;
    let visits = route.map_or(0, |route| route.jobs().count()).to_string();
    let lines: Vec<String> = match route {
        Some(route) => vec![
            format!("{} · {}", words.row_visits.replace("{}", &visits), kilometres(route.distance())),
            format!("{} {}", words.travel, hours(route.travel())),
        ],
        None => vec![words.free.to_owned()],
    };
    let room = ((height - 20.0) / 16.0).floor().max(0.0) as usize;
    let lines = &lines[..lines.len().min(room)];
    let mut base = middle + 5.0 - lines.len() as f64 * 8.0;
    let room = LABELS - 22.0;
    let ink = Ink::new(14.0).bold();
    let ink = if route.is_some() { ink } else { ink.colour(GREY) };
    canvas.text((x + 14.0, base), ink, &fitted(&name, 14.5, room));
    for line in lines {
        base += 16.0;
        canvas.text((x + 14.0, base), Ink::new(12.0).colour(GREY), &fitted(line, 12.0, room));
    }
}

/// One row being drawn.
struct Lane<'a> {
    picture: &'a Picture<'a>,
    axis: &'a Axis,
    colour: &'static str,
    /// Top of the row.
    y: f64,
    height: f64,
    /// Top and height of the bars.
    bar: (f64, f64),
}

impl<'a> Lane<'a> {
    fn new(picture: &'a Picture<'a>, axis: &'a Axis, colour: &'static str, y: f64, height: f64) -> Self {
        let flags = if height >= 60.0 { 27.0 } else { 7.0 };
        let names = if height >= 60.0 { 14.0 } else { 2.0 };
        let bar = (y + flags, (height - flags - names - 6.0).clamp(10.0, 34.0));
        Self { picture, axis, colour, y, height, bar }
    }
    /// Whether there is room for texts above and below the bars.
    fn is_roomy(&self) -> bool {
        self.height >= 60.0
    }
    fn band(&self, from: Time, until: Time) -> Rect {
        self.axis.band(from, until, self.bar.0, self.bar.1)
    }
    fn middle(&self) -> f64 {
        self.bar.0 + self.bar.1 / 2.0
    }

    fn draw(&self, canvas: &mut Canvas, route: &PlannedRoute) {
        for stop in &route.stops {
            self.travel(canvas, stop.departure, stop.arrival, stop.distance);
        }
        if route.return_travel > Duration::ZERO {
            let home = route.return_departure + route.return_travel;
            self.travel(canvas, route.return_departure, home, route.return_distance);
        }
        let mut number = 0;
        for (at, stop) in route.stops.iter().enumerate() {
            let until_next = route.stops.get(at + 1).map_or(route.end, |next| next.start);
            match &stop.activity {
                Activity::Visit { job, .. } => {
                    number += 1;
                    self.before_work(canvas, route, at, *job);
                    self.visit(canvas, *job, stop, number, until_next);
                }
                Activity::Collection { site, .. } => {
                    self.waiting(canvas, stop.arrival, stop.start);
                    self.collection(canvas, &self.picture.problem.site(*site).id, stop, until_next);
                }
            }
        }
        for taken in &route.breaks {
            let (top, high) = self.bar;
            canvas.rect(self.axis.band(taken.start, taken.end, top + high * 0.12, high * 0.76), BREAK);
        }
        self.flags(canvas, route);
    }

    /// On the road, from when to when and how far.
    fn travel(&self, canvas: &mut Canvas, from: Time, until: Time, distance: Meters) {
        let band = self.axis.band(from, until, self.middle() - 2.5, 5.0);
        if band.w > 0.0 {
            canvas.tip(&format!("{}–{} · {}", self.clock(from), self.clock(until), kilometres(distance)));
            canvas.rect(band, &format!("fill=\"{}\" fill-opacity=\"0.55\"", self.colour));
            canvas.close();
        }
    }

    fn clock(&self, time: Time) -> String {
        self.picture.problem.horizon.local(time).strftime("%H:%M").to_string()
    }

    fn waiting(&self, canvas: &mut Canvas, from: Time, until: Time) {
        let band = self.axis.band(from, until, self.bar.0 + self.bar.1 * 0.2, self.bar.1 * 0.6);
        if band.w > 0.5 {
            canvas.rect(band, WAIT);
        }
    }

    /// Waiting and set-up between arrival and start of work.
    fn before_work(&self, canvas: &mut Canvas, route: &PlannedRoute, at: usize, job: JobIx) {
        let stop = &route.stops[at];
        let before = at.checked_sub(1).and_then(|before| route.stops.get(before));
        let is_set_up = before
            .is_some_and(|before| matches!(before.activity, Activity::Visit { .. }) && before.place == stop.place);
        let setup = if is_set_up { Duration::ZERO } else { self.picture.problem.job(job).setup };
        let begin = (stop.start - setup).max(stop.arrival);
        self.waiting(canvas, stop.arrival, begin);
        let band = self.band(begin, stop.start);
        if band.w > 0.0 {
            canvas.rect(band, &format!("fill=\"{}\" fill-opacity=\"0.4\"", self.colour));
        }
    }

    fn visit(&self, canvas: &mut Canvas, job: JobIx, stop: &Stop, number: usize, until_next: Time) {
        let problem = self.picture.problem;
        let job = problem.job(job);
        let customer = job.customer.as_deref().unwrap_or_default();
        canvas.tip(&format!("{} {customer} {}–{}", job.id, self.clock(stop.start), self.clock(stop.end)));
        let bar = self.band(stop.start, stop.end);
        canvas.rect(bar, &format!("fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"0.8\" rx=\"2\"", self.colour));
        let ink = ink_on(self.colour);
        let urgent = matches!(job.priority, Some(Priority::P1));
        let label = number.to_string();
        let text = if urgent { format!("{label} {}", class_of(job.priority)) } else { label.clone() };
        let size = 13.0f64.min(self.bar.1);
        let shown = [text, label].into_iter().find(|text| width(text, size) <= bar.w - 2.0);
        if let Some(text) = shown {
            let at = (bar.x + bar.w / 2.0, self.middle() + size * 0.36);
            canvas.text(at, Ink::new(size).bold().colour(ink).anchor(Anchor::Middle), &text);
        }
        let state = state_of(job, stop);
        let under = bar.bottom() + 1.5;
        if state != SlaState::None {
            canvas.fill(Rect { x: bar.x, y: under, w: bar.w, h: 3.5 }, state_colour(state));
        }
        self.name(canvas, &job.id, bar, until_next);
        canvas.close();
    }

    fn collection(&self, canvas: &mut Canvas, site: &str, stop: &Stop, until_next: Time) {
        canvas.tip(site);
        let bar = self.band(stop.start, stop.end);
        canvas.rect(bar, COLLECT);
        if bar.w >= 14.0 {
            let (x, y) = (bar.x + bar.w / 2.0, self.middle());
            let lid = format!(
                "M{:.1} {:.1}h9v8h-9zM{:.1} {:.1}h9M{x:.1} {:.1}v3",
                x - 4.5,
                y - 4.0,
                x - 4.5,
                y - 1.0,
                y - 4.0
            );
            canvas.path(&lid, "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"1.2\"");
        }
        self.name(canvas, site, bar, until_next);
        canvas.close();
    }

    /// A name under its bar, where a telling part of it has room up to the next one.
    fn name(&self, canvas: &mut Canvas, name: &str, bar: Rect, until_next: Time) {
        const SIZE: f64 = 10.0;
        let room = (self.axis.x(until_next) - bar.x).max(bar.w) - 3.0;
        let text = fitted(name, SIZE, room);
        if self.is_roomy() && (text == name || text.chars().count() > 5) {
            canvas.text((bar.x, bar.bottom() + 15.0), Ink::new(SIZE).colour(GREY), &text);
        }
    }

    /// The promised moments: a sign with the number of its visit, in two lines where they crowd.
    fn flags(&self, canvas: &mut Canvas, route: &PlannedRoute) {
        let problem = self.picture.problem;
        let visits = route.stops.iter().filter_map(|stop| match stop.activity {
            Activity::Visit { job, .. } => Some((problem.job(job), stop)),
            Activity::Collection { .. } => None,
        });
        let mut flags: Vec<(Time, usize, SlaState)> = visits
            .enumerate()
            .flat_map(|(at, (job, stop))| promises(job, stop).into_iter().map(move |promise| (at, promise)))
            .filter(|(_, promise)| self.axis.holds(promise.due))
            .map(|(at, promise)| (promise.due, at + 1, promise.state()))
            .collect();
        flags.sort_unstable_by_key(|(due, number, _)| (*due, *number));
        flags.dedup();
        let mut taken = [f64::NEG_INFINITY; 2];
        for (due, number, state) in flags {
            let x = self.axis.x(due);
            let colour = state_colour(state);
            if !self.is_roomy() {
                canvas.line((x, self.y + 1.0), (x, self.bar.0), &format!("stroke=\"{colour}\" stroke-width=\"2\""));
                continue;
            }
            let text = number.to_string();
            let wide = 11.0 + width(&text, 10.5);
            let line = if x - 5.0 >= taken[1] {
                1
            } else if x - 5.0 >= taken[0] {
                0
            } else {
                usize::from(taken[1] < taken[0])
            };
            let shown = x.max(taken[line] + 5.0);
            taken[line] = shown - 5.0 + wide + 2.0;
            let y = self.y + 8.0 + 11.5 * line as f64;
            canvas.line((x, y + 4.0), (x, self.bar.0 - 1.0), &format!("stroke=\"{colour}\" stroke-width=\"1\""));
            glyphs::state(canvas, (shown, y), state);
            canvas.text((shown + 6.0, y + 4.0), Ink::new(10.5).bold().colour(colour), &text);
        }
    }
}
