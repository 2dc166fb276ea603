//! `dispatch validate`: all findings of a problem, nothing solved.

use crate::failure::{Failure, findings_json};
use crate::{input, output};
use clap::Args;
use dispatch_data::lang::Lang;
use dispatch_data::say;
use std::path::PathBuf;

/// Print everything that is wrong with a problem; solve nothing.
///
/// Checks the file alone: whether its places lie near a road is seen by `solve` and `matrix`.
#[derive(Args)]
pub(crate) struct Validate {
    /// The problem, in the wire format.
    problem: PathBuf,
}

impl Validate {
    pub(crate) fn run(self, json: bool, lang: Lang) -> Result<(), Failure> {
        let problem = input::problem(&self.problem)?;
        input::solvable(&self.problem, &problem)?;
        let name = input::name(&self.problem);
        if json {
            output::say(findings_json(&name, &[], lang).to_string());
        } else {
            let (jobs, technicians, shifts) = (problem.jobs.len(), problem.technicians.len(), problem.shifts.len());
            let valid = say!("{}: valid ({} jobs, {} technicians, {} shifts)", name, jobs, technicians, shifts);
            output::say(valid.in_lang(lang));
        }
        Ok(())
    }
}
