//! Cells of the tables: durations, moments, lists, classes, money.

use super::{Counted, Moment};
use crate::problem::{JobKind, Priority};
use crate::units::Duration;

/// Minutes as a plain number, or a number with its unit, `1:30`, or ISO 8601.
pub(super) fn duration(cell: &str) -> Option<Duration> {
    let cell = cell.trim().to_lowercase();
    if let Ok(minutes) = cell.parse::<f64>() {
        return seconds(minutes * 60.0);
    }
    if let Some((hours, minutes)) = cell.split_once([':', '：']) {
        let (hours, minutes) = (hours.trim().parse::<u32>().ok()?, minutes.trim().parse::<u32>().ok()?);
        return (minutes < 60).then(|| Duration::hours(i64::from(hours)) + Duration::minutes(i64::from(minutes)));
    }
    if cell.starts_with('p') {
        let span: jiff::Span = cell.to_uppercase().parse().ok()?;
        let midnight = jiff::civil::date(2026, 1, 1);
        return span.total((jiff::Unit::Second, midnight)).ok().and_then(seconds);
    }
    let at = cell.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let number: f64 = cell[..at].trim().parse().ok()?;
    let factor = match cell[at..].trim() {
        "s" | "sec" | "seconds" | "秒" => 1.0,
        "m" | "min" | "mins" | "minutes" | "分" | "分钟" => 60.0,
        "h" | "hour" | "hours" | "时" | "小时" => 3600.0,
        _ => return None,
    };
    seconds(number * factor)
}

fn seconds(length: f64) -> Option<Duration> {
    (0.0..1e8).contains(&length).then(|| Duration(length.round() as i64))
}

/// An instant with an offset, a local date and time, a date alone (its midnight), or a time of day.
pub(super) fn moment(cell: &str) -> Option<Moment> {
    let cell = cell.trim().replace('/', "-").replace('：', ":");
    if let Ok(instant) = cell.replacen(' ', "T", 1).parse::<jiff::Timestamp>() {
        return Some(Moment::Instant(instant));
    }
    let (date, time) = match cell.split_once([' ', 'T']) {
        Some((date, time)) => (Some(date), Some(time.trim())),
        None if cell.contains(':') => (None, Some(cell.as_str())),
        None => (Some(cell.as_str()), None),
    };
    let time = match time {
        Some(time) => clock(time)?,
        None => jiff::civil::Time::midnight(),
    };
    match date {
        None => Some(Moment::TimeOfDay(time)),
        Some(date) => {
            let mut numbers = date.split('-').map(|part| part.parse::<i16>().ok());
            let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
            let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
            (numbers.next().is_none() && (1970..2100).contains(&year)).then(|| Moment::Local(date.to_datetime(time)))
        }
    }
}

fn clock(text: &str) -> Option<jiff::civil::Time> {
    let mut numbers = text.split(':').map(|part| part.trim().parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = match numbers.next() {
        Some(second) => second?,
        None => 0,
    };
    if numbers.next().is_some() {
        return None;
    }
    jiff::civil::Time::new(hour, minute, second, 0).ok()
}

/// Names of a list, separated by `;` `|` `、` or a comma within quotes.
pub(super) fn names(cell: &str) -> Vec<String> {
    let parts = cell.split([';', '；', '|', '、', ',', '，']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Names with a number after `:` `=` `*` or `x`; without a number 1.
pub(super) fn counted(cell: &str) -> Option<Vec<Counted>> {
    const MOST: usize = 200;
    let mut list: Vec<Counted> = Vec::new();
    for name in names(cell) {
        if list.len() >= MOST {
            return None;
        }
        let marked = name.rsplit_once([':', '：', '=', '*', '×']);
        let (name, number) = match marked {
            Some((name, number)) => (name.trim().to_owned(), number.trim().parse::<u32>().ok()?),
            // `P-11 x2` and `P-11x2`, but not `box`: only digits may follow.
            None => match name.rsplit_once(['x', 'X']) {
                Some((stem, number)) if !stem.trim().is_empty() && number.parse::<u32>().is_ok() => {
                    (stem.trim().to_owned(), number.parse().ok()?)
                }
                _ => (name, 1),
            },
        };
        if name.is_empty() || number == 0 || number > 1_000_000 || list.iter().any(|known| known.0 == name) {
            return None;
        }
        list.push((name, number));
    }
    Some(list)
}

/// `P1` to `P4`, 1 to 4, or a word for it.
pub(super) fn priority(cell: &str) -> Option<Priority> {
    Some(match cell.trim().to_lowercase().as_str() {
        "p1" | "1" | "critical" | "urgent" | "特急" | "紧急" => Priority::P1,
        "p2" | "2" | "high" | "高" => Priority::P2,
        "p3" | "3" | "normal" | "medium" | "中" | "普通" | "一般" => Priority::P3,
        "p4" | "4" | "low" | "低" => Priority::P4,
        _ => return None,
    })
}

/// The kind of work.
pub(super) fn kind(cell: &str) -> Option<JobKind> {
    Some(match cell.trim().to_lowercase().as_str() {
        "install" | "installation" | "安装" => JobKind::Install,
        "inspection" | "maintenance" | "巡检" | "保养" | "检查" => JobKind::Inspection,
        "repair" | "breakdown" | "维修" | "报修" | "故障" => JobKind::Repair,
        "return_visit" | "return visit" | "return" | "回访" | "复修" | "二次上门" => JobKind::ReturnVisit,
        _ => return None,
    })
}

/// Whole cents of an amount in currency units with at most two decimals.
pub(super) fn cents(cell: &str) -> Option<i64> {
    let amount: f64 = cell.trim().trim_start_matches(['¥', '￥', '€', '$']).parse().ok()?;
    let cents = amount * 100.0;
    ((0.0..=1e7).contains(&cents) && (cents - cents.round()).abs() < 1e-6).then(|| cents.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_be_written_in_many_ways() {
        for cell in ["90", "90.0", "1:30", "1：30", "PT1H30M", "pt90m", "90min", "90 分钟", "1.5h", "1.5小时", "5400秒"]
        {
            assert_eq!(duration(cell), Some(Duration(5400)), "{cell}");
        }
        for cell in ["", "x", "-5", "1:75", "P", "1e300", "NaN", "5 parsecs", "分钟"] {
            assert_eq!(duration(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_moment_may_be_an_instant_a_local_time_or_a_time_of_day() {
        let local = jiff::civil::datetime(2026, 5, 4, 9, 30, 0, 0);
        for cell in ["2026-05-04 09:30", "2026/5/4 9:30", "2026-05-04T09:30:00", "2026-5-4 9：30"] {
            assert_eq!(moment(cell), Some(Moment::Local(local)), "{cell}");
        }
        let instant = local.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        for cell in ["2026-05-04T17:30:00+08:00", "2026-05-04 09:30:00Z"] {
            assert_eq!(moment(cell), Some(Moment::Instant(instant)), "{cell}");
        }
        assert_eq!(moment("9:30"), Some(Moment::TimeOfDay(local.time())));
        assert_eq!(moment("2026-05-04"), Some(Moment::Local(jiff::civil::datetime(2026, 5, 4, 0, 0, 0, 0))));
        for cell in ["", "soon", "25:00", "2026-13-01", "2026-05", "9:30:10:5", "99999-01-01"] {
            assert_eq!(moment(cell), None, "{cell}");
        }
    }

    #[test]
    fn lists_carry_numbers_in_several_notations() {
        let pair = |name: &str, number| (name.to_owned(), number);
        assert_eq!(counted("P-11:2; K7"), Some(vec![pair("P-11", 2), pair("K7", 1)]));
        assert_eq!(counted("滤芯*3、box、P-11x2"), Some(vec![pair("滤芯", 3), pair("box", 1), pair("P-11", 2)]));
        assert_eq!(counted(""), Some(Vec::new()));
        let many: String = (0..201).map(|k| format!("P{k};")).collect();
        for cell in [many.as_str(), "P:0", "P:x", ":2", "P:1;P:2", "P:-1"] {
            assert_eq!(counted(cell), None, "{cell}");
        }
    }
}
