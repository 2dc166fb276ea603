//! Technicians and their shifts.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::ids::{RegionIx, ShiftIx, TechIx, ToolIx};
use crate::lang::{quoted, value};
use crate::limits;
use crate::pointer::Path;
use crate::problem::{Prices, Shift, Technician};
use crate::{say, word};
use std::collections::HashSet;

impl Checker<'_> {
    pub(super) fn technicians(&mut self) {
        let draft = self.draft;
        let list = Path::ROOT.key("technicians");
        let mut next = 0;
        let mut shift_ids = HashSet::new();
        let mut ids = HashSet::new();
        for (k, technician) in draft.technicians.iter().enumerate() {
            let at = list.at(k);
            self.technician(&at, technician);
            let (first, past) = (technician.shifts.0.index(), technician.shifts.1.index());
            if first != next || past < first || past > draft.shifts.len() {
                let expected = say!("shifts from number {} on, neighbours of each other", next);
                self.say(&at.key("shifts"), Code::Contradiction, expected, say!("{} to {}", first, past));
                return;
            }
            next = past;
            let shifts = at.key("shifts");
            let again = !ids.insert(&technician.id);
            for (n, shift) in draft.shifts[first..past].iter().enumerate() {
                let at = shifts.at(n);
                if shift.technician != TechIx::from(k) {
                    let got = say!("technician number {}", shift.technician.0);
                    self.say(&at, Code::Contradiction, say!("technician number {}", k), got);
                }
                self.name(&at.key("id"), &shift.id);
                // Ids that shifts got from the technician's are twice where that is: said there.
                let given = !again || shift.id != format!("{}/{}", technician.id, n + 1);
                if !shift_ids.insert(&shift.id) && given {
                    let got = quoted(&shift.id);
                    self.say(&at.key("id"), Code::DuplicateId, say!("an id that no other shift has"), got);
                }
                self.shift(&at, shift);
                // Shifts may overlap, as alternatives: rest and the clock keep the plan honest.
                if n > 0 {
                    let earlier = &draft.shifts[first + n - 1];
                    let standing = shifts.at(n - 1);
                    let (before, start) = (standing.key("start"), at.key("start"));
                    self.not_before(&start, shift.start, earlier.start, &before, Code::WindowsOverlap);
                }
            }
        }
        if next != draft.shifts.len() {
            let got = say!("shift {} without one", format_args!("{:?}", draft.shifts[next].id));
            self.say(&list, Code::Contradiction, say!("a technician for every shift"), got);
        }
    }

    fn technician(&mut self, at: &Path<'_>, technician: &Technician) {
        let draft = self.draft;
        let Technician {
            id: _,
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
            shifts: _,
        } = technician;
        self.label(&at.key("name"), name);
        let mut seen = HashSet::new();
        for own in skills {
            let known = draft.skills.get(own.skill.index());
            let owned = at.key("skills");
            let here = owned.key(known.map_or("", String::as_str));
            if !self.refers(&here, own.skill.index(), draft.skills.len(), word!("skill")) {
                continue;
            }
            if !seen.insert(own.skill) {
                self.say(&here, Code::DuplicateId, say!("each skill once"), say!("a skill again"));
            }
            self.range(&here, i64::from(own.level), 1, 255);
            self.range(&here.key("pace"), i64::from(own.pace.0), limits::PACE.0, limits::PACE.1);
            let (from, until) = (here.key("valid_from"), here.key("valid_until"));
            let sound = own.valid_from.is_none_or(|time| self.moment(&from, time))
                & own.valid_until.is_none_or(|time| self.moment(&until, time));
            if let (Some(first), Some(last), true) = (own.valid_from, own.valid_until, sound) {
                self.not_before(&until, last, first, &from, Code::ClosedBeforeOpen);
            }
        }
        self.each_once(&at.key("regions"), regions, RegionIx::index, draft.regions.len(), word!("region"));
        let key = at.key("preferred_regions");
        self.each_once(&key, preferred_regions, RegionIx::index, draft.regions.len(), word!("region"));
        self.each_once(&at.key("tools"), tools, ToolIx::index, draft.tools.len(), word!("tool"));
        let mut seen = HashSet::new();
        for (part, quantity) in stock {
            let van = at.key("stock");
            let here = van.key(draft.parts.get(part.index()).map_or("", String::as_str));
            self.range(&here, i64::from(*quantity), 0, limits::QUANTITY);
            if self.refers(&here, part.index(), draft.parts.len(), word!("part")) && !seen.insert(part) {
                self.say(&here, Code::DuplicateId, say!("each part once"), say!("a part again"));
            }
        }
        self.prices_of(&at.key("prices"), prices);
        self.refers(&at.key("profile"), profile.index(), draft.profiles.len(), word!("profile"));
        self.range(&at.key("speed"), i64::from(speed.0), limits::SPEED.0, limits::SPEED.1);
        if let Some(rating) = rating {
            self.range(&at.key("rating"), rating.0, 0, 1000);
        }
        let mut seen = Vec::new();
        for rate in first_time_fix {
            self.range(&at.key("first_time_fix"), rate.share.0, 0, 1000);
            if seen.contains(&rate.kind) {
                self.say(
                    &at.key("first_time_fix"),
                    Code::DuplicateId,
                    say!("each kind of job once"),
                    say!("a kind again"),
                );
            }
            seen.push(rate.kind);
        }
        if let Some(live) = position {
            self.refers(&at.key("position").key("place"), live.place.index(), draft.places.len(), word!("place"));
            self.moment(&at.key("position").key("at"), live.at);
        }
        self.length(&at.key("rest"), *rest, limits::TASK);
    }

    fn prices_of(&mut self, at: &Path<'_>, prices: &Prices) {
        let Prices { work, travel, distance, shift, overtime } = prices;
        for (key, rate) in [("work", work), ("travel", travel), ("overtime", overtime)] {
            self.range(&at.key(key), rate.0, 0, limits::RATE);
        }
        self.range(&at.key("distance"), distance.0, 0, limits::DISTANCE_RATE);
        self.range(&at.key("shift"), shift.0, 0, limits::PRICE);
    }

    fn shift(&mut self, at: &Path<'_>, shift: &Shift) {
        let draft = self.draft;
        let Shift {
            id: _,
            technician: _,
            start,
            regular_end,
            latest_end,
            start_place,
            end_place,
            breaks,
            max_jobs: _,
            max_travel,
            max_distance,
            max_duration,
            capacity,
        } = shift;
        let horizon = Path::ROOT.key("horizon");
        let (opens, ends, latest) = (at.key("start"), at.key("end"), at.key("latest_end"));
        self.not_before(&opens, *start, crate::units::Time(0), &horizon.key("start"), Code::OutOfRange);
        self.not_before(&ends, *regular_end, *start, &opens, Code::ClosedBeforeOpen);
        self.not_before(&latest, *latest_end, *regular_end, &ends, Code::ClosedBeforeOpen);
        if *latest_end > draft.horizon.end() {
            // Where no latest end is given, the regular end is meant.
            let here = if latest_end == regular_end { &ends } else { &latest };
            let expected = say!("at or before {} (/horizon/end)", self.shown(draft.horizon.end()));
            let finding = Finding::new(here.to_string(), Code::OutOfRange, expected, value(self.shown(*latest_end)));
            self.found.unless_doubtful(finding, &["/horizon", &ends.to_string()]);
        }
        self.refers(&at.key("start_place"), start_place.index(), draft.places.len(), word!("place"));
        if let Some(place) = end_place {
            // A shift that ends where it starts has one place, and one finding.
            if place != start_place {
                self.refers(&at.key("end_place"), place.index(), draft.places.len(), word!("place"));
            }
        }
        let list = at.key("breaks");
        for (k, rule) in breaks.iter().enumerate() {
            let here = list.at(k);
            let window = here.key("window");
            self.window(&window, rule.window);
            self.length(&here.key("duration"), rule.duration, limits::TASK);
            let outside = rule.window.close < *start || rule.window.open + rule.duration > *latest_end;
            if outside && rule.window.open <= rule.window.close && start <= latest_end {
                let expected = say!("a break that fits between {} and {}", self.shown(*start), self.shown(*latest_end));
                let got = say!("{} to {}", self.shown(rule.window.open), self.shown(rule.window.close));
                let finding = Finding::new(here.to_string(), Code::Contradiction, expected, got);
                let measured = [opens.to_string(), ends.to_string(), latest.to_string()];
                self.found.unless_doubtful(finding, &[&measured[0], &measured[1], &measured[2]]);
            }
            if k > 0 {
                let before = list.at(k - 1);
                let (this, last) = (window.key("open"), before.key("window"));
                let earlier = breaks[k - 1].window.open;
                self.not_before(&this, rule.window.open, earlier, &last.key("open"), Code::WindowsOverlap);
            }
        }
        for (key, most) in [("max_travel", max_travel), ("max_duration", max_duration)] {
            if let Some(most) = most {
                self.length(&at.key(key), *most, limits::HORIZON);
            }
        }
        if let Some(most) = max_distance {
            self.range(&at.key("max_distance"), most.0, 0, limits::LEG_METERS * 1000);
        }
        self.loads(&at.key("capacity"), capacity);
    }

    /// Loads or capacities, dimension by dimension.
    pub(super) fn loads(&mut self, at: &Path<'_>, loads: &[i64]) {
        if loads.len() > limits::DIMENSIONS {
            let expected = say!("at most {} dimensions", limits::DIMENSIONS);
            self.say(at, Code::OutOfRange, expected, value(loads.len()));
        }
        for (k, load) in loads.iter().enumerate() {
            self.range(&at.at(k), *load, 0, limits::LOAD);
        }
    }

    /// The technician of a shift, where both exist.
    pub(super) fn technician_of(&self, shift: ShiftIx) -> Option<TechIx> {
        self.draft.shifts.get(shift.index()).map(|shift| shift.technician)
    }
}
