//! The prepared file: a network as columns of numbers, loaded without parsing.
//!
//! Form: a head (magic, version, number of columns, marks of the profile and of the map it was made
//! from, start and checksum of the list of columns), the columns, the list of columns (width of a
//! number, length in bytes, checksum). All numbers are little-endian. What the columns mean is known to
//! the parts that write them. Columns are read and checked side by side, straight into the lists that
//! serve.

use crate::error::PreparedError;
use crate::profile::Profile;
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use zerocopy::IntoBytes;

const MAGIC: &[u8; 8] = b"DSPROADS";
/// Raised whenever a column changes its meaning.
const VERSION: u32 = 7;
const HEAD: usize = 8 + 4 + 4 + 8 + 8 + 8 + 8;
/// Width, length and checksum of a column.
const ENTRY: usize = 8 + 8 + 8;

/// A number that changes with every byte (multiply and rotate over words of eight bytes, in four
/// strands): against damage, not against forgery.
struct Checksum {
    strands: [u64; 4],
    length: u64,
}

impl Checksum {
    /// Bytes the strands take at a time.
    const STEP: usize = 32;

    fn new() -> Self {
        Self { strands: [1, 2, 3, 4], length: 0 }
    }
    fn mix(sum: u64, word: u64) -> u64 {
        (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    }
    /// Takes whole steps from the front; the bytes left over.
    fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let (steps, rest) = bytes.as_chunks::<{ Self::STEP }>();
        for step in steps {
            for (strand, word) in self.strands.iter_mut().zip(step.as_chunks::<8>().0) {
                *strand = Self::mix(*strand, u64::from_le_bytes(*word));
            }
        }
        self.length += (bytes.len() - rest.len()) as u64;
        rest
    }
    /// The number, after the last bytes.
    fn finish(mut self, bytes: &[u8]) -> u64 {
        let rest = self.take(bytes);
        let sum = self.strands.into_iter().fold(self.length + rest.len() as u64, Self::mix);
        rest.iter().fold(sum, |sum, byte| Self::mix(sum, u64::from(*byte)))
    }
}

/// The checksum of all these bytes.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    Checksum::new().finish(bytes)
}

/// The mark of a profile: changes with any of its rules.
pub(crate) fn profile_mark(profile: &Profile) -> u64 {
    checksum(format!("{profile:?}").as_bytes())
}

/// The mark of a map file: its length and the checksums of its first and last megabyte, which hold
/// its date and its newest relations.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn map_mark(path: &Path) -> io::Result<u64> {
    const PIECE: u64 = 1 << 20;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    (&file).take(PIECE).read_to_end(&mut bytes)?;
    if length > PIECE {
        file.seek(SeekFrom::Start(length - PIECE))?;
        file.take(PIECE).read_to_end(&mut bytes)?;
    }
    bytes.extend(length.to_le_bytes());
    Ok(checksum(&bytes))
}

/// Writes columns to a file, a piece at a time.
pub(crate) struct Columns {
    path: PathBuf,
    /// The file grows beside its place and moves there when whole, so that nobody reads half of it.
    beside: PathBuf,
    file: File,
    /// What has not gone to the file yet.
    piece: Vec<u8>,
    /// Of the column being written.
    sum: Checksum,
    /// Where the next column starts.
    end: u64,
    /// The list of columns.
    list: Vec<u8>,
    failed: Option<io::Error>,
}

impl Columns {
    const PIECE: usize = 1 << 20;

    /// Starts a file that shall be at `path`.
    pub(crate) fn create(path: &Path) -> Result<Self, PreparedError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(format!(".{}.part", std::process::id()));
        let beside = PathBuf::from(beside);
        let start = || {
            let mut file = File::create(&beside)?;
            file.write_all(&[0; HEAD])?;
            Ok(file)
        };
        let file = start().map_err(|source| PreparedError::Write { path: path.to_path_buf(), source })?;
        let (path, piece) = (path.to_path_buf(), Vec::with_capacity(Self::PIECE + 64));
        let (sum, end) = (Checksum::new(), HEAD as u64);
        Ok(Self { path, beside, file, piece, sum, end, list: Vec::new(), failed: None })
    }
    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.file.write_all(bytes).err();
        }
    }
    fn add(&mut self, bytes: &[u8]) {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= Self::PIECE {
            let piece = std::mem::take(&mut self.piece);
            let rest = self.sum.take(&piece).len();
            let (whole, rest) = piece.split_at(piece.len() - rest);
            self.write(whole);
            self.piece.extend_from_slice(rest);
        }
    }
    fn column<const WIDTH: usize>(&mut self, values: impl Iterator<Item = [u8; WIDTH]>) {
        values.for_each(|value| self.add(&value));
        let piece = std::mem::take(&mut self.piece);
        self.write(&piece);
        let sum = std::mem::replace(&mut self.sum, Checksum::new());
        let length = sum.length + piece.len() as u64;
        for number in [WIDTH as u64, length, sum.finish(&piece)] {
            self.list.extend(number.to_le_bytes());
        }
        self.end += length;
        self.piece = piece;
        self.piece.clear();
    }
    pub(crate) fn bytes(&mut self, values: impl Iterator<Item = u8>) {
        self.column(values.map(|value| [value]));
    }
    pub(crate) fn u32s(&mut self, values: impl Iterator<Item = u32>) {
        self.column(values.map(u32::to_le_bytes));
    }
    pub(crate) fn f64s(&mut self, values: impl Iterator<Item = f64>) {
        self.column(values.map(f64::to_le_bytes));
    }
    /// Writes the list of columns and the head, and moves the file to its place.
    pub(crate) fn finish(self, profile: u64, map: u64) -> Result<(), PreparedError> {
        let Self { path, beside, mut file, piece: _, sum: _, end, list, failed } = self;
        let mut head = Vec::with_capacity(HEAD);
        head.extend(MAGIC);
        head.extend(VERSION.to_le_bytes());
        head.extend(((list.len() / ENTRY) as u32).to_le_bytes());
        for number in [profile, map, end, checksum(&list)] {
            head.extend(number.to_le_bytes());
        }
        let write = || {
            failed.map_or(Ok(()), Err)?;
            file.write_all(&list)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&head)?;
            file.sync_all()?;
            std::fs::rename(&beside, &path)
        };
        write().map_err(|source| {
            let _ = std::fs::remove_file(&beside);
            PreparedError::Write { path, source }
        })
    }
}

/// Numbers of a column.
enum Column {
    Bytes(Vec<u8>),
    Words(Vec<u32>),
    Doubles(Vec<f64>),
}

impl Column {
    /// Reads a column of the file; `None` when its checksum is wrong.
    fn read(path: &Path, start: u64, [width, length, sum]: [u64; 3]) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut fill = |bytes: &mut [u8]| file.read_exact(bytes).map(|()| checksum(bytes) == sum);
        // The length is at most the file's own.
        let count = (length / width) as usize;
        Ok(match width {
            4 => {
                let mut words = vec![0u32; count];
                let sound = fill(words.as_mut_bytes())?;
                sound.then(|| Self::Words(words.into_iter().map(u32::from_le).collect()))
            }
            8 => {
                let mut words = vec![0u64; count];
                let sound = fill(words.as_mut_bytes())?;
                sound.then(|| Self::Doubles(words.into_iter().map(|word| f64::from_bits(u64::from_le(word))).collect()))
            }
            _ => {
                let mut bytes = vec![0u8; count];
                fill(&mut bytes)?.then_some(Self::Bytes(bytes))
            }
        })
    }
    fn len(&self) -> usize {
        match self {
            Self::Bytes(values) => values.len(),
            Self::Words(values) => values.len(),
            Self::Doubles(values) => values.len(),
        }
    }
}

/// A prepared file whose head and checksums are right.
pub(crate) struct Prepared {
    columns: Vec<Column>,
    /// The mark of the profile it was made with.
    pub(crate) profile: u64,
    /// The mark of the map it was made from.
    pub(crate) map: u64,
}

/// The eight-byte number at a position.
fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.iter().skip(at).take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

impl Prepared {
    /// Whether the file begins like a prepared one.
    pub(crate) fn is_one(path: &Path) -> bool {
        let mut start = [0; MAGIC.len()];
        File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && &start == MAGIC
    }
    /// Reads the file and refuses it by name when it is foreign, of another version or profile, or
    /// damaged.
    pub(crate) fn read(path: &Path, wanted: impl Fn(u64) -> bool) -> Result<Self, PreparedError> {
        let failed = |source| PreparedError::Read { path: path.to_path_buf(), source };
        let damaged = |reason: &str| PreparedError::Damaged { path: path.to_path_buf(), reason: reason.to_owned() };
        let mut file = File::open(path).map_err(failed)?;
        let mut head = Vec::with_capacity(HEAD);
        (&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
        if head.len() < HEAD || !head.starts_with(MAGIC) {
            return Err(PreparedError::Foreign { path: path.to_path_buf() });
        }
        let version = number(&head, 8) as u32;
        if version != VERSION {
            return Err(PreparedError::Version { path: path.to_path_buf(), found: version, expected: VERSION });
        }
        let profile = number(&head, 16);
        if !wanted(profile) {
            return Err(PreparedError::OtherProfile { path: path.to_path_buf() });
        }
        let (map, end, sum) = (number(&head, 24), number(&head, 32), number(&head, 40));
        let count = number(&head, 12) as u32;
        let length = file.metadata().map_err(failed)?.len();
        if end.checked_add(u64::from(count) * ENTRY as u64) != Some(length) {
            return Err(damaged("its length is not the one written in it"));
        }
        file.seek(SeekFrom::Start(end)).map_err(failed)?;
        let mut list = Vec::new();
        file.read_to_end(&mut list).map_err(failed)?;
        if checksum(&list) != sum {
            return Err(damaged("its checksum is wrong"));
        }
        let mut entries = Vec::with_capacity(count as usize);
        let mut start = HEAD as u64;
        for entry in list.as_chunks::<ENTRY>().0 {
            let [width, length, sum] = [0, 8, 16].map(|at| number(entry, at));
            let past = start.checked_add(length).filter(|past| *past <= end);
            let past = past.filter(|_| matches!(width, 1 | 4 | 8) && length.is_multiple_of(width));
            entries.push((start, [width, length, sum]));
            start = past.ok_or_else(|| damaged("a column does not fit in"))?;
        }
        let columns: Vec<_> = entries.into_par_iter().map(|(start, entry)| Column::read(path, start, entry)).collect();
        let sound = |column: io::Result<Option<Column>>| {
            column.map_err(failed)?.ok_or_else(|| damaged("its checksum is wrong"))
        };
        let columns = columns.into_iter().map(sound).collect::<Result<_, _>>()?;
        Ok(Self { columns, profile, map })
    }
    /// The columns in parts of so many.
    pub(crate) fn parts<const PARTS: usize>(self, counts: [usize; PARTS]) -> Result<[Reader; PARTS], String> {
        if self.columns.len() != counts.iter().sum::<usize>() {
            return Err(format!("{} columns", self.columns.len()));
        }
        let mut columns = self.columns.into_iter();
        Ok(counts.map(|count| Reader { columns: columns.by_ref().take(count).collect::<Vec<_>>().into_iter() }))
    }
}

/// Hands out the columns one after another; an error is what is wrong with the next one.
pub(crate) struct Reader {
    columns: std::vec::IntoIter<Column>,
}

impl Reader {
    /// Numbers in the next column but `skip`.
    pub(crate) fn length(&self, skip: usize) -> usize {
        self.columns.as_slice().get(skip).map_or(0, Column::len)
    }
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, String> {
        match self.columns.next() {
            Some(Column::Bytes(values)) => Ok(values),
            _ => Err("a column of bytes is missing".to_owned()),
        }
    }
    pub(crate) fn u32s(&mut self) -> Result<Vec<u32>, String> {
        match self.columns.next() {
            Some(Column::Words(values)) => Ok(values),
            _ => Err("a column of whole numbers is missing".to_owned()),
        }
    }
    pub(crate) fn f64s(&mut self) -> Result<Vec<f64>, String> {
        match self.columns.next() {
            Some(Column::Doubles(values)) => Ok(values),
            _ => Err("a column of numbers is missing".to_owned()),
        }
    }
    /// Numbers below `bound`.
    pub(crate) fn ids(&mut self, bound: usize) -> Result<Vec<u32>, String> {
        let ids = self.u32s()?;
        let largest = ids.iter().fold(0, |largest, id| largest.max(*id));
        if ids.is_empty() || (largest as usize) < bound { Ok(ids) } else { Err("an id is out of range".to_owned()) }
    }
    /// Starts of `rows` rows over a list of `entries`: one more number than rows, ascending from 0.
    pub(crate) fn rows(&mut self, rows: usize) -> Result<Vec<u32>, String> {
        let first = self.u32s()?;
        let sound = first.len() == rows + 1 && first[0] == 0 && first.is_sorted();
        if sound { Ok(first) } else { Err("the rows of a list are out of order".to_owned()) }
    }
    /// Costs: no negative ones, no NaN.
    pub(crate) fn costs(&mut self) -> Result<Vec<crate::cost::Cost>, String> {
        let costs = self.f64s()?;
        if costs.iter().all(|cost| *cost >= 0.0) {
            Ok(costs.into_iter().map(crate::cost::Cost).collect())
        } else {
            Err("a cost is no cost".to_owned())
        }
    }
}

/// `Ok` when lists that belong together have the lengths they should.
pub(crate) fn lengths(right: bool) -> Result<(), String> {
    if right { Ok(()) } else { Err("lists of different length that belong together".to_owned()) }
}

/// Makes the checksums of a changed file right again, for tests of what lies behind them.
#[cfg(test)]
pub(crate) fn forge(bytes: &mut [u8]) {
    let end = number(bytes, 32) as usize;
    let mut start = HEAD;
    for at in (end..bytes.len()).step_by(ENTRY) {
        let past = start.saturating_add(number(bytes, at + 8) as usize);
        if let Some(column) = bytes.get(start..past.min(end)) {
            let sum = checksum(column).to_le_bytes();
            bytes[at + 16..at + 24].copy_from_slice(&sum);
        }
        start = past;
    }
    let sum = checksum(&bytes[end..]).to_le_bytes();
    bytes[40..48].copy_from_slice(&sum);
}
