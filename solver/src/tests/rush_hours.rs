//! Random days with rush hours, and travel that is worked out when asked for.

use super::random_day::{Rng, Size, random_day, rng};
use crate::{Params, Stop, solve};
use dispatch_data::ids::ProfileIx;
use dispatch_data::judge::judge;
use dispatch_data::plan::Plan;
use dispatch_data::problem::{PaidFrom, Problem};
use dispatch_data::testing::Asked;
use dispatch_data::travel::{HourlyMatrices, HourlySpeed, Hours, Leg, Travel, TravelMatrix};
use dispatch_data::units::{Duration, Permille};
use rand::RngExt;
use std::sync::Arc;

/// The same travel with random rush hours: as speeds, or as matrices in which every leg has a pace of
/// its own.
fn with_rush(travel: &Travel, rng: &mut Rng) -> Travel {
    let plain = travel.matrix(ProfileIx(0)).clone();
    let horizon_starts_at = Duration(rng.random_range(0..86_400));
    let hours = if rng.random_range(0..3) == 0 {
        let share = [(); 24].map(|()| Permille(rng.random_range(300..1500)));
        Hours::Speed(HourlySpeed { share, horizon_starts_at })
    } else {
        let mut matrix = || {
            let legs = plain.legs().map(|leg| {
                let leg = leg.at_speed(Permille(rng.random_range(350..1600)));
                Leg { meters: leg.meters + leg.seconds % 50, ..leg }
            });
            TravelMatrix::new(plain.size(), legs.collect()).unwrap()
        };
        let matrices = vec![matrix(), matrix()];
        let of_hour = [(); 24].map(|()| [None, Some(0), Some(1)][rng.random_range(0..3)]);
        Hours::Matrices(HourlyMatrices { matrices, of_hour, horizon_starts_at })
    };
    Travel::with_hours(vec![(plain, Some(hours))])
}

fn solved(seed: u64, problem: &Problem, travel: &Travel, iterations: u64) -> Plan {
    let params = Params { seed, islands: 1, ..Params::default() };
    let plan = solve(problem, travel, &params, &Stop::iterations(iterations)).plan;
    let verdict = judge(problem, travel, &plan);
    let broken: Vec<String> =
        verdict.violations.iter().map(|v| v.describe(problem, dispatch_data::lang::Lang::En)).collect();
    assert!(broken.is_empty(), "seed {seed}: {broken:#?}\n{plan:#?}");
    assert_eq!(verdict.bill, plan.bill, "seed {seed}\n{plan:#?}");
    plan
}

#[test]
fn plans_of_days_with_rush_hours_are_clean_and_honestly_priced() {
    let mut driven_late = 0;
    for seed in 0..300 {
        let (problem, travel) = random_day(seed, Size { jobs: 8, technicians: 3 });
        let travel = with_rush(&travel, &mut rng(seed ^ 0xbea7));
        let plan = solved(seed, &problem, &travel, 40);
        driven_late +=
            plan.routes.iter().filter(|route| route.stops[0].departure > problem.shift(route.shift).start).count();
    }
    assert!(driven_late > 50, "only {driven_late} technicians leave later than their shift starts");
    for seed in 1000..1010 {
        let (problem, travel) = random_day(seed, Size { jobs: 30, technicians: 6 });
        solved(seed, &problem, &with_rush(&travel, &mut rng(seed)), 100);
    }
}

/// Hours that are all alike are none: the departure found by trying is at least as late as the one that
/// two running sums give, which leave every break on its leg.
#[test]
fn equal_hours_make_no_day_dearer_than_no_hours() {
    let (mut compared, mut equal) = (0, 0);
    for seed in 2000..2060 {
        let (problem, travel) = random_day(seed, Size { jobs: 6, technicians: 2 });
        let mut draft = problem.into_draft();
        draft.objective.paid_from = PaidFrom::LatestDeparture;
        let Ok(problem) = draft.check() else { continue };
        let alike = HourlySpeed { share: [Permille::ONE; 24], horizon_starts_at: Duration::ZERO };
        let matrix = travel.matrix(ProfileIx(0)).clone();
        let alike = Travel::with_hours(vec![(matrix, Some(Hours::Speed(alike)))]);
        let (with, without) = (solved(seed, &problem, &alike, 150), solved(seed, &problem, &travel, 150));
        for route in &with.routes {
            let same = without.routes.iter().find(|other| {
                let ids = |plan: &dispatch_data::plan::PlannedRoute| -> Vec<_> {
                    plan.stops.iter().map(|stop| stop.activity.clone()).collect()
                };
                other.shift == route.shift && ids(other) == ids(route)
            });
            if let Some(other) = same {
                let (found, summed) = (route.bill.total(), other.bill.total());
                assert!(found <= summed, "seed {seed}: {route:#?}\n{other:#?}");
                compared += 1;
                equal += usize::from(found == summed);
            }
        }
    }
    assert!(compared > 40 && equal * 10 > compared * 8, "{equal} of {compared} days cost the same");
}

#[test]
fn travel_on_demand_gives_the_plan_of_the_same_travel_in_a_table() {
    for seed in 3000..3040 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 3 });
        let mut on_demand = TravelMatrix::on_demand(Arc::new(Asked(travel.matrix(ProfileIx(0)).clone())));
        assert_eq!(on_demand, *travel.matrix(ProfileIx(0)));
        let dense = solved(seed, &problem, &travel, 60);
        for hours in
            [None, Some(Hours::Speed(HourlySpeed { share: [Permille::ONE; 24], horizon_starts_at: Duration(0) }))]
        {
            let plain = hours.is_none();
            let asked = Travel::with_hours(vec![(on_demand.clone(), hours)]);
            let plan = solved(seed, &problem, &asked, 60);
            if plain {
                assert_eq!(plan.routes, dense.routes, "seed {seed}");
            }
        }
        on_demand = on_demand.changed(|_, _, leg| leg.at_speed(Permille(500)), 500);
        assert_eq!(on_demand, travel.matrix(ProfileIx(0)).changed(|_, _, leg| leg.at_speed(Permille(500)), 500));
    }
}
