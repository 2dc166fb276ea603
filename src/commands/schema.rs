//! `dispatch schema`: the wire format as JSON Schema.

use crate::failure::Failure;
use crate::output;
use clap::{Args, ValueEnum};
use dispatch_data::format;
use dispatch_data::lang::Lang;

/// Print the JSON Schema of the wire format, described in the language of `--lang`.
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
    pub(crate) fn run(self, lang: Lang) -> Result<(), Failure> {
        let schema = match self.document {
            Document::Problem => format::problem_schema(lang),
            Document::Plan => format::plan_schema(lang),
        };
        output::say(format!("{schema:#}"));
        Ok(())
    }
}
