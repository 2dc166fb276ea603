//! Just enough HTTP to ask a service on this machine, one connection a call.

use serde_json::Value;
use std::io::{Error, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Status and JSON body (null where it is another kind).
pub(crate) fn call(port: u16, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> Result<(u16, Value)> {
    let (status, text) = text(port, method, path, head, body)?;
    Ok((status, serde_json::from_str(&text).unwrap_or_default()))
}

/// Status and body.
pub(crate) fn text(port: u16, method: &str, path: &str, head: &[(&str, &str)], body: &str) -> Result<(u16, String)> {
    exchange(port, method, path, head, body).map(|(status, _, body)| (status, body))
}

/// Status, head in small letters, and body.
pub(crate) fn exchange(
    port: u16,
    method: &str,
    path: &str,
    head: &[(&str, &str)],
    body: &str,
) -> Result<(u16, String, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(100)))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    for (name, value) in head {
        request += &format!("{name}: {value}\r\n");
    }
    if !body.is_empty() {
        request += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8(answer).map_err(Error::other)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| Error::other("cut off"))?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let head = head.to_ascii_lowercase();
    let stated = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    if stated.is_some_and(|stated: usize| stated != body.len()) {
        return Err(Error::other("cut off"));
    }
    Ok((status.ok_or_else(|| Error::other("no status"))?, head, body.to_owned()))
}
