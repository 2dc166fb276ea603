//! The time axis: from when to when, which hours get a line, where a moment stands.
//!
//! Hours are those of the local clock in the problem's zone, also over a change of summer time.

use super::canvas::{Anchor, Canvas, GREY, Ink, Rect};
use crate::problem::Problem;
use crate::units::Time;

/// Moments to pixels.
pub(super) struct Axis {
    from: Time,
    until: Time,
    x: f64,
    w: f64,
}

impl Axis {
    /// From the full hour before `first` to the full hour after `last`, over the width given.
    pub(super) fn new(problem: &Problem, first: Time, last: Time, x: f64, w: f64) -> Self {
        let into_the_hour = |time: Time| {
            let local = problem.horizon.local(time);
            i64::from(local.minute()) * 60 + i64::from(local.second())
        };
        let from = Time(first.0 - into_the_hour(first));
        let past = into_the_hour(last);
        let until = if past == 0 { last } else { Time(last.0 - past + 3600) };
        Self { from, until: until.max(Time(from.0 + 3600)), x, w }
    }
    /// Where a moment stands; moments outside stand at the border.
    pub(super) fn x(&self, time: Time) -> f64 {
        let time = time.clamp(self.from, self.until);
        self.x + (time.0 - self.from.0) as f64 / (self.until.0 - self.from.0) as f64 * self.w
    }
    /// Whether a moment lies on the axis.
    pub(super) fn holds(&self, time: Time) -> bool {
        self.from <= time && time <= self.until
    }
    /// Lines and labels of the hours, from `top` down to `bottom`.
    pub(super) fn draw(&self, canvas: &mut Canvas, problem: &Problem, top: f64, bottom: f64) {
        let step = self.step();
        let mut time = self.from;
        while time <= self.until {
            let local = problem.horizon.local(time);
            let hour = i64::from(local.hour());
            let on_the_hour = local.minute() == 0;
            if on_the_hour && hour % step == 0 {
                let x = self.x(time);
                let colour = if hour == 0 { "#9aa5b1" } else { "#d9dee4" };
                canvas.line((x, top), (x, bottom), &format!("stroke=\"{colour}\""));
                let several_days = self.until.0 - self.from.0 > 86_400;
                let label = match hour {
                    0 if several_days => local.strftime("%-d.%-m.").to_string(),
                    _ => local.strftime("%-H:%M").to_string(),
                };
                canvas.text((x, top - 6.0), Ink::new(12.0).colour(GREY).anchor(Anchor::Middle), &label);
            } else if on_the_hour && self.pixels_of_an_hour() > 6.0 {
                let x = self.x(time);
                canvas.line((x, top), (x, bottom), "stroke=\"#eceff2\"");
            }
            // Half-hour steps find every full hour in zones that are off by half an hour as well.
            time = Time(time.0 + 1800);
        }
    }
    /// A band of the axis as a rectangle.
    pub(super) fn band(&self, from: Time, until: Time, y: f64, h: f64) -> Rect {
        let x = self.x(from);
        Rect { x, y, w: (self.x(until) - x).max(0.0), h }
    }
    fn pixels_of_an_hour(&self) -> f64 {
        self.w / ((self.until.0 - self.from.0) as f64 / 3600.0)
    }
    /// Hours from one label to the next, so that labels keep apart.
    fn step(&self) -> i64 {
        let hour = self.pixels_of_an_hour();
        [1, 2, 3, 4, 6, 12].into_iter().find(|step| hour * *step as f64 >= 44.0).unwrap_or(24)
    }
}
