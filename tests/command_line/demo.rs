//! The demo: from the map that comes with the program to a clean plan and its files.

use crate::support::dispatch;
use serde_json::Value;
use std::fs;

#[test]
fn the_demo_makes_a_clean_plan_and_leaves_everything_behind() {
    let folder = tempfile::tempdir().unwrap();
    let said = dispatch(folder.path(), &["demo", "--iterations", "400"]).ends_with(0).out;
    for words in
        ["roads:", "technician", "tightest promise", "parts from", "total", "judge: clean", "written: out/plan.svg"]
    {
        assert!(said.contains(words), "{words:?} is missing in\n{said}");
    }

    // The day, the map and the plan are taken up by the other commands.
    let check = dispatch(folder.path(), &["--json", "check", "out/problem.json", "out/plan.json"]).ends_with(0);
    assert_eq!(check.json()["clean"], Value::Bool(true));
    assert_eq!(check.json()["claimed_bill_matches"], Value::Bool(true));

    let out = folder.path().join("out");
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let layer: Value = serde_json::from_str(&read("plan.geojson")).unwrap();
    let lines = layer["features"].as_array().unwrap().iter().filter(|f| f["geometry"]["type"] == "LineString");
    let longest = lines.map(|line| line["geometry"]["coordinates"].as_array().unwrap().len()).max().unwrap();
    assert!(longest > 100, "routes follow the roads: {longest} points");
    assert!(read("plan.svg").starts_with("<svg") || read("plan.svg").starts_with("<?xml"));
    assert!(read("plan.svg").contains("OpenStreetMap"));
    assert!(read("plan.csv").lines().count() > 60);
    assert!(!read("picks.txt").is_empty());
    assert!(fs::read_dir(out.join("calendars")).unwrap().count() >= 12);
}

#[test]
fn the_demo_speaks_chinese_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let said = dispatch(folder.path(), &["demo", "--iterations", "50", "--lang", "zh", "--out", "x"]).ends_with(0).out;
    for words in ["技师", "合计", "裁判：通过"] {
        assert!(said.contains(words), "{words:?} is missing in\n{said}");
    }
    assert!(folder.path().join("x/plan.json").is_file());
}
