//! What can be done with plans: judged, exported, varied; travel; VROOM; webhooks.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::http::{StatusCode, header};
use dispatch_api::{Crew, Settings};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use support::{World, day, get, limits, post, settings, with};
use tower::ServiceExt;

#[tokio::test]
async fn a_plan_changed_by_hand_gets_the_judges_word() {
    let world = World::new(limits()).await;
    let job = world.planned(&day()).await;
    let path = format!("/v1/plans/{}/evaluate", job["id"].as_str().unwrap());
    let same = world.post(&path, &job["plan"]).await;
    assert_eq!((&same["clean"], &same["cost"]), (&json!(true), &job["plan"]["cost"]), "{same}");
    assert_eq!(same["claimed_bill_matches"], json!(true));
    assert!(same["change"].as_object().unwrap().values().all(|cents| *cents == 0));

    let mut changed = job["plan"].clone();
    let stop = changed["routes"][0]["stops"][0]["departure"].clone();
    changed["routes"][0]["stops"][0]["arrival"] = stop;
    let verdict = world.post(&path, &changed).await;
    assert_eq!(verdict["clean"], json!(false));
    assert_eq!(
        (&verdict["violations"][0]["rule"], &verdict["violations"][0]["technician"]),
        (&json!("clock"), &json!("ann"))
    );
    let (status, refusal) = world.refused(post(&path, "{\"schema_version\": 1}")).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid")));
    world.end().await;
}

#[tokio::test]
async fn a_plan_goes_out_as_map_table_calendar_and_pick_list() {
    let world = World::new(limits()).await;
    let problem: Value = serde_json::from_str(include_str!("../../examples/problem.json")).unwrap();
    let job = world.planned(&problem).await;
    let path = format!("/v1/plans/{}", job["id"].as_str().unwrap());
    let (_, headers, layers) = world.ask(get(&format!("{path}.geojson"))).await;
    assert_eq!(
        (headers[header::CONTENT_TYPE].to_str().unwrap(), &layers["type"]),
        ("application/geo+json", &json!("FeatureCollection"))
    );
    let text = async |path: String| {
        let response = world.app.clone().oneshot(get(&path)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        String::from_utf8(bytes.into()).unwrap()
    };
    assert!(text(format!("{path}.csv")).await.contains("T-1"));
    let calendar = text(format!("{path}/technicians/ann.ics")).await;
    assert!(calendar.starts_with("BEGIN:VCALENDAR") && calendar.contains("T-1"));
    let picks = world.get(&format!("{path}/picks?site=store")).await;
    assert!(picks["sites"].to_string().contains("pump"), "{picks}");
    assert!(text(format!("{path}/picks?form=csv")).await.contains("pump"));
    for missing in [".pdf", ".csv?version=9", "/technicians/eve.ics", "/technicians/ann", "/picks?site=none"] {
        let (status, _) = world.refused(get(&format!("{path}{missing}"))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{missing}");
    }
    world.end().await;
}

#[tokio::test]
async fn a_plan_that_is_not_there_yet_cannot_be_exported() {
    let world = World::idle(settings(limits())).await;
    let job = world.post("/v1/plans", &day()).await;
    let (status, refusal) = world.refused(get(&format!("/v1/plans/{}.csv", job["id"].as_str().unwrap()))).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::CONFLICT, &json!("no_plan_yet")));
}

/// A service that knows the small map of the repository.
async fn with_map() -> World {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/helsinki.osm.pbf");
    let maps = BTreeMap::from([("helsinki".to_owned(), map)]);
    World::idle(Settings { maps, ..settings(limits()) }).await
}

#[tokio::test]
async fn travel_over_roads_is_the_same_in_matrix_and_route_and_leads_from_road_to_road() {
    let world = with_map().await;
    let places = json!([{"lat": 60.1675, "lon": 24.9385}, {"lat": 60.1752, "lon": 24.9489}]);
    let ask = json!({"map": "helsinki", "profile": "car", "places": places});
    let matrix = world.post("/v1/matrix", &ask).await;
    let route = world.post("/v1/route", &ask).await;
    assert_eq!((&route["seconds"], &route["meters"]), (&matrix["seconds"][0][1], &matrix["meters"][0][1]));
    assert_eq!(matrix["seconds"][1][1], json!(0));
    let snapped = world.post("/v1/snap", &ask).await;
    let start = &route["legs"][0]["geometry"]["coordinates"][0];
    assert_eq!((&snapped["places"][0]["lon"], &snapped["places"][0]["lat"]), (&start[0], &start[1]));
    let circle = world.post("/v1/matrix", &json!({"places": places})).await;
    assert!(circle["seconds"][0][1].as_u64().unwrap() > 0);

    let far = json!({"map": "helsinki", "places": [{"lat": 10, "lon": 10}, {"lat": 91, "lon": 0}]});
    let (_, refusal) = world.refused(post("/v1/matrix", far.to_string())).await;
    assert_eq!(refusal["errors"][0]["pointer"], json!("/places/1/lat"));
    let far = json!({"map": "helsinki", "places": [{"lat": 10, "lon": 10}]});
    let (_, refusal) = world.refused(post("/v1/matrix", far.to_string())).await;
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["code"]),
        (&json!("/places/0"), &json!("unreachable"))
    );
    let (_, refusal) = world.refused(post("/v1/route", json!({"map": "x", "places": places}).to_string())).await;
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["expected"]),
        (&json!("/map"), &json!("helsinki"))
    );
}

#[tokio::test]
async fn a_problem_on_the_roads_of_a_named_map_is_solved() {
    let mut world = with_map().await;
    world.crew = Some(Crew::start(&world.service).unwrap());
    let mut problem = day();
    problem["travel"] = json!({"roads": {"map": "helsinki"}});
    problem["technicians"][0]["home"] = json!({"lat": 60.1675, "lon": 24.9385});
    for (at, job) in problem["jobs"].as_array_mut().unwrap().iter_mut().enumerate() {
        job["place"] = json!({"lat": 60.1752 - 0.002 * at as f64, "lon": 24.9489});
    }
    let job = world.planned(&problem).await;
    assert_eq!(job["plan"]["unassigned"], json!([]));
    problem["jobs"][1]["place"] = json!({"lat": 10.0, "lon": 10.0});
    let (_, refusal) = world.refused(post("/v1/plans", problem.to_string())).await;
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["code"]),
        (&json!("/jobs/1/place"), &json!("unreachable"))
    );
    problem["jobs"][1]["place"] = problem["jobs"][0]["place"].clone();
    problem["travel"]["roads"]["traffic"] = json!("city");
    assert_eq!(world.planned(&problem).await["plan"]["unassigned"], json!([]));
    problem["travel"]["roads"]["traffic"] = json!("../secrets.hours");
    let refused = with(post("/v1/plans", problem.to_string()), "accept-language", "zh-CN");
    let (_, refusal) = world.refused(refused).await;
    let error = &refusal["errors"][0];
    assert_eq!((&error["pointer"], &error["expected"]), (&json!("/travel/roads/traffic"), &json!("city")));
    assert_eq!(error["hint"], json!("本服务不读取文件；命令行可从文件读取一天的交通"));
    world.end().await;
}

#[tokio::test]
async fn a_study_compares_every_scenario_with_the_base_seed_by_seed() {
    let world = World::new(limits()).await;
    let study: Value = serde_json::from_str(include_str!("../../examples/study.json")).unwrap();
    let (status, headers, accepted) = world.ask(post("/v1/scenarios", study.to_string())).await;
    assert_eq!((status, &accepted["runs"]), (StatusCode::ACCEPTED, &json!(10)), "{accepted}");
    let place = headers[header::LOCATION].to_str().unwrap().to_owned();
    let mut report = accepted;
    for _ in 0..600 {
        report = world.get(&place).await;
        if report["state"] == "done" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(report["runs_by_state"], json!({"succeeded": 10}), "{report}");
    let scenario = |name: &str| {
        let scenarios = report["scenarios"].as_array().unwrap();
        scenarios.iter().find(|one| one["name"] == name).unwrap().clone()
    };
    assert_eq!(scenario("base")["figures"]["unassigned"]["mean"], json!(1.0));
    assert_eq!(scenario("ann is ill")["fall_out"], json!(["T-1"]));
    assert_eq!(scenario("bob learns lifts")["come_in"], json!(["T-3"]));
    assert_eq!(scenario("no pump in store")["fall_out"], json!(["T-1"]));
    assert!(scenario("rain, and a fifth more work")["change"]["travel"]["mean"].as_f64().unwrap() > 0.0);
    world.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_study_is_told_before_anything_runs() {
    let world = World::idle(settings(limits())).await;
    let study = json!({
        "problem": day(),
        "seeds": [1, 1],
        "seconds": 1e9,
        "scenarios": [{"name": "base", "changes": []}, {"name": "a", "changess": []}],
    });
    let (_, refusal) = world.refused(post("/v1/scenarios", study.to_string())).await;
    let pointers: Vec<&str> =
        refusal["errors"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/scenarios/0/name", "/scenarios/1/changess", "/scenarios/1/changes", "/seeds", "/seconds"]);
    let study = json!({"problem": day(), "scenarios": [{"name": "a", "changes": [{"remove_technicians": ["eve"]}]}]});
    let (_, refusal) = world.refused(post("/v1/scenarios", study.to_string())).await;
    assert_eq!(refusal["errors"][0]["pointer"], json!("/scenarios/0/changes/0/remove_technicians/0"));
    let broken = json!([{"patch": [{"op": "replace", "path": "/jobs/0/work", "value": "soon"}]}]);
    let study = json!({"problem": day(), "scenarios": [{"name": "a", "changes": broken}]});
    let (_, refusal) = world.refused(post("/v1/scenarios", study.to_string())).await;
    assert_eq!(
        (&refusal["errors"][0]["pointer"], &refusal["errors"][0]["code"]),
        (&json!("/jobs/0/work"), &json!("bad_duration"))
    );
}

#[tokio::test]
async fn a_vroom_user_swaps_the_url() {
    let world = World::new(limits()).await;
    let request: Value = serde_json::from_str(include_str!("../../examples/vroom.json")).unwrap();
    let answer = world.post("/vroom?iterations=200", &request).await;
    assert_eq!((&answer["code"], &answer["summary"]["unassigned"]), (&json!(0), &json!(1)), "{answer}");
    assert_eq!(answer["unassigned"][0]["id"], json!(3));
    for key in [
        "cost",
        "setup",
        "service",
        "duration",
        "waiting_time",
        "priority",
        "delivery",
        "amount",
        "pickup",
        "violations",
    ] {
        assert!(answer["summary"].get(key).is_some() && answer["routes"][0].get(key).is_some(), "{key}");
    }
    for key in ["loading", "solving", "routing"] {
        assert!(answer["summary"]["computing_times"][key].is_u64(), "{key}");
    }
    let (status, _, wrong) = world.ask(post("/vroom", "{\"vehicles\": [{\"id\": 1}]}")).await;
    assert_eq!((status, &wrong["code"]), (StatusCode::BAD_REQUEST, &json!(2)), "{wrong}");
    assert!(wrong["error"].is_string());
    world.end().await;
}

/// Takes one message: its head and its body; answers with a status.
async fn take(listener: &tokio::net::TcpListener, status: u16) -> (String, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (mut stream, _) = tokio::time::timeout(Duration::from_secs(20), listener.accept()).await.unwrap().unwrap();
    let mut said = String::new();
    let mut buffer = [0; 65_536];
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        said += std::str::from_utf8(&buffer[..count]).unwrap();
        if let Some((head, body)) = said.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() >= length.parse().unwrap() {
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                return (head.to_owned(), body.to_owned());
            }
        }
    }
}

#[tokio::test]
async fn a_webhook_is_told_signed_and_told_again_when_it_did_not_hear() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let world = World::idle(Settings { private_webhooks: true, ..settings(limits()) }).await;
    let hook = world.post("/v1/webhooks", &json!({"url": url, "events": ["plan.done"]})).await;
    let secret = hook["secret"].as_str().unwrap().to_owned();
    assert!(!world.get("/v1/webhooks").await.to_string().contains(&secret));

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = std::sync::Arc::clone(&world.service);
    let server = tokio::spawn(dispatch_api::serve(door, service, async { drop(stopped.await) }));
    let job = world.planned(&day()).await;
    let (head, body) = take(&listener, 500).await;
    let (again, same) = take(&listener, 204).await;
    assert_eq!(body, same);
    let field = |head: &str, name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
    assert_eq!(field(&head, "dispatch-delivery: "), field(&again, "dispatch-delivery: "));
    assert_eq!(field(&head, "dispatch-event: "), "plan.done");
    let message: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&message["plan"], &message["event"]), (&job["id"], &json!("plan.done")));
    let signature = field(&head, "dispatch-signature: ");
    let (time, hex) = signature.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    assert_eq!(hex, dispatch_api::signature(&secret, &format!("{time}.{body}")));
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_webhook_into_the_private_network_is_refused() {
    let world = World::idle(settings(limits())).await;
    for url in ["http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://a:b@example.com/", "nonsense"] {
        let (status, refusal) =
            world.refused(post("/v1/webhooks", json!({"url": url, "events": ["plan.done"]}).to_string())).await;
        assert_eq!(
            (status, &refusal["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/url")),
            "{url}"
        );
    }
    let wrong = json!({"url": "https://example.com/", "events": ["plan.done", "plan.doen", "plan.done"]});
    let (_, refusal) = world.refused(post("/v1/webhooks", wrong.to_string())).await;
    assert_eq!(refusal["errors"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_happened_is_counted_by_the_names_of_the_description() {
    let world = World::new(limits()).await;
    let job = world.planned(&day()).await;
    world.refused(get("/v1/plans/plan_that_never_was")).await;
    world.refused(get("/nowhere")).await;
    let response = world.app.clone().oneshot(get("/metrics")).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let text = String::from_utf8(bytes.into()).unwrap();
    for line in [
        "dispatch_jobs{state=\"queued\"} 0",
        "dispatch_jobs{state=\"running\"} 0",
        "dispatch_jobs_ended_total{state=\"succeeded\"} 1",
        "dispatch_job_wait_seconds_count 1",
        "dispatch_solve_seconds_count 1",
        "dispatch_leases_lost_total 0",
        "dispatch_http_requests_total{method=\"POST\",path=\"/v1/plans\",status=\"200\"} 1",
        "dispatch_http_requests_total{method=\"GET\",path=\"/v1/plans/{id}\",status=\"404\"} 1",
        "dispatch_http_requests_total{method=\"GET\",path=\"other\",status=\"404\"} 1",
    ] {
        assert!(text.contains(&format!("{line}\n")), "no {line} in\n{text}");
    }
    // No id of a caller becomes a name of its own.
    assert!(!text.contains(job["id"].as_str().unwrap()) && !text.contains("never_was"));
    world.end().await;
}
