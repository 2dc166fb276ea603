//! Very large problems: cut into parts by place and eligibility, each solved by the ordinary search,
//! merged, and cut again along other borders.
//!
//! Nothing here is as large as jobs × shifts or places × places: a [`Part`] is some technicians with their
//! routes and the absent jobs around them, a [`Cut`] is that part as a problem of its own, with a table of
//! travel between its own places only and with its share of what stores hold. Parts do not touch each
//! other, so they can be solved side by side, in this process or in others, and their plans together are
//! a plan of the whole at the sum of their prices. How a part is solved is no business of this module.

mod cut;
mod eligible;
mod elsewhere;
mod rounds;
mod split;
mod stock;
mod whole;

pub use cut::{Cut, Piece};
pub use elsewhere::{Budget, Elsewhere, Errand, run_errand};
pub use rounds::InParts;
pub use split::{Part, parts};
pub use whole::Whole;

#[cfg(test)]
pub(crate) use rounds::{Rounds, in_rounds};
pub(crate) use rounds::{pays, search};
