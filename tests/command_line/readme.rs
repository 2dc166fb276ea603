//! What the READMEs say is so: their example runs, and the commands they name exist.

use crate::support::{dispatch, quick_start, repository};
use std::collections::BTreeSet;
use std::fs;

/// Words after `dispatch` in code: the subcommands a text names.
fn named_commands(text: &str) -> BTreeSet<String> {
    let pieces = text.split('`').flat_map(str::lines);
    pieces
        .filter_map(|piece| piece.trim().strip_prefix("dispatch "))
        .filter_map(|rest| rest.split_whitespace().next())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_that_a_readme_names_exists_and_none_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let help = dispatch(folder.path(), &["--help"]).ends_with(0).out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let listed: BTreeSet<String> = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(repository(readme)).unwrap();
        let mut named = named_commands(&text);
        named.insert("help".to_owned());
        assert_eq!(named, listed, "{readme}");
    }
}

#[test]
fn the_quick_start_runs_as_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("problem.json"), quick_start()).unwrap();
    dispatch(folder.path(), &["validate", "problem.json"]).ends_with(0);
    let solve = ["solve", "problem.json", "--iterations", "500", "--out", "plan.json"];
    let report = dispatch(folder.path(), &solve).ends_with(0).out;
    assert!(report.contains("collect at store"), "{report}");
    assert!(report.contains("T-3 P4"), "{report}");
    assert!(report.contains("skills — 2 technicians"), "{report}");
    assert!(report.contains("judge: clean"), "{report}");
    dispatch(folder.path(), &["check", "problem.json", "plan.json"]).ends_with(0);
}

#[test]
fn the_makefile_has_the_two_commands_of_the_readme() {
    let makefile = fs::read_to_string(repository("Makefile")).unwrap();
    for target in ["demo:", "test:", "setup:"] {
        assert!(makefile.lines().any(|line| line.starts_with(target)), "{target}");
    }
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    assert!(readme.contains("make demo") && readme.contains("make test"));
}
