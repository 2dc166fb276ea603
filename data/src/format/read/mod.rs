//! From a checked tree to the nouns: references, defaults and what two keys mean together.
//!
//! Every reader goes on past a mistake with a placeholder whose place is in doubt. What the nouns
//! mean together is checked afterwards by [`crate::validate`], at the same places.

mod calendars;
mod jobs;
mod live;
mod names;
mod places;
mod plan;
mod regions;
mod technicians;
mod travel;

pub(super) use live::Beside;
pub(super) use plan::plan;

use super::node::Node;
use super::tree::Tree;
use crate::calendar::Calendar;
use crate::datum::Datum;
use crate::finding::{Code, Finding};
use crate::ids::{PartIx, SiteIx, ToolIx};
use crate::lang::value;
use crate::limits;
use crate::pointer::Path;
use crate::problem::{Draft, Horizon, Lot, Objective, OvertimeUntil, PaidFrom, Precedence, Region, Site, Window};
use crate::units::{Cost, Duration, Rate, Time};
use crate::validate::found::Found;
use crate::{say, word};
use jiff::Timestamp;
use names::Names;
use places::Places;
use std::sync::Arc;

/// Everything a reader needs at hand while it fills the draft.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) draft: Draft,
    pub(super) found: Found,
    datum: Datum,
    places: Places,
    skills: Names,
    parts: Names,
    tools: Names,
    regions: Names,
    profiles: Names,
    technicians: Names,
    shifts: Names,
    sites: Names,
    jobs: Names,
    calendars: Names,
    /// By position in `calendars`; `None` where it did not read.
    clocks: Vec<Option<Arc<Calendar>>>,
    /// Of a document beside a problem: the problem's regions.
    areas: Option<Arc<Vec<Region>>>,
}

/// The draft of a checked tree, with all findings so far.
pub(super) fn draft(tree: &Tree, found: Found) -> (Draft, Found) {
    let root = Node { tree, path: Path::ROOT };
    let horizon = horizon(&root);
    let name = root.get("name").and_then(|name| name.text()).unwrap_or_default();
    let mut reader = Reader {
        draft: Draft::empty(name, horizon),
        found,
        datum: Datum::Wgs84,
        places: Places::default(),
        skills: Names::free(word!("skill"), root.get("skills")),
        parts: Names::free(word!("part"), root.get("parts")),
        tools: Names::free(word!("tool"), root.get("tools")),
        regions: Names::none(word!("region")),
        profiles: Names::none(word!("profile")),
        technicians: Names::none(word!("technician")),
        shifts: Names::none(word!("shift")),
        sites: Names::of_ids(word!("site"), root.get("sites")),
        jobs: Names::of_ids(word!("job"), root.get("jobs")),
        calendars: Names::of_ids(word!("calendar"), root.get("calendars")),
        clocks: Vec::new(),
        areas: None,
    };
    reader.problem(&root);
    let Reader { mut draft, found, skills, parts, tools, .. } = reader;
    (draft.skills, draft.parts, draft.tools) = (skills.list(), parts.list(), tools.list());
    (draft, found)
}

/// The horizon, or a placeholder whose place is in doubt.
fn horizon(root: &Node<'_, '_>) -> Horizon {
    let node = root.get("horizon");
    let moment = |key: &str| node.as_ref().and_then(|node| node.get(key).and_then(|at| at.moment()));
    let start = moment("start").unwrap_or_default();
    let end = moment("end").unwrap_or(start + limits::DAY);
    let zone = node.as_ref().and_then(|node| node.get("zone").and_then(|zone| zone.text().map(str::to_owned)));
    Horizon {
        start: Timestamp::from_second(start).unwrap_or(Timestamp::UNIX_EPOCH),
        length: Duration(end - start),
        zone: zone.and_then(|name| jiff::tz::TimeZone::get(&name).ok()).unwrap_or(jiff::tz::TimeZone::UTC),
    }
}

impl Reader {
    fn problem(&mut self, root: &Node<'_, '_>) {
        // Asked for so that no key of the table goes unread; its only value is already checked.
        let _version = root.get("schema_version");
        self.datum = datum(root).unwrap_or_default();
        self.read_places(root);
        self.read_regions(root);
        self.read_calendars(root);
        self.read_profiles(root);
        self.read_technicians(root);
        self.read_objective(root);
        if let Some(sites) = root.get("sites") {
            for site in sites.items() {
                self.read_site(&site);
            }
        }
        if let Some(jobs) = root.get("jobs") {
            for job in jobs.items() {
                let job = self.read_job(&job);
                self.draft.jobs.push(job);
            }
        }
        self.read_order(root);
        self.read_travel(root);
        self.draft.freeze = root.get("freeze").and_then(|at| self.time(&at));
        if let Some(current) = root.get("current_plan") {
            let names = plan::PlanNames {
                parts: &mut self.parts,
                tools: &mut self.tools,
                technicians: &mut self.technicians,
                shifts: &mut self.shifts,
                sites: &mut self.sites,
                jobs: &mut self.jobs,
            };
            self.draft.current = Some(plan::read(&current, &self.draft, names, &mut self.found));
        }
    }

    /// A moment, where it reads and lies within reach.
    fn time(&mut self, node: &Node<'_, '_>) -> Option<Time> {
        time(node, &self.draft.horizon, &mut self.found)
    }
    /// The moment under a key.
    fn time_at(&mut self, node: &Node<'_, '_>, key: &str) -> Option<Time> {
        node.get(key).and_then(|at| self.time(&at))
    }
    /// A window, with placeholders for its borders.
    fn window(&mut self, node: &Node<'_, '_>) -> Window {
        let open = self.time_at(node, "open").unwrap_or_default();
        Window { open, close: self.time_at(node, "close").unwrap_or(open) }
    }
    /// The windows under a key.
    fn windows(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<Window> {
        let Some(list) = node.get(key) else { return Vec::new() };
        list.items().map(|window| self.window(&window)).collect()
    }
    /// The tools under a key.
    fn tools(&mut self, node: &Node<'_, '_>) -> Vec<ToolIx> {
        let Some(list) = node.get("tools") else { return Vec::new() };
        list.items().filter_map(|tool| self.tools.refer(&tool, &mut self.found)).map(ToolIx).collect()
    }
    /// Parts and their units under a key, zero units left out.
    fn units(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<(PartIx, u32)> {
        let Some(map) = node.get(key) else { return Vec::new() };
        let mut units = Vec::new();
        for (name, quantity) in map.entries() {
            let part = self.parts.refer_by(name, &quantity.path, &mut self.found);
            if let (Some(part), Some(quantity)) = (part, count(&quantity)) {
                units.push((PartIx(part), quantity));
            }
        }
        units
    }

    fn read_site(&mut self, node: &Node<'_, '_>) {
        let site = SiteIx::from(self.draft.sites.len());
        for (part, quantity) in self.units(node, "stock") {
            self.draft.lots.push(Lot { site, part, at: Time(0), quantity });
        }
        if let Some(inbound) = node.get("inbound") {
            for lot in inbound.items() {
                let part = lot.get("part").and_then(|part| self.parts.refer(&part, &mut self.found));
                let at = self.time_at(&lot, "at").unwrap_or_default();
                let quantity = lot.get("quantity").and_then(|quantity| count(&quantity)).unwrap_or_default();
                // A lot in doubt keeps its position, so that later ones keep their pointers.
                self.draft.lots.push(Lot { site, part: PartIx(part.unwrap_or(u32::MAX)), at, quantity });
            }
        }
        let unlimited = node.get("unlimited").and_then(|flag| flag.flag()).unwrap_or_default();
        if unlimited && self.draft.lots.last().is_some_and(|lot| lot.site == site) {
            let expected = say!("no \"stock\" and no \"inbound\" beside unlimited stock");
            let pointer = format!("{}/unlimited", node.pointer());
            self.found.unless_doubtful(Finding::new(pointer, Code::Contradiction, expected, value("true")), &[]);
        }
        let read = Site {
            id: id(node),
            place: self.place_at(node, "place"),
            opening: self.windows(node, "opening"),
            collection: length(node, "collection"),
            unlimited,
            tools: self.tools(node),
        };
        self.draft.sites.push(read);
    }

    /// Precedences and recurring jobs.
    fn read_order(&mut self, root: &Node<'_, '_>) {
        if let Some(list) = root.get("precedences") {
            for node in list.items() {
                let mut job = |key: &str| node.get(key).and_then(|job| self.jobs.refer(&job, &mut self.found));
                let (before, after) = (job("before"), job("after"));
                self.draft.precedences.push(Precedence {
                    before: crate::ids::JobIx(before.unwrap_or(u32::MAX)),
                    after: crate::ids::JobIx(after.unwrap_or(u32::MAX)),
                    min_lag: length(&node, "min_lag"),
                    max_lag: node.get("max_lag").and_then(|lag| lag.span()).map(Duration),
                });
            }
        }
        if let Some(list) = root.get("recurring") {
            for node in list.items() {
                let recurring = self.read_recurring(&node);
                self.draft.recurring.push(recurring);
            }
        }
    }

    fn read_objective(&mut self, root: &Node<'_, '_>) {
        let Some(node) = root.get("objective") else { return };
        let price = |key: &str| Cost(number(&node, key, 0));
        let mut objective = Objective {
            outside_preferred_region: price("outside_preferred_region"),
            not_preferred_technician: price("not_preferred_technician"),
            moved_technician: price("moved_technician"),
            moved_start: Rate(number(&node, "moved_start", 0)),
            paid_from: match node.get("paid_from").and_then(|from| from.text()) {
                Some("shift_start") => PaidFrom::ShiftStart,
                _ => PaidFrom::LatestDeparture,
            },
            overtime_until: match node.get("overtime_until").and_then(|until| until.text()) {
                Some("last_visit") => OvertimeUntil::LastVisit,
                _ => OvertimeUntil::Return,
            },
            priority_prices: Objective::default().priority_prices,
        };
        if let Some(prices) = node.get("priority_prices") {
            objective.priority_prices = ["P1", "P2", "P3", "P4"].map(|class| Cost(number(&prices, class, 0)));
        }
        self.draft.objective = objective;
    }
}

/// A moment, where it reads and lies within reach.
pub(super) fn time(node: &Node<'_, '_>, horizon: &Horizon, found: &mut Found) -> Option<Time> {
    let time = Time(node.moment()? - horizon.start.as_second());
    if time.0.abs() <= limits::FARTHEST {
        return Some(time);
    }
    let expected = say!("an instant within 100 years of the start of the horizon, {}", horizon.start);
    let got = Timestamp::from_second(node.moment()?).map(|instant| instant.to_string()).unwrap_or_default();
    let doubtful = found.is_doubtful("/horizon/start");
    let pointer = node.pointer();
    if doubtful {
        found.doubt(pointer);
    } else {
        found.wrong(Finding::new(pointer, Code::OutOfRange, expected, value(got)));
    }
    None
}

/// The datum of positions, where a node says it.
fn datum(node: &Node<'_, '_>) -> Option<Datum> {
    node.get("datum").and_then(|datum| datum.text()).and_then(Datum::from_key)
}
/// The id of a noun; a placeholder is empty.
fn id(node: &Node<'_, '_>) -> String {
    text(node, "id").unwrap_or_default()
}
/// The text under a key.
fn text(node: &Node<'_, '_>, key: &str) -> Option<String> {
    node.get(key).and_then(|text| text.text().map(str::to_owned))
}
/// The whole number under a key, or its default.
fn number(node: &Node<'_, '_>, key: &str, default: i64) -> i64 {
    node.get(key).and_then(|number| number.int()).unwrap_or(default)
}
/// The duration under a key, or none at all.
fn length(node: &Node<'_, '_>, key: &str) -> Duration {
    Duration(node.get(key).and_then(|length| length.span()).unwrap_or_default())
}
/// A count of 32 bits.
fn count(node: &Node<'_, '_>) -> Option<u32> {
    node.int().and_then(|number| u32::try_from(number).ok())
}
