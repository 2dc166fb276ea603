//! The description of the service and its page in both languages: the same but for the words, and
//! none of the words left in the other language.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::body::to_bytes;
use axum::http::{StatusCode, header};
use dispatch_api::openapi;
use dispatch_data::lang::{DESCRIPTIONS, Lang};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use support::{World, get, limits, settings, with};
use tower::ServiceExt;

/// All that answer in the language that is asked for.
const PATHS: [&str; 4] = ["/openapi.json", "/docs", "/v1/schema/problem", "/v1/schema/plan"];

/// Whether what stands under a key is a text for people.
fn is_text(key: &str, entry: &Value) -> bool {
    matches!(key, "summary" | "description") && entry.is_string()
}

/// Bodies that work as they stand: what they say is the caller's.
fn is_example(key: &str) -> bool {
    matches!(key, "example" | "examples")
}

/// Every text for people: where it stands, and what it says.
fn texts<'v>(value: &'v Value, at: &str, found: &mut Vec<(String, &'v str)>) {
    match value {
        Value::Object(entries) => {
            for (key, entry) in entries.iter().filter(|(key, _)| !is_example(key)) {
                let here = format!("{at} {key}");
                match entry {
                    Value::String(text) if is_text(key, entry) => found.push((here, text)),
                    other => texts(other, &here, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, at, found)),
        _ => {}
    }
}

fn texts_of(lang: Lang) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    texts(openapi(lang), "", &mut found);
    found
}

/// The same value with every text for people left out.
fn wordless(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let left = entries.iter().filter(|(key, entry)| !is_text(key, entry));
            left.map(|(key, entry)| (key.clone(), if is_example(key) { entry.clone() } else { wordless(entry) }))
                .collect()
        }
        Value::Array(items) => items.iter().map(wordless).collect(),
        other => other.clone(),
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// What stands between two marks: code, or a key.
fn marked(text: &str, mark: char) -> BTreeSet<&str> {
    text.split(mark).skip(1).step_by(2).collect()
}

#[test]
fn the_two_documents_are_the_same_without_their_words() {
    let (english, chinese) = (wordless(openapi(Lang::En)), wordless(openapi(Lang::Zh)));
    assert!(english == chinese);
    assert!(texts_of(Lang::En).len() > 800, "{}", texts_of(Lang::En).len());
}

#[test]
fn every_text_of_the_chinese_document_is_chinese_and_none_of_the_english_one() {
    for ((at, english), (same, chinese)) in texts_of(Lang::En).into_iter().zip(texts_of(Lang::Zh)) {
        assert_eq!(at, same);
        assert!(!is_chinese(english), "{at}: {english}");
        assert!(is_chinese(chinese), "{at}: {chinese}");
    }
}

#[test]
fn code_and_keys_within_a_text_are_the_same_in_both() {
    for ((at, english), (_, chinese)) in texts_of(Lang::En).into_iter().zip(texts_of(Lang::Zh)) {
        for mark in ['`', '"'] {
            assert_eq!(marked(english, mark), marked(chinese, mark), "{at}: {english} {chinese}");
        }
    }
}

#[test]
fn every_translated_description_is_one_of_the_document() {
    let used: BTreeSet<&str> = texts_of(Lang::En).into_iter().map(|(_, text)| text).collect();
    for (english, _) in DESCRIPTIONS.iter().copied().flatten() {
        assert!(used.contains(english), "{english}");
    }
}

#[tokio::test]
async fn a_document_comes_in_the_language_of_the_query_or_else_of_the_head() {
    let world = World::idle(settings(limits())).await;
    for path in PATHS {
        for (query, accept, tag) in [
            ("", "", "en"),
            ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
            ("?lang=en", "zh-CN", "en"),
            ("?lang=zh", "en", "zh-CN"),
        ] {
            let request = with(get(&format!("{path}{query}")), "accept-language", accept);
            let answer = world.app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{path}{query}");
            assert_eq!(answer.headers()[header::CONTENT_LANGUAGE], tag, "{path}{query} {accept}");
            assert_eq!(answer.headers()[header::VARY], "accept-language");
            let body = to_bytes(answer.into_body(), 64 << 20).await.unwrap();
            // The page in English has one word of Chinese: the way to the other one.
            let text = String::from_utf8(body.to_vec()).unwrap().replace(">中文<", "");
            assert_eq!(is_chinese(&text), tag == "zh-CN", "{path}{query} {accept}");
        }
    }
    assert!(&world.get("/openapi.json?lang=zh").await == openapi(Lang::Zh));
    assert!(&world.get("/openapi.json").await == openapi(Lang::En));
}

#[tokio::test]
async fn a_language_that_is_not_known_is_refused_and_the_query_is_declared() {
    let world = World::idle(settings(limits())).await;
    for path in PATHS {
        for (query, code) in [
            ("?lang=de", "unknown_value"),
            ("?lang=", "unknown_value"),
            ("?lang=ZH", "unknown_value"),
            ("?lang=zh&lang=en", "repeated_key"),
            ("?language=zh", "unknown_key"),
        ] {
            let request = with(get(&format!("{path}{query}")), "accept-language", "zh");
            let (status, problem) = world.refused(request).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}{query}");
            assert_eq!(problem["errors"][0]["code"], json!(code), "{path}{query}");
            assert!(is_chinese(problem["errors"][0]["message"].as_str().unwrap()));
        }
        let call = &openapi(Lang::En)["paths"][path]["get"];
        assert_eq!(call["parameters"][0]["name"], json!("lang"), "{path}");
        assert_eq!(call["parameters"][0]["schema"]["$ref"], json!("#/components/schemas/Lang"), "{path}");
        assert!(call["responses"]["422"].is_object(), "{path}");
    }
    assert_eq!(openapi(Lang::En)["components"]["schemas"]["Lang"], json!({"enum": ["en", "zh"]}));
}
