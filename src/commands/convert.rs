//! `dispatch convert`: foreign formats into the wire format.

use crate::failure::Failure;
use crate::{input, output, write};
use clap::{Args, ValueEnum};
use dispatch_data::datum::Datum;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::format;
use dispatch_data::import::{self, Format, Imported, tables};
use dispatch_data::lang::{Lang, value};
use dispatch_data::say;
use std::path::{Path, PathBuf};

/// The name of tables on the command line; every other format is one file.
const CSV: &str = "csv";

/// Read a problem in another format and write it in the wire format.
///
/// What the other format says and this engine cannot honour is a finding; nothing is dropped.
#[derive(Args)]
pub(crate) struct Convert {
    /// vroom, pragmatic, vrptw (or solomon), trsp, sdvrptw, fs or csv.
    #[arg(long, value_name = "FORMAT")]
    from: String,
    /// The input; for csv the table of jobs.
    input: PathBuf,
    /// Where the problem goes.
    out: PathBuf,
    #[command(flatten)]
    tables: TablesArguments,
}

/// What belongs to tables alone.
#[derive(Args)]
struct TablesArguments {
    /// csv: the table of technicians.
    #[arg(long, value_name = "FILE")]
    technicians: Option<PathBuf>,
    /// csv: the table of stock.
    #[arg(long, value_name = "FILE", requires = "technicians")]
    stock: Option<PathBuf>,
    /// csv: the zone of local times, an IANA name [default: UTC].
    #[arg(long, value_name = "ZONE", requires = "technicians")]
    zone: Option<String>,
    /// csv: the day of times without a date [default: the first date in the tables].
    #[arg(long, value_name = "DATE", requires = "technicians")]
    date: Option<String>,
    /// csv: the datum of coordinates [default: wgs84].
    #[arg(long, value_enum, requires = "technicians")]
    datum: Option<DatumName>,
}

#[derive(Clone, Copy, ValueEnum)]
enum DatumName {
    /// GPS and most of the world.
    Wgs84,
    /// Chinese maps.
    Gcj02,
    /// Baidu's maps.
    Bd09,
}

impl Convert {
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let Self { from, input: source, out, tables } = self;
        let name = input::name(&source);
        let mut read = vec![source.as_path()];
        read.extend([&tables.technicians, &tables.stock].into_iter().flatten().map(PathBuf::as_path));
        write::possible(&out, &read)?;
        let imported = match (from.as_str(), tables.technicians.is_some()) {
            (CSV, _) => tables.import(&source)?,
            (other, true) => {
                let finding = Finding::new(
                    "--technicians",
                    Code::Contradiction,
                    value("--from csv"),
                    value(format_args!("--from {other}")),
                );
                return Err(Failure::input("convert", vec![finding]));
            }
            (other, false) => {
                let (format, text) = (known(other)?, input::text(&source)?);
                import::import(format, &text).map_err(|findings| Failure::input(&name, findings))?
            }
        };
        let problem = &imported.problem;
        write::json(&out, &format::write_problem(problem))?;
        let (jobs, technicians) = (problem.jobs.len(), problem.technicians.len());
        output::say(say!("{}: {} jobs, {} technicians", out.display(), jobs, technicians).in_lang(lang));
        Ok(())
    }
}

impl TablesArguments {
    fn import(self, jobs: &Path) -> Result<Imported, Failure> {
        let settings = self.settings()?;
        let Some(technicians) = &self.technicians else {
            let finding =
                Finding::new("--technicians", Code::MissingKey, say!("the table of technicians"), say!("none"));
            return Err(Failure::input("convert", vec![finding]));
        };
        let stock = self.stock.as_deref().map(input::text).transpose()?;
        let tables = tables::read(&input::text(jobs)?, &input::text(technicians)?, stock.as_deref());
        let imported = tables.and_then(|tables| tables.import(&settings));
        imported.map_err(|findings| Failure::input(input::name(jobs), findings))
    }

    fn settings(&self) -> Result<tables::Settings, Failure> {
        let defaults = tables::Settings::default();
        let mut findings = Vec::new();
        let zone = self.zone.as_deref().map_or(Some(defaults.zone), |name| {
            let zone = jiff::tz::TimeZone::get(name).ok();
            if zone.is_none() {
                findings.push(Finding::new("--zone", Code::BadZone, say!("an IANA time zone"), value(name)));
            }
            zone
        });
        let date = self.date.as_deref().and_then(|text| {
            let date = text.parse().ok();
            if date.is_none() {
                findings.push(Finding::new("--date", Code::BadInstant, say!("a date such as 2026-06-15"), value(text)));
            }
            date
        });
        let datum = match self.datum {
            None | Some(DatumName::Wgs84) => Datum::Wgs84,
            Some(DatumName::Gcj02) => Datum::Gcj02,
            Some(DatumName::Bd09) => Datum::Bd09,
        };
        match zone {
            Some(zone) if findings.is_empty() => Ok(tables::Settings { zone, date, datum }),
            _ => Err(Failure::input("convert", findings)),
        }
    }
}

/// The format of a name; the literature's own names are understood too.
fn known(name: &str) -> Result<Format, Failure> {
    let name = match name {
        "solomon" => "vrptw",
        name => name,
    };
    Format::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).chain(["solomon"]).collect();
        let finding = Finding::new("--from", Code::UnknownValue, value(names.join(", ")), value(name));
        Failure::input("convert", vec![finding])
    })
}
