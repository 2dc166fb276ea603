//! Input files: text, problems, plans. Everything wrong with one becomes a [`Failure::Input`].

use crate::failure::Failure;
use dispatch_data::format;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use std::path::Path;

/// How a file is called in messages.
pub(crate) fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))
}

/// A problem in the wire format.
pub(crate) fn problem(path: &Path) -> Result<Problem, Failure> {
    format::read_problem(bytes(path)?).map_err(|findings| Failure::input(name(path), findings))
}

/// A plan of a problem in the wire format, and whether it claims a price.
pub(crate) fn plan(path: &Path, problem: &Problem) -> Result<(Plan, bool), Failure> {
    let text = bytes(path)?;
    let plan = format::read_plan(problem, &text).map_err(|findings| Failure::input(name(path), findings))?;
    Ok((plan, format::claims_price(&text)))
}

/// Refuses what the search cannot honour yet.
pub(crate) fn solvable(path: &Path, problem: &Problem) -> Result<(), Failure> {
    let refusals = dispatch_solver::refusals(problem);
    if refusals.is_empty() { Ok(()) } else { Err(Failure::input(name(path), refusals)) }
}
