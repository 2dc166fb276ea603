//! The examples as a user runs them: each script against a service of its own.

use crate::processes::Process;
use std::path::Path;
use std::process::Command;

/// Whether the machine has a program.
fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn every_example_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.db");
    let server = Process::server(store.to_str().unwrap(), 0, &[]);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let run = |program: &str, script: &str| {
        let mut command = Command::new(program);
        command.arg(examples.join(script)).env("DISPATCH_URL", format!("http://127.0.0.1:{}", server.port));
        // A compiled copy beside the examples is nobody's wish.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env("no_proxy", "127.0.0.1").env_remove("DISPATCH_KEY");
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{script}: {}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    };
    let mut left: Vec<String> = examples
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".sh") || name.ends_with(".py"))
        .collect();
    let mut said = |script: &str, program: &str, needed: &str, words: &[&str]| {
        left.retain(|name| name != script);
        if !has(program) || !has(needed) {
            println!("skipped: {script} needs {program} and {needed}");
            return;
        }
        let out = run(program, script);
        for word in words {
            assert!(out.contains(word), "{script} does not say {word:?}: {out}");
        }
    };
    let day = ["event: done", "BEGIN:VCALENDAR", "FeatureCollection", "what,technician,name", "\"pump\""];
    said("daily-schedule.sh", "bash", "curl", &day);
    said("daily_schedule.py", "python3", "python3", &["ann\n", "cost:", "arriving at once: ['clock'"]);
    let ticket = ["\"offers\":[{\"technician\":\"ann\"", "\"slots\":[", "\"current_version\":2", "T-9"];
    said("best-engineer.sh", "bash", "curl", &ticket);
    said("best_engineer.py", "python3", "python3", &["ann ", "bob ", "version 2: T-9 goes to ann"]);
    said("sick-technician.sh", "bash", "curl", &["\"version\":3", "\"origin\":\"changes\""]);
    said("sick_technician.py", "python3", "python3", &["version 2:", "new: T-9", "version 3:", "left out: T-1"]);
    said("what-if.sh", "bash", "curl", &["\"ann is ill\"", "\"state\":\"done\""]);
    said("what_if.py", "python3", "python3", &["ann is ill", "±"]);
    said("vroom-swap.sh", "bash", "curl", &["\"routes\"", "\"code\":0"]);
    said("vroom_swap.py", "python3", "python3", &["vehicle", "left out:"]);
    assert_eq!(left, Vec::<String>::new(), "examples that nothing runs");
}
