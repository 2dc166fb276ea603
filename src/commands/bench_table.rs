//! `dispatch bench-table`: quality over sets, seeds and limits, as CSV and Markdown.
//!
//! Instances are solved in this process, one after the other, so that none takes another's cores.

use crate::failure::Failure;
use crate::quality::{self, Instance, Row, Task};
use crate::{interrupt, output, search, write};
use clap::Args;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Lang, value};
use dispatch_data::say;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// The environment's word for the collection, where the call has none.
pub(super) const COLLECTION: &str = "DISPATCH_BENCH";
/// What a quick table may take.
const QUICK_MINUTES: f64 = 15.0;

/// Solve many instances of the literature and tell how far from the best known values they end.
///
/// Writes every run to quality.csv and the means by set, group and instance to quality.md. An answer
/// counts only if the judge finds it clean. Ctrl-C keeps what is done. Exit code 1 where an answer is
/// not feasible.
#[derive(Args)]
pub(crate) struct BenchTable {
    /// The collection: a folder with folders such as solomon, trsp, sdvrptw [default: $DISPATCH_BENCH].
    #[arg(long, value_name = "DIR")]
    bench: Option<PathBuf>,
    /// Folder for the tables; it is made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "quality")]
    out: PathBuf,
    /// Seconds for each run, reading included; several give a table each [default: 10].
    #[arg(long, value_parser = super::seconds, value_delimiter = ',', conflicts_with = "iterations")]
    seconds: Vec<f64>,
    /// Iterations for each run instead; the same values on any machine and any number of threads.
    #[arg(long, value_delimiter = ',')]
    iterations: Vec<u64>,
    /// Seeds, a run each.
    #[arg(long, value_delimiter = ',', default_value = "1")]
    seeds: Vec<u64>,
    /// Threads that search [default: the machine's cores].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Only instances with this in SET/NAME, such as trsp/RC or solomon/; may be given several times.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// A quarter of an hour at most: of each group one instance that has a best known value.
    #[arg(long)]
    quick: bool,
}

impl BenchTable {
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let Self { bench, out, seconds, iterations, seeds, threads, only, quick } = self;
        let collection = bench.or_else(|| std::env::var_os(COLLECTION).map(PathBuf::from)).ok_or_else(|| {
            let expected = say!("a collection of benchmark instances, by --bench or DISPATCH_BENCH");
            Failure::input("bench-table", vec![Finding::new("--bench", Code::MissingKey, expected, say!("none"))])
        })?;
        let all = quality::find(&collection)?;
        let chosen = chosen(&all, &only, quick);
        if chosen.is_empty() {
            let expected = say!("an instance with one of these in its name");
            let finding = Finding::new("--only", Code::UnknownReference, expected, value(only.join(", ")));
            return Err(Failure::input("bench-table", vec![finding]));
        }
        let tasks = tasks(seconds, iterations);
        let runs = chosen.len() * seeds.len() * tasks.len();
        announce(&tasks, chosen.len() * seeds.len(), runs, quick, lang)?;
        write::folder(&out)?;
        let cancel = interrupt::flag()?;
        let threads = threads.map_or_else(search::cores, usize::from);

        let mut rows: Vec<Row<'_>> = Vec::with_capacity(runs);
        'all: for task in &tasks {
            for instance in &chosen {
                for seed in &seeds {
                    let run = quality::run(instance, *task, threads, *seed, &cancel)?;
                    // A run cut short is no measurement.
                    if cancel.load(Ordering::Relaxed) {
                        output::warn(say!("stopped: the tables hold what was done").in_lang(lang));
                        break 'all;
                    }
                    rows.push(Row { instance, task: *task, seed: *seed, run });
                    progress(&rows, runs, lang);
                }
            }
        }
        let terms = format!(
            "dispatch {}, {threads} threads, seeds {}.",
            env!("CARGO_PKG_VERSION"),
            seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        );
        let (plain, tables) = (out.join("quality.csv"), out.join("quality.md"));
        write::text(&plain, &quality::csv(&rows))?;
        let text = quality::markdown(&rows, &terms);
        write::text(&tables, &text)?;
        output::say(text.trim_end());
        for path in [plain, tables] {
            output::say(say!("written: {}", path.display()).in_lang(lang));
        }
        if rows.iter().all(|row| row.run.feasible) { Ok(()) } else { Err(Failure::Violated) }
    }
}

/// What each run is given.
fn tasks(seconds: Vec<f64>, iterations: Vec<u64>) -> Vec<Task> {
    if seconds.is_empty() && iterations.is_empty() {
        return vec![Task::Seconds(10.0)];
    }
    seconds.into_iter().map(Task::Seconds).chain(iterations.into_iter().map(Task::Iterations)).collect()
}

/// The instances that are meant. A quick table takes of each group the one in the middle by name.
pub(super) fn chosen<'i>(all: &'i [Instance], only: &[String], quick: bool) -> Vec<&'i Instance> {
    let meant = |instance: &&Instance| {
        let name = format!("{}/{}", instance.set, instance.name);
        only.is_empty() || only.iter().any(|text| name.contains(text.as_str()))
    };
    let meant: Vec<&Instance> = all.iter().filter(meant).collect();
    if !quick {
        return meant;
    }
    let mut groups: HashMap<(&str, &str), Vec<&Instance>> = HashMap::new();
    for instance in meant.into_iter().filter(|instance| instance.best.is_some()) {
        groups.entry((instance.set, &instance.group)).or_default().push(instance);
    }
    let middle = |group: &Vec<&'i Instance>| group.get(group.len() / 2).copied();
    let mut picked: Vec<&Instance> = groups.values().filter_map(middle).collect();
    let place = |instance: &Instance| quality::SETS.iter().position(|set| set.name == instance.set);
    picked.sort_by(|one, other| (place(one), &one.group).cmp(&(place(other), &other.group)));
    picked
}

/// Says how long it will take, and refuses a quick table that is not.
fn announce(tasks: &[Task], each: usize, runs: usize, quick: bool, lang: Lang) -> Result<(), Failure> {
    let seconds = tasks.iter().map(|task| match task {
        Task::Seconds(seconds) => Some(*seconds),
        Task::Iterations(_) => None,
    });
    let Some(seconds) = seconds.sum::<Option<f64>>() else {
        output::warn(say!("{} runs", runs).in_lang(lang));
        return Ok(());
    };
    let minutes = seconds * each as f64 / 60.0;
    if quick && minutes > QUICK_MINUTES {
        let (expected, got) = (say!("at most {} min in all", QUICK_MINUTES), say!("{} min", minutes.ceil()));
        let finding = Finding::new("--quick", Code::OutOfRange, expected, got);
        return Err(Failure::input("bench-table", vec![finding]));
    }
    output::warn(say!("{} runs, at most {} min", runs, minutes.ceil()).in_lang(lang));
    Ok(())
}

/// One line for the run that was done last.
fn progress(rows: &[Row<'_>], runs: usize, lang: Lang) {
    let Some(last) = rows.last() else { return };
    let name = format!("{}/{}", last.instance.set, last.instance.name);
    let gap = last.gap().map(|gap| format!(" ({gap:+.2} %)")).unwrap_or_default();
    let what = format!("{name} #{}: {:.2}{gap}", last.seed, last.run.value);
    output::warn(say!("{} of {}: {}", rows.len(), runs, what).in_lang(lang));
    if !last.run.feasible {
        output::warn(say!("{}: not feasible", name).in_lang(lang));
    }
}
