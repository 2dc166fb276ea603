//! `dispatch bench-planted`: days whose cheapest plan is known.

use crate::support::dispatch;

#[test]
fn the_planted_plan_passes_the_judge_from_its_file_and_no_found_plan_is_cheaper() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let call = ["bench-planted", "--jobs", "10,20", "--seeds", "1,2", "--iterations", "500", "--threads", "1"];
    let run = dispatch(at, &[&call[..], &["--out", "days"]].concat()).ends_with(0);
    let rows: Vec<Vec<&str>> = run.out.lines().map(|line| line.trim_matches('|').split('|').collect()).collect();
    assert_eq!(rows.len(), 2 + 2 * (2 + 1), "{}", run.out);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{}", run.out);
    for (jobs, seed) in [(10, 1), (10, 2), (20, 1), (20, 2)] {
        let file = |what: &str| format!("days/planted-{jobs}-{seed}.{what}.json");
        for plan in ["planted", "found"] {
            dispatch(at, &["check", &file("problem"), &file(plan)]).ends_with(0);
        }
    }
    let gaps = rows[2..].iter().map(|row| row[4].trim().parse::<f64>().unwrap());
    assert!(gaps.clone().all(|gap| gap >= 0.0), "{}", run.out);
    // Ten jobs and one technician: the search ends at the planted price.
    assert_eq!(gaps.take(3).collect::<Vec<_>>(), [0.0; 3], "{}", run.out);
}

#[test]
fn a_day_of_no_jobs_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let run = dispatch(folder.path(), &["bench-planted", "--jobs", "0"]).ends_with(2);
    assert!(run.err.contains("1..=5000") || run.err.contains("not in 1"), "{}", run.err);
}
