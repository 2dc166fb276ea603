//! Processes of `dispatch` that end with the test.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running `dispatch`; killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    /// Where it listens; 0 for a worker.
    pub(crate) port: u16,
}

impl Process {
    /// A server on a free port (0), or on one that an earlier server had.
    pub(crate) fn server(store: &str, port: u16, more: &[&str]) -> Self {
        let bind = format!("127.0.0.1:{port}");
        Self::spawn(Self::command(&["serve", "--store", store, "--bind", &bind]).args(more))
    }
    /// A server by any command.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        Self::start(command, |line| line.rsplit_once(':')?.1.parse().ok())
    }
    /// A worker.
    pub(crate) fn worker(store: &str, more: &[&str]) -> Self {
        Self::start(Self::command(&["worker", "--store", store]).args(more), |line| (line == "working").then_some(0))
    }
    fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dispatch"));
        command.args(arguments).args(["--log-level", "error", "--threads", "1"]);
        command
    }
    fn start(command: &mut Command, ready: impl Fn(&str) -> Option<u16>) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = ready(line.trim_end());
        let Some(port) = port else {
            let _ = child.kill();
            panic!("it said {line:?}");
        };
        Self { child, port }
    }
    /// The most memory that it has held so far, in megabytes, where the operating system tells (Linux).
    pub(crate) fn peak_megabytes(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(peak.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
    }
    /// Ends it at once, without a chance to do anything.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    /// Asks it to end, and waits. Gives whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A small day with a job more or less, so that no two problems need be the same.
pub(crate) fn day(number: usize) -> Value {
    let at = |clock: &str| format!("2026-06-15T{clock}:00+02:00");
    let job = |at: usize| json!({"id": format!("T-{at}"), "place": {"lat": 47.1 + 0.01 * at as f64, "lon": 9.52}, "work": "PT30M"});
    json!({
        "schema_version": 1,
        "name": format!("day {number}"),
        "horizon": {"start": at("00:00"), "end": at("23:00"), "zone": "Europe/Vaduz"},
        "travel": {"great_circle": {"detour": 1.3, "meters_per_second": 13}},
        "technicians": [{
            "id": "ann",
            "home": {"lat": 47.14, "lon": 9.52},
            "prices": {"work": 3000},
            "shifts": [{"start": at("08:00"), "end": at("17:00")}],
        }],
        "jobs": (1..=3 + number % 4).map(job).collect::<Vec<_>>(),
    })
}
