//! Keys of technicians and their shifts.

use super::{COUNT, LABEL, LEVEL, LOADS, NAME, NAMES, PLACE_HERE, PRICE, RATE, SHARE, TASK, UNITS, WINDOW, list};
use crate::described;
use crate::format::shape::{Object, Shape, may, need};
use crate::limits;

pub(crate) static TECHNICIAN: Object = Object {
    name: "technician",
    about: described!("Someone who does jobs."),
    fields: &[
        need("id", NAME, "Unique among technicians."),
        may("name", LABEL, "A name to show; left out: the id."),
        may(
            "skills",
            Shape::Map { of: &Shape::Either(&[LEVEL, Shape::Object(&OWNED_SKILL)]) },
            "Skills by name, each with its level alone or with more about it.",
        ),
        may("regions", NAMES, "The only regions to work in; left out or empty: anywhere."),
        may("preferred_regions", NAMES, "Regions liked; left out or empty: no preference."),
        may("stock", Shape::Map { of: &UNITS }, "Units of each part in the van at the start of the horizon."),
        may("tools", NAMES, "Tools owned."),
        may("prices", Shape::Object(&PRICES), "What time and way cost; left out: nothing."),
        may("profile", NAME, "How this technician travels; left out: the first profile."),
        may(
            "speed",
            Shape::Int { least: limits::SPEED.0, most: limits::SPEED.1 },
            "Speed in thousandths of the profile's; left out: 1000.",
        ),
        may("rating", SHARE, "Rating, 0 to 1000; left out: not rated."),
        may("first_time_fix", Shape::Object(&FIRST_TIME_FIX), "Share of jobs closed at the first visit, by kind."),
        may("position", Shape::Object(&LIVE_POSITION), "Where this technician is now, for live re-planning."),
        may("rest", TASK, "Least rest from the end of a used shift to the next departure; left out: PT0S."),
        may("home", PLACE_HERE, "Start place of shifts that do not say their own."),
        need("shifts", list(&Shape::Object(&SHIFT)), "Working periods in time order; several a day are allowed."),
    ],
};

static OWNED_SKILL: Object = Object {
    name: "owned_skill",
    about: described!("A skill with more about it than its level."),
    fields: &[
        need("level", LEVEL, "How good; a job asks for a least level."),
        may("valid_from", Shape::Instant, "The certificate holds for work that starts at or after this moment …"),
        may("valid_until", Shape::Instant, "… and ends at or before this one."),
        may(
            "pace",
            Shape::Int { least: limits::PACE.0, most: limits::PACE.1 },
            "Work time in thousandths of the job's; left out: 1000.",
        ),
    ],
};

static PRICES: Object = Object {
    name: "prices",
    about: described!("What a technician's time and way cost, in cents."),
    fields: &[
        may("work", RATE, "Per hour of paid time; left out: 0."),
        may("travel", RATE, "Per hour of travel, on top of paid time; left out: 0."),
        may("distance", Shape::Int { least: 0, most: limits::DISTANCE_RATE }, "Per kilometre; left out: 0."),
        may("shift", PRICE, "Per shift with at least one visit; left out: 0."),
        may("overtime", RATE, "Per hour past a shift's end, on top of paid time; left out: 0."),
    ],
};

static FIRST_TIME_FIX: Object = Object {
    name: "first_time_fix",
    about: described!("Shares in thousandths, by kind of job."),
    fields: &[
        may("install", SHARE, "Installations."),
        may("inspection", SHARE, "Inspections."),
        may("repair", SHARE, "Repairs."),
        may("return_visit", SHARE, "Return visits."),
    ],
};

static LIVE_POSITION: Object = Object {
    name: "live_position",
    about: described!("A place and since when."),
    fields: &[need("place", PLACE_HERE, "The place."), need("at", Shape::Instant, "Since when.")],
};

static SHIFT: Object = Object {
    name: "shift",
    about: described!("One working period of one technician."),
    fields: &[
        may(
            "id",
            NAME,
            "Unique among all shifts; left out: the technician's id, \"/\" and the shift's number, counted from 1.",
        ),
        need("start", Shape::Instant, "No departure before this moment."),
        need("end", Shape::Instant, "The regular end: past it, time is overtime."),
        may("latest_end", Shape::Instant, "The day is over by this moment; left out: \"end\", so no overtime."),
        may("start_place", PLACE_HERE, "Where the day starts; left out: the technician's \"home\", then needed."),
        may(
            "end_place",
            PLACE_HERE,
            "Where the day ends; \"open\": wherever the last stop is; left out: where it starts.",
        ),
        may("breaks", list(&Shape::Object(&BREAK)), "Breaks in the order of their windows."),
        may("max_jobs", COUNT, "Most visits; left out: no limit."),
        may("max_travel", TASK_LIMIT, "Most travel time; left out: no limit."),
        may("max_distance", Shape::Int { least: 0, most: 1_000_000_000_000 }, "Most metres; left out: no limit."),
        may("max_duration", TASK_LIMIT, "Most time from departure to the end of the day; left out: no limit."),
        may("capacity", LOADS, "Most of each load, dimension by dimension; left out or empty: no limit."),
    ],
};

const TASK_LIMIT: Shape = Shape::Duration { least: 0, most: limits::HORIZON };

static BREAK: Object = Object {
    name: "break",
    about: described!("A break, taken once by whoever uses the shift."),
    fields: &[
        need("window", WINDOW, "It starts within this window."),
        need("duration", TASK, "How long it takes."),
        may("paid", Shape::Flag, "Whether it counts as paid time; left out: false."),
    ],
};
