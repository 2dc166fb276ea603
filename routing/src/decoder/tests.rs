//! Damaged, truncated and hostile files.

use crate::error::ImportError;
use crate::extract::Extract;
use crate::network::RoadNetwork;
use crate::profile::Profile;
use std::path::PathBuf;

fn helsinki() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf")).expect("bundled")
}

/// A file in the system's temporary folder that goes when the test ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("dispatch-decoder-{}-{name}.osm.pbf", std::process::id()));
        std::fs::write(&path, bytes).expect("temporary folder");
        Self(path)
    }
    fn read(&self) -> Result<Extract, ImportError> {
        Extract::read(&self.0, &Profile::car().expect("bundled"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn read(name: &str, bytes: &[u8]) -> Result<Extract, ImportError> {
    Scratch::new(name, bytes).read()
}

/// A frame around an uncompressed body.
fn framed(kind: &str, content: &[u8]) -> Vec<u8> {
    let number = |mut value: usize| {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    };
    let field = |tag: u8, bytes: &[u8]| [vec![tag], number(bytes.len()), bytes.to_vec()].concat();
    let body = field(0x0a, content);
    let header = [field(0x0a, kind.as_bytes()), vec![0x18], number(body.len())].concat();
    [(header.len() as u32).to_be_bytes().to_vec(), header, body].concat()
}

#[test]
fn the_sound_file_has_roads() {
    assert!(read("sound", &helsinki()).expect("sound").ways.len() > 300);
}

#[test]
fn a_file_cut_anywhere_names_the_block_it_ends_in() {
    let whole = helsinki();
    let mut damaged = 0;
    for eighth in 1..40 {
        let length = whole.len() * eighth / 40;
        match read("cut", &whole[..length]) {
            Err(ImportError::Damaged { offset, reason, .. }) => {
                assert!(offset < length as u64 && reason.contains("ends inside"), "{reason}");
                damaged += 1;
            }
            Err(other) => panic!("{other}"),
            Ok(_) => {}
        }
    }
    assert!(damaged > 35);
}

#[test]
fn an_empty_or_foreign_file_is_no_extract() {
    assert!(matches!(read("empty", b""), Err(ImportError::NotAnExtract { .. })));
    assert!(matches!(read("png", b"\x89PNG\r\n\x1a\n and more"), Err(ImportError::Damaged { block: 0, .. })));
    assert!(matches!(read("data", &framed("OSMData", b"")), Err(ImportError::NotAnExtract { .. })));
    let missing = Extract::read(&PathBuf::from("/no/such/file"), &Profile::car().expect("bundled"));
    assert!(matches!(missing, Err(ImportError::Open { .. })));
}

#[test]
fn a_feature_that_is_needed_and_unknown_is_named() {
    let header = framed("OSMHeader", b"\x22\x15HistoricalInformation");
    let error = read("history", &header).expect_err("unknown");
    assert!(error.to_string().contains("HistoricalInformation"), "{error}");
}

#[test]
fn a_small_block_that_would_unfold_to_gigabytes_is_refused() {
    let mut group = Vec::new();
    for _ in 0..2_000_000 {
        group.extend([0x1a, 0]); // a way of no bytes
    }
    let mut length = group.len();
    let mut block = vec![0x0a, 0, 0x12];
    while length >= 0x80 {
        block.push(length as u8 | 0x80);
        length >>= 7;
    }
    block.push(length as u8);
    block.extend(group);
    let file = [framed("OSMHeader", b""), framed("OSMData", &block)].concat();
    let error = read("unfold", &file).expect_err("too much");
    assert!(error.to_string().contains("unfold"), "{error}");
}

#[test]
fn indices_past_the_strings_and_places_off_the_earth_are_damage() {
    // A block of one string with a way whose key is string 9.
    let way: &[u8] = &[0x08, 1, 0x12, 1, 9, 0x1a, 1, 0];
    let group = [&[0x1a, way.len() as u8], way].concat();
    let block = [&[0x0a, 2, 0x0a, 0, 0x12, group.len() as u8], group.as_slice()].concat();
    let file = [framed("OSMHeader", b""), framed("OSMData", &block)].concat();
    let error = read("strings", &file).expect_err("no such string");
    assert_eq!(error.to_string(), "block 1 of the map (at byte 19) is damaged: string 9 of 1");
}

#[test]
fn two_thousand_mutations_give_errors_and_never_a_panic() {
    // Small deterministic generator (splitmix): which bytes, which values.
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    // A small sound file, uncompressed so that mutations reach the messages: three nodes, two ways.
    let dense: &[u8] = &[0x0a, 3, 2, 2, 2, 0x42, 3, 2, 20, 20, 0x4a, 3, 2, 20, 20, 0x52, 3, 0, 0, 0];
    let way: &[u8] = &[0x08, 1, 0x12, 1, 1, 0x1a, 1, 2, 0x42, 3, 2, 2, 2];
    let strings: &[u8] = b"\x0a\x00\x0a\x07highway\x0a\x0bresidential";
    let nodes = [&[0x12, dense.len() as u8], dense].concat();
    let ways = [&[0x1a, way.len() as u8], way].concat();
    let block = [
        &[0x0a, strings.len() as u8],
        strings,
        &[0x12, nodes.len() as u8],
        nodes.as_slice(),
        &[0x12, ways.len() as u8],
        ways.as_slice(),
    ]
    .concat();
    let sound = [framed("OSMHeader", b""), framed("OSMData", &block)].concat();
    assert_eq!(read("small", &sound).expect("sound").ways.len(), 1);
    let car = Profile::car().expect("bundled");
    let mut refused = 0;
    for _ in 0..2000 {
        let mut bytes = sound.clone();
        for _ in 0..1 + random() % 3 {
            let at = (random() % bytes.len() as u64) as usize;
            bytes[at] = random() as u8;
        }
        match read("mutated", &bytes) {
            // What is still read must not upset the stages behind the decoder either.
            Ok(extract) => drop(RoadNetwork::build(extract, &car, &|_| {})),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 500, "only {refused} of 2000 were refused");
}
