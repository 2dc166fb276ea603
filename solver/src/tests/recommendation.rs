//! A recommendation is the ranking that trying every place and asking the judge gives.

use super::random_day::{Size, frozen_day, random_day};
use crate::instance::{Instance, keeps_out};
use crate::live::{Live, NewPlace, Ticket};
use crate::route::Route;
use crate::solution::Solution;
use crate::supply::{self, Leftover};
use crate::walk::RouteNode;
use crate::{Params, Stop, schedule, solve};
use dispatch_data::bill::Bill;
use dispatch_data::ids::{JobIx, PlaceIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::judge::judge;
use dispatch_data::plan::{Plan, PlannedRoute, Unassigned};
use dispatch_data::problem::{Job, Problem, TravelSource, Window};
use dispatch_data::rule::Rule;
use dispatch_data::travel::{PlaceLegs, ProfileLegs, Travel, TravelMatrix};
use dispatch_data::units::{Cost, Time};
use std::collections::BTreeMap;

fn params(seed: u64) -> Params {
    Params { seed, islands: 1, ..Params::default() }
}

/// A live plan without the last job of a random day, and that job.
fn live(seed: u64, frozen: bool) -> Option<(Live, Job)> {
    let size = Size { jobs: 9, technicians: 4 };
    let (problem, travel) = if frozen { frozen_day(seed, size) } else { random_day(seed, size) };
    let mut draft = problem.into_draft();
    let last = draft.jobs.pop()?;
    let problem = draft.check().ok()?;
    let plan = solve(&problem, &travel, &params(seed), &Stop::iterations(15)).plan;
    Live::new(problem, travel, plan).ok().map(|live| (live, last))
}

/// The problem with the ticket as its last job.
fn with_job(live: &Live, job: &Job) -> Problem {
    let mut draft = live.problem().clone().into_draft();
    draft.jobs.push(job.clone());
    draft.check().unwrap()
}

/// The cheapest clean plan per technician with the job in it, by trying every place and asking the judge.
fn brute_force(live: &Live, problem: &Problem, job: JobIx) -> BTreeMap<TechIx, Cost> {
    let travel = live.travel();
    let instance = Instance::new(problem, travel);
    let solution = Solution::from_plan(&instance, live.plan());
    let out = |job| Unassigned { job, price: problem.drop_price(job), reasons: Vec::new(), relaxation: None };
    let plan = |routes: Vec<PlannedRoute>| {
        let planned: Vec<JobIx> = routes.iter().flat_map(PlannedRoute::jobs).collect();
        let left = (0..problem.jobs.len()).map(JobIx::from).filter(|job| !planned.contains(job));
        Plan { routes, unassigned: left.map(out).collect(), ..Plan::default() }
    };
    let before = judge(problem, travel, &plan(live.plan().routes.clone()));
    let mut best = BTreeMap::new();
    for shift in (0..problem.shifts.len()).map(ShiftIx::from) {
        if keeps_out(problem, travel, shift, job) == Some(Rule::Skills) {
            continue; // of alternatives with dated certificates the search is strict on purpose
        }
        let old = solution.route(shift);
        let sites = (0..problem.sites.len()).map(SiteIx::from).map(Some);
        for site in std::iter::once(None).chain(sites) {
            for at in 0..=old.stops.len() {
                for first in 0..=if site.is_some() { at } else { 0 } {
                    let mut route = Route::empty(shift);
                    route.stops.clone_from(&old.stops);
                    route.stops.insert(at, RouteNode::new(Instance::job_node(job)));
                    if let Some(site) = site {
                        route.stops.insert(first, RouteNode::new(instance.site_node(site)));
                    }
                    let mut lots = solution.lots_left().to_vec();
                    for fetch in &old.supply.fetches {
                        if let Some(lot) = fetch.lot {
                            lots[lot.index()] += fetch.quantity;
                        }
                    }
                    let van_elsewhere = |part| solution.van_elsewhere(shift, part);
                    let left = Leftover { lots: &lots, van_elsewhere: &van_elsewhere };
                    let info = instance.shift(shift);
                    let Route { stops, supply: own, .. } = &mut route;
                    if !supply::settle(&instance, info, stops, &left, own) {
                        continue;
                    }
                    if site.is_some() && !route.supply.needs(first) {
                        continue;
                    }
                    let Some(day) = schedule::schedule(&instance, &route) else { continue };
                    let mut routes = live.plan().routes.clone();
                    routes.retain(|route| route.shift != shift);
                    routes.push(day);
                    routes.sort_by_key(|route| route.shift);
                    let verdict = judge(problem, travel, &plan(routes));
                    if verdict.violations.len() > before.violations.len() {
                        continue;
                    }
                    let running = |bill: &Bill| bill.total() - bill.unassigned;
                    let added = running(&verdict.bill) - running(&before.bill);
                    let own = best.entry(problem.shift(shift).technician).or_insert(added);
                    *own = (*own).min(added);
                }
            }
        }
    }
    best
}

fn ranked(best: &BTreeMap<TechIx, Cost>) -> Vec<Cost> {
    let mut costs: Vec<Cost> = best.values().copied().collect();
    costs.sort_unstable();
    costs
}

fn check(seeds: std::ops::Range<u64>, frozen: bool) -> usize {
    let mut offered = 0;
    for seed in seeds {
        let Some((live, job)) = live(seed, frozen) else { continue };
        let problem = with_job(&live, &job);
        let number = JobIx::from(problem.jobs.len() - 1);
        let best = brute_force(&live, &problem, number);
        let all = live.recommend(&Ticket::new(job.clone()), usize::MAX).unwrap();
        let got: BTreeMap<TechIx, Cost> =
            all.offers.iter().map(|offer| (offer.technician, offer.added.total())).collect();
        assert_eq!(got, best, "seed {seed}: {job:#?}");
        let costs: Vec<Cost> = all.offers.iter().map(|offer| offer.added.total()).collect();
        assert_eq!(costs, ranked(&best), "seed {seed}");
        for most in [0, 1, 2] {
            let few = live.recommend(&Ticket::new(job.clone()), most).unwrap();
            assert_eq!(few.offers, all.offers[..most.min(all.offers.len())], "seed {seed}: the best {most}");
        }
        let ranking = live.rank(&Ticket::new(job.clone()), usize::MAX).unwrap();
        assert_eq!((&ranking.recommendation, ranking.able), (&all, all.offers.len()));
        for most in [0, 1, 2] {
            let few = live.rank(&Ticket::new(job.clone()), most).unwrap();
            assert_eq!(few.recommendation.offers, all.offers[..most.min(all.offers.len())], "seed {seed}");
            assert_eq!((few.able, &few.rejected), (ranking.able, &ranking.rejected), "seed {seed}: the best {most}");
        }
        for rejection in &ranking.rejected {
            assert!(!best.contains_key(&rejection.technician), "seed {seed}: {rejection:?}");
            // A rule that keeps somebody out alone is one that the search's own table knows.
            let shifts = problem.technician(rejection.technician).shift_indices();
            let closed = live.problem().freeze.is_some();
            if rejection.rule.is_some() && !closed {
                shifts.for_each(|shift| assert!(keeps_out(&problem, live.travel(), shift, number).is_some()));
            }
        }
        let count = |rule: Rule| ranking.rejected.iter().filter(|one| one.rule == Some(rule)).count();
        let counted = Rule::ALL.iter().map(|rule| (*rule, count(*rule))).filter(|(_, count)| *count > 0);
        assert_eq!(all.kept_out, counted.collect::<Vec<_>>(), "seed {seed}");
        assert_eq!(ranking.rejected.len() + all.offers.len(), problem.technicians.len());
        offered += all.offers.len();
    }
    offered
}

#[test]
fn the_ranking_is_that_of_the_judge_over_every_place() {
    let offered = check(0..70, false);
    assert!(offered > 80, "{offered}");
}

#[test]
fn the_ranking_is_that_of_the_judge_in_the_middle_of_a_day() {
    let offered = check(500..560, true);
    assert!(offered > 35, "{offered}");
}

/// A ticket at a place that nobody has been to is offered as if the place had always been there.
#[test]
fn a_new_place_with_its_rows_is_priced_like_a_known_one() {
    let mut offered = 0;
    for seed in 0..60 {
        let Some((live, job)) = live(seed, false) else { continue };
        let known = live.recommend(&Ticket::new(job.clone()), 9).unwrap();
        let travel = live.travel();
        let legs: Vec<ProfileLegs> = (0..travel.profiles())
            .map(|profile| {
                let matrix = travel.matrix(profile.into());
                let all = || (0..matrix.size()).map(PlaceIx::from);
                ProfileLegs::plain(PlaceLegs {
                    to: all().map(|from| matrix.leg(from, job.place)).collect(),
                    from: all().map(|to| matrix.leg(job.place, to)).collect(),
                })
            })
            .collect();
        let place = dispatch_data::place::Place { id: Some("new".into()), ..live.problem().places[0].clone() };
        let new = live.recommend(&Ticket::at(job.clone(), NewPlace { place, legs }), 9).unwrap();
        // Set-up is shared only at one and the same place, so only such tickets are compared.
        let shared = live.problem().jobs.iter().any(|own| own.place == job.place);
        if !shared || job.setup.0 == 0 && live.problem().jobs.iter().all(|own| own.setup.0 == 0) {
            let bills = |offers: &[crate::live::Offer]| -> Vec<(ShiftIx, Bill)> {
                offers.iter().map(|offer| (offer.shift, offer.added)).collect()
            };
            assert_eq!(bills(&new.offers), bills(&known.offers), "seed {seed}");
            offered += new.offers.len();
        }
    }
    assert!(offered > 20, "{offered}");
}

#[test]
fn a_slot_is_the_best_offer_of_a_ticket_that_must_start_in_it() {
    let mut kept = 0;
    for seed in 0..60 {
        let Some((live, job)) = live(seed, false) else { continue };
        let spans: Vec<Window> =
            (7..19).step_by(2).map(|hour| Window { open: Time(hour * 3600), close: Time((hour + 2) * 3600) }).collect();
        for slot in live.slots(&Ticket::new(job.clone()), &spans).unwrap() {
            let cut = |window: &Window| Window {
                open: window.open.max(slot.window.open),
                close: window.close.min(slot.window.close),
            };
            let windows: Vec<Window> = job.windows.iter().map(cut).filter(|own| own.open <= own.close).collect();
            let Some(best) = slot.best else { continue };
            assert!(slot.window.holds(best.visit.start), "seed {seed}");
            let narrow = Job { windows, ..job.clone() };
            let alone = live.recommend(&Ticket::new(narrow), 1).unwrap();
            assert_eq!(alone.offers[0].added, best.added, "seed {seed}");
            kept += 1;
        }
    }
    assert!(kept > 20, "{kept}");
}

#[test]
fn the_pool_of_a_technician_holds_the_open_jobs_at_what_they_would_save() {
    let mut picked = 0;
    for seed in 0..80 {
        let Some((mut live, job)) = live(seed, false) else { continue };
        // A job put in without re-planning stays open.
        let stop = Stop::iterations(0);
        let dear = Job { unassigned_price: Cost(0), sla: Default::default(), ..job };
        live.apply(&crate::live::Change::JobAdded(Ticket::new(dear)), &params(seed), &stop).unwrap();
        for technician in (0..live.problem().technicians.len()).map(TechIx::from) {
            let pool = live.pool(technician, 20).unwrap();
            assert!(pool.windows(2).all(|pair| pair[0].gain >= pair[1].gain));
            for pick in &pool {
                let all = live.recommend(&Ticket::Open(pick.job), usize::MAX).unwrap();
                let same = all.offers.iter().find(|offer| offer.technician == technician).unwrap();
                assert_eq!(*same, pick.offer, "seed {seed}");
                assert_eq!(pick.gain, live.problem().drop_price(pick.job) - pick.offer.added.total());
                picked += 1;
            }
        }
    }
    assert!(picked > 30, "{picked}");
}

/// Rows of an added place keep the whole day honest: the judge reads the same travel.
#[test]
fn an_accepted_ticket_at_a_new_place_is_in_a_clean_plan() {
    let mut accepted = 0;
    for seed in 0..60 {
        let Some((mut live, job)) = live(seed, false) else { continue };
        let travel: &Travel = live.travel();
        let size = travel.places();
        let far = TravelMatrix::from_fn(size + 1, |from, to| dispatch_data::travel::Leg {
            seconds: (from.abs_diff(to) * 40) as u32,
            meters: 500,
        });
        let legs = (0..travel.profiles())
            .map(|_| {
                ProfileLegs::plain(PlaceLegs {
                    to: (0..size).map(|from| far.leg(from.into(), size.into())).collect(),
                    from: (0..size).map(|to| far.leg(size.into(), to.into())).collect(),
                })
            })
            .collect();
        let place = dispatch_data::place::Place { id: Some("new".into()), ..live.problem().places[0].clone() };
        let ticket = Ticket::at(job.clone(), NewPlace { place, legs });
        let best = live.recommend(&ticket, 1).unwrap();
        let Some(offer) = best.offers.first() else { continue };
        let before = live.plan().bill.total();
        let diff = live.accept(ticket.clone(), offer.technician, best.version).unwrap();
        assert_eq!(diff.added.len(), 1, "seed {seed}: {diff:?}");
        assert_eq!((diff.added[0].job.as_str(), diff.added[0].placed.start), (job.id.as_str(), offer.visit.start));
        assert!(diff.removed.is_empty());
        let verdict = judge(live.problem(), live.travel(), live.plan());
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, live.plan().bill, "seed {seed}");
        let moved = verdict.bill.moved;
        assert_eq!(moved, Cost::ZERO, "what was accepted is the promise now");
        assert_eq!(live.plan().bill.total(), before + offer.added.total() - offer.added.moved, "seed {seed}");
        assert!(matches!(live.problem().travel, TravelSource::Matrices(_)));
        assert_eq!(
            live.accept(ticket, offer.technician, best.version).unwrap_err().to_string(),
            "the plan is at version 2 by now"
        );
        accepted += 1;
    }
    assert!(accepted > 20, "{accepted}");
}
