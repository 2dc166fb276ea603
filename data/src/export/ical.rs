//! A technician's day as an iCalendar object (RFC 5545): visits, collections and breaks.
//!
//! All times are written in UTC, which every reader shows in its owner's zone, so no zone rules
//! need to be carried along. Travel is not an event: each visit states its departure.

use super::{class_of, date_and_clock, name_of, source_of};
use crate::ids::{PlaceIx, TechIx};
use crate::lang::{Lang, Word};
use crate::plan::{Activity, Plan, PlannedRoute, Stop, Take};
use crate::problem::{JobKind, Problem, SlaEvent};
use crate::units::Time;
use crate::{say, word};
use jiff::Timestamp;

/// The calendar of one technician over all planned shifts; empty of events when there are none.
/// `stamp` is the moment the plan was made, which readers use to tell older from newer.
pub fn icalendar(problem: &Problem, plan: &Plan, technician: TechIx, stamp: Timestamp, lang: Lang) -> String {
    let who = problem.technician(technician);
    let mut lines = Lines::default();
    lines.plain("BEGIN:VCALENDAR");
    lines.plain("VERSION:2.0");
    lines.plain("PRODID:-//dispatch//plan//EN");
    lines.plain("CALSCALE:GREGORIAN");
    lines.plain("METHOD:PUBLISH");
    lines.text("X-WR-CALNAME", &format!("{}: {}", name_of(who), problem.name));
    for route in plan.routes.iter().filter(|route| problem.shift(route.shift).technician == technician) {
        let shift = &problem.shift(route.shift).id;
        for (at, stop) in route.stops.iter().enumerate() {
            let event = stop_event(problem, route, at, stop, lang);
            event.write(&mut lines, problem, stamp);
        }
        for (at, taken) in route.breaks.iter().enumerate() {
            let event = Event {
                id: format!("break-{}-{shift}", at + 1),
                start: taken.start,
                end: taken.end,
                summary: word!("Break").in_lang(lang).into(),
                description: String::new(),
                place: None,
            };
            event.write(&mut lines, problem, stamp);
        }
    }
    lines.plain("END:VCALENDAR");
    lines.done
}

fn stop_event(problem: &Problem, route: &PlannedRoute, at: usize, stop: &Stop, lang: Lang) -> Event {
    let mut notes = vec![say!("Leave at {}", date_and_clock(problem, stop.departure))];
    let (id, summary) = match &stop.activity {
        Activity::Visit { job, member, parts } => {
            let job = problem.job(*job);
            notes.extend(job.asset.as_ref().map(|asset| say!("Machine: {}", asset)));
            notes.extend(job.priority.map(|class| say!("Priority: {}", class_of(Some(class)))));
            notes.extend(super::promises(job, stop).iter().map(|promise| {
                let due = date_and_clock(problem, promise.due);
                match promise.event {
                    SlaEvent::Respond => say!("Promised to respond by {}", due),
                    SlaEvent::Arrive => say!("Promised to arrive by {}", due),
                    SlaEvent::Resolve => say!("Promised to resolve by {}", due),
                }
            }));
            notes.extend(parts.iter().map(|source| {
                let part = &problem.parts[source.part.index()];
                say!("Part: {} {} ({})", source.quantity, part, source_of(problem, route, source, lang))
            }));
            notes.extend(job.tools.iter().map(|tool| say!("Tool: {}", problem.tools[tool.index()])));
            let customer = job.customer.as_ref().map_or_else(String::new, |customer| format!(", {customer}"));
            let kind = kind_name(job.kind).in_lang(lang);
            (format!("visit-{}-{member}", job.id), format!("{}: {kind}{customer}", job.id))
        }
        Activity::Collection { site, takes, tools } => {
            let part = |take: &Take| say!("Take: {} {}", take.quantity, problem.parts[take.part.index()]);
            notes.extend(takes.iter().map(part));
            notes.extend(tools.iter().map(|tool| say!("Take: {}", problem.tools[tool.index()])));
            let summary = say!("Collect at {}", problem.site(*site).id).in_lang(lang).to_owned();
            let shift = &problem.shift(route.shift).id;
            (format!("collection-{}-{shift}", at + 1), summary)
        }
    };
    let notes: Vec<&str> = notes.iter().map(|note| note.in_lang(lang)).collect();
    Event { id, start: stop.start, end: stop.end, summary, description: notes.join("\n"), place: Some(stop.place) }
}

/// What people call a kind of job.
fn kind_name(kind: JobKind) -> Word {
    match kind {
        JobKind::Install => word!("install"),
        JobKind::Inspection => word!("inspection"),
        JobKind::Repair => word!("repair"),
        JobKind::ReturnVisit => word!("return visit"),
    }
}

struct Event {
    id: String,
    start: Time,
    end: Time,
    summary: String,
    description: String,
    place: Option<PlaceIx>,
}

impl Event {
    fn write(&self, lines: &mut Lines, problem: &Problem, stamp: Timestamp) {
        let Self { id, start, end, summary, description, place } = self;
        lines.plain("BEGIN:VEVENT");
        let letters = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let plan: String = problem.name.chars().map(letters).collect();
        let plan = if plan.is_empty() { "dispatch" } else { &plan };
        lines.text("UID", &format!("{id}@{plan}"));
        lines.plain(&format!("DTSTAMP:{}", utc(stamp)));
        lines.plain(&format!("DTSTART:{}", utc(problem.horizon.timestamp(*start))));
        lines.plain(&format!("DTEND:{}", utc(problem.horizon.timestamp(*end))));
        lines.text("SUMMARY", summary);
        if !description.is_empty() {
            lines.text("DESCRIPTION", description);
        }
        if let Some(place) = place.and_then(|place| problem.places.get(place.index())) {
            if let Some(id) = &place.id {
                lines.text("LOCATION", id);
            }
            if let Some(position) = place.position {
                lines.plain(&format!("GEO:{:.6};{:.6}", position.lat, position.lon));
            }
        }
        lines.plain("END:VEVENT");
    }
}

/// `20260615T060000Z`.
fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Content lines in the making: escaped, folded at 75 octets, ended with CR LF.
#[derive(Default)]
struct Lines {
    done: String,
}

impl Lines {
    /// A line whose value needs no escaping.
    fn plain(&mut self, line: &str) {
        let mut octets = 0;
        for letter in line.chars() {
            if octets + letter.len_utf8() > 75 {
                self.done.push_str("\r\n ");
                octets = 1;
            }
            self.done.push(letter);
            octets += letter.len_utf8();
        }
        self.done.push_str("\r\n");
    }
    /// A property of type TEXT.
    fn text(&mut self, name: &str, value: &str) {
        self.plain(&format!("{name}:{}", escaped(value)));
    }
}

/// Backslash, semicolon, comma and line breaks behind a backslash; other control characters, which
/// the format does not allow, are dropped.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => safe.extend(['\\', letter]),
            '\n' => safe.push_str("\\n"),
            '\t' => safe.push('\t'),
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    #[test]
    fn a_day_reads_as_events_in_utc() {
        let (problem, plan) = sample::day();
        let stamp = "2026-06-14T18:00:00Z".parse().unwrap();
        let expected = concat!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//dispatch//plan//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n",
            "X-WR-CALNAME:Ann Beck: sample\r\n",
            "BEGIN:VEVENT\r\nUID:collection-1-ann-mon@sample\r\nDTSTAMP:20260614T180000Z\r\n",
            "DTSTART:20260615T061500Z\r\nDTEND:20260615T064500Z\r\nSUMMARY:Collect at depot\r\n",
            "DESCRIPTION:Leave at 2026-06-15 08:00\\nTake: 3 P-11\\nTake: winch\r\n",
            "LOCATION:depot\r\nGEO:47.165000;9.510000\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nUID:visit-T-1-0@sample\r\nDTSTAMP:20260614T180000Z\r\n",
            "DTSTART:20260615T071500Z\r\nDTEND:20260615T081500Z\r\n",
            "SUMMARY:T-1: repair\\, Müller\\, \"Lift\\; & Co\" <AG>\r\n",
            "DESCRIPTION:Leave at 2026-06-15 08:45\\nMachine: Lift 7\\nPriority: P1\\nPromi\r\n",
            " sed to arrive by 2026-06-15 12:00\\nPromised to resolve by 2026-06-15 10:20\r\n",
            " \\nPart: 2 P-11 (depot)\\nPart: 1 P-12 (van)\\nTool: winch\r\n",
            "GEO:47.070000;9.500000\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nUID:visit-T-2-0@sample\r\nDTSTAMP:20260614T180000Z\r\n",
            "DTSTART:20260615T090000Z\r\nDTEND:20260615T093000Z\r\nSUMMARY:T-2: inspection\\, =1+1\r\n",
            "DESCRIPTION:Leave at 2026-06-15 10:15\\nPromised to respond by 2026-06-15 10\r\n :00\r\n",
            "GEO:47.110000;9.530000\r\nEND:VEVENT\r\n",
            "BEGIN:VEVENT\r\nUID:break-1-ann-mon@sample\r\nDTSTAMP:20260614T180000Z\r\n",
            "DTSTART:20260615T093000Z\r\nDTEND:20260615T101500Z\r\nSUMMARY:Break\r\nEND:VEVENT\r\n",
            "END:VCALENDAR\r\n",
        );
        assert_eq!(icalendar(&problem, &plan, TechIx(0), stamp, Lang::En), expected);
    }

    #[test]
    fn a_technician_without_route_has_an_empty_calendar() {
        let (problem, plan) = sample::day();
        let text = icalendar(&problem, &plan, TechIx(1), Timestamp::UNIX_EPOCH, Lang::En);
        assert!(!text.contains("VEVENT"));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn a_fold_never_cuts_a_character_nor_makes_a_line_longer_than_75_octets() {
        let mut lines = Lines::default();
        lines.text("SUMMARY", &"瓦杜兹医院电梯".repeat(20));
        assert!(lines.done.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(lines.done.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "瓦杜兹医院电梯".repeat(20)));
    }

    #[test]
    fn text_is_escaped_and_control_characters_are_dropped() {
        assert_eq!(escaped("a\\b;c,d\r\ne\u{7}f\nBEGIN:VEVENT"), "a\\\\b\\;c\\,d\\nef\\nBEGIN:VEVENT");
    }
}
