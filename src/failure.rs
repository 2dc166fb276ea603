//! How a command can fail, what is printed then, and the exit code.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done; a plan that was judged is clean |
//! | 1 | the machine failed (a file cannot be written …), or a plan breaks a rule |
//! | 2 | the input is wrong: every finding is printed; also wrong use of the command line |

use crate::output;
use dispatch_data::finding::{Code, Finding};
use serde_json::{Value, json};
use std::path::Path;

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input is wrong.
    Input {
        /// Which input, as the user named it.
        source: String,
        /// Everything wrong with it.
        findings: Vec<Finding>,
    },
    /// A plan breaks rules. The command has printed them already.
    Violated,
    /// Anything else.
    Trouble(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Trouble(error)
    }
}

impl Failure {
    /// Wrong input with its findings.
    pub(crate) fn input(source: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self::Input { source: source.into(), findings }
    }
    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let finding = Finding::new("", Code::BadFormat, "a readable file", error.to_string());
        Self::input(path.display().to_string(), vec![finding])
    }
    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Input { .. } => 2,
            Self::Violated | Self::Trouble(_) => 1,
        }
    }
    /// Prints it: for people to standard error, for machines as JSON to standard output.
    pub(crate) fn print(&self, machine: bool) {
        match self {
            Self::Input { source, findings } if machine => output::say(findings_json(source, findings).to_string()),
            Self::Input { source, findings } => {
                let count = findings.len();
                output::warn(format!("{source}: {count} finding{}", if count == 1 { "" } else { "s" }));
                for finding in findings {
                    output::warn(format!("  {finding}"));
                }
            }
            Self::Violated => {}
            Self::Trouble(error) => output::warn(format!("dispatch: {error:#}")),
        }
    }
}

/// Findings for machines.
pub(crate) fn findings_json(source: &str, findings: &[Finding]) -> Value {
    let errors: Vec<Value> = findings
        .iter()
        .map(|Finding { pointer, code, expected, got, hint }| {
            json!({"pointer": pointer, "code": code.text(), "expected": expected, "got": got, "hint": hint})
        })
        .collect();
    json!({"source": source, "valid": errors.is_empty(), "errors": errors})
}
