//! The picture as a whole: well formed, complete, the same every time, in both languages.

use super::*;
use crate::export::{sample, straight};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::units::Time;

fn drawn(problem: &Problem, plan: &Plan, lang: Lang) -> String {
    let line = vec![Position { lat: 47.1, lon: 9.5 }, Position { lat: 47.15, lon: 9.52 }];
    let roads = [RoadLine { class: RoadClass::Major, line }];
    svg(&Picture { problem, plan, roads: &roads, geometry: &straight, credit: "© map makers & co", lang })
}

fn sample_picture() -> String {
    let (problem, plan) = sample::day();
    drawn(&problem, &plan, Lang::En)
}

/// Whether every tag that opens closes, in order, and no text holds a bare sign of the markup.
fn is_well_formed(svg: &str) -> bool {
    let mut open: Vec<&str> = vec![];
    for piece in svg.split('<').skip(1) {
        let Some((tag, text)) = piece.split_once('>') else { return false };
        if tag.matches('"').count() % 2 != 0 || text.contains('>') {
            return false;
        }
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
        let entity = |rest: &str| ["amp;", "lt;", "gt;", "quot;"].iter().any(|known| rest.starts_with(known));
        if !text.split('&').skip(1).all(entity) {
            return false;
        }
    }
    open.is_empty()
}

/// The attribute of the first tag of a kind.
fn attribute(svg: &str, tag: &str, key: &str) -> f64 {
    let tag = svg.split(&format!("<{tag} ")).nth(1).unwrap();
    tag.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
}

#[test]
fn the_picture_is_well_formed_and_needs_nothing_else() {
    let svg = sample_picture();
    assert!(is_well_formed(&svg), "{svg}");
    assert!(!is_well_formed("<a><b></a></b>") && !is_well_formed("<a>&x</a>"));
    for foreign in ["<script", "<image", "href=", "@import", "url(http"] {
        // What the picture itself defines is not foreign.
        assert!(!svg.replace("href=\"#", "").contains(foreign), "{foreign}");
    }
    assert_eq!(svg, sample_picture());
}

#[test]
fn it_shows_technicians_visits_sites_times_and_what_is_left_out() {
    let svg = sample_picture();
    for text in [
        ">Ann Beck<",
        ">bob<",
        ">2 visits · 42 km<",
        ">depot<",
        ">T-3 P3<",
        ">Unassigned (1)<",
        "skills (2 technicians: level 1 of lift, 2 needed)",
        "would fit if: resolve limit + 35 min",
        "Müller, &quot;Lift; &amp; Co&quot; &lt;AG&gt; 09:15–10:15",
        ">Monday 15 June 2026 · Europe/Vaduz<",
        ">9:00<",
        ">2 / 3<",
        "© map makers &amp; co",
    ] {
        assert!(svg.contains(text), "{text} is missing");
    }
}

#[test]
fn the_road_tells_when_and_how_far_on_the_timeline_and_who_is_where_every_quarter_of_an_hour_on_the_map() {
    let (problem, plan) = sample::day();
    let svg = sample_picture();
    let clock = |time: Time| problem.horizon.local(time).strftime("%H:%M").to_string();
    let mut dots = 0;
    for route in &plan.routes {
        for leg in crate::export::legs(&problem, route) {
            let kilometres = figures::kilometres(leg.distance);
            let until = Time(leg.departure.0 + leg.travel.0);
            let tip = format!("<title>{}–{} · {kilometres}</title>", clock(leg.departure), clock(until));
            assert!(svg.contains(&tip), "{tip} is missing");
            for time in (leg.departure.0 + 1..leg.arrival.0).map(Time) {
                let local = problem.horizon.local(time);
                if local.minute() % 15 == 0 && local.second() == 0 {
                    let name = crate::export::name_of(problem.technician_of(route.shift));
                    assert!(svg.contains(&format!("<title>{} {name} · ", clock(time))), "{name} at {local}");
                    dots += 1;
                }
            }
        }
    }
    assert!(dots > 0, "nobody is on the road at a quarter of an hour");
    assert_eq!(svg.matches("r=\"2.6\"").count(), dots);
}

#[test]
fn every_state_of_a_promise_is_marked() {
    let svg = sample_picture();
    // Ann's first visit arrives in time and resolves barely; the second responds late.
    for state in [super::super::SlaState::OnTime, super::super::SlaState::AtRisk, super::super::SlaState::Late] {
        let colour = glyphs::state_colour(state);
        let in_legend = 2; // sign and stripe
        assert!(svg.matches(&format!("fill=\"{colour}\"")).count() > in_legend, "{state:?}");
    }
}

#[test]
fn labels_speak_the_language_asked_for() {
    let (problem, plan) = sample::day();
    let svg = drawn(&problem, &plan, Lang::Zh);
    assert!(is_well_formed(&svg));
    for text in ["未派工单 (1)", "上门 2 次", "2026年6月15日", ">等待<"] {
        assert!(svg.contains(text), "{text} is missing");
    }
    assert!(!svg.contains(">waiting<"));
}

#[test]
fn without_positions_there_is_a_timeline_and_no_map() {
    let mut draft = sample::draft();
    for place in &mut draft.places {
        place.position = None;
    }
    let svg = drawn(&draft.check().unwrap(), &sample::plan(), Lang::En);
    assert!(is_well_formed(&svg));
    assert!(!svg.contains("id=\"map\"") && svg.contains(">Ann Beck<"));
}

#[test]
fn a_plan_without_routes_still_is_a_picture() {
    let (problem, _) = sample::day();
    let svg = drawn(&problem, &Plan::default(), Lang::En);
    assert!(is_well_formed(&svg));
    assert!(svg.contains(">not used<") && !svg.contains("Every ticket is planned."));
    let mut draft = sample::draft();
    draft.jobs.pop();
    let whole = Plan { unassigned: Vec::new(), ..sample::plan() };
    let svg = drawn(&draft.check().unwrap(), &whole, Lang::En);
    assert!(svg.contains("Every ticket is planned."));
}

#[test]
fn many_shifts_make_it_higher_and_a_wide_country_puts_the_map_on_top() {
    let (problem, plan) = sample::day();
    assert_eq!(attribute(&sample_picture(), "svg", "height"), HEIGHT);
    let mut many = plan.clone();
    many.routes = (0..60).map(|_| plan.routes[0].clone()).collect();
    let svg = drawn(&problem, &many, Lang::En);
    assert!(attribute(&svg, "svg", "height") > 60.0 * timeline::LEAST_ROW);
    let mut wide = sample::draft();
    for place in &mut wide.places {
        place.position = place.position.map(|at| Position { lat: at.lat, lon: at.lon * 10.0 });
    }
    let problem = wide.check().unwrap();
    let svg = drawn(&problem, &plan, Lang::En);
    assert!(is_well_formed(&svg));
    let map = svg.split("<clipPath id=\"map\">").nth(1).unwrap();
    assert_eq!(attribute(map, "rect", "width"), WIDTH - 2.0 * MARGIN);
}

#[test]
fn a_thousand_visits_become_dots_without_numbers() {
    let mut draft = sample::draft();
    let mut plan = sample::plan();
    let visit = plan.routes[0].stops[1].clone();
    plan.routes[0].stops = vec![visit; 1000];
    draft.name = "many".into();
    let svg = drawn(&draft.check().unwrap(), &plan, Lang::En);
    assert!(is_well_formed(&svg));
    assert_eq!(svg.matches("r=\"3.5\"").count(), 1000);
}
