//! Plans that begin from another one, `/vroom` over roads, and what the paths of files take.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::http::{StatusCode, header};
use dispatch_api::Settings;
use dispatch_data::lang::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use support::{World, day, delete, get, limits, post, settings, with};

/// Two technicians with a day of work, parts among it.
fn team() -> Value {
    let mut problem = day();
    let mut bob = problem["technicians"][0].clone();
    bob["id"] = json!("bob");
    problem["technicians"].as_array_mut().unwrap().push(bob);
    problem["sites"] =
        json!([{"id": "store", "place": {"lat": 47.145, "lon": 9.52}, "collection": "PT5M", "stock": {"pump": 3}}]);
    problem["jobs"][0]["parts"] = json!({"pump": 1});
    problem["jobs"][1]["parts"] = json!({"pump": 1});
    problem
}

#[tokio::test]
async fn a_plan_can_begin_from_another_one_and_changes() {
    let world = World::new(limits()).await;
    let first = world.planned(&team()).await;
    let base = first["id"].as_str().unwrap();
    // Nothing changed, nothing searched: the same plan.
    let again = json!({"base_plan": base});
    let ask = |iterations: u32, body: &Value| {
        with(post(&format!("/v1/plans?iterations={iterations}"), body.to_string()), "prefer", "wait=30")
    };
    let (status, _, same) = world.ask(ask(0, &again)).await;
    assert_eq!((status, &same["state"]), (StatusCode::OK, &json!("succeeded")), "{same}");
    assert_eq!(same["score"], first["score"]);
    assert_ne!(same["id"], first["id"]);

    // Ann is away, the store has been emptied of one lot and a job is gone.
    let changes = json!([
        {"remove_technicians": ["ann"]},
        {"set_stock": {"site": "store", "part": "pump", "quantity": 1}},
        {"patch": [{"op": "remove", "path": "/jobs/2"}]},
    ]);
    let (_, _, job) = world.ask(ask(100, &json!({"base_plan": base, "version": 1, "changes": changes}))).await;
    assert_eq!(job["state"], json!("succeeded"), "{job}");
    let routes = job["plan"]["routes"].as_array().unwrap();
    assert!(routes.iter().all(|route| route["technician"] == "bob"), "{routes:?}");
    assert_eq!(job["plan"]["unassigned"].as_array().unwrap().len(), 1, "one pump for two");
    let problem = world.get(&format!("/v1/plans/{}/problem", job["id"].as_str().unwrap())).await;
    assert_eq!(problem["jobs"].as_array().unwrap().len(), 2);

    for (body, status, pointer) in [
        (json!({"base_plan": base, "chnages": []}), StatusCode::UNPROCESSABLE_ENTITY, "/chnages"),
        (
            json!({"base_plan": base, "changes": [{"remove_technicians": ["eve"]}]}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "/changes/0/remove_technicians/0",
        ),
        (
            json!({"base_plan": base, "changes": [{"patch": [{"op": "replace", "path": "/jobs/0/work", "value": "long"}]}]}),
            StatusCode::UNPROCESSABLE_ENTITY,
            "/jobs/0/work",
        ),
    ] {
        let (given, refusal) = world.refused(ask(0, &body)).await;
        assert_eq!((given, &refusal["errors"][0]["pointer"]), (status, &json!(pointer)));
    }
    let (status, _) = world.refused(ask(0, &json!({"base_plan": base, "version": 9}))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = world.refused(ask(0, &json!({"base_plan": "plan_of_nobody"}))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    world.end().await;
}

#[tokio::test]
async fn a_plans_files_are_only_looked_at() {
    let world = World::new(limits()).await;
    let plan = world.planned(&day()).await;
    let path = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
    for file in ["csv", "geojson"] {
        for request in [delete(&format!("{path}.{file}")), post(&format!("{path}.{file}"), "{}")] {
            let (status, headers, _) = world.ask(request).await;
            assert_eq!(
                (status, headers[header::ALLOW].to_str().unwrap()),
                (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD")
            );
        }
    }
    let (status, headers, _) = world.ask(post(&path, "{}")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(headers[header::ALLOW].to_str().unwrap().contains("DELETE"));
    world.end().await;
}

async fn with_roads() -> World {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/helsinki.osm.pbf");
    let maps = BTreeMap::from([("helsinki".to_owned(), map)]);
    let mut world = World::idle(Settings { maps, ..settings(limits()) }).await;
    world.crew = Some(dispatch_api::Crew::start(&world.service).unwrap());
    world
}

#[tokio::test]
async fn coordinates_of_a_vroom_request_travel_over_the_roads_of_the_only_map() {
    let world = with_roads().await;
    let (a, b) = ([24.9385, 60.1675], [24.9489, 60.1752]);
    let request = json!({"vehicles": [{"id": 1, "start": a, "end": a}], "jobs": [{"id": 7, "location": b}]});
    let answer = world.post("/vroom?iterations=10", &request).await;
    let matrix = json!({"map": "helsinki", "places": [{"lon": a[0], "lat": a[1]}, {"lon": b[0], "lat": b[1]}]});
    let matrix = world.post("/v1/matrix", &matrix).await;
    let sum = |table: &str| matrix[table][0][1].as_u64().unwrap() + matrix[table][1][0].as_u64().unwrap();
    assert_eq!(answer["summary"]["duration"], json!(sum("seconds")), "{answer}");
    assert_eq!(answer["summary"]["distance"], json!(sum("meters")), "{answer}");
    let off = json!({"vehicles": [{"id": 1, "start": a}], "jobs": [{"id": 7, "location": [10.0, 10.0]}]});
    let (status, _, refusal) = world.ask(post("/vroom?iterations=10", off.to_string())).await;
    assert_eq!((status, &refusal["errors"][0]["pointer"]), (StatusCode::BAD_REQUEST, &json!("/jobs/0/location")));
    let (status, refusal) = world.refused(post("/vroom?map=nowhere", request.to_string())).await;
    assert_eq!((status, &refusal["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("?map")));
    world.end().await;
}

#[tokio::test]
async fn a_ticket_at_a_new_place_travels_over_the_roads_of_its_plan() {
    let world = with_roads().await;
    for traffic in [None, Some("city")] {
        let mut problem = day();
        let places = [[24.9385, 60.1675], [24.9489, 60.1752], [24.9410, 60.1699], [24.9450, 60.1720]];
        problem["travel"] = json!({"roads": {"map": "helsinki"}});
        if let Some(traffic) = traffic {
            problem["travel"]["roads"]["traffic"] = json!(traffic);
        }
        let place = |at: usize| json!({"lon": places[at][0], "lat": places[at][1]});
        problem["technicians"][0]["home"] = place(0);
        problem["jobs"] =
            json!([{"id": "T-1", "place": place(1), "work": "PT1H"}, {"id": "T-2", "place": place(2), "work": "PT1H"}]);
        let plan = world.planned(&problem).await["id"].as_str().unwrap().to_owned();
        let ticket =
            |id: &str, lat: f64| json!({"id": id, "place": {"lat": lat, "lon": places[3][0]}, "work": "PT30M"});
        let asked = |id: &str, lat: f64| json!({"plan": plan, "ticket": ticket(id, lat)});
        let best = world.post("/v1/recommendations", &asked("N-1", places[3][1])).await;
        // The legs of a process that has read the plan anew, with the new place among all others, are the same.
        let accept = json!({"version": 1, "technician": "ann", "ticket": ticket("N-1", places[3][1])});
        world.post(&format!("/v1/plans/{plan}/accept"), &accept).await;
        let stored = world.get(&format!("/v1/plans/{plan}")).await;
        let verdict = world.post(&format!("/v1/plans/{plan}/evaluate"), &stored["plan"]).await;
        assert_eq!((&verdict["clean"], &verdict["claimed_bill_matches"]), (&json!(true), &json!(true)), "{verdict}");
        let before = world.get(&format!("/v1/plans/{plan}?version=1")).await["plan"]["cost"].as_i64().unwrap();
        assert_eq!(json!(stored["plan"]["cost"].as_i64().unwrap() - before), best["offers"][0]["added"]);
        // A second new place, from the process that took the first in and from one that has just started.
        let second = asked("N-2", places[3][1] + 0.001);
        let here = world.post("/v1/recommendations", &second).await;
        let body = json!({"changes": [{"type": "job_added", "ticket": ticket("N-2", places[3][1] + 0.001)},
            {"type": "job_added", "ticket": ticket("N-3", places[3][1] + 0.0005)}]});
        let changed = world.post(&format!("/v1/plans/{plan}/changes?iterations=20"), &body).await;
        assert_eq!(changed["violations"], json!([]));
        assert!(here["offers"][0]["added"].is_i64());
        let stored = world.get(&format!("/v1/plans/{plan}")).await;
        let verdict = world.post(&format!("/v1/plans/{plan}/evaluate"), &stored["plan"]).await;
        assert_eq!((&verdict["clean"], &verdict["claimed_bill_matches"]), (&json!(true), &json!(true)), "{verdict}");
    }
    let off = json!({"plan": world.planned(&{
        let mut problem = day();
        problem["travel"] = json!({"roads": {"map": "helsinki"}});
        problem["technicians"][0]["home"] = json!({"lon": 24.9385, "lat": 60.1675});
        problem["jobs"] = json!([]);
        problem
    }).await["id"], "ticket": {"id": "far", "place": {"lat": 10, "lon": 10}, "work": "PT1H"}});
    let (status, refusal) = world.refused(post("/v1/recommendations", off.to_string())).await;
    assert_eq!((status, &refusal["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/ticket/place")));
    assert_eq!(refusal["errors"][0]["code"], json!("unreachable"));
    let metrics = world.app.clone();
    let response = tower::ServiceExt::oneshot(metrics, get("/metrics")).await.unwrap();
    let text = String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap();
    assert!(text.contains("dispatch_recommendation_seconds_count 4"), "{text}");
    assert!(text.contains("dispatch_plan_gap_count 0"), "{text}");
    world.end().await;
}

#[tokio::test]
async fn a_base_that_is_not_there_and_a_file_to_be_deleted_are_refused_with_documented_statuses() {
    let world = World::idle(settings(limits())).await;
    let described = |path: &str, method: &str, status: StatusCode| {
        dispatch_api::openapi(Lang::En)["paths"][path][method]["responses"][status.as_str()].is_object()
    };
    let (status, refusal) = world.refused(post("/v1/plans", json!({"base_plan": "plan_none"}).to_string())).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    assert!(described("/v1/plans", "post", status));
    let waits = world.post("/v1/plans", &day()).await;
    let (status, refusal) = world.refused(post("/v1/plans", json!({"base_plan": waits["id"]}).to_string())).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::CONFLICT, &json!("no_plan_yet")));
    assert!(described("/v1/plans", "post", status));
    let (status, _) = world.refused(delete("/v1/plans/0.5")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(described("/v1/plans/{id}", "delete", status));
}
