//! Keys of jobs.

use super::{LABEL, LEVEL, LOADS, NAME, NAMES, PLACE_HERE, PRICE, RATE, SOME_UNITS, SPAN, TASK, WINDOW, list, some};
use crate::described;
use crate::format::shape::{Object, Shape, may, need};
use crate::limits;

pub(crate) static JOB: Object = Object {
    name: "job",
    about: described!("A ticket or work order."),
    fields: &[
        need("id", NAME, "Unique among jobs."),
        may("kind", Shape::Choice(&["install", "inspection", "repair", "return_visit"]), "Left out: repair."),
        need("place", PLACE_HERE, "Where."),
        need("work", TASK, "How long the work takes at pace 1000."),
        may("setup", TASK, "Set-up before the work, once for consecutive visits at one place; left out: PT0S."),
        may("skills", SKILLS, "Skills needed; left out: none."),
        may(
            "region",
            NAME,
            "The region it lies in; left out: the first region whose area holds its place, or none if none does.",
        ),
        may("windows", some(&WINDOW), "Work starts within one of these, sorted and disjoint; left out: the horizon."),
        may("end_windows", list(&WINDOW), "Work ends within one of these; left out or empty: any time."),
        may("sla", Shape::Object(&SLA), "Promises; left out: none."),
        may("priority", Shape::Choice(&["P1", "P2", "P3", "P4"]), "Class; left out: no class, priced like P3."),
        may(
            "weight",
            Shape::Int { least: 1000, most: limits::WEIGHT },
            "Thousandths of the class price, for important customers; left out: 1000.",
        ),
        may(
            "unassigned_price",
            PRICE,
            "Cents for staying unassigned; left out: the price of the class, times \"weight\". Not with \"weight\".",
        ),
        may("parts", Shape::Map { of: &SOME_UNITS }, "Units of each part that the work consumes."),
        may("tools", NAMES, "Tools that must be at hand."),
        may("required_technicians", some(&NAME), "Only these; left out: anyone."),
        may("preferred_technicians", NAMES, "Liked; any other costs \"not_preferred_technician\"."),
        may("excluded_technicians", NAMES, "Never these."),
        may(
            "crew",
            Shape::List { of: &Shape::Object(&CREW_MEMBER), least: 0, most: limits::CREW },
            "Members who go together, all or none; left out or empty: one technician alone.",
        ),
        may("pin", Shape::Object(&PIN), "What is fixed; left out: nothing."),
        may("load", LOADS, "Load per capacity dimension; left out: none."),
        may("customer", LABEL, "The customer."),
        may("asset", LABEL, "The machine."),
    ],
};

const SKILLS: Shape = Shape::Object(&SKILL_NEED);
static SKILL_NEED: Object = Object {
    name: "skill_need",
    about: described!("Skills that a job asks for, each with its least level."),
    fields: &[
        may("all_of", Shape::Map { of: &LEVEL }, "All of these; left out: none."),
        may("any_of", Shape::Map { of: &LEVEL }, "At least one of these; left out or empty: nothing asked."),
    ],
};

const PROMISE: Shape = Shape::Object(&DEADLINE);
static SLA: Object = Object {
    name: "sla",
    about: described!("The promises of a job, each on its own."),
    fields: &[
        may("respond", PROMISE, "Met by departure towards the job."),
        may("arrive", PROMISE, "Met by arrival at the place."),
        may("resolve", PROMISE, "Met by the end of the work."),
        may("opened_at", Shape::Instant, "When the ticket was opened; needed by targets."),
        may("calendar", NAME, "The calendar on which targets are counted; left out: around the clock."),
        may(
            "pauses",
            list(&Shape::Object(&PAUSE)),
            "When the clock of the targets stood, waiting for the customer. While a pause without end lasts, a target \
             that is not yet met is due at no moment.",
        ),
    ],
};

static PAUSE: Object = Object {
    name: "pause",
    about: described!("A pause of the clock of a promise."),
    fields: &[need("from", Shape::Instant, "Begin."), may("until", Shape::Instant, "End; left out: it still lasts.")],
};

static DEADLINE: Object = Object {
    name: "deadline",
    about: described!("One promise: exactly one of \"due\" and \"target\"."),
    fields: &[
        may("due", Shape::Instant, "The promised moment."),
        may("target", SPAN, "Working time from \"opened_at\" to the promised moment."),
        may("late_price", RATE, "Cents per hour late; left out: 0."),
        may("limit", Shape::Instant, "Past this moment the plan is not allowed; left out: only priced."),
        may("limit_target", SPAN, "The same in working time from \"opened_at\"; this or \"limit\"."),
    ],
};

static CREW_MEMBER: Object = Object {
    name: "crew_member",
    about: described!("One member of a crew."),
    fields: &[
        may("skills", SKILLS, "Skills this member needs; left out: none."),
        need("work", TASK, "How long this member works."),
        may("start_lag", Shape::Object(&START_LAG), "When this member starts; left out: with the first."),
    ],
};

static START_LAG: Object = Object {
    name: "start_lag",
    about: described!("How long after the first member's start."),
    fields: &[need("min", SPAN, "At least."), need("max", SPAN, "At most.")],
};

static PIN: Object = Object {
    name: "pin",
    about: described!("What the dispatcher has fixed."),
    fields: &[
        may("technician", NAME, "Goes to this technician."),
        may("shift", NAME, "Goes on this shift."),
        may("window", WINDOW, "Work starts within this window."),
        may("start", Shape::Instant, "Work starts at this moment; this or \"window\"."),
        may("after", NAME, "Comes after that job where both are on one shift."),
    ],
};

pub(crate) static RECURRING: Object = Object {
    name: "recurring",
    about: described!("A job that returns: its visits within the horizon are made by the engine."),
    fields: &[
        need("job", Shape::Object(&JOB), "The visit to repeat; its id is the stem of the ids of the visits."),
        need("interval", SPAN, "From one visit to the next."),
        may("tolerance", SPAN, "How far a visit may lie off its interval, either way; left out: PT0S."),
        may("last_done", Shape::Instant, "When it was last done; left out: not known."),
    ],
};
