//! Importers: instance files of the literature and of other engines become a [`Problem`] with its
//! [`Travel`], and a plan goes back out in the file's own words.
//!
//! Each format has a file of its own with two steps: text → a plain struct of the file's values
//! (`read`, all findings at once), and that struct → [`Imported`]. What a format says and this
//! engine cannot honour exactly is refused by a finding, never dropped. No search here, and no
//! wire format v1: that is the format's own room.
//!
//! Formats of the literature count in units without a name; one *tick* of [`crate::units::Duration`]
//! then stands for a fixed share of that unit, named in the file of the format.

mod answer;
mod build;
pub mod field_service;
mod json;
pub mod pragmatic;
pub mod sdvrptw;
pub mod solomon;
pub mod tables;
#[cfg(test)]
mod tests;
mod text;
pub mod trsp;
pub mod vroom;

pub use answer::answer;

use crate::finding::{Code, Finding};
use crate::limits;
use crate::problem::Problem;
use crate::say;
use crate::travel::Travel;

/// The foreign formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Solomon and Gehring–Homberger text, distance convention of the DIMACS challenge.
    Vrptw,
    /// Technician routing of Pillac, Guéret and Medaglia, with or without matrices.
    Trsp,
    /// Site-dependent `.vrp` text.
    Sdvrptw,
    /// The neutral field-service JSON of generated days.
    FieldService,
    /// VROOM JSON.
    Vroom,
    /// Pragmatic JSON of the reinterpretcat solver; further texts are its routing matrices.
    Pragmatic,
    /// CSV tables of jobs, of technicians and, if there is a third, of stock, with the default
    /// [`tables::Settings`].
    Tables,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] =
        &[Self::Vrptw, Self::Trsp, Self::Sdvrptw, Self::FieldService, Self::Vroom, Self::Pragmatic, Self::Tables];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vrptw => "vrptw",
            Self::Trsp => "trsp",
            Self::Sdvrptw => "sdvrptw",
            Self::FieldService => "fs",
            Self::Vroom => "vroom",
            Self::Pragmatic => "pragmatic",
            Self::Tables => "csv",
        }
    }
    /// The format of a name.
    ///
    /// ```
    /// use dispatch_data::import::Format;
    /// assert_eq!(Format::from_name("trsp"), Some(Format::Trsp));
    /// assert_eq!(Format::from_name("nonsense"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

/// A problem that came from a foreign file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The problem.
    pub problem: Problem,
    /// Its travel, in the file's own reckoning.
    pub travel: Travel,
    /// What is needed to write a plan in the file's own words.
    pub answer: AnswerConvention,
}

/// How a plan is written for the reader of the file, with the values of the file it needs.
#[derive(Clone, Debug)]
pub enum AnswerConvention {
    /// Customer numbers of each used vehicle; value: distance with one decimal.
    Vrptw(solomon::Vrptw),
    /// One list per technician of request ids, 0 where the main depot is visited; value: total
    /// working time.
    Trsp(trsp::Trsp),
    /// One list per vehicle of node id − 1; value: distance in thousandths.
    Sdvrptw(sdvrptw::Sdvrptw),
    /// One list per technician of job positions; value: travel seconds.
    FieldService(field_service::FieldService),
    /// The shape of a VROOM answer.
    Vroom {
        /// What was read.
        file: vroom::Vroom,
        /// How many ticks of the problem's clock a second of the file has.
        ticks: i64,
    },
    /// A pragmatic solution.
    Pragmatic(pragmatic::Pragmatic),
    /// One list of job ids per shift; value: the whole price in cents. For files that are no
    /// instance of anyone's.
    Plan,
}

/// Reads a file of a known format.
///
/// # Errors
/// Everything that is wrong with the file, with line numbers or JSON pointers.
pub fn import(format: Format, text: &str) -> Result<Imported, Vec<Finding>> {
    import_files(format, &[text])
}

/// Reads a problem that may stand in several files: the problem first, then the routing matrices of
/// a pragmatic one; or the tables of jobs, technicians and stock.
///
/// # Errors
/// Everything that is wrong with the files, and files that the format does not have.
pub fn import_files(format: Format, texts: &[&str]) -> Result<Imported, Vec<Finding>> {
    if let Some(text) = texts.iter().find(|text| text.len() > limits::BYTES) {
        let most = say!("at most {} bytes", limits::BYTES);
        return Err(vec![Finding::new("", Code::TooLarge, most, say!("{} bytes", text.len()))]);
    }
    let texts: Vec<&str> = texts.iter().map(|text| text.trim_start_matches('\u{feff}')).collect();
    match (format, &texts[..]) {
        (Format::Vrptw, [text]) => solomon::read(text)?.import(),
        (Format::Trsp, [text]) => trsp::read(text)?.import(),
        (Format::Sdvrptw, [text]) => sdvrptw::read(text)?.import(),
        (Format::FieldService, [text]) => field_service::read(text)?.import(),
        (Format::Vroom, [text]) => vroom::read(text)?.import(),
        (Format::Pragmatic, [text, matrices @ ..]) => pragmatic::read(text, matrices)?.import(),
        (Format::Tables, [jobs, technicians]) => {
            tables::read(jobs, technicians, None)?.import(&tables::Settings::default())
        }
        (Format::Tables, [jobs, technicians, stock]) => {
            tables::read(jobs, technicians, Some(stock))?.import(&tables::Settings::default())
        }
        (format, texts) => {
            let expected = match format {
                Format::Tables => say!("two or three files: jobs, technicians and maybe stock"),
                Format::Pragmatic => say!("a problem and maybe matrices"),
                Format::Vrptw | Format::Trsp | Format::Sdvrptw | Format::FieldService | Format::Vroom => {
                    say!("one file")
                }
            };
            Err(vec![Finding::new("", Code::BadFormat, expected, say!("{} files", texts.len()))])
        }
    }
}
