//! `dispatch schema`: the wire format as JSON Schema.

use crate::failure::Failure;
use crate::output;
use clap::{Args, ValueEnum};
use dispatch_data::format;

/// Print the JSON Schema of the wire format.
#[derive(Args)]
pub(crate) struct Schema {
    /// Of which document.
    document: Document,
}

#[derive(Clone, Copy, ValueEnum)]
enum Document {
    /// What goes in.
    Problem,
    /// What comes out.
    Plan,
}

impl Schema {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let schema = match self.document {
            Document::Problem => format::problem_schema(),
            Document::Plan => format::plan_schema(),
        };
        output::say(format!("{schema:#}"));
        Ok(())
    }
}
