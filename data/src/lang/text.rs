//! A text that is ready in every language.

use super::{Lang, holes};
use crate::units::{Cost, Duration};
use std::borrow::Cow;
use std::fmt;

/// What is said to people, in every language at once. Made by [`say!`](crate::say), or by [`value`]
/// and [`quoted`] from what is the same in all languages. It has no `Display`, so that nobody prints
/// it without saying in which language.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    english: String,
    /// `None`: as in English.
    chinese: Option<String>,
}

impl Text {
    /// A sentence with values in its places; [`say!`](crate::say) sees to it that both fit.
    pub fn said(english: &str, chinese: &str, values: &[&dyn Said]) -> Self {
        Self { english: filled(english, values, Lang::En), chinese: Some(filled(chinese, values, Lang::Zh)) }
    }
    /// The text in a language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match (lang, &self.chinese) {
            (Lang::Zh, Some(chinese)) => chinese,
            (Lang::En, _) | (Lang::Zh, None) => &self.english,
        }
    }
    /// The text in English.
    pub fn english(&self) -> &str {
        &self.english
    }
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }
    /// Several texts with one of the words between each two.
    pub fn joined(texts: impl IntoIterator<Item = Self>, between: Word) -> Self {
        let mut all = texts.into_iter();
        let Some(mut whole) = all.next() else { return Self::default() };
        for next in all {
            whole = Self {
                english: format!("{}{}{}", whole.english, between.english, next.english),
                chinese: Some(format!("{}{}{}", whole.in_lang(Lang::Zh), between.chinese, next.in_lang(Lang::Zh))),
            };
        }
        whole
    }
    /// The text with each language passed through a function.
    pub(crate) fn mapped(self, change: impl Fn(&str, Lang) -> String) -> Self {
        let (english, chinese) = (change(&self.english, Lang::En), change(self.in_lang(Lang::Zh), Lang::Zh));
        Self { chinese: (chinese != english).then_some(chinese), english }
    }
}

impl From<Duration> for Text {
    fn from(length: Duration) -> Self {
        Self { english: length.read(Lang::En).into_owned(), chinese: Some(length.read(Lang::Zh).into_owned()) }
    }
}

impl From<Word> for Text {
    fn from(word: Word) -> Self {
        Self { english: word.english.to_owned(), chinese: Some(word.chinese.to_owned()) }
    }
}

/// A word or sentence without values, in every language. Made by [`word!`](crate::word).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    english: &'static str,
    chinese: &'static str,
}

impl Word {
    /// Both wordings.
    pub const fn new(english: &'static str, chinese: &'static str) -> Self {
        Self { english, chinese }
    }
    /// What something means, with the Chinese that the table of descriptions has. Called while
    /// compiling, by [`described!`](crate::described) and by functions that make tables.
    ///
    /// # Panics
    /// When the table has no such description: the build ends with this call.
    pub const fn described(english: &'static str) -> Self {
        match super::found(super::DESCRIPTIONS, english) {
            Some(chinese) => Self { english, chinese },
            None => panic!("this description has no Chinese yet: add it to data/src/lang/descriptions"),
        }
    }
    /// The word in a language.
    pub fn in_lang(self, lang: Lang) -> &'static str {
        lang.pick(self.english, self.chinese)
    }
}

/// What is the same in every language: a number, an id, what stands in a file.
pub fn value(value: impl fmt::Display) -> Text {
    Text { english: value.to_string(), chinese: None }
}

/// A text whose English comes from elsewhere: a library's word on what went wrong.
pub fn both(english: impl Into<String>, chinese: impl Into<String>) -> Text {
    Text { english: english.into(), chinese: Some(chinese.into()) }
}

/// A text of the caller, in quotation marks and with control characters escaped.
pub fn quoted(text: impl fmt::Debug) -> Text {
    Text { english: format!("{text:?}"), chinese: None }
}

/// What can take a place in a sentence.
pub trait Said {
    /// How it reads in a language.
    fn read(&self, lang: Lang) -> Cow<'_, str>;
}

impl Said for Text {
    fn read(&self, lang: Lang) -> Cow<'_, str> {
        self.in_lang(lang).into()
    }
}

impl Said for Word {
    fn read(&self, lang: Lang) -> Cow<'_, str> {
        self.in_lang(lang).into()
    }
}

impl Said for Duration {
    /// `1 h 05 min` or `1 小时 05 分`.
    fn read(&self, lang: Lang) -> Cow<'_, str> {
        if lang == Lang::En {
            return self.to_string().into();
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let total = self.0.unsigned_abs();
        match (total / 3600, total / 60 % 60, total % 60) {
            (0, 0, s) => format!("{sign}{s} 秒"),
            (0, m, 0) => format!("{sign}{m} 分钟"),
            (0, m, s) => format!("{sign}{m} 分 {s:02} 秒"),
            (h, m, _) => format!("{sign}{h} 小时 {m:02} 分"),
        }
        .into()
    }
}

impl<T: Said + ?Sized> Said for &T {
    fn read(&self, lang: Lang) -> Cow<'_, str> {
        (**self).read(lang)
    }
}

/// Values that read the same in every language.
macro_rules! alike {
    ($($kind:ty),+ $(,)?) => {
        $(impl Said for $kind {
            fn read(&self, _lang: Lang) -> Cow<'_, str> {
                self.to_string().into()
            }
        })+
    };
}

alike!(
    str,
    String,
    Box<str>,
    Cow<'_, str>,
    fmt::Arguments<'_>,
    crate::pointer::Path<'_>,
    std::path::Display<'_>,
    std::net::SocketAddr,
    Cost,
    u8,
    i32,
    u32,
    u64,
    usize,
    i64,
    i128,
    u128,
    jiff::Timestamp,
    f64,
);

/// A sentence with its values in it: `{}` takes the next, `{1}` the one of that number.
fn filled(sentence: &str, values: &[&dyn Said], lang: Lang) -> String {
    debug_assert_eq!(holes(sentence), values.len(), "{sentence}");
    let mut text = String::with_capacity(sentence.len() + 8 * values.len());
    let (mut rest, mut next) = (sentence, 0);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (number, behind) = after.split_once('}').unwrap_or((after, ""));
        let at = number.parse().unwrap_or(next);
        next += 1;
        if let Some(value) = values.get(at) {
            text.push_str(&value.read(lang));
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places_in_either_order() {
        assert_eq!(filled("{} of {}", &[&1_usize, &"two"], Lang::En), "1 of two");
        assert_eq!(filled("{1} 之 {0}", &[&1_usize, &"two"], Lang::Zh), "two 之 1");
    }

    #[test]
    fn a_text_within_a_text_and_a_length_of_time_follow_the_language() {
        let inner = Text::said("an end", "结尾", &[]);
        let outer = Text::said("{} after {}", "{1}后：{0}", &[&inner, &Duration(3900)]);
        assert_eq!(outer.in_lang(Lang::En), "an end after 1 h 05 min");
        assert_eq!(outer.in_lang(Lang::Zh), "1 小时 05 分后：结尾");
    }

    #[test]
    fn what_is_alike_in_all_languages_is_said_as_it_stands() {
        assert_eq!(value(-5).in_lang(Lang::Zh), "-5");
        assert_eq!(quoted("a\u{1b}").in_lang(Lang::Zh), r#""a\u{1b}""#);
    }

    #[test]
    fn joined_texts_keep_both_languages() {
        let both = [value("a"), Text::said("nothing", "无", &[])];
        let joined = Text::joined(both, Word::new(" or ", " 或 "));
        assert_eq!((joined.in_lang(Lang::En), joined.in_lang(Lang::Zh)), ("a or nothing", "a 或 无"));
        assert!(Text::joined([], Word::new(",", "，")).is_empty());
    }
}
