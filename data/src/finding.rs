//! A finding: one thing wrong with an input, with its place, both values and what to do.
//!
//! Findings are collected, never thrown one by one: whoever sends a file with ten mistakes reads
//! ten findings.

use crate::lang::{Lang, Text};
use std::borrow::Cow;
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $text:literal),+ $(,)?) => {
        /// What is wrong, as a stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $code),+ }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),+];
            /// Its stable text.
            pub fn text(self) -> &'static str {
                match self { $(Self::$code => $text),+ }
            }
        }
    };
}

codes! {
    /// Not JSON at all, or cut off.
    Syntax "syntax",
    /// Another JSON type than expected.
    WrongType "wrong_type",
    /// A key that is needed is not there.
    MissingKey "missing_key",
    /// A key that is not known here.
    UnknownKey "unknown_key",
    /// The same key twice in one object.
    RepeatedKey "repeated_key",
    /// A number outside its range.
    OutOfRange "out_of_range",
    /// A text that is none of the allowed ones.
    UnknownValue "unknown_value",
    /// Not an RFC 3339 instant, or without offset.
    BadInstant "bad_instant",
    /// Not an ISO 8601 duration.
    BadDuration "bad_duration",
    /// Not a time zone.
    BadZone "bad_zone",
    /// A text too long, too deep a nesting, or too many of a thing.
    TooLarge "too_large",
    /// A needed text is empty.
    Empty "empty",
    /// The same id twice.
    DuplicateId "duplicate_id",
    /// A reference to an id that nothing has.
    UnknownReference "unknown_reference",
    /// A window or span that ends before it begins.
    ClosedBeforeOpen "closed_before_open",
    /// Windows that overlap or stand in the wrong order.
    WindowsOverlap "windows_overlap",
    /// Two statements that cannot both hold.
    Contradiction "contradiction",
    /// A chain of "after" that comes back to itself.
    Cycle "cycle",
    /// A place that cannot be reached, or lies off every road.
    Unreachable "unreachable",
    /// A class price that a day's running cost could outbid, or a price above the limit.
    PriceOrder "price_order",
    /// Something of the format that this version cannot honour.
    NotSupportedYet "not_supported_yet",
    /// A file or a line of a foreign format that does not read.
    BadFormat "bad_format",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// One thing wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// JSON pointer (RFC 6901) to the place; for other formats `line 12` or a column name.
    pub pointer: String,
    /// What is wrong.
    pub code: Code,
    /// What would have been right, with the value it is measured against.
    pub expected: Text,
    /// What stands there; long values are cut.
    pub got: Text,
    /// What to do about it, where there is more to say: `did you mean "time_windows"?`.
    pub hint: Option<Text>,
}

impl Finding {
    /// A finding without a hint; `got` is cut to a readable length.
    pub fn new(pointer: impl Into<String>, code: Code, expected: impl Into<Text>, got: impl Into<Text>) -> Self {
        Self { pointer: pointer.into(), code, expected: expected.into(), got: got.into().mapped(shortened), hint: None }
    }
    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Text>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Finding {
    /// One line: `/jobs/3/windows/0/close: closed_before_open: expected …, got …; hint`. In Chinese
    /// the code is spelt out.
    pub fn line(&self, lang: Lang) -> String {
        let Self { pointer: _, code, expected, got, hint } = self;
        let place = self.place(lang);
        let place = printable(&place);
        let (expected, got) = (printable(expected.in_lang(lang)), printable(got.in_lang(lang)));
        let hint = hint.as_ref().map(|hint| printable(hint.in_lang(lang)));
        let (said, mark) = match lang {
            Lang::En => (format!("{place}: {code}: expected {expected}, got {got}"), "; "),
            Lang::Zh => (format!("{place}：{}：应为 {expected}，实为 {got}", code.explanation(lang)), "；"),
        };
        match hint {
            Some(hint) => format!("{said}{mark}{hint}"),
            None => said,
        }
    }
}

impl fmt::Display for Finding {
    /// The English line, for logs and tests.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(Lang::En))
    }
}

/// The text with its control characters escaped: keys of an input stand in pointers as they are.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    let shown = |one: char| if one.is_control() { one.escape_default().to_string() } else { one.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

/// At most 80 characters of a text, with a mark where it was cut.
fn shortened(text: &str, lang: Lang) -> String {
    const MOST: usize = 80;
    if text.chars().nth(MOST).is_none() {
        return text.to_owned();
    }
    let head: String = text.chars().take(MOST).collect();
    let count = text.chars().count();
    match lang {
        Lang::En => format!("{head}… ({count} characters)"),
        Lang::Zh => format!("{head}…（共 {count} 个字符）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::value;

    #[test]
    fn a_finding_names_place_and_both_values() {
        let finding = Finding::new("/jobs/3/work", Code::OutOfRange, value("0 s to 30 days"), value("-5 s"))
            .hint(value("work takes time"));
        assert_eq!(
            finding.to_string(),
            "/jobs/3/work: out_of_range: expected 0 s to 30 days, got -5 s; work takes time"
        );
    }

    #[test]
    fn a_finding_prints_no_control_characters() {
        let finding =
            Finding::new("/jobs/0/\u{1b}[2J", Code::TooLarge, value("less"), value("a\nb")).hint(value("c\td"));
        assert_eq!(finding.to_string(), r"/jobs/0/\u{1b}[2J: too_large: expected less, got a\nb; c\td");
    }

    #[test]
    fn a_million_characters_are_cut() {
        let finding = Finding::new("/name", Code::TooLarge, value("at most 200"), value("x".repeat(1_000_000)));
        assert!(finding.got.english().ends_with("x… (1000000 characters)"));
        assert!(finding.got.in_lang(Lang::Zh).ends_with("x…（共 1000000 个字符）"));
        assert!(finding.got.english().len() < 120);
    }
}
