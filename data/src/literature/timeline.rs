//! One route in time: as early as possible, and as short as possible by leaving later.
//!
//! The shortest duration follows from one forward pass (Savelsbergh 1992): leaving later takes
//! waiting away until a window would be missed or no waiting is left.

/// A route on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    opened: f64,
    now: f64,
    waited: f64,
    slack: f64,
    tolerance: f64,
}

impl Timeline {
    /// Leaves within `[open, close]`; what is late by at most `tolerance` is not late.
    pub(super) fn leave(open: f64, close: f64, tolerance: f64) -> Self {
        Self { opened: open, now: open, waited: 0.0, slack: close - open, tolerance }
    }
    /// Travels, then starts within `[open, close]` and works; how late the start is, where it is.
    pub(super) fn visit(&mut self, travel: f64, (open, close): (f64, f64), service: f64) -> Option<f64> {
        let arrival = self.now + travel;
        self.waited += (open - arrival).max(0.0);
        let start = arrival.max(open);
        self.slack = self.slack.min(self.waited + close - start);
        self.now = start + service;
        (arrival > close + self.tolerance).then_some(arrival - close)
    }
    /// From the latest departure that delays nothing to the end.
    pub(super) fn duration(&self) -> f64 {
        self.now - (self.opened + self.slack.min(self.waited))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_later_takes_waiting_away_as_far_as_windows_allow() {
        // Ten to the first, which opens at 30 and closes at 32; ten to the second, open from 60.
        let mut route = Timeline::leave(0.0, 100.0, 0.0);
        assert_eq!(route.visit(10.0, (30.0, 32.0), 5.0), None);
        assert_eq!(route.visit(10.0, (60.0, 90.0), 5.0), None);
        assert_eq!(route.visit(10.0, (0.0, 100.0), 0.0), None);
        // Early: 0 to 75 with 20 and 15 waited. Leaving at 22 reaches the first at its close.
        assert_eq!(route.duration(), 75.0 - 22.0);
    }

    #[test]
    fn late_is_what_is_past_the_close_and_the_tolerance() {
        let mut route = Timeline::leave(0.0, 100.0, 1e-6);
        assert_eq!(route.visit(10.0 + 5e-7, (0.0, 10.0), 0.0), None);
        assert_eq!(route.visit(10.0, (0.0, 15.0), 0.0).map(f64::round), Some(5.0));
    }
}
