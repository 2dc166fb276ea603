//! What the importers share when they fill a draft: an abstract calendar, one shift per
//! technician, and prices above which nothing is worth dropping a job.

use crate::finding::{Code, Finding};
use crate::ids::{PlaceIx, ShiftIx, TechIx};
use crate::import::{AnswerConvention, Imported};
use crate::place::Place;
use crate::problem::{Draft, Horizon, Shift, Technician, TravelSource, Window};
use crate::say;
use crate::travel::{Travel, TravelMatrix};
use crate::units::{Cost, Duration, Rate, Time};

/// One cent per tick.
pub(super) const CENT_PER_TICK: Rate = Rate(3600);

/// Way per straight metre where a file has coordinates and no matrices.
pub(super) const DETOUR: f64 = 1.3;
/// Metres per second there.
pub(super) const CRUISE: f64 = 13.0;

/// A horizon for files without a calendar: from the first instant of 1970, UTC.
pub(super) fn abstract_horizon(length: Duration) -> Horizon {
    Horizon { start: jiff::Timestamp::UNIX_EPOCH, length, zone: jiff::tz::TimeZone::UTC }
}

/// So many places that are known by their row in a matrix alone.
pub(super) fn matrix_places(count: usize) -> Vec<Place> {
    (0..count).map(|at| Place { id: None, position: None, matrix_index: u32::try_from(at).ok() }).collect()
}

/// A shift over `window` without breaks or limits, from home to home. Its technician is filled in
/// by [`add_technician`].
pub(super) fn plain_shift(window: Window, start: PlaceIx, end: PlaceIx) -> Shift {
    Shift {
        id: String::new(),
        technician: TechIx(0),
        start: window.open,
        regular_end: window.close,
        latest_end: window.close,
        start_place: start,
        end_place: Some(end),
        breaks: Vec::new(),
        max_jobs: None,
        max_travel: None,
        max_distance: None,
        max_duration: None,
        capacity: Vec::new(),
    }
}

/// Adds a technician with one shift of the same name.
pub(super) fn add_technician(draft: &mut Draft, technician: Technician, shift: Shift) {
    let (tech, first) = (TechIx::from(draft.technicians.len()), draft.shifts.len());
    draft.shifts.push(Shift { id: technician.id.clone(), technician: tech, ..shift });
    draft.technicians.push(Technician { shifts: (ShiftIx::from(first), ShiftIx::from(first + 1)), ..technician });
}

/// A price for leaving one job out that is above `most`, the dearest plan there can be, when
/// `weight` such prices may be due together.
pub(super) fn above(most: i128, weight: i128) -> Result<Cost, Vec<Finding>> {
    let price = most.saturating_add(1);
    // Rates multiply ticks by 3600 before they divide: keep a factor of 4 clear below i64.
    let room = i128::from(i64::MAX) / 4;
    if price.saturating_mul(3600) <= room && price.saturating_mul(weight.max(1)) <= room {
        Ok(Cost(i64::try_from(price).unwrap_or(i64::MAX / 4)))
    } else {
        let expected = say!("numbers whose total stays within 64 bits");
        Err(vec![Finding::new("", Code::TooLarge, expected, say!("a plan of up to {} ticks", most))])
    }
}

/// Gives the draft its one matrix, sets class prices to the price of a job, and checks it.
pub(super) fn finish(
    mut draft: Draft,
    matrix: TravelMatrix,
    price: Cost,
    answer: AnswerConvention,
) -> Result<Imported, Vec<Finding>> {
    draft.objective.priority_prices = [price; 4];
    draft.travel = TravelSource::Matrices(vec![matrix.clone()]);
    let travel = Travel::new(vec![matrix]);
    Ok(Imported { problem: draft.check()?, travel, answer })
}

/// Whether so many matrices over so many places have room in memory: 8 bytes a leg.
pub(super) fn room(matrices: usize, places: usize) -> Result<(), Vec<Finding>> {
    const MOST_LEGS: u128 = 160_000_000;
    let legs = (matrices as u128).saturating_mul(places as u128).saturating_mul(places as u128);
    if legs <= MOST_LEGS {
        return Ok(());
    }
    let got = say!("{} of {} places: {}", matrices, places, legs);
    Err(vec![Finding::new("", Code::TooLarge, say!("matrices of at most {} legs in all", MOST_LEGS), got)])
}

/// The latest of some moments; zero where there are none.
pub(super) fn latest(moments: impl Iterator<Item = Time>) -> Time {
    moments.max().unwrap_or(Time(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_file_cannot_ask_for_a_matrix_past_memory() {
        assert_eq!(room(1, 12_000), Ok(()));
        assert_eq!(room(200, 12_000).map_err(|found| found[0].code), Err(Code::TooLarge));
        assert!(room(usize::MAX, usize::MAX >> 20).is_err());
    }

    #[test]
    fn a_price_above_everything_stays_within_64_bits() {
        assert_eq!(above(100, 5), Ok(Cost(101)));
        assert!(above(i128::from(i64::MAX), 1).is_err());
        assert!(above(1_000_000_000_000, 1_000_000_000_000).is_err());
    }
}
