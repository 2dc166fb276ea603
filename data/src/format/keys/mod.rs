//! The tables of the wire format, version 1: every key of a problem and of a plan, with its shape,
//! its limits, its unit and what holds when it is left out.
//!
//! Reader, suggestions and JSON Schema all come from these tables, so they cannot drift apart.
//! What two values mean together is for the readers and [`crate::validate`].

mod jobs;
mod live;
mod plan;
mod problem;
mod technicians;

pub(super) use jobs::{JOB, RECURRING};
pub(super) use live::{ACCEPTANCE, CHANGES, RECOMMENDATION, REFUSAL};
pub(super) use plan::PLAN;
pub(super) use problem::{DATUMS, PROBLEM, WEEKDAYS};
pub(super) use technicians::TECHNICIAN;

use super::shape::{Object, Shape, may, need};
use crate::described;
use crate::limits;

/// As many as any list may hold.
pub(super) const MANY: usize = limits::LIST;

const NAME: Shape = Shape::Text { least: 1, most: limits::NAME };
const NAMES: Shape = list(&NAME);
const LABEL: Shape = Shape::Text { least: 0, most: limits::NAME };
const SENTENCE: Shape = Shape::Text { least: 0, most: 2_000 };
const TASK: Shape = Shape::Duration { least: 0, most: limits::TASK };
const SPAN: Shape = Shape::Duration { least: 0, most: limits::SPAN };
const PRICE: Shape = Shape::Int { least: 0, most: limits::PRICE };
const RATE: Shape = Shape::Int { least: 0, most: limits::RATE };
const LEVEL: Shape = Shape::Int { least: 1, most: 255 };
const SHARE: Shape = Shape::Int { least: 0, most: 1000 };
const UNITS: Shape = Shape::Int { least: 0, most: limits::QUANTITY };
const SOME_UNITS: Shape = Shape::Int { least: 1, most: limits::QUANTITY };
const COUNT: Shape = Shape::Int { least: 0, most: u32::MAX as i64 };
const LOAD: Shape = Shape::Int { least: 0, most: limits::LOAD };
const LOADS: Shape = Shape::List { of: &LOAD, least: 0, most: limits::DIMENSIONS };

/// A list of any length.
const fn list(of: &'static Shape) -> Shape {
    Shape::List { of, least: 0, most: MANY }
}

/// A list of any length but empty.
const fn some(of: &'static Shape) -> Shape {
    Shape::List { of, least: 1, most: MANY }
}

/// A place where it is used.
const PLACE_HERE: Shape = Shape::Either(&[NAME, Shape::Object(&POSITION)]);

static POSITION: Object = Object {
    name: "position",
    about: described!("A place without a name. Equal positions, or equal indices, are one place."),
    fields: &[
        may("lat", LAT, "Degrees north. With \"lon\"; needed where travel comes from roads or great circles."),
        may("lon", LON, "Degrees east."),
        may("index", COUNT, "Row and column in the given matrices; needed where travel comes from matrices."),
        may("datum", DATUM, "Datum of \"lat\" and \"lon\"; left out: the problem's."),
    ],
};

const LAT: Shape = Shape::Number { least: -90.0, most: 90.0 };
const LON: Shape = Shape::Number { least: -180.0, most: 180.0 };
const DATUM: Shape = Shape::Choice(DATUMS);

const WINDOW: Shape = Shape::Object(&WINDOW_OBJECT);
static WINDOW_OBJECT: Object = Object {
    name: "window",
    about: described!("A span of time, both ends included."),
    fields: &[
        need("open", Shape::Instant, "First allowed moment."),
        need("close", Shape::Instant, "Last allowed moment, not before \"open\"."),
    ],
};
