//! What codes and rules are called, in each language; the sentence a finding makes of itself.

use super::Lang;
use crate::finding::{Code, Finding};
use crate::rule::Rule;

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

impl Rule {
    /// What people call the rule: in English its stable code.
    pub fn name(self, lang: Lang) -> &'static str {
        let chinese = match self {
            Self::Once => "每单一次",
            Self::Skills => "技能",
            Self::Region => "区域",
            Self::Technician => "技师限定",
            Self::Window => "时间窗",
            Self::SlaLimit => "承诺上限",
            Self::Hours => "班次时间",
            Self::Break => "休息",
            Self::Parts => "备件",
            Self::Stock => "库存",
            Self::Tools => "工具",
            Self::Limits => "班次上限",
            Self::Pin => "固定",
            Self::Freeze => "冻结",
            Self::Crew => "协同",
            Self::Precedence => "先后次序",
            Self::Clock => "时刻",
        };
        lang.pick(self.code(), chinese)
    }
}

/// What people call the reason that is no rule: the job costs more than leaving it.
pub fn price_reason(lang: Lang) -> &'static str {
    lang.pick("price", "费用")
}

impl Finding {
    /// The finding as a sentence for people: what is wrong, what is expected, what stands there and
    /// what to do. Place and code are not repeated.
    pub fn message(&self, lang: Lang) -> String {
        let Self { pointer: _, code, expected, got, hint } = self;
        let (what, expected, got) = (code.explanation(lang), expected.in_lang(lang), got.in_lang(lang));
        let (said, mark) = match lang {
            Lang::En => (format!("{what}: expected {expected}, got {got}"), "; "),
            Lang::Zh => (format!("{what}：应为 {expected}，实为 {got}"), "；"),
        };
        match hint.as_ref().map(|hint| hint.in_lang(lang)) {
            Some(hint) => format!("{said}{mark}{hint}"),
            None => said,
        }
    }
    /// The place in words: a JSON pointer stays, lines and columns of other files are named.
    pub fn place(&self, lang: Lang) -> String {
        if self.pointer.is_empty() {
            return lang.pick("(whole file)", "（整个文件）").to_owned();
        }
        if lang == Lang::En || self.pointer.starts_with('/') {
            return self.pointer.clone();
        }
        let steps = self.pointer.split(", ").map(|step| match step.split_once(' ') {
            Some(("line", number)) => format!("第 {number} 行"),
            Some(("column", number)) => format!("第 {number} 列"),
            Some(("node", number)) => format!("节点 {number}"),
            Some(_) | None => step.to_owned(),
        });
        steps.collect::<Vec<_>>().join("，")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Text;

    #[test]
    fn a_finding_speaks_english_and_chinese() {
        let finding = Finding::new(
            "/jobs/0/wrok",
            Code::UnknownKey,
            crate::say!("a known key of {}", "job"),
            crate::lang::quoted("wrok"),
        )
        .hint(crate::say!("did you mean {}?", format_args!("{:?}", "work")));
        assert_eq!(
            finding.message(Lang::En),
            "this key is not known here: expected a known key of job, got \"wrok\"; did you mean \"work\"?"
        );
        assert_eq!(finding.message(Lang::Zh), "此处没有这个键：应为 job 的已知键，实为 \"wrok\"；是否想写 \"work\"？");
    }

    #[test]
    fn every_code_and_every_rule_has_a_name_in_both_languages() {
        for code in Code::ALL {
            assert!(code.explanation(Lang::En).is_ascii() && !code.explanation(Lang::Zh).is_ascii(), "{code}");
        }
        for rule in Rule::ALL {
            assert!(!rule.name(Lang::Zh).is_ascii(), "{}", rule.code());
            assert_eq!(rule.name(Lang::En), rule.code());
        }
    }

    #[test]
    fn a_place_in_a_table_or_a_file_of_numbers_is_named_in_chinese() {
        let at =
            |pointer: &str| Finding::new(pointer, Code::BadFormat, Text::default(), Text::default()).place(Lang::Zh);
        assert_eq!(at("line 7, DEMAND"), "第 7 行，DEMAND");
        assert_eq!(at("line 3, column 9"), "第 3 行，第 9 列");
        assert_eq!(at("/jobs/0, 1"), "/jobs/0, 1");
        assert_eq!(at(""), "（整个文件）");
    }
}
