//! The live day over HTTP: who should take a ticket, who takes it, what happens, what becomes of the
//! plan; across restarts and against other processes.

#![allow(clippy::unwrap_used, reason = "in a test a panic is a failure told")]

mod support;

use axum::http::StatusCode;
use dispatch_api::{Grant, Limits, Scope, make_key};
use serde_json::{Value, json};
use support::{World, answered, day, get, limits, post, with};

fn at(clock: &str) -> String {
    format!("2026-06-15T{clock}:00+02:00")
}

/// Two technicians, three jobs planned and one that nobody can do; promises have a price.
fn team() -> Value {
    let mut problem = day();
    let mut bob = problem["technicians"][0].clone();
    bob["id"] = json!("bob");
    bob["home"] = json!({"lat": 47.20, "lon": 9.52});
    bob["skills"] = json!({"boiler": 2});
    problem["technicians"].as_array_mut().unwrap().push(bob);
    problem["jobs"].as_array_mut().unwrap().push(json!({
        "id": "T-4", "place": {"lat": 47.15, "lon": 9.53}, "work": "PT1H", "skills": {"all_of": {"boiler": 3}},
    }));
    problem["skills"] = json!(["boiler", "lift"]);
    problem["objective"] = json!({"moved_technician": 500, "moved_start": 300});
    problem
}

fn ticket(id: &str) -> Value {
    json!({
        "id": id,
        "place": {"lat": 47.165, "lon": 9.515},
        "work": "PT30M",
        "sla": {"arrive": {"due": at("16:00"), "late_price": 6000}},
    })
}

async fn planned(world: &World) -> String {
    world.planned(&team()).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_best_engineers_come_first_with_start_price_and_slack() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let body = json!({"plan": plan, "ticket": ticket("T-9"), "everybody": true, "explain": true});
    let answer = world.post("/v1/recommendations", &body).await;
    assert_eq!((&answer["plan"], &answer["version"]), (&json!(plan), &json!(1)));
    let offers = answer["offers"].as_array().unwrap();
    assert_eq!((offers.len(), &answer["able"], &answer["rejected"]), (2, &json!(2), &json!([])));
    assert!(offers[0]["added"].as_i64() <= offers[1]["added"].as_i64());
    for offer in offers {
        let sum: i64 = offer["bill"].as_object().unwrap().values().map(|term| term.as_i64().unwrap()).sum();
        assert_eq!(offer["added"], json!(sum));
        assert_eq!((&offer["visit"]["job"], &offer["visit"]["place"]["lat"]), (&json!("T-9"), &json!(47.165)));
        assert!(offer["slack"]["arrive"].as_str().unwrap().starts_with("PT"));
        assert_eq!(offer["slack"]["resolve"], Value::Null);
    }
    assert_eq!(world.get(&format!("/v1/plans/{plan}")).await["version"], json!(1), "nothing is changed");

    let mut lift = ticket("T-8");
    lift["skills"] = json!({"all_of": {"lift": 1}});
    let body = json!({"plan": plan, "ticket": lift, "everybody": true, "explain": true});
    let answer = world.post("/v1/recommendations", &body).await;
    let rejected = answer["rejected"].as_array().unwrap();
    assert_eq!((answer["offers"].as_array().unwrap().len(), rejected.len()), (0, 2));
    assert!(rejected.iter().all(|one| one["rule"] == "skills" && one["miss"].is_string()), "{rejected:?}");
    let counted = json!([{"rule": "skills", "technicians": 2}]);
    assert_eq!(answer["kept_out"], counted);
    let short = world.post("/v1/recommendations", &json!({"plan": plan, "ticket": lift})).await;
    assert_eq!((&short["kept_out"], &short["rejected"]), (&counted, &Value::Null), "the list is for those who ask");
    let body = json!({"plan": plan, "job": "T-4", "everybody": true});
    let answer = world.post("/v1/recommendations", &body).await;
    assert_eq!(answer["rejected"][0]["rule"], json!("skills"));
    world.end().await;
}

#[tokio::test]
async fn spans_are_offered_at_the_cheapest_start_and_open_jobs_by_what_they_gain() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let span = |open: &str, close: &str| json!({"open": at(open), "close": at(close)});
    let slots = json!([span("09:00", "10:00"), span("18:00", "19:00")]);
    let answer =
        world.post("/v1/recommendations", &json!({"plan": plan, "ticket": ticket("T-9"), "slots": slots})).await;
    let start = answer["slots"][0]["offer"]["visit"]["start"].as_str().unwrap();
    assert!(at("09:00").as_str() <= start && start <= at("10:00").as_str(), "{start}");
    assert_eq!(answer["slots"][1]["offer"], Value::Null);

    // A job comes in that nobody may plan: it is open afterwards.
    let sick = json!({"changes": [
        {"type": "technician_sick", "technician": "ann", "from": at("00:00")},
        {"type": "technician_sick", "technician": "bob", "from": at("00:00")},
    ]});
    world.post(&format!("/v1/plans/{plan}/changes?iterations=50"), &sick).await;
    let answer = world.post("/v1/recommendations", &json!({"plan": plan, "technician": "ann"})).await;
    assert_eq!(answer["jobs"], json!([]), "nobody is there");

    let mut problem = team();
    problem["current_plan"] = json!({"schema_version": 1, "routes": [], "unassigned": []});
    let answer = world.post("/v1/recommendations", &json!({"problem": problem, "technician": "ann", "most": 2})).await;
    let jobs = answer["jobs"].as_array().unwrap();
    assert_eq!((jobs.len(), &answer["plan"]), (2, &Value::Null));
    assert!(jobs[0]["gain"].as_i64() >= jobs[1]["gain"].as_i64());
    world.end().await;
}

#[tokio::test]
async fn a_ticket_is_accepted_once_and_a_stale_version_is_told_the_new_one() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let asked = json!({"plan": plan, "ticket": ticket("T-9")});
    let best = world.post("/v1/recommendations", &asked).await;
    let who = &best["offers"][0]["technician"];
    let body = json!({"version": 1, "technician": who, "ticket": ticket("T-9")});
    let path = format!("/v1/plans/{plan}/accept");
    let accepted = world.post(&path, &body).await;
    assert_eq!((&accepted["version"], &accepted["diff"]["added"][0]["job"]), (&json!(2), &json!("T-9")));
    assert_eq!(accepted["diff"]["added"][0]["start"], best["offers"][0]["visit"]["start"]);
    let cost = |side: &str| accepted["diff"]["cost"][side].as_i64().unwrap();
    // What moving promises cost is over with once they are others.
    assert!(cost("after") - cost("before") <= best["offers"][0]["added"].as_i64().unwrap());
    let (status, stale) = world.refused(post(&path, body.to_string())).await;
    assert_eq!((status, &stale["code"]), (StatusCode::CONFLICT, &json!("stale_version")));
    assert_eq!(stale["current_version"], json!(2));
    let again = json!({"version": 2, "technician": who, "ticket": ticket("T-9")});
    let (status, twice) = world.refused(post(&path, again.to_string())).await;
    assert_eq!((status, &twice["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/ticket/id")));

    let stored = world.get(&format!("/v1/plans/{plan}")).await;
    assert_eq!((&stored["version"], &stored["origin"]), (&json!(2), &json!("accepted")));
    assert!(stored["plan"].to_string().contains("T-9"));
    // What is stored goes on as a plan like any other: the judge finds nothing wrong with it.
    let verdict = world.post(&format!("/v1/plans/{plan}/evaluate"), &stored["plan"]).await;
    assert_eq!((&verdict["clean"], &verdict["claimed_bill_matches"]), (&json!(true), &json!(true)), "{verdict}");
    let problem = world.get(&format!("/v1/plans/{plan}/problem")).await;
    let pinned = problem["jobs"].as_array().unwrap().iter().find(|job| job["id"] == "T-9").unwrap();
    assert_eq!(&pinned["pin"]["technician"], who);
    let first = world.get(&format!("/v1/plans/{plan}/problem?version=1")).await;
    assert_eq!(first, team());
    world.end().await;
}

#[tokio::test]
async fn what_was_refused_is_never_offered_to_the_same_person_again_even_after_a_restart() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let asked = json!({"plan": plan, "ticket": ticket("T-9"), "everybody": true});
    let best = world.post("/v1/recommendations", &asked).await["offers"][0]["technician"].clone();
    let refused = world.post(&format!("/v1/plans/{plan}/refuse"), &json!({"technician": best, "job": "T-9"})).await;
    assert_eq!((&refused["version"], &refused["diff"]["moved"]), (&json!(2), &json!([])));
    let after = world.post("/v1/recommendations", &asked).await;
    assert_ne!(after["offers"][0]["technician"], best);
    assert_eq!((&after["rejected"][0]["technician"], &after["rejected"][0]["rule"]), (&best, &json!("technician")));

    // Another process on the same store knows nothing but what is stored.
    let other = world.another().await;
    let (_, there) = answered(&other, post("/v1/recommendations", asked.to_string())).await;
    assert_eq!(there, after);

    // A planned job that is refused goes to somebody else or is left out.
    let stored = world.get(&format!("/v1/plans/{plan}")).await;
    let route = &stored["plan"]["routes"][0];
    let (who, job) = (&route["technician"], &route["stops"][0]["job"]);
    let body = json!({"technician": who, "job": job, "version": 2});
    let (_, taken) = answered(&other, post(&format!("/v1/plans/{plan}/refuse"), body.to_string())).await;
    assert_eq!((&taken["version"], &taken["diff"]["removed"][0]["job"]), (&json!(3), job));
    // The first process has version 2 in memory: it learns of the third when it commits, at the latest.
    let (status, stale) = world
        .refused(post(
            &format!("/v1/plans/{plan}/accept"),
            json!({"version": 2, "technician": after["offers"][0]["technician"], "ticket": ticket("T-9")}).to_string(),
        ))
        .await;
    assert_eq!((status, &stale["current_version"]), (StatusCode::CONFLICT, &json!(3)));
    world.end().await;
}

fn events() -> Vec<Value> {
    vec![
        json!([{"type": "job_added", "ticket": ticket("T-9")}]),
        json!([{"type": "freeze", "at": at("08:30")}, {"type": "promises_priced", "moved_technician": 900}]),
        json!([{"type": "technician_late", "technician": "bob", "until": at("09:10")}]),
        json!([{"type": "technician_moved", "technician": "bob", "at": at("09:20"), "place": {"lat": 47.17, "lon": 9.51}}]),
        json!([
            {"type": "job_added", "ticket": ticket("T-10")},
            {"type": "job_added", "ticket": {"id": "T-11", "place": {"lat": 47.13, "lon": 9.50}, "work": "PT20M"}},
            {"type": "job_cancelled", "job": "T-4"},
        ]),
        json!([{"type": "technician_sick", "technician": "ann", "from": at("13:00")}]),
    ]
}

/// The plan after a day of events; with `forgetful` each event meets a process that has just started.
async fn after_a_day(forgetful: bool) -> (Value, Vec<Value>) {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let mut answers = Vec::new();
    for changes in events() {
        let path = format!("/v1/plans/{plan}/changes?iterations=60&seed=7");
        let body = json!({"changes": changes});
        let mut answer = if forgetful {
            answered(&world.another().await, post(&path, body.to_string())).await.1
        } else {
            world.post(&path, &body).await
        };
        assert_eq!(answer["violations"], json!([]), "{answer}");
        answer["plan"] = Value::Null;
        answers.push(answer);
    }
    let mut stored = world.get(&format!("/v1/plans/{plan}")).await["plan"].take();
    stored["travel_fingerprint"] = Value::Null;
    world.end().await;
    (stored, answers)
}

#[tokio::test]
async fn the_same_events_give_the_same_plans_also_when_the_process_is_another_each_time() {
    let (plan, answers) = after_a_day(false).await;
    assert_eq!(answers.last().unwrap()["version"], json!(1 + events().len()));
    assert!(answers.iter().any(|answer| answer["diff"]["moved"].as_array().is_some_and(|moved| !moved.is_empty())));
    let (again, answers_again) = after_a_day(false).await;
    assert_eq!((&again, &answers_again), (&plan, &answers));
    let (forgetful, told) = after_a_day(true).await;
    assert_eq!((&forgetful, &told), (&plan, &answers));
}

#[tokio::test]
async fn wrong_requests_are_told_all_their_findings_with_a_guess() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    let pointers = |problem: &Value| -> Vec<String> {
        let errors = problem["errors"].as_array().unwrap();
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    };
    let ask = |body: Value| post("/v1/recommendations", body.to_string());
    let (_, found) = world.refused(ask(json!({"plan": plan, "tikcet": {}, "most": 0}))).await;
    assert_eq!(pointers(&found), ["/tikcet", "/most"]);
    assert_eq!(found["errors"][0]["hint"], json!("did you mean \"ticket\"?"));
    let (_, found) = world.refused(ask(json!({"plan": plan}))).await;
    assert_eq!(found["errors"][0]["code"], json!("missing_key"));
    let (_, found) =
        world.refused(ask(json!({"plan": plan, "ticket": {"id": "x", "place": "nowhere", "work": "1h"}}))).await;
    assert_eq!(pointers(&found), ["/ticket/work"]);
    let (_, found) = world.refused(ask(json!({"plan": plan, "ticket": {
        "id": "x", "place": "nowhere", "work": "PT1H", "skills": {"all_of": {"biler": 1}}, "pin": {"technician": "Bob"},
    }}))).await;
    assert_eq!(pointers(&found), ["/ticket/place", "/ticket/skills/all_of/biler", "/ticket/pin/technician"]);
    assert_eq!(found["errors"][1]["hint"], json!("did you mean \"boiler\"?"));
    let (_, found) = world
        .refused(ask(json!({"plan": plan, "ticket": {
            "id": "x", "place": {"lat": 47.1, "lon": 9.5}, "work": "PT1H", "crew": [{"work": "PT1H"}],
        }})))
        .await;
    assert_eq!(found["errors"][0]["code"], json!("not_supported_yet"));
    assert_eq!(pointers(&found), ["/ticket/crew"]);
    let (_, found) = world.refused(ask(json!({"plan": plan, "job": "T-1"}))).await;
    assert_eq!((pointers(&found), &found["errors"][0]["code"]), (vec!["/job".to_owned()], &json!("contradiction")));
    let (_, found) = world.refused(ask(json!({"plan": plan, "technician": "anne"}))).await;
    assert_eq!(found["errors"][0]["hint"], json!("did you mean \"ann\"?"));
    let (status, found) = world.refused(ask(json!({"plan": "plan_nobody_has", "job": "T-4"}))).await;
    assert_eq!((status, &found["what"]), (StatusCode::NOT_FOUND, &json!("plan")));
    let (status, found) = world.refused(ask(json!({"plan": plan, "version": 7, "job": "T-4"}))).await;
    assert_eq!((status, &found["current_version"]), (StatusCode::CONFLICT, &json!(1)));
    let mut wrong = team();
    wrong["jobs"][0]["wrok"] = json!(1);
    let (_, found) = world.refused(ask(json!({"problem": wrong, "job": "T-4"}))).await;
    assert_eq!(pointers(&found), ["/problem/jobs/0/wrok"]);

    let change = |changes: Value| {
        post(&format!("/v1/plans/{plan}/changes?iterations=10"), json!({"changes": changes}).to_string())
    };
    let (_, found) = world
        .refused(change(json!([
            {"type": "job_strated", "job": "T-1", "at": at("09:00")},
            {"type": "job_finished", "job": "T-99", "at": at("09:00")},
            {"type": "technician_late", "technician": "ann"},
        ])))
        .await;
    assert_eq!(pointers(&found), ["/changes/0/type", "/changes/2"]);
    assert_eq!(found["errors"][0]["hint"], json!("did you mean \"job_started\"?"));
    let (_, found) = world.refused(change(json!([{"type": "job_finished", "job": "T-4", "at": at("09:00")}]))).await;
    assert_eq!(pointers(&found), ["/changes/0"]);
    let (_, found) = world.refused(change(json!([]))).await;
    assert_eq!(pointers(&found), ["/changes"]);
    let accept = json!({"version": 1, "technician": "ann", "job": "T-4"});
    let request = with(post(&format!("/v1/plans/{plan}/accept"), accept.to_string()), "accept-language", "zh-CN");
    let (status, found) = world.refused(request).await;
    assert_eq!((status, &found["code"]), (StatusCode::CONFLICT, &json!("no_place")));
    assert_eq!(found["title"], json!("当前计划不允许此操作。"));
    assert_eq!(
        world.get(&format!("/v1/plans/{plan}")).await["version"],
        json!(1),
        "nothing of this has changed anything"
    );
    world.end().await;
}

#[tokio::test]
async fn a_plan_over_given_matrices_takes_a_place_that_brings_its_rows() {
    let world = World::new(limits()).await;
    let mut problem = team();
    let index = |at: usize| json!({"index": at});
    // Index 1 is nobody's: the caller's numbers stay the caller's.
    for (at, technician) in problem["technicians"].as_array_mut().unwrap().iter_mut().enumerate() {
        technician["home"] = index(at * 2);
    }
    for (at, job) in problem["jobs"].as_array_mut().unwrap().iter_mut().enumerate() {
        job["place"] = index(at + 3);
    }
    let row = |size: usize, from: usize| -> Vec<u32> { (0..size).map(|to| 300 * from.abs_diff(to) as u32).collect() };
    let rows: Vec<Vec<u32>> = (0..7).map(|from| row(7, from)).collect();
    problem["travel"] = json!({"matrices": {"car": {"seconds": rows, "meters": rows}}});
    let job = world.planned(&problem).await;
    let plan = job["id"].as_str().unwrap();
    let legs = |size: usize| {
        json!({"car": {
            "to": {"seconds": row(size, size), "meters": row(size, size)}, "from": {"seconds": row(size, size), "meters": row(size, size)},
        }})
    };
    let new = |id: &str| json!({"id": id, "place": {"lat": 47.3, "lon": 9.6}, "work": "PT20M"});
    let (_, found) =
        world.refused(post("/v1/recommendations", json!({"plan": plan, "ticket": new("N-1")}).to_string())).await;
    assert_eq!(found["errors"][0]["pointer"], json!("/ticket/place"));
    let short = json!({"plan": plan, "ticket": new("N-1"), "legs": legs(6)});
    let (_, found) = world.refused(post("/v1/recommendations", short.to_string())).await;
    assert_eq!(found["errors"][0]["pointer"], json!("/legs/car/to/seconds"));
    let best = world.post("/v1/recommendations", &json!({"plan": plan, "ticket": new("N-1"), "legs": legs(7)})).await;
    let who = &best["offers"][0]["technician"];
    world
        .post(
            &format!("/v1/plans/{plan}/accept"),
            &json!({"version": 1, "technician": who, "ticket": new("N-1"), "legs": legs(7)}),
        )
        .await;
    // It has the next index from now on, and the others theirs, also for a process that reads it again.
    let written = world.get(&format!("/v1/plans/{plan}/problem")).await;
    assert_eq!(written["travel"]["matrices"]["car"]["seconds"][7][3], json!(1200));
    assert_eq!(written["travel"]["matrices"]["car"]["seconds"][1][3], Value::Null);
    let beside = json!({"id": "N-2", "place": {"index": 7}, "work": "PT20M"});
    let best = world.post("/v1/recommendations", &json!({"plan": plan, "ticket": beside})).await;
    assert!(best["offers"][0]["added"].is_i64());
    world.end().await;
}

#[tokio::test]
async fn later_tickets_are_promised_on_the_calendars_of_the_problem() {
    let world = World::new(limits()).await;
    let mut problem = team();
    problem["calendars"] = json!([{"id": "office", "hours": {"monday": [{"from": "08:00", "until": "12:00"}, {"from": "13:00", "until": "17:00"}]},
        "holidays": ["2026-06-16"], "working_days": [{"date": "2026-06-20", "like": "monday"}]}]);
    let plan = world.planned(&problem).await["id"].as_str().unwrap().to_owned();
    let mut promised = ticket("T-9");
    promised["sla"] =
        json!({"opened_at": at("11:00"), "calendar": "office", "arrive": {"target": "PT2H", "late_price": 6000}});
    let asked = json!({"plan": plan, "ticket": promised});
    let before = world.post("/v1/recommendations", &asked).await;
    let visit = &before["offers"][0]["visit"];
    let due = |visit: &Value| -> i64 {
        let arrival: jiff::Timestamp = visit["arrival"].as_str().unwrap().parse().unwrap();
        let slack: jiff::SignedDuration = visit["sla"]["arrive"].as_str().unwrap().parse().unwrap();
        arrival.as_second() + slack.as_secs()
    };
    assert_eq!(due(visit), at("14:00").parse::<jiff::Timestamp>().unwrap().as_second());
    // The calendar is still there in later versions.
    world
        .post(
            &format!("/v1/plans/{plan}/changes?iterations=5"),
            &json!({"changes": [{"type": "job_cancelled", "job": "T-4"}]}),
        )
        .await;
    let again = world.post("/v1/recommendations", &asked).await;
    assert_eq!(due(&again["offers"][0]["visit"]), due(visit));
    let written = world.get(&format!("/v1/plans/{plan}/problem")).await;
    assert_eq!(written["calendars"][0]["holidays"], json!(["2026-06-16"]));
    world.end().await;
}

#[tokio::test]
async fn old_versions_go_and_limits_hold_for_what_comes_in() {
    let world = World::new(Limits { versions: 2, jobs: 5, ..limits() }).await;
    let plan = planned(&world).await;
    let changes = format!("/v1/plans/{plan}/changes?iterations=5");
    world.post(&changes, &json!({"changes": [{"type": "job_added", "ticket": ticket("T-9")}]})).await;
    let more = json!({"changes": [{"type": "job_added", "ticket": ticket("T-10")}]});
    let (status, over) = world.refused(post(&changes, more.to_string())).await;
    assert_eq!((status, &over["what"], &over["value"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("jobs"), &json!(6)));
    for clock in ["06:00", "06:10", "06:20"] {
        world.post(&changes, &json!({"changes": [{"type": "freeze", "at": at(clock)}]})).await;
    }
    let versions = world.get(&format!("/v1/plans/{plan}/versions")).await;
    let numbers: Vec<i64> =
        versions["versions"].as_array().unwrap().iter().map(|one| one["version"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 4, 5]);
    let (status, _) = world.refused(get(&format!("/v1/plans/{plan}?version=2"))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    world.end().await;
}

#[tokio::test]
async fn one_tenant_has_no_part_in_the_live_day_of_another() {
    let world = World::new(limits()).await;
    let plan = planned(&world).await;
    world.post("/v1/recommendations", &json!({"plan": plan, "job": "T-4"})).await;
    let grant = Grant { tenant: "other".to_owned(), scopes: vec![Scope::Plan, Scope::Read] };
    let (_, key) = make_key(world.service.store(), &grant, "test").await.unwrap();
    // What is known of keys is remembered for five seconds; another process asks.
    let other = world.another().await;
    for (path, body) in [
        ("/v1/recommendations".to_owned(), json!({"plan": plan, "job": "T-4"})),
        (format!("/v1/plans/{plan}/accept"), json!({"version": 1, "technician": "ann", "ticket": ticket("T-9")})),
        (format!("/v1/plans/{plan}/refuse"), json!({"technician": "ann", "job": "T-1"})),
        (format!("/v1/plans/{plan}/changes"), json!({"changes": [{"type": "freeze", "at": at("09:00")}]})),
    ] {
        let (status, _) = answered(&other, with(post(&path, body.to_string()), "x-api-key", &key)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        let (status, _) = answered(&other, post(&path, body.to_string())).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path}");
    }
    world.end().await;
}
