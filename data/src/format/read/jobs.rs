//! Jobs.

use super::technicians::{KINDS, loads};
use super::{Reader, id, length, text};
use crate::finding::{Code, Finding};
use crate::format::node::Node;
use crate::ids::{JobIx, RegionIx, ShiftIx, SkillIx, TechIx};
use crate::problem::{CrewMember, Job, JobKind, PartQuantity, Pin, Priority, Recurring, SkillLevel, SkillNeed, Window};
use crate::say;
use crate::units::{Cost, Time};

impl Reader {
    pub(super) fn read_job(&mut self, node: &Node<'_, '_>) -> Job {
        let place = self.place_at(node, "place");
        let region = match node.get("region") {
            Some(region) => self.regions.refer(&region, &mut self.found).map(RegionIx),
            None => self.region_of(place),
        };
        let windows = match node.get("windows") {
            Some(_) => self.windows(node, "windows"),
            None => vec![Window { open: Time(0), close: self.draft.horizon.end().max(Time(0)) }],
        };
        let priority = node.get("priority").and_then(|class| match class.text()? {
            "P1" => Some(Priority::P1),
            "P2" => Some(Priority::P2),
            "P3" => Some(Priority::P3),
            _ => Some(Priority::P4),
        });
        let kind = node.get("kind").and_then(|kind| {
            let name = kind.text()?;
            KINDS.into_iter().find(|(key, _)| *key == name).map(|(_, kind)| kind)
        });
        let required = node.get("required_technicians").map(|_| self.technicians_at(node, "required_technicians"));
        let parts = self.units(node, "parts");
        Job {
            id: id(node),
            kind: kind.unwrap_or(JobKind::Repair),
            place,
            work: length(node, "work"),
            setup: length(node, "setup"),
            skills: self.skill_need(node),
            region,
            windows,
            end_windows: self.windows(node, "end_windows"),
            sla: self.sla(node),
            priority,
            unassigned_price: self.unassigned_price(node, priority),
            parts: parts.into_iter().map(|(part, quantity)| PartQuantity { part, quantity }).collect(),
            tools: self.tools(node),
            required_technicians: required,
            preferred_technicians: self.technicians_at(node, "preferred_technicians"),
            excluded_technicians: self.technicians_at(node, "excluded_technicians"),
            crew: self.crew(node),
            pin: self.pin(node),
            load: loads(node, "load"),
            customer: text(node, "customer"),
            asset: text(node, "asset"),
        }
    }

    pub(super) fn read_recurring(&mut self, node: &Node<'_, '_>) -> Recurring {
        Recurring {
            template: node.get("job").map(|job| self.read_job(&job)).unwrap_or_default(),
            interval: length(node, "interval"),
            tolerance: length(node, "tolerance"),
            last_done: self.time_at(node, "last_done"),
        }
    }

    /// The price for staying unassigned: given, or of the class (P3 without one) by weight.
    fn unassigned_price(&mut self, node: &Node<'_, '_>, priority: Option<Priority>) -> Cost {
        let (given, weight) = (node.get("unassigned_price"), node.get("weight"));
        if given.is_some() && weight.is_some() {
            let expected = say!("at most one of \"unassigned_price\" and \"weight\"");
            let pointer = format!("{}/weight", node.pointer());
            self.found.unless_doubtful(Finding::new(pointer, Code::Contradiction, expected, say!("both")), &[]);
        }
        if let Some(given) = given {
            return Cost(given.int().unwrap_or_default());
        }
        let class = self.draft.objective.priority_prices[priority.unwrap_or(Priority::P3) as usize];
        let weight = weight.and_then(|weight| weight.int()).unwrap_or(1000);
        Cost(i64::try_from(i128::from(class.0) * i128::from(weight) / 1000).unwrap_or(i64::MAX))
    }

    fn skill_need(&mut self, node: &Node<'_, '_>) -> SkillNeed {
        let Some(need) = node.get("skills") else { return SkillNeed::default() };
        SkillNeed { all_of: self.levels(&need, "all_of"), any_of: self.levels(&need, "any_of") }
    }

    fn levels(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<SkillLevel> {
        let Some(map) = node.get(key) else { return Vec::new() };
        let mut levels = Vec::new();
        for (name, level) in map.entries() {
            if let Some(skill) = self.skills.refer_by(name, &level.path, &mut self.found) {
                let level = level.int().and_then(|level| u8::try_from(level).ok()).unwrap_or(1);
                levels.push(SkillLevel { skill: SkillIx(skill), level });
            }
        }
        levels
    }

    fn technicians_at(&mut self, node: &Node<'_, '_>, key: &str) -> Vec<TechIx> {
        let Some(list) = node.get(key) else { return Vec::new() };
        list.items().filter_map(|name| self.technicians.refer(&name, &mut self.found)).map(TechIx).collect()
    }

    fn crew(&mut self, node: &Node<'_, '_>) -> Vec<CrewMember> {
        let Some(list) = node.get("crew") else { return Vec::new() };
        let mut crew = Vec::new();
        for member in list.items() {
            let lag = member.get("start_lag");
            let side = |key: &str| lag.as_ref().map(|lag| length(lag, key)).unwrap_or_default();
            crew.push(CrewMember {
                skills: self.skill_need(&member),
                work: length(&member, "work"),
                start_lag: (side("min"), side("max")),
            });
        }
        crew
    }

    fn pin(&mut self, node: &Node<'_, '_>) -> Option<Pin> {
        let pin = node.get("pin")?;
        let window = pin.get("window").map(|window| self.window(&window));
        let start = self.time_at(&pin, "start");
        if window.is_some() && pin.get("start").is_some() {
            let expected = say!("at most one of \"window\" and \"start\"");
            self.found.unless_doubtful(Finding::new(pin.pointer(), Code::Contradiction, expected, say!("both")), &[]);
        }
        let technician = pin.get("technician").and_then(|name| self.technicians.refer(&name, &mut self.found));
        let shift = pin.get("shift").and_then(|name| self.shifts.refer(&name, &mut self.found));
        let after = pin.get("after").and_then(|name| self.jobs.refer(&name, &mut self.found));
        Some(Pin {
            technician: technician.map(TechIx),
            shift: shift.map(ShiftIx),
            window: window.or(start.map(|at| Window { open: at, close: at })),
            after: after.map(JobIx),
        })
    }
}
