//! Where results go: what is made, what is not, and when a user hears of it.

use crate::support::{dispatch, quick_start, repository};
use std::fs;
use std::time::Instant;

#[test]
fn a_file_in_a_folder_that_is_not_there_is_refused_before_the_search() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("problem.json"), quick_start()).unwrap();
    let before = Instant::now();
    for option in ["--out", "--geojson", "--svg", "--csv", "--picks"] {
        let run = dispatch(at, &["solve", "problem.json", "--seconds", "60", option, "new/file"]).ends_with(1);
        assert!(run.err.contains("cannot write new/file: no such file or folder"), "{option}: {}", run.err);
    }
    let run = dispatch(at, &["solve", "problem.json", "--seconds", "60", "--out", "."]).ends_with(1);
    assert!(run.err.contains("cannot write .: a folder"), "{}", run.err);
    assert!(before.elapsed().as_secs() < 30, "nothing was searched");
    assert!(!at.join("new").exists());
}

#[test]
fn a_look_whether_a_file_can_be_written_leaves_it_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("problem.json"), quick_start()).unwrap();
    fs::write(at.join("old.json"), "kept").unwrap();
    // The map that is not there is missed after the look and before the search.
    let call = ["solve", "problem.json", "--map", "none.osm.pbf", "--out", "old.json", "--svg", "new.svg"];
    dispatch(at, &call).ends_with(2);
    assert_eq!(fs::read_to_string(at.join("old.json")).unwrap(), "kept");
    assert!(!at.join("new.svg").exists());
}

#[test]
fn no_command_writes_over_what_it_reads() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("problem.json"), quick_start()).unwrap();
    for call in [
        ["solve", "problem.json", "--out", "./problem.json"],
        ["matrix", "problem.json", "--out", "problem.json"],
        ["convert", "--from=vroom", "problem.json", "problem.json"],
    ] {
        let run = dispatch(at, &call).ends_with(2);
        assert!(run.err.contains("expected another file than problem.json, got the same file"), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(at.join("problem.json")).unwrap(), quick_start());
}

#[test]
fn an_option_that_names_a_folder_makes_it() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("problem.json"), quick_start()).unwrap();
    dispatch(at, &["solve", "problem.json", "--iterations", "50", "--ics", "a/calendars"]).ends_with(0);
    assert!(at.join("a/calendars/ann.ics").is_file());
    let run = dispatch(at, &["solve", "problem.json", "--iterations", "50", "--ics", "problem.json"]).ends_with(1);
    assert!(run.err.contains("cannot make the folder problem.json"), "{}", run.err);
}

#[test]
fn inputs_that_are_no_input_are_named_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("empty.json"), "").unwrap();
    fs::copy(repository("data/samples/liechtenstein.osm.pbf"), at.join("map.osm.pbf")).unwrap();
    for (input, words) in [
        ("nowhere.json", "no such file or folder"),
        (".", "a folder"),
        ("empty.json", "expected JSON"),
        ("map.osm.pbf", "expected UTF-8 text"),
    ] {
        for command in ["validate", "solve", "matrix"] {
            let run = dispatch(at, &[command, input]).ends_with(2);
            assert!(run.err.contains(words), "{command} {input}: {}", run.err);
        }
    }
    let run = dispatch(at, &["import-osm", "empty.json"]).ends_with(2);
    assert!(run.err.contains("a file that is no .osm.pbf"), "{}", run.err);
    let run = dispatch(at, &["import-osm", "nowhere.osm.pbf"]).ends_with(2);
    assert!(run.err.contains("no such file or folder"), "{}", run.err);
}
