//! Input files: text, problems, plans. Everything wrong with one becomes a [`Failure::Input`].

use crate::failure::Failure;
use dispatch_data::problem::Problem;
use std::path::Path;

/// How a file is called in messages.
pub(crate) fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))
}

/// Refuses what the search cannot honour yet.
pub(crate) fn solvable(path: &Path, problem: &Problem) -> Result<(), Failure> {
    let refusals = dispatch_solver::refusals(problem);
    if refusals.is_empty() { Ok(()) } else { Err(Failure::input(name(path), refusals)) }
}
