//! Checks of a whole [`Draft`]: ranges, references, order in time. Gives all findings at once.
//!
//! Nothing about JSON types here: readers see to those and point at the same places.

use crate::finding::{Code, Finding};
use crate::problem::{Draft, Window};

/// Everything wrong with a draft; empty when it is a valid problem.
pub fn findings(draft: &Draft) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, job) in draft.jobs.iter().enumerate() {
        if job.windows.is_empty() {
            found.push(Finding::new(format!("/jobs/{at}/windows"), Code::Empty, "at least one window", "none"));
        }
        for (k, window) in job.windows.iter().enumerate() {
            window_order(&mut found, &format!("/jobs/{at}/windows/{k}"), *window);
        }
    }
    found
}

fn window_order(found: &mut Vec<Finding>, pointer: &str, window: Window) {
    if window.close < window.open {
        found.push(Finding::new(
            format!("{pointer}/close"),
            Code::ClosedBeforeOpen,
            format!("at or after {} s", window.open.0),
            format!("{} s", window.close.0),
        ));
    }
}
