//! Maps, prepared maps and the traffic of a day, on the bundled country.

use crate::support::{dispatch, repository};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const MAP: &str = "data/samples/liechtenstein.osm.pbf";

/// Two technicians' day on the roads of a map.
fn problem(folder: &Path, profile: &str, roads: &Value) {
    let job = |k: u32, lat: f64, lon: f64| json!({"id": format!("T-{k}"), "place": {"lat": lat, "lon": lon}, "work": "PT30M", "priority": "P2"});
    let problem = json!({
        "schema_version": 1,
        "horizon": {"start": "2026-06-15T00:00:00Z", "end": "2026-06-15T23:59:00Z", "zone": "UTC"},
        "travel": {"profiles": [profile], "roads": roads},
        "technicians": [{
            "id": "ann", "home": {"lat": 47.14, "lon": 9.52}, "prices": {"work": 3000},
            "shifts": [{"start": "2026-06-15T07:30:00Z", "end": "2026-06-15T16:00:00Z"}],
        }],
        "jobs": [job(1, 47.209, 9.525), job(2, 47.166, 9.511), job(3, 47.07, 9.50)],
    });
    fs::write(folder.join("problem.json"), problem.to_string()).unwrap();
}

#[test]
fn a_prepared_map_serves_like_the_map_and_is_refused_by_name_where_it_does_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::copy(repository(MAP), at.join("map.osm.pbf")).unwrap();
    let said = dispatch(at, &["import-osm", "map.osm.pbf", "--prepared", "car.roads"]).ends_with(0).out;
    assert!(said.contains("written: car.roads"), "{said}");
    // Both that the extract has: one at a crossing, and one whose from way lies beyond the border.
    let told = "turn restrictions: 1 honoured\n1 of roads that this way of travelling does not use or the map does not contain\n";
    assert!(said.contains(told), "{said}");
    let again = dispatch(at, &["import-osm", "car.roads"]).ends_with(0).out;
    assert!(!again.contains("turn restrictions"), "a prepared file no longer knows: {again}");
    problem(at, "car", &json!({"map": "map.osm.pbf"}));
    let by_map = dispatch(at, &["matrix", "problem.json"]).ends_with(0).json();
    let by_prepared = dispatch(at, &["matrix", "problem.json", "--map", "car.roads"]).ends_with(0).json();
    assert_eq!(by_map, by_prepared);
    let solve = ["solve", "problem.json", "--map", "car.roads", "--iterations", "50", "--out", "plan.json"];
    assert!(dispatch(at, &solve).ends_with(0).out.contains("judge: clean"));
    dispatch(at, &["check", "problem.json", "plan.json"]).ends_with(0);
    let refused = |arguments: &[&str]| {
        let run = dispatch(at, arguments).ends_with(2);
        run.out + &run.err
    };
    let with = ["matrix", "problem.json", "--map", "car.roads"];
    problem(at, "foot", &json!({"map": "map.osm.pbf"}));
    let said = refused(&with);
    assert!(said.contains("car.roads was prepared with other rules of travel"), "{said}");
    problem(at, "car", &json!({"map": "map.osm.pbf"}));
    fs::copy(repository("tests/data/helsinki.osm.pbf"), at.join("map.osm.pbf")).unwrap();
    let said = refused(&with);
    assert!(said.contains("car.roads was not prepared from map.osm.pbf as it is now"), "{said}");
    let mut bytes = fs::read(at.join("car.roads")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(at.join("car.roads"), &bytes).unwrap();
    let said = refused(&with);
    assert!(said.contains("car.roads is damaged: its checksum is wrong"), "{said}");
    fs::write(at.join("car.roads"), "not a map").unwrap();
    let said = refused(&with);
    assert!(said.contains("car.roads"), "{said}");
}

#[test]
fn the_traffic_of_a_day_makes_plans_that_the_judge_finds_clean() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::copy(repository(MAP), at.join("map.osm.pbf")).unwrap();
    fs::write(at.join("slow.hours"), "class slow * 400\nhours 7-10 slow\n").unwrap();
    problem(at, "car", &json!({"map": "map.osm.pbf", "traffic": "slow.hours"}));
    let tables = dispatch(at, &["matrix", "problem.json"]).ends_with(0).json();
    let car = &tables["profiles"]["car"];
    assert_eq!(car["rush"][0]["hours"], json!([7, 8, 9]));
    let seconds = |table: &Value| table["seconds"][0][1].as_u64().unwrap();
    assert!(seconds(&car["rush"][0]) > 2 * seconds(car), "{car}");
    let solve = ["solve", "problem.json", "--iterations", "100", "--out", "plan.json"];
    assert!(dispatch(at, &solve).ends_with(0).out.contains("judge: clean"));
    dispatch(at, &["check", "problem.json", "plan.json"]).ends_with(0);
    let slow = fs::read_to_string(at.join("plan.json")).unwrap();
    // The same plan on plain roads is no plan: it was made with other travel.
    problem(at, "car", &json!({"map": "map.osm.pbf"}));
    let said = dispatch(at, &["check", "problem.json", "plan.json"]).ends_with(1).out;
    assert!(said.contains("travel"), "{said}");
    dispatch(at, &["solve", "problem.json", "--iterations", "100", "--out", "plan.json"]).ends_with(0);
    assert_ne!(fs::read_to_string(at.join("plan.json")).unwrap(), slow);
    problem(at, "car", &json!({"map": "map.osm.pbf", "traffic": "city"}));
    dispatch(at, &solve).ends_with(0);
    problem(at, "car", &json!({"map": "map.osm.pbf", "traffic": "nowhere"}));
    let said = dispatch(at, &["matrix", "problem.json"]).ends_with(2);
    assert!((said.out.clone() + &said.err).contains("/travel/roads/traffic"), "{said:?}");
    fs::write(at.join("slow.hours"), "class slow highstreet 400\n").unwrap();
    problem(at, "car", &json!({"map": "map.osm.pbf", "traffic": "slow.hours"}));
    let said = dispatch(at, &["matrix", "problem.json"]).ends_with(2);
    assert!((said.out.clone() + &said.err).contains("line 1"), "{said:?}");
}

#[test]
fn speeds_measured_on_ways_slow_their_hours_and_wrong_rows_are_all_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::copy(repository(MAP), at.join("map.osm.pbf")).unwrap();
    let drawn = ["import-osm", "map.osm.pbf", "--geojson", "roads.json", "--traffic", "jam.csv"];
    fs::write(at.join("jam.csv"), "way,speed\n99999999999,30\n").unwrap();
    let said = dispatch(at, &drawn).ends_with(2);
    assert!(
        said.err.contains("way: unknown_reference: expected ways or stretches that are roads of map.osm.pbf"),
        "{said:?}"
    );
    dispatch(at, &drawn[..4]).ends_with(0);
    let roads: Value = serde_json::from_str(&fs::read_to_string(at.join("roads.json")).unwrap()).unwrap();
    let ways: std::collections::BTreeSet<u64> =
        roads["features"].as_array().unwrap().iter().map(|road| road["properties"]["way"].as_u64().unwrap()).collect();
    let rows: String = ways.iter().map(|way| format!("{way},7-9,5\n")).collect();
    fs::write(at.join("jam.csv"), format!("way,hours,speed\n{rows}99999999999,,30\n")).unwrap();
    let said = dispatch(at, &drawn).ends_with(0).out;
    let counts = format!("jam.csv: {} of {} ways and stretches are roads of this map", ways.len(), ways.len() + 1);
    assert!(said.contains(&counts), "{said}");
    problem(at, "car", &json!({"map": "map.osm.pbf", "traffic": "jam.csv"}));
    let tables = dispatch(at, &["matrix", "problem.json"]).ends_with(0).json();
    let car = &tables["profiles"]["car"];
    assert_eq!((&car["rush"][0]["hours"], &car["rush"][1]), (&json!([7, 8]), &Value::Null));
    let (meters, seconds) =
        (car["rush"][0]["meters"][0][1].as_f64().unwrap(), car["rush"][0]["seconds"][0][1].as_f64().unwrap());
    // Five kilometres an hour, and turns and lights as ever.
    assert!((1.0..1.3).contains(&(seconds / (meters * 0.72))), "{meters} m in {seconds} s");
    // Closed one by one between their nodes, they lead nowhere.
    let shut: std::collections::BTreeSet<String> = roads["features"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|road| {
            let nodes: Vec<u64> =
                road["properties"]["nodes"].as_array().unwrap().iter().map(|node| node.as_u64().unwrap()).collect();
            let pairs: Vec<[u64; 2]> = nodes.windows(2).map(|pair| [pair[0], pair[1]]).collect();
            pairs.into_iter().filter(|[from, to]| from != to)
        })
        .flat_map(|[from, to]| [format!("{from},{to},closed\n"), format!("{to},{from},closed\n")])
        .collect();
    fs::write(at.join("shut.csv"), format!("from,to,speed\n{}", shut.into_iter().collect::<String>())).unwrap();
    let shut = dispatch(at, &["matrix", "problem.json", "--traffic", "shut.csv"]).ends_with(0).json();
    assert_eq!(shut["profiles"]["car"]["seconds"][0][1], Value::Null, "{shut}");
    // The table instead of what the problem names, and beside the day that is built in.
    problem(at, "car", &json!({"map": "map.osm.pbf"}));
    let both = ["--traffic", "jam.csv", "--traffic", "city"];
    let solve = [&["solve", "problem.json", "--iterations", "100", "--out", "plan.json"][..], &both].concat();
    assert!(dispatch(at, &solve).ends_with(0).out.contains("judge: clean"));
    dispatch(at, &[&["check", "problem.json", "plan.json"][..], &both].concat()).ends_with(0);
    dispatch(at, &["check", "problem.json", "plan.json"]).ends_with(1);
    let said = dispatch(at, &["matrix", "problem.json", "--traffic", "jam.csv", "--traffic", "jam.csv"]).ends_with(2);
    assert!(said.err.contains("one file of each kind"), "{said:?}");
    fs::write(at.join("jam.csv"), "way,speed\n5,fast\nroad,30\n").unwrap();
    let said = dispatch(at, &["matrix", "problem.json", "--traffic", "jam.csv"]).ends_with(2).err;
    assert!(said.contains("jam.csv: 2 findings") && said.contains("line 2, speed") && said.contains("line 3, way"));
    dispatch(at, &["matrix", "problem.json", "--traffic", "nowhere.csv"]).ends_with(2);
}
