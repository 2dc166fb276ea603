//! What a plan is priced by, beyond the prices of technicians and promises.

use crate::units::{Cost, Rate};

/// From when on a technician's time is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaidFrom {
    /// From the departure, which is as late as it can be without moving the end of the day,
    /// breaking a rule or making any promise later.
    #[default]
    LatestDeparture,
    /// From the start of the shift, whenever the departure is. The departure is the start of the shift.
    ShiftStart,
}

/// Up to when overtime counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OvertimeUntil {
    /// Up to the return to the end place.
    #[default]
    Return,
    /// Up to the end of the last visit.
    LastVisit,
}

/// Plan-wide prices and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// Price of leaving a job of each class unassigned, P1 first.
    pub priority_prices: [Cost; 4],
    /// Price per visit outside the technician's preferred regions.
    pub outside_preferred_region: Cost,
    /// Price per visit by a technician that the job does not list as preferred, where it lists any.
    pub not_preferred_technician: Cost,
    /// Price per visit that leaves the technician it has in the current plan …
    pub moved_technician: Cost,
    /// … and per hour by which its start moves, either way.
    pub moved_start: Rate,
    /// From when on time is paid.
    pub paid_from: PaidFrom,
    /// Up to when overtime counts.
    pub overtime_until: OvertimeUntil,
}

impl Default for Objective {
    /// Class prices of 20,000 / 8,000 / 3,000 / 1,500 currency units; everything else free.
    fn default() -> Self {
        Self {
            priority_prices: [Cost(2_000_000), Cost(800_000), Cost(300_000), Cost(150_000)],
            outside_preferred_region: Cost::ZERO,
            not_preferred_technician: Cost::ZERO,
            moved_technician: Cost::ZERO,
            moved_start: Rate(0),
            paid_from: PaidFrom::default(),
            overtime_until: OvertimeUntil::default(),
        }
    }
}
