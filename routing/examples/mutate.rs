//! Feeds damaged copies of an extract to the importer: `cargo run --release -p dispatch-routing --example mutate -- FILE [COPIES]`.
//!
//! Every other copy is damaged as it is; the rest are unpacked first, so that the damage reaches what lies behind
//! the compression. Prints how many were refused and the peak memory; a panic ends it, and so does more than
//! a gigabyte.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use dispatch_routing::{Profile, RoadNetwork};
use std::collections::BTreeMap;
use std::io::Read as _;

/// Numbers that look random and are the same everywhere (splitmix).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }
}

/// Kilobytes of memory the process has had at most; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or_default()
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn written(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Fields of a message: numbers and byte strings by field number.
fn fields(mut bytes: &[u8]) -> Option<BTreeMap<u64, (u64, Vec<u8>)>> {
    let mut found = BTreeMap::new();
    while !bytes.is_empty() {
        let tag = number(&mut bytes)?;
        let value = number(&mut bytes)?;
        let mut payload = Vec::new();
        if tag & 7 == 2 {
            let (head, rest) = bytes.split_at_checked(usize::try_from(value).ok()?)?;
            payload = head.to_vec();
            bytes = rest;
        }
        found.insert(tag >> 3, (value, payload));
    }
    Some(found)
}

/// The same extract with its blocks unpacked.
fn unpacked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (head, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        let head = fields(head)?;
        let (kind, size) = (&head.get(&1)?.1, head.get(&3)?.0);
        let (body, rest) = rest.split_at_checked(usize::try_from(size).ok()?)?;
        bytes = rest;
        let body = fields(body)?;
        let content = match (body.get(&1), body.get(&3)) {
            (Some((_, raw)), _) => raw.clone(),
            (None, Some((_, packed))) => {
                let mut content = Vec::new();
                flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut content).ok()?;
                content
            }
            (None, None) => return None,
        };
        let body = [vec![0x0a], written(content.len() as u64), content].concat();
        let head =
            [vec![0x0a], written(kind.len() as u64), kind.clone(), vec![0x18], written(body.len() as u64)].concat();
        out.extend((head.len() as u32).to_be_bytes());
        out.extend(head);
        out.extend(body);
    }
    Some(out)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("usage: mutate FILE [COPIES]")?;
    let copies: usize = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let packed = std::fs::read(&file)?;
    let plain = unpacked(&packed).ok_or("the extract itself is damaged")?;
    let path = std::env::temp_dir().join(format!("mutate-{}.osm.pbf", std::process::id()));
    let car = Profile::car()?;
    let mut numbers = Numbers(1);
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for copy in 0..copies {
        let mut bytes = if copy % 2 == 0 { packed.clone() } else { plain.clone() };
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(bytes.len());
            match numbers.below(8) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] ^= 1 << numbers.below(8),
                2 => bytes[at] = 0xff,
                3 => {
                    let end = (at + numbers.below(64)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => drop(bytes.drain(at..(at + numbers.below(64)).min(bytes.len()))),
                _ => bytes[at] = numbers.below(256) as u8,
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        std::fs::write(&path, &bytes)?;
        let reason = match RoadNetwork::import(&path, &car, &|_| {}) {
            Ok(_) => "read".to_owned(),
            Err(error) => format!("{error:?}").split([' ', '{', '(']).next().unwrap_or_default().to_owned(),
        };
        *reasons.entry(reason).or_default() += 1;
        if peak() > 1 << 20 {
            return Err(format!("copy {copy}: {} kB of memory", peak()).into());
        }
    }
    std::fs::remove_file(&path)?;
    println!("{copies} copies of {file}: {reasons:?}; at most {} kB of memory", peak());
    Ok(())
}
