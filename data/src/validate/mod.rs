//! Checks of a whole [`Draft`]: ranges, references, order in time. Gives all findings at once.
//!
//! Nothing about JSON types here: readers see to those and point at the same places. Each noun has
//! a file; `sums` comes last and looks at the whole.

mod jobs;
mod order;
mod people;
mod places;
mod plan;
mod sums;
#[cfg(test)]
mod tests;

pub(crate) mod found;

use crate::finding::{Code, Finding};
use crate::format::moment::{duration_text, instant_text};
use crate::lang::{Text, Word, quoted, value};
use crate::limits;
use crate::plan::Plan;
use crate::pointer::Path;
use crate::problem::{Draft, Job, Window};
use crate::units::{Duration, Time};
use crate::{say, word};
use found::Found;
use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

/// What every text of a caller must be.
pub(crate) const NO_CONTROLS: Word = word!("a text without control characters");

/// Everything wrong with a draft; empty when it is a valid problem.
pub fn findings(draft: &Draft) -> Vec<Finding> {
    let mut found = Found::default();
    add_findings(draft, &mut found);
    found.finish()
}

/// Adds everything wrong with a draft, where it does not rest on a place in doubt.
pub(crate) fn add_findings(draft: &Draft, found: &mut Found) {
    let mut check = Checker { draft, found };
    check.horizon();
    check.names();
    check.places();
    check.travel();
    check.technicians();
    check.sites();
    check.jobs();
    check.order();
    check.prices();
    if let Some(plan) = &draft.current {
        check.plan(plan, &Path::ROOT.key("current_plan"));
    }
    check.freeze();
    check.sums();
}

/// Everything wrong with a job beside a valid problem, under the pointers of a document of its own;
/// that its id may be taken is not looked at. `new_place`: its place is not looked at either.
pub(crate) fn job_findings(draft: &Draft, job: &Job, new_place: bool) -> Vec<Finding> {
    let mut found = Found::default();
    Checker { draft, found: &mut found }.name(&Path::ROOT.key("id"), &job.id);
    Checker { draft, found: &mut found }.job(&Path::ROOT, job);
    let mut findings = found.finish();
    findings.retain(|finding| !(new_place && finding.pointer == "/place"));
    findings
}

/// Adds everything wrong with a plan as a document of its own: references and reach, not rules.
pub(crate) fn add_plan_findings(draft: &Draft, plan: &Plan, found: &mut Found) {
    Checker { draft, found }.plan(plan, &Path::ROOT);
}

/// A draft under check and what was found.
struct Checker<'d> {
    draft: &'d Draft,
    found: &'d mut Found,
}

impl Checker<'_> {
    fn say(&mut self, at: &Path<'_>, code: Code, expected: impl Into<Text>, got: impl Into<Text>) {
        self.found.unless_doubtful(Finding::new(at.to_string(), code, expected, got), &[]);
    }
    /// A number between two borders.
    fn range<N: PartialOrd + Display>(&mut self, at: &Path<'_>, given: N, least: N, most: N) -> bool {
        let fits = least <= given && given <= most;
        if !fits {
            self.say(at, Code::OutOfRange, say!("{} to {}", value(least), value(most)), value(given));
        }
        fits
    }
    /// A length of time between nothing and a border, in seconds.
    fn length(&mut self, at: &Path<'_>, given: Duration, most: i64) -> bool {
        let fits = (0..=most).contains(&given.0);
        if !fits {
            let expected = say!("PT0S to {}", duration_text(most));
            self.say(at, Code::OutOfRange, expected, value(duration_text(given.0)));
        }
        fits
    }
    /// A moment within reach of the horizon.
    fn moment(&mut self, at: &Path<'_>, value: Time) -> bool {
        let fits = value.0.unsigned_abs() <= limits::FARTHEST.unsigned_abs();
        if !fits {
            let expected = say!("an instant within 100 years of the start of the horizon");
            self.say(at, Code::OutOfRange, expected, say!("{} s after it", value.0));
        }
        fits
    }
    /// One moment not before another that stands elsewhere.
    fn not_before(&mut self, at: &Path<'_>, later: Time, earlier: Time, standing: &Path<'_>, code: Code) {
        if later < earlier {
            let expected = say!("at or after {} ({})", self.shown(earlier), standing);
            let finding = Finding::new(at.to_string(), code, expected, value(self.shown(later)));
            self.found.unless_doubtful(finding, &[&standing.to_string()]);
        }
    }
    /// A moment as the wire format writes it.
    fn shown(&self, time: Time) -> String {
        instant_text(&self.draft.horizon, time)
    }
    fn window(&mut self, at: &Path<'_>, window: Window) {
        let (open, close) = (at.key("open"), at.key("close"));
        if self.moment(&open, window.open) & self.moment(&close, window.close) {
            self.not_before(&close, window.close, window.open, &open, Code::ClosedBeforeOpen);
        }
    }
    /// Windows in order, none overlapping the next.
    fn windows(&mut self, at: &Path<'_>, windows: &[Window]) {
        for (k, window) in windows.iter().enumerate() {
            self.window(&at.at(k), *window);
        }
        for (k, pair) in windows.windows(2).enumerate() {
            let (this, last) = (at.at(k + 1), at.at(k));
            self.not_before(&this.key("open"), pair[1].open, pair[0].close, &last.key("close"), Code::WindowsOverlap);
        }
    }
    /// Whether an index is one of so many.
    fn refers(&mut self, at: &Path<'_>, index: usize, count: usize, what: Word) -> bool {
        if index >= count {
            self.say(at, Code::UnknownReference, say!("one of {} {}s", count, what), say!("{} number {}", what, index));
        }
        index < count
    }
    /// References into a list of so many, each once.
    fn each_once<I: Copy + Eq + Hash>(
        &mut self,
        at: &Path<'_>,
        list: &[I],
        index: impl Fn(I) -> usize,
        count: usize,
        what: Word,
    ) {
        let mut seen = HashSet::new();
        for (k, item) in list.iter().enumerate() {
            if self.refers(&at.at(k), index(*item), count, what) && !seen.insert(*item) {
                self.say(&at.at(k), Code::DuplicateId, say!("each {} once", what), say!("a {} again", what));
            }
        }
    }
    /// A text of a caller that names something.
    fn name(&mut self, at: &Path<'_>, name: &str) {
        if name.is_empty() {
            self.say(at, Code::Empty, say!("a text that is not empty"), value("\"\""));
        }
        self.label(at, name);
    }
    /// A text of a caller, which may be empty. It is printed as it is, so it steers no terminal.
    fn label(&mut self, at: &Path<'_>, label: &str) {
        if label.len() > limits::NAME && label.chars().count() > limits::NAME {
            self.say(at, Code::TooLarge, say!("at most {} characters", limits::NAME), value(label));
        }
        if label.contains(char::is_control) {
            self.say(at, Code::UnknownValue, NO_CONTROLS, quoted(label));
        }
    }
    /// Ids that are names and differ from each other.
    fn ids<'n>(&mut self, at: &Path<'_>, key: &str, ids: impl Iterator<Item = &'n str>) {
        let mut seen: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
        for (k, id) in ids.enumerate() {
            let noun = at.at(k);
            // A list of plain names has no key within.
            let here = if key.is_empty() { noun } else { noun.key(key) };
            self.name(&here, id);
            if let Some(first) = seen.get(id) {
                let first = at.at(*first).to_string();
                let expected = say!("an id that {} does not have", first);
                let finding = Finding::new(here.to_string(), Code::DuplicateId, expected, quoted(id));
                self.found.unless_doubtful(finding, &[]);
            } else {
                seen.insert(id, k);
            }
        }
    }

    fn horizon(&mut self) {
        let horizon = &self.draft.horizon;
        let end = Path::ROOT.key("horizon");
        let (start, end) = (end.key("start"), end.key("end"));
        if horizon.length.0 < 0 {
            self.not_before(&end, horizon.end(), Time(0), &start, Code::ClosedBeforeOpen);
        } else if !(1..=limits::HORIZON).contains(&horizon.length.0) {
            let expected = say!("a horizon of PT1S to {}", duration_text(limits::HORIZON));
            let finding =
                Finding::new(end.to_string(), Code::OutOfRange, expected, value(duration_text(horizon.length.0)));
            self.found.unless_doubtful(finding, &[&start.to_string()]);
        }
    }

    fn names(&mut self) {
        let draft = self.draft;
        self.label(&Path::ROOT.key("name"), &draft.name);
        self.ids(&Path::ROOT.key("skills"), "", draft.skills.iter().map(String::as_str));
        self.ids(&Path::ROOT.key("parts"), "", draft.parts.iter().map(String::as_str));
        self.ids(&Path::ROOT.key("tools"), "", draft.tools.iter().map(String::as_str));
        self.ids(&Path::ROOT.key("technicians"), "id", draft.technicians.iter().map(|noun| &*noun.id));
        self.ids(&Path::ROOT.key("sites"), "id", draft.sites.iter().map(|noun| &*noun.id));
        self.ids(&Path::ROOT.key("jobs"), "id", draft.jobs.iter().map(|noun| &*noun.id));
        for (key, count) in [
            ("places", draft.places.len()),
            ("technicians", draft.technicians.len().max(draft.shifts.len())),
            ("sites", draft.sites.len().max(draft.lots.len())),
            ("jobs", draft.jobs.len()),
        ] {
            if count > limits::LIST {
                let expected = say!("at most {}", limits::LIST);
                self.say(&Path::ROOT.key(key), Code::TooLarge, expected, value(count));
            }
        }
    }

    fn freeze(&mut self) {
        let at = Path::ROOT.key("freeze");
        if let Some(freeze) = self.draft.freeze {
            self.moment(&at, freeze);
            if self.draft.current.is_none() {
                let finding =
                    Finding::new(at.to_string(), Code::Contradiction, say!("a current plan to freeze"), say!("none"));
                self.found.unless_doubtful(finding, &["/current_plan"]);
            }
        }
    }
}
