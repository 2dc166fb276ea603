//! Keys of what is asked and told of a live plan.

use super::problem::{METERS, SECONDS};
use super::{JOB, NAME, PLACE_HERE, PRICE, PROBLEM, RATE, SOME_UNITS, WINDOW, list, some};
use crate::described;
use crate::format::shape::{Object, Shape, may, need};

const VERSION: Shape = Shape::Int { least: 1, most: i64::MAX };
const PLAN_ID: Shape = Shape::Text { least: 1, most: 100 };

const TICKET: Shape = Shape::Object(&JOB);
const ABOUT_LEGS: &str = "Travel rows of a place that the plan does not know, by profile; only where travel comes from \
                          matrices, and needed there.";
const LEGS: Shape = Shape::Map { of: &Shape::Object(&PLACE_LEGS) };

/// Most spans of one question, and most offers of one answer.
pub(crate) const SPANS: usize = 100;
const OFFERS: Shape = Shape::Int { least: 1, most: 1_000 };
/// Most events told at once.
const EVENTS: usize = 1_000;

pub(crate) static RECOMMENDATION: Object = Object {
    name: "recommendation_request",
    about: described!(
        "Who should take a ticket, when could it be promised, or which open job should a technician take? About a \
            stored plan, or about a problem whose \"current_plan\" is in force."
    ),
    fields: &[
        may("plan", PLAN_ID, "The id of a plan; this or \"problem\"."),
        may("version", VERSION, "The version that is meant; another one in force is refused. Left out: whichever is."),
        may(
            "problem",
            Shape::Object(&PROBLEM),
            "A problem; its \"current_plan\" is in force, without one nothing is planned.",
        ),
        may(
            "ticket",
            TICKET,
            "A job that the plan does not know; this, \"job\" or \"technician\". Places in WGS-84 unless \"datum\" says otherwise.",
        ),
        may("legs", LEGS, ABOUT_LEGS),
        may("job", NAME, "A job that the plan leaves out."),
        may("technician", NAME, "Whose next job is looked for: the open jobs that suit this technician best."),
        may(
            "slots",
            Shape::List { of: &WINDOW, least: 1, most: SPANS },
            "Spans of starts to choose from; the cheapest way to keep each is told.",
        ),
        may("most", OFFERS, "So many offers at most, best first; left out: 10."),
        may("everybody", Shape::Flag, "Name everybody else too, with what keeps them out; left out: false."),
        may("explain", Shape::Flag, "With \"everybody\": by how much each misses it; slower. Left out: false."),
    ],
};

pub(crate) static ACCEPTANCE: Object = Object {
    name: "acceptance",
    about: described!("A technician takes a ticket."),
    fields: &[
        need("version", VERSION, "The version that the recommendation was made for."),
        need("technician", NAME, "Who."),
        may("ticket", TICKET, "The ticket as it was asked about; this or \"job\"."),
        may("legs", LEGS, ABOUT_LEGS),
        may("job", NAME, "The open job."),
    ],
};

pub(crate) static REFUSAL: Object = Object {
    name: "refusal",
    about: described!("A technician does not take a job, now or ever."),
    fields: &[
        may("version", VERSION, "The version that is meant; left out: whichever is in force."),
        need("technician", NAME, "Who."),
        need("job", NAME, "The id of the job, or of a ticket that has not been accepted yet."),
    ],
};

pub(crate) static CHANGES: Object = Object {
    name: "changes",
    about: described!("What has happened, in order. The plan is made anew once after all of it."),
    fields: &[
        may("version", VERSION, "The version that is meant; left out: whichever is in force."),
        need("changes", Shape::List { of: &EVENT, least: 1, most: EVENTS }, "The events."),
    ],
};

const EVENT: Shape = Shape::Tagged {
    key: "type",
    of: &[
        ("job_added", &JOB_ADDED),
        ("job_cancelled", &JOB_CANCELLED),
        ("job_started", &JOB_STARTED),
        ("job_finished", &JOB_FINISHED),
        ("job_overran", &JOB_OVERRAN),
        ("technician_late", &TECHNICIAN_LATE),
        ("technician_sick", &TECHNICIAN_SICK),
        ("technician_moved", &TECHNICIAN_MOVED),
        ("part_arrived", &PART_ARRIVED),
        ("part_missing", &PART_MISSING),
        ("freeze", &FREEZE),
        ("promises_priced", &PROMISES_PRICED),
    ],
};

const KIND: &str = "The kind of event.";

static JOB_ADDED: Object = Object {
    name: "job_added",
    about: described!("A ticket came in."),
    fields: &[
        need("type", Shape::Choice(&["job_added"]), KIND),
        need("ticket", TICKET, "The job. Places in WGS-84 unless \"datum\" says otherwise."),
        may("legs", LEGS, ABOUT_LEGS),
    ],
};

static JOB_CANCELLED: Object = Object {
    name: "job_cancelled",
    about: described!("A job is not wanted any more."),
    fields: &[need("type", Shape::Choice(&["job_cancelled"]), KIND), need("job", NAME, "Which.")],
};

static JOB_STARTED: Object = Object {
    name: "job_started",
    about: described!("Work has begun. What is planned to begin by then is frozen."),
    fields: &[
        need("type", Shape::Choice(&["job_started"]), KIND),
        need("job", NAME, "Which; it is planned."),
        need("at", Shape::Instant, "When."),
    ],
};

static JOB_FINISHED: Object = Object {
    name: "job_finished",
    about: described!("Work is done."),
    fields: &[
        need("type", Shape::Choice(&["job_finished"]), KIND),
        need("job", NAME, "Which; it is planned."),
        need("at", Shape::Instant, "When."),
    ],
};

static JOB_OVERRAN: Object = Object {
    name: "job_overran",
    about: described!("Work takes longer than planned."),
    fields: &[
        need("type", Shape::Choice(&["job_overran"]), KIND),
        need("job", NAME, "Which; it is planned."),
        need("until", Shape::Instant, "When it will be done."),
    ],
};

static TECHNICIAN_LATE: Object = Object {
    name: "technician_late",
    about: described!("Someone cannot go on before a moment."),
    fields: &[
        need("type", Shape::Choice(&["technician_late"]), KIND),
        need("technician", NAME, "Who."),
        need("until", Shape::Instant, "Until when."),
    ],
};

static TECHNICIAN_SICK: Object = Object {
    name: "technician_sick",
    about: described!("Someone is out: what is not done by then goes to others."),
    fields: &[
        need("type", Shape::Choice(&["technician_sick"]), KIND),
        need("technician", NAME, "Who."),
        need("from", Shape::Instant, "From when on."),
        may("until", Shape::Instant, "Shifts that start then or later are worked again; left out: none is."),
    ],
};

static TECHNICIAN_MOVED: Object = Object {
    name: "technician_moved",
    about: described!("Someone is somewhere else than planned, and goes on from there."),
    fields: &[
        need("type", Shape::Choice(&["technician_moved"]), KIND),
        need("technician", NAME, "Who."),
        need("at", Shape::Instant, "Since when."),
        need("place", PLACE_HERE, "Where."),
        may("legs", LEGS, ABOUT_LEGS),
    ],
};

static PART_ARRIVED: Object = Object {
    name: "part_arrived",
    about: described!("Parts come, or have come, to a site."),
    fields: &[
        need("type", Shape::Choice(&["part_arrived"]), KIND),
        need("site", NAME, "Where."),
        need("part", NAME, "Which part."),
        need("quantity", SOME_UNITS, "How many units."),
        need("at", Shape::Instant, "When."),
    ],
};

static PART_MISSING: Object = Object {
    name: "part_missing",
    about: described!("Parts that a site should have are not there."),
    fields: &[
        need("type", Shape::Choice(&["part_missing"]), KIND),
        need("site", NAME, "Where."),
        need("part", NAME, "Which part."),
        need("quantity", SOME_UNITS, "How many units."),
    ],
};

static FREEZE: Object = Object {
    name: "freeze",
    about: described!("What is planned to be under way by a moment is, and stays as it is."),
    fields: &[need("type", Shape::Choice(&["freeze"]), KIND), need("at", Shape::Instant, "The moment.")],
};

static PROMISES_PRICED: Object = Object {
    name: "promises_priced",
    about: described!("What it costs from now on to change what the plan in force promises."),
    fields: &[
        need("type", Shape::Choice(&["promises_priced"]), KIND),
        may("moved_technician", PRICE, "Cents for a visit that goes to another technician; left out: as before."),
        may("moved_start", RATE, "Cents per hour by which a start moves, either way; left out: as before."),
    ],
};

static PLACE_LEGS: Object = Object {
    name: "place_legs",
    about: described!("Travel between one more place and all that the matrices have."),
    fields: &[
        need("to", ROW, "From each index of the matrices to the new place."),
        need("from", ROW, "From the new place to each index."),
        may("rush", some(&Shape::Object(&RUSH_LEGS)), "The same for each matrix of rush hours, in their order."),
    ],
};

static RUSH_LEGS: Object = Object {
    name: "rush_legs",
    about: described!("Travel of the new place in some hours of the day."),
    fields: &[
        need("to", ROW, "From each index of the matrices to the new place."),
        need("from", ROW, "From the new place to each index."),
    ],
};

const ROW: Shape = Shape::Object(&ROW_OBJECT);
static ROW_OBJECT: Object = Object {
    name: "row",
    about: described!("Travel between one place and others, by index."),
    fields: &[
        need("seconds", list(&SECONDS), "Travel times in seconds; null where there is no way."),
        may("meters", list(&METERS), "Lengths of the same ways in metres; left out: all 0."),
    ],
};
