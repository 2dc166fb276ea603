//! `dispatch bench-more`: what more threads, more time and a plan to begin from do to the price.
//!
//! A search that is given more should end no dearer on the mean, and one that begins from an accepted plan
//! never dearer than it. Each instance is its own yardstick, so no best known values are needed.

use super::bench_table::{COLLECTION, chosen};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::planted::planted;
use crate::quality;
use crate::search::{self, Effort, Limit};
use crate::{input, interrupt, output};
use clap::Args;
use dispatch_data::import;
use dispatch_data::lang::Lang;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::say;
use dispatch_data::travel::Travel;
use dispatch_data::units::Cost;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

/// What more time is, in multiples of the limit.
const LONGER: u32 = 4;
/// What a search from an accepted plan gets, as a share of the limit.
const WARM: f64 = 0.1;

/// Solve with one thread, with several, four times as long, and a tenth as long from the first answer.
///
/// Rows tell by how many per cent the price lies above that of the plain run, the mean over the seeds; below
/// zero is cheaper. Days planted around a known plan need no files; of a collection one instance of each group
/// joins them. Exit code 1 where a search ends dearer than the plan it began from.
#[derive(Args)]
pub(crate) struct BenchMore {
    /// A collection of benchmark instances [default: $DISPATCH_BENCH, or none].
    #[arg(long, value_name = "DIR")]
    bench: Option<PathBuf>,
    /// Of the collection, only instances with this in SET/NAME; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Planted days of so many jobs.
    #[arg(long, value_delimiter = ',', default_value = "50,100", value_parser = clap::value_parser!(u32).range(1..=5_000))]
    planted: Vec<u32>,
    /// Seconds of the plain run.
    #[arg(long, value_parser = super::seconds, default_value = "2", conflicts_with = "iterations")]
    seconds: f64,
    /// Iterations of the plain run instead; the same prices on any machine, and on any number of threads.
    #[arg(long)]
    iterations: Option<u64>,
    /// Seeds, a row's mean is over all of them.
    #[arg(long, value_delimiter = ',', default_value = "1,2,3")]
    seeds: Vec<u64>,
    /// Threads where there are several [default: the machine's cores].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Something to solve.
struct Case {
    name: String,
    problem: Problem,
    travel: Travel,
}

/// By how many per cent of the plain run's price others lie above it.
#[derive(Clone, Copy, Default)]
struct More {
    threads: f64,
    time: f64,
    warm: f64,
}

impl BenchMore {
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let threads = self.threads.map_or_else(search::cores, usize::from);
        search::keep_to(threads);
        let cancel = interrupt::flag()?;
        let cases = self.cases()?;
        output::say(format!(
            "| instance | plain | {threads} threads % | {LONGER} times as long % | from that plan % | of these dearer |"
        ));
        output::say("|---|---|---|---|---|---|");
        let (mut rows, mut all) = (Vec::with_capacity(cases.len()), 0);
        for case in &cases {
            let (mut plain, mut dearer, mut runs) = (0.0, 0, Vec::with_capacity(self.seeds.len()));
            for seed in &self.seeds {
                let Some((price, more)) = self.compare(case, *seed, threads, &cancel, lang)? else {
                    output::warn(say!("stopped: the tables hold what was done").in_lang(lang));
                    return Ok(());
                };
                plain += price.0 as f64 / 100.0 / self.seeds.len() as f64;
                dearer += usize::from(more.warm > 0.0);
                runs.push(more);
            }
            let mean = More::mean(&runs);
            output::say(format!("| {} | {plain:.2} | {} | {dearer} |", case.name, mean.cells()));
            rows.push(mean);
            all += dearer;
        }
        output::say(format!("| **mean of {}** | | {} | {all} |", rows.len(), More::mean(&rows).cells()));
        if all == 0 { Ok(()) } else { Err(Failure::Violated) }
    }

    fn cases(&self) -> Result<Vec<Case>, Failure> {
        let mut cases = Vec::new();
        for jobs in &self.planted {
            let day = planted(u64::from(*jobs), *jobs as usize).map_err(|found| Failure::input("bench-more", found))?;
            cases.push(Case { name: day.problem.name.clone(), problem: day.problem, travel: day.travel });
        }
        let Some(collection) = self.bench.clone().or_else(|| std::env::var_os(COLLECTION).map(PathBuf::from)) else {
            return Ok(cases);
        };
        let all = quality::find(&collection)?;
        for instance in chosen(&all, &self.only, true) {
            let wrong = |found| Failure::input(input::name(&instance.path), found);
            let imported = import::import(instance.format, &input::text(&instance.path)?).map_err(wrong)?;
            input::solvable(&instance.path, &imported.problem)?;
            let name = format!("{}/{}", instance.set, instance.name);
            cases.push(Case { name, problem: imported.problem, travel: imported.travel });
        }
        Ok(cases)
    }

    /// The plain run's price and what the others come to beside it; `None` where the call was cut short.
    fn compare(
        &self,
        case: &Case,
        seed: u64,
        threads: usize,
        cancel: &AtomicBool,
        lang: Lang,
    ) -> Result<Option<(Cost, More)>, Failure> {
        let solve = |problem: &Problem, times: f64, threads: usize| -> Result<Plan, Failure> {
            let limit = match self.iterations {
                Some(iterations) => Limit::Iterations((iterations as f64 * times) as u64),
                None => Limit::Seconds(Clock::start(), self.seconds * times),
            };
            let effort = Effort { limit, threads, seed, explains: false };
            let plan = effort.search(problem, &case.travel, None, Some(cancel)).plan;
            super::judged(problem, &case.travel, &plan, lang)?;
            Ok(plan)
        };
        let plain = solve(&case.problem, 1.0, 1)?;
        let price = plain.bill.total();
        let side_by_side = solve(&case.problem, 1.0, threads)?.bill.total();
        let longer = solve(&case.problem, f64::from(LONGER), 1)?.bill.total();
        let begun = case.problem.clone().with_current(plain).map_err(|found| Failure::input(&case.name, found))?;
        let warm = solve(&begun, WARM, 1)?.bill.total();
        if cancel.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let above = |other: Cost| if price.0 == 0 { 0.0 } else { (other - price).0 as f64 / price.0 as f64 * 100.0 };
        Ok(Some((price, More { threads: above(side_by_side), time: above(longer), warm: above(warm) })))
    }
}

impl More {
    fn mean(all: &[Self]) -> Self {
        let count = all.len().max(1) as f64;
        all.iter().fold(Self::default(), |sum, more| Self {
            threads: sum.threads + more.threads / count,
            time: sum.time + more.time / count,
            warm: sum.warm + more.warm / count,
        })
    }

    fn cells(&self) -> String {
        let Self { threads, time, warm } = self;
        format!("{threads:+.2} | {time:+.2} | {warm:+.2}")
    }
}
