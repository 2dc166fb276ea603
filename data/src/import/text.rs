//! Reading lines of numbers: findings with line numbers, ranges kept, sizes bounded.

use crate::finding::{Code, Finding};
use crate::lang::{Text, value};
use crate::say;
use std::ops::RangeInclusive;

/// Most places of a file whose matrix is reckoned here: 8 bytes a pair.
pub(super) const MOST_PLACES: usize = 12_000;
/// Most technicians of a file.
pub(super) const MOST_TECHNICIANS: usize = 10_000;

/// Findings up to a number that can still be read.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    const MOST: usize = 200;

    pub(super) fn push(&mut self, finding: Finding) {
        if self.0.len() < Self::MOST {
            self.0.push(finding);
        }
    }
    pub(super) fn add(
        &mut self,
        pointer: impl Into<String>,
        code: Code,
        expected: impl Into<Text>,
        got: impl Into<Text>,
    ) {
        self.push(Finding::new(pointer, code, expected, got));
    }
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= Self::MOST
    }
    pub(super) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
    /// The value, unless anything was found.
    pub(super) fn or<T>(self, value: T) -> Result<T, Vec<Finding>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// A line of text with its number, counted from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) number: usize,
    pub(super) text: &'a str,
}

impl Line<'_> {
    pub(super) fn pointer(self) -> String {
        format!("line {}", self.number)
    }
    /// Whether the line begins like a number.
    pub(super) fn is_numeric(self) -> bool {
        self.text.split_whitespace().next().is_some_and(|word| word.parse::<f64>().is_ok())
    }
}

/// The lines that are not blank, trimmed.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.lines()
        .enumerate()
        .map(|(at, text)| Line { number: at + 1, text: text.trim() })
        .filter(|line| !line.text.is_empty())
}

/// A number within a range, or a finding.
pub(super) fn real(
    found: &mut Findings,
    line: Line<'_>,
    what: &str,
    word: &str,
    range: RangeInclusive<f64>,
) -> Option<f64> {
    let pointer = format!("line {}, {what}", line.number);
    match word.trim().parse::<f64>() {
        Ok(number) if range.contains(&number) => Some(number),
        Ok(_) => {
            found.add(pointer, Code::OutOfRange, say!("{} to {}", range.start(), range.end()), value(word));
            None
        }
        Err(_) => {
            found.add(pointer, Code::BadFormat, say!("a number"), value(word));
            None
        }
    }
}

/// A whole number within a range, or a finding; `30.0` counts as whole.
pub(super) fn whole(
    found: &mut Findings,
    line: Line<'_>,
    what: &str,
    word: &str,
    range: RangeInclusive<i64>,
) -> Option<i64> {
    // Ranges of this crate stay far below 2^53, so the way through f64 is exact.
    let number = real(found, line, what, word, *range.start() as f64..=*range.end() as f64)?;
    if number.fract() == 0.0 {
        Some(number as i64)
    } else {
        found.add(format!("line {}, {what}", line.number), Code::BadFormat, say!("a whole number"), value(word));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_their_range_are_found_with_line_and_column() {
        let mut found = Findings::default();
        let line = Line { number: 7, text: "" };
        assert_eq!(whole(&mut found, line, "DEMAND", "30.0", 0..=100), Some(30));
        for (word, code) in
            [("-1", Code::OutOfRange), ("NaN", Code::OutOfRange), ("1e300", Code::OutOfRange), ("x", Code::BadFormat)]
        {
            assert_eq!(whole(&mut found, line, "DEMAND", word, 0..=100), None);
            let last = found.0.last().cloned().unwrap();
            assert_eq!((last.pointer.as_str(), last.code), ("line 7, DEMAND", code), "{word}");
        }
        assert_eq!(whole(&mut found, line, "DEMAND", "1.5", 0..=100), None);
    }

    #[test]
    fn a_hostile_file_gives_a_bounded_list() {
        let mut found = Findings::default();
        for k in 0..10_000 {
            found.add(format!("line {k}"), Code::BadFormat, value("a number"), value("x"));
        }
        assert_eq!(found.into_vec().len(), Findings::MOST);
    }
}
