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
        .env_remove("DISPATCH_BENCH")
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
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The first block of JSON in the README: the quick start.
pub(crate) fn quick_start() -> String {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let (_, after) = readme.split_once("```json\n").expect("a block of JSON");
    let (block, _) = after.split_once("```").expect("its end");
    block.to_owned()
}
