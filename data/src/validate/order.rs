//! Order between jobs: pins, precedences, and jobs that return.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::format::moment::duration_text;
use crate::lang::{quoted, value};
use crate::limits;
use crate::pointer::Path;
use crate::units::Duration;
use crate::{say, word};

impl Checker<'_> {
    pub(super) fn order(&mut self) {
        let draft = self.draft;
        let jobs = Path::ROOT.key("jobs");
        let pinned = draft.jobs.iter().enumerate().filter_map(|(k, job)| {
            let after = job.pin.as_ref()?.after?.index();
            (after < draft.jobs.len()).then_some((after, k, k))
        });
        for cycle in cycles(draft.jobs.len(), pinned) {
            let first = jobs.at(cycle[0]);
            self.cycle(&first.key("pin").key("after"), &cycle, |k| format!("/jobs/{k}/pin/after"));
        }
        let list = Path::ROOT.key("precedences");
        for (k, order) in draft.precedences.iter().enumerate() {
            let here = list.at(k);
            self.refers(&here.key("before"), order.before.index(), draft.jobs.len(), word!("job"));
            self.refers(&here.key("after"), order.after.index(), draft.jobs.len(), word!("job"));
            self.length(&here.key("min_lag"), order.min_lag, limits::SPAN);
            if let Some(most) = order.max_lag {
                self.length(&here.key("max_lag"), most, limits::SPAN);
            }
            self.lag_order(&here, "min_lag", order.min_lag, "max_lag", order.max_lag);
        }
        let edges = draft.precedences.iter().enumerate().filter_map(|(k, order)| {
            let (before, after) = (order.before.index(), order.after.index());
            (before < draft.jobs.len() && after < draft.jobs.len()).then_some((before, after, k))
        });
        for cycle in cycles(draft.jobs.len(), edges) {
            self.cycle(&list.at(cycle[0]), &cycle, |k| format!("/precedences/{k}"));
        }
        let list = Path::ROOT.key("recurring");
        for (k, recurring) in draft.recurring.iter().enumerate() {
            let here = list.at(k);
            let template = here.key("job");
            self.name(&template.key("id"), &recurring.template.id);
            let known = draft.jobs.iter().any(|job| job.id == recurring.template.id)
                || draft.recurring[..k].iter().any(|other| other.template.id == recurring.template.id);
            if known {
                let got = quoted(&recurring.template.id);
                self.say(&template.key("id"), Code::DuplicateId, say!("an id that no other job has"), got);
            }
            self.job(&template, &recurring.template);
            if !(1..=limits::SPAN).contains(&recurring.interval.0) {
                let expected = say!("PT1S to {}", duration_text(limits::SPAN));
                self.say(&here.key("interval"), Code::OutOfRange, expected, value(duration_text(recurring.interval.0)));
            }
            self.length(&here.key("tolerance"), recurring.tolerance, limits::SPAN);
            if recurring.interval.0 > 0 && recurring.tolerance >= recurring.interval {
                let expected = say!("less than the interval, {}", duration_text(recurring.interval.0));
                let pointer = here.key("tolerance").to_string();
                let got = value(duration_text(recurring.tolerance.0));
                let finding = Finding::new(pointer, Code::Contradiction, expected, got);
                self.found.unless_doubtful(finding, &[&here.key("interval").to_string()]);
            }
            if let Some(done) = recurring.last_done {
                self.moment(&here.key("last_done"), done);
            }
        }
    }

    /// A least lag that is not above the most.
    pub(super) fn lag_order(&mut self, at: &Path<'_>, min: &str, least: Duration, max: &str, most: Option<Duration>) {
        if let Some(most) = most.filter(|most| *most < least) {
            let here = at.key(max).to_string();
            let expected = say!("at least {} ({})", duration_text(least.0), at.key(min));
            let finding = Finding::new(here, Code::Contradiction, expected, value(duration_text(most.0)));
            self.found.unless_doubtful(finding, &[&at.key(min).to_string()]);
        }
    }

    fn cycle(&mut self, at: &Path<'_>, cycle: &[usize], pointer: impl Fn(usize) -> String) {
        const SHOWN: usize = 4;
        let mut way: Vec<_> = cycle.iter().take(SHOWN).map(|k| pointer(*k)).collect();
        if cycle.len() > SHOWN {
            way.push("…".into());
        }
        let got = say!("a circle of {}", cycle.len());
        let finding = Finding::new(at.to_string(), Code::Cycle, say!("an order without circles"), got);
        self.found.unless_doubtful(finding.hint(say!("it runs through {}", way.join(", "))), &[]);
    }
}

/// Most circles that are looked for: each may be as long as the list of jobs.
const MOST_CIRCLES: usize = 50;

/// Circles among edges `(from, to, name)`, one for each edge that closes one, as the names of its
/// edges, smallest first. Without recursion, so a chain may be as long as it likes.
fn cycles(nodes: usize, edges: impl Iterator<Item = (usize, usize, usize)>) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<(usize, usize)>> = vec![Vec::new(); nodes];
    for (from, to, name) in edges {
        out[from].push((to, name));
    }
    let (mut state, mut found) = (vec![State::New; nodes], Vec::new());
    let mut depth = vec![0; nodes];
    for root in 0..nodes {
        if state[root] != State::New || out[root].is_empty() {
            continue;
        }
        // The way from the root to the node in hand, with the next edge to try of each and the name
        // of the edge by which it was reached.
        let mut way: Vec<(usize, usize, usize)> = vec![(root, 0, usize::MAX)];
        state[root] = State::Open;
        depth[root] = 0;
        while let Some((node, next, _)) = way.last_mut() {
            let Some(&(to, name)) = out[*node].get(*next) else {
                state[*node] = State::Done;
                way.pop();
                continue;
            };
            *next += 1;
            match state[to] {
                State::Done => {}
                State::New => {
                    state[to] = State::Open;
                    depth[to] = way.len();
                    way.push((to, 0, name));
                }
                State::Open => {
                    let mut circle: Vec<_> = way[depth[to] + 1..].iter().map(|(.., by)| *by).chain([name]).collect();
                    let smallest = circle.iter().enumerate().min_by_key(|(_, name)| **name).map_or(0, |(at, _)| at);
                    circle.rotate_left(smallest);
                    found.push(circle);
                    if found.len() == MOST_CIRCLES {
                        return found;
                    }
                }
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

#[cfg(test)]
mod tests {
    use super::cycles;

    #[test]
    fn a_circle_is_found_once_and_a_long_chain_is_none() {
        let chain = (0..100_000).map(|k| (k, k + 1, k));
        assert_eq!(cycles(100_001, chain), Vec::<Vec<usize>>::new());
        let edges = [(0, 1, 10), (1, 2, 11), (2, 0, 9), (3, 0, 12), (4, 4, 13)];
        assert_eq!(cycles(5, edges.into_iter()), vec![vec![9, 10, 11], vec![13]]);
    }

    #[test]
    fn a_hundred_thousand_circles_of_a_hundred_thousand_are_not_all_written_out() {
        let there = (0..100_000).map(|k| (k, k + 1, 2 * k));
        let back = (1..100_001).map(|k| (k, 0, 2 * k + 1));
        assert_eq!(cycles(100_001, there.chain(back)).len(), super::MOST_CIRCLES);
    }
}
