//! Findings as they are gathered, and which places of the input they make doubtful.
//!
//! A reader that meets a wrong value goes on with a placeholder. What rests on that place is in
//! doubt, and a later check that needs it stays silent: nobody reads of a mistake he did not make.

use crate::finding::{Code, Finding};
use crate::lang::{Text, quoted};
use crate::limits;
use crate::say;
use std::collections::BTreeSet;

/// Everything found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    list: Vec<Finding>,
    unlisted: usize,
    doubtful: BTreeSet<String>,
}

impl Found {
    /// A value is wrong where it stands.
    pub(crate) fn wrong(&mut self, finding: Finding) {
        self.doubtful.insert(finding.pointer.clone());
        self.list(finding);
    }
    /// Something is wrong that leaves every value usable: an unknown key, a repeated one.
    pub(crate) fn note(&mut self, finding: Finding) {
        self.list(finding);
    }
    /// A key that should be there is not; said once, and not where the key is already in doubt.
    pub(crate) fn missing(&mut self, object: String, key: &str, expected: Text) {
        let place = format!("{object}/{key}");
        if !self.is_doubtful(&place) {
            self.doubt(place);
            self.note(Finding::new(
                object,
                Code::MissingKey,
                say!("the key {}: {}", quoted(key), expected),
                say!("nothing"),
            ));
        }
    }
    /// A place of which nothing can be said.
    pub(crate) fn doubt(&mut self, pointer: impl Into<String>) {
        self.doubtful.insert(pointer.into());
    }
    /// Something is wrong, if the place itself and all places it is measured against hold.
    pub(crate) fn unless_doubtful(&mut self, finding: Finding, measured_against: &[&str]) {
        if !self.is_doubtful(&finding.pointer) && !measured_against.iter().any(|place| self.is_doubtful(place)) {
            self.wrong(finding);
        }
    }
    /// Whether a place, one around it or one within it is in doubt.
    pub(crate) fn is_doubtful(&self, pointer: &str) -> bool {
        if self.doubtful.is_empty() {
            return false;
        }
        let around = pointer.match_indices('/').map(|(at, _)| &pointer[..at]).chain([pointer]);
        let within = format!("{pointer}/");
        around.into_iter().any(|place| self.doubtful.contains(place))
            || self.doubtful.range(within.clone()..).next().is_some_and(|place| place.starts_with(&within))
    }
    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// Whether further findings are only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= limits::FINDINGS
    }
    /// How many are listed.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }
    /// All findings in the order in which they were found; the last says how many were left out.
    pub(crate) fn finish(mut self) -> Vec<Finding> {
        if self.unlisted > 0 {
            let expected = say!("at most {} findings to show", limits::FINDINGS);
            self.list.push(Finding::new("", Code::TooLarge, expected, say!("{} more", self.unlisted)));
        }
        self.list
    }

    fn list(&mut self, finding: Finding) {
        if self.is_full() { self.unlisted += 1 } else { self.list.push(finding) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::value;

    fn finding(pointer: &str) -> Finding {
        Finding::new(pointer, Code::OutOfRange, value("less"), value("more"))
    }

    #[test]
    fn nothing_is_said_about_what_rests_on_a_wrong_value() {
        let mut found = Found::default();
        found.wrong(finding("/jobs/3/windows/0/open"));
        found.unless_doubtful(finding("/jobs/3/windows/0/close"), &["/jobs/3/windows/0/open"]);
        found.unless_doubtful(finding("/jobs/3/windows"), &[]);
        found.unless_doubtful(finding("/jobs/3/windows/0/open/deeper"), &[]);
        assert_eq!(found.len(), 1);
        found.unless_doubtful(finding("/jobs/31"), &[]);
        found.unless_doubtful(finding("/jobs/3/windows/1/close"), &["/jobs/3/windows/1/open"]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn findings_past_the_limit_are_counted() {
        let mut found = Found::default();
        for k in 0..limits::FINDINGS + 5 {
            found.note(finding(&format!("/{k}")));
        }
        let all = found.finish();
        assert_eq!(all.len(), limits::FINDINGS + 1);
        assert_eq!(all.last().map(|last| last.got.english()), Some("5 more"));
    }
}
