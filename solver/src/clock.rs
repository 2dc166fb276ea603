//! The clock: the only place that makes time. Legs, breaks, set-up, waiting, work.
//!
//! All functions are first in, first out: who is ready later is never done earlier. So the
//! earliest time is the best time for every hard rule, and each forward function has a backward
//! twin that gives the latest moment from which a moment can still be met. Knows no prices.

use crate::instance::{Instance, NodeId, NodeInfo, NodeKind, ShiftInfo, certified_span};
use dispatch_data::problem::{Break, Window};
use dispatch_data::units::{Duration, Time};

/// The way to a node: time on the road, then set-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) travel: Duration,
    pub(crate) setup: Duration,
}

impl Hop {
    #[inline]
    pub(crate) fn total(self) -> Duration {
        self.travel + self.setup
    }
}

/// What came of a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hopped {
    pub(crate) arrival: Time,
    /// Work could start.
    pub(crate) ready: Time,
    /// Waiting for break windows on the way.
    pub(crate) waited: Duration,
    /// By how much the departure could move without any break leaving its window, waiting on the
    /// way not yet counted.
    pub(crate) room: Duration,
    /// By how much the departure could move with the arrival moving along: past it a break taken at
    /// the place would fall into the leg, and the arrival jump by its length.
    pub(crate) arrival_room: Duration,
}

/// More room than any day has.
const ENDLESS: Duration = Duration(i64::MAX / 4);

/// Leaves at `departure`, with no break on the way.
#[inline]
pub(crate) fn hop(departure: Time, hop: Hop) -> Hopped {
    let arrival = departure + hop.travel;
    Hopped { arrival, ready: arrival + hop.setup, waited: Duration::ZERO, room: ENDLESS, arrival_room: ENDLESS }
}

/// A break at its earliest on a hop: its start, and what came of the hop.
///
/// Before leaving or in the middle of the leg if its window is open by arrival; else at the place,
/// after the set-up where that still keeps the window, else between arrival and set-up.
#[inline]
pub(crate) fn hop_with_break(departure: Time, way: Hop, rest: &Break) -> Option<(Time, Hopped)> {
    let Window { open, close } = rest.window;
    if departure > close {
        return None;
    }
    let arrival = departure + way.travel;
    if open <= arrival {
        let start = open.max(departure);
        let ready = arrival + rest.duration + way.setup;
        let room = close - departure;
        let (arrival, arrival_room) = if start < arrival {
            (arrival + rest.duration, ENDLESS)
        } else {
            (arrival, if way.travel == Duration::ZERO { ENDLESS } else { Duration::ZERO })
        };
        return Some((start, Hopped { arrival, ready, waited: Duration::ZERO, room, arrival_room }));
    }
    let arrival_room = if way.travel == Duration::ZERO { ENDLESS } else { open - arrival };
    let done = arrival + way.setup;
    if done <= close {
        let start = open.max(done);
        let ready = start + rest.duration;
        let hopped = Hopped { arrival, ready, waited: start - done, room: close - done, arrival_room };
        Some((start, hopped))
    } else {
        // The window opens and closes during the set-up: wait for it on arrival.
        let ready = open + rest.duration + way.setup;
        Some((open, Hopped { arrival, ready, waited: open - arrival, room: Duration::ZERO, arrival_room }))
    }
}

/// A hop with the next `breaks`, all of them: starts go to `taken`.
pub(crate) fn hop_with_breaks(
    departure: Time,
    way: Hop,
    breaks: &[Break],
    mut taken: impl FnMut(Time),
) -> Option<Hopped> {
    let Some((first, later)) = breaks.split_first() else { return Some(hop(departure, way)) };
    let (start, mut hopped) = hop_with_break(departure, way, first)?;
    taken(start);
    for rest in later {
        let start = hopped.ready.max(rest.window.open);
        if start > rest.window.close {
            return None;
        }
        taken(start);
        hopped.room = hopped.room.min(hopped.waited + (rest.window.close - hopped.ready));
        hopped.waited += start - hopped.ready;
        hopped.ready = start + rest.duration;
    }
    Some(hopped)
}

/// The latest departure from which a hop with the next `breaks` is ready by `bound`.
pub(crate) fn latest_departure(mut bound: Time, way: Hop, breaks: &[Break]) -> Option<Time> {
    let Some((first, later)) = breaks.split_first() else { return Some(bound - way.total()) };
    for rest in later.iter().rev() {
        if rest.window.open + rest.duration > bound {
            return None;
        }
        bound = rest.window.close.min(bound - rest.duration);
    }
    let Window { open, close } = first.window;
    let in_leg = close.min(bound - way.total() - first.duration);
    if in_leg >= open - way.travel {
        return Some(in_leg);
    }
    let squeezed = open - way.travel - Duration(1);
    if squeezed + way.total() > close && open + first.duration + way.setup <= bound {
        return Some(squeezed);
    }
    let after_setup = (close - way.total()).min(bound - first.duration - way.total()).min(squeezed);
    if after_setup > open - way.total() {
        return Some(after_setup);
    }
    (open + first.duration <= bound).then(|| (open - way.total()).min(squeezed))
}

/// The first allowed start at or after `ready`.
#[inline]
pub(crate) fn first_start(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    id: NodeId,
    node: &NodeInfo,
    ready: Time,
) -> Option<Time> {
    if node.plain {
        return (ready <= node.close).then(|| ready.max(node.open));
    }
    if ready > node.close {
        return None;
    }
    spans(instance, shift, id, node).find(|span| span.close >= ready).map(|span| span.open.max(ready))
}

/// The latest allowed start at or before `bound`: also the latest moment to be ready.
#[inline]
pub(crate) fn last_start(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    id: NodeId,
    node: &NodeInfo,
    bound: Time,
) -> Option<Time> {
    if node.plain {
        return (bound >= node.open).then(|| bound.min(node.close));
    }
    if bound < node.open {
        return None;
    }
    spans(instance, shift, id, node).filter(|span| span.open <= bound).last().map(|span| span.close.min(bound))
}

/// How much later a start could be without leaving its span of allowed starts.
#[inline]
pub(crate) fn start_room(
    instance: &Instance<'_>,
    shift: &ShiftInfo,
    id: NodeId,
    node: &NodeInfo,
    start: Time,
) -> Duration {
    if node.plain {
        return node.close - start;
    }
    room_in_spans(instance, shift, id, node, start)
}

#[inline(never)] // the rare case, out of the way of the walk
fn room_in_spans(instance: &Instance<'_>, shift: &ShiftInfo, id: NodeId, node: &NodeInfo, start: Time) -> Duration {
    spans(instance, shift, id, node).find(|span| span.holds(start)).map_or(Duration::ZERO, |span| span.close - start)
}

/// Spans of allowed starts, in order: start windows, cut by completion windows, certificates and
/// the limit on the end of work.
fn spans<'a>(
    instance: &'a Instance<'_>,
    shift: &'a ShiftInfo,
    id: NodeId,
    node: &'a NodeInfo,
) -> impl Iterator<Item = Window> + 'a {
    let (mut from, mut until) = (Time::ALWAYS, Time::NEVER);
    let mut ends: &[Window] = &[];
    let work = instance.work(shift, id, node);
    if let NodeKind::Job(job) = instance.kind(id) {
        let job = instance.job(job);
        if node.ends {
            ends = &job.end_windows;
        }
        let certified = certified_span(instance.problem.technician(shift.technician), &job.skills);
        from = certified.0;
        until = certified.1 - work;
        if let Some(limit) = job.sla.resolve.and_then(|deadline| deadline.limit)
            && node.limits
        {
            until = until.min(limit - work);
        }
    }
    let whole = [Window { open: Time::ALWAYS, close: Time::NEVER }];
    instance.windows(node).iter().flat_map(move |window| {
        let open = window.open.max(from);
        let close = window.close.min(until);
        let count = if ends.is_empty() { 1 } else { ends.len() };
        (0..count).filter_map(move |k| {
            let end = ends.get(k).copied().unwrap_or(whole[0]);
            let span = Window { open: open.max(end.open - work), close: close.min(end.close - work) };
            (span.open <= span.close).then_some(span)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lunch(open: i64, close: i64, length: i64) -> Break {
        Break { window: Window { open: Time(open), close: Time(close) }, duration: Duration(length), paid: false }
    }

    #[test]
    fn a_break_in_the_middle_of_a_leg_delays_the_arrival() {
        let way = Hop { travel: Duration(100), setup: Duration(10) };
        let (start, hopped) = hop_with_break(Time(50), way, &lunch(80, 120, 30)).unwrap();
        assert_eq!((start, hopped.arrival, hopped.ready), (Time(80), Time(180), Time(190)));
    }

    #[test]
    fn a_break_not_yet_open_on_arrival_waits_at_the_place_after_set_up() {
        let way = Hop { travel: Duration(20), setup: Duration(10) };
        let (start, hopped) = hop_with_break(Time(0), way, &lunch(80, 120, 30)).unwrap();
        assert_eq!((start, hopped.arrival, hopped.ready, hopped.waited), (Time(80), Time(20), Time(110), Duration(50)));
    }

    #[test]
    fn a_break_whose_window_is_over_cannot_be_taken() {
        assert_eq!(hop_with_break(Time(121), Hop::default(), &lunch(80, 120, 30)), None);
    }

    /// The backward function is the exact inverse of the forward one, found here by trying all.
    #[test]
    fn the_latest_departure_is_the_last_that_works() {
        for (open, close, length) in [(40, 60, 10), (40, 43, 10), (40, 40, 5), (10, 90, 20)] {
            for travel in [0, 7, 30] {
                for setup in [0, 5, 12] {
                    let way = Hop { travel: Duration(travel), setup: Duration(setup) };
                    let rest = lunch(open, close, length);
                    for bound in 0..160 {
                        let plain = (-60..160).rev().find(|d| {
                            hop_with_break(Time(*d), way, &rest).is_some_and(|(_, hopped)| hopped.ready <= Time(bound))
                        });
                        let fast = latest_departure(Time(bound), way, &[rest]).map(|time| time.0);
                        let fast = fast.filter(|d| *d >= -60);
                        assert_eq!(
                            fast, plain,
                            "window {open}..{close} + {length}, way {travel}+{setup}, bound {bound}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn who_leaves_later_is_never_ready_earlier() {
        let way = Hop { travel: Duration(9), setup: Duration(8) };
        let rest = lunch(30, 36, 10);
        let mut last = Time(0);
        for departure in 0..=36 {
            let (_, hopped) = hop_with_break(Time(departure), way, &rest).unwrap();
            assert!(hopped.ready >= last, "left at {departure}");
            last = hopped.ready;
        }
    }
}
