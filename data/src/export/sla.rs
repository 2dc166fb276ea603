//! How the promises of a planned visit stand: kept, at risk, late.
//!
//! Prices of lateness are on the bill, not here.

use crate::plan::Stop;
use crate::problem::{Deadline, Job, SlaEvent};
use crate::units::{Duration, Time};

/// A promise that is kept with less than this to spare is at risk.
pub const AT_RISK: Duration = Duration::minutes(30);

/// How a promise stands, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlaState {
    /// Nothing was promised.
    #[default]
    None,
    /// Kept with [`AT_RISK`] or more to spare.
    OnTime,
    /// Kept, but barely.
    AtRisk,
    /// Not kept.
    Late,
}

impl SlaState {
    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OnTime => "on_time",
            Self::AtRisk => "at_risk",
            Self::Late => "late",
        }
    }
}

/// One promise of a planned visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What was promised.
    pub event: SlaEvent,
    /// Until when.
    pub due: Time,
    /// When the plan has it happen.
    pub planned: Time,
}

impl Promise {
    /// Time to spare; negative when late.
    pub fn slack(&self) -> Duration {
        self.due - self.planned
    }
    /// How it stands.
    pub fn state(&self) -> SlaState {
        match self.slack() {
            slack if slack < Duration::ZERO => SlaState::Late,
            slack if slack < AT_RISK => SlaState::AtRisk,
            _ => SlaState::OnTime,
        }
    }
}

/// The promises of a job as a stop keeps them: respond by its departure, arrive by its arrival,
/// resolve by its end.
pub fn promises(job: &Job, stop: &Stop) -> Vec<Promise> {
    let crate::problem::Sla { respond, arrive, resolve } = job.sla;
    let promise = |deadline: Option<Deadline>, event, planned| {
        deadline.map(|deadline| Promise { event, due: deadline.due, planned })
    };
    [
        promise(respond, SlaEvent::Respond, stop.departure),
        promise(arrive, SlaEvent::Arrive, stop.arrival),
        promise(resolve, SlaEvent::Resolve, stop.end),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The worst state among the promises of a job.
pub fn state_of(job: &Job, stop: &Stop) -> SlaState {
    promises(job, stop).iter().map(Promise::state).max().unwrap_or_default()
}

/// The stable name of an event.
pub(crate) fn event_key(event: SlaEvent) -> &'static str {
    match event {
        SlaEvent::Respond => "respond",
        SlaEvent::Arrive => "arrive",
        SlaEvent::Resolve => "resolve",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_half_an_hour_to_spare_is_at_risk() {
        let state = |planned| Promise { event: SlaEvent::Arrive, due: Time(10_000), planned: Time(planned) }.state();
        assert_eq!(state(8_200), SlaState::OnTime);
        assert_eq!(state(8_201), SlaState::AtRisk);
        assert_eq!(state(10_000), SlaState::AtRisk);
        assert_eq!(state(10_001), SlaState::Late);
    }
}
