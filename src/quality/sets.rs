//! The sets of a benchmark collection: where their instances lie, and their best known values.
//!
//! A collection is a folder with one folder per set; a set that is not there is passed over. Values
//! stand in a `bks.csv` with the columns `instance` and `value` (or `value_working_time`), and
//! where they apply `convention` and `unserved`.

use crate::failure::{Failure, system};
use crate::input;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::import::Format;
use dispatch_data::lang::{quoted, value};
use dispatch_data::say;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One set.
pub(crate) struct Set {
    /// Its name in tables.
    pub(crate) name: &'static str,
    /// Its folder within the collection.
    folder: &'static str,
    /// What its files end in.
    extension: &'static str,
    /// How they are read.
    pub(crate) format: Format,
    /// Its best known values within the collection; of sets without any there is no gap.
    best: Option<&'static str>,
}

/// Every set that can be solved.
pub(crate) const SETS: [Set; 7] = [
    Set { name: "trsp", folder: "trsp/crew25", extension: "txt", format: Format::Trsp, best: Some("trsp/bks.csv") },
    Set { name: "trsp-crew13", folder: "trsp/crew13", extension: "txt", format: Format::Trsp, best: None },
    Set {
        name: "trsp-praxedo",
        folder: "trsp-praxedo",
        extension: "txt",
        format: Format::Trsp,
        best: Some("trsp-praxedo/bks.csv"),
    },
    Set { name: "solomon", folder: "solomon", extension: "txt", format: Format::Vrptw, best: Some("solomon/bks.csv") },
    Set {
        name: "gehring-homberger",
        folder: "gehring-homberger",
        extension: "txt",
        format: Format::Vrptw,
        best: Some("gehring-homberger/bks.csv"),
    },
    Set {
        name: "sdvrptw",
        folder: "sdvrptw",
        extension: "vrp",
        format: Format::Sdvrptw,
        best: Some("sdvrptw/bks.csv"),
    },
    Set { name: "fs", folder: "fs", extension: "json", format: Format::FieldService, best: None },
];

/// A published answer's worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Best {
    /// In the set's convention.
    pub(crate) value: f64,
    /// How many it leaves unserved.
    pub(crate) unserved: usize,
}

/// One instance of a set.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    /// The set's name.
    pub(crate) set: &'static str,
    /// How it is read.
    pub(crate) format: Format,
    /// The name of its file, without what it ends in.
    pub(crate) name: String,
    /// Its class within the set: `RC2`, or `R1_4` where sizes have classes of their own.
    pub(crate) group: String,
    /// Its file.
    pub(crate) path: PathBuf,
    /// What is published about it.
    pub(crate) best: Option<Best>,
}

/// All instances of a collection by set, group and name.
pub(crate) fn find(collection: &Path) -> Result<Vec<Instance>, Failure> {
    let listed = std::fs::read_dir(collection).map_err(|error| Failure::unreadable(collection, &error))?;
    drop(listed);
    let mut all = Vec::new();
    for set in &SETS {
        all.extend(of_set(collection, set)?);
    }
    if all.is_empty() {
        let names: Vec<&str> = SETS.iter().map(|set| set.folder).collect();
        let finding = Finding::new("", Code::Empty, say!("folders such as {}", names.join(", ")), say!("none"));
        return Err(Failure::input(input::name(collection), vec![finding]));
    }
    Ok(all)
}

fn of_set(collection: &Path, set: &Set) -> Result<Vec<Instance>, Failure> {
    let folder = collection.join(set.folder);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let best = set.best.map(|table| best_known(&collection.join(table))).transpose()?.unwrap_or_default();
    let entries = std::fs::read_dir(&folder).map_err(|error| Failure::unreadable(&folder, &error))?;
    let mut instances = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| Failure::unreadable(&folder, &error))?.path();
        let named = path.extension().is_some_and(|extension| extension == set.extension);
        let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| named) else { continue };
        let (name, group) = (name.to_owned(), group(name));
        let best = best.get(&name).copied();
        instances.push(Instance { set: set.name, format: set.format, name, group, path, best });
    }
    instances.sort_by(|one, other| (&one.group, &one.name).cmp(&(&other.group, &other.name)));
    Ok(instances)
}

/// The class of an instance by its name: its letters and the figure behind them, and a size where one
/// stands before its number (`RC2_10_3` is of `RC2_10`). Names that number on alone (`PR07`) are of
/// one class.
fn group(name: &str) -> String {
    let name = name.split('.').next().unwrap_or(name);
    let letters: String = name.chars().take_while(|letter| letter.is_alphabetic()).collect();
    let figures: String = name[letters.len()..].chars().take_while(char::is_ascii_digit).collect();
    let parts: Vec<&str> = name.split('_').collect();
    if let [class, size, _] = parts[..] {
        return format!("{class}_{size}");
    }
    // C101 counts within C1; PR07 and R3 only count.
    if figures.len() == 3 { format!("{letters}{}", &figures[..1]) } else { letters }
}

/// The best known values of a table. One that is not there is empty.
fn best_known(path: &Path) -> Result<HashMap<String, Best>, Failure> {
    if !path.exists() {
        return Ok(HashMap::new());
    }
    let wrong =
        |pointer: String, finding: Finding| Failure::input(input::name(path), vec![Finding { pointer, ..finding }]);
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(std::io::Cursor::new(input::bytes(path)?));
    let unread = |error: csv::Error| {
        let got = match error.kind() {
            csv::ErrorKind::Io(error) => system(error),
            _ => value(&error),
        };
        wrong(String::new(), Finding::new("", Code::BadFormat, say!("rows of comma-separated cells"), got))
    };
    let head = table.headers().map_err(unread)?.clone();
    let column = |name: &str| head.iter().position(|heading| heading == name);
    let needed = |name: &'static str, at: Option<usize>| {
        at.ok_or_else(|| {
            wrong("line 1".into(), Finding::new("", Code::MissingKey, say!("a column {}", quoted(name)), say!("none")))
        })
    };
    let instance = needed("instance", column("instance"))?;
    let worth = needed("value", column("value").or(column("value_working_time")))?;
    let (convention, unserved) = (column("convention"), column("unserved"));
    let mut best = HashMap::new();
    for (at, record) in table.records().enumerate() {
        let record = record.map_err(unread)?;
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
        // Of two conventions the one that the answers are measured in: distance alone.
        if convention.is_some() && cell(convention) != "dimacs" {
            continue;
        }
        let value = cell(Some(worth)).parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
        let Some(value) = value else {
            let got = quoted(cell(Some(worth)));
            return Err(wrong(format!("line {}", at + 2), Finding::new("", Code::BadFormat, say!("a number"), got)));
        };
        let unserved = cell(unserved).parse().unwrap_or_default();
        best.insert(cell(Some(instance)).to_owned(), Best { value, unserved });
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_of_the_class_that_its_name_says() {
        let names = ["C101.100_25-5-5-5", "RC208", "R1_10_3", "PR07", "PR11B", "R3", "U2", "fs-300-1"];
        assert_eq!(names.map(group), ["C1", "RC2", "R1_10", "PR", "PR", "R", "U", "fs"]);
    }

    #[test]
    fn best_known_values_are_of_the_convention_that_is_measured() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bks.csv");
        std::fs::write(&path, "instance,convention,value,source\nC101,sintef,828.9,\"a, b\"\nC101,dimacs,827.3,c\n")
            .unwrap();
        assert_eq!(best_known(&path).unwrap()["C101"], Best { value: 827.3, unserved: 0 });
        std::fs::write(&path, "instance,value_working_time,unserved\nR2,4139.6,2\n").unwrap();
        assert_eq!(best_known(&path).unwrap()["R2"], Best { value: 4139.6, unserved: 2 });
    }

    #[test]
    fn a_table_without_values_or_with_none_that_read_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bks.csv");
        for (text, pointer) in [("instance\nC101\n", "line 1"), ("instance,value\nC101,1\nC102,x\n", "line 3")] {
            std::fs::write(&path, text).unwrap();
            let Err(Failure::Input { findings, .. }) = best_known(&path) else { panic!("{text}") };
            assert_eq!(findings[0].pointer, pointer);
        }
    }
}
