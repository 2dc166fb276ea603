//! Broken problems: each file of `tests/broken` gives exactly the findings of the list beside it.
//!
//! What is too large to keep on file is made here.

use super::{SMALLEST, listed};
use crate::finding::Code;
use crate::format::read_problem;
use crate::lang::{Lang, has_english};
use std::path::PathBuf;

fn broken_files() -> Vec<PathBuf> {
    let folder = format!("{}/tests/broken", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

#[test]
fn every_broken_file_gives_all_its_findings_and_no_others() {
    let files = broken_files();
    assert!(files.len() >= 45, "{} files", files.len());
    let mut wrong = String::new();
    for path in files {
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        let Err(found) = read_problem(std::fs::read(&path).unwrap()) else {
            wrong.push_str(&format!("{}: no findings\n", path.display()));
            continue;
        };
        let mut got: Vec<_> = found.iter().map(|finding| format!("{} {}", finding.pointer, finding.code)).collect();
        let mut want: Vec<_> = expected.lines().map(str::to_owned).collect();
        got.sort();
        want.sort();
        for finding in &found {
            let line = finding.line(Lang::Zh);
            if has_english(&line) || line.is_ascii() {
                wrong.push_str(&format!("{}: not Chinese: {line}\n", path.display()));
            }
        }
        if got != want {
            wrong.push_str(&format!("{}:\n{}\nexpected:\n{expected}\n", path.display(), listed(&found)));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The one finding of a text.
fn only(text: impl AsRef<[u8]>) -> (String, Code, usize) {
    let found = read_problem(text).unwrap_err();
    assert_eq!(found.len(), 1, "{}", listed(&found));
    let longest = found.iter().map(|finding| finding.to_string().len()).max().unwrap_or_default();
    (found[0].pointer.clone(), found[0].code, longest)
}

#[test]
fn a_text_of_a_million_characters_is_named_and_cut() {
    let long = "x".repeat(1_000_000);
    for (old, pointer, code) in [
        ("T-1", "/jobs/0/id", Code::TooLarge),
        ("PT45M", "/jobs/0/work", Code::BadDuration),
        ("Europe/Vaduz", "/horizon/zone", Code::BadZone),
        ("2026-06-15T17:00:00+02:00", "/technicians/0/shifts/0/end", Code::BadInstant),
    ] {
        let (at, what, length) = only(SMALLEST.replace(old, &long));
        assert_eq!((at.as_str(), what), (pointer, code));
        assert!(length < 600, "{length}");
    }
    let (at, what, length) = only(SMALLEST.replacen("{", &format!("{{\"{long}\": 1,"), 1));
    assert_eq!((at.len(), what), ("/".len() + 200 + "…".len(), Code::UnknownKey));
    assert!(length < 1200, "{length}");
}

#[test]
fn deep_nesting_is_refused_where_it_begins_to_be_too_deep() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (at, what, _) = only(SMALLEST.replace("\"PT45M\"", &deep));
    assert!(at.strip_prefix("/jobs/0/work").is_some_and(|rest| rest.starts_with("/0/0/0/")), "{at}");
    assert_eq!(what, Code::TooLarge);
}

#[test]
fn a_number_past_all_floats_and_bytes_that_are_no_text_are_refused() {
    assert_eq!(only(SMALLEST.replace("\"PT45M\"", "1e999")).1, Code::OutOfRange);
    assert_eq!(only(SMALLEST.replace("\"PT45M\"", "NaN")).1, Code::Syntax);
    assert_eq!(only([SMALLEST.as_bytes(), b"\xFF"].concat()).1, Code::Syntax);
    assert_eq!(only("").1, Code::Syntax);
}

#[test]
fn ten_thousand_mistakes_and_one_are_counted() {
    let jobs: Vec<_> = (0..10_001).map(|_| "5").collect();
    let text = SMALLEST.replace("\"jobs\": [", &format!("\"jobs\": [{}, ", jobs.join(",")));
    let found = read_problem(text).unwrap_err();
    assert_eq!(found.len(), 10_001);
    assert_eq!(found.last().map(|last| (last.code, last.got.english())), Some((Code::TooLarge, "1 more")));
}
