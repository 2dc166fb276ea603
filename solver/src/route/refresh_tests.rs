//! Summaries brought in line with what has changed, against summaries made anew from nothing.

use super::Route;
use crate::construct::construct;
use crate::insertion::{Finder, limit};
use crate::instance::{Grade, Instance};
use crate::solution::Solution;
use crate::tests::random_day::{Size, frozen_day, random_day, rng};
use dispatch_data::ids::JobIx;
use dispatch_data::problem::{PaidFrom, Problem, Sla};
use dispatch_data::travel::Travel;
use dispatch_data::units::{Duration, Rate};
use rand::RngExt;

/// All that [`Route::resume`] makes.
fn summaries(route: &Route) -> String {
    let Route {
        shift: _,
        version: _,
        stops,
        known,
        supply: _,
        bill,
        cost,
        first_collection,
        visits,
        load,
        travel,
        distance,
        duration,
        busy,
        waited,
        spots,
        gaps,
        early,
        late,
        days,
    } = route;
    format!(
        "{stops:?} {known:?} {bill:?} {cost:?} {first_collection:?} {visits} {load:?} {travel:?} {distance:?} \
         {duration:?} {busy:?} {waited:?} {spots:?} {gaps:?} {early:?} {late:?} {days:?}"
    )
}

/// A day whose price hangs on nothing but how long it takes; half of the shifts with a limit to that.
fn day_of_spans(seed: u64, size: Size) -> (Problem, Travel) {
    let (problem, travel) = random_day(seed, size);
    let mut draft = problem.into_draft();
    for job in &mut draft.jobs {
        job.sla = Sla::default();
        job.end_windows.clear();
        job.windows.truncate(1);
    }
    for (at, shift) in draft.shifts.iter_mut().enumerate() {
        shift.breaks.clear();
        shift.max_duration = (at % 2 == 0).then(|| Duration::hours(7));
    }
    for technician in &mut draft.technicians {
        technician.prices.overtime = Rate(0);
        technician.prices.work = Rate(3_000);
    }
    draft.objective.paid_from = PaidFrom::LatestDeparture;
    (draft.check().unwrap_or_else(|findings| panic!("seed {seed}: {findings:?}")), travel)
}

#[test]
fn what_is_laid_anew_only_where_it_differs_is_as_if_it_were_laid_from_nothing() {
    let mut compared = [0; 3];
    for seed in 0..60 {
        let size = Size { jobs: 24, technicians: 4 };
        let (problem, travel) = match seed % 4 {
            0 => random_day(seed, size),
            1 => frozen_day(seed, size),
            _ => day_of_spans(seed, size),
        };
        let instance = Instance::new(&problem, &travel);
        let mut solution = construct(&instance, None, &|| false);
        let (mut finder, mut rng) = (Finder::default(), rng(seed));
        for step in 0..40 {
            solution.begin();
            let one = JobIx(rng.random_range(0..instance.jobs as u32));
            let near = instance.neighbours[one.index()].iter().take(rng.random_range(0..6));
            let removed: Vec<JobIx> = std::iter::once(one).chain(near.copied()).collect();
            solution.remove(&removed);
            for job in solution.absent().to_vec() {
                if let Some(found) = finder.best(&solution, job, limit(&instance, job), || rng.random_bool(0.2)) {
                    solution.insert(job, found);
                }
            }
            compare(&solution, &mut compared, &format!("seed {seed}, step {step}"));
            if rng.random_bool(0.3) {
                solution.undo();
                compare(&solution, &mut compared, &format!("seed {seed}, step {step} undone"));
            }
        }
    }
    assert!(compared.iter().all(|routes| *routes > 300), "too few routes of some grade: {compared:?}");
}

fn compare(solution: &Solution<'_>, compared: &mut [usize; 3], when: &str) {
    let instance = solution.instance;
    for route in solution.routes.iter().filter(|route| !route.is_empty()) {
        let mut anew = route.clone();
        assert!(anew.refresh(instance), "{when}");
        assert_eq!(summaries(route), summaries(&anew), "{when}");
        compared[match instance.shift(route.shift).grade {
            Grade::Flat => 0,
            Grade::Span => 1,
            Grade::Walk => 2,
        }] += 1;
    }
}
