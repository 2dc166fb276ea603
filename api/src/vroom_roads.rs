//! Roads under `/vroom`: a request that has coordinates and no matrices gets those of a map, written
//! into it as VROOM's own keys.

use crate::roads::{Maps, bundled};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::ids::PlaceIx;
use dispatch_data::lang::value as said;
use dispatch_data::place::Position;
use dispatch_data::say;
use dispatch_data::travel::Leg;
use dispatch_routing::SnapLimit;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// Where a request has coordinates: the objects, and the keys of a coordinate and its index in them.
const PLACES: [(&str, &str, &str); 3] =
    [("jobs", "location", "location_index"), ("vehicles", "start", "start_index"), ("vehicles", "end", "end_index")];

/// The map that a request goes by: the one it names, or the only one that there is.
pub(crate) fn map_of(named: Option<&String>, maps: &Maps) -> Result<Option<String>, Box<Finding>> {
    match named {
        Some(name) if maps.names().any(|known| known == name) => Ok(Some(name.clone())),
        Some(name) => Err(Box::new(maps.no_map("?map", name))),
        None => {
            let mut names = maps.names();
            let only = names.next().filter(|_| names.next().is_none());
            Ok(only.map(str::to_owned))
        }
    }
}

/// Whether travel is the request's own affair: it brings matrices, or names rows of them.
fn has_travel(request: &Value) -> bool {
    let indexed = |(list, _, index): &(&str, &str, &str)| {
        request[*list].as_array().is_some_and(|items| items.iter().any(|item| item.get(*index).is_some()))
    };
    request.get("matrices").is_some() || PLACES.iter().any(indexed)
}

/// Puts the matrices of a map into a request that has none.
///
/// # Errors
/// Ways of travelling without roads, coordinates off every road.
pub(crate) fn put(request: &mut Value, map: &str, maps: &Maps, most: usize) -> Result<(), Vec<Finding>> {
    if has_travel(request) {
        return Ok(());
    }
    let mut places: Vec<Position> = Vec::new();
    let mut pointers: Vec<String> = Vec::new();
    let mut known: HashMap<(u64, u64), usize> = HashMap::new();
    for (list, key, index) in PLACES {
        for (at, item) in request[list].as_array_mut().into_iter().flatten().enumerate() {
            let pair = item[key].as_array().filter(|pair| pair.len() == 2);
            let pair = pair.and_then(|pair| Some((pair[0].as_f64()?, pair[1].as_f64()?)));
            // Whatever else stands there is for the reader of the format to refuse.
            let (Some((lon, lat)), Some(entries)) = (pair, item.as_object_mut()) else { continue };
            let number = *known.entry((lon.to_bits(), lat.to_bits())).or_insert_with(|| {
                places.push(Position { lat, lon });
                pointers.push(format!("/{list}/{at}/{key}"));
                places.len() - 1
            });
            entries.insert(index.to_owned(), json!(number));
        }
    }
    if places.is_empty() || places.len() > most {
        return Ok(());
    }
    let vehicles = request["vehicles"].as_array().into_iter().flatten();
    let profiles: BTreeSet<String> =
        vehicles.map(|vehicle| vehicle["profile"].as_str().unwrap_or("car").to_owned()).collect();
    let mut matrices = Map::new();
    let mut findings = Vec::new();
    for profile in profiles {
        if let Err(mut finding) = bundled(&profile) {
            finding.pointer = "/vehicles".to_owned();
            findings.push(*finding);
            continue;
        }
        let network = maps.network(map, &profile).map_err(at_the_query)?;
        let snapped = match network.snap(&places, SnapLimit::default()) {
            Ok(snapped) => snapped,
            Err(error) => {
                findings.extend(error.strays.iter().map(|stray| {
                    let limit = error.limit;
                    let expected = say!("a place within {} m of a road of the map", format_args!("{limit:.0}"));
                    let got = say!("{} m from the nearest one", format_args!("{:.0}", stray.meters));
                    let pointer = pointers.get(stray.index).cloned().unwrap_or_default();
                    Finding::new(pointer, Code::Unreachable, expected, got)
                }));
                break;
            }
        };
        let matrix = network.matrix(&snapped);
        let table = |number: fn(Leg) -> u32| -> Value {
            let row = |from| matrix.row(PlaceIx::from(from)).map(|leg| json!(number(leg))).collect::<Vec<_>>();
            (0..matrix.size()).map(|from| Value::from(row(from))).collect()
        };
        let tables = json!({"durations": table(|leg| leg.seconds), "distances": table(|leg| leg.meters)});
        matrices.insert(profile, tables);
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    request["matrices"] = Value::Object(matrices);
    Ok(())
}

fn at_the_query(found: Vec<Finding>) -> Vec<Finding> {
    found.into_iter().map(|finding| Finding { pointer: "?map".to_owned(), ..finding }).collect()
}

/// That a map was named where the request has travel of its own.
pub(crate) fn needless(request: &Value) -> Option<Finding> {
    let finding = || Finding::new("?map", Code::Contradiction, say!("no map beside matrices"), said("map"));
    has_travel(request).then(finding)
}
