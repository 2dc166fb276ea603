//! A small problem with a plan, made by hand, for the tests of the exporters.

use crate::bill::Bill;
use crate::ids::{JobIx, LotIx, PartIx, PlaceIx, RegionIx, ShiftIx, SiteIx, SkillIx, TechIx, ToolIx};
use crate::place::{Place, Position};
use crate::plan::{Activity, PartSource, Plan, PlannedRoute, Reason, Relaxation, Stop, Take, TakenBreak, Unassigned};
use crate::problem::{
    Break, Deadline, Draft, Horizon, Job, JobKind, Lot, OwnedSkill, PartQuantity, Priority, Problem, Region, Shift,
    Site, SkillLevel, SkillNeed, Sla, Technician, TravelSource, Window,
};
use crate::rule::Rule;
use crate::travel::{Leg, TravelMatrix};
use crate::units::{Cost, Duration, Meters, Permille, Rate, Time};

/// A time of day of the sample, whose horizon starts at midnight.
fn at(hour: i64, minute: i64) -> Time {
    Time(hour * 3600 + minute * 60)
}

fn window(open: Time, close: Time) -> Vec<Window> {
    vec![Window { open, close }]
}

/// Ann collects at the depot and does two of three jobs on 15 June 2026 in Vaduz; Bob stays home.
pub(crate) fn draft() -> Draft {
    let horizon = Horizon {
        start: "2026-06-15T00:00:00+02:00".parse().unwrap(),
        length: Duration::hours(24),
        zone: jiff::tz::TimeZone::get("Europe/Vaduz").unwrap(),
    };
    let mut draft = Draft::empty("sample", horizon);
    for (id, lat, lon) in [
        (None, 47.14, 9.52),
        (Some("depot"), 47.165, 9.51),
        (None, 47.07, 9.5),
        (None, 47.11, 9.53),
        (None, 47.2, 9.55),
    ] {
        let position = Some(Position { lat, lon });
        let matrix_index = Some(draft.places.len() as u32);
        draft.places.push(Place { id: id.map(str::to_owned), position, matrix_index });
    }
    let size = draft.places.len();
    let leg = |from: usize, to: usize| match from.abs_diff(to) as u32 {
        0 => Leg::default(),
        apart => Leg { seconds: apart * 900, meters: apart * 9000 },
    };
    draft.travel = TravelSource::Matrices(vec![TravelMatrix::from_fn(size, leg)]);
    draft.skills = vec!["lift".into()];
    draft.parts = vec!["P-11".into(), "P-12".into()];
    draft.tools = vec!["winch".into()];
    draft.regions = vec![Region { id: "south".into(), area: None }];
    for (index, (id, name)) in [("ann", "Ann Beck"), ("bob", "")].into_iter().enumerate() {
        let (home, shift) = (PlaceIx(index as u32 * 4), ShiftIx(index as u32));
        draft.technicians.push(Technician {
            id: id.into(),
            name: name.into(),
            skills: vec![OwnedSkill {
                skill: SkillIx(0),
                level: 1,
                valid_from: None,
                valid_until: None,
                pace: Permille::ONE,
            }],
            stock: vec![(PartIx(1), 2)],
            shifts: (shift, ShiftIx(shift.0 + 1)),
            ..Technician::default()
        });
        draft.shifts.push(Shift {
            id: format!("{id}-mon"),
            technician: TechIx(index as u32),
            start: at(7, 30),
            regular_end: at(16, 30),
            latest_end: at(18, 0),
            start_place: home,
            end_place: Some(home),
            breaks: vec![Break {
                window: Window { open: at(11, 0), close: at(13, 0) },
                duration: Duration::minutes(45),
                paid: false,
            }],
            max_jobs: None,
            max_travel: None,
            max_distance: None,
            max_duration: None,
            capacity: Vec::new(),
        });
    }
    for (id, place) in [("depot", PlaceIx(1)), ("empty", PlaceIx(4))] {
        draft.sites.push(Site {
            id: id.into(),
            place,
            opening: window(at(6, 0), at(17, 0)),
            collection: Duration::minutes(30),
            unlimited: false,
            tools: vec![ToolIx(0)],
        });
    }
    draft.lots.push(Lot { site: SiteIx(0), part: PartIx(0), at: at(8, 0), quantity: 5 });
    draft.jobs = vec![lift_repair(), inspection(), install()];
    draft
}

fn lift_repair() -> Job {
    let promise = |due, limit| Some(Deadline { due, late_price: Rate(6000), limit });
    Job {
        id: "T-1".into(),
        place: PlaceIx(2),
        work: Duration::minutes(60),
        region: Some(RegionIx(0)),
        windows: window(at(0, 0), at(24, 0)),
        sla: Sla { respond: None, arrive: promise(at(12, 0), None), resolve: promise(at(10, 20), Some(at(14, 0))) },
        priority: Some(Priority::P1),
        unassigned_price: Cost(2_000_000),
        parts: vec![PartQuantity { part: PartIx(0), quantity: 2 }, PartQuantity { part: PartIx(1), quantity: 1 }],
        tools: vec![ToolIx(0)],
        customer: Some("Müller, \"Lift; & Co\" <AG>".into()),
        asset: Some("Lift 7".into()),
        ..Job::default()
    }
}

fn inspection() -> Job {
    Job {
        id: "T-2".into(),
        kind: JobKind::Inspection,
        place: PlaceIx(3),
        work: Duration::minutes(30),
        windows: window(at(11, 0), at(15, 0)),
        sla: Sla { respond: Some(Deadline { due: at(10, 0), late_price: Rate(1000), limit: None }), ..Sla::default() },
        unassigned_price: Cost(100_000),
        customer: Some("=1+1".into()),
        ..Job::default()
    }
}

fn install() -> Job {
    let lift = SkillLevel { skill: SkillIx(0), level: 2 };
    Job {
        id: "T-3".into(),
        kind: JobKind::Install,
        place: PlaceIx(4),
        work: Duration::minutes(90),
        skills: SkillNeed { all_of: vec![lift], any_of: Vec::new() },
        windows: window(at(0, 0), at(24, 0)),
        priority: Some(Priority::P3),
        unassigned_price: Cost(300_000),
        customer: Some("瓦杜兹医院".into()),
        ..Job::default()
    }
}

/// The plan for [`draft`].
pub(crate) fn plan() -> Plan {
    let stop = |activity, place, times: [Time; 4], travel, distance| {
        let [departure, arrival, start, end] = times;
        let (travel, distance) = (Duration::minutes(travel), Meters(distance));
        Stop { activity, place: PlaceIx(place), departure, arrival, start, end, travel, distance }
    };
    let take = Take { part: PartIx(0), quantity: 3, lot: Some(LotIx(0)) };
    let sources = vec![
        PartSource { part: PartIx(0), quantity: 2, collected_at_stop: Some(0) },
        PartSource { part: PartIx(1), quantity: 1, collected_at_stop: None },
    ];
    let collection = Activity::Collection { site: SiteIx(0), takes: vec![take], tools: vec![ToolIx(0)] };
    let visit = |job, parts| Activity::Visit { job: JobIx(job), member: 0, parts };
    let route = PlannedRoute {
        shift: ShiftIx(0),
        stops: vec![
            stop(collection, 1, [at(8, 0), at(8, 15), at(8, 15), at(8, 45)], 15, 9000),
            stop(visit(0, sources), 2, [at(8, 45), at(9, 15), at(9, 15), at(10, 15)], 30, 18_000),
            stop(visit(1, vec![]), 3, [at(10, 15), at(10, 30), at(11, 0), at(11, 30)], 15, 7500),
        ],
        breaks: vec![TakenBreak { rule: 0, start: at(11, 30), end: at(12, 15) }],
        return_departure: at(12, 15),
        end: at(12, 30),
        return_travel: Duration::minutes(15),
        return_distance: Meters(7500),
        bill: Bill { work: Cost(20_000), respond_late: Cost(250), ..Bill::default() },
    };
    let reason = Reason {
        rule: Some(Rule::Skills),
        technicians: 2,
        nearest: Some(TechIx(0)),
        miss: crate::lang::value("level 1 of lift, 2 needed"),
    };
    let relaxation = Relaxation {
        change: crate::lang::value("resolve limit + 35 min"),
        rule: Some(Rule::SlaLimit),
        shift: ShiftIx(1),
        added_cost: Cost(4_000),
    };
    Plan {
        bill: Bill { unassigned: Cost(300_000), ..route.bill },
        routes: vec![route],
        unassigned: vec![Unassigned {
            job: JobIx(2),
            price: Cost(300_000),
            reasons: vec![reason],
            relaxation: Some(relaxation),
        }],
        ..Plan::default()
    }
}

/// The sample problem with its plan.
pub(crate) fn day() -> (Problem, Plan) {
    (draft().check().unwrap(), plan())
}
