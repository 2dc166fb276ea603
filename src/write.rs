//! Files that a command leaves behind. Only writing: what stands in them is made elsewhere.
//!
//! A folder that is missing is not made for a file: a mistyped path would leave a new folder behind.
//! Options that name a folder make it.

use crate::failure::{Failure, system};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::say;
use serde_json::Value;
use std::path::Path;

/// Writes a text.
///
/// # Errors
/// When the file cannot be written, or its folder is not there; names the file.
pub(crate) fn text(path: &Path, text: &str) -> Result<(), Failure> {
    bytes(path, text.as_bytes())
}

/// Writes bytes.
///
/// # Errors
/// As [`text`].
pub(crate) fn bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error| Failure::Trouble(say!("cannot write {}: {}", path.display(), system(&error)));
    std::fs::write(path, bytes).map_err(failed)
}

/// Writes a JSON value, with a line end.
///
/// # Errors
/// As [`text`].
pub(crate) fn json(path: &Path, value: &Value) -> Result<(), Failure> {
    text(path, &format!("{value:#}\n"))
}

/// Makes a folder that an option names, with those above it, unless it is there.
///
/// # Errors
/// When it cannot be made; names it.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::Trouble(say!("cannot make the folder {}: {}", path.display(), system(&error)));
    std::fs::create_dir_all(path).map_err(failed)
}

/// Whether a file can be written where a path says, before the work for it is done. Leaves what is
/// there as it is.
///
/// # Errors
/// When the folder is not there, when the path leads to a folder or to what may not be written, and
/// when it leads to one of the files that are read: nothing overwrites its own input.
pub(crate) fn possible(path: &Path, read: &[&Path]) -> Result<(), Failure> {
    let there = path.metadata();
    // Pipes and devices are opened once, when they are written to.
    if there.as_ref().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return Ok(());
    }
    let same =
        |input: &&&Path| path.canonicalize().is_ok_and(|out| input.canonicalize().is_ok_and(|input| input == out));
    if let Some(input) = read.iter().find(same) {
        let expected = say!("another file than {}", input.display());
        let finding = Finding::new("", Code::Contradiction, expected, say!("the same file"));
        return Err(Failure::input(path.display().to_string(), vec![finding]));
    }
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
    let failed = |error| Failure::Trouble(say!("cannot write {}: {}", path.display(), system(&error)));
    opened.map_err(failed)?;
    if there.is_err() {
        // Made by this look alone; what cannot be taken away again is written to soon.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}
