//! Days built around a plan that is proven to be the cheapest: stores with finite lots and deliveries,
//! priced promises, windows, skills, paid time and kilometres. No search here.
//!
//! # Why no plan is cheaper
//!
//! Every place has a *reach*, in seconds, and no way between two places, by whichever streets, is shorter
//! than the reaches of both ends together: the streets are drawn so ([`town`]), and [`Planted::is_cheapest`]
//! looks at every pair of the finished table. Time is paid from departure to return and metres are ten for each
//! second, so a plan costs at least its work, its collections and its road. Leaving a job out costs more than
//! the whole planted plan; a cheaper plan would thus serve every job, and then
//!
//! - it comes to each job and leaves it again: twice the reach of every job, and the work of all of them;
//! - each technician leaves home and returns, because there is a job that nobody else may do: twice the
//!   reach of every home;
//! - each technician is at some store at least once, because that job takes a part that the van does not
//!   hold: for each technician twice the reach of a store and one collection; all stores have the same reach
//!   and collect as long.
//!
//! These are disjoint halves of legs, so the road is no shorter than their sum. The planted plan drives
//! just that, collects once for each technician, waits nowhere and is late nowhere: nothing is cheaper. Lots,
//! windows and promises only forbid plans, or make them dearer.
//!
//! # What makes the days fair
//!
//! Streets beside the planted ones are up to a quarter longer than the reaches ask for, now and then two fifths, so there are many plans a
//! little dearer; routes are of much the same length; lots and vans hold a fifth more than the planted
//! plan takes; promises, windows and shifts leave half an hour and more.

mod day;
mod numbers;
mod stock;
mod town;

#[cfg(test)]
mod tests;

use crate::planted::numbers::Numbers;
use crate::planted::town::Town;
use dispatch_data::finding::Finding;
use dispatch_data::ids::{PlaceIx, ProfileIx, TechIx};
use dispatch_data::judge::judge;
use dispatch_data::place::Place;
use dispatch_data::plan::Plan;
use dispatch_data::problem::{Draft, Horizon, Job, Problem, Site, Technician, TravelSource};
use dispatch_data::travel::Travel;
use dispatch_data::units::{Cost, DistanceRate, Duration, Rate};

/// Jobs for each technician on the mean.
pub(crate) const JOBS_EACH: usize = 10;
/// Technicians for each store, as near as it comes; there are two stores at least.
const TECHNICIANS_EACH: usize = 6;
const FEWEST_STORES: usize = 2;
const SKILLS: u32 = 4;
const PARTS: u32 = 3;
/// How long one collection takes.
const COLLECTION: Duration = Duration::minutes(5);
/// A cent a second, and half a cent for ten metres: an even second on the road costs whole cents, so nothing
/// is rounded.
const PAID: Rate = Rate(3_600);
const ROAD: DistanceRate = DistanceRate(50);
const METERS_A_SECOND: u32 = 10;

/// A day with its cheapest plan.
pub(crate) struct Planted {
    pub(crate) problem: Problem,
    pub(crate) travel: Travel,
    /// Judged: it keeps every rule.
    pub(crate) plan: Plan,
    /// By place: what a way to it and a way from it take at least, in seconds each.
    reach: Vec<u32>,
}

impl Planted {
    /// Whether nothing is cheaper than the plan, by each step of the proof above.
    pub(crate) fn is_cheapest(&self) -> bool {
        let Self { problem, travel, plan, reach } = self;
        let matrix = travel.matrix(ProfileIx(0));
        let no_way_is_shorter = (0..matrix.size()).all(|from| {
            (0..matrix.size()).filter(|to| from != *to).all(|to| {
                let leg = matrix.leg(PlaceIx::from(from), PlaceIx::from(to));
                leg.seconds >= reach[from] + reach[to] && leg.meters == leg.seconds * METERS_A_SECOND
            })
        });
        let all_must_go = (0..problem.technicians.len()).all(|technician| self.must_collect(TechIx::from(technician)));
        no_way_is_shorter && all_must_go && self.least() == plan.bill.total() && self.dropping_is_dearer()
    }

    /// A job that nobody else may do takes a part that the van does not hold.
    fn must_collect(&self, technician: TechIx) -> bool {
        let Technician { stock, shifts, .. } = self.problem.technician(technician);
        let own = |job: &&Job| job.required_technicians.as_deref() == Some(&[technician]);
        let lacks = |job: &Job| job.parts.iter().any(|need| stock.iter().all(|(part, _)| *part != need.part));
        shifts.1.0 == shifts.0.0 + 1 && self.problem.jobs.iter().filter(own).any(lacks)
    }

    fn dropping_is_dearer(&self) -> bool {
        self.problem.jobs.iter().all(|job| job.unassigned_price > self.plan.bill.total())
    }

    /// What every plan that serves all jobs costs at least, in cents.
    fn least(&self) -> Cost {
        let Self { problem, reach, .. } = self;
        let of = |place: PlaceIx| 2 * i64::from(reach[place.index()]);
        let jobs: i64 = problem.jobs.iter().map(|job| of(job.place)).sum();
        let homes: i64 = problem.shifts.iter().map(|shift| of(shift.start_place)).sum();
        // The cheapest store for everyone.
        let store = problem.sites.iter().map(|site| of(site.place)).min().unwrap_or(0);
        let collection = problem.sites.iter().map(|site| site.collection.0).min().unwrap_or(0);
        let everyone = problem.technicians.len() as i64;
        let road = Duration(jobs + homes + everyone * store);
        let busy: Duration =
            problem.jobs.iter().map(|job| job.work).sum::<Duration>() + Duration(everyone * collection);
        let meters = dispatch_data::units::Meters(road.0 * i64::from(METERS_A_SECOND));
        PAID.times(road + busy) + ROAD.times(meters)
    }
}

/// A day of so many jobs, rounded up to whole tens: ten for each technician on the mean.
///
/// # Errors
/// What is wrong with the day, were a seed to make none: never seen.
pub(crate) fn planted(seed: u64, jobs: usize) -> Result<Planted, Vec<Finding>> {
    let technicians = jobs.div_ceil(JOBS_EACH).max(1);
    let stores = (technicians as f64 / TECHNICIANS_EACH as f64).round() as usize;
    grown(seed, technicians, stores.max(FEWEST_STORES).min(technicians), JOBS_EACH)
}

/// A day for so many technicians around so many stores, with so many jobs each on the mean (an even number).
fn grown(seed: u64, technicians: usize, stores: usize, each: usize) -> Result<Planted, Vec<Finding>> {
    let mut numbers = Numbers(seed);
    let town = Town::drawn(&mut numbers, technicians, stores, each);
    let matrix = town.matrix();
    let horizon =
        Horizon { start: jiff::Timestamp::UNIX_EPOCH, length: Duration::hours(24), zone: jiff::tz::TimeZone::UTC };
    let mut draft = Draft::empty(format!("planted-{}-{seed}", technicians * each), horizon);
    draft.places = (0..town.reach.len())
        .map(|at| Place { id: None, position: None, matrix_index: u32::try_from(at).ok() })
        .collect();
    draft.skills = (0..SKILLS).map(|skill| format!("skill-{skill}")).collect();
    draft.parts = (0..PARTS).map(|part| format!("part-{part}")).collect();
    draft.sites = (0..stores)
        .map(|store| Site {
            id: format!("store-{store}"),
            place: PlaceIx::from(town.store(store)),
            opening: Vec::new(),
            collection: COLLECTION,
            unlimited: false,
            tools: Vec::new(),
        })
        .collect();
    let mut plan = Plan::default();
    for tour in 0..town.tours.len() {
        plan.routes.push(day::route(&town, &matrix, tour, &mut draft, &mut numbers));
    }
    stock::fill(&mut draft, &mut plan, &mut numbers);
    // Above the whole planted plan: its time and road, in whole thousands of currency units.
    let busy: i64 = plan.routes.iter().map(|route| (route.end - route.departure()).0 + route.travel().0).sum();
    let unserved = Cost((busy / 100_000 + 1) * 100_000);
    draft.objective.priority_prices = [unserved; 4];
    draft.jobs.iter_mut().for_each(|job| job.unassigned_price = unserved);
    draft.travel = TravelSource::Matrices(vec![matrix.clone()]);
    let (problem, travel) = (draft.check()?, Travel::new(vec![matrix]));
    plan.travel_fingerprint = travel.fingerprint();
    let verdict = judge(&problem, &travel, &plan);
    for (route, bill) in plan.routes.iter_mut().zip(&verdict.route_bills) {
        route.bill = *bill;
    }
    plan.bill = verdict.bill;
    Ok(Planted { problem, travel, plan, reach: town.reach })
}
