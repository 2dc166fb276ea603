//! Bytes of an `.osm.pbf` file → nodes, ways and relations. The only file that knows osmpbfreader.
//!
//! What the objects mean for a road is not known here. Blocks are decoded side by side and handed
//! over in file order. Every length, index and coordinate is checked before it is used, and every
//! block's memory is estimated before it is parsed: a damaged or hostile file yields an error that
//! names its block.

mod frame;
mod wire;

use crate::error::ImportError;
use crate::spot::Spot;
use crate::tags::Tags;
use flate2::read::ZlibDecoder;
use frame::{BODY_LIMIT, Frame, Frames, Kind};
use osmpbfreader::fileformat::Blob;
use osmpbfreader::osmformat::PrimitiveBlock;
use osmpbfreader::osmformat::relation::MemberType;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
pub(crate) use wire::Outline;

/// Most memory one parsed block may take, in bytes. Honest blocks take a few megabytes.
const BLOCK_MEMORY: usize = 384 << 20;
/// Blocks that may take more than this are parsed one at a time.
const HEAVY: usize = 64 << 20;
/// Compressed bytes held at a time.
const BATCH_BYTES: usize = 24 << 20;
const BATCH_BLOCKS: usize = 64;

/// A decoded block of the file.
pub(crate) struct Block(PrimitiveBlock);

/// One member of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    Node(i64),
    Way(i64),
    Relation(i64),
}

/// Reads the file at `path` block by block. `wanted` says by number whether to open a block at all,
/// `chosen` by its outline whether to parse it; `map` runs on all cores, `fold` gets the results in
/// file order with the block's outline.
///
/// # Errors
/// [`ImportError`] for a file that cannot be read, is damaged or uses features unknown here.
pub(crate) fn read<T: Send>(
    path: &Path,
    wanted: impl Fn(usize) -> bool,
    chosen: impl Fn(Outline) -> bool + Sync,
    map: impl Fn(&Block) -> Result<T, String> + Sync,
    mut fold: impl FnMut(usize, Outline, Option<T>),
) -> Result<(), ImportError> {
    let file = File::open(path).map_err(|source| ImportError::Open { path: path.to_path_buf(), source })?;
    let mut frames = Frames::new(BufReader::with_capacity(1 << 20, file));
    let mut batch: Vec<Frame> = Vec::new();
    let mut weight = 0;
    let mut empty = true;
    let heavy = Mutex::new(());
    loop {
        let frame = frames.next_frame()?;
        let last = frame.is_none();
        if last && empty {
            return Err(ImportError::NotAnExtract { path: path.to_path_buf() });
        }
        empty = false;
        if let Some(frame) = frame {
            if frame.block == 0 && frame.kind != Kind::Header {
                return Err(ImportError::NotAnExtract { path: path.to_path_buf() });
            }
            let needed = match frame.kind {
                Kind::Header => true,
                Kind::Data => wanted(frame.block),
                Kind::Other => false,
            };
            if needed {
                weight += frame.bytes.len();
                batch.push(frame);
            }
        }
        if last || batch.len() >= BATCH_BLOCKS || weight >= BATCH_BYTES {
            let results: Vec<_> = batch.par_iter().map(|frame| open(frame, &heavy, &chosen, &map)).collect();
            for (frame, result) in batch.drain(..).zip(results) {
                if let Some((outline, value)) = result? {
                    fold(frame.block, outline, value);
                }
            }
            weight = 0;
        }
        if last {
            return Ok(());
        }
    }
}

/// Decompresses, checks and parses one frame; `None` for the header.
fn open<T>(
    frame: &Frame,
    heavy: &Mutex<()>,
    chosen: &impl Fn(Outline) -> bool,
    map: &impl Fn(&Block) -> Result<T, String>,
) -> Result<Option<(Outline, Option<T>)>, ImportError> {
    let bytes = unpack(frame)?;
    if frame.kind == Kind::Header {
        check_header(frame, &bytes)?;
        return Ok(None);
    }
    let outline = wire::outline(&bytes).ok_or_else(|| frame.damaged("its content is no message"))?;
    if outline.memory > BLOCK_MEMORY {
        return Err(frame.damaged(format!(
            "it would unfold to {} MB; {} are allowed",
            outline.memory >> 20,
            BLOCK_MEMORY >> 20
        )));
    }
    if !chosen(outline) {
        return Ok(Some((outline, None)));
    }
    let _alone = (outline.memory > HEAVY).then(|| heavy.lock().unwrap_or_else(PoisonError::into_inner));
    let mut raw = Blob::new();
    raw.set_raw(bytes);
    let block = osmpbfreader::primitive_block_from_blob(&raw).map_err(|error| frame.damaged(error.to_string()))?;
    drop(raw);
    let value = map(&Block(block)).map_err(|reason| frame.damaged(reason))?;
    Ok(Some((outline, Some(value))))
}

/// The uncompressed content of a frame, at most as long as the format allows.
fn unpack(frame: &Frame) -> Result<Vec<u8>, ImportError> {
    let (mut raw, mut zlib, mut promised) = (None, None, 0);
    for field in wire::Fields::new(frame.body()) {
        let field = field.ok_or_else(|| frame.damaged("it cannot be read"))?;
        match field.number {
            1 => raw = Some(field.payload),
            2 => promised = field.value,
            3 => zlib = Some(field.payload),
            _ => {}
        }
    }
    if let Some(raw) = raw {
        return Ok(frame.body()[raw].to_vec());
    }
    let zlib = zlib.ok_or_else(|| frame.damaged("its compression is not zlib, the only one supported"))?;
    if promised > BODY_LIMIT as u64 {
        return Err(frame.damaged(format!("it promises {promised} bytes; {BODY_LIMIT} are possible")));
    }
    let mut content = Vec::new();
    ZlibDecoder::new(&frame.body()[zlib])
        .take(promised + 1)
        .read_to_end(&mut content)
        .map_err(|error| frame.damaged(format!("it does not decompress: {error}")))?;
    if content.len() as u64 == promised {
        Ok(content)
    } else {
        Err(frame.damaged(format!("it promises {promised} bytes and does not hold as many")))
    }
}

/// Refuses files that need more than this reader can do.
fn check_header(frame: &Frame, bytes: &[u8]) -> Result<(), ImportError> {
    for field in wire::Fields::new(bytes) {
        let field = field.ok_or_else(|| frame.damaged("the file's header cannot be read"))?;
        if field.number == 4 {
            match &bytes[field.payload] {
                b"OsmSchema-V0.6" | b"DenseNodes" => {}
                other => {
                    let feature = String::from_utf8_lossy(other).chars().take(80).collect();
                    return Err(ImportError::Unsupported { feature });
                }
            }
        }
    }
    Ok(())
}

impl Block {
    fn strings(&self) -> &[Vec<u8>] {
        &self.0.stringtable.s
    }
    fn split<'a>(&'a self, keys: &'a [u32], values: &'a [u32]) -> Result<Tags<'a>, String> {
        let strings = self.strings();
        if keys.len() != values.len() {
            return Err(format!("{} keys and {} values", keys.len(), values.len()));
        }
        match keys.iter().chain(values).find(|at| **at as usize >= strings.len()) {
            Some(at) => Err(format!("string {at} of {}", strings.len())),
            None => Ok(Tags::Split { keys, values, strings }),
        }
    }
    fn spot(&self, lat: i64, lon: i64) -> Result<Spot, String> {
        let units = |offset: i64, value: i64, limit: i64| {
            let nano = value.checked_mul(i64::from(self.0.granularity()))?.checked_add(offset)?;
            let units = nano / 100;
            (units.abs() <= limit).then_some(units as i32)
        };
        let lat = units(self.0.lat_offset(), lat, 900_000_000);
        let lon = units(self.0.lon_offset(), lon, 1_800_000_000);
        match (lat, lon) {
            (Some(lat), Some(lon)) => Ok(Spot { lat, lon }),
            _ => Err("a node that is not on earth".to_owned()),
        }
    }
    /// All nodes of the block: id, place, tags.
    ///
    /// # Errors
    /// What is wrong with the block, for [`ImportError::Damaged`].
    pub(crate) fn nodes(&self, mut visit: impl FnMut(i64, Spot, Tags<'_>)) -> Result<(), String> {
        let strings = self.strings();
        for group in &self.0.primitivegroup {
            for node in &group.nodes {
                let tags = self.split(&node.keys, &node.vals)?;
                visit(node.id(), self.spot(node.lat(), node.lon())?, tags);
            }
            let dense = &group.dense;
            if dense.lat.len() != dense.id.len() || dense.lon.len() != dense.id.len() {
                return Err("ids, latitudes and longitudes of different number".to_owned());
            }
            if let Some(at) = dense.keys_vals.iter().find(|at| **at < 0 || **at as usize >= strings.len().max(1)) {
                return Err(format!("string {at} of {}", strings.len()));
            }
            let (mut id, mut lat, mut lon) = (0i64, 0i64, 0i64);
            let mut woven = dense.keys_vals.as_slice();
            for ((step, north), east) in dense.id.iter().zip(&dense.lat).zip(&dense.lon) {
                id = id.wrapping_add(*step);
                lat = lat.wrapping_add(*north);
                lon = lon.wrapping_add(*east);
                let mut length = 0;
                while woven.get(length).is_some_and(|key| *key != 0) {
                    length += 2;
                }
                if length > woven.len() {
                    return Err("a key without a value".to_owned());
                }
                let (pairs, rest) = woven.split_at(length);
                woven = rest.get(1..).unwrap_or_default();
                visit(id, self.spot(lat, lon)?, Tags::Woven { pairs, strings });
            }
        }
        Ok(())
    }
    /// All ways of the block: id, tags, and their nodes appended to the buffer given to `visit`.
    ///
    /// # Errors
    /// What is wrong with the block, for [`ImportError::Damaged`].
    pub(crate) fn ways(
        &self,
        mut visit: impl FnMut(i64, Tags<'_>, &mut dyn Iterator<Item = i64>),
    ) -> Result<(), String> {
        for group in &self.0.primitivegroup {
            for way in &group.ways {
                let tags = self.split(&way.keys, &way.vals)?;
                let mut node = 0i64;
                let mut nodes = way.refs.iter().map(|step| {
                    node = node.wrapping_add(*step);
                    node
                });
                visit(way.id(), tags, &mut nodes);
            }
        }
        Ok(())
    }
    /// All relations of the block: id, tags, and members with their roles.
    ///
    /// # Errors
    /// What is wrong with the block, for [`ImportError::Damaged`].
    pub(crate) fn relations(
        &self,
        mut visit: impl FnMut(i64, Tags<'_>, &mut dyn Iterator<Item = (Member, &str)>),
    ) -> Result<(), String> {
        let strings = self.strings();
        for group in &self.0.primitivegroup {
            for relation in &group.relations {
                let tags = self.split(&relation.keys, &relation.vals)?;
                let count = relation.memids.len();
                if relation.types.len() != count || relation.roles_sid.len() != count {
                    return Err("members, kinds and roles of different number".to_owned());
                }
                if let Some(at) = relation.roles_sid.iter().find(|at| **at < 0 || **at as usize >= strings.len()) {
                    return Err(format!("string {at} of {}", strings.len()));
                }
                let mut id = 0i64;
                let mut members = relation.memids.iter().zip(&relation.types).zip(&relation.roles_sid).filter_map(
                    |((step, kind), role)| {
                        id = id.wrapping_add(*step);
                        let member = match kind.enum_value().ok()? {
                            MemberType::NODE => Member::Node(id),
                            MemberType::WAY => Member::Way(id),
                            MemberType::RELATION => Member::Relation(id),
                        };
                        Some((member, std::str::from_utf8(&strings[*role as usize]).unwrap_or_default()))
                    },
                );
                visit(relation.id(), tags, &mut members);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "decoder/tests.rs"]
mod tests;
