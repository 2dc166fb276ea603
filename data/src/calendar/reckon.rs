//! Counting working time on a [`Calendar`], day by day, with pauses cut out.
//!
//! No calendar is made or checked here.

use super::{Calendar, CalendarError};
use crate::units::Duration;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A stretch of real time, from the first instant up to and without the last.
type Stretch = (Timestamp, Timestamp);

/// A pause of the clock: waiting for the customer, from one instant to another or without end.
pub type Pause = (Timestamp, Option<Timestamp>);

impl Calendar {
    /// How many days a search looks ahead, and the longest stretch that is measured: ten years.
    pub const MOST_DAYS: i32 = 3660;

    /// The instant at which `target` of working time outside the pauses has passed since `opened_at`:
    /// the earliest such instant, so a target met at closing time is due at closing time, and a
    /// target of zero is due at once. Pauses may overlap and stand in any order.
    ///
    /// ```
    /// use dispatch_data::calendar::{Calendar, Hours};
    /// use dispatch_data::units::Duration;
    /// use jiff::{civil::time, tz::TimeZone};
    ///
    /// let office = vec![Hours::between(time(8, 0, 0, 0), time(17, 0, 0, 0))];
    /// let [mon, tue, wed, thu, fri] = std::array::from_fn(|_| office.clone());
    /// let zone = TimeZone::get("Europe/Vaduz")?;
    /// let calendar = Calendar::new(zone, [mon, tue, wed, thu, fri, vec![], vec![]], [])?;
    /// let friday_afternoon = "2026-06-12T16:00:00+02:00".parse()?;
    /// let due = calendar.due(friday_afternoon, Duration::hours(4), &[])?;
    /// assert_eq!(due, "2026-06-15T11:00:00+02:00".parse()?); // one hour on Friday, three on Monday
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A negative target, a pause that ends before it begins, a pause without end before the target
    /// is met, a calendar without working time, or an instant past [`Calendar::MOST_DAYS`].
    pub fn due(&self, opened_at: Timestamp, target: Duration, pauses: &[Pause]) -> Result<Timestamp, CalendarError> {
        if target.0 < 0 {
            return Err(CalendarError::NegativeTarget { seconds: target.0 });
        }
        if target == Duration::ZERO {
            return Ok(opened_at);
        }
        if !self.works() {
            return Err(CalendarError::NoWorkingTime);
        }
        let pauses = joined(pauses)?;
        let endless = pauses.last().filter(|pause| pause.1 == Timestamp::MAX).map(|pause| pause.0);
        let mut left = SignedDuration::from_secs(target.0);
        for stretch in self.stretches(opened_at) {
            let Some(stretch) = stretch else { break };
            if endless.is_some_and(|since| since <= stretch.0) {
                break;
            }
            for (begin, end) in without(stretch, &pauses) {
                let length = end.duration_since(begin);
                if left <= length {
                    return begin.checked_add(left).map_err(|_| CalendarError::TooFar { from: opened_at });
                }
                left -= length;
            }
        }
        Err(match endless {
            Some(since) => CalendarError::StillPaused { since },
            None => CalendarError::TooFar { from: opened_at },
        })
    }

    /// Working time from one instant to another, outside the pauses, in whole seconds rounded down;
    /// negative when `until` is before `from`.
    ///
    /// # Errors
    /// A pause that ends before it begins, or a stretch of more than [`Calendar::MOST_DAYS`] days.
    pub fn working_time(&self, from: Timestamp, until: Timestamp, pauses: &[Pause]) -> Result<Duration, CalendarError> {
        if until < from {
            return self.working_time(until, from, pauses).map(|length| -length);
        }
        let pauses = joined(pauses)?;
        let mut sum = SignedDuration::ZERO;
        for stretch in self.stretches(from) {
            let (begin, end) = stretch.ok_or(CalendarError::TooFar { from })?;
            if until <= begin {
                return Ok(Duration(sum.as_secs()));
            }
            sum += without((begin, end.min(until)), &pauses)
                .map(|(begin, end)| end.duration_since(begin))
                .fold(SignedDuration::ZERO, |sum, length| sum + length);
        }
        let reach = SignedDuration::from_hours(24 * i64::from(Self::MOST_DAYS - 1));
        if until.duration_since(from) <= reach {
            Ok(Duration(sum.as_secs()))
        } else {
            Err(CalendarError::TooFar { from })
        }
    }

    /// Working time from an instant on, in order and disjoint, over [`Calendar::MOST_DAYS`] days;
    /// `None` in the list: past the end of all dates.
    fn stretches(&self, from: Timestamp) -> impl Iterator<Item = Option<Stretch>> {
        // Hours of the two days before can still reach past `from`.
        let first = from.to_zoned(self.zone().clone()).date().saturating_sub(2.days());
        let mut counted = from;
        (0..=Self::MOST_DAYS + 1)
            .map(move |day| first.checked_add(day.days()).ok())
            .flat_map(move |date| match date {
                Some(date) => self
                    .hours_of(date)
                    .iter()
                    .map(|hours| Some((self.instant(date, hours.from)?, self.instant(date, hours.until)?)))
                    .collect::<Vec<_>>(),
                None => vec![None],
            })
            .filter_map(move |stretch| match stretch {
                Some((begin, end)) => {
                    let begin = begin.max(counted);
                    counted = counted.max(end);
                    (begin < end).then_some(Some((begin, end)))
                }
                None => Some(None),
            })
    }

    /// The first instant at which the local clock shows so many seconds past the midnight that
    /// begins `date`, or a later time; `None` past the end of all dates.
    fn instant(&self, date: Date, second: u32) -> Option<Timestamp> {
        let local = date.at(0, 0, 0, 0).checked_add(i64::from(second).seconds()).ok()?;
        let ambiguous = self.zone().to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            jiff::tz::AmbiguousOffset::Unambiguous { offset }
            | jiff::tz::AmbiguousOffset::Fold { before: offset, .. } => offset.to_timestamp(local).ok(),
            // Read with the offset after the jump, the skipped time lies just before the jump.
            jiff::tz::AmbiguousOffset::Gap { after, .. } => {
                let before_the_jump = after.to_timestamp(local).ok()?;
                self.zone().following(before_the_jump).next().map(|transition| transition.timestamp())
            }
        }
    }
}

/// Pauses in order and disjoint, one without end up to the last of all instants.
fn joined(pauses: &[Pause]) -> Result<Vec<Stretch>, CalendarError> {
    let mut sorted = Vec::with_capacity(pauses.len());
    for &(from, until) in pauses {
        match until {
            Some(until) if until < from => return Err(CalendarError::PauseBackwards { from, until }),
            Some(until) => sorted.push((from, until)),
            None => sorted.push((from, Timestamp::MAX)),
        }
    }
    sorted.sort_unstable();
    let mut joined: Vec<Stretch> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match joined.last_mut() {
            Some(last) if pause.0 <= last.1 => last.1 = last.1.max(pause.1),
            _ => joined.push(pause),
        }
    }
    Ok(joined)
}

/// What is left of a stretch when the pauses (in order, disjoint) are cut out.
fn without((begin, end): Stretch, pauses: &[Stretch]) -> impl Iterator<Item = Stretch> {
    let first = pauses.partition_point(|pause| pause.1 <= begin);
    let inside = pauses[first..].iter().take_while(move |pause| pause.0 < end).copied();
    let begins = std::iter::once(begin).chain(inside.clone().map(|pause| pause.1));
    let ends = inside.map(|pause| pause.0).chain(std::iter::once(end));
    begins.zip(ends).filter(|(begin, end)| begin < end)
}
