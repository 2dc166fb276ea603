//! What a point on the way means: a barrier that stops, a signal that costs time.

use super::{Access, Profile};
use crate::tags::Tags;

/// The effect of a map node on those who pass it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    /// Nobody of this profile passes.
    pub(crate) blocked: bool,
    /// Seconds lost in passing.
    pub(crate) delay: f64,
}

impl Profile {
    /// The effect of a node with these tags.
    pub(crate) fn point(&self, tags: &Tags<'_>) -> Point {
        if tags.is_empty() {
            return Point::default();
        }
        let access = self
            .keys
            .iter()
            .rev()
            .filter_map(|key| tags.get(&key.both))
            .map(|value| self.access_of(value))
            .find(|access| *access != Access::Unsaid)
            .unwrap_or(Access::Unsaid);
        let obstacle = tags.get("barrier").is_some();
        let blocked = match access {
            Access::Refused => obstacle || tags.get("highway").is_none_or(|kind| kind != "crossing"),
            Access::Allowed | Access::Restricted => false,
            Access::Unsaid => self.blocks.iter().any(|matcher| matcher.matches(tags)),
        };
        let delay = self.delays.iter().filter(|(matcher, _)| matcher.matches(tags)).map(|(_, seconds)| *seconds);
        Point { blocked, delay: delay.fold(0.0, f64::max) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(tags: &[(&str, &str)]) -> Point {
        Profile::car().expect("bundled").point(&Tags::Plain(tags))
    }

    #[test]
    fn a_bollard_stops_cars_unless_a_sign_lets_them_through() {
        assert!(at(&[("barrier", "bollard")]).blocked);
        assert!(!at(&[("barrier", "bollard"), ("motor_vehicle", "yes")]).blocked);
        assert!(at(&[("barrier", "gate"), ("access", "no")]).blocked);
        assert!(!at(&[("barrier", "gate"), ("access", "no"), ("motorcar", "yes")]).blocked);
        assert!(!at(&[("barrier", "gate"), ("access", "private")]).blocked);
        assert!(!at(&[("highway", "crossing"), ("motor_vehicle", "no")]).blocked);
    }

    #[test]
    fn signals_and_gates_cost_time_and_only_the_longest_counts() {
        assert_eq!(at(&[("highway", "traffic_signals")]).delay, 4.0);
        assert_eq!(at(&[("highway", "crossing"), ("crossing", "traffic_signals")]).delay, 3.0);
        assert_eq!(at(&[("barrier", "gate")]).delay, 15.0);
        assert_eq!(at(&[("natural", "tree")]), Point::default());
    }
}
