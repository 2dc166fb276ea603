//! The prepared file: a network as columns of numbers, loaded without parsing.
//!
//! Form: magic, version, marks of the profile and of the map it was made from, length and checksum of
//! the rest; then columns, each with its length in bytes in front. All numbers are little-endian. What
//! the columns mean is known to the parts that write them.

use crate::error::PreparedError;
use crate::profile::Profile;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"DSPROADS";
/// Raised whenever a column changes its meaning.
const VERSION: u32 = 3;
const HEAD: usize = 8 + 4 + 4 + 8 + 8 + 8 + 8;

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
    sum: Checksum,
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
        Ok(Self { path, beside, file, piece, sum: Checksum::new(), failed: None })
    }
    fn add(&mut self, bytes: &[u8]) {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= Self::PIECE {
            let rest = self.sum.take(&self.piece).len();
            let whole = self.piece.len() - rest;
            if self.failed.is_none() {
                self.failed = self.file.write_all(&self.piece[..whole]).err();
            }
            self.piece.drain(..whole);
        }
    }
    pub(crate) fn bytes(&mut self, values: impl ExactSizeIterator<Item = u8>) {
        self.add(&(values.len() as u64).to_le_bytes());
        values.for_each(|value| self.add(&[value]));
    }
    pub(crate) fn u32s(&mut self, values: impl ExactSizeIterator<Item = u32>) {
        self.add(&(values.len() as u64 * 4).to_le_bytes());
        values.for_each(|value| self.add(&value.to_le_bytes()));
    }
    pub(crate) fn f64s(&mut self, values: impl ExactSizeIterator<Item = f64>) {
        self.add(&(values.len() as u64 * 8).to_le_bytes());
        values.for_each(|value| self.add(&value.to_le_bytes()));
    }
    /// Writes the head and moves the file to its place.
    pub(crate) fn finish(self, profile: u64, map: u64) -> Result<(), PreparedError> {
        let Self { path, beside, mut file, piece, sum, failed } = self;
        let length = sum.length + piece.len() as u64;
        let mut head = Vec::with_capacity(HEAD);
        head.extend(MAGIC);
        head.extend(VERSION.to_le_bytes());
        head.extend(0u32.to_le_bytes());
        for number in [profile, map, length, sum.finish(&piece)] {
            head.extend(number.to_le_bytes());
        }
        let write = || {
            failed.map_or(Ok(()), Err)?;
            file.write_all(&piece)?;
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

/// A prepared file whose head and checksum are right.
pub(crate) struct Prepared {
    bytes: Vec<u8>,
    /// The mark of the map it was made from.
    pub(crate) map: u64,
}

impl Prepared {
    /// Reads the file and refuses it by name when it is foreign, of another version or profile, or
    /// damaged.
    pub(crate) fn read(path: &Path, profile: u64) -> Result<Self, PreparedError> {
        let bytes = std::fs::read(path).map_err(|source| PreparedError::Read { path: path.to_path_buf(), source })?;
        let Some((head, rest)) = bytes.split_at_checked(HEAD).filter(|(head, _)| head.starts_with(MAGIC)) else {
            return Err(PreparedError::Foreign { path: path.to_path_buf() });
        };
        let number = |at: usize| head[at..at + 8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let version = number(8) as u32;
        if version != VERSION {
            return Err(PreparedError::Version { path: path.to_path_buf(), found: version, expected: VERSION });
        }
        if number(16) != profile {
            return Err(PreparedError::OtherProfile { path: path.to_path_buf() });
        }
        let damaged =
            |reason: &str| Err(PreparedError::Damaged { path: path.to_path_buf(), reason: reason.to_owned() });
        if number(32) != rest.len() as u64 {
            return damaged("its length is not the one written in it");
        }
        if number(40) != checksum(rest) {
            return damaged("its checksum is wrong");
        }
        let map = number(24);
        Ok(Self { bytes, map })
    }
    /// The columns from the beginning.
    pub(crate) fn columns(&self) -> Reader<'_> {
        Reader { rest: &self.bytes[HEAD..] }
    }
}

/// Hands out the columns one after another; an error is what is wrong with the next one.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn column(&mut self, width: usize) -> Result<&'a [u8], String> {
        let short = || "a column is missing".to_owned();
        let (length, rest) = self.rest.split_first_chunk::<8>().ok_or_else(short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| short())?;
        let (column, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        self.rest = rest;
        if length.is_multiple_of(width) { Ok(column) } else { Err("a column has a broken number".to_owned()) }
    }
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, String> {
        self.column(1).map(<[u8]>::to_vec)
    }
    pub(crate) fn u32s(&mut self) -> Result<Vec<u32>, String> {
        let column = self.column(4)?;
        Ok(column.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }
    pub(crate) fn f64s(&mut self) -> Result<Vec<f64>, String> {
        let column = self.column(8)?;
        Ok(column.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
    }
    /// Numbers below `bound`.
    pub(crate) fn ids(&mut self, bound: usize) -> Result<Vec<u32>, String> {
        let ids = self.u32s()?;
        if ids.iter().all(|id| (*id as usize) < bound) { Ok(ids) } else { Err("an id is out of range".to_owned()) }
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
