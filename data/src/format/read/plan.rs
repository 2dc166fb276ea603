//! Plans: references and times. What a plan is worth is for the judge.

use super::names::Names;
use super::{count, text, time};
use crate::bill::{Bill, Term};
use crate::finding::{Code, Finding};
use crate::format::node::Node;
use crate::format::tree::Tree;
use crate::ids::{JobIx, LotIx, PartIx, PlaceIx, ShiftIx, SiteIx, TechIx, ToolIx};
use crate::lang::{Text, quoted, value};
use crate::plan::{Activity, PartSource, Plan, PlannedRoute, Reason, Relaxation, Stop, Take, TakenBreak, Unassigned};
use crate::pointer::Path;
use crate::problem::Draft;
use crate::rule::Rule;
use crate::units::{Cost, Duration, Meters, Time};
use crate::validate::found::Found;
use crate::{say, word};

/// What a plan refers to.
pub(super) struct PlanNames<'n> {
    pub(super) parts: &'n mut Names,
    pub(super) tools: &'n mut Names,
    pub(super) technicians: &'n mut Names,
    pub(super) shifts: &'n mut Names,
    pub(super) sites: &'n mut Names,
    pub(super) jobs: &'n mut Names,
}

/// The plan of a checked tree that is a document of its own.
pub(in crate::format) fn plan(tree: &Tree, draft: &Draft, found: &mut Found) -> Plan {
    let names = PlanNames {
        parts: &mut Names::known(word!("part"), draft.parts.iter().map(String::as_str)),
        tools: &mut Names::known(word!("tool"), draft.tools.iter().map(String::as_str)),
        technicians: &mut Names::known(word!("technician"), draft.technicians.iter().map(|noun| &*noun.id)),
        shifts: &mut Names::known(word!("shift"), draft.shifts.iter().map(|noun| &*noun.id)),
        sites: &mut Names::known(word!("site"), draft.sites.iter().map(|noun| &*noun.id)),
        jobs: &mut Names::known(word!("job"), draft.jobs.iter().map(|noun| &*noun.id)),
    };
    let node = Node { tree, path: Path::ROOT };
    // Only of a document of its own: a current plan may come from a problem of another name.
    if let Some(stated) = node.get("problem") {
        let expected = || say!("{}, the name of the problem", quoted(&draft.name));
        agree(&stated, &draft.name, expected, found);
    }
    read(&node, draft, names, found)
}

/// A plan, with placeholders where it does not read.
pub(super) fn read(node: &Node<'_, '_>, draft: &Draft, names: PlanNames<'_>, found: &mut Found) -> Plan {
    let mut reader = PlanReader { draft, names, found };
    let mut plan = Plan {
        routes: Vec::new(),
        unassigned: Vec::new(),
        bill: node.get("bill").map(|bill| read_bill(&bill)).unwrap_or_default(),
        travel_fingerprint: node
            .get("travel_fingerprint")
            .map(|digits| reader.fingerprint(&digits))
            .unwrap_or_default(),
        bound: node.get("bound").and_then(|bound| bound.int()).map(Cost),
        seed: node.get("seed").and_then(|seed| seed.unsigned()).unwrap_or_default(),
        iterations: node.get("iterations").and_then(|count| count.unsigned()).unwrap_or_default(),
    };
    reader.cost(node, &plan.bill);
    if let Some(routes) = node.get("routes") {
        plan.routes = routes.items().map(|route| reader.route(&route)).collect();
    }
    if let Some(unassigned) = node.get("unassigned") {
        plan.unassigned = unassigned.items().map(|job| reader.unassigned(&job)).collect();
    }
    plan
}

struct PlanReader<'r> {
    draft: &'r Draft,
    names: PlanNames<'r>,
    found: &'r mut Found,
}

impl PlanReader<'_> {
    fn fingerprint(&mut self, node: &Node<'_, '_>) -> u64 {
        let Some(digits) = node.text() else { return 0 };
        u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+')).unwrap_or_else(|| {
            let expected = say!("sixteen hexadecimal digits");
            self.found.wrong(Finding::new(node.pointer(), Code::UnknownValue, expected, quoted(digits)));
            0
        })
    }

    /// The stated sum of the stated bill.
    fn cost(&mut self, plan: &Node<'_, '_>, bill: &Bill) {
        let Some(cost) = plan.get("cost") else { return };
        let Some(stated) = cost.int() else { return };
        let claimed = plan.get("bill");
        // In 128 bits: the terms are stated too, and each may be as large as a price can be.
        let sum: i128 = Term::ALL.iter().map(|term| i128::from(bill.term(*term).0)).sum();
        if claimed.is_some() && sum == i128::from(stated) {
            return;
        }
        let expected = match claimed {
            Some(_) => say!("{}, the sum of \"bill\"", sum),
            None => say!("a \"bill\" beside it, of which it is the sum"),
        };
        let finding = Finding::new(cost.pointer(), Code::Contradiction, expected, value(stated));
        self.found.unless_doubtful(finding, &[&plan.path.key("bill").to_string()]);
    }

    /// The stated technician of a known shift.
    fn technician(&mut self, node: &Node<'_, '_>, shift: u32) {
        let draft = self.draft;
        let Some(shift) = draft.shifts.get(shift as usize) else { return };
        let Some(whose) = draft.technicians.get(shift.technician.index()) else { return };
        if whose.id.is_empty() {
            return; // it did not read
        }
        let expected = || say!("{}, the technician of the shift {}", quoted(&whose.id), quoted(&shift.id));
        agree(node, &whose.id, expected, self.found);
    }

    /// The moment under a key.
    fn time(&mut self, node: &Node<'_, '_>, key: &str) -> Time {
        node.get(key).and_then(|at| time(&at, &self.draft.horizon, self.found)).unwrap_or_default()
    }

    fn route(&mut self, node: &Node<'_, '_>) -> PlannedRoute {
        let shift = node.get("shift").and_then(|shift| self.names.shifts.refer(&shift, self.found));
        if let (Some(stated), Some(shift)) = (node.get("technician"), shift) {
            self.technician(&stated, shift);
        }
        let mut stops = Vec::new();
        if let Some(list) = node.get("stops") {
            stops.extend(list.items().map(|stop| self.stop(&stop)));
        }
        let mut breaks = Vec::new();
        if let Some(list) = node.get("breaks") {
            for taken in list.items() {
                breaks.push(TakenBreak {
                    rule: taken.get("rule").and_then(|rule| count(&rule)).unwrap_or_default() as usize,
                    start: self.time(&taken, "start"),
                    end: self.time(&taken, "end"),
                });
            }
        }
        PlannedRoute {
            shift: ShiftIx(shift.unwrap_or(u32::MAX)),
            stops,
            breaks,
            return_departure: self.time(node, "return_departure"),
            end: self.time(node, "end"),
            return_travel: super::length(node, "return_travel"),
            return_distance: Meters(super::number(node, "return_distance", 0)),
            bill: node.get("bill").map(|bill| read_bill(&bill)).unwrap_or_default(),
        }
    }

    fn stop(&mut self, node: &Node<'_, '_>) -> Stop {
        let (activity, place) = match node.get("type").and_then(|kind| kind.text()) {
            Some("collection") => self.collection(node),
            _ => self.visit(node),
        };
        Stop {
            activity,
            place: place.unwrap_or_default(),
            departure: self.time(node, "departure"),
            arrival: self.time(node, "arrival"),
            start: self.time(node, "start"),
            end: self.time(node, "end"),
            travel: Duration(super::length(node, "travel").0),
            distance: Meters(super::number(node, "distance", 0)),
        }
    }

    fn visit(&mut self, node: &Node<'_, '_>) -> (Activity, Option<PlaceIx>) {
        let job = node.get("job").and_then(|job| self.names.jobs.refer(&job, self.found));
        let mut parts = Vec::new();
        if let Some(list) = node.get("parts") {
            for source in list.items() {
                let (part, quantity) = self.units(&source);
                let collected_at_stop = source.get("collected_at_stop").and_then(|at| count(&at)).map(|at| at as usize);
                parts.push(PartSource { part, quantity, collected_at_stop });
            }
        }
        let member = u8::try_from(super::number(node, "member", 0)).unwrap_or_default();
        let place = job.and_then(|job| self.draft.jobs.get(job as usize)).map(|job| job.place);
        (Activity::Visit { job: JobIx(job.unwrap_or(u32::MAX)), member, parts }, place)
    }

    fn collection(&mut self, node: &Node<'_, '_>) -> (Activity, Option<PlaceIx>) {
        let site = node.get("site").and_then(|site| self.names.sites.refer(&site, self.found));
        let site_ix = SiteIx(site.unwrap_or(u32::MAX));
        let mut takes = Vec::new();
        if let Some(list) = node.get("takes") {
            for take in list.items() {
                let (part, quantity) = self.units(&take);
                let lot = take.get("available_at").and_then(|at| {
                    let moment = time(&at, &self.draft.horizon, self.found)?;
                    self.lot(site_ix, part, moment, &at)
                });
                takes.push(Take { part, quantity, lot });
            }
        }
        let mut tools = Vec::new();
        if let Some(list) = node.get("tools") {
            tools.extend(list.items().filter_map(|tool| self.names.tools.refer(&tool, self.found)).map(ToolIx));
        }
        let place = site.and_then(|site| self.draft.sites.get(site as usize)).map(|site| site.place);
        (Activity::Collection { site: site_ix, takes, tools }, place)
    }

    fn units(&mut self, node: &Node<'_, '_>) -> (PartIx, u32) {
        let part = node.get("part").and_then(|part| self.names.parts.refer(&part, self.found));
        let quantity = node.get("quantity").and_then(|quantity| count(&quantity)).unwrap_or_default();
        (PartIx(part.unwrap_or(u32::MAX)), quantity)
    }

    /// The lot of a part at a site from an instant on.
    fn lot(&mut self, site: SiteIx, part: PartIx, at: Time, node: &Node<'_, '_>) -> Option<LotIx> {
        let lots = &self.draft.lots;
        let lot = lots.iter().position(|lot| lot.site == site && lot.part == part && lot.at == at);
        if lot.is_none() && site != SiteIx(u32::MAX) && part != PartIx(u32::MAX) {
            let expected = say!(
                "the instant of a lot of this part at the site {}",
                format_args!("{:?}", { self.draft.sites.get(site.index()).map_or("", |site| &site.id) })
            );
            let got = crate::format::moment::instant_text(&self.draft.horizon, at);
            let finding = Finding::new(node.pointer(), Code::UnknownReference, expected, value(got));
            self.found.unless_doubtful(finding, &["/sites", "/horizon"]);
        }
        lot.map(LotIx::from)
    }

    fn unassigned(&mut self, node: &Node<'_, '_>) -> Unassigned {
        let job = node.get("job").and_then(|job| self.names.jobs.refer(&job, self.found));
        let mut reasons = Vec::new();
        if let Some(list) = node.get("reasons") {
            for reason in list.items() {
                let nearest = reason.get("nearest").and_then(|name| self.names.technicians.refer(&name, self.found));
                reasons.push(Reason {
                    rule: rule(&reason),
                    technicians: reason.get("technicians").and_then(|many| count(&many)).unwrap_or_default(),
                    nearest: nearest.map(TechIx),
                    miss: text(&reason, "miss").map(value).unwrap_or_default(),
                });
            }
        }
        let relaxation = node.get("relaxation").map(|node| {
            let shift = node.get("shift").and_then(|shift| self.names.shifts.refer(&shift, self.found));
            Relaxation {
                change: text(&node, "change").map(value).unwrap_or_default(),
                rule: rule(&node),
                shift: ShiftIx(shift.unwrap_or(u32::MAX)),
                added_cost: Cost(super::number(&node, "added_cost", 0)),
            }
        });
        Unassigned {
            job: JobIx(job.unwrap_or(u32::MAX)),
            price: Cost(super::number(node, "price", 0)),
            reasons,
            relaxation,
        }
    }
}

fn rule(node: &Node<'_, '_>) -> Option<Rule> {
    node.get("rule").and_then(|rule| rule.text()).and_then(Rule::from_code)
}

/// A text that says again what another one says.
fn agree(node: &Node<'_, '_>, said: &str, expected: impl FnOnce() -> Text, found: &mut Found) {
    if let Some(stated) = node.text().filter(|stated| *stated != said) {
        let (expected, got) = (expected(), quoted(stated));
        found.unless_doubtful(Finding::new(node.pointer(), Code::Contradiction, expected, got), &[]);
    }
}

fn read_bill(node: &Node<'_, '_>) -> Bill {
    let mut bill = Bill::default();
    for term in Term::ALL {
        *bill.term_mut(*term) = Cost(super::number(node, term.key(), 0));
    }
    bill
}
