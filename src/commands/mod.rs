//! The subcommands, one file each, and what several of them share.

mod bench;
mod bench_more;
mod bench_planted;
mod bench_table;
mod check;
mod convert;
mod demo;
mod import_osm;
mod keys;
mod matrix;
mod schema;
mod serve;
mod solve;
mod validate;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::output;
use clap::Subcommand;
use dispatch_data::judge::{self, Verdict};
use dispatch_data::lang::Lang;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::say;
use dispatch_data::travel::Travel;

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Solve(solve::Solve),
    Check(check::Check),
    Validate(validate::Validate),
    ImportOsm(import_osm::ImportOsm),
    Matrix(matrix::Matrix),
    Convert(convert::Convert),
    Schema(schema::Schema),
    Serve(serve::Serve),
    Worker(serve::Worker),
    Keys(keys::Keys),
    Bench(bench::Bench),
    BenchMore(bench_more::BenchMore),
    BenchPlanted(bench_planted::BenchPlanted),
    BenchTable(bench_table::BenchTable),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, clock: Clock, json: bool, lang: Lang) -> Result<(), Failure> {
        match self {
            Self::Demo(command) => command.run(clock, lang),
            Self::Solve(command) => command.run(json, lang),
            Self::Check(command) => command.run(json, lang),
            Self::Validate(command) => command.run(json, lang),
            Self::ImportOsm(command) => command.run(clock, lang),
            Self::Matrix(command) => command.run(),
            Self::Convert(command) => command.run(lang),
            Self::Schema(command) => command.run(lang),
            Self::Serve(command) => command.run(clock, lang),
            Self::Worker(command) => command.run(clock, lang),
            Self::Keys(command) => command.run(lang),
            Self::Bench(command) => command.run(clock, lang),
            Self::BenchMore(command) => command.run(lang),
            Self::BenchPlanted(command) => command.run(lang),
            Self::BenchTable(command) => command.run(lang),
        }
    }
}

/// The judge's verdict on a plan that this program made. A plan that breaks a rule, or that does
/// not cost what it says, is a mistake of the program: it is printed and never handed out.
pub(crate) fn judged(problem: &Problem, travel: &Travel, plan: &Plan, lang: Lang) -> Result<Verdict, Failure> {
    let verdict = judge::judge(problem, travel, plan);
    if verdict.is_clean() && verdict.claimed_bill_matches {
        return Ok(verdict);
    }
    let mistake = say!("dispatch: the plan it made does not pass its own judge; this is a mistake of the program");
    output::warn(mistake.in_lang(lang));
    for violation in &verdict.violations {
        output::warn(format!("  {}", violation.describe(problem, lang)));
    }
    if !verdict.claimed_bill_matches {
        let bill = say!("bill: claimed {}, reckoned {}", plan.bill.total(), verdict.bill.total());
        output::warn(format!("  {}", bill.in_lang(lang)));
    }
    Err(Failure::Violated)
}

/// Seconds on the command line: a number above 0, at most a week.
pub(crate) fn seconds(text: &str) -> Result<f64, String> {
    const MOST: f64 = 7.0 * 86_400.0;
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MOST => Ok(seconds),
        _ => Err(format!("a number of seconds above 0 and at most {MOST}")),
    }
}
