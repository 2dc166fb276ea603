//! Jobs, one by one.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::format::moment::duration_text;
use crate::ids::{TechIx, ToolIx};
use crate::lang::{quoted, value};
use crate::limits;
use crate::pointer::Path;
use crate::problem::{Deadline, Job, Pin, SkillLevel, SkillNeed, Sla};
use crate::{say, word};
use std::collections::HashSet;

impl Checker<'_> {
    pub(super) fn jobs(&mut self) {
        let draft = self.draft;
        let list = Path::ROOT.key("jobs");
        for (k, job) in draft.jobs.iter().enumerate() {
            self.job(&list.at(k), job);
        }
    }

    pub(super) fn job(&mut self, at: &Path<'_>, job: &Job) {
        let draft = self.draft;
        let Job {
            id: _,
            kind: _,
            place,
            work,
            setup,
            skills,
            region,
            windows,
            end_windows,
            sla,
            priority: _,
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
        self.refers(&at.key("place"), place.index(), draft.places.len(), word!("place"));
        self.length(&at.key("work"), *work, limits::TASK);
        self.length(&at.key("setup"), *setup, limits::TASK);
        self.skill_need(&at.key("skills"), skills);
        if let Some(region) = region {
            self.refers(&at.key("region"), region.index(), draft.regions.len(), word!("region"));
        }
        if windows.is_empty() {
            self.say(&at.key("windows"), Code::Empty, say!("at least one window"), say!("none"));
        }
        self.windows(&at.key("windows"), windows);
        self.windows(&at.key("end_windows"), end_windows);
        self.promises(&at.key("sla"), sla);
        self.range(&at.key("unassigned_price"), unassigned_price.0, 0, limits::PRICE);
        let mut seen = HashSet::new();
        for need in parts {
            let consumed = at.key("parts");
            let here = consumed.key(draft.parts.get(need.part.index()).map_or("", String::as_str));
            self.range(&here, i64::from(need.quantity), 1, limits::QUANTITY);
            if self.refers(&here, need.part.index(), draft.parts.len(), word!("part")) && !seen.insert(need.part) {
                self.say(&here, Code::DuplicateId, say!("each part once"), say!("a part again"));
            }
        }
        self.each_once(&at.key("tools"), tools, ToolIx::index, draft.tools.len(), word!("tool"));
        let technicians = draft.technicians.len();
        for (key, list) in [
            ("required_technicians", required_technicians.as_ref()),
            ("preferred_technicians", Some(preferred_technicians)),
            ("excluded_technicians", Some(excluded_technicians)),
        ] {
            self.each_once(
                &at.key(key),
                list.map_or(&[], |list| list),
                TechIx::index,
                technicians,
                word!("technician"),
            );
        }
        if let Some(required) = required_technicians {
            let here = at.key("required_technicians");
            if required.is_empty() {
                self.say(&here, Code::Empty, say!("at least one technician"), say!("none"));
            } else if required.iter().all(|ix| excluded_technicians.contains(ix)) {
                let expected = say!("a required technician who is not excluded");
                let finding =
                    Finding::new(here.to_string(), Code::Contradiction, expected, say!("all of them excluded"));
                self.found.unless_doubtful(finding, &[&at.key("excluded_technicians").to_string()]);
            }
        }
        if crew.len() > limits::CREW {
            let expected = say!("at most {} members", limits::CREW);
            self.say(&at.key("crew"), Code::OutOfRange, expected, value(crew.len()));
        }
        let members = at.key("crew");
        for (k, member) in crew.iter().enumerate() {
            let here = members.at(k);
            self.skill_need(&here.key("skills"), &member.skills);
            self.length(&here.key("work"), member.work, limits::TASK);
            let lag = here.key("start_lag");
            let (least, most) = member.start_lag;
            self.length(&lag.key("min"), least, limits::SPAN);
            self.length(&lag.key("max"), most, limits::SPAN);
            self.lag_order(&lag, "min", least, "max", Some(most));
            if k == 0 && least.0 != 0 {
                let expected = say!("a lag of the first member that holds PT0S");
                self.say(&lag.key("min"), Code::Contradiction, expected, value(duration_text(least.0)));
            }
        }
        if let Some(pin) = pin {
            self.pin(at, job, pin);
        }
        self.loads(&at.key("load"), load);
        self.label(&at.key("customer"), customer.as_deref().unwrap_or_default());
        self.label(&at.key("asset"), asset.as_deref().unwrap_or_default());
    }

    fn skill_need(&mut self, at: &Path<'_>, need: &SkillNeed) {
        let SkillNeed { all_of, any_of } = need;
        self.levels(&at.key("all_of"), all_of);
        self.levels(&at.key("any_of"), any_of);
    }

    fn levels(&mut self, at: &Path<'_>, levels: &[SkillLevel]) {
        let draft = self.draft;
        let mut seen = HashSet::new();
        for need in levels {
            let here = at.key(draft.skills.get(need.skill.index()).map_or("", String::as_str));
            self.range(&here, i64::from(need.level), 1, 255);
            if self.refers(&here, need.skill.index(), draft.skills.len(), word!("skill")) && !seen.insert(need.skill) {
                self.say(&here, Code::DuplicateId, say!("each skill once"), say!("a skill again"));
            }
        }
    }

    fn promises(&mut self, at: &Path<'_>, sla: &Sla) {
        let Sla { respond, arrive, resolve } = sla;
        for (key, promise) in [("respond", respond), ("arrive", arrive), ("resolve", resolve)] {
            let Some(Deadline { due, late_price, limit }) = promise else { continue };
            let here = at.key(key);
            self.moment(&here.key("due"), *due);
            self.range(&here.key("late_price"), late_price.0, 0, limits::RATE);
            let Some(limit) = limit else { continue };
            self.moment(&here.key("limit"), *limit);
            if limit < due {
                let expected = say!("at or after {} (the promised moment)", self.shown(*due));
                let at = here.key("limit").to_string();
                let finding = Finding::new(at, Code::Contradiction, expected, value(self.shown(*limit)));
                let (due, target) = (here.key("due").to_string(), here.key("target").to_string());
                self.found.unless_doubtful(finding, &[&due, &target, &here.key("limit_target").to_string()]);
            }
        }
    }

    fn pin(&mut self, at: &Path<'_>, job: &Job, pin: &Pin) {
        let draft = self.draft;
        let here = at.key("pin");
        let Pin { technician, shift, window, after } = pin;
        let known = |check: &mut Self| {
            technician.is_none_or(|ix| {
                check.refers(&here.key("technician"), ix.index(), draft.technicians.len(), word!("technician"))
            }) & shift.is_none_or(|ix| check.refers(&here.key("shift"), ix.index(), draft.shifts.len(), word!("shift")))
        };
        if known(self) {
            let by_shift = shift.and_then(|shift| self.technician_of(shift));
            if let (Some(pinned), Some(owner)) = (*technician, by_shift)
                && pinned != owner
                && let (Some(pinned), Some(owner)) =
                    (draft.technicians.get(pinned.index()), draft.technicians.get(owner.index()))
            {
                let expected = say!("a shift of {}", format_args!("{:?}", pinned.id));
                let got = say!("a shift of {}", format_args!("{:?}", owner.id));
                let finding = Finding::new(here.key("shift").to_string(), Code::Contradiction, expected, got);
                self.found.unless_doubtful(finding, &[&here.key("technician").to_string()]);
            }
            if let Some(who) = technician.or(by_shift) {
                let (key, not_allowed) = match &job.required_technicians {
                    Some(required) if !required.contains(&who) => ("required_technicians", true),
                    _ => ("excluded_technicians", job.excluded_technicians.contains(&who)),
                };
                if not_allowed {
                    let name = draft.technicians.get(who.index()).map_or("", |technician| &technician.id);
                    let expected = say!("a technician whom {} allows", at.key(key));
                    let to = here.key(if technician.is_some() { "technician" } else { "shift" }).to_string();
                    let finding = Finding::new(to, Code::Contradiction, expected, quoted(name));
                    self.found.unless_doubtful(finding, &[&at.key(key).to_string()]);
                }
            }
        }
        if let Some(window) = window {
            let pinned = here.key("window");
            self.window(&pinned, *window);
            let meets = job.windows.iter().any(|other| other.open <= window.close && window.open <= other.close);
            if !meets && !job.windows.is_empty() && window.open <= window.close {
                let expected = say!("a time within {}", at.key("windows"));
                let got = say!("{} to {}", self.shown(window.open), self.shown(window.close));
                let finding = Finding::new(pinned.to_string(), Code::Contradiction, expected, got);
                let (windows, start) = (at.key("windows").to_string(), here.key("start").to_string());
                self.found.unless_doubtful(finding, &[&windows, &start, "/horizon"]);
            }
        }
        if let Some(after) = after {
            self.refers(&here.key("after"), after.index(), draft.jobs.len(), word!("job"));
        }
    }
}
