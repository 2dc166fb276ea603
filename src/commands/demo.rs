//! `dispatch demo`: a sample day on the roads of a small country, from the map to the judged plan.
//!
//! The day and the map are part of the program, so it runs anywhere; it leaves both beside the plan,
//! where `dispatch solve` and `dispatch check` can take them up.

use super::judged;
use super::solve::{EffortArguments, Files};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::report::{self, Lang};
use crate::roads::{Given, World};
use crate::{input, interrupt, output, write};
use clap::Args;
use dispatch_data::say;
use dispatch_routing::Size;
use std::path::PathBuf;

/// The sample day, in the wire format.
const DAY: &[u8] = include_bytes!("../../data/samples/liechtenstein-day.json");
/// The map that the day names.
const MAP: &[u8] = include_bytes!("../../data/samples/liechtenstein.osm.pbf");
/// The name by which the day names it.
const MAP_NAME: &str = "liechtenstein.osm.pbf";

/// Seconds of search where none are asked for.
const SECONDS: f64 = 5.0;

/// Solve a sample day on the roads of Liechtenstein and show everything about the plan.
#[derive(Args)]
pub(crate) struct Demo {
    /// Folder for the day, its map, the plan, its map layer and its picture.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    #[command(flatten)]
    effort: EffortArguments,
}

impl Demo {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        let Self { out, effort } = self;
        let cancel = interrupt::flag()?;
        write::folder(&out)?;
        let day = out.join("problem.json");
        write::bytes(&day, DAY)?;
        write::bytes(&out.join(MAP_NAME), MAP)?;

        let problem = input::problem(&day)?;
        input::solvable(&day, &problem)?;
        let (jobs, technicians, sites) = (problem.jobs.len(), problem.technicians.len(), problem.sites.len());
        output::say(match lang {
            Lang::En => format!("{}: {jobs} jobs, {technicians} technicians, {sites} stores", problem.name),
            Lang::Zh => format!("{}：{jobs} 张工单，{technicians} 名技师，{sites} 个仓库", problem.name),
        });

        let before = clock.seconds();
        let world = World::of(&problem, &day, &Given::default())?;
        let took = clock.seconds() - before;
        if let Some(roads) = world.roads.first() {
            let (Size { nodes, arcs, .. }, places) = (roads.network.size(), problem.places.len());
            output::say(match lang {
                Lang::En => format!("roads: {nodes} junctions, {arcs} arcs, {places} × {places} ways in {took:.1} s"),
                Lang::Zh => {
                    format!("路网：{nodes} 个路口，{arcs} 条弧，{places} × {places} 行程矩阵，用时 {took:.1} 秒")
                }
            });
        }

        let bar = Bar::on_terminal(lang);
        let outcome = effort.starting_now(SECONDS).search(&problem, &world.travel, bar.as_ref(), Some(&*cancel));
        if let Some(bar) = bar {
            bar.clear();
        }
        let plan = outcome.plan;
        let verdict = judged(&problem, &world.travel, &plan, lang)?;
        output::say("");
        output::say(report::whole(&problem, &plan, &verdict, lang));
        output::say("");

        let files = Files {
            out: Some(out.join("plan.json")),
            geojson: Some(out.join("plan.geojson")),
            svg: Some(out.join("plan.svg")),
            csv: Some(out.join("plan.csv")),
            ics: Some(out.join("calendars")),
            picks: Some(out.join("picks.txt")),
        };
        for path in files.write(&problem, &plan, &world, lang)? {
            output::say(say!("written: {}", path.display()).in_lang(lang));
        }
        let (seconds, iterations) = (clock.seconds(), plan.iterations);
        output::say(match lang {
            Lang::En => format!("{seconds:.1} s in all, {iterations} iterations"),
            Lang::Zh => format!("总用时 {seconds:.1} 秒，{iterations} 次迭代"),
        });
        Ok(())
    }
}
