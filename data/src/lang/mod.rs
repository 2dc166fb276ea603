//! The languages in which the engine speaks to people. Keys and codes stay the same in all of them.
//!
//! A sentence is written in English where it is said, by [`say!`](crate::say), and looked up in the
//! one table of Chinese while the crate compiles: a sentence without Chinese does not build. So it is
//! with what keys and calls mean, by [`described!`](crate::described) and a table of its own. Names of
//! codes and rules stand in `codes`. Nothing here knows what the sentences are about.

mod codes;
mod descriptions;
mod table;
mod text;

pub use codes::price_reason;
pub use descriptions::DESCRIPTIONS;
pub use table::TABLE;
pub use text::{Said, Text, Word, both, quoted, value};

/// A language of labels and messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese, simplified.
    Zh,
}

impl Lang {
    /// The language of a tag such as `zh-CN` or `en`; `None` for others.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            primary.eq_ignore_ascii_case("zh").then_some(Self::Zh)
        }
    }
    /// The tag of the language, as in `Content-Language`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
    /// One of two wordings.
    pub fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}

/// The Chinese of an English sentence. Called while compiling, by [`say!`](crate::say).
///
/// # Panics
/// When the table has no such sentence: the build ends with this call.
pub const fn chinese(english: &str) -> &'static str {
    match found(TABLE, english) {
        Some(chinese) => chinese,
        None => panic!("this sentence has no Chinese yet: add it to data/src/lang/table"),
    }
}

const fn found(table: &[&[(&str, &'static str)]], english: &str) -> Option<&'static str> {
    let mut block = 0;
    while block < table.len() {
        let rows = table[block];
        let mut at = 0;
        while at < rows.len() {
            let (known, chinese) = rows[at];
            // Lengths first: a call costs the compiler more than all the rest.
            if known.len() == english.len() && same(known.as_bytes(), english.as_bytes()) {
                return Some(chinese);
            }
            at += 1;
        }
        block += 1;
    }
    None
}

/// How many values a sentence has room for.
pub const fn holes(sentence: &str) -> usize {
    let bytes = sentence.as_bytes();
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            count += 1;
        }
        at += 1;
    }
    count
}

/// Whether two texts of one length are the same.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A sentence in every language: `say!("at most {} visits", most)`.
///
/// Values take the places of `{}` in order; the Chinese may number them (`{1}`). A sentence that
/// the table does not know, or that has room for another number of values, does not compile.
///
/// ```
/// use dispatch_data::lang::Lang;
/// use dispatch_data::say;
///
/// let text = say!("at most {} visits", 3);
/// assert_eq!(text.in_lang(Lang::En), "at most 3 visits");
/// assert_eq!(text.in_lang(Lang::Zh), "最多 3 次上门");
/// ```
///
/// ```compile_fail
/// dispatch_data::say!("nobody has translated this");
/// ```
#[macro_export]
macro_rules! say {
    ($english:literal $(, $value:expr)* $(,)?) => {{
        const CHINESE: &str = $crate::lang::chinese($english);
        const VALUES: &[&str] = &[$(stringify!($value)),*];
        const { assert!($crate::lang::holes($english) == VALUES.len(), "one value for each hole") };
        $crate::lang::Text::said($english, CHINESE, &[$(&$value as &dyn $crate::lang::Said),*])
    }};
}

/// A word or sentence without values in every language, made while compiling: `word!("place")`.
#[macro_export]
macro_rules! word {
    ($english:literal) => {{
        const CHINESE: &str = $crate::lang::chinese($english);
        $crate::lang::Word::new($english, CHINESE)
    }};
}

/// What something means, in every language, made while compiling: `described!("a place with a name")`.
///
/// ```compile_fail
/// dispatch_data::described!("nobody has translated this");
/// ```
#[macro_export]
macro_rules! described {
    ($english:literal) => {{
        const WORD: $crate::lang::Word = $crate::lang::Word::described($english);
        WORD
    }};
}

/// Two English words in a row outside quotation marks: what a Chinese sentence should not have.
#[cfg(test)]
pub(crate) fn has_english(text: &str) -> bool {
    let outside: String = text.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let words: Vec<&str> = outside.split(' ').collect();
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_lowercase());
    words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn english_left_in_a_chinese_sentence_is_seen() {
        assert!(has_english("应为 at most 5"));
        assert!(!has_english("应为 \"a b c\"，实为 job 的已知键"));
    }

    #[test]
    fn a_language_tag_names_its_language() {
        assert_eq!(Lang::of_tag("zh-CN"), Some(Lang::Zh));
        assert_eq!(Lang::of_tag("EN"), Some(Lang::En));
        assert_eq!(Lang::of_tag("de"), None);
    }

    #[test]
    fn every_sentence_stands_once_in_the_table() {
        let mut seen = BTreeSet::new();
        for (english, _) in TABLE.iter().copied().flatten() {
            assert!(seen.insert(english), "{english}");
        }
        seen.clear();
        for (english, _) in DESCRIPTIONS.iter().copied().flatten() {
            assert!(seen.insert(english), "{english}");
        }
    }

    #[test]
    fn the_chinese_of_a_sentence_takes_the_same_values() {
        for (english, chinese) in TABLE.iter().copied().flatten() {
            let count = holes(english);
            assert_eq!(holes(chinese), count, "{english}");
            assert!(chinese.contains("{}") || (0..count).all(|at| chinese.contains(&format!("{{{at}}}"))), "{english}");
            assert!(english.is_ascii() || english.contains('×'), "{english}");
        }
    }

    #[test]
    fn every_sentence_is_said_in_chinese() {
        // What is left of both languages alike: names of formats and keys.
        let alike = |text: &str| !text.chars().any(|c| c.is_ascii_lowercase());
        for (english, chinese) in TABLE.iter().chain(DESCRIPTIONS).copied().flatten() {
            assert!(!chinese.is_ascii() || alike(english), "{english}");
            assert!(!has_english(chinese), "{chinese}");
        }
    }

    #[test]
    fn the_chinese_of_a_description_names_the_same_keys() {
        let names = |text: &'static str, mark: char| text.split(mark).skip(1).step_by(2).collect::<BTreeSet<_>>();
        for (english, chinese) in DESCRIPTIONS.iter().copied().flatten() {
            for mark in ['"', '`'] {
                assert_eq!(names(english, mark), names(chinese, mark), "{english}");
                assert_eq!(chinese.matches(mark).count() % 2, 0, "{chinese}");
            }
        }
    }

    #[test]
    fn a_description_ends_in_chinese_as_it_does_in_english() {
        for (english, chinese) in DESCRIPTIONS.iter().copied().flatten() {
            assert_eq!(english.ends_with('.'), chinese.ends_with('。'), "{english}");
        }
    }
}
