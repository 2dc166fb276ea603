//! Business calendars: when the clock of a service promise runs.
//!
//! A calendar is a time zone, working hours by weekday, and days of their own: holidays and make-up
//! working days. [`Calendar::due`] counts a target in working time, [`Calendar::working_time`]
//! measures it. Nothing here knows jobs, JSON or the planning horizon.
//!
//! Local clocks jump. A border of working hours stands for the first instant at which the local
//! clock shows that time or a later one: where the clock skips it, the moment of the jump; where
//! the clock shows it twice, the first of the two. So hours over a change of summer time have
//! their real length, and hours that touch on the clock touch in time.

mod reckon;
#[cfg(test)]
mod tests;

pub use reckon::Pause;

use crate::lang::{Lang, Text, value};
use crate::say;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use std::collections::BTreeMap;
use std::fmt;

/// Seconds of a plain day.
const DAY: u32 = 86_400;

/// One span of working hours, on the local clock of the day it begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hours {
    /// Seconds from local midnight, below 86,400.
    pub from: u32,
    /// Seconds from the same midnight, after `from` and at most 24 hours after it; past 86,400 it
    /// lies on the following day, whatever that day is.
    pub until: u32,
}

impl Hours {
    /// The whole day, midnight to midnight.
    pub const WHOLE_DAY: Self = Self { from: 0, until: DAY };

    /// From one time of day to another; the second lies on the following day when it is not after
    /// the first (22:00 to 06:00; 00:00 to 00:00 is the whole day).
    ///
    /// ```
    /// use dispatch_data::calendar::Hours;
    /// use jiff::civil::time;
    /// assert_eq!(Hours::between(time(22, 0, 0, 0), time(6, 0, 0, 0)), Hours { from: 79_200, until: 108_000 });
    /// ```
    pub fn between(from: civil::Time, until: civil::Time) -> Self {
        let (from, until) = (second_of_day(from), second_of_day(until));
        Self { from, until: if until <= from { until + DAY } else { until } }
    }
}

/// Whole seconds since midnight.
fn second_of_day(time: civil::Time) -> u32 {
    let part = |value: i8| u32::from(value.unsigned_abs());
    part(time.hour()) * 3600 + part(time.minute()) * 60 + part(time.second())
}

/// What a day is that does not follow its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecialDay {
    /// No work begins on it. Hours that began the evening before still run out.
    Holiday,
    /// A working day with hours of its own.
    Hours(Vec<Hours>),
    /// A make-up working day: a Saturday that works like a Monday.
    Like(Weekday),
}

/// When the clock of a promise runs. Made by [`Calendar::new`], so its hours are in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    zone: TimeZone,
    /// Monday first; sorted, disjoint.
    weekly: [Vec<Hours>; 7],
    /// Days that do not follow their weekday; sorted, disjoint hours.
    special: BTreeMap<Date, Vec<Hours>>,
}

impl Calendar {
    /// A calendar of weekly hours, Monday first, and days of their own.
    ///
    /// # Errors
    /// [`CalendarError::BadHours`] and [`CalendarError::HoursOverlap`] name the day;
    /// [`CalendarError::DayTwice`] when a date is listed twice.
    pub fn new(
        zone: TimeZone,
        mut weekly: [Vec<Hours>; 7],
        special_days: impl IntoIterator<Item = (Date, SpecialDay)>,
    ) -> Result<Self, CalendarError> {
        for (offset, hours) in weekly.iter_mut().enumerate() {
            let weekday = WEEK.get(offset).copied().unwrap_or(Weekday::Monday);
            in_order(hours, CalendarDay::Weekday(weekday))?;
        }
        let mut special = BTreeMap::new();
        for (date, day) in special_days {
            let hours = match day {
                SpecialDay::Holiday => Vec::new(),
                SpecialDay::Hours(mut hours) => {
                    in_order(&mut hours, CalendarDay::Date(date))?;
                    hours
                }
                SpecialDay::Like(weekday) => weekly[monday_first(weekday)].clone(),
            };
            if special.insert(date, hours).is_some() {
                return Err(CalendarError::DayTwice { date });
            }
        }
        Ok(Self { zone, weekly, special })
    }
    /// Around the clock, every day.
    pub fn always(zone: TimeZone) -> Self {
        Self { zone, weekly: std::array::from_fn(|_| vec![Hours::WHOLE_DAY]), special: BTreeMap::new() }
    }
    /// The zone whose clock the hours are read on.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }
    /// The hours that begin on a date, in order.
    pub fn hours_of(&self, date: Date) -> &[Hours] {
        self.special.get(&date).unwrap_or_else(|| &self.weekly[monday_first(date.weekday())])
    }
    /// The hours of each weekday, Monday first.
    pub fn weekly(&self) -> &[Vec<Hours>; 7] {
        &self.weekly
    }
    /// The days that do not follow their weekday, with their hours; none on a holiday.
    pub fn special(&self) -> impl Iterator<Item = (Date, &[Hours])> {
        self.special.iter().map(|(date, hours)| (*date, hours.as_slice()))
    }
    /// Whether it has any working time at all.
    pub fn works(&self) -> bool {
        self.weekly.iter().chain(self.special.values()).any(|hours| !hours.is_empty())
    }
}

/// Monday first.
const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Position of a weekday in [`WEEK`].
fn monday_first(weekday: Weekday) -> usize {
    usize::from(weekday.to_monday_zero_offset().unsigned_abs())
}

/// Sorts the hours of a day and checks them.
fn in_order(hours: &mut [Hours], day: CalendarDay) -> Result<(), CalendarError> {
    hours.sort_unstable();
    for span in hours.iter() {
        if span.from >= DAY || span.until <= span.from || span.until - span.from > DAY {
            return Err(CalendarError::BadHours { day, hours: *span });
        }
    }
    match hours.windows(2).find(|pair| pair[1].from < pair[0].until) {
        Some(pair) => Err(CalendarError::HoursOverlap { day, first: pair[0], second: pair[1] }),
        None => Ok(()),
    }
}

/// Which day of a calendar an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarDay {
    /// A day of every week.
    Weekday(Weekday),
    /// A date.
    Date(Date),
}

impl CalendarDay {
    fn text(self) -> Text {
        match self {
            Self::Weekday(weekday) => match weekday {
                Weekday::Monday => say!("Monday"),
                Weekday::Tuesday => say!("Tuesday"),
                Weekday::Wednesday => say!("Wednesday"),
                Weekday::Thursday => say!("Thursday"),
                Weekday::Friday => say!("Friday"),
                Weekday::Saturday => say!("Saturday"),
                Weekday::Sunday => say!("Sunday"),
            },
            Self::Date(date) => value(date),
        }
    }
}

/// Why a calendar cannot be made or cannot answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// A span that begins past midnight, does not end after it begins, or is longer than 24 hours.
    BadHours {
        /// On which day.
        day: CalendarDay,
        /// The span.
        hours: Hours,
    },
    /// Two spans of one day share time.
    HoursOverlap {
        /// On which day.
        day: CalendarDay,
        /// The earlier span.
        first: Hours,
        /// The one that begins before it ends.
        second: Hours,
    },
    /// A date is both a holiday and a working day, or stands twice.
    DayTwice {
        /// Which date.
        date: Date,
    },
    /// A target below zero.
    NegativeTarget {
        /// In seconds.
        seconds: i64,
    },
    /// A pause that ends before it begins.
    PauseBackwards {
        /// Its begin.
        from: Timestamp,
        /// Its end.
        until: Timestamp,
    },
    /// The clock stands still in a pause without end, so nothing is due.
    StillPaused {
        /// Since when.
        since: Timestamp,
    },
    /// The calendar has no working time at all.
    NoWorkingTime,
    /// The answer lies more than [`Calendar::MOST_DAYS`] days away.
    TooFar {
        /// Where the search began.
        from: Timestamp,
    },
}

impl CalendarError {
    /// The error as a sentence.
    pub fn text(&self) -> Text {
        let clock = |hours: Hours| {
            let side = |second: u32| format!("{:02}:{:02}", second / 3600, second / 60 % 60);
            format!("{}–{}", side(hours.from), side(hours.until))
        };
        match self {
            Self::BadHours { day, hours } => {
                say!("{}: hours {} must begin within the day and last up to 24 h", day.text(), clock(*hours))
            }
            Self::HoursOverlap { day, first, second } => {
                say!("{}: hours {} overlap {}", day.text(), clock(*second), clock(*first))
            }
            Self::DayTwice { date } => say!("{} stands twice among holidays and working days", value(date)),
            Self::NegativeTarget { seconds } => say!("target of {} s is below zero", *seconds),
            Self::PauseBackwards { from, until } => {
                say!("pause ends at {} before it begins at {}", *until, *from)
            }
            Self::StillPaused { since } => say!("paused since {} without end", *since),
            Self::NoWorkingTime => say!("calendar without working time"),
            Self::TooFar { from } => say!("more than {} days from {}", Calendar::MOST_DAYS, *from),
        }
    }
}

impl fmt::Display for CalendarError {
    /// The sentence in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().in_lang(Lang::En))
    }
}

impl std::error::Error for CalendarError {}
