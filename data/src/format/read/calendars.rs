//! Business calendars, and promises counted on them.

use super::Reader;
use crate::calendar::{Calendar, CalendarDay, CalendarError, Hours, Pause, SpecialDay};
use crate::finding::{Code, Finding};
use crate::format::keys::WEEKDAYS;
use crate::format::moment;
use crate::format::node::Node;
use crate::lang::value;
use crate::problem::{Deadline, NamedCalendar, Sla};
use crate::say;
use crate::units::{Duration, Rate, Time};
use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use std::sync::Arc;

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

impl Reader {
    pub(super) fn read_calendars(&mut self, root: &Node<'_, '_>) {
        let Some(list) = root.get("calendars") else { return };
        for (at, node) in list.items().enumerate() {
            let again = node.get("id").and_then(|id| id.text().and_then(|id| self.calendars.position(id)));
            if let Some(first) = again.filter(|first| *first as usize != at) {
                let expected = say!("an id that /calendars/{} does not have", first);
                let got = value(super::id(&node));
                self.found.wrong(Finding::new(format!("{}/id", node.pointer()), Code::DuplicateId, expected, got));
            }
            let calendar = self.calendar(&node).map(Arc::new);
            let named =
                calendar.iter().map(|calendar| NamedCalendar { id: super::id(&node), calendar: Arc::clone(calendar) });
            self.draft.calendars.extend(named);
            self.clocks.push(calendar);
        }
    }

    fn calendar(&mut self, node: &Node<'_, '_>) -> Option<Calendar> {
        let zone = node.get("zone").and_then(|zone| zone.text()).and_then(|zone| TimeZone::get(zone).ok());
        let week = node.get("hours")?;
        let weekly =
            std::array::from_fn(|day| week.get(WEEKDAYS[day]).map(|hours| self.hours(&hours)).unwrap_or_default());
        let mut special = Vec::new();
        if let Some(holidays) = node.get("holidays") {
            special.extend(
                holidays.items().filter_map(|date| moment::date(date.text()?)).map(|d| (d, SpecialDay::Holiday)),
            );
        }
        if let Some(days) = node.get("working_days") {
            for day in days.items() {
                let kind = match (day.get("like"), day.get("hours")) {
                    (Some(like), None) => like
                        .text()
                        .and_then(|like| WEEKDAYS.iter().position(|name| *name == like))
                        .map(|at| SpecialDay::Like(WEEK[at])),
                    (None, Some(hours)) => Some(SpecialDay::Hours(self.hours(&hours))),
                    (both, _) if !day.is_bad() => {
                        let expected = say!("exactly one of \"like\" and \"hours\"");
                        let got = if both.is_some() { say!("both") } else { say!("neither") };
                        let finding = Finding::new(day.pointer(), Code::Contradiction, expected, got);
                        self.found.unless_doubtful(finding, &[]);
                        None
                    }
                    _ => None,
                };
                let date = day.get("date").and_then(|date| date.text()).and_then(moment::date);
                special.extend(date.zip(kind));
            }
        }
        let zone = zone.unwrap_or_else(|| self.draft.horizon.zone.clone());
        match Calendar::new(zone, weekly, special) {
            Ok(calendar) => Some(calendar),
            Err(error) => {
                let code = match error {
                    CalendarError::HoursOverlap { .. } => Code::WindowsOverlap,
                    CalendarError::DayTwice { .. } => Code::Contradiction,
                    _ => Code::OutOfRange,
                };
                let place = match &error {
                    CalendarError::BadHours { day: CalendarDay::Weekday(day), .. }
                    | CalendarError::HoursOverlap { day: CalendarDay::Weekday(day), .. } => {
                        let at = WEEK.iter().position(|weekday| weekday == day).unwrap_or_default();
                        format!("{}/{}", week.pointer(), WEEKDAYS[at])
                    }
                    _ => node.pointer(),
                };
                let expected = say!("hours in order, each date once");
                self.found.unless_doubtful(Finding::new(place, code, expected, error.text()), &[]);
                None
            }
        }
    }

    fn hours(&mut self, list: &Node<'_, '_>) -> Vec<Hours> {
        const DAY: u32 = 86_400;
        let mut hours = Vec::new();
        for node in list.items() {
            let side = |key: &str| node.get(key).and_then(|at| at.span()).and_then(|at| u32::try_from(at).ok());
            if let (Some(from), Some(until)) = (side("from"), side("until")) {
                hours.push(Hours { from, until: if until <= from { until + DAY } else { until } });
            }
        }
        hours
    }

    /// The promises of a job.
    pub(super) fn sla(&mut self, job: &Node<'_, '_>) -> Sla {
        let Some(node) = job.get("sla") else { return Sla::default() };
        let calendar = node.get("calendar");
        let position = calendar.as_ref().and_then(|calendar| self.calendars.refer(calendar, &mut self.found));
        let clock = match (&calendar, position) {
            (None, _) => Some(Arc::new(Calendar::always(TimeZone::UTC))),
            (Some(_), Some(position)) => self.clocks.get(position as usize).cloned().flatten(),
            (Some(_), None) => None,
        };
        let opened_at = self.time_at(&node, "opened_at");
        let pauses = self.pauses(&node);
        let promise = Promise { node: &node, opened_at, clock, pauses };
        let [respond, arrive, resolve] =
            ["respond", "arrive", "resolve"].map(|key| node.get(key).and_then(|d| self.deadline(&d, &promise)));
        Sla { respond, arrive, resolve }
    }

    fn pauses(&mut self, sla: &Node<'_, '_>) -> Vec<Pause> {
        let Some(list) = sla.get("pauses") else { return Vec::new() };
        let mut pauses = Vec::new();
        for node in list.items() {
            let (from, until) = (self.time_at(&node, "from"), self.time_at(&node, "until"));
            let Some(from) = from else { continue };
            if let Some(until) = until.filter(|until| *until < from) {
                let (expected, got) = (self.shown(from), self.shown(until));
                let pointer = format!("{}/until", node.pointer());
                let expected = say!("at or after {}", expected);
                self.found.wrong(Finding::new(pointer, Code::ClosedBeforeOpen, expected, value(got)));
                continue;
            }
            let instant = |time: Time| self.draft.horizon.timestamp(time);
            pauses.push((instant(from), until.map(instant)));
        }
        pauses
    }

    fn shown(&self, time: Time) -> String {
        moment::instant_text(&self.draft.horizon, time)
    }

    /// One promise; `None` where it does not read, or where nothing is due while its clock stands.
    fn deadline(&mut self, node: &Node<'_, '_>, promise: &Promise<'_, '_>) -> Option<Deadline> {
        let (due, target) = (node.get("due"), node.get("target"));
        let (limit, limit_target) = (node.get("limit"), node.get("limit_target"));
        if due.is_some() == target.is_some() && !node.is_bad() {
            let got = if due.is_some() { say!("both") } else { say!("neither") };
            let expected = say!("exactly one of \"due\" and \"target\"");
            let pointer = node.pointer();
            let places = [format!("{pointer}/due"), format!("{pointer}/target")];
            let finding = Finding::new(pointer, Code::Contradiction, expected, got);
            self.found.unless_doubtful(finding, &[&places[0], &places[1]]);
            return None;
        }
        if limit.is_some() && limit_target.is_some() {
            let expected = say!("at most one of \"limit\" and \"limit_target\"");
            self.found.unless_doubtful(Finding::new(node.pointer(), Code::Contradiction, expected, say!("both")), &[]);
        }
        let late_price = Rate(super::number(node, "late_price", 0));
        let limit = match (limit, limit_target) {
            (Some(limit), _) => self.time(&limit),
            (None, Some(target)) => self.counted(&target, promise),
            (None, None) => None,
        };
        let due = match (due, target) {
            (Some(due), _) => self.time(&due)?,
            (None, Some(target)) => self.counted(&target, promise)?,
            (None, None) => return None,
        };
        Some(Deadline { due, late_price, limit })
    }

    /// The moment a target is met on the promise's clock.
    fn counted(&mut self, target: &Node<'_, '_>, promise: &Promise<'_, '_>) -> Option<Time> {
        let length = Duration(target.span()?);
        let Promise { node, opened_at, clock, pauses } = promise;
        let Some(opened_at) = *opened_at else {
            self.found.missing(node.pointer(), "opened_at", say!("the instant from which targets count"));
            self.found.doubt(target.pointer());
            return None;
        };
        let opened: Timestamp = self.draft.horizon.timestamp(opened_at);
        match clock.as_ref()?.due(opened, length, pauses) {
            Ok(due) => Some(self.draft.horizon.time(due)),
            Err(CalendarError::StillPaused { .. }) => None,
            Err(error) => {
                let expected = say!("a target that the calendar reaches");
                let finding = Finding::new(target.pointer(), Code::OutOfRange, expected, error.text());
                self.found.unless_doubtful(finding, &["/horizon"]);
                None
            }
        }
    }
}

/// What the promises of one job share.
struct Promise<'n, 't> {
    node: &'n Node<'n, 't>,
    opened_at: Option<Time>,
    clock: Option<Arc<Calendar>>,
    pauses: Vec<Pause>,
}
