//! Calendars against the plainest reckoning there is: minute by minute.

use super::*;
use crate::calendar::Pause;
use crate::units::Duration;
use jiff::{SignedDuration, ToSpan, civil::date};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}
fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
fn hours(from: u32, until: u32) -> Hours {
    Hours { from: from * 3600, until: until * 3600 }
}
/// Monday to Friday 8 to 12 and 13 to 17 in Vaduz.
fn office(special: Vec<(Date, SpecialDay)>) -> Calendar {
    let day = vec![hours(8, 12), hours(13, 17)];
    let [a, b, c, d, e] = std::array::from_fn(|_| day.clone());
    Calendar::new(zone("Europe/Vaduz"), [a, b, c, d, e, vec![], vec![]], special).unwrap()
}

#[test]
fn a_target_over_the_weekend_goes_on_on_monday() {
    let due = office(vec![]).due(at("2026-06-12T15:30:00+02:00"), Duration::hours(4), &[]).unwrap();
    assert_eq!(due, at("2026-06-15T10:30:00+02:00"));
}

#[test]
fn a_ticket_opened_at_night_starts_counting_in_the_morning() {
    let due = office(vec![]).due(at("2026-06-15T23:10:00+02:00"), Duration::hours(5), &[]).unwrap();
    assert_eq!(due, at("2026-06-16T14:00:00+02:00"));
}

#[test]
fn a_target_met_at_closing_time_is_due_then_and_not_next_morning() {
    let due = office(vec![]).due(at("2026-06-15T08:00:00+02:00"), Duration::hours(8), &[]).unwrap();
    assert_eq!(due, at("2026-06-15T17:00:00+02:00"));
}

#[test]
fn a_holiday_does_not_count() {
    let holiday = vec![(date(2026, 6, 4), SpecialDay::Holiday)];
    let due = office(holiday).due(at("2026-06-03T16:00:00+02:00"), Duration::hours(2), &[]).unwrap();
    assert_eq!(due, at("2026-06-05T09:00:00+02:00"));
}

#[test]
fn a_make_up_saturday_works_like_a_named_weekday_or_by_its_own_hours() {
    let beijing = |saturday| {
        let day = vec![hours(9, 18)];
        let [a, b, c, d, e] = std::array::from_fn(|_| day.clone());
        let special = vec![
            (date(2026, 10, 1), SpecialDay::Holiday),
            (date(2026, 10, 2), SpecialDay::Holiday),
            (date(2026, 10, 10), saturday),
        ];
        Calendar::new(zone("Asia/Shanghai"), [a, b, c, d, e, vec![], vec![]], special).unwrap()
    };
    let opened = at("2026-10-09T17:00:00+08:00");
    let like_monday = beijing(SpecialDay::Like(Weekday::Monday));
    assert_eq!(like_monday.due(opened, Duration::hours(3), &[]).unwrap(), at("2026-10-10T11:00:00+08:00"));
    let short = beijing(SpecialDay::Hours(vec![hours(10, 11)]));
    assert_eq!(short.due(opened, Duration::hours(3), &[]).unwrap(), at("2026-10-12T10:00:00+08:00"));
}

#[test]
fn pauses_stop_the_clock_also_when_they_overlap() {
    let pauses = [
        (at("2026-06-15T09:30:00+02:00"), Some(at("2026-06-15T11:00:00+02:00"))),
        (at("2026-06-15T09:00:00+02:00"), Some(at("2026-06-15T10:00:00+02:00"))),
    ];
    let opened = at("2026-06-15T08:30:00+02:00");
    let due = office(vec![]).due(opened, Duration::hours(2), &pauses).unwrap();
    assert_eq!(due, at("2026-06-15T13:30:00+02:00"));
    assert_eq!(office(vec![]).working_time(opened, due, &pauses).unwrap(), Duration::hours(2));
}

#[test]
fn in_a_pause_without_end_nothing_is_due_unless_it_was_before() {
    let since = at("2026-06-15T10:00:00+02:00");
    let opened = at("2026-06-15T08:00:00+02:00");
    let calendar = office(vec![]);
    let paused = calendar.due(opened, Duration::hours(3), &[(since, None)]);
    assert_eq!(paused, Err(CalendarError::StillPaused { since }));
    assert_eq!(calendar.due(opened, Duration::hours(2), &[(since, None)]), Ok(since));
}

#[test]
fn a_night_shift_is_an_hour_shorter_when_summer_time_begins_and_longer_when_it_ends() {
    let nights = std::array::from_fn(|_| vec![hours(22, 30)]);
    let calendar = Calendar::new(zone("Europe/Vaduz"), nights, []).unwrap();
    let length = |from: &str, until: &str| calendar.working_time(at(from), at(until), &[]).unwrap();
    assert_eq!(length("2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00"), Duration::hours(7));
    assert_eq!(length("2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00"), Duration::hours(9));
    assert_eq!(length("2026-06-20T12:00:00+02:00", "2026-06-21T12:00:00+02:00"), Duration::hours(8));
}

#[test]
fn a_day_that_a_zone_skipped_has_no_length() {
    let calendar = Calendar::always(zone("Pacific/Apia")); // no 30 December in 2011
    let (before, after) = (at("2011-12-29T12:00:00-10:00"), at("2011-12-31T12:00:00+14:00"));
    assert_eq!(calendar.working_time(before, after, &[]).unwrap(), Duration::hours(24));
    assert_eq!(calendar.due(before, Duration::hours(24), &[]), Ok(after));
}

#[test]
fn a_span_that_begins_in_the_skipped_hour_begins_at_the_jump() {
    let sunday_early = vec![Hours { from: 9000, until: 14_400 }]; // 02:30 to 04:00
    let calendar = Calendar::new(zone("Europe/Vaduz"), std::array::from_fn(|_| sunday_early.clone()), []).unwrap();
    let due = calendar.due(at("2026-03-29T00:00:00+01:00"), Duration::minutes(30), &[]).unwrap();
    assert_eq!(due, at("2026-03-29T03:30:00+02:00"));
}

#[test]
fn what_can_never_be_due_is_an_error_and_ends() {
    let closed = Calendar::new(zone("Europe/Vaduz"), std::array::from_fn(|_| vec![]), []).unwrap();
    let opened = at("2026-06-15T08:00:00Z");
    assert_eq!(closed.due(opened, Duration(1), &[]), Err(CalendarError::NoWorkingTime));
    assert_eq!(closed.due(opened, Duration::ZERO, &[]), Ok(opened));
    let once = vec![(date(2026, 6, 20), SpecialDay::Hours(vec![hours(8, 9)]))];
    let once = Calendar::new(zone("Europe/Vaduz"), std::array::from_fn(|_| vec![]), once).unwrap();
    assert_eq!(once.due(opened, Duration::hours(1), &[]), Ok(at("2026-06-20T09:00:00+02:00")));
    assert_eq!(once.due(opened, Duration::hours(2), &[]), Err(CalendarError::TooFar { from: opened }));
    let far = Duration::hours(24 * 366 * 20);
    let always = Calendar::always(TimeZone::UTC);
    assert_eq!(always.due(opened, far, &[]), Err(CalendarError::TooFar { from: opened }));
    assert!(always.due(Timestamp::MAX, Duration(5), &[]).is_err());
    assert!(always.due(Timestamp::MIN, Duration(5), &[]).is_err());
    assert!(always.working_time(Timestamp::MIN, Timestamp::MAX, &[]).is_err());
    assert_eq!(always.due(opened, Duration(-1), &[]), Err(CalendarError::NegativeTarget { seconds: -1 }));
    let backwards = [(opened, Some(opened - SignedDuration::from_secs(1)))];
    assert!(matches!(always.due(opened, Duration(1), &backwards), Err(CalendarError::PauseBackwards { .. })));
}

#[test]
fn hours_out_of_order_name_their_day() {
    let week = |monday: Vec<Hours>| {
        let mut week: [Vec<Hours>; 7] = std::array::from_fn(|_| vec![]);
        week[0] = monday;
        Calendar::new(TimeZone::UTC, week, [])
    };
    let overlap = week(vec![hours(13, 17), hours(8, 14)]).unwrap_err();
    assert_eq!(overlap.to_string(), "Monday: hours 13:00–17:00 overlap 08:00–14:00");
    for bad in [hours(24, 25), hours(8, 8), hours(9, 8), hours(8, 33)] {
        let day = CalendarDay::Weekday(Weekday::Monday);
        assert_eq!(week(vec![bad]), Err(CalendarError::BadHours { day, hours: bad }));
    }
    assert!(week(vec![hours(20, 44)]).is_ok());
    let twice = vec![(date(2026, 5, 1), SpecialDay::Holiday), (date(2026, 5, 1), SpecialDay::Like(Weekday::Monday))];
    let twice = Calendar::new(TimeZone::UTC, std::array::from_fn(|_| vec![]), twice);
    assert_eq!(twice, Err(CalendarError::DayTwice { date: date(2026, 5, 1) }));
}

/// A small generator of numbers, so that failures repeat.
struct Dice(u64);
impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % limit
    }
    fn minutes(&mut self, limit: u64) -> u32 {
        self.below(limit) as u32 * 60
    }
}

fn random_hours(dice: &mut Dice) -> Vec<Hours> {
    let mut hours = vec![];
    let mut from = dice.minutes(1000);
    for _ in 0..dice.below(4) {
        let until = from + 60 + dice.minutes(500);
        hours.push(Hours { from, until });
        from = until + dice.minutes(200);
        if from >= DAY {
            break;
        }
    }
    if dice.below(6) == 0 { vec![Hours::WHOLE_DAY] } else { hours }
}

/// Borders that lie around changes of summer time and a weird half-hour zone, so they are met.
const STARTS: [(&str, &str); 5] = [
    ("Europe/Vaduz", "2026-03-26T10:00:00Z"),
    ("Europe/Vaduz", "2026-10-22T10:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-02T02:00:00Z"),
    ("America/St_Johns", "2006-10-26T02:00:00Z"), // changed one minute past midnight
    ("Asia/Shanghai", "2026-02-12T02:00:00Z"),
];

/// Which minutes from `start` on are working time, by reading the local clock of each. A clock that
/// was set back keeps counting from the latest time it has shown.
fn working_minutes(calendar: &Calendar, start: Timestamp, count: usize) -> Vec<bool> {
    let lead = 3 * 24 * 60;
    let mut shown = civil::DateTime::MIN;
    let mut working = vec![];
    for minute in 0..lead + count as i64 {
        let instant = start + SignedDuration::from_mins(minute - lead);
        shown = shown.max(instant.to_zoned(calendar.zone().clone()).datetime());
        let day = shown.date();
        let second = second_of_day(shown.time());
        let holds = |date: Date, second: u32| {
            calendar.hours_of(date).iter().any(|hours| hours.from <= second && second < hours.until)
        };
        let yesterday = day.saturating_sub(1.day());
        let two_back = day.saturating_sub(2.days());
        if minute >= lead {
            working.push(holds(day, second) || holds(yesterday, second + DAY) || holds(two_back, second + 2 * DAY));
        }
    }
    working
}

#[test]
fn due_agrees_with_counting_minute_by_minute() {
    for seed in 0..120 {
        let mut dice = Dice(seed);
        let (name, start) = STARTS[seed as usize % STARTS.len()];
        let start = at(start);
        let weekly = std::array::from_fn(|_| random_hours(&mut dice));
        let first = start.to_zoned(zone(name)).date();
        let special = [1, 2, 4].map(|day| {
            let kind = match dice.below(3) {
                0 => SpecialDay::Holiday,
                1 => SpecialDay::Like(WEEK[dice.below(7) as usize]),
                _ => SpecialDay::Hours(random_hours(&mut dice)),
            };
            (first.saturating_add(day.days()), kind)
        });
        let calendar = Calendar::new(zone(name), weekly, special).unwrap();
        let minute = |count: u64| start + SignedDuration::from_mins(count as i64);
        let pauses: Vec<Pause> = (0..dice.below(4))
            .map(|_| {
                let from = dice.below(7000);
                (minute(from), Some(minute(from + dice.below(900))))
            })
            .collect();
        let mut counts = working_minutes(&calendar, start, 12_000);
        for (at, counts) in counts.iter_mut().enumerate() {
            let now = minute(at as u64);
            *counts &= !pauses.iter().any(|(from, until)| *from <= now && now < until.unwrap());
        }
        let opened = dice.below(1500);
        let counted: Vec<usize> = (opened as usize..counts.len()).filter(|at| counts[*at]).collect();
        for target in [1, 7, 240, 1 + dice.below(2000)] {
            let Some(last) = counted.get(target as usize - 1) else { continue };
            let due = calendar.due(minute(opened), Duration::minutes(target as i64), &pauses);
            assert_eq!(due, Ok(minute(*last as u64 + 1)), "seed {seed}, {target} minutes");
        }
        for until in [opened, opened + 13, opened + 5000] {
            let plain = counted.iter().filter(|at| **at < until as usize).count() as i64;
            let measured = calendar.working_time(minute(opened), minute(until), &pauses);
            assert_eq!(measured, Ok(Duration::minutes(plain)), "seed {seed}, until {until}");
            let back = calendar.working_time(minute(until), minute(opened), &pauses);
            assert_eq!(back, Ok(Duration::minutes(-plain)), "seed {seed}");
        }
    }
}
