//! What people read is Chinese when they ask for it; keys and codes are not.

use crate::support::{Run, dispatch, quick_start};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Two English words in a row: what a Chinese sentence should not have. Ids of the quick start and
/// names in quotation marks are no sentences.
fn english_in(text: &str) -> Option<String> {
    let outside: String = text.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    let words: Vec<&str> = outside.split_whitespace().collect();
    let is_word = |word: &str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_lowercase());
    words.windows(2).find(|pair| is_word(pair[0]) && is_word(pair[1])).map(|pair| pair.join(" "))
}

fn in_chinese(folder: &Path, arguments: &[&str]) -> Run {
    let run = dispatch(folder, &[arguments, &["--lang", "zh"]].concat());
    for said in [&run.out, &run.err] {
        assert_eq!(english_in(said), None, "{said}");
    }
    run
}

#[test]
fn findings_refusals_and_what_the_system_says_are_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut problem: Value = serde_json::from_str(&quick_start()).unwrap();
    problem["jobs"][0]["wrok"] = json!("PT1H");
    problem["jobs"][1]["work"] = json!("90 minutes");
    problem["jobs"][2]["skills"] = json!(5);
    fs::write(at.join("bad.json"), problem.to_string()).unwrap();
    let run = in_chinese(at, &["validate", "bad.json"]).ends_with(2);
    for words in ["3 处问题", "此处没有这个键：应为 job 的已知键", "是否想写 \"work\"", "ISO 8601 时长"]
    {
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
    let machine = in_chinese(at, &["--json", "validate", "bad.json"]).ends_with(2).json();
    assert_eq!(machine["errors"][0]["code"], "unknown_key");
    assert!(machine["errors"][0]["hint"].as_str().unwrap().starts_with("是否想写"));

    let mut problem: Value = serde_json::from_str(&quick_start()).unwrap();
    problem["precedences"] = json!([{"before": "T-1", "after": "T-2"}]);
    fs::write(at.join("later.json"), problem.to_string()).unwrap();
    let run = in_chinese(at, &["solve", "later.json"]).ends_with(2);
    assert!(run.err.contains("跨技师的工单先后次序") && run.err.contains("后续版本将支持"), "{}", run.err);

    let run = in_chinese(at, &["validate", "nowhere.json"]).ends_with(2);
    assert!(run.err.contains("文件或文件夹不存在"), "{}", run.err);
    let run = in_chinese(at, &["convert", "--from", "vroom", "bad.json", "out.json"]).ends_with(2);
    assert!(run.err.contains("此处没有这个键"), "{}", run.err);
}

#[test]
fn the_report_the_plan_and_the_judge_are_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("problem.json"), quick_start()).unwrap();
    let solve = ["solve", "problem.json", "--iterations", "200", "--out", "plan.json", "--picks", "picks.txt"];
    let report = in_chinese(at, &solve).ends_with(0).out;
    for words in [
        "未派工单 (1)",
        "技能 — 2 名技师；最接近的是 ann：没有 lift，需要 1 级",
        " 完成，条件：",
        " 具备 lift 1（增加费用 ",
    ] {
        assert!(report.contains(words), "{words} is missing in\n{report}");
    }
    let mut plan: Value = serde_json::from_str(&fs::read_to_string(at.join("plan.json")).unwrap()).unwrap();
    let left = &plan["unassigned"][0];
    assert_eq!((&left["reasons"][0]["rule"], &left["relaxation"]["rule"]), (&json!("skills"), &json!("skills")));
    assert_eq!(left["reasons"][0]["miss"], "没有 lift，需要 1 级");

    // A plan with Chinese sentences is a plan like any other; broken, it is judged in Chinese.
    in_chinese(at, &["check", "problem.json", "plan.json"]).ends_with(0);
    plan["routes"][0]["stops"][0]["start"] = plan["routes"][0]["end"].clone();
    fs::write(at.join("broken.json"), plan.to_string()).unwrap();
    let run = in_chinese(at, &["check", "problem.json", "broken.json"]).ends_with(1);
    assert!(run.out.contains("的班次") && run.out.contains("第 1 站") && run.out.contains("应为"), "{}", run.out);
    let english = dispatch(at, &["check", "problem.json", "broken.json"]).ends_with(1).out;
    assert!(english.contains(", stop 1") && !english.contains("stop 0"), "{english}");
}

#[test]
fn a_language_that_is_not_spoken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let run = dispatch(folder.path(), &["validate", "x.json", "--lang", "de"]).ends_with(2);
    assert!(run.err.contains("en or zh"), "{}", run.err);
    dispatch(folder.path(), &["schema", "plan", "--lang", "zh-CN"]).ends_with(0);
}
