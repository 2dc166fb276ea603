//! What a dispatch problem and its plan are.
//!
//! Units, nouns, the wire format, importers and exporters, SLA calendars, and the judge, which
//! checks and prices every plan from the problem alone. This crate touches no network and imports
//! no other crate of the project: it knows neither roads nor search.

pub mod bill;
pub mod calendar;
pub mod datum;
pub mod export;
pub mod finding;
pub mod format;
pub mod ids;
pub mod import;
pub mod judge;
pub mod kpi;
pub mod lang;
pub mod limits;
pub mod literature;
pub mod live;
pub mod place;
pub mod plan;
mod pointer;
pub mod problem;
pub mod rule;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod travel;
pub mod units;
pub mod validate;
