//! Cuts a file into its framed blocks and refuses lengths no honest file has.
//!
//! Nothing is decompressed here.

use super::wire::Fields;
use crate::error::ImportError;
use std::io::{ErrorKind, Read};

/// The format's own limits: 64 KiB for a block's header, 32 MiB for its body.
const HEADER_LIMIT: u32 = 64 * 1024;
pub(super) const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// What a block says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Header,
    Data,
    /// Unknown kinds are to be skipped, by the format's rules.
    Other,
}

/// One framed block as it lies in the file, length prefix included.
pub(super) struct Frame {
    pub(super) block: usize,
    pub(super) offset: u64,
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
    body: usize,
}

impl Frame {
    /// The bytes behind the frame's header.
    pub(super) fn body(&self) -> &[u8] {
        &self.bytes[self.body..]
    }
    pub(super) fn damaged(&self, reason: impl Into<String>) -> ImportError {
        ImportError::Damaged { block: self.block, offset: self.offset, reason: reason.into() }
    }
}

/// Reads frames one after another.
pub(super) struct Frames<R> {
    reader: R,
    block: usize,
    offset: u64,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, block: 0, offset: 0 }
    }
    fn damaged(&self, reason: impl Into<String>) -> ImportError {
        ImportError::Damaged { block: self.block, offset: self.offset, reason: reason.into() }
    }
    /// Appends `count` bytes to `bytes`; the memory grows with what the file really has.
    fn fill(&mut self, bytes: &mut Vec<u8>, count: usize, what: &str) -> Result<(), ImportError> {
        let got = self
            .reader
            .by_ref()
            .take(count as u64)
            .read_to_end(bytes)
            .map_err(|source| ImportError::Read { offset: self.offset, source })?;
        if got == count {
            Ok(())
        } else {
            Err(self.damaged(format!("the file ends inside {what}: {got} of {count} bytes")))
        }
    }
    /// The next frame; `None` at the clean end of the file.
    pub(super) fn next_frame(&mut self) -> Result<Option<Frame>, ImportError> {
        let mut bytes = Vec::with_capacity(256);
        let mut first = [0u8; 1];
        loop {
            match self.reader.read(&mut first) {
                Ok(0) => return Ok(None),
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(source) => return Err(ImportError::Read { offset: self.offset, source }),
            }
        }
        bytes.push(first[0]);
        self.fill(&mut bytes, 3, "a block's length")?;
        let length = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if length == 0 || length > HEADER_LIMIT {
            return Err(self.damaged(format!("a header of {length} bytes; 1 to {HEADER_LIMIT} are possible")));
        }
        self.fill(&mut bytes, length as usize, "a block's header")?;
        let (mut kind, mut body) = (Kind::Other, None);
        for field in Fields::new(&bytes[4..]) {
            let field = field.ok_or_else(|| self.damaged("the block's header cannot be read"))?;
            match field.number {
                1 => {
                    kind = match &bytes[4..][field.payload] {
                        b"OSMHeader" => Kind::Header,
                        b"OSMData" => Kind::Data,
                        _ => Kind::Other,
                    }
                }
                3 => body = Some(field.value),
                _ => {}
            }
        }
        let body = body.ok_or_else(|| self.damaged("the block's header names no size"))?;
        let body = usize::try_from(body)
            .ok()
            .filter(|size| *size <= BODY_LIMIT)
            .ok_or_else(|| self.damaged(format!("a block of {body} bytes; {BODY_LIMIT} are possible")))?;
        self.fill(&mut bytes, body, "a block")?;
        let frame = Frame { block: self.block, offset: self.offset, kind, bytes, body: 4 + length as usize };
        self.block += 1;
        self.offset += frame.bytes.len() as u64;
        Ok(Some(frame))
    }
}
