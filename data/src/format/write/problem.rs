//! Writing problems.

use super::{Writer, instant, length, plan_itself, window};
use crate::calendar::Hours;
use crate::format::keys::WEEKDAYS;
use crate::ids::{PartIx, PlaceIx, TechIx, ToolIx};
use crate::place::Place;
use crate::problem::{
    CrewMember, Deadline, Draft, Horizon, Job, JobKind, Lot, NamedCalendar, Objective, OvertimeUntil, OwnedSkill,
    PaidFrom, Pin, Priority, Problem, Region, Shift, Site, SkillLevel, SkillNeed, Sla, Technician, TravelProfile,
    TravelSource,
};
use crate::travel::{HourlyMatrices, Leg, TravelMatrix};
use crate::units::{Duration, Permille, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// A problem in the wire format. It reads back as the same draft; see [`crate::format`].
pub fn write_problem(problem: &Problem) -> Value {
    let keeps_indices = keeps_indices(problem);
    Writing { draft: problem, keeps_indices }.problem()
}

/// Whether every place has an index of its own, so that callers can go on with theirs.
fn keeps_indices(draft: &Draft) -> bool {
    let mut seen = std::collections::HashSet::new();
    draft.places.iter().all(|place| place.matrix_index.is_some_and(|index| seen.insert(index)))
}

struct Writing<'d> {
    draft: &'d Draft,
    keeps_indices: bool,
}

impl Writing<'_> {
    fn problem(&self) -> Value {
        let Draft {
            name,
            horizon,
            places,
            skills,
            parts,
            tools,
            regions,
            calendars,
            profiles,
            travel,
            technicians,
            shifts: _,
            sites,
            lots: _,
            jobs,
            precedences,
            recurring,
            objective,
            current,
            freeze,
        } = self.draft;
        let mut out = Writer::default();
        out.put("schema_version", 1);
        out.put_unless("name", name.clone(), &String::new());
        out.put(
            "horizon",
            json!({
                "start": instant(horizon, Time(0)),
                "end": instant(horizon, horizon.end()),
                "zone": zone_name(horizon),
            }),
        );
        out.put_list("places", places.iter().enumerate().map(|(at, place)| self.place(at, place)));
        out.put("skills", skills.clone());
        out.put("parts", parts.clone());
        out.put("tools", tools.clone());
        out.put_list("regions", regions.iter().map(region));
        out.put_list("calendars", calendars.iter().map(|named| calendar(horizon, named)));
        out.put("travel", travel_source(profiles, travel, &self.rows()));
        out.put("technicians", technicians.iter().map(|technician| self.technician(technician)).collect::<Vec<_>>());
        out.put_list("sites", sites.iter().enumerate().map(|(at, site)| self.site(at, site)));
        out.put("jobs", jobs.iter().map(|job| self.job(job)).collect::<Vec<_>>());
        out.put_list(
            "precedences",
            precedences.iter().map(|order| {
                let mut out = Writer::default();
                out.put("before", jobs[order.before.index()].id.clone());
                out.put("after", jobs[order.after.index()].id.clone());
                out.put_length("min_lag", order.min_lag);
                out.put_some("max_lag", order.max_lag.map(length));
                out.done()
            }),
        );
        out.put_list(
            "recurring",
            recurring.iter().map(|again| {
                let mut out = Writer::default();
                out.put("job", self.job(&again.template));
                out.put("interval", length(again.interval));
                out.put_length("tolerance", again.tolerance);
                out.put_some("last_done", again.last_done.map(|time| instant(horizon, time)));
                out.done()
            }),
        );
        out.put("objective", written_objective(objective));
        out.put_some("current_plan", current.as_ref().map(|plan| plan_itself(self.draft, plan)));
        out.put_some("freeze", freeze.map(|time| instant(horizon, time)));
        out.done()
    }

    /// Whether places are known by their rows in matrices, which are in the order of the places.
    fn has_matrices(&self) -> bool {
        matches!(self.draft.travel, TravelSource::Matrices(_))
    }

    /// By row of the written matrices, the place that has it; rows of no place are as good as none.
    fn rows(&self) -> Vec<Option<PlaceIx>> {
        let places = &self.draft.places;
        if !self.keeps_indices {
            return (0..places.len()).map(|at| Some(PlaceIx::from(at))).collect();
        }
        let size = places.iter().filter_map(|place| place.matrix_index).max().map_or(0, |most| most as usize + 1);
        let mut rows = vec![None; size];
        for (at, place) in places.iter().enumerate() {
            if let Some(row) = place.matrix_index.and_then(|index| rows.get_mut(index as usize)) {
                *row = Some(PlaceIx::from(at));
            }
        }
        rows
    }

    fn place(&self, at: usize, place: &Place) -> Value {
        let mut out = Writer::default();
        out.put_some("id", place.id.clone());
        self.position(&mut out, at, place);
        out.done()
    }

    fn position(&self, out: &mut Writer, at: usize, place: &Place) {
        out.put_some("lat", place.position.map(|position| position.lat));
        out.put_some("lon", place.position.map(|position| position.lon));
        if self.has_matrices() && !self.keeps_indices {
            out.put("index", at);
        } else {
            out.put_some("index", place.matrix_index);
        }
    }

    /// A place where it is used.
    fn place_ref(&self, ix: PlaceIx) -> Value {
        let place = &self.draft.places[ix.index()];
        match &place.id {
            Some(id) => id.clone().into(),
            None => self.place(ix.index(), place),
        }
    }

    fn tools(&self, tools: &[ToolIx]) -> Vec<Value> {
        tools.iter().map(|tool| self.draft.tools[tool.index()].clone().into()).collect()
    }

    fn units(&self, units: impl Iterator<Item = (PartIx, u32)>) -> Option<Value> {
        let map: Map<_, _> =
            units.map(|(part, quantity)| (self.draft.parts[part.index()].clone(), quantity.into())).collect();
        (!map.is_empty()).then_some(Value::Object(map))
    }

    fn technician(&self, technician: &Technician) -> Value {
        let draft = self.draft;
        let horizon = &draft.horizon;
        let Technician {
            id,
            name,
            skills,
            regions,
            preferred_regions,
            stock,
            tools,
            prices,
            profile,
            speed,
            rating,
            first_time_fix,
            position,
            rest,
            shifts,
        } = technician;
        let mut out = Writer::default();
        out.put("id", id.clone());
        out.put_unless("name", name.clone(), id);
        let owned: Map<_, _> =
            skills.iter().map(|own| (draft.skills[own.skill.index()].clone(), owned_skill(horizon, own))).collect();
        out.put_some("skills", (!owned.is_empty()).then_some(owned));
        let named = |list: &[crate::ids::RegionIx]| -> Vec<Value> {
            list.iter().map(|region| draft.regions[region.index()].id.clone().into()).collect()
        };
        out.put_list("regions", named(regions));
        out.put_list("preferred_regions", named(preferred_regions));
        out.put_some("stock", self.units(stock.iter().copied()));
        out.put_list("tools", self.tools(tools));
        let mut rates = Writer::default();
        rates.put_unless("work", prices.work.0, &0);
        rates.put_unless("travel", prices.travel.0, &0);
        rates.put_unless("distance", prices.distance.0, &0);
        rates.put_unless("shift", prices.shift.0, &0);
        rates.put_unless("overtime", prices.overtime.0, &0);
        out.put_some("prices", (!rates.0.is_empty()).then(|| rates.done()));
        out.put_some("profile", (profile.0 > 0).then(|| draft.profiles[profile.index()].id.clone()));
        out.put_unless("speed", speed.0, &1000);
        out.put_some("rating", rating.map(|rating| rating.0));
        let shares: Map<_, _> =
            first_time_fix.iter().map(|rate| (kind_name(rate.kind).to_owned(), rate.share.0.into())).collect();
        out.put_some("first_time_fix", (!shares.is_empty()).then_some(shares));
        out.put_some(
            "position",
            position.map(|live| json!({"place": self.place_ref(live.place), "at": instant(horizon, live.at)})),
        );
        out.put_length("rest", *rest);
        let own = &draft.shifts[shifts.0.index()..shifts.1.index()];
        out.put("shifts", own.iter().map(|shift| self.shift(shift)).collect::<Vec<_>>());
        out.done()
    }

    fn shift(&self, shift: &Shift) -> Value {
        let horizon = &self.draft.horizon;
        let Shift {
            id,
            technician: _,
            start,
            regular_end,
            latest_end,
            start_place,
            end_place,
            breaks,
            max_jobs,
            max_travel,
            max_distance,
            max_duration,
            capacity,
        } = shift;
        let mut out = Writer::default();
        out.put("id", id.clone());
        out.put("start", instant(horizon, *start));
        out.put("end", instant(horizon, *regular_end));
        out.put_some("latest_end", (latest_end != regular_end).then(|| instant(horizon, *latest_end)));
        out.put("start_place", self.place_ref(*start_place));
        match end_place {
            Some(place) if place == start_place => {}
            Some(place) => out.put("end_place", self.place_ref(*place)),
            None => out.put("end_place", "open"),
        }
        out.put_list(
            "breaks",
            breaks.iter().map(|rule| {
                let mut out = Writer::default();
                out.put("window", window(horizon, rule.window));
                out.put("duration", length(rule.duration));
                out.put_unless("paid", rule.paid, &false);
                out.done()
            }),
        );
        out.put_some("max_jobs", *max_jobs);
        out.put_some("max_travel", max_travel.map(length));
        out.put_some("max_distance", max_distance.map(|meters| meters.0));
        out.put_some("max_duration", max_duration.map(length));
        out.put_list("capacity", capacity.iter().map(|most| (*most).into()));
        out.done()
    }

    fn site(&self, at: usize, site: &Site) -> Value {
        let draft = self.draft;
        let horizon = &draft.horizon;
        let Site { id, place, opening, collection, unlimited, tools } = site;
        let mut out = Writer::default();
        out.put("id", id.clone());
        out.put("place", self.place_ref(*place));
        out.put_list("opening", opening.iter().map(|open| window(horizon, *open)));
        out.put_length("collection", *collection);
        out.put_unless("unlimited", *unlimited, &false);
        out.put_list("tools", self.tools(tools));
        let lots: Vec<&Lot> = draft.lots.iter().filter(|lot| lot.site.index() == at).collect();
        let (stock, inbound): (Vec<&Lot>, Vec<&Lot>) = lots.into_iter().partition(|lot| lot.at == Time(0));
        out.put_some("stock", self.units(stock.iter().map(|lot| (lot.part, lot.quantity))));
        out.put_list(
            "inbound",
            inbound.iter().map(|lot| {
                let part = &draft.parts[lot.part.index()];
                json!({"part": part, "quantity": lot.quantity, "at": instant(horizon, lot.at)})
            }),
        );
        out.done()
    }

    fn job(&self, job: &Job) -> Value {
        let draft = self.draft;
        let horizon = &draft.horizon;
        let Job {
            id,
            kind,
            place,
            work,
            setup,
            skills,
            region,
            windows,
            end_windows,
            sla,
            priority,
            unassigned_price,
            parts,
            tools,
            required_technicians,
            preferred_technicians,
            excluded_technicians,
            crew,
            pin,
            load,
            customer,
            asset,
        } = job;
        let technicians = |list: &[TechIx]| -> Vec<Value> {
            list.iter().map(|ix| draft.technicians[ix.index()].id.clone().into()).collect()
        };
        let mut out = Writer::default();
        out.put("id", id.clone());
        out.put_unless("kind", kind_name(*kind), &kind_name(JobKind::default()));
        out.put("place", self.place_ref(*place));
        out.put("work", length(*work));
        out.put_length("setup", *setup);
        out.put_some("skills", self.skill_need(skills));
        out.put_some("region", region.map(|region| draft.regions[region.index()].id.clone()));
        out.put("windows", windows.iter().map(|one| window(horizon, *one)).collect::<Vec<_>>());
        out.put_list("end_windows", end_windows.iter().map(|one| window(horizon, *one)));
        out.put_some("sla", promises(horizon, sla));
        out.put_some("priority", priority.map(class_name));
        out.put("unassigned_price", unassigned_price.0);
        out.put_some("parts", self.units(parts.iter().map(|need| (need.part, need.quantity))));
        out.put_list("tools", self.tools(tools));
        out.put_some("required_technicians", required_technicians.as_deref().map(technicians));
        out.put_list("preferred_technicians", technicians(preferred_technicians));
        out.put_list("excluded_technicians", technicians(excluded_technicians));
        out.put_list("crew", crew.iter().map(|member| self.member(member)));
        out.put_some("pin", pin.as_ref().map(|pin| self.pin(pin)));
        out.put_list("load", load.iter().map(|load| (*load).into()));
        out.put_some("customer", customer.clone());
        out.put_some("asset", asset.clone());
        out.done()
    }

    fn skill_need(&self, need: &SkillNeed) -> Option<Value> {
        let levels = |levels: &[SkillLevel]| -> Map<String, Value> {
            levels.iter().map(|need| (self.draft.skills[need.skill.index()].clone(), need.level.into())).collect()
        };
        let SkillNeed { all_of, any_of } = need;
        let mut out = Writer::default();
        out.put_some("all_of", (!all_of.is_empty()).then(|| levels(all_of)));
        out.put_some("any_of", (!any_of.is_empty()).then(|| levels(any_of)));
        (!out.0.is_empty()).then(|| out.done())
    }

    fn member(&self, member: &CrewMember) -> Value {
        let mut out = Writer::default();
        out.put_some("skills", self.skill_need(&member.skills));
        out.put("work", length(member.work));
        let (least, most) = member.start_lag;
        if (least, most) != (Duration::ZERO, Duration::ZERO) {
            out.put("start_lag", json!({"min": length(least), "max": length(most)}));
        }
        out.done()
    }

    fn pin(&self, pin: &Pin) -> Value {
        let draft = self.draft;
        let Pin { technician, shift, window: within, after } = pin;
        let mut out = Writer::default();
        out.put_some("technician", technician.map(|ix| draft.technicians[ix.index()].id.clone()));
        out.put_some("shift", shift.map(|ix| draft.shifts[ix.index()].id.clone()));
        match within {
            Some(one) if one.open == one.close => out.put("start", instant(&draft.horizon, one.open)),
            Some(one) => out.put("window", window(&draft.horizon, *one)),
            None => {}
        }
        out.put_some("after", after.map(|ix| draft.jobs[ix.index()].id.clone()));
        out.done()
    }
}

fn owned_skill(horizon: &Horizon, own: &OwnedSkill) -> Value {
    let OwnedSkill { skill: _, level, valid_from, valid_until, pace } = own;
    if valid_from.is_none() && valid_until.is_none() && *pace == Permille::ONE {
        return (*level).into();
    }
    let mut out = Writer::default();
    out.put("level", *level);
    out.put_some("valid_from", valid_from.map(|time| instant(horizon, time)));
    out.put_some("valid_until", valid_until.map(|time| instant(horizon, time)));
    out.put_unless("pace", pace.0, &1000);
    out.done()
}

fn promises(horizon: &Horizon, sla: &Sla) -> Option<Value> {
    let Sla { respond, arrive, resolve } = sla;
    let mut out = Writer::default();
    for (key, promise) in [("respond", respond), ("arrive", arrive), ("resolve", resolve)] {
        let Some(Deadline { due, late_price, limit }) = promise else { continue };
        let mut one = Writer::default();
        one.put("due", instant(horizon, *due));
        one.put_unless("late_price", late_price.0, &0);
        one.put_some("limit", limit.map(|limit| instant(horizon, limit)));
        out.put(key, one.done());
    }
    (!out.0.is_empty()).then(|| out.done())
}

fn region(region: &Region) -> Value {
    let Some(area) = &region.area else { return region.id.clone().into() };
    let ring = |ring: &geo::LineString| -> Value {
        ring.coords().map(|corner| json!([corner.x, corner.y])).collect::<Vec<_>>().into()
    };
    let polygons: Vec<Value> = area
        .iter()
        .map(|polygon| {
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect::<Vec<_>>().into()
        })
        .collect();
    json!({"id": region.id, "area": {"type": "MultiPolygon", "coordinates": polygons}})
}

fn travel_source(profiles: &[TravelProfile], travel: &TravelSource, rows: &[Option<PlaceIx>]) -> Value {
    let mut out = Writer::default();
    out.put(
        "profiles",
        profiles
            .iter()
            .map(|profile| match &profile.hourly {
                None => profile.id.clone().into(),
                Some(hours) => json!({"id": profile.id, "hourly": hours.share.map(|share| share.0)}),
            })
            .collect::<Vec<Value>>(),
    );
    match travel {
        TravelSource::Roads { map, traffic } => {
            let mut roads = Writer::default();
            roads.put("map", map.clone());
            if let Some(traffic) = traffic {
                roads.put("traffic", traffic.clone());
            }
            out.put("roads", roads.done());
        }
        TravelSource::GreatCircle { detour, meters_per_second } => {
            out.put("great_circle", json!({"detour": detour, "meters_per_second": meters_per_second}));
        }
        TravelSource::Matrices(matrices) => {
            let named = profiles.iter().zip(matrices);
            let written = |(profile, one): (&TravelProfile, _)| {
                let mut value = matrix(one, rows);
                if let (Some(hours), Value::Object(keys)) = (&profile.rush, &mut value) {
                    keys.insert("rush".into(), rush(hours, rows));
                }
                (profile.id.clone(), value)
            };
            let map: Map<_, _> = named.map(written).collect();
            out.put("matrices", map);
        }
    }
    out.done()
}

fn rush(hours: &HourlyMatrices, rows: &[Option<PlaceIx>]) -> Value {
    let HourlyMatrices { matrices, of_hour, horizon_starts_at: _ } = hours;
    let entry = |(kind, one): (usize, &TravelMatrix)| {
        let hours: Vec<usize> = (0..24).filter(|hour| of_hour[*hour] == Some(kind)).collect();
        let mut value = json!({"hours": hours});
        if let (Value::Object(keys), Value::Object(tables)) = (&mut value, matrix(one, rows)) {
            keys.extend(tables);
        }
        value
    };
    matrices.iter().enumerate().map(entry).collect::<Vec<Value>>().into()
}

fn matrix(matrix: &TravelMatrix, rows: &[Option<PlaceIx>]) -> Value {
    let numbers = |pick: fn(&Leg) -> u32| -> Value {
        let row = |from: &Option<PlaceIx>| -> Value {
            let leg = |to: &Option<PlaceIx>| {
                let leg = from.zip(*to).map_or(Leg::UNREACHABLE, |(from, to)| matrix.leg(from, to));
                leg.is_reachable().then(|| pick(&leg))
            };
            rows.iter().map(leg).collect::<Vec<_>>().into()
        };
        rows.iter().map(row).collect::<Vec<_>>().into()
    };
    json!({"seconds": numbers(|leg| leg.seconds), "meters": numbers(|leg| leg.meters)})
}

fn calendar(horizon: &Horizon, NamedCalendar { id, calendar }: &NamedCalendar) -> Value {
    const DAY: u32 = 86_400;
    let clock = |second: u32| format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    let hours = |list: &[Hours]| -> Value {
        let one = |Hours { from, until }: &Hours| {
            let until = if *until > DAY { until - DAY } else { *until };
            json!({"from": clock(*from), "until": clock(until)})
        };
        list.iter().map(one).collect::<Vec<_>>().into()
    };
    let week: Map<_, _> =
        WEEKDAYS.iter().zip(calendar.weekly()).map(|(day, list)| ((*day).to_owned(), hours(list))).collect();
    let (holidays, days): (Vec<_>, Vec<_>) = calendar.special().partition(|(_, list)| list.is_empty());
    let mut out = Writer::default();
    out.put("id", id.clone());
    out.put_unless("zone", zone_named(calendar.zone(), horizon), &zone_name(horizon));
    out.put("hours", week);
    out.put_list("holidays", holidays.iter().map(|(date, _)| date.to_string().into()));
    out.put_list(
        "working_days",
        days.iter().map(|(date, list)| json!({"date": date.to_string(), "hours": hours(list)})),
    );
    out.done()
}

fn written_objective(objective: &Objective) -> Value {
    let Objective {
        priority_prices,
        outside_preferred_region,
        not_preferred_technician,
        moved_technician,
        moved_start,
        paid_from,
        overtime_until,
    } = objective;
    let classes: Map<_, _> = Priority::ALL
        .into_iter()
        .zip(priority_prices)
        .map(|(class, price)| (class_name(class).to_owned(), price.0.into()))
        .collect();
    let mut out = Writer::default();
    out.put("priority_prices", classes);
    out.put_unless("outside_preferred_region", outside_preferred_region.0, &0);
    out.put_unless("not_preferred_technician", not_preferred_technician.0, &0);
    out.put_unless("moved_technician", moved_technician.0, &0);
    out.put_unless("moved_start", moved_start.0, &0);
    match paid_from {
        PaidFrom::LatestDeparture => {}
        PaidFrom::ShiftStart => out.put("paid_from", "shift_start"),
    }
    match overtime_until {
        OvertimeUntil::Return => {}
        OvertimeUntil::LastVisit => out.put("overtime_until", "last_visit"),
    }
    out.done()
}

pub(super) fn class_name(class: Priority) -> &'static str {
    match class {
        Priority::P1 => "P1",
        Priority::P2 => "P2",
        Priority::P3 => "P3",
        Priority::P4 => "P4",
    }
}

fn kind_name(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Install => "install",
        JobKind::Inspection => "inspection",
        JobKind::Repair => "repair",
        JobKind::ReturnVisit => "return_visit",
    }
}

/// A name under which the zone is found again. A zone of a fixed offset without a name keeps its
/// offset where that is whole hours; else it is shown in UTC.
fn zone_name(horizon: &Horizon) -> String {
    zone_named(&horizon.zone, horizon)
}

/// The same of another zone, looked at when the horizon begins.
fn zone_named(zone: &TimeZone, horizon: &Horizon) -> String {
    if let Some(name) = zone.iana_name() {
        return name.to_owned();
    }
    let seconds = zone.to_offset(horizon.start).seconds();
    match seconds / 3600 {
        hours @ (-12..=-1 | 1..=14) if seconds % 3600 == 0 => format!("Etc/GMT{:+}", -hours),
        _ => "UTC".into(),
    }
}
