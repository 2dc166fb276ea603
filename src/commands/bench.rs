//! `dispatch bench`: one instance of the literature, one answer in the file's own words.
//!
//! The limit counts from the start of the process, reading included. No thread but those that
//! search, nothing waits with a time-out, no progress bar: the command may run under a clock that
//! counts CPU time.

use crate::clock::Clock;
use crate::failure::Failure;
use crate::input;
use crate::quality::searching;
use crate::search::{self, Effort, Limit};
use crate::{output, write};
use clap::Args;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::import::{self, Format, Imported};
use dispatch_data::lang::{Lang, value};
use dispatch_data::literature::{self, Evaluation};
use dispatch_data::plan::Plan;
use dispatch_data::say;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Kinds that are read.
const KINDS: [Format; 4] = [Format::Trsp, Format::Vrptw, Format::FieldService, Format::Sdvrptw];
/// Kinds that the literature has and this version does not read.
const LATER: [&str; 5] = ["hhcrsp", "dyn", "cvrp-xxl", "strsp", "verolog"];

/// Solve an instance of the literature and write the answer as its readers expect it.
#[derive(Args)]
pub(crate) struct Bench {
    /// trsp, vrptw, fs or sdvrptw.
    kind: String,
    /// The instance file.
    instance: PathBuf,
    /// Where the answer goes: {"routes": [[…], …], "value": …, "version": "…"}.
    out: PathBuf,
    #[command(flatten)]
    stop: StopArguments,
    /// Threads that search [default: the machine's cores].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Seed of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// So many copies of an fs instance, side by side, as one day.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    copies: Option<u32>,
}

/// Exactly one of the two limits.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct StopArguments {
    /// Stop when this many seconds have passed since the start of the process.
    #[arg(long, value_parser = super::seconds)]
    seconds: Option<f64>,
    /// Stop after this many iterations in all; same seed, same answer on any number of threads.
    #[arg(long)]
    iterations: Option<u64>,
}

impl Bench {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        let Self { kind, instance, out, stop, threads, seed, copies } = self;
        let format = known(&kind)?;
        let threads = threads.map_or_else(search::cores, usize::from);
        search::keep_to(threads);
        write::possible(&out, &[&instance])?;
        let text = input::text(&instance)?;
        let imported = match copies {
            Some(copies) => several(format, &text, copies as usize),
            None => import::import(format, &text),
        };
        let imported = imported.map_err(|found| Failure::input(input::name(&instance), found))?;
        let limit = match (stop.seconds, stop.iterations) {
            (_, Some(iterations)) => Limit::Iterations(iterations),
            (seconds, None) => searching(clock, seconds.unwrap_or_default()),
        };
        input::solvable(&instance, &imported.problem)?;
        let plan = Effort { limit, threads, seed, explains: false }
            .search(&imported.problem, &imported.travel, None, None)
            .plan;
        super::judged(&imported.problem, &imported.travel, &plan, lang)?;
        let measured = measured(&instance, &imported, &plan, lang)?;
        let mut answer = import::answer(&imported, &plan);
        answer["value"] = json!(measured.value);
        answer["version"] = json!(env!("CARGO_PKG_VERSION"));
        write::json(&out, &answer)?;
        if measured.unserved > 0 {
            let unserved = say!("{}: {} not served", input::name(&instance), measured.unserved);
            output::warn(unserved.in_lang(lang));
        }
        Ok(())
    }
}

/// So many copies of a day as one.
fn several(format: Format, text: &str, copies: usize) -> Result<Imported, Vec<Finding>> {
    if format != Format::FieldService {
        return Err(vec![Finding::new(
            "--copies",
            Code::Contradiction,
            say!("an instance of kind fs"),
            value(format.name()),
        )]);
    }
    import::field_service::read(text)?.copies(copies).import()
}

/// The plan in the convention of its set, reckoned apart from the engine's own numbers. A fault is
/// a mistake of the program: it is printed, and no answer is written.
fn measured(instance: &Path, imported: &Imported, plan: &Plan, lang: Lang) -> Result<Evaluation, Failure> {
    let evaluation = literature::evaluate_plan(imported, plan).unwrap_or_default();
    if evaluation.is_feasible() {
        return Ok(evaluation);
    }
    let broken = say!("{}: the answer breaks a rule of its file; no answer is written", input::name(instance));
    output::warn(broken.in_lang(lang));
    for fault in &evaluation.faults {
        output::warn(format!("  {}", fault.text().in_lang(lang)));
    }
    Err(Failure::Violated)
}

/// The format of a kind, or why there is none.
fn known(kind: &str) -> Result<Format, Failure> {
    if LATER.contains(&kind) {
        let finding = Finding::new("KIND", Code::NotSupportedYet, say!("trsp, vrptw, fs or sdvrptw"), value(kind));
        return Err(Failure::input("bench", vec![finding.hint(say!("{} comes later", kind))]));
    }
    KINDS.into_iter().find(|format| format.name() == kind).ok_or_else(|| {
        let finding = Finding::new("KIND", Code::UnknownValue, say!("trsp, vrptw, fs or sdvrptw"), value(kind));
        Failure::input("bench", vec![finding])
    })
}
