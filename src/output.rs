//! What the command line says: the only file that writes to the standard streams.
//!
//! A reader that closes its end early (`dispatch demo | head`) is no failure: the rest is dropped.

use std::io::Write;

/// Writes a line to standard output.
pub(crate) fn say(line: impl AsRef<str>) {
    line_to(&mut std::io::stdout().lock(), line.as_ref());
}

/// Writes a line to standard error.
pub(crate) fn warn(line: impl AsRef<str>) {
    line_to(&mut std::io::stderr().lock(), line.as_ref());
}

/// A stream that cannot be written to leaves nobody to tell: the error is dropped.
fn line_to(stream: &mut impl Write, line: &str) {
    let _ = stream.write_all(line.as_bytes()).and_then(|()| stream.write_all(b"\n")).and_then(|()| stream.flush());
}
