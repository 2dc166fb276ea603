//! `dispatch bench-table` on a collection of two tiny sets.

use crate::support::{dispatch, repository};
use std::fs;
use std::path::Path;

/// A collection with one instance of Solomon's kind under two names, and one of the TRSP.
fn collection(folder: &Path) {
    let fixtures = repository("data/src/import/fixtures");
    fs::create_dir_all(folder.join("solomon")).unwrap();
    fs::create_dir_all(folder.join("trsp/crew25")).unwrap();
    for name in ["C101", "C102"] {
        fs::copy(fixtures.join("vrptw.txt"), folder.join(format!("solomon/{name}.txt"))).unwrap();
    }
    fs::copy(fixtures.join("trsp.txt"), folder.join("trsp/crew25/R101.txt")).unwrap();
    let known = "instance,convention,value\nC101,dimacs,12.5\nC101,sintef,1\nC102,dimacs,20\n";
    fs::write(folder.join("solomon/bks.csv"), known).unwrap();
}

#[test]
fn a_table_has_a_row_per_run_and_means_per_group() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    collection(&at.join("bench"));
    let call = ["bench-table", "--bench", "bench", "--iterations", "300", "--seeds", "1,2", "--threads", "1"];
    let run = dispatch(at, &call).ends_with(0);
    let rows = fs::read_to_string(at.join("quality/quality.csv")).unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    assert_eq!(lines.len(), 1 + 3 * 2, "{rows}");
    // 14.0 is the best answer (see the test of `bench`): 12 % above 12.5, and 30 % below 20.
    assert!(rows.contains("solomon,C1,C101,300 it,1,12.5,0,14.0000,0,12.0000,false,true,"), "{rows}");
    assert!(rows.contains("solomon,C1,C102,300 it,2,20,0,14.0000,0,-30.0000,true,true,"), "{rows}");
    let tables = fs::read_to_string(at.join("quality/quality.md")).unwrap();
    assert!(
        tables.contains("## solomon, 300 it") && tables.contains("| C1 | 2 | 4 | 4 | 0 | -9.000 | -9.000 | 1 |"),
        "{tables}"
    );
    assert!(run.out.contains("## trsp, 300 it"), "{}", run.out);
    assert!(run.err.contains("6 of 6: "), "{}", run.err);
}

#[test]
fn a_quick_table_takes_one_known_instance_of_each_group() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    collection(&at.join("bench"));
    dispatch(at, &["bench-table", "--bench", "bench", "--quick", "--iterations", "100"]).ends_with(0);
    assert_eq!(fs::read_to_string(at.join("quality/quality.csv")).unwrap().lines().count(), 2);
    let slow = ["bench-table", "--bench", "bench", "--quick", "--seconds", "1000"];
    let run = dispatch(at, &slow).ends_with(2);
    assert!(run.err.contains("expected at most 15 min in all, got 17 min"), "{}", run.err);
}

#[test]
fn a_call_without_instances_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let run = dispatch(at, &["bench-table"]).ends_with(2);
    assert!(run.err.contains("--bench or DISPATCH_BENCH"), "{}", run.err);
    let run = dispatch(at, &["bench-table", "--bench", "nowhere"]).ends_with(2);
    assert!(run.err.contains("no such file or folder"), "{}", run.err);
    let run = dispatch(at, &["bench-table", "--bench", "."]).ends_with(2);
    assert!(run.err.contains("folders such as trsp/crew25"), "{}", run.err);
    collection(at);
    let run = dispatch(at, &["bench-table", "--bench", ".", "--only", "RC9"]).ends_with(2);
    assert!(run.err.contains("got RC9"), "{}", run.err);
    assert!(!at.join("quality").exists());
}
