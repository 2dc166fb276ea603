//! Text of the tables → [`Tables`], every wrong cell found with its line and its heading.

use super::columns::{self, Column, Table};
use super::{JobRow, StockRow, Tables, TechnicianRow, cells};
use crate::finding::{Code, Finding};
use crate::format::suggest::nearest;
use crate::import::text::{Findings, MOST_PLACES};
use crate::lang;
use crate::lang::{Text, Word, quoted, value};
use crate::place::Position;
use crate::{say, word};
use csv::StringRecord;
use std::collections::HashMap;

const MOST_NAME: usize = 200;
const MOST_CELL: usize = 10_000;

/// Reads the tables of jobs and technicians, and of stock where there is one.
///
/// Commas, semicolons or tabs; fields may be quoted; a byte order mark is skipped.
///
/// # Errors
/// All findings, each with table, line and heading.
pub fn read(jobs: &str, technicians: &str, stock: Option<&str>) -> Result<Tables, Vec<Finding>> {
    let mut found = Findings::default();
    let jobs = Sheet::of(&mut found, "jobs", columns::JOBS, jobs).rows(&mut found, job);
    let technicians =
        Sheet::of(&mut found, "technicians", columns::TECHNICIANS, technicians).rows(&mut found, technician);
    let stock =
        stock.map_or_else(Vec::new, |text| Sheet::of(&mut found, "stock", columns::STOCK, text).rows(&mut found, lot));
    unique(&mut found, "jobs", jobs.iter().map(|row| (row.line, row.id.as_str())));
    unique(&mut found, "technicians", technicians.iter().map(|row| (row.line, row.id.as_str())));
    found.or(Tables { jobs, technicians, stock })
}

fn unique<'a>(found: &mut Findings, table: &str, ids: impl Iterator<Item = (u64, &'a str)>) {
    let mut seen = HashMap::new();
    for (line, id) in ids {
        if let Some(first) = seen.insert(id, line) {
            let expected = say!("each id once; it stands in line {} already", first);
            found.add(format!("{table}, line {line}, id"), Code::DuplicateId, expected, value(id));
        }
    }
}

/// One table: its name, where each column stands, and its rows.
struct Sheet {
    name: &'static str,
    headings: HashMap<Column, (usize, String)>,
    rows: Vec<(u64, StringRecord)>,
}

impl Sheet {
    fn of(found: &mut Findings, name: &'static str, table: Table, text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|mark| (first.bytes().filter(|byte| byte == mark).count(), *mark == b','))
            .unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut sheet = Self { name, headings: HashMap::new(), rows: Vec::new() };
        let mut width = None;
        for record in reader.records() {
            let Ok(record) = record else {
                found.add(name, Code::BadFormat, say!("rows of comma-separated cells"), say!("something else"));
                break;
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.iter().all(str::is_empty) {
                continue;
            }
            let Some(width) = width else {
                width = Some(record.len());
                sheet.heading(found, table, line, &record);
                continue;
            };
            if record.len() > width {
                let (expected, got) = (say!("{} cells", width), say!("{} cells", record.len()));
                found.add(format!("{name}, line {line}"), Code::BadFormat, expected, got);
            } else if sheet.rows.len() >= MOST_PLACES || found.is_full() {
                found.add(
                    format!("{name}, line {line}"),
                    Code::TooLarge,
                    say!("at most {} rows", MOST_PLACES),
                    say!("more"),
                );
                break;
            } else {
                sheet.rows.push((line, record));
            }
        }
        if width.is_none() {
            found.add(name, Code::Empty, say!("a line of headings"), say!("an empty table"));
        }
        sheet
    }

    fn heading(&mut self, found: &mut Findings, table: Table, line: u64, record: &StringRecord) {
        let known: Vec<&str> = table.iter().flat_map(|(_, _, names)| names.iter().copied()).collect();
        for (at, heading) in record.iter().enumerate() {
            let folded = columns::folded(heading);
            let column = table.iter().find(|(_, _, names)| names.contains(&folded.as_str()));
            let pointer = format!("{}, line {line}, column {}", self.name, at + 1);
            match column {
                Some((column, _, _)) => {
                    if self.headings.insert(*column, (at, heading.to_owned())).is_some() {
                        found.add(pointer, Code::RepeatedKey, say!("each column once"), value(heading));
                    }
                }
                None => {
                    let finding =
                        Finding::new(pointer, Code::UnknownKey, say!("a heading of this table"), value(heading));
                    found.push(match nearest(&folded, known.iter().copied()) {
                        Some(near) => finding.hint(say!("did you mean {}?", quoted(near))),
                        None => finding.hint(say!("known here: {}", shown(table))),
                    });
                }
            }
        }
        for (column, needed, names) in table {
            if *needed && !self.headings.contains_key(column) {
                let expected = say!("a column {}", Text::joined(names.iter().map(quoted), word!(" or ")));
                found.add(format!("{}, line {line}", self.name), Code::MissingKey, expected, say!("none"));
            }
        }
    }

    fn rows<T>(self, found: &mut Findings, read: impl Fn(&mut Row<'_, '_>) -> T) -> Vec<T> {
        let Self { name, headings, rows } = self;
        let read_row = |(line, record): &(u64, StringRecord)| {
            read(&mut Row { name, headings: &headings, line: *line, record, found: &mut *found })
        };
        rows.iter().map(read_row).collect()
    }
}

/// The first heading of each column.
fn shown(table: Table) -> String {
    table.iter().filter_map(|(_, _, names)| names.first().copied()).collect::<Vec<_>>().join(", ")
}

/// One row and where to report what is wrong with it.
struct Row<'r, 'f> {
    name: &'static str,
    headings: &'r HashMap<Column, (usize, String)>,
    line: u64,
    record: &'r StringRecord,
    found: &'f mut Findings,
}

impl<'r> Row<'r, '_> {
    /// The cell of a column; `None` where the column or the cell is empty.
    fn cell(&self, column: Column) -> Option<&'r str> {
        let (at, _) = self.headings.get(&column)?;
        self.record.get(*at).filter(|cell| !cell.is_empty())
    }
    fn wrong(&mut self, column: Column, code: Code, expected: Word, got: Text) {
        let heading = self.headings.get(&column).map_or("", |(_, heading)| heading.as_str());
        self.found.add(format!("{}, line {}, {heading}", self.name, self.line), code, expected, got);
    }
    /// A cell read by a parser that says what it expects.
    fn parsed<T>(&mut self, column: Column, expected: Word, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let cell = self.cell(column)?;
        let value = if cell.len() > MOST_CELL { None } else { parse(cell) };
        if value.is_none() {
            self.wrong(column, Code::BadFormat, expected, lang::value(cell));
        }
        value
    }
    fn needed<T: Default>(&mut self, column: Column, expected: Word, parse: impl Fn(&str) -> Option<T>) -> T {
        if self.headings.contains_key(&column) && self.cell(column).is_none() {
            self.wrong(column, Code::Empty, expected, say!("an empty cell"));
        }
        self.parsed(column, expected, parse).unwrap_or_default()
    }
    fn name(&mut self, column: Column) -> String {
        self.needed(column, word!("a name of at most 200 characters"), short)
    }
    fn position(&mut self, needed: bool) -> Option<Position> {
        let degrees = |most: f64| move |cell: &str| cell.parse::<f64>().ok().filter(|value| value.abs() <= most);
        let lat = self.parsed(Column::Lat, word!("degrees from -90 to 90"), degrees(90.0));
        let lon = self.parsed(Column::Lon, word!("degrees from -180 to 180"), degrees(180.0));
        for column in [Column::Lat, Column::Lon] {
            let one_alone = self.cell(Column::Lat).is_some() != self.cell(Column::Lon).is_some();
            if self.headings.contains_key(&column) && self.cell(column).is_none() && (needed || one_alone) {
                self.wrong(column, Code::Empty, word!("degrees"), say!("an empty cell"));
            }
        }
        Some(Position { lat: lat?, lon: lon? })
    }
    fn skills(&mut self) -> Vec<super::Counted> {
        let levels = |cell: &str| cells::counted(cell).filter(|list| list.iter().all(|(_, level)| *level <= 255));
        self.parsed(Column::Skills, word!("skills with levels from 1 to 255, like chiller:2; gas"), levels)
            .unwrap_or_default()
    }
    fn list(&mut self, column: Column) -> Vec<String> {
        let mut list = self.cell(column).map(cells::names).unwrap_or_default();
        list.sort();
        list.dedup();
        list
    }
    fn moment(&mut self, column: Column) -> Option<super::Moment> {
        self.parsed(column, word!("a time, like 2026-05-04 09:30 or 09:30"), cells::moment)
    }
}

fn short(cell: &str) -> Option<String> {
    (cell.chars().count() <= MOST_NAME).then(|| cell.to_owned())
}

fn job(row: &mut Row<'_, '_>) -> JobRow {
    JobRow {
        line: row.line,
        id: row.name(Column::Id),
        position: row.position(true),
        work: row.needed(Column::Work, word!("a length of time, like 90, 1:30 or PT1H30M"), |cell| {
            cells::duration(cell).filter(|work| work.0 <= crate::limits::TASK)
        }),
        setup: row.parsed(Column::Setup, word!("a length of time"), cells::duration).unwrap_or_default(),
        skills: row.skills(),
        deadline: row.moment(Column::Deadline),
        window: (row.moment(Column::From), row.moment(Column::Until)),
        priority: row.parsed(Column::Priority, word!("P1 to P4"), cells::priority),
        parts: row
            .parsed(Column::Parts, word!("parts with units, like P-11:2; K7"), cells::counted)
            .unwrap_or_default(),
        tools: row.list(Column::Tools),
        region: row.parsed(Column::Region, word!("a name of at most 200 characters"), short),
        technician: row.parsed(Column::Technician, word!("a name of at most 200 characters"), short),
        customer: row.parsed(Column::Customer, word!("a name of at most 200 characters"), short),
        kind: row
            .parsed(Column::Kind, word!("install, inspection, repair or return_visit"), cells::kind)
            .unwrap_or_default(),
    }
}

fn technician(row: &mut Row<'_, '_>) -> TechnicianRow {
    let moment = word!("a time, like 2026-05-04 08:00 or 08:00");
    TechnicianRow {
        line: row.line,
        id: row.name(Column::Id),
        name: row.parsed(Column::Name, word!("a name of at most 200 characters"), short).unwrap_or_default(),
        position: row.position(true),
        skills: row.skills(),
        shift: (
            row.needed(Column::From, moment, |cell| cells::moment(cell).map(Some)),
            row.needed(Column::Until, moment, |cell| cells::moment(cell).map(Some)),
        ),
        regions: row.list(Column::Region),
        stock: row
            .parsed(Column::Parts, word!("parts with units, like P-11:2; K7"), cells::counted)
            .unwrap_or_default(),
        tools: row.list(Column::Tools),
        work_rate: row.parsed(Column::WorkRate, word!("an amount with at most two decimals"), cells::cents),
        distance_rate: row.parsed(Column::DistanceRate, word!("an amount with at most two decimals"), cells::cents),
        max_jobs: row.parsed(Column::MaxJobs, word!("a whole number"), |cell| cell.parse().ok()),
    }
}

fn lot(row: &mut Row<'_, '_>) -> StockRow {
    StockRow {
        line: row.line,
        site: row.name(Column::Id),
        position: row.position(false),
        part: row.name(Column::Parts),
        quantity: row.needed(Column::Quantity, word!("a whole number up to 1000000"), |cell| {
            cell.parse().ok().filter(|units| *units <= 1_000_000)
        }),
        at: row.moment(Column::From),
    }
}
