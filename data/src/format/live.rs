//! What is asked and told of a live plan, as JSON: read in two steps, since the words that a request
//! uses are known only when its plan is at hand.
//!
//! [`Request`] checks the shape; [`Words`] are those of one version of a problem, made once; with both
//! there are nouns. Answers are put together by whoever gives them, from [`write_stop`],
//! [`write_instant`] and [`write_length`].

use super::node::Node;
use super::read::Beside;
use super::shape::{Object, Shape};
use super::tree::{self, Tree};
use super::{check, keys};
use crate::finding::{Code, Finding};
use crate::ids::TechIx;
use crate::live::{Change, Ticket};
use crate::pointer::Path;
use crate::problem::{Problem, Window};
use crate::say;
use crate::validate::found::Found;

pub use super::write::{write_instant, write_length, write_stop};

/// The words of a problem, ready for reading requests about it.
#[derive(Clone)]
pub struct Words(Beside);

impl Words {
    /// The words of a problem. Takes as long as a walk over it.
    pub fn of(problem: &Problem) -> Self {
        Self(Beside::of(problem))
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}

/// A request whose shape is right.
#[derive(Debug)]
pub struct Request {
    tree: Tree,
    /// A problem that came with it, as it came.
    problem: Option<Tree>,
}

impl Request {
    /// Who should take a ticket?
    ///
    /// # Errors
    /// All findings about its shape.
    pub fn recommendation(text: impl AsRef<[u8]>) -> Result<Self, Vec<Finding>> {
        let request = Self::read(text.as_ref(), &keys::RECOMMENDATION)?;
        let mut found = Found::default();
        request.one_of(&["plan", "problem"], &mut found);
        request.one_of(&["ticket", "job", "technician"], &mut found);
        let alone = [("slots", "technician"), ("everybody", "technician"), ("everybody", "slots")];
        for (key, other) in alone {
            request.apart(key, other, &mut found);
        }
        if request.has("version") && request.problem.is_some() {
            request.apart("version", "problem", &mut found);
        }
        if request.flag("explain") && !request.flag("everybody") {
            let expected = say!("\"everybody\" beside it");
            found.wrong(Finding::new("/explain", Code::Contradiction, expected, say!("nothing")));
        }
        request.sound(found)
    }
    /// A technician takes a ticket.
    ///
    /// # Errors
    /// All findings about its shape.
    pub fn acceptance(text: impl AsRef<[u8]>) -> Result<Self, Vec<Finding>> {
        let request = Self::read(text.as_ref(), &keys::ACCEPTANCE)?;
        let mut found = Found::default();
        request.one_of(&["ticket", "job"], &mut found);
        request.sound(found)
    }
    /// A technician does not take a job.
    ///
    /// # Errors
    /// All findings about its shape.
    pub fn refusal(text: impl AsRef<[u8]>) -> Result<Self, Vec<Finding>> {
        Self::read(text.as_ref(), &keys::REFUSAL)
    }
    /// What has happened.
    ///
    /// # Errors
    /// All findings about its shape.
    pub fn changes(text: impl AsRef<[u8]>) -> Result<Self, Vec<Finding>> {
        Self::read(text.as_ref(), &keys::CHANGES)
    }

    fn read(text: &[u8], shape: &'static Object) -> Result<Self, Vec<Finding>> {
        let mut tree = tree::parse(text).map_err(|finding| vec![*finding])?;
        // A problem has a reader of its own, with pointers of its own.
        let problem = match &mut tree {
            Tree::Object(entries) if shape.field("problem").is_some() => {
                let at = entries.iter().position(|(key, _)| **key == *"problem");
                at.map(|at| entries.remove(at).1)
            }
            _ => None,
        };
        let mut found = Found::default();
        check::check(&mut tree, Shape::Object(shape), &Path::ROOT, &mut found);
        if found.is_empty() { Ok(Self { tree, problem }) } else { Err(found.finish()) }
    }
    fn sound(self, found: Found) -> Result<Self, Vec<Finding>> {
        if found.is_empty() { Ok(self) } else { Err(found.finish()) }
    }
    fn root(&self) -> Node<'_, '_> {
        Node { tree: &self.tree, path: Path::ROOT }
    }
    fn has(&self, key: &str) -> bool {
        self.root().get(key).is_some() || (key == "problem" && self.problem.is_some())
    }
    fn one_of(&self, keys: &[&str], found: &mut Found) {
        let given: Vec<&str> = keys.iter().copied().filter(|key| self.has(key)).collect();
        if given.len() != 1 {
            let names: Vec<String> = keys.iter().map(|key| format!("{key:?}")).collect();
            let expected = say!("exactly one of {}", names.join(", "));
            let code = if given.is_empty() { Code::MissingKey } else { Code::Contradiction };
            found.note(Finding::new("", code, expected, say!("{} of them", given.len())));
        }
    }
    fn apart(&self, key: &str, other: &str, found: &mut Found) {
        if self.has(key) && self.has(other) {
            let expected = say!("nothing beside \"{}\"", other);
            found.wrong(Finding::new(format!("/{key}"), Code::Contradiction, expected, say!("both")));
        }
    }

    /// The text under a key.
    pub fn text(&self, key: &str) -> Option<String> {
        self.root().get(key).and_then(|node| node.text().map(str::to_owned))
    }
    /// The whole number under a key.
    pub fn number(&self, key: &str) -> Option<i64> {
        self.root().get(key).and_then(|node| node.int())
    }
    /// The flag under a key, false where it is not there.
    pub fn flag(&self, key: &str) -> bool {
        self.root().get(key).and_then(|node| node.flag()).unwrap_or_default()
    }
    /// The problem that came with it, once.
    ///
    /// # Errors
    /// All findings of the problem.
    pub fn problem(&mut self) -> Option<Result<Problem, Vec<Finding>>> {
        let mut tree = self.problem.take()?;
        let within = |findings: Vec<Finding>| -> Vec<Finding> {
            let moved = |finding: Finding| Finding { pointer: format!("/problem{}", finding.pointer), ..finding };
            findings.into_iter().map(moved).collect()
        };
        Some(super::problem_of(&mut tree).map_err(within))
    }
    /// The ticket: a new one, or an open job.
    ///
    /// # Errors
    /// All findings; so for the others.
    pub fn ticket(&self, words: &Words, problem: &Problem) -> Result<Option<Ticket>, Vec<Finding>> {
        let mut beside = words.0.clone();
        let ticket = beside.ticket(&self.root(), problem);
        beside.done(ticket)
    }
    /// The technician.
    ///
    /// # Errors
    /// Nobody of that name.
    pub fn technician(&self, words: &Words) -> Result<Option<TechIx>, Vec<Finding>> {
        let mut beside = words.0.clone();
        let technician = self.root().get("technician").and_then(|node| beside.technician(&node));
        beside.done(technician)
    }
    /// The spans of starts to choose from, where there are some.
    ///
    /// # Errors
    /// Spans that close before they open.
    pub fn slots(&self, words: &Words) -> Result<Option<Vec<Window>>, Vec<Finding>> {
        let mut beside = words.0.clone();
        let slots = self.root().get("slots").map(|list| beside.windows(&list));
        beside.done(slots)
    }
    /// The events, in order.
    ///
    /// # Errors
    /// All findings of all events.
    pub fn events(&self, words: &Words, problem: &Problem) -> Result<Vec<Change>, Vec<Finding>> {
        let mut beside = words.0.clone();
        let mut changes = Vec::new();
        if let Some(list) = self.root().get("changes") {
            for node in list.items() {
                changes.extend(beside.change(&node, problem));
            }
        }
        beside.done(changes)
    }
}
