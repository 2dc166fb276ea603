//! Keys of a problem outside technicians and jobs.

use super::{
    COUNT, DATUM, JOB, LABEL, LAT, LON, MANY, NAME, NAMES, PLACE_HERE, PLAN, PRICE, RATE, RECURRING, SPAN, TASK,
    TECHNICIAN, UNITS, WINDOW, list, some,
};
use crate::described;
use crate::format::shape::{Object, Shape, may, need};
use crate::limits;

/// Names of datums.
pub(crate) const DATUMS: &[&str] = &["wgs84", "gcj02", "bd09"];
/// Names of weekdays, Monday first.
pub(crate) const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(crate) static PROBLEM: Object = Object {
    name: "problem",
    about: described!(
        "A field-service problem: who could go, what is to be done, and what it costs. Instants are RFC 3339 with \
            offset, durations ISO 8601 (a day is 24 hours), lengths metres, money cents, shares thousandths. A key \
            that is not described here is refused."
    ),
    fields: &[
        need("schema_version", Shape::Int { least: 1, most: 1 }, "Version of this format: 1."),
        may("name", LABEL, "A name of the problem; left out: empty."),
        need("horizon", Shape::Object(&HORIZON), "When planning begins and ends."),
        may("datum", DATUM, "Datum of all positions that do not say their own; left out: wgs84."),
        may("places", list(&Shape::Object(&PLACE)), "Places with names, to be referred to by \"id\"."),
        may(
            "skills",
            NAMES,
            "All names of skills. Left out: every name that occurs is a skill. Given: any other name is a mistake.",
        ),
        may("parts", NAMES, "All names of spare parts, in the same way."),
        may("tools", NAMES, "All names of tools, in the same way."),
        may(
            "regions",
            list(&Shape::Either(&[NAME, Shape::Object(&REGION)])),
            "Regions, by name or with an area; a region that is not listed here cannot be used.",
        ),
        may("calendars", list(&Shape::Object(&CALENDAR)), "Business calendars on which promises are counted."),
        need("travel", Shape::Object(&TRAVEL), "Where travel times come from."),
        need("technicians", list(&Shape::Object(&TECHNICIAN)), "Who does jobs."),
        may("sites", list(&Shape::Object(&SITE)), "Where parts and tools can be collected."),
        need("jobs", list(&Shape::Object(&JOB)), "What is to be done."),
        may("precedences", list(&Shape::Object(&PRECEDENCE)), "Order between jobs, across technicians and days."),
        may("recurring", list(&Shape::Object(&RECURRING)), "Jobs that return at an interval."),
        may("objective", Shape::Object(&OBJECTIVE), "Prices of the whole plan; left out: the defaults."),
        may("current_plan", Shape::Object(&PLAN), "The plan in force, to start from."),
        may(
            "freeze",
            Shape::Instant,
            "Stops of the current plan whose departure is before this moment stay as they are. Only with \
             \"current_plan\".",
        ),
    ],
};

static HORIZON: Object = Object {
    name: "horizon",
    about: described!("The span of time that is planned, at most 400 days."),
    fields: &[
        need("start", Shape::Instant, "The first moment."),
        need("end", Shape::Instant, "The last moment: everything planned is over by it."),
        need("zone", Shape::Zone, "The time zone in which days are counted and instants are shown."),
    ],
};

static PLACE: Object = Object {
    name: "place",
    about: described!("A place with a name."),
    fields: &[
        may("id", NAME, "The name, unique among places; \"open\" is taken."),
        may("lat", LAT, "Degrees north. With \"lon\"; needed where travel comes from roads or great circles."),
        may("lon", LON, "Degrees east."),
        may("index", COUNT, "Row and column in the given matrices; needed where travel comes from matrices."),
        may("datum", DATUM, "Datum of \"lat\" and \"lon\"; left out: the problem's."),
    ],
};

static REGION: Object = Object {
    name: "region",
    about: described!(
        "A region, with an area by which jobs without region are placed in the first region that holds them."
    ),
    fields: &[
        need("id", NAME, "Unique among regions."),
        may(
            "area",
            Shape::Tagged { key: "type", of: &[("Polygon", &POLYGON), ("MultiPolygon", &MULTI_POLYGON)] },
            "A GeoJSON geometry; left out: known by name only.",
        ),
        may("datum", DATUM, "Datum of the area; left out: the problem's."),
    ],
};

const DEGREES: Shape = Shape::Number { least: -180.0, most: 180.0 };
const COORDINATES: Shape = Shape::List { of: &DEGREES, least: 2, most: 2 };
const RING: Shape = Shape::List { of: &COORDINATES, least: 4, most: MANY };

static POLYGON: Object = Object {
    name: "polygon",
    about: described!("A GeoJSON Polygon."),
    fields: &[
        need("type", Shape::Choice(&["Polygon"]), "The kind of geometry."),
        need("coordinates", some(&RING), "The outer ring, then holes; [lon, lat], the last equal to the first."),
    ],
};

static MULTI_POLYGON: Object = Object {
    name: "multi_polygon",
    about: described!("A GeoJSON MultiPolygon."),
    fields: &[
        need("type", Shape::Choice(&["MultiPolygon"]), "The kind of geometry."),
        need("coordinates", some(&some(&RING)), "Polygons, each as the coordinates of a Polygon."),
    ],
};

static CALENDAR: Object = Object {
    name: "calendar",
    about: described!("When the clock of a promise runs."),
    fields: &[
        need("id", NAME, "Unique among calendars."),
        may("zone", Shape::Zone, "The zone of its clock; left out: the horizon's."),
        need("hours", Shape::Object(&WEEK), "Working hours by weekday; a day left out has none."),
        may("holidays", list(&Shape::Date), "Dates without work."),
        may("working_days", list(&Shape::Object(&WORKING_DAY)), "Make-up working days, and days of other hours."),
    ],
};

const HOURS: Shape = list(&SPAN_OF_DAY);
const SPAN_OF_DAY: Shape = Shape::Object(&HOURS_OBJECT);
static HOURS_OBJECT: Object = Object {
    name: "hours",
    about: described!("A span on the local clock."),
    fields: &[
        need("from", Shape::Clock, "Begin, before \"24:00\"."),
        need("until", Shape::Clock, "End; not after \"from\": on the following day."),
    ],
};

static WEEK: Object = Object {
    name: "week",
    about: described!("Working hours by weekday."),
    fields: &[
        may(WEEKDAYS[0], HOURS, "Hours that begin on a Monday."),
        may(WEEKDAYS[1], HOURS, "Hours that begin on a Tuesday."),
        may(WEEKDAYS[2], HOURS, "Hours that begin on a Wednesday."),
        may(WEEKDAYS[3], HOURS, "Hours that begin on a Thursday."),
        may(WEEKDAYS[4], HOURS, "Hours that begin on a Friday."),
        may(WEEKDAYS[5], HOURS, "Hours that begin on a Saturday."),
        may(WEEKDAYS[6], HOURS, "Hours that begin on a Sunday."),
    ],
};

static WORKING_DAY: Object = Object {
    name: "working_day",
    about: described!("A date that does not follow its weekday: like another weekday, or with hours of its own."),
    fields: &[
        need("date", Shape::Date, "The date."),
        may("like", Shape::Choice(WEEKDAYS), "The weekday whose hours it has; this or \"hours\"."),
        may("hours", HOURS, "Its own hours; this or \"like\"."),
    ],
};

static TRAVEL: Object = Object {
    name: "travel",
    about: described!("Where travel times come from: exactly one of \"roads\", \"matrices\" and \"great_circle\"."),
    fields: &[
        may(
            "profiles",
            some(&Shape::Either(&[NAME, Shape::Object(&PROFILE)])),
            "Ways of travelling; left out: one, \"car\". Technicians without profile have the first.",
        ),
        may("roads", Shape::Object(&ROADS), "A road network."),
        may("matrices", Shape::Map { of: &Shape::Object(&MATRIX) }, "A matrix per profile."),
        may("great_circle", Shape::Object(&GREAT_CIRCLE), "The straight way, stretched."),
    ],
};

const HOUR_SHARE: Shape = Shape::Int { least: limits::HOUR_SHARE.0, most: limits::HOUR_SHARE.1 };

static PROFILE: Object = Object {
    name: "profile",
    about: described!("A way of travelling."),
    fields: &[
        need("id", NAME, "Unique among profiles; also the name of the road profile where roads are used."),
        may(
            "hourly",
            Shape::List { of: &HOUR_SHARE, least: 24, most: 24 },
            "Speed in each hour of the local day, from midnight, in thousandths; left out: 1000 all day.",
        ),
    ],
};

static ROADS: Object = Object {
    name: "roads",
    about: described!("A road network that the receiver knows by name."),
    fields: &[
        need("map", NAME, "Its name; the command line reads it as a path."),
        may("traffic", NAME, "Speeds by hour and kind of road, by name; left out: the plain speeds at every hour."),
    ],
};

pub(super) const SECONDS: Shape = Shape::IntOrNull { least: 0, most: limits::HORIZON };
pub(super) const METERS: Shape = Shape::IntOrNull { least: 0, most: limits::LEG_METERS };

static MATRIX: Object = Object {
    name: "matrix",
    about: described!("A square matrix by place index: row = from, column = to."),
    fields: &[
        need("seconds", list(&list(&SECONDS)), "Travel times in seconds; null where there is no way."),
        may("meters", list(&list(&METERS)), "Lengths of the same ways in metres; left out: all 0."),
        may("rush", some(&Shape::Object(&RUSH)), "Matrices of hours in which travel takes longer or shorter."),
    ],
};

const HOUR: Shape = Shape::Int { least: 0, most: 23 };

static RUSH: Object = Object {
    name: "rush",
    about: described!(
        "A matrix for some hours of the day. On the road at the end of an hour, one gets on at the next one's pace."
    ),
    fields: &[
        need("hours", some(&HOUR), "The hours of the local day that have it: 7 is from 7:00 to 8:00."),
        need("seconds", list(&list(&SECONDS)), "Travel times in seconds; null where there is no way."),
        may("meters", list(&list(&METERS)), "Lengths of the same ways in metres; left out: all 0."),
    ],
};

static GREAT_CIRCLE: Object = Object {
    name: "great_circle",
    about: described!("Straight way times detour, at one speed; both rounded up per leg."),
    fields: &[
        need("detour", Shape::Number { least: 1.0, most: limits::DETOUR }, "Road metres per straight metre."),
        need("meters_per_second", Shape::Number { least: limits::CRUISE.0, most: limits::CRUISE.1 }, "Speed."),
    ],
};

static SITE: Object = Object {
    name: "site",
    about: described!("A store, warehouse or depot."),
    fields: &[
        need("id", NAME, "Unique among sites."),
        need("place", PLACE_HERE, "Where it is."),
        may("opening", list(&WINDOW), "A collection starts within one of these; left out or empty: always open."),
        may("collection", TASK, "How long one collection takes, whatever is taken; left out: PT0S."),
        may("unlimited", Shape::Flag, "Every part in any quantity and every tool; left out: false."),
        may("tools", NAMES, "Tools to be had here, enough of each."),
        may("stock", Shape::Map { of: &UNITS }, "Units of each part from the start of the horizon on."),
        may("inbound", list(&Shape::Object(&INBOUND)), "Deliveries to come."),
    ],
};

static INBOUND: Object = Object {
    name: "inbound",
    about: described!("A delivery: one lot of one part."),
    fields: &[
        need("part", NAME, "What comes."),
        need("quantity", UNITS, "How many units."),
        need("at", Shape::Instant, "From when on they can be taken. One lot per site, part and instant."),
    ],
};

static PRECEDENCE: Object = Object {
    name: "precedence",
    about: described!("One job ends before another starts."),
    fields: &[
        need("before", NAME, "The job that ends …"),
        need("after", NAME, "… before this one starts."),
        may("min_lag", SPAN, "Least time between; left out: PT0S."),
        may("max_lag", SPAN, "Most time between; left out: no limit."),
    ],
};

static OBJECTIVE: Object = Object {
    name: "objective",
    about: described!("Prices of the whole plan. Anything left out has its default."),
    fields: &[
        may(
            "priority_prices",
            Shape::Object(&PRIORITY_PRICES),
            "Cents for leaving a job of each class unassigned: falling from P1 to P4, each above what a whole shift of \
             one technician can cost, so that no running cost buys a class out. Left out: 2000000, 800000, 300000, \
             150000.",
        ),
        may("outside_preferred_region", PRICE, "Cents per visit outside preferred regions; left out: 0."),
        may("not_preferred_technician", PRICE, "Cents per visit by a technician not preferred; left out: 0."),
        may("moved_technician", PRICE, "Cents per visit that changes its current technician; left out: 0."),
        may("moved_start", RATE, "Cents per hour by which a current start moves; left out: 0."),
        may("paid_from", Shape::Choice(&["latest_departure", "shift_start"]), "Left out: latest_departure."),
        may("overtime_until", Shape::Choice(&["return", "last_visit"]), "Left out: return."),
    ],
};

static PRIORITY_PRICES: Object = Object {
    name: "priority_prices",
    about: described!("Cents per class."),
    fields: &[
        need("P1", PRICE, "Most urgent."),
        need("P2", PRICE, "Serious."),
        need("P3", PRICE, "Normal."),
        need("P4", PRICE, "Can wait."),
    ],
};
