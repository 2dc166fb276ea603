//! The languages in which the engine speaks to people. Keys and codes stay the same in all of them.

use crate::finding::{Code, Finding};

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
}

impl Code {
    /// What the code means, as a short sentence without full stop.
    pub fn explanation(self, lang: Lang) -> &'static str {
        let (english, chinese) = match self {
            Self::Syntax => ("this is not JSON", "不是有效的 JSON"),
            Self::WrongType => ("the value has another type than expected", "值的类型不对"),
            Self::MissingKey => ("a needed key is missing", "缺少必需的键"),
            Self::UnknownKey => ("this key is not known here", "此处没有这个键"),
            Self::RepeatedKey => ("this key stands twice", "键重复出现"),
            Self::OutOfRange => ("the value lies outside its range", "值超出范围"),
            Self::UnknownValue => ("this is none of the allowed values", "不在允许的取值之中"),
            Self::BadInstant => ("this does not read as a moment or a date", "不是有效的时刻或日期"),
            Self::BadDuration => ("this does not read as a duration", "不是有效的时长"),
            Self::BadZone => ("this time zone is not known", "未知的时区"),
            Self::TooLarge => ("this is too long, too deep or too many", "过长、嵌套过深或数量过多"),
            Self::Empty => ("something must stand here", "此处不能为空"),
            Self::DuplicateId => ("this stands twice", "标识重复"),
            Self::UnknownReference => ("nothing has this id", "引用的标识不存在"),
            Self::ClosedBeforeOpen => ("this ends before it begins", "结束早于开始"),
            Self::WindowsOverlap => ("these overlap or stand in the wrong order", "时间段重叠或次序不对"),
            Self::Contradiction => ("two statements cannot both hold", "两项内容互相矛盾"),
            Self::Cycle => ("this order comes back to itself", "先后次序形成循环"),
            Self::Unreachable => ("this place cannot be reached", "该地点无法到达"),
            Self::PriceOrder => ("these prices would put the wrong jobs first", "价格会使工单的先后颠倒"),
            Self::NotSupportedYet => ("this version cannot honour this yet", "此版本尚不支持"),
            Self::BadFormat => ("this line or file does not read", "文件或行的格式无法读取"),
        };
        match lang {
            Lang::En => english,
            Lang::Zh => chinese,
        }
    }
}

impl Finding {
    /// The finding as a sentence for people: what is wrong, what is expected, what stands there and
    /// what to do. Place and code are not repeated.
    pub fn message(&self, lang: Lang) -> String {
        let Self { pointer: _, code, expected, got, hint } = self;
        let what = code.explanation(lang);
        match lang {
            Lang::En => {
                let hint = hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
                format!("{what}: expected {expected}, got {got}{hint}")
            }
            Lang::Zh => {
                let hint = hint.as_ref().map(|hint| format!("；{}", in_chinese(hint, HINTS))).unwrap_or_default();
                format!("{what}：应为 {}，实为 {}{hint}", in_chinese(expected, EXPECTED), in_chinese(got, GOT))
            }
        }
    }
}

/// Beginnings of what is expected, longest first where one begins another.
const EXPECTED: &[(&str, &str)] = &[
    ("a text of at most ", "文本，字符数不超过 "),
    ("a text that is not empty", "非空文本"),
    ("a whole number from ", "整数，范围 "),
    ("null or a whole number from ", "null 或整数，范围 "),
    ("a number from ", "数值，范围 "),
    ("an ISO 8601 duration from ", "ISO 8601 时长，范围 "),
    ("an RFC 3339 instant with offset, such as ", "带时区偏移的 RFC 3339 时刻，例如 "),
    ("an instant within 100 years of the start of the horizon", "距计划期开始不超过一百年的时刻"),
    ("an IANA time zone such as ", "IANA 时区，例如 "),
    ("a time of day from ", "一天中的时刻，范围 "),
    ("a date such as ", "日期，例如 "),
    ("a list that is not empty", "非空列表"),
    ("a list of at least ", "列表，至少 "),
    ("a list of ", "列表，长度 "),
    ("a list", "列表"),
    ("an object from names to values", "以名称为键的对象"),
    ("an object", "对象"),
    ("true or false", "true 或 false"),
    ("one of ", "以下之一："),
    ("exactly one of ", "恰好其一："),
    ("at most one of ", "至多其一："),
    ("at most ", "不超过 "),
    ("at least one ", "至少一个 "),
    ("at or after ", "不早于 "),
    ("at or before ", "不晚于 "),
    ("a known key of ", "已知的键，属于 "),
    ("a known ", "已有的 "),
    ("the key ", "键 "),
    ("each key once", "每个键一次"),
    ("an id that ", "不同的标识："),
    ("an order without circles", "没有循环的次序"),
];

/// Beginnings of what stands there.
const GOT: &[(&str, &str)] = &[
    ("a list of ", "列表，长度 "),
    ("an object", "对象"),
    ("nothing", "无"),
    ("none", "无"),
    ("both", "两者皆有"),
    ("neither", "两者皆无"),
];

/// Beginnings of hints.
const HINTS: &[(&str, &str)] = &[
    ("did you mean ", "是否想写 "),
    ("add the offset: Z, or such as ", "请加上时区偏移：Z，或例如 "),
    ("years and months have no fixed length: ", "年和月没有固定长度："),
    ("leave the key out ", "没有内容时请省略该键 "),
    ("add the quantities up", "请将数量相加"),
];

/// A text whose beginning has a translation. Names, numbers and rare phrases stay as they are.
fn in_chinese(text: &str, phrases: &[(&str, &str)]) -> String {
    let found = phrases.iter().find_map(|(english, chinese)| Some((chinese, text.strip_prefix(english)?)));
    found.map_or_else(|| text.to_owned(), |(chinese, rest)| format!("{chinese}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_speaks_english_and_chinese() {
        let finding = Finding::new("/jobs/0/wrok", Code::UnknownKey, "a known key of job", "\"wrok\"")
            .hint("did you mean \"work\"?");
        assert_eq!(
            finding.message(Lang::En),
            "this key is not known here: expected a known key of job, got \"wrok\"; did you mean \"work\"?"
        );
        assert_eq!(
            finding.message(Lang::Zh),
            "此处没有这个键：应为 已知的键，属于 job，实为 \"wrok\"；是否想写 \"work\"?"
        );
    }

    #[test]
    fn every_code_is_explained_in_both_languages() {
        for code in Code::ALL {
            assert!(code.explanation(Lang::En).is_ascii() && !code.explanation(Lang::Zh).is_ascii(), "{code}");
        }
    }

    #[test]
    fn no_phrase_hides_behind_a_shorter_one() {
        for table in [EXPECTED, GOT, HINTS] {
            for (at, (phrase, _)) in table.iter().enumerate() {
                let before = table[..at].iter().find(|(earlier, _)| phrase.starts_with(earlier));
                assert_eq!(before, None, "{phrase}");
            }
        }
    }

    #[test]
    fn a_language_tag_names_its_language() {
        assert_eq!(Lang::of_tag("zh-CN"), Some(Lang::Zh));
        assert_eq!(Lang::of_tag("EN"), Some(Lang::En));
        assert_eq!(Lang::of_tag("de"), None);
    }
}
