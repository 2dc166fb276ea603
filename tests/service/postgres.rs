//! A PostgreSQL of its own for a test, from Debian's package; none where that is not installed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running cluster in a folder of its own.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

impl Cluster {
    /// Starts one, or says why not.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            println!("skipped: no PostgreSQL on this machine (Debian: apt-get install postgresql)");
            return None;
        };
        // Not in the folder for temporary files of whoever tests: another user must get there too.
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { folder, programs, port };
        if is_root() && !run(Command::new("chown").arg("postgres").arg(cluster.folder.path())) {
            println!("skipped: PostgreSQL does not run as root, and there is no user postgres");
            return None;
        }
        let data = cluster.data();
        let data = data.to_str().unwrap();
        // The machine's own language may be one that it does not have.
        let plain = ["-A", "trust", "-U", "dispatch", "--locale=C", "--encoding=UTF8", "--no-sync"];
        assert!(run(cluster.program("initdb", &["-D", data]).args(plain)), "initdb");
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off");
        let log = format!("{data}/log");
        let started = run(&mut cluster.program("pg_ctl", &["-D", data, "-l", &log, "-w", "-o", &options, "start"]));
        assert!(started, "pg_ctl start");
        Some(cluster)
    }
    /// Its address.
    pub(crate) fn address(&self) -> String {
        format!("postgres://dispatch@127.0.0.1:{}/postgres", self.port)
    }
    /// Ends every connection to it and starts it again.
    pub(crate) fn restart(&self) {
        let data = self.data();
        let data = data.to_str().unwrap();
        assert!(run(&mut self
            .program("pg_ctl", &["-D", data, "-w", "-m", "immediate", "-l", &format!("{data}/log"), "restart"])));
    }
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
    fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let path = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.args(arguments).current_dir(self.folder.path());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        run(&mut self.program("pg_ctl", &["-D", data.to_str().unwrap_or_default(), "-m", "immediate", "stop"]));
    }
}

fn run(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// The folder of the newest version that Debian has installed.
fn programs() -> Option<PathBuf> {
    let versions = Path::new("/usr/lib/postgresql").read_dir().ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists()).max()
}
