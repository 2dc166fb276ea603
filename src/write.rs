//! Files that a command leaves behind. Only writing: what stands in them is made elsewhere.

use anyhow::Context;
use serde_json::Value;
use std::path::Path;

/// Writes a text.
///
/// # Errors
/// When the folder cannot be made or the file cannot be written; names the file.
pub(crate) fn text(path: &Path, text: &str) -> anyhow::Result<()> {
    bytes(path, text.as_bytes())
}

/// Writes bytes.
///
/// # Errors
/// As [`text`].
pub(crate) fn bytes(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a JSON value, with a line end.
///
/// # Errors
/// As [`text`].
pub(crate) fn json(path: &Path, value: &Value) -> anyhow::Result<()> {
    text(path, &format!("{value:#}\n"))
}
