//! How a command can fail, what is printed then, and the exit code.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done; a plan that was judged is clean |
//! | 1 | the machine failed (a file cannot be written …), or a plan breaks a rule |
//! | 2 | the input is wrong: every finding is printed; also wrong use of the command line |

use crate::output;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Lang, Text, value};
use dispatch_data::say;
use serde_json::{Value, json};
use std::io::ErrorKind;
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
    /// Anything else, in words.
    Trouble(Text),
}

impl Failure {
    /// Wrong input with its findings.
    pub(crate) fn input(source: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self::Input { source: source.into(), findings }
    }
    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let finding = Finding::new("", Code::BadFormat, say!("a readable file"), system(error));
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
    pub(crate) fn print(&self, machine: bool, lang: Lang) {
        match self {
            Self::Input { source, findings } if machine => {
                output::say(findings_json(source, findings, lang).to_string());
            }
            Self::Input { source, findings } => {
                let head = match findings.len() {
                    1 => say!("{}: 1 finding", source),
                    count => say!("{}: {} findings", source, count),
                };
                output::warn(head.in_lang(lang));
                for finding in findings {
                    output::warn(format!("  {}", finding.line(lang)));
                }
            }
            Self::Violated => {}
            Self::Trouble(what) => output::warn(say!("dispatch: {}", what).in_lang(lang)),
        }
    }
}

/// What the system said about a file or an address.
pub(crate) fn system(error: &std::io::Error) -> Text {
    match error.kind() {
        ErrorKind::NotFound => say!("no such file or folder"),
        ErrorKind::PermissionDenied => say!("no permission"),
        ErrorKind::IsADirectory => say!("a folder"),
        ErrorKind::NotADirectory => say!("a file where a folder is needed"),
        ErrorKind::InvalidData => say!("bytes that are not UTF-8"),
        ErrorKind::StorageFull => say!("no space left"),
        ErrorKind::ReadOnlyFilesystem => say!("a file system that can only be read"),
        ErrorKind::AddrInUse => say!("an address in use"),
        ErrorKind::AddrNotAvailable => say!("an address of another machine"),
        _ => value(error),
    }
}

/// Findings for machines; the sentences in them follow the language, the codes do not.
pub(crate) fn findings_json(source: &str, findings: &[Finding], lang: Lang) -> Value {
    let errors: Vec<Value> = findings
        .iter()
        .map(|Finding { pointer, code, expected, got, hint }| {
            let (expected, got) = (expected.in_lang(lang), got.in_lang(lang));
            let hint = hint.as_ref().map(|hint| hint.in_lang(lang));
            json!({"pointer": pointer, "code": code.text(), "expected": expected, "got": got, "hint": hint})
        })
        .collect();
    json!({"source": source, "valid": errors.is_empty(), "errors": errors})
}
