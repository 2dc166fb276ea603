//! Keys of a plan. What is marked as report follows from the rest: written for whoever reads the
//! plan, accepted from whoever sends it back, and never taken for granted.

use super::{COUNT, LABEL, NAME, NAMES, SENTENCE, SOME_UNITS, list, some};
use crate::described;
use crate::format::shape::{Object, Shape, may, need};
use crate::limits;

const LENGTH: Shape = Shape::Duration { least: 0, most: limits::HORIZON };
const METERS: Shape = Shape::Int { least: 0, most: 1_000_000_000_000 };
const CENTS: Shape = Shape::Int { least: -MOST_CENTS, most: MOST_CENTS };
const MOST_CENTS: i64 = 1_000_000_000_000_000_000;
const REPORT: Shape = Shape::Report;
const RULE: Shape = Shape::Choice(RULES);

/// Stable codes of the rules.
const RULES: &[&str] = crate::rule::Rule::CODES;

pub(crate) static PLAN: Object = Object {
    name: "plan",
    about: described!(
        "A plan: who goes where when, with every time and the source of every part, and what it costs in cents."
    ),
    fields: &[
        need("schema_version", Shape::Int { least: 1, most: 1 }, "Version of this format: 1."),
        may("problem", LABEL, "Name of the problem it is for, which must be that one's; left out: not said."),
        need("routes", list(&Shape::Object(&ROUTE)), "Used shifts."),
        need("unassigned", list(&Shape::Object(&UNASSIGNED)), "Jobs left out."),
        may("bill", BILL, "What it costs, term by term, as its maker claims; left out: no price is claimed."),
        may("cost", CENTS, "The sum of the bill, beside which it stands; left out: not said."),
        may(
            "travel_fingerprint",
            Shape::Text { least: 16, most: 16 },
            "Sixteen hexadecimal digits that change with any travel time; left out, or zeros: not compared.",
        ),
        may("bound", CENTS, "A proven lower bound on the cost; left out: none."),
        may("gap", REPORT, "Report: (cost - bound) / cost, where there is a bound."),
        may("seed", Shape::Unsigned, "Seed of the search; left out: 0."),
        may("iterations", Shape::Unsigned, "Iterations of the search; left out: 0."),
        may("version", REPORT, "Report: version of the engine that wrote it."),
        may("kpis", REPORT, "Report: figures of the whole plan, and by region, technician and skill."),
        may("sla_at_risk", REPORT, "Report: promises by slack, least first."),
        may("pick_lists", REPORT, "Report: parts and tools to be made ready, by site."),
    ],
};

const BILL: Shape = Shape::Object(&BILL_OBJECT);
static BILL_OBJECT: Object = Object {
    name: "bill",
    about: described!("Cents, term by term."),
    fields: &[
        may("travel", CENTS, "Time on the road."),
        may("distance", CENTS, "Length of the way."),
        may("work", CENTS, "Paid time."),
        may("shift", CENTS, "Use of shifts."),
        may("overtime", CENTS, "Time past the regular end."),
        may("respond_late", CENTS, "Departure towards jobs past the promise."),
        may("arrive_late", CENTS, "Arrival past the promise."),
        may("resolve_late", CENTS, "End of work past the promise."),
        may("preference", CENTS, "Visits outside preferences."),
        may("moved", CENTS, "Visits of the current plan that moved."),
        may("unassigned", CENTS, "Jobs left out."),
    ],
};

static ROUTE: Object = Object {
    name: "route",
    about: described!("The day of one used shift."),
    fields: &[
        need("shift", NAME, "Which shift."),
        may("technician", NAME, "Whose the shift is; left out: not said."),
        may("departure", REPORT, "Report: when the technician sets out."),
        need(
            "stops",
            some(&Shape::Tagged { key: "type", of: &[("visit", &VISIT), ("collection", &COLLECTION)] }),
            "Stops in order.",
        ),
        may("breaks", list(&Shape::Object(&TAKEN_BREAK)), "Breaks in order; left out: none."),
        need("return_departure", Shape::Instant, "Departure from the last stop, or its end where the end is open."),
        need("end", Shape::Instant, "End of the day."),
        may("return_travel", LENGTH, "Travel time of the last leg; left out: PT0S."),
        may("return_distance", METERS, "Metres of the last leg; left out: 0."),
        may("bill", BILL, "What this route costs; left out: 0 each."),
    ],
};

static VISIT: Object = Object {
    name: "visit",
    about: described!("A job is done."),
    fields: &[
        need("type", Shape::Choice(&["visit"]), "The kind of stop."),
        need("job", NAME, "Which job."),
        may(
            "member",
            Shape::Int { least: 0, most: limits::CREW as i64 - 1 },
            "Which member of its crew, from 0; left out: 0.",
        ),
        may("parts", list(&Shape::Object(&PART_SOURCE)), "Where the parts it consumes come from; left out: none."),
        need("departure", Shape::Instant, "Departure towards this stop."),
        need("arrival", Shape::Instant, "Arrival at the place."),
        need("start", Shape::Instant, "Start of the work, after set-up and waiting."),
        need("end", Shape::Instant, "End of the work."),
        may("travel", LENGTH, "Travel time towards this stop, without breaks; left out: PT0S."),
        may("distance", METERS, "Metres of that way; left out: 0."),
        may("place", REPORT, "Report: where, as {\"id\", \"lat\", \"lon\", \"index\"}."),
        may("wait", REPORT, "Report: from arrival to start, set-up included."),
        may("sla", REPORT, "Report: slack of each promise, negative when late."),
    ],
};

static COLLECTION: Object = Object {
    name: "collection",
    about: described!("Parts and tools are collected."),
    fields: &[
        need("type", Shape::Choice(&["collection"]), "The kind of stop."),
        need("site", NAME, "Where."),
        may("takes", list(&Shape::Object(&TAKE)), "Parts taken, lot by lot; left out: none."),
        may("tools", NAMES, "Tools taken; left out: none."),
        need("departure", Shape::Instant, "Departure towards this stop."),
        need("arrival", Shape::Instant, "Arrival at the place."),
        need("start", Shape::Instant, "Start of the collection, after waiting."),
        need("end", Shape::Instant, "End of the collection."),
        may("travel", LENGTH, "Travel time towards this stop, without breaks; left out: PT0S."),
        may("distance", METERS, "Metres of that way; left out: 0."),
        may("place", REPORT, "Report: where, as {\"id\", \"lat\", \"lon\", \"index\"}."),
        may("wait", REPORT, "Report: from arrival to start."),
    ],
};

static TAKE: Object = Object {
    name: "take",
    about: described!("Units of one part from one lot."),
    fields: &[
        need("part", NAME, "Which part."),
        need("quantity", SOME_UNITS, "How many units."),
        may(
            "available_at",
            Shape::Instant,
            "The instant of the lot: the horizon's start for stock, the delivery's for inbound; left out only at \
             unlimited sites.",
        ),
    ],
};

static PART_SOURCE: Object = Object {
    name: "part_source",
    about: described!("Where some of a visit's parts come from."),
    fields: &[
        need("part", NAME, "Which part."),
        need("quantity", SOME_UNITS, "How many units."),
        may(
            "collected_at_stop",
            COUNT,
            "Position, from 0, of the stop of this route that brought it; left out: the van.",
        ),
    ],
};

static TAKEN_BREAK: Object = Object {
    name: "taken_break",
    about: described!("A break that is taken."),
    fields: &[
        need("rule", COUNT, "Its position, from 0, among the breaks of the shift."),
        need("start", Shape::Instant, "Begin."),
        need("end", Shape::Instant, "End."),
    ],
};

static UNASSIGNED: Object = Object {
    name: "unassigned",
    about: described!("A job that is not in the plan."),
    fields: &[
        need("job", NAME, "Which job."),
        may("price", CENTS, "What leaving it costs; left out: 0."),
        may("reasons", list(&Shape::Object(&REASON)), "Why, most technicians first; left out: not known."),
        may("relaxation", Shape::Object(&RELAXATION), "The cheapest change under which it would fit; left out: none."),
    ],
};

static REASON: Object = Object {
    name: "reason",
    about: described!("Technicians kept out by one rule."),
    fields: &[
        may("rule", RULE, "The rule; left out: no rule, but the price."),
        need("technicians", COUNT, "How many it keeps out."),
        may("nearest", NAME, "The technician who misses it by least."),
        may("miss", SENTENCE, "By how much that one misses it; left out: empty."),
    ],
};

static RELAXATION: Object = Object {
    name: "relaxation",
    about: described!("What would help, proven by insertion."),
    fields: &[
        need("change", SENTENCE, "What would have to change."),
        may("rule", RULE, "The rule that would be eased; left out: no rule, but the price."),
        need("shift", NAME, "Whose shift would take the job."),
        may("added_cost", CENTS, "What the insertion would add; left out: 0."),
    ],
};
