//! Speeds measured on single ways of the map or on stretches of them, and closures, from a table.
//!
//! What a day of traffic makes of them is in `traffic`.

use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, Word, value};
use dispatch_data::units::Permille;
use dispatch_data::{say, word};

/// How fast one is on a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// In metres per hour.
    Speed(u32),
    /// In thousandths of the plain speed.
    Share(Permille),
    /// Nobody drives there.
    Closed,
}

/// What a row speaks of, by the map's own ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Way(i64),
    /// From one node of a way to the next one, in this direction.
    Stretch(i64, i64),
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Measured {
    pub(crate) part: Part,
    /// As the map draws the way, and against it.
    pub(crate) directions: [bool; 2],
    /// A bit for each hour of the day.
    pub(crate) hours: u32,
    pub(crate) pace: Pace,
    line: usize,
}

/// All hours of the day.
pub(crate) const ALL_DAY: u32 = (1 << 24) - 1;

/// Speeds measured on single ways and on stretches between neighbouring nodes, and closures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaySpeeds {
    /// In order of ways, then of stretches.
    pub(crate) rows: Vec<Measured>,
}

const COLUMNS: [&str; 7] = ["way", "from", "to", "direction", "hours", "speed", "share"];
/// Findings told of one table.
const MOST: usize = 200;

impl WaySpeeds {
    /// Reads a table.
    ///
    /// Commas, semicolons or tabs; the first line names the columns, in any order; `#` starts a note:
    ///
    /// ```text
    /// way,from,to,direction,hours,speed,share
    /// 25788571,,,forward,7-9 16-19,18,
    /// 25788571,,,backward,,,650
    /// ,280927411,280927415,,,closed,
    /// ```
    ///
    /// | column | holds |
    /// |---|---|
    /// | `way` | the way's id in the map |
    /// | `from`, `to` | instead of it, the ids of two neighbouring nodes of a way: only from the one to the other; such a row comes before that of the way |
    /// | `direction` | `forward` as the map draws it, `backward` against it; empty or left out: both |
    /// | `hours` | full hours of the local day, `7-9` up to nine o'clock, several with spaces between; empty or left out: all |
    /// | `speed` | kilometres per hour from 1 to 200; `closed` or 0: nobody drives there |
    /// | `share` | instead of it, thousandths of the plain speed from 10 to 10000 |
    ///
    /// # Errors
    /// All findings (up to two hundred), each with its line and column.
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        let Some((line, heading)) = lines.next() else {
            return Err(vec![Finding::new("", Code::Empty, say!("a line of headings"), say!("an empty table"))]);
        };
        let mark = [',', ';', '\t'].into_iter().find(|mark| heading.contains(*mark)).unwrap_or(',');
        let mut found = Vec::new();
        let columns = headings(line, heading, mark, &mut found);
        if !found.is_empty() {
            return Err(found);
        }
        let mut rows = Vec::new();
        for (line, text) in lines {
            if found.len() >= MOST {
                break;
            }
            let cells: Vec<&str> = text.split(mark).map(str::trim).collect();
            if cells.len() > columns.len() {
                let (expected, got) = (say!("{} cells", columns.len()), say!("{} cells", cells.len()));
                found.push(Finding::new(format!("line {line}"), Code::BadFormat, expected, got));
                continue;
            }
            let row = Row { line, cells, columns: &columns, found: &mut found };
            rows.extend(row.read());
        }
        rows.sort_by_key(|row| (row.part, row.line));
        repeated(&rows, &mut found);
        found.truncate(MOST);
        if found.is_empty() { Ok(Self { rows }) } else { Err(found) }
    }
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// What each column of a table is, as a position in [`COLUMNS`].
fn headings(line: usize, heading: &str, mark: char, found: &mut Vec<Finding>) -> Vec<usize> {
    let mut columns = Vec::new();
    for (at, name) in heading.split(mark).map(str::trim).enumerate() {
        let pointer = format!("line {line}, column {}", at + 1);
        match COLUMNS.iter().position(|column| column.eq_ignore_ascii_case(name)) {
            Some(column) if columns.contains(&column) => {
                found.push(Finding::new(pointer, Code::RepeatedKey, say!("each column once"), value(name)));
            }
            Some(column) => columns.push(column),
            None => {
                let finding = Finding::new(pointer, Code::UnknownKey, say!("a heading of this table"), value(name));
                found.push(finding.hint(say!("known here: {}", COLUMNS.join(", "))));
            }
        }
    }
    let all = |of: &[usize]| of.iter().all(|column| columns.contains(column));
    let needs = [
        (all(&[0]) || all(&[1, 2]), say!("way, or columns from and to")),
        (all(&[5]) || all(&[6]), value("speed, share")),
    ];
    for (there, names) in needs {
        // An unknown heading may be the one that is missing.
        if found.is_empty() && !there {
            let expected = say!("a column {}", names);
            found.push(Finding::new(format!("line {line}"), Code::MissingKey, expected, say!("none")));
        }
    }
    columns
}

/// Two rows for the same way or stretch, direction and hour contradict each other; `rows` are in order of these.
fn repeated(rows: &[Measured], found: &mut Vec<Finding>) {
    for of_way in rows.chunk_by(|one, other| one.part == other.part) {
        // Who has spoken for each hour of each direction.
        let mut lines = [[0; 24]; 2];
        for row in of_way {
            let mut first = None;
            for (lines, _) in lines.iter_mut().zip(row.directions).filter(|(_, meant)| *meant) {
                for (line, _) in lines.iter_mut().zip(0..).filter(|(_, hour)| row.hours >> hour & 1 == 1) {
                    first = first.or((*line > 0).then_some(*line));
                    *line = row.line;
                }
            }
            if let Some(first) = first {
                let (column, expected, got) = match row.part {
                    Part::Way(way) => (
                        "way",
                        say!("each way, direction and hour once; it stands in line {} already", first),
                        value(way),
                    ),
                    Part::Stretch(from, to) => (
                        "from",
                        say!("each stretch and hour once; it stands in line {} already", first),
                        say!("{} to {}", from, to),
                    ),
                };
                found.push(Finding::new(format!("line {}, {column}", row.line), Code::DuplicateId, expected, got));
            }
        }
    }
}

/// One row and where to report what is wrong with it.
struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
    columns: &'a [usize],
    found: &'a mut Vec<Finding>,
}

impl Row<'_> {
    /// The cell of a column; empty where the column or the cell is left out.
    fn cell(&self, name: &str) -> &str {
        let at = self.columns.iter().position(|column| COLUMNS[*column] == name);
        at.and_then(|at| self.cells.get(at)).copied().unwrap_or_default()
    }
    fn wrong(&mut self, name: &str, code: Code, expected: impl Into<Text>, got: impl Into<Text>) {
        self.found.push(Finding::new(format!("line {}, {name}", self.line), code, expected, got));
    }
    /// A cell read by a parser; `None` and a finding where it does not read, `Some(None)` where it is empty.
    fn parsed<T>(&mut self, name: &str, expected: Word, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        let cell = self.cell(name);
        if cell.is_empty() {
            return Some(None);
        }
        let read = parse(cell);
        if read.is_none() {
            let got = value(cell);
            self.wrong(name, Code::BadFormat, expected, got);
        }
        read.map(Some)
    }
    /// All cells, even where an early one is wrong, so that all findings are told.
    fn read(mut self) -> Option<Measured> {
        let part = self.part();
        let directions = self.parsed("direction", word!("forward or backward"), |cell| match cell {
            "forward" => Some([true, false]),
            "backward" => Some([false, true]),
            _ => None,
        });
        let hours = self.parsed("hours", word!("full hours of a day, like 7-9 16-19"), hours);
        if let (Some(Some(Part::Stretch(..))), Some(Some(_))) = (part, directions) {
            let expected = say!("no direction beside from and to, which tell it");
            let got = value(self.cell("direction"));
            self.wrong("direction", Code::Contradiction, expected, got);
            return None;
        }
        let speed = self.parsed("speed", word!("kilometres per hour from 1 to 200, or closed"), speed);
        let share = self.parsed("share", word!("thousandths of the plain speed from 10 to 10000"), |cell| {
            cell.parse().ok().filter(|share| (10..=10_000).contains(share))
        });
        let pace = match (speed?, share?) {
            (Some(pace), None) => pace,
            (None, Some(share)) => Pace::Share(Permille(share)),
            (Some(_), Some(_)) => {
                self.wrong("speed", Code::Contradiction, say!("a speed or a share"), say!("both"));
                return None;
            }
            (None, None) => {
                self.wrong("speed", Code::Empty, say!("a speed or a share"), say!("none"));
                return None;
            }
        };
        let part = part??;
        let both = [true, matches!(part, Part::Way(_))];
        let (directions, hours) = (directions?.unwrap_or(both), hours?.unwrap_or(ALL_DAY));
        Some(Measured { part, directions, hours, pace, line: self.line })
    }
    /// The way or the two nodes; `None` and a finding where they do not read, are not there or contradict each other.
    fn part(&mut self) -> Option<Option<Part>> {
        let id = |cell: &str| cell.parse().ok().filter(|id: &i64| *id > 0);
        let way = self.parsed("way", word!("the id of a way"), id);
        let ends = ["from", "to"].map(|name| self.parsed(name, word!("the id of a node"), id));
        match (way?, ends[0]?, ends[1]?) {
            (Some(way), None, None) => return Some(Some(Part::Way(way))),
            (None, Some(from), Some(to)) if from != to => return Some(Some(Part::Stretch(from, to))),
            (None, Some(node), Some(_)) => {
                self.wrong("to", Code::Contradiction, say!("another node than from"), value(node));
            }
            (None, Some(_), None) => self.wrong("to", Code::Empty, say!("the id of a node"), say!("an empty cell")),
            (None, None, Some(_)) => self.wrong("from", Code::Empty, say!("the id of a node"), say!("an empty cell")),
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                self.wrong("way", Code::Contradiction, say!("a way, or two nodes of one"), say!("both"));
            }
            (None, None, None) if self.columns.contains(&1) => {
                self.wrong("way", Code::Empty, say!("a way, or two nodes of one"), say!("none"));
            }
            (None, None, None) => self.wrong("way", Code::Empty, say!("the id of a way"), say!("an empty cell")),
        }
        None
    }
}

/// Kilometres per hour, or that there is no driving.
fn speed(cell: &str) -> Option<Pace> {
    if cell.eq_ignore_ascii_case("closed") {
        return Some(Pace::Closed);
    }
    let speed: f64 = cell.parse().ok()?;
    if speed == 0.0 {
        return Some(Pace::Closed);
    }
    (1.0..=200.0).contains(&speed).then(|| Pace::Speed((speed * 1000.0).round() as u32))
}

/// Ranges of full hours as bits.
fn hours(cell: &str) -> Option<u32> {
    cell.split_whitespace().try_fold(0, |hours, range| {
        let (from, to) = range.split_once('-')?;
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        (from < to && to <= 24).then(|| hours | ((1 << to) - (1 << from)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        WaySpeeds::parse(text).expect_err("refused").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_row_tells_the_pace_of_a_way_by_direction_and_hour() {
        let text = "\u{feff}# from the roadside\nspeed;way;hours;direction\n\n18.5;7;7-9 16-19;forward\n30;7\n";
        let error = told(text);
        assert_eq!(error.len(), 1, "{error:?}");
        assert!(error[0].starts_with("line 5, way: duplicate_id: expected each way, direction and hour once; "));
        let read = WaySpeeds::parse(&text.replace("30;7\n", "30;7;;backward\n")).expect("well-formed");
        let row = |directions, hours, metres, line| {
            let pace = Pace::Speed(metres);
            Measured { part: Part::Way(7), directions, hours, pace, line }
        };
        let rush = 0b111 << 16 | 0b11 << 7;
        assert_eq!(read.rows, [row([true, false], rush, 18_500, 4), row([false, true], ALL_DAY, 30_000, 5)]);
        assert_eq!(WaySpeeds::parse("way,share").expect("a head").len(), 0);
    }

    #[test]
    fn every_wrong_cell_is_found_with_its_line_and_column() {
        let text =
            "way,direction,hours,speed,share\n0,up,9-7,0.5,\nx,,7-25,,5\n,,,30,\n5,,,,\n5,,,30,900\n1,2,3,4,5,6\n";
        assert_eq!(
            told(text),
            [
                "line 2, way: bad_format: expected the id of a way, got 0",
                "line 2, direction: bad_format: expected forward or backward, got up",
                "line 2, hours: bad_format: expected full hours of a day, like 7-9 16-19, got 9-7",
                "line 2, speed: bad_format: expected kilometres per hour from 1 to 200, or closed, got 0.5",
                "line 3, way: bad_format: expected the id of a way, got x",
                "line 3, hours: bad_format: expected full hours of a day, like 7-9 16-19, got 7-25",
                "line 3, share: bad_format: expected thousandths of the plain speed from 10 to 10000, got 5",
                "line 4, way: empty: expected the id of a way, got an empty cell",
                "line 5, speed: empty: expected a speed or a share, got none",
                "line 6, speed: contradiction: expected a speed or a share, got both",
                "line 7: bad_format: expected 5 cells, got 6 cells",
            ]
        );
    }

    #[test]
    fn a_row_tells_the_pace_between_two_nodes_or_that_a_road_is_closed() {
        let text = "from;to;hours;speed;way\n1;2;;30\n2;1;7-9;closed\n2;1;9-10;0\n;;;Closed;5\n";
        let read = WaySpeeds::parse(text).expect("well-formed").rows;
        let row = |part, directions, hours, pace, line| Measured { part, directions, hours, pace, line };
        let stretch = |from, to, hours, pace, line| row(Part::Stretch(from, to), [true, false], hours, pace, line);
        let expected = [
            row(Part::Way(5), [true; 2], ALL_DAY, Pace::Closed, 5),
            stretch(1, 2, ALL_DAY, Pace::Speed(30_000), 2),
            stretch(2, 1, 0b11 << 7, Pace::Closed, 3),
            stretch(2, 1, 1 << 9, Pace::Closed, 4),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn wrong_stretches_are_found_with_line_and_column() {
        let text = "way,from,to,direction,hours,speed\n,1,,,,5\n,,1,,,5\n,1,1,,,5\n3,1,2,,,5\n,,,,,5\n,1,2,forward,,5\n\
                    ,x,2,,,5\n,1,2,,7-9,5\n,1,2,,8-10,closed\n";
        assert_eq!(
            told(text),
            [
                "line 2, to: empty: expected the id of a node, got an empty cell",
                "line 3, from: empty: expected the id of a node, got an empty cell",
                "line 4, to: contradiction: expected another node than from, got 1",
                "line 5, way: contradiction: expected a way, or two nodes of one, got both",
                "line 6, way: empty: expected a way, or two nodes of one, got none",
                "line 7, direction: contradiction: expected no direction beside from and to, which tell it, got forward",
                "line 8, from: bad_format: expected the id of a node, got x",
                "line 10, from: duplicate_id: expected each stretch and hour once; it stands in line 9 already, got 1 to 2",
            ]
        );
    }

    #[test]
    fn a_table_without_its_headings_is_refused() {
        assert_eq!(
            told("from,speed"),
            ["line 1: missing_key: expected a column way, or columns from and to, got none"]
        );
        assert_eq!(told(" \n# nothing"), ["(whole file): empty: expected a line of headings, got an empty table"]);
        assert_eq!(told("way,hours"), ["line 1: missing_key: expected a column speed, share, got none"]);
        let error = told("wey,speed,speed\n");
        assert_eq!(
            error[0],
            "line 1, column 1: unknown_key: expected a heading of this table, got wey; known here: way, from, to, direction, hours, speed, share"
        );
        assert_eq!(error[1], "line 1, column 3: repeated_key: expected each column once, got speed");
        let many = format!("way,speed\n{}", "x,1\n".repeat(1000));
        assert_eq!(told(&many).len(), MOST);
    }
}
