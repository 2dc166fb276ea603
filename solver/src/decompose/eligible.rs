//! Jobs that nobody of their part may take go to the nearest part where somebody may.

use crate::decompose::Part;
use crate::decompose::split::Map;
use crate::instance::keeps_out_but;
use dispatch_data::ids::{JobIx, PlaceIx};
use dispatch_data::problem::Problem;
use dispatch_data::rule::Rule;
use dispatch_data::travel::Travel;
use rayon::prelude::*;
use std::collections::HashMap;

/// Kinds of jobs for which all parts are asked at most.
const MOST_KINDS: usize = 2_000;

/// Whether somebody of a part may take a job at all, wherever both are.
fn takes(problem: &Problem, travel: &Travel, part: &Part, job: JobIx) -> bool {
    let shifts = part.technicians.iter().flat_map(|technician| problem.technician(*technician).shift_indices());
    { shifts }.any(|shift| keeps_out_but(problem, travel, shift, job, &[Rule::Clock]).is_none())
}

/// What makes two jobs the same to all technicians.
fn kind(problem: &Problem, job: JobIx) -> String {
    let job = problem.job(job);
    let who = (&job.required_technicians, &job.excluded_technicians, &job.pin);
    format!("{:?}", (&job.skills, job.region, &job.tools, &job.parts, &job.windows, &job.load, who))
}

/// Moves open jobs to where somebody may take them. `anchors`: a place in the midst of each part.
pub(super) fn deal(problem: &Problem, travel: &Travel, map: &Map<'_>, anchors: &[PlaceIx], parts: &mut [Part]) {
    let stay: Vec<Vec<bool>> =
        parts.par_iter().map(|part| part.open.iter().map(|job| takes(problem, travel, part, *job)).collect()).collect();
    let mut homeless: Vec<(JobIx, usize)> = Vec::new();
    for (at, (part, stay)) in parts.iter_mut().zip(stay).enumerate() {
        let mut stay = stay.into_iter();
        part.open.retain(|job| {
            let stays = stay.next().unwrap_or(true);
            if !stays {
                homeless.push((*job, at));
            }
            stays
        });
    }
    let mut kinds: HashMap<String, Vec<usize>> = HashMap::new();
    for (job, from) in homeless {
        let key = kind(problem, job);
        let known = kinds.len() < MOST_KINDS || kinds.contains_key(&key);
        let home = known.then(|| {
            let takers = kinds.entry(key).or_insert_with(|| {
                (0..parts.len()).into_par_iter().filter(|at| takes(problem, travel, &parts[*at], job)).collect()
            });
            let place = problem.job(job).place;
            let far = |at: &usize| (map.distance(place, anchors[*at]), *at);
            takers.iter().copied().min_by_key(far)
        });
        parts[home.flatten().unwrap_or(from)].open.push(job);
    }
    for part in parts {
        part.open.sort_unstable();
    }
}
