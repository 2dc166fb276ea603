//! A plan as a GeoJSON FeatureCollection (RFC 7946): one line per route, one point per visit,
//! collection, site and job left out.
//!
//! Positions are WGS-84, longitude first, to 7 decimals. Lines that cross the 180° meridian are
//! not cut.

use super::leg::{Course, course};
use super::sla::{event_key, promises, state_of};
use super::{Geometry, class_of, instant, kind_key, name_of, source_of};
use crate::ids::PlaceIx;
use crate::lang::Lang;
use crate::place::Position;
use crate::plan::{Activity, Plan, PlannedRoute, Stop};
use crate::problem::Problem;
use serde_json::{Map, Value, json};

/// The whole plan as a FeatureCollection. The property `type` of every feature tells what it is:
/// `route`, `visit`, `collection`, `site` or `unassigned`. A place without position gives a feature
/// without geometry; routes have the colours of the picture as `stroke`, `times` and `meters` with when each point
/// of their line is reached and how far from the start it lies, and `legs` with the points each leg begins and ends at. Keys and
/// codes are the same in every language; why a job is left out, and what would help, follow it.
pub fn geojson(problem: &Problem, plan: &Plan, geometry: &Geometry<'_>, lang: Lang) -> Value {
    let mut features = Vec::new();
    for (at, route) in plan.routes.iter().enumerate() {
        features.push(route_feature(problem, route, at, geometry));
    }
    for route in &plan.routes {
        for (at, stop) in route.stops.iter().enumerate() {
            features.push(stop_feature(problem, route, at, stop, lang));
        }
    }
    for site in &problem.sites {
        features.push(point(problem, site.place, json!({ "type": "site", "site": site.id })));
    }
    for left in &plan.unassigned {
        let job = problem.job(left.job);
        let reasons: Vec<Value> = left
            .reasons
            .iter()
            .map(|reason| json!({ "rule": reason.code(), "technicians": reason.technicians, "miss": reason.miss.in_lang(lang) }))
            .collect();
        let mut properties = json!({
            "type": "unassigned",
            "job": job.id,
            "kind": kind_key(job.kind),
            "reasons": reasons,
        });
        set(&mut properties, "priority", class_of(job.priority));
        set(&mut properties, "customer", job.customer.as_deref().unwrap_or_default());
        if let Some(relaxation) = &left.relaxation {
            set(&mut properties, "would_fit_if", relaxation.change.in_lang(lang));
        }
        features.push(point(problem, job.place, properties));
    }
    json!({ "type": "FeatureCollection", "features": features })
}

fn route_feature(problem: &Problem, route: &PlannedRoute, at: usize, geometry: &Geometry<'_>) -> Value {
    let technician = problem.technician_of(route.shift);
    let Course { points, times, meters, legs } = course(problem, route, geometry);
    let line: Vec<Value> = points.into_iter().map(coordinates).collect();
    let legs = legs.iter().map(|(leg, first, last)| {
        json!({
            "departure": instant(problem, leg.departure),
            "arrival": instant(problem, leg.arrival),
            "travel_seconds": leg.travel.0,
            "distance_meters": leg.distance.0,
            "first_point": first,
            "last_point": last,
        })
    });
    let legs: Vec<Value> = legs.collect();
    let times: Vec<String> = times.into_iter().map(|time| instant(problem, time)).collect();
    let geometry = match line.len() {
        0 | 1 => Value::Null,
        _ => json!({ "type": "LineString", "coordinates": line }),
    };
    let properties = json!({
        "type": "route",
        "shift": problem.shift(route.shift).id,
        "technician": technician.id,
        "name": name_of(technician),
        "departure": instant(problem, route.departure()),
        "end": instant(problem, route.end),
        "visits": route.jobs().count(),
        "travel_seconds": route.travel().0,
        "distance_meters": route.distance().0,
        "legs": legs,
        "times": times,
        "meters": meters,
        "stroke": super::palette::route_colour(at),
        "stroke-width": 3,
    });
    feature(geometry, properties)
}

fn stop_feature(problem: &Problem, route: &PlannedRoute, at: usize, stop: &Stop, lang: Lang) -> Value {
    let shift = problem.shift(route.shift);
    let mut properties = match &stop.activity {
        Activity::Visit { job, member, parts } => {
            let job = problem.job(*job);
            let parts: Vec<Value> = parts
                .iter()
                .map(|source| {
                    json!({
                        "part": problem.parts[source.part.index()],
                        "quantity": source.quantity,
                        "from": source_of(problem, route, source, lang),
                    })
                })
                .collect();
            let promises: Vec<Value> = promises(job, stop)
                .iter()
                .map(|promise| {
                    json!({
                        "event": event_key(promise.event),
                        "due": instant(problem, promise.due),
                        "slack_seconds": promise.slack().0,
                        "state": promise.state().key(),
                    })
                })
                .collect();
            let mut properties = json!({
                "type": "visit",
                "job": job.id,
                "kind": kind_key(job.kind),
                "sla_state": state_of(job, stop).key(),
                "sla": promises,
                "parts": parts,
            });
            set(&mut properties, "priority", class_of(job.priority));
            set(&mut properties, "customer", job.customer.as_deref().unwrap_or_default());
            set(&mut properties, "asset", job.asset.as_deref().unwrap_or_default());
            if !job.crew.is_empty() {
                properties["member"] = json!(member);
            }
            properties
        }
        Activity::Collection { site, takes, tools } => {
            let takes: Vec<Value> = takes
                .iter()
                .map(|take| json!({ "part": problem.parts[take.part.index()], "quantity": take.quantity }))
                .collect();
            let tools: Vec<&String> = tools.iter().map(|tool| &problem.tools[tool.index()]).collect();
            json!({ "type": "collection", "site": problem.site(*site).id, "parts": takes, "tools": tools })
        }
    };
    properties["shift"] = json!(shift.id);
    properties["technician"] = json!(problem.technician(shift.technician).id);
    properties["seq"] = json!(at + 1);
    properties["arrival"] = json!(instant(problem, stop.arrival));
    properties["start"] = json!(instant(problem, stop.start));
    properties["end"] = json!(instant(problem, stop.end));
    point(problem, stop.place, properties)
}

/// Sets a text unless it is empty.
fn set(properties: &mut Value, key: &str, text: &str) {
    if !text.is_empty() {
        properties[key] = json!(text);
    }
}

fn point(problem: &Problem, place: PlaceIx, properties: Value) -> Value {
    let position = problem.places.get(place.index()).and_then(|place| place.position);
    let geometry =
        position.map_or(Value::Null, |position| json!({ "type": "Point", "coordinates": coordinates(position) }));
    feature(geometry, properties)
}

fn feature(geometry: Value, properties: Value) -> Value {
    let mut feature = Map::new();
    feature.insert("type".into(), "Feature".into());
    feature.insert("geometry".into(), geometry);
    feature.insert("properties".into(), properties);
    Value::Object(feature)
}

/// Longitude and latitude to 7 decimals, about a centimetre.
fn coordinates(position: Position) -> Value {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    json!([round(position.lon), round(position.lat)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{sample, straight};
    use crate::travel::Leg;

    fn features(of: &str) -> Vec<Value> {
        let (problem, plan) = sample::day();
        let collection = geojson(&problem, &plan, &straight, Lang::En);
        assert_eq!(collection["type"], "FeatureCollection");
        let all = collection["features"].as_array().unwrap().clone();
        all.into_iter().filter(|feature| feature["properties"]["type"] == of).collect()
    }

    #[test]
    fn a_route_is_a_line_from_home_over_its_stops_and_back() {
        let routes = features("route");
        let expected = r##"{"type":"Feature","geometry":{"type":"LineString","coordinates":[[9.52,47.14],[9.51,47.165],[9.5,47.07],[9.53,47.11],[9.52,47.14]]},"properties":{"type":"route","shift":"ann-mon","technician":"ann","name":"Ann Beck","departure":"2026-06-15T08:00:00+02:00","end":"2026-06-15T12:30:00+02:00","visits":2,"travel_seconds":4500,"distance_meters":42000,"legs":[{"departure":"2026-06-15T08:00:00+02:00","arrival":"2026-06-15T08:15:00+02:00","travel_seconds":900,"distance_meters":9000,"first_point":0,"last_point":1},{"departure":"2026-06-15T08:45:00+02:00","arrival":"2026-06-15T09:15:00+02:00","travel_seconds":1800,"distance_meters":18000,"first_point":1,"last_point":2},{"departure":"2026-06-15T10:15:00+02:00","arrival":"2026-06-15T10:30:00+02:00","travel_seconds":900,"distance_meters":7500,"first_point":2,"last_point":3},{"departure":"2026-06-15T12:15:00+02:00","arrival":"2026-06-15T12:30:00+02:00","travel_seconds":900,"distance_meters":7500,"first_point":3,"last_point":4}],"times":["2026-06-15T08:00:00+02:00","2026-06-15T08:15:00+02:00","2026-06-15T09:15:00+02:00","2026-06-15T10:30:00+02:00","2026-06-15T12:30:00+02:00"],"meters":[0,9000,27000,34500,42000],"stroke":"#0072b2","stroke-width":3}}"##;
        assert_eq!(routes[0].to_string(), expected);
        assert_eq!(routes.len(), 1);
    }

    #[test]
    fn a_visit_states_technician_times_promises_and_sources_of_parts() {
        let visits = features("visit");
        let expected = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[9.5,47.07]},"properties":{"type":"visit","job":"T-1","kind":"repair","sla_state":"at_risk","sla":[{"event":"arrive","due":"2026-06-15T12:00:00+02:00","slack_seconds":9900,"state":"on_time"},{"event":"resolve","due":"2026-06-15T10:20:00+02:00","slack_seconds":300,"state":"at_risk"}],"parts":[{"part":"P-11","quantity":2,"from":"depot"},{"part":"P-12","quantity":1,"from":"van"}],"priority":"P1","customer":"Müller, \"Lift; & Co\" <AG>","asset":"Lift 7","shift":"ann-mon","technician":"ann","seq":2,"arrival":"2026-06-15T09:15:00+02:00","start":"2026-06-15T09:15:00+02:00","end":"2026-06-15T10:15:00+02:00"}}"#;
        assert_eq!(visits[0].to_string(), expected);
        assert_eq!(visits.len(), 2);
    }

    #[test]
    fn collections_sites_and_jobs_left_out_are_points_too() {
        assert_eq!(features("collection")[0]["properties"]["parts"][0]["quantity"], 3);
        assert_eq!(features("site")[0]["geometry"]["coordinates"], json!([9.51, 47.165]));
        let left = &features("unassigned")[0]["properties"];
        assert_eq!(left["reasons"][0]["rule"], "skills");
        assert_eq!(left["would_fit_if"], "resolve limit + 35 min");
    }

    #[test]
    fn a_given_way_is_drawn_instead_of_the_straight_line() {
        let (problem, plan) = sample::day();
        let bend = |_: &crate::export::RouteLeg| {
            let corner = Position { lat: 1.5, lon: 3.0 };
            let points = vec![Position { lat: 1.0, lon: 2.0 }, corner, Position { lat: 3.0, lon: 4.000_000_04 }];
            let so_far = [(0, 0), (100, 600), (400, 1000)].map(|(seconds, meters)| Leg { seconds, meters });
            crate::export::Way { points, so_far: so_far.to_vec() }
        };
        let route = geojson(&problem, &plan, &bend, Lang::En)["features"][0].clone();
        let line = &route["geometry"]["coordinates"];
        assert_eq!((&line[1], &line[2]), (&json!([3.0, 1.5]), &json!([4.0, 3.0])));
        assert_eq!(line.as_array().unwrap().len(), 12);
        // A quarter of the time and three fifths of the way of each leg have passed at its corner.
        let told = &route["properties"];
        let second = |at: usize| {
            let text = told["times"][at].as_str().unwrap();
            text.parse::<jiff::Timestamp>().unwrap().as_second()
        };
        for leg in told["legs"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(leg[key].as_u64().unwrap()).unwrap();
            let (first, last) = (at("first_point"), at("last_point"));
            assert_eq!(
                (last - first, &told["times"][first], &told["times"][last]),
                (2, &leg["departure"], &leg["arrival"])
            );
            assert_eq!(second(first + 1) - second(first), (second(last) - second(first)) / 4);
            let meters = |at: usize| told["meters"][at].as_i64().unwrap();
            let whole = leg["distance_meters"].as_i64().unwrap();
            assert_eq!((meters(first + 1) - meters(first), meters(last) - meters(first)), (whole * 3 / 5, whole));
        }
        assert_eq!(told["legs"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn a_place_without_position_has_no_geometry() {
        let mut draft = sample::draft();
        draft.places[3].position = None;
        let (problem, plan) = (draft.check().unwrap(), sample::plan());
        let collection = geojson(&problem, &plan, &straight, Lang::En);
        let visit =
            collection["features"].as_array().unwrap().iter().find(|f| f["properties"]["job"] == "T-2").unwrap();
        assert_eq!(visit["geometry"], Value::Null);
    }
}
