//! Text of a technician routing file → [`Trsp`]: header, rows with bracketed lists, matrices.

use super::{Matrices, Row, Trsp};
use crate::finding::{Code, Finding};
use crate::import::text::{self, Findings, Line, MOST_PLACES, MOST_TECHNICIANS};
use crate::lang::value;
use crate::say;
use std::ops::RangeInclusive;

const MOST_KINDS: i64 = 1000;
const MOST_UNITS: i64 = 1_000_000;
/// Coordinates and travel: a leg in ticks must stay within 32 bits.
const MOST_COORDINATE: f64 = 1e5;
const MOST_TRAVEL: f64 = 4e5;
const TIMES: RangeInclusive<f64> = 0.0..=1e7;

/// Reads the text of a file.
///
/// # Errors
/// All findings, each with its line.
pub fn read(text: &str) -> Result<Trsp, Vec<Finding>> {
    let mut found = Findings::default();
    let mut lines = text::lines(text).peekable();
    let name = lines.next_if(|line| !line.is_numeric()).map_or_else(String::new, |line| line.text.to_owned());
    while let Some(line) = lines.next_if(|line| !line.is_numeric()) {
        heading(&mut found, line);
    }
    let counts = lines.next().and_then(|line| counts(&mut found, line));
    let Some((technicians, kinds)) = counts else {
        if found.is_empty() {
            found.add(
                "",
                Code::BadFormat,
                say!("a line of four counts: crew, skills, tools, spare parts"),
                say!("none"),
            );
        }
        return Err(found.into_vec());
    };
    while let Some(line) = lines.next_if(|line| !line.is_numeric()) {
        heading(&mut found, line);
    }
    let mut rows = Vec::new();
    while let Some(line) = lines.next_if(|line| line.is_numeric()) {
        if rows.len() >= MOST_PLACES || found.is_full() {
            found.add(line.pointer(), Code::TooLarge, say!("at most {} rows", MOST_PLACES), say!("more"));
            return Err(found.into_vec());
        }
        rows.push(row(&mut found, line, rows.len(), kinds).unwrap_or_default());
    }
    if rows.len() <= technicians {
        let expected = say!("a depot and {} technicians", technicians);
        found.add("", Code::BadFormat, expected, say!("{} rows", rows.len()));
        return Err(found.into_vec());
    }
    let requests = rows.split_off(technicians + 1);
    let crew = rows.split_off(1);
    let depot = rows.pop().unwrap_or_default();
    let mut file = Trsp { name, kinds, depot, technicians: crew, requests, matrices: None };
    let rest: Vec<Line<'_>> = lines.collect();
    if !rest.is_empty() {
        file.matrices = matrices(&mut found, &rest, file.nodes());
    }
    found.or(file)
}

fn heading(found: &mut Findings, line: Line<'_>) {
    let known = ["INFO", "CREW", "DEPOT", "ID"];
    let first = line.text.split_whitespace().next().unwrap_or_default();
    if !known.contains(&first) {
        found.add(line.pointer(), Code::BadFormat, say!("a heading or a line of numbers"), value(line.text));
    }
}

fn counts(found: &mut Findings, line: Line<'_>) -> Option<(usize, [u32; 3])> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let [crew, skills, tools, parts] = words[..] else {
        found.add(
            line.pointer(),
            Code::BadFormat,
            say!("four counts: crew, skills, tools, spare parts"),
            value(line.text),
        );
        return None;
    };
    let crew = text::whole(found, line, "CREW COUNT", crew, 1..=MOST_TECHNICIANS as i64);
    let mut kind =
        |what, word| text::whole(found, line, what, word, 0..=MOST_KINDS).and_then(|count| u32::try_from(count).ok());
    let kinds = [kind("SKILLS", skills), kind("TOOLS", tools), kind("SPARE PARTS", parts)];
    Some((usize::try_from(crew?).ok()?, [kinds[0]?, kinds[1]?, kinds[2]?]))
}

fn row(found: &mut Findings, line: Line<'_>, id: usize, kinds: [u32; 3]) -> Option<Row> {
    let mut pieces = line.text.split('[');
    let words: Vec<&str> = pieces.next().unwrap_or_default().split_whitespace().collect();
    let lists: Vec<&str> = pieces.collect();
    let ([number, x, y, open, close, service], [skills, tools, parts]) = (&words[..], &lists[..]) else {
        found.add(
            line.pointer(),
            Code::BadFormat,
            say!("ID X Y TWS TWE Serv [skills] [tools] [parts]"),
            value(line.text),
        );
        return None;
    };
    let number = text::whole(found, line, "ID", number, 0..=MOST_PLACES as i64);
    if number.is_some_and(|number| number != id as i64) {
        found.add(format!("line {}, ID", line.number), Code::BadFormat, value(id), value(words[0]));
    }
    let coordinate = -MOST_COORDINATE..=MOST_COORDINATE;
    let x = text::real(found, line, "X", x, coordinate.clone());
    let y = text::real(found, line, "Y", y, coordinate);
    let open = text::real(found, line, "TWS", open, TIMES);
    let close = text::real(found, line, "TWE", close, TIMES);
    let service = text::real(found, line, "Serv", service, TIMES);
    let skills = list(found, line, "SKILLS", skills, 0..=i64::from(kinds[0]) - 1);
    let tools = list(found, line, "TOOLS", tools, 0..=i64::from(kinds[1]) - 1);
    let parts = list(found, line, "SPARE PARTS", parts, 0..=MOST_UNITS)?;
    if !parts.is_empty() && parts.len() != kinds[2] as usize {
        let expected = say!("{} part types", kinds[2]);
        found.add(format!("line {}, SPARE PARTS", line.number), Code::BadFormat, expected, value(parts.len()));
    }
    let (mut skills, mut tools) = (skills?, tools?);
    for own in [&mut skills, &mut tools] {
        own.sort_unstable();
        own.dedup();
    }
    let row = Row { x: x?, y: y?, open: open?, close: close?, service: service?, skills, tools, parts };
    if row.close < row.open {
        let pointer = format!("line {}, TWE", line.number);
        found.add(pointer, Code::ClosedBeforeOpen, say!("at or after {}", row.open), value(row.close));
    }
    Some(row)
}

/// Numbers of a list of which the opening bracket is gone already.
fn list(found: &mut Findings, line: Line<'_>, what: &str, text: &str, range: RangeInclusive<i64>) -> Option<Vec<u32>> {
    let Some(inner) = text.trim().strip_suffix(']') else {
        found.add(format!("line {}, {what}", line.number), Code::BadFormat, say!("a list in brackets"), value(text));
        return None;
    };
    if inner.trim().is_empty() {
        return Some(Vec::new());
    }
    let numbers = inner.split(',').map(|word| text::whole(found, line, what, word, range.clone()));
    // Collected first, so that every wrong number of the list is found.
    let numbers: Vec<Option<i64>> = numbers.collect();
    numbers.into_iter().map(|number| number.and_then(|number| u32::try_from(number).ok())).collect()
}

fn matrices(found: &mut Findings, lines: &[Line<'_>], nodes: usize) -> Option<Matrices> {
    let mut rest = lines;
    let distances = matrix(found, &mut rest, "DISTANCES", nodes);
    let times = matrix(found, &mut rest, "TRAVEL TIMES", nodes);
    if let (Some(line), true) = (rest.first(), found.is_empty()) {
        found.add(line.pointer(), Code::BadFormat, say!("the end of the file"), value(line.text));
    }
    Some(Matrices { distances: distances?, times: times? })
}

fn matrix(found: &mut Findings, lines: &mut &[Line<'_>], title: &str, nodes: usize) -> Option<Vec<f64>> {
    let (Some((first, rest)), true) = (lines.split_first(), found.is_empty()) else {
        if found.is_empty() {
            found.add("", Code::BadFormat, value(title), say!("end of file"));
        }
        return None;
    };
    if first.text != title {
        found.add(first.pointer(), Code::BadFormat, value(title), value(first.text));
        return None;
    }
    if rest.len() < nodes {
        found.add(first.pointer(), Code::BadFormat, say!("{} rows", nodes), say!("{} lines", rest.len()));
        return None;
    }
    let (rows, rest) = rest.split_at(nodes);
    *lines = rest;
    let mut numbers = Vec::new();
    for (at, line) in rows.iter().enumerate() {
        let mut words = line.text.split(';');
        let id = words.next().unwrap_or_default();
        if id.trim().parse() != Ok(at) {
            found.add(line.pointer(), Code::BadFormat, say!("the row of node {}", at), value(id));
            return None;
        }
        let before = numbers.len();
        for word in words {
            numbers.push(text::real(found, *line, title, word, 0.0..=MOST_TRAVEL).unwrap_or(0.0));
        }
        if numbers.len() - before != nodes {
            let got = say!("{} numbers", numbers.len() - before);
            found.add(line.pointer(), Code::BadFormat, say!("{} numbers", nodes), got);
            return None;
        }
    }
    Some(numbers)
}
