//! `dispatch bench-planted`: days whose cheapest plan is known, and how near the search comes to it.

use crate::clock::Clock;
use crate::failure::Failure;
use crate::planted::{Planted, planted};
use crate::search::{self, Effort, Limit};
use crate::{interrupt, output, write};
use clap::Args;
use dispatch_data::bill::Bill;
use dispatch_data::format;
use dispatch_data::lang::Lang;
use dispatch_data::plan::Plan;
use dispatch_data::say;
use dispatch_data::units::Cost;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Solve days made around a plan that is proven to be the cheapest, and tell the gap to it.
///
/// Stores with finite lots and deliveries, priced promises, windows, skills, paid time and kilometres. The
/// same seed makes the same day. Each row tells how much more the plan found costs than the planted one, and
/// where: on the road, in waiting and collecting, in lateness, in jobs left out.
#[derive(Args)]
pub(crate) struct BenchPlanted {
    /// Jobs of a day, rounded up to whole tens; several give rows each.
    #[arg(long, value_delimiter = ',', default_value = "200", value_parser = clap::value_parser!(u32).range(1..=5_000))]
    jobs: Vec<u32>,
    /// Seeds, a day and a search each.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3")]
    seeds: Vec<u64>,
    /// Seconds for each run.
    #[arg(long, value_parser = super::seconds, default_value = "30", conflicts_with = "iterations")]
    seconds: f64,
    /// Iterations for each run instead; the same plans on any machine.
    #[arg(long)]
    iterations: Option<u64>,
    /// Threads that search [default: the machine's cores].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Folder for each day with its planted and its found plan, as files of the wire format; it is made if
    /// it is not there.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl BenchPlanted {
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let Self { jobs, seeds, seconds, iterations, threads, out } = self;
        let threads = threads.map_or_else(search::cores, usize::from);
        search::keep_to(threads);
        if let Some(folder) = &out {
            write::folder(folder)?;
        }
        let cancel = interrupt::flag()?;
        output::say(
            "| jobs | seed | planted | found | more % | road % | waiting and collecting % | late % | unserved |",
        );
        output::say("|---|---|---|---|---|---|---|---|---|");
        for jobs in jobs {
            let mut rows = Vec::with_capacity(seeds.len());
            for seed in &seeds {
                let day = day(*seed, jobs, lang)?;
                let limit = match iterations {
                    Some(iterations) => Limit::Iterations(iterations),
                    None => Limit::Seconds(Clock::start(), seconds),
                };
                let effort = Effort { limit, threads, seed: *seed, explains: false };
                let found = effort.search(&day.problem, &day.travel, None, Some(&cancel)).plan;
                // A run cut short is no measurement.
                if cancel.load(Ordering::Relaxed) {
                    output::warn(say!("stopped: the tables hold what was done").in_lang(lang));
                    return Ok(());
                }
                super::judged(&day.problem, &day.travel, &found, lang)?;
                if let Some(folder) = &out {
                    let file = |what: &str| folder.join(format!("{}.{what}.json", day.problem.name));
                    write::json(&file("problem"), &format::write_problem(&day.problem))?;
                    write::json(&file("planted"), &format::write_plan_in(&day.problem, &day.plan, lang))?;
                    write::json(&file("found"), &format::write_plan_in(&day.problem, &found, lang))?;
                }
                let row = Row::new(&day.plan, &found);
                let (planted, cost) = (day.plan.bill.total(), found.bill.total());
                output::say(format!("| {} | {seed} | {planted} | {cost} | {} |", day.problem.jobs.len(), row.cells()));
                rows.push(row);
            }
            output::say(format!("| {jobs} | **mean** | | | {} |", Row::mean(&rows).cells()));
        }
        Ok(())
    }
}

/// A day whose plan passes the judge and the proof; anything else is a mistake of the program.
fn day(seed: u64, jobs: u32, lang: Lang) -> Result<Planted, Failure> {
    let day = planted(seed, jobs as usize).map_err(|found| Failure::input("bench-planted", found))?;
    super::judged(&day.problem, &day.travel, &day.plan, lang)?;
    if day.is_cheapest() {
        return Ok(day);
    }
    let mistake = say!("{}: not proven to be the cheapest; this is a mistake of the program", &day.problem.name);
    output::warn(mistake.in_lang(lang));
    Err(Failure::Violated)
}

/// By how many per cent of the planted price a plan is dearer, and where.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Row {
    all: f64,
    road: f64,
    waiting: f64,
    late: f64,
    unserved: f64,
}

impl Row {
    fn new(planted: &Plan, found: &Plan) -> Self {
        let whole = planted.bill.total();
        let share = |cost: Cost| cost.0 as f64 / whole.0 as f64 * 100.0;
        let late = |bill: &Bill| bill.respond_late + bill.arrive_late + bill.resolve_late;
        let more = found.bill - planted.bill;
        // Paid time is road, work, collections and waiting; a kilometre of road costs half of what its time does.
        let road = more.distance * 3;
        Self {
            all: share(more.total()),
            road: share(road),
            waiting: share(more.total() - road - late(&more) - more.unassigned),
            late: share(late(&more)),
            unserved: found.unassigned.len() as f64,
        }
    }

    fn mean(rows: &[Self]) -> Self {
        let of = |field: fn(&Self) -> f64| rows.iter().map(field).sum::<f64>() / rows.len().max(1) as f64;
        Self {
            all: of(|row| row.all),
            road: of(|row| row.road),
            waiting: of(|row| row.waiting),
            late: of(|row| row.late),
            unserved: of(|row| row.unserved),
        }
    }

    fn cells(&self) -> String {
        let Self { all, road, waiting, late, unserved } = self;
        format!("{all:.2} | {road:.2} | {waiting:.2} | {late:.2} | {unserved}")
    }
}
