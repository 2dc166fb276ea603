//! Tickets and events: read beside a problem that is there already, whose words they use.

use super::names::Names;
use super::places::Places;
use super::{Reader, count, time};
use crate::datum::Datum;
use crate::finding::{Code, Finding};
use crate::format::moment::instant_text;
use crate::format::node::Node;
use crate::format::tree::Tree;
use crate::ids::{PlaceIx, TechIx};
use crate::lang::{quoted, value};
use crate::live::{Change, NewPlace, Ticket};
use crate::place::Place;
use crate::problem::{Draft, Problem, TravelSource, Window};
use crate::travel::{Leg, PlaceLegs, ProfileLegs};
use crate::units::{Cost, Rate, Time};
use crate::validate::found::Found;
use crate::{say, word};
use std::sync::Arc;

/// The words of a problem, ready for small documents beside it: which names there are, which places,
/// regions, calendars. Made once for a version of a problem; each document reads a cheap clone.
#[derive(Clone)]
pub(in crate::format) struct Beside {
    reader: Reader,
    /// The rows of given matrices by place, where travel comes from them.
    rows: Option<Arc<Vec<usize>>>,
    profiles: Arc<Vec<(String, usize)>>,
}

impl Beside {
    /// The words of a problem.
    pub(in crate::format) fn of(problem: &Problem) -> Self {
        let mut draft = Draft::empty(String::new(), problem.horizon.clone());
        draft.objective = problem.objective.clone();
        let reader = Reader {
            draft,
            found: Found::default(),
            datum: Datum::Wgs84,
            places: Places::of(&problem.places),
            skills: Names::known(word!("skill"), problem.skills.iter().map(String::as_str)),
            parts: Names::known(word!("part"), problem.parts.iter().map(String::as_str)),
            tools: Names::known(word!("tool"), problem.tools.iter().map(String::as_str)),
            regions: Names::known(word!("region"), problem.regions.iter().map(|noun| &*noun.id)),
            profiles: Names::known(word!("profile"), problem.profiles.iter().map(|noun| &*noun.id)),
            technicians: Names::known(word!("technician"), problem.technicians.iter().map(|noun| &*noun.id)),
            shifts: Names::known(word!("shift"), problem.shifts.iter().map(|noun| &*noun.id)),
            sites: Names::known(word!("site"), problem.sites.iter().map(|noun| &*noun.id)),
            jobs: Names::known(word!("job"), problem.jobs.iter().map(|noun| &*noun.id)),
            calendars: Names::known(word!("calendar"), problem.calendars.iter().map(|noun| &*noun.id)),
            clocks: problem.calendars.iter().map(|noun| Some(Arc::clone(&noun.calendar))).collect(),
            areas: Some(Arc::new(problem.regions.clone())),
        };
        let row = |(at, place): (usize, &Place)| place.matrix_index.map_or(at, |index| index as usize);
        let rows = match &problem.travel {
            TravelSource::Matrices(_) => Some(Arc::new(problem.places.iter().enumerate().map(row).collect())),
            TravelSource::Roads { .. } | TravelSource::GreatCircle { .. } => None,
        };
        let kinds = |profile: &crate::problem::TravelProfile| {
            (profile.id.clone(), profile.rush.as_ref().map_or(0, |rush| rush.matrices.len()))
        };
        Self { reader, rows, profiles: Arc::new(problem.profiles.iter().map(kinds).collect()) }
    }

    /// What was found so far, at its end.
    ///
    /// # Errors
    /// Where anything was.
    pub(in crate::format) fn done<T>(self, value: T) -> Result<T, Vec<Finding>> {
        if self.reader.found.is_empty() { Ok(value) } else { Err(self.reader.found.finish()) }
    }

    /// The technician under a key.
    pub(in crate::format) fn technician(&mut self, node: &Node<'_, '_>) -> Option<TechIx> {
        self.reader.technicians.refer(node, &mut self.reader.found).map(TechIx)
    }

    /// The windows of a list.
    pub(in crate::format) fn windows(&mut self, list: &Node<'_, '_>) -> Vec<Window> {
        let mut windows = Vec::new();
        for node in list.items() {
            let window = self.reader.window(&node);
            if window.close < window.open {
                let shown = |time| instant_text(&self.reader.draft.horizon, time);
                let expected = say!("at or after {}", shown(window.open));
                let pointer = format!("{}/close", node.pointer());
                let finding = Finding::new(pointer, Code::ClosedBeforeOpen, expected, value(shown(window.close)));
                self.reader.found.unless_doubtful(finding, &[]);
            }
            windows.push(window);
        }
        windows
    }

    /// The ticket of a node with `ticket` or `job`, and `legs`.
    pub(in crate::format) fn ticket(&mut self, node: &Node<'_, '_>, problem: &Problem) -> Option<Ticket> {
        if let Some(open) = node.get("job") {
            let job = self.reader.jobs.refer(&open, &mut self.reader.found)?;
            return Some(Ticket::Open(crate::ids::JobIx(job)));
        }
        let given = node.get("ticket")?;
        let before = self.reader.places.count();
        let job = self.reader.read_job(&given);
        let place = given.get("place").map(|place| place.pointer()).unwrap_or_default();
        let at = self.new_place(job.place, before, node, &place);
        if self.reader.jobs.position(&job.id).is_some() {
            let expected = say!("an id that no job of the plan has");
            let pointer = format!("{}/id", given.pointer());
            let finding = Finding::new(pointer, Code::DuplicateId, expected, quoted(&job.id));
            self.reader.found.unless_doubtful(finding.hint(say!("an open job goes by its id under \"job\"")), &[]);
        }
        let path = given.pointer();
        let known = job.place.index() < problem.places.len();
        for finding in problem.check_job(&job, !known) {
            let pointer = format!("{path}{}", finding.pointer);
            self.reader.found.unless_doubtful(Finding { pointer, ..finding }, &[]);
        }
        Some(Ticket::New { job: Box::new(job), at })
    }

    /// The event of a node.
    pub(in crate::format) fn change(&mut self, node: &Node<'_, '_>, problem: &Problem) -> Option<Change> {
        let quantity = |node: &Node<'_, '_>| node.get("quantity").and_then(|units| count(&units)).unwrap_or_default();
        Some(match node.get("type")?.text()? {
            "job_added" => {
                let ticket = self.ticket(node, problem)?;
                if let Ticket::New { job, at: _ } = &ticket {
                    // Later events may be about it.
                    self.reader.jobs.push(Some(&job.id));
                }
                Change::JobAdded(ticket)
            }
            "job_cancelled" => Change::JobCancelled { job: self.job(node)? },
            "job_started" => Change::JobStarted { job: self.job(node)?, at: self.time(node, "at")? },
            "job_finished" => Change::JobFinished { job: self.job(node)?, at: self.time(node, "at")? },
            "job_overran" => Change::JobOverran { job: self.job(node)?, until: self.time(node, "until")? },
            "technician_late" => {
                Change::TechnicianLate { technician: self.someone(node)?, until: self.time(node, "until")? }
            }
            "technician_sick" => {
                let (technician, from) = (self.someone(node), self.time(node, "from"));
                Change::TechnicianSick { technician: technician?, from: from?, until: self.time(node, "until") }
            }
            "technician_moved" => {
                let (technician, at) = (self.someone(node), self.time(node, "at"));
                let given = node.get("place")?;
                let before = self.reader.places.count();
                let place = self.reader.place(&given);
                let new_place = self.new_place(place, before, node, &given.pointer());
                let place = new_place.is_none().then_some(place);
                Change::TechnicianMoved { technician: technician?, at: at?, place, new_place }
            }
            "part_arrived" => {
                let (site, part, at) = (self.site(node), self.part(node), self.time(node, "at"));
                Change::PartArrived { site: site?, part: part?, quantity: quantity(node), at: at? }
            }
            "part_missing" => {
                let (site, part) = (self.site(node), self.part(node));
                Change::PartMissing { site: site?, part: part?, quantity: quantity(node) }
            }
            "freeze" => Change::Freeze { at: self.time(node, "at")? },
            "promises_priced" => Change::PromisesPriced {
                technician: node.get("moved_technician").and_then(|price| price.int()).map(Cost),
                start: node.get("moved_start").and_then(|rate| rate.int()).map(Rate),
            },
            _ => return None,
        })
    }

    fn time(&mut self, node: &Node<'_, '_>, key: &str) -> Option<Time> {
        time(&node.get(key)?, &self.reader.draft.horizon, &mut self.reader.found)
    }

    /// The name under a key, if it is a known one.
    fn job(&mut self, node: &Node<'_, '_>) -> Option<String> {
        let node = node.get("job")?;
        self.reader.jobs.refer(&node, &mut self.reader.found)?;
        node.text().map(str::to_owned)
    }
    fn someone(&mut self, node: &Node<'_, '_>) -> Option<String> {
        let node = node.get("technician")?;
        self.reader.technicians.refer(&node, &mut self.reader.found)?;
        node.text().map(str::to_owned)
    }
    fn site(&mut self, node: &Node<'_, '_>) -> Option<String> {
        let node = node.get("site")?;
        self.reader.sites.refer(&node, &mut self.reader.found)?;
        node.text().map(str::to_owned)
    }
    fn part(&mut self, node: &Node<'_, '_>) -> Option<String> {
        let node = node.get("part")?;
        self.reader.parts.refer(&node, &mut self.reader.found)?;
        node.text().map(str::to_owned)
    }

    /// A place that was met here for the first time, with the legs that came with it. Without matrices
    /// the legs are left to whoever knows the roads.
    fn new_place(&mut self, ix: PlaceIx, before: usize, node: &Node<'_, '_>, pointer: &str) -> Option<NewPlace> {
        let place = self.reader.places.fresh(ix).filter(|_| ix.index() >= before).cloned();
        let (legs, Some(place)) = (node.get("legs"), place) else {
            if let Some(legs) = node.get("legs") {
                let expected = say!("no legs, since the place is known");
                let finding = Finding::new(legs.pointer(), Code::Contradiction, expected, say!("an object"));
                self.reader.found.unless_doubtful(finding, &[pointer]);
            }
            return None;
        };
        let Some(rows) = self.rows.clone() else {
            if place.position.is_none() {
                let expected = say!("a position, as travel comes from roads or great circles");
                self.reader.found.missing(pointer.to_owned(), "lat", expected);
            }
            if let Some(legs) = legs {
                let expected = say!("no legs, since travel does not come from matrices");
                let finding = Finding::new(legs.pointer(), Code::Contradiction, expected, say!("an object"));
                self.reader.found.unless_doubtful(finding, &[]);
            }
            return Some(NewPlace { place, legs: Vec::new() });
        };
        let size = rows.iter().max().map_or(0, |most| most + 1);
        let Some(legs) = legs else {
            let expected = say!("a place of the plan, or \"legs\" to and from a new one");
            let finding = Finding::new(pointer, Code::UnknownReference, expected, say!("another place"));
            self.reader.found.unless_doubtful(finding, &[]);
            return None;
        };
        if let Some(index) = place.matrix_index.filter(|index| *index as usize != size) {
            let expected = say!("{}, the next index, or none", size);
            let finding = Finding::new(format!("{pointer}/index"), Code::OutOfRange, expected, value(index));
            self.reader.found.unless_doubtful(finding, &[]);
        }
        let legs = self.legs(&legs, &rows, size);
        let place = Place { matrix_index: u32::try_from(size).ok(), ..place };
        let longer: Vec<usize> = rows.iter().copied().chain([size]).collect();
        self.rows = Some(Arc::new(longer));
        Some(NewPlace { place, legs })
    }

    /// Legs by profile, in the order of the places.
    fn legs(&mut self, node: &Node<'_, '_>, rows: &[usize], size: usize) -> Vec<ProfileLegs> {
        for (name, legs) in node.entries() {
            self.reader.profiles.refer_by(name, &legs.path, &mut self.reader.found);
        }
        let profiles = Arc::clone(&self.profiles);
        let mut all = Vec::with_capacity(profiles.len());
        for (profile, kinds) in profiles.iter() {
            let Some(given) = node.get(profile) else {
                let expected = say!("legs for the profile {}", quoted(profile));
                let finding = Finding::new(node.pointer(), Code::MissingKey, expected, say!("none"));
                self.reader.found.unless_doubtful(finding, &[]);
                continue;
            };
            let plain = Arc::new(self.place_legs(&given, rows, size));
            let mut rush = Vec::new();
            if let Some(list) = given.get("rush") {
                for one in list.items() {
                    rush.push(Arc::new(self.place_legs(&one, rows, size)));
                }
            }
            if rush.len() != *kinds {
                let expected = say!("legs for each of {} matrices of rush hours", kinds);
                let finding = Finding::new(given.pointer(), Code::Contradiction, expected, value(rush.len()));
                self.reader.found.unless_doubtful(finding, &[]);
            }
            all.push(ProfileLegs { plain, rush });
        }
        all
    }

    fn place_legs(&mut self, node: &Node<'_, '_>, rows: &[usize], size: usize) -> PlaceLegs {
        let mut side = |key: &str| node.get(key).map(|row| self.row(&row, rows, size)).unwrap_or_default();
        PlaceLegs { to: side("to"), from: side("from") }
    }

    fn row(&mut self, node: &Node<'_, '_>, rows: &[usize], size: usize) -> Vec<Leg> {
        let mut numbers = |key: &str| -> Option<Vec<Option<u32>>> {
            let list = node.get(key)?;
            let Tree::List(items) = list.tree else { return None };
            if items.len() != size {
                let expected = say!("{} numbers, one for each index of the matrices", size);
                let finding = Finding::new(list.pointer(), Code::Contradiction, expected, value(items.len()));
                self.reader.found.unless_doubtful(finding, &[]);
                return None;
            }
            Some(
                items
                    .iter()
                    .map(|item| if let Tree::Int(number) = item { u32::try_from(*number).ok() } else { None })
                    .collect(),
            )
        };
        let seconds = numbers("seconds");
        let meters = if node.get("meters").is_some() { numbers("meters") } else { Some(vec![Some(0); size]) };
        let (Some(seconds), Some(meters)) = (seconds, meters) else { return Vec::new() };
        let leg = |row: &usize| match (seconds[*row], meters[*row]) {
            (Some(seconds), Some(meters)) => Leg { seconds, meters },
            _ => Leg::UNREACHABLE,
        };
        rows.iter().map(leg).collect()
    }
}
