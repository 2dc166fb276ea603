//! What the tests of the command line share: running it, and reading what it said.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of `dispatch` left: exit code and both streams.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// Runs `dispatch` in a folder.
pub(crate) fn dispatch(folder: &Path, arguments: &[&str]) -> Run {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_dispatch"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("dispatch starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code().expect("an exit code"), out: text(stdout), err: text(stderr) }
}

impl Run {
    /// The run, if it ended with this exit code; else the test fails and shows what was said.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- out\n{}\n--- err\n{}", self.out, self.err);
        self
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
