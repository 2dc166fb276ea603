//! The wire format, version 1: problems and plans as JSON, both ways, and their JSON Schemas.
//!
//! The only module that knows this format. A text becomes a tree of values (`tree`), the
//! tree is held against the tables of keys (`keys`, `check`), the readers (`read`) make nouns
//! of it, and [`crate::validate`] checks those. Every step gives all its findings, with JSON
//! pointers; whatever rests on a wrong value is left out.
//!
//! The tables are the description of the format: [`problem_schema`] and [`plan_schema`] write them
//! as JSON Schema with the meaning, unit and default of every key.

mod check;
mod keys;
pub mod live;
pub(crate) mod moment;
mod node;
mod read;
mod schema;
mod shape;
pub(crate) mod suggest;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use schema::{live_schemas, plan_schema, problem_schema};
pub use write::{write_plan, write_plan_in, write_problem};

use crate::finding::Finding;
use crate::plan::Plan;
use crate::pointer::Path;
use crate::problem::Problem;
use crate::validate::found::Found;
use shape::Shape;

/// Reads a problem.
///
/// # Errors
/// All findings at once.
pub fn read_problem(text: impl AsRef<[u8]>) -> Result<Problem, Vec<Finding>> {
    let mut tree = tree::parse(text.as_ref()).map_err(|finding| vec![*finding])?;
    problem_of(&mut tree)
}

/// The problem of a tree, which is used up.
fn problem_of(tree: &mut tree::Tree) -> Result<Problem, Vec<Finding>> {
    let mut found = Found::default();
    check::check(tree, Shape::Object(&keys::PROBLEM), &Path::ROOT, &mut found);
    let (draft, mut found) = read::draft(tree, found);
    *tree = tree::Tree::Null;
    if found.is_empty() {
        return draft.check();
    }
    crate::validate::add_findings(&draft, &mut found);
    Err(found.finish())
}

/// Reads a plan for a problem: references, times and shapes. Whether it keeps the rules and what it
/// costs is for the judge.
///
/// # Errors
/// All findings at once.
pub fn read_plan(problem: &Problem, text: impl AsRef<[u8]>) -> Result<Plan, Vec<Finding>> {
    let mut tree = tree::parse(text.as_ref()).map_err(|finding| vec![*finding])?;
    let mut found = Found::default();
    check::check(&mut tree, Shape::Object(&keys::PLAN), &Path::ROOT, &mut found);
    let plan = read::plan(&tree, problem, &mut found);
    crate::validate::add_plan_findings(problem, &plan, &mut found);
    if found.is_empty() { Ok(plan) } else { Err(found.finish()) }
}

/// Whether the text of a plan states a bill. Where it does not, the bill that [`read_plan`] gives
/// is nothing, and no claim: there is nothing to hold against the judge's.
pub fn claims_price(text: impl AsRef<[u8]>) -> bool {
    let tree = tree::parse(text.as_ref());
    tree.is_ok_and(|tree| node::Node { tree: &tree, path: Path::ROOT }.get("bill").is_some())
}
