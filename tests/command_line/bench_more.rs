//! `dispatch bench-more`: what more threads, more time and a plan to begin from do.

use crate::support::{dispatch, repository};
use std::fs;

#[test]
fn under_an_iteration_stop_threads_change_nothing_and_no_start_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir_all(at.join("bench/solomon")).unwrap();
    fs::copy(repository("data/src/import/fixtures/vrptw.txt"), at.join("bench/solomon/C101.txt")).unwrap();
    fs::write(at.join("bench/solomon/bks.csv"), "instance,convention,value\nC101,dimacs,14\n").unwrap();
    let call = ["bench-more", "--planted", "20", "--iterations", "300", "--seeds", "1,2", "--threads", "2"];
    let run = dispatch(at, &[&call[..], &["--bench", "bench"]].concat()).ends_with(0);
    let rows: Vec<Vec<&str>> =
        run.out.lines().map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    let names: Vec<&str> = rows[2..].iter().map(|row| row[0]).collect();
    assert_eq!(names, ["planted-20-20", "solomon/C101", "**mean of 2**"], "{}", run.out);
    for row in &rows[2..] {
        assert_eq!((row[2], row[5]), ("+0.00", "0"), "{}", run.out);
        assert!(row[4].parse::<f64>().unwrap() <= 0.0, "{}", run.out);
    }
}
