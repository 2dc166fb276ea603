//! Technicians and their shifts.

use super::places::NOWHERE;
use super::{Reader, count, id, length, number, text};
use crate::format::node::Node;
use crate::ids::{PlaceIx, ProfileIx, RegionIx, ShiftIx, SkillIx, TechIx};
use crate::problem::{Break, CurrentPosition, FirstTimeFix, JobKind, OwnedSkill, Prices, Shift, Technician};
use crate::say;
use crate::units::{Cost, DistanceRate, Duration, Meters, Permille, Rate};

/// Kinds of job by their names on the wire.
pub(super) const KINDS: [(&str, JobKind); 4] = [
    ("install", JobKind::Install),
    ("inspection", JobKind::Inspection),
    ("repair", JobKind::Repair),
    ("return_visit", JobKind::ReturnVisit),
];

impl Reader {
    pub(super) fn read_technicians(&mut self, root: &Node<'_, '_>) {
        let Some(list) = root.get("technicians") else { return };
        if list.is_bad() {
            self.technicians.set_doubtful();
            self.shifts.set_doubtful();
        }
        for node in list.items() {
            let technician = self.technician(&node);
            self.technicians.push(Some(&technician.id));
            self.draft.technicians.push(technician);
        }
    }

    fn technician(&mut self, node: &Node<'_, '_>) -> Technician {
        let ix = TechIx::from(self.draft.technicians.len());
        let id = id(node);
        let home = node.get("home").map(|home| self.place(&home));
        let first = ShiftIx::from(self.draft.shifts.len());
        match node.get("shifts") {
            Some(shifts) if !shifts.is_bad() => {
                for (at, shift) in shifts.items().enumerate() {
                    // Without the technician's id there is no id of the shift either.
                    let default = if id.is_empty() { String::new() } else { format!("{id}/{}", at + 1) };
                    let shift = self.shift(&shift, ix, default, home);
                    self.shifts.push(Some(&shift.id));
                    self.draft.shifts.push(shift);
                }
            }
            _ => self.shifts.set_doubtful(),
        }
        let profile = node.get("profile").map_or(Some(0), |profile| self.profiles.refer(&profile, &mut self.found));
        let position = node.get("position").map(|live| CurrentPosition {
            place: self.place_at(&live, "place"),
            at: self.time_at(&live, "at").unwrap_or_default(),
        });
        Technician {
            name: text(node, "name").unwrap_or_else(|| id.clone()),
            skills: self.owned_skills(node),
            regions: self.regions(node, "regions"),
            preferred_regions: self.regions(node, "preferred_regions"),
            stock: self.units(node, "stock"),
            tools: self.tools(node),
            prices: node.get("prices").map(|prices| read_prices(&prices)).unwrap_or_default(),
            profile: ProfileIx(profile.unwrap_or_default()),
            speed: permille(node, "speed").unwrap_or_default(),
            rating: permille(node, "rating"),
            first_time_fix: node.get("first_time_fix").map(|shares| first_time_fix(&shares)).unwrap_or_default(),
            position,
            rest: length(node, "rest"),
            shifts: (first, ShiftIx::from(self.draft.shifts.len())),
            id,
        }
    }

    fn owned_skills(&mut self, node: &Node<'_, '_>) -> Vec<OwnedSkill> {
        let Some(map) = node.get("skills") else { return Vec::new() };
        let mut skills = Vec::new();
        for (name, value) in map.entries() {
            let skill = self.skills.refer_by(name, &value.path, &mut self.found);
            let level = value.int().unwrap_or_else(|| number(&value, "level", 1));
            let (valid_from, valid_until) = (self.time_at(&value, "valid_from"), self.time_at(&value, "valid_until"));
            if let Some(skill) = skill {
                skills.push(OwnedSkill {
                    skill: SkillIx(skill),
                    level: u8::try_from(level).unwrap_or(u8::MAX),
                    valid_from,
                    valid_until,
                    pace: permille(&value, "pace").unwrap_or_default(),
                });
            }
        }
        skills
    }

    fn regions(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<RegionIx> {
        let Some(list) = node.get(key) else { return Vec::new() };
        list.items().filter_map(|name| self.regions.refer(&name, &mut self.found)).map(RegionIx).collect()
    }

    fn shift(&mut self, node: &Node<'_, '_>, technician: TechIx, id: String, home: Option<PlaceIx>) -> Shift {
        let start = self.time_at(node, "start").unwrap_or_default();
        let regular_end = self.time_at(node, "end").unwrap_or(start);
        let start_place = match (node.get("start_place"), home) {
            (Some(place), _) => self.place(&place),
            (None, Some(home)) => home,
            (None, None) => {
                if !node.is_bad() {
                    let expected = say!("where the day starts, as the technician has no \"home\"");
                    self.found.missing(node.pointer(), "start_place", expected);
                }
                NOWHERE
            }
        };
        let id = text(node, "id").unwrap_or_else(|| if node.get("id").is_some() { String::new() } else { id });
        if id.is_empty() {
            self.found.doubt(format!("{}/id", node.pointer()));
        }
        if start_place == NOWHERE {
            // Said where the place was given, which may be the technician's home.
            self.found.doubt(format!("{}/start_place", node.pointer()));
        }
        let end_place = match node.get("end_place") {
            Some(open) if open.text() == Some("open") => None,
            Some(place) => Some(self.place(&place)),
            None => Some(start_place),
        };
        let mut breaks = Vec::new();
        if let Some(list) = node.get("breaks") {
            for rule in list.items() {
                let window = rule.get("window").map(|window| self.window(&window));
                breaks.push(Break {
                    window: window.unwrap_or(crate::problem::Window { open: start, close: start }),
                    duration: length(&rule, "duration"),
                    paid: rule.get("paid").and_then(|paid| paid.flag()).unwrap_or_default(),
                });
            }
        }
        let limit = |key: &str| node.get(key).and_then(|most| most.span()).map(Duration);
        Shift {
            id,
            technician,
            start,
            regular_end,
            latest_end: self.time_at(node, "latest_end").unwrap_or(regular_end),
            start_place,
            end_place,
            breaks,
            max_jobs: node.get("max_jobs").and_then(|most| count(&most)),
            max_travel: limit("max_travel"),
            max_distance: node.get("max_distance").and_then(|most| most.int()).map(Meters),
            max_duration: limit("max_duration"),
            capacity: loads(node, "capacity"),
        }
    }
}

/// Amounts per capacity dimension.
pub(super) fn loads(node: &Node<'_, '_>, key: &str) -> Vec<i64> {
    node.get(key).map(|list| list.items().map(|load| load.int().unwrap_or_default()).collect()).unwrap_or_default()
}

fn permille(node: &Node<'_, '_>, key: &str) -> Option<Permille> {
    node.get(key).and_then(|share| count(&share)).map(Permille)
}

fn read_prices(node: &Node<'_, '_>) -> Prices {
    Prices {
        work: Rate(number(node, "work", 0)),
        travel: Rate(number(node, "travel", 0)),
        distance: DistanceRate(number(node, "distance", 0)),
        shift: Cost(number(node, "shift", 0)),
        overtime: Rate(number(node, "overtime", 0)),
    }
}

fn first_time_fix(node: &Node<'_, '_>) -> Vec<FirstTimeFix> {
    let share = |(key, kind)| permille(node, key).map(|share| FirstTimeFix { kind, share });
    KINDS.into_iter().filter_map(share).collect()
}
