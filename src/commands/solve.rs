//! `dispatch solve`: a problem in, a judged plan out.

use super::judged;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::output;
use crate::picture::picture;
use crate::progress::Bar;
use crate::report::{self, Lang};
use crate::roads::{Given, World};
use crate::search::{self, Effort, Limit};
use crate::{input, interrupt, write};
use clap::Args;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::{export, format, say};
use std::path::{Path, PathBuf};

/// Make a plan for a problem, judge it, print it, write it.
///
/// Ctrl-C stops the search and keeps the best plan so far.
#[derive(Args)]
pub(crate) struct Solve {
    /// The problem, in the wire format.
    problem: PathBuf,
    #[command(flatten)]
    roads: Given,
    #[command(flatten)]
    effort: EffortArguments,
    #[command(flatten)]
    files: Files,
}

/// How much work the search is given.
#[derive(Args)]
pub(crate) struct EffortArguments {
    /// Search for this many seconds [default: 10].
    #[arg(long, value_parser = super::seconds, conflicts_with = "iterations")]
    seconds: Option<f64>,
    /// Search for this many iterations instead: same seed, same plan on any number of threads.
    #[arg(long)]
    iterations: Option<u64>,
    /// Threads that search [default: the machine's cores].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Seed of all randomness.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl EffortArguments {
    /// The effort, its time counted from now.
    pub(crate) fn starting_now(&self, default_seconds: f64) -> Effort {
        let limit = match self.iterations {
            Some(total) => Limit::Iterations(total),
            None => Limit::Seconds(Clock::start(), self.seconds.unwrap_or(default_seconds)),
        };
        Effort { limit, threads: self.threads.map_or_else(search::cores, usize::from), seed: self.seed, explains: true }
    }
}

/// Files to leave behind. Folders they lie in must be there.
#[derive(Args, Default)]
pub(crate) struct Files {
    /// Write the plan in the wire format.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write routes and stops as GeoJSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) geojson: Option<PathBuf>,
    /// Write a picture with map and timeline.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Write all stops as a table.
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    /// Write one calendar per technician into this folder; it is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) ics: Option<PathBuf>,
    /// Write what each site has to lay out, as text.
    #[arg(long, value_name = "FILE")]
    pub(crate) picks: Option<PathBuf>,
}

impl Solve {
    pub(crate) fn run(self, json: bool, lang: Lang) -> Result<(), Failure> {
        let Self { problem: source, roads, effort, files } = self;
        let cancel = interrupt::flag()?;
        let problem = input::problem(&source)?;
        input::solvable(&source, &problem)?;
        let read: Vec<&Path> = std::iter::once(source.as_path()).chain(roads.files()).collect();
        files.possible(&read)?;
        let world = World::of(&problem, &source, &roads)?;
        let bar = Bar::on_terminal(lang);
        let outcome = effort.starting_now(10.0).search(&problem, &world.travel, bar.as_ref(), Some(&*cancel));
        if let Some(bar) = bar {
            bar.clear();
        }
        let plan = outcome.plan;
        let verdict = judged(&problem, &world.travel, &plan, lang)?;
        if json {
            output::say(format::write_plan_in(&problem, &plan, lang).to_string());
        } else {
            output::say(report::whole(&problem, &plan, &verdict, lang));
        }
        for path in files.write(&problem, &plan, &world, lang)? {
            if !json {
                output::say(say!("written: {}", path.display()).in_lang(lang));
            }
        }
        Ok(())
    }
}

impl Files {
    /// Whether all of them can be written: asked before the search, not after it.
    fn possible(&self, read: &[&Path]) -> Result<(), Failure> {
        let Self { out, geojson, svg, csv, ics, picks } = self;
        if let Some(folder) = ics {
            write::folder(folder)?;
        }
        [out, geojson, svg, csv, picks].into_iter().flatten().try_for_each(|path| write::possible(path, read))
    }
    /// Writes what was asked for; gives the paths.
    pub(crate) fn write(
        &self,
        problem: &Problem,
        plan: &Plan,
        world: &World,
        lang: Lang,
    ) -> Result<Vec<PathBuf>, Failure> {
        let Self { out, geojson, svg, csv, ics, picks } = self;
        let mut written = Vec::new();
        let mut done = |path: &Path| written.push(path.to_owned());
        if let Some(path) = out {
            write::json(path, &format::write_plan_in(problem, plan, lang))?;
            done(path);
        }
        if let Some(path) = geojson {
            write::json(path, &export::geojson(problem, plan, &|leg| world.way(leg), lang))?;
            done(path);
        }
        if let Some(path) = svg {
            write::text(path, &picture(problem, plan, world, lang))?;
            done(path);
        }
        if let Some(path) = csv {
            write::text(path, &export::visits_csv(problem, plan, lang))?;
            done(path);
        }
        if let Some(path) = picks {
            write::text(path, &export::picks_text(problem, plan, lang))?;
            done(path);
        }
        if let Some(folder) = ics {
            calendars(problem, plan, folder, lang)?;
            done(folder);
        }
        Ok(written)
    }
}

/// One calendar per technician with a day in the plan, named by the technician's id.
fn calendars(problem: &Problem, plan: &Plan, folder: &Path, lang: Lang) -> Result<(), Failure> {
    // The stamp is the start of the horizon: the same plan gives the same bytes.
    let stamp = problem.horizon.start;
    write::folder(folder)?;
    for (at, technician) in problem.technicians.iter().enumerate() {
        let name = file_name(&technician.id, at);
        write::text(&folder.join(name), &export::icalendar(problem, plan, at.into(), stamp, lang))?;
    }
    Ok(())
}

/// A file name for a caller's id: letters and digits of any script, `-` and `_` stay. An id that
/// loses a character by that gets the position in front, so that no two names are the same.
fn file_name(id: &str, at: usize) -> String {
    let safe: String = id.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).take(60).collect();
    if safe == id { format!("{safe}.ics") } else { format!("{at}-{safe}.ics") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_leads_out_of_the_folder() {
        assert_eq!(file_name("T-07", 3), "T-07.ics");
        assert_eq!(file_name("李雷", 3), "李雷.ics");
        assert_eq!(file_name("../../etc/passwd", 3), "3-etcpasswd.ics");
    }
}
