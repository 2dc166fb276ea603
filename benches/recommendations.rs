//! Best engineers over HTTP: a service on loopback with 1,000 technicians and 8,000 visits live, asked by one
//! connection and by fifty. Client, service and store share one process and one machine.
//!
//! Percentiles need every single time, so this target has no harness: it prints a table. Asking takes some
//! twenty seconds; making the plan before takes about as long.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

#[allow(dead_code, reason = "other benches use the rest of it")]
mod day;

use day::{Numbers, document};
use dispatch_api::{Limits, Service, Settings};
use serde_json::{Value, json};
use std::error::Error;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How long each table line asks.
const ASKING: Duration = Duration::from_secs(4);
const JOBS: usize = 8_000;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// One connection that stays open.
struct Line(BufReader<TcpStream>);

impl Line {
    async fn open(port: u16) -> Done<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }
    /// Status and body.
    async fn call(&mut self, method: &str, path: &str, head: &str, body: &str) -> Done<(u16, Vec<u8>)> {
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n{head}\r\n{body}"
        );
        self.0.get_mut().write_all(request.as_bytes()).await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).unwrap_or_default().parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).await?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse()?,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok((status, body))
    }
}

/// Requests with one ticket each, like the jobs of the day: at their places, or somewhere new.
fn requests(plan: &str, problem: &Value, new: bool) -> Vec<String> {
    let mut numbers = Numbers(11);
    let jobs = problem["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |number: usize| {
        let mut ticket = jobs[numbers.below(jobs.len() as u64) as usize].clone();
        ticket["id"] = json!(format!("new {number}"));
        if new {
            let position = numbers.position();
            ticket["place"] = json!({"lat": position.lat, "lon": position.lon});
        }
        json!({"plan": plan, "ticket": ticket, "most": 10}).to_string()
    };
    (0..1_000).map(one).collect()
}

/// Asks through so many connections for a while, and prints what came of it.
async fn ask(port: u16, what: &str, connections: usize, requests: &[String]) -> Done<()> {
    let began = Instant::now();
    let mut asking = tokio::task::JoinSet::new();
    for first in 0..connections {
        let own: Vec<String> = requests.iter().skip(first).step_by(connections).cloned().collect();
        asking.spawn(async move {
            let mut line = Line::open(port).await?;
            let mut times = Vec::new();
            for request in own.iter().cycle() {
                if began.elapsed() > ASKING {
                    break;
                }
                let asked = Instant::now();
                let (status, body) = line.call("POST", "/v1/recommendations", "", request).await?;
                times.push(asked.elapsed().as_secs_f64() * 1e3);
                if status != 200 {
                    return Err(String::from_utf8_lossy(&body).into());
                }
            }
            Done::Ok(times)
        });
    }
    let mut times = Vec::new();
    for answered in asking.join_all().await {
        times.extend(answered?);
    }
    let took = began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!(
        "  {what}, {connections:>2} connections: {:>6.0} a second, p50 {:>6.2}, p90 {:>6.2}, p99 {:>6.2}, most {:>6.2} ms",
        times.len() as f64 / took,
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0),
    );
    Ok(())
}

/// The service's own histogram of what its engine took for one question, as far as it is below a border.
async fn inside(port: u16) -> Done<()> {
    let (_, text) = Line::open(port).await?.call("GET", "/metrics", "", "").await?;
    for line in
        String::from_utf8_lossy(&text).lines().filter(|line| line.starts_with("dispatch_recommendation_seconds"))
    {
        println!("  {line}");
    }
    Ok(())
}

async fn run() -> Done<()> {
    let folder = tempfile::tempdir()?;
    let limits = Limits {
        jobs: 2 * JOBS,
        places: 3 * JOBS,
        body_bytes: 64 << 20,
        live_bytes: 4 << 30,
        seconds: 300.0,
        wait_seconds: 300.0,
        ..Limits::default()
    };
    let store = folder.path().join("store.db").display().to_string();
    let start = Instant::now();
    let settings = Settings { limits, store, ..Settings::default() };
    let service = Service::open(settings, move || start.elapsed().as_secs_f64()).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(dispatch_api::serve(listener, service, async { drop(stopped.await) }));
    let problem = document(JOBS);
    let mut line = Line::open(port).await?;
    let began = Instant::now();
    let path = "/v1/plans?iterations=2000";
    let (_, job) = line.call("POST", path, "Prefer: wait=300\r\n", &problem.to_string()).await?;
    let job: Value = serde_json::from_slice(&job)?;
    let id = job["id"].as_str().ok_or("no plan")?.to_owned();
    let warm = &requests(&id, &problem, true)[0];
    line.call("POST", "/v1/recommendations", "", warm).await?;
    println!("{JOBS} visits: planned and ready after {:.1} s", began.elapsed().as_secs_f64());
    for (what, new) in [("tickets at known places", false), ("tickets at new places", true)] {
        let requests = requests(&id, &problem, new);
        for connections in [1, 50] {
            ask(port, what, connections, &requests).await?;
        }
    }
    inside(port).await?;
    drop(stop);
    Ok(server.await??)
}

fn main() -> Done<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run())
}
