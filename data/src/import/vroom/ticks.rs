//! A file on a finer clock, for vehicles of different speeds.
//!
//! VROOM takes a leg at `100 / speed_factor` hundredths of its time and keeps the hundredths; rounded up
//! leg by leg to seconds, the same route would come out longer. So all times of the file are counted in
//! ticks, as many to a second as make every leg a whole number of them; prices of kilometres and of use
//! grow alike, and the answer counts seconds again. Where a file has one speed, nothing is done.

use super::{AnswerConvention, Finding, Imported, ProfileMatrix, Vehicle, Vroom};
use crate::limits;
use crate::travel::{Leg, TravelMatrix};
use std::collections::BTreeMap;

impl Vroom {
    /// The problem on a clock that keeps what each vehicle's speed makes of a leg, as VROOM does. Where that
    /// clock does not fit the limits of a problem, and for travel by coordinates alone, on one of seconds, where
    /// legs of a vehicle with a speed of its own are rounded up.
    ///
    /// # Errors
    /// As [`Self::import`].
    pub fn import_by_ticks(self) -> Result<Imported, Vec<Finding>> {
        let ticks = self.ticks();
        if ticks == 1 || self.matrices.is_empty() {
            return self.import();
        }
        // What is wrong with the file is told in the file's own words.
        let plain = self.lower(self.epoch())?;
        let fits = plain.0.horizon.length.0.saturating_mul(ticks) <= limits::HORIZON;
        let fine = if fits { self.in_ticks(ticks).and_then(|fine| fine.lower(0).ok()) } else { None };
        let (ticks, (problem, travel)) = fine.map_or((1, plain), |fine| (ticks, fine));
        Ok(Imported { problem, travel, answer: AnswerConvention::Vroom { file: self, ticks } })
    }

    /// How many ticks a second needs for legs at every pace to be whole.
    fn ticks(&self) -> i64 {
        let shared = self.vehicles.iter().fold(100, |shared, vehicle| greatest_divisor(shared, vehicle.pace));
        i64::from(100 / shared.max(1))
    }

    /// The same file in ticks since its epoch, each profile once per pace; `None` where numbers grow too large.
    fn in_ticks(&self, ticks: i64) -> Option<Self> {
        let epoch = self.epoch();
        let window = |(open, close): (i64, i64)| -> Option<(i64, i64)> {
            Some(((open - epoch).checked_mul(ticks)?, (close - epoch).checked_mul(ticks)?))
        };
        let mut paced: BTreeMap<(&str, u32), String> = BTreeMap::new();
        let mut fine = Self { jobs: self.jobs.clone(), vehicles: self.vehicles.clone(), matrices: Vec::new() };
        for job in &mut fine.jobs {
            job.setup = job.setup.checked_mul(ticks)?;
            job.service = job.service.checked_mul(ticks)?;
            job.windows = job.windows.iter().map(|span| window(*span)).collect::<Option<_>>()?;
        }
        for (vehicle, given) in fine.vehicles.iter_mut().zip(&self.vehicles) {
            let Vehicle { profile, pace, .. } = given;
            let name = paced.entry((profile, *pace)).or_insert_with(|| format!("{profile} at {pace}"));
            vehicle.profile.clone_from(name);
            (vehicle.speed, vehicle.pace) = (1000, 100);
            vehicle.fixed = vehicle.fixed.checked_mul(ticks)?;
            vehicle.per_km = vehicle.per_km.checked_mul(ticks)?;
            vehicle.window = maybe(vehicle.window, window)?;
            for pause in &mut vehicle.breaks {
                pause.service = pause.service.checked_mul(ticks)?;
                pause.window = maybe(pause.window, window)?;
            }
            vehicle.max_travel_time = maybe(vehicle.max_travel_time, |most| most.checked_mul(ticks))?;
        }
        for ((profile, pace), name) in paced {
            let ProfileMatrix { matrix, has_distances, .. } =
                self.matrices.iter().find(|given| given.profile == profile)?;
            fine.matrices.push(ProfileMatrix {
                profile: name,
                matrix: at_pace(matrix, i64::from(pace), ticks)?,
                has_distances: *has_distances,
            });
        }
        Some(fine)
    }
}

/// What `with` makes of a value that need not be there; `None` where it makes nothing of it.
fn maybe<T>(value: Option<T>, with: impl Fn(T) -> Option<T>) -> Option<Option<T>> {
    match value {
        Some(value) => with(value).map(Some),
        None => Some(None),
    }
}

/// The legs at `pace` hundredths of their time, in ticks.
fn at_pace(matrix: &TravelMatrix, pace: i64, ticks: i64) -> Option<TravelMatrix> {
    let leg = |leg: Leg| -> Option<Leg> {
        if !leg.is_reachable() {
            return Some(leg);
        }
        let seconds = i64::from(leg.seconds) * pace * ticks / 100;
        (seconds <= limits::HORIZON).then_some(())?;
        Some(Leg { seconds: u32::try_from(seconds).ok()?, ..leg })
    };
    TravelMatrix::new(matrix.size(), matrix.legs().map(leg).collect::<Option<_>>()?).ok()
}

fn greatest_divisor(one: u32, other: u32) -> u32 {
    if other == 0 { one } else { greatest_divisor(other, one % other) }
}
