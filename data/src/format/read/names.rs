//! Names and what they refer to: positions of nouns by the caller's ids.

use crate::finding::{Code, Finding};
use crate::format::check::did_you_mean;
use crate::format::node::Node;
use crate::lang::{Word, quoted};
use crate::limits;
use crate::pointer::Path;
use crate::say;
use crate::validate::found::Found;
use std::collections::HashMap;
use std::sync::Arc;

/// Every suggestion costs a look at every name: so many looks are spent on one input.
const LOOKS: usize = 2_000_000;

/// The names of one kind of noun. Cheap to clone: what is known is shared until one of them grows.
#[derive(Clone, Debug)]
pub(super) struct Names {
    what: Word,
    list: Arc<Vec<String>>,
    index: Arc<HashMap<String, u32>>,
    /// A name met for the first time is a new one, not a mistake.
    grows: bool,
    /// Some ids did not read, so an unknown name may well be one of those.
    doubtful: bool,
}

impl Names {
    /// No names yet.
    pub(super) fn none(what: Word) -> Self {
        Self { what, list: Arc::default(), index: Arc::default(), grows: false, doubtful: false }
    }
    /// The names a list gives, where there is one; else every name that is met.
    pub(super) fn free(what: Word, list: Option<Node<'_, '_>>) -> Self {
        let mut names = Self::none(what);
        match list {
            None => names.grows = true,
            Some(list) => {
                names.doubtful = list.is_bad();
                for name in list.items() {
                    names.push(name.text());
                }
            }
        }
        names
    }
    /// The ids of a list of objects.
    pub(super) fn of_ids(what: Word, list: Option<Node<'_, '_>>) -> Self {
        let mut names = Self::none(what);
        if let Some(list) = list {
            names.doubtful = list.is_bad();
            for noun in list.items() {
                names.push(noun.get("id").and_then(|id| id.text()));
            }
        }
        names
    }
    /// Known names, in order.
    pub(super) fn known<'n>(what: Word, list: impl IntoIterator<Item = &'n str>) -> Self {
        let mut names = Self::none(what);
        for name in list {
            names.push(Some(name));
        }
        names
    }
    /// The next name; `None` for one that did not read. The first of equal names is meant by it.
    pub(super) fn push(&mut self, name: Option<&str>) {
        let position = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        match name {
            Some(name) if !name.is_empty() => {
                Arc::make_mut(&mut self.index).entry(name.to_owned()).or_insert(position);
            }
            _ => self.doubtful = true,
        }
        Arc::make_mut(&mut self.list).push(name.unwrap_or_default().to_owned());
    }
    /// Every unknown name may be one that did not read.
    pub(super) fn set_doubtful(&mut self) {
        self.doubtful = true;
    }
    /// Position of a name, without a finding.
    pub(super) fn position(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }
    /// What the text of a node refers to, or a finding.
    pub(super) fn refer(&mut self, node: &Node<'_, '_>, found: &mut Found) -> Option<u32> {
        self.refer_by(node.text()?, &node.path, found)
    }
    /// What a name at a place refers to, or a finding.
    pub(super) fn refer_by(&mut self, name: &str, at: &Path<'_>, found: &mut Found) -> Option<u32> {
        if let Some(position) = self.position(name) {
            return Some(position);
        }
        if self.grows && (name.is_empty() || name.chars().nth(limits::NAME).is_some()) {
            found.doubt(at.to_string());
            return None;
        }
        if self.grows {
            self.push(Some(name));
            return self.position(name);
        }
        let pointer = at.to_string();
        if self.doubtful {
            found.doubt(pointer);
            return None;
        }
        let finding = Finding::new(pointer, Code::UnknownReference, say!("a known {}", self.what), quoted(name));
        let known = if found.len() * self.list.len() < LOOKS { &self.list[..] } else { &[] };
        found.wrong(match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(hint) => finding.hint(hint),
            None => finding,
        });
        None
    }
    /// All names, in order.
    pub(super) fn list(self) -> Vec<String> {
        Arc::unwrap_or_clone(self.list)
    }
}
