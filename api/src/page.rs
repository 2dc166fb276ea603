//! The page that shows the OpenAPI document to people: `docs.html` with its words in either language.
//!
//! What is not here: texts about calls, which the page takes from the document.

use dispatch_data::lang::{Lang, Word};
use std::sync::LazyLock;

/// What takes the places of `{{…}}` in the page: English, Chinese.
const WORDS: &[(&str, Word)] = &[
    ("lang", Word::new("en", "zh")),
    ("tag", Word::new(Lang::En.tag(), Lang::Zh.tag())),
    ("other", Word::new("zh", "en")),
    ("other_tag", Word::new(Lang::Zh.tag(), Lang::En.tag())),
    ("other_name", Word::new("中文", "English")),
    ("title", Word::new("dispatch: calls", "dispatch：接口调用")),
    ("reading", Word::new("Reading the description …", "正在读取说明……")),
    ("unreadable", Word::new("The description cannot be read: ", "无法读取说明：")),
    (
        "noscript",
        Word::new(
            r#"This page shows <a href="/openapi.json?lang=en">/openapi.json</a> and needs scripts for it."#,
            r#"本页展示 <a href="/openapi.json?lang=zh">/openapi.json</a>，需要启用脚本。"#,
        ),
    ),
    ("version", Word::new(". Version ", "。版本 ")),
    ("stop", Word::new(". ", "。")),
    ("parameters", Word::new("Parameters", "参数")),
    ("path", Word::new("path", "路径")),
    ("query", Word::new("query", "查询")),
    ("header", Word::new("header", "请求头")),
    ("body", Word::new("Body", "请求体")),
    ("answers", Word::new("Answers", "应答")),
    ("shapes", Word::new("Shapes", "数据结构")),
];

/// The page in a language.
pub(crate) fn page(lang: Lang) -> &'static str {
    static ENGLISH: LazyLock<String> = LazyLock::new(|| write(Lang::En));
    static CHINESE: LazyLock<String> = LazyLock::new(|| write(Lang::Zh));
    match lang {
        Lang::En => &ENGLISH,
        Lang::Zh => &CHINESE,
    }
}

fn write(lang: Lang) -> String {
    let empty = include_str!("docs.html").to_owned();
    WORDS.iter().fold(empty, |page, (place, word)| page.replace(&format!("{{{{{place}}}}}"), word.in_lang(lang)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_the_page_has_its_word_and_every_word_its_place() {
        for (place, _) in WORDS {
            assert!(include_str!("docs.html").contains(&format!("{{{{{place}}}}}")), "{place}");
        }
        for lang in [Lang::En, Lang::Zh] {
            assert!(!page(lang).contains("{{"), "{}", page(lang));
        }
    }

    #[test]
    fn words_end_no_text_of_the_script() {
        for (place, word) in WORDS.iter().filter(|(place, _)| *place != "noscript") {
            for lang in [Lang::En, Lang::Zh] {
                assert!(!word.in_lang(lang).contains(['"', '\\', '<', '&', '\n']), "{place}");
            }
        }
    }

    #[test]
    fn each_page_asks_for_its_own_language_and_leads_to_the_other() {
        for (lang, own, other) in [(Lang::En, "en", "zh"), (Lang::Zh, "zh", "en")] {
            assert!(page(lang).contains(&format!("fetch(\"/openapi.json?lang={own}\")")));
            assert!(page(lang).contains(&format!("<html lang=\"{}\">", lang.tag())));
            assert!(page(lang).contains(&format!("<a href=\"?lang={other}\"")));
        }
    }

    #[test]
    fn nothing_of_the_english_frame_is_left_in_the_chinese_one() {
        for (place, word) in WORDS.iter().filter(|(place, _)| !matches!(*place, "lang" | "tag" | "other" | "other_tag"))
        {
            assert!(word.in_lang(Lang::Zh) != word.in_lang(Lang::En), "{place}");
        }
    }
}
