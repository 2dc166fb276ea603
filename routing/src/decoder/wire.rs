//! A look at protocol-buffer bytes before they are parsed: how much memory would they ask for?
//!
//! A few bytes can stand for an object of hundreds, so a small hostile block could unfold into
//! gigabytes. This walks the outline only; the fields' meaning is the parser's business.

use std::ops::Range;

/// One field of a message: its number and where its payload lies (empty for plain numbers).
pub(super) struct Field {
    pub(super) number: u64,
    pub(super) value: u64,
    pub(super) payload: Range<usize>,
}

/// Walks the fields of one message.
pub(super) struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
    fn step(&mut self) -> Option<Field> {
        let key = self.varint()?;
        let number = key >> 3;
        let (value, length) = match key & 7 {
            0 => (self.varint()?, 0),
            1 => (0, 8),
            2 => (0, usize::try_from(self.varint()?).ok()?),
            5 => (0, 4),
            _ => return None,
        };
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len())?;
        let payload = self.at..end;
        self.at = end;
        Some(Field { number, value, payload })
    }
}

impl Iterator for Fields<'_> {
    /// `None` inside stands for bytes that are no field; nothing follows it.
    type Item = Option<Field>;
    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let field = self.step();
        if field.is_none() {
            self.at = self.bytes.len();
        }
        Some(field)
    }
}

/// What a block holds and what it would cost to parse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// Whether there are nodes.
    pub(crate) nodes: bool,
    /// Whether there are ways or relations.
    pub(crate) roads: bool,
    /// An upper estimate of the parsed block's memory in bytes.
    pub(super) memory: usize,
}

/// The outline of an uncompressed primitive block, or `None` when the bytes are no message.
pub(super) fn outline(bytes: &[u8]) -> Option<Outline> {
    // A number of one byte becomes eight; an entity of a few bytes becomes a struct of a few
    // hundred with another for its metadata; a string becomes a vector.
    const PER_BYTE: usize = 8;
    const PER_ENTITY: usize = 600;
    const PER_STRING: usize = 48;
    let mut found = Outline { memory: bytes.len() * PER_BYTE, ..Outline::default() };
    for field in Fields::new(bytes) {
        let field = field?;
        match field.number {
            1 => {
                for string in Fields::new(&bytes[field.payload]) {
                    string?;
                    found.memory += PER_STRING;
                }
            }
            2 => {
                found.memory += PER_ENTITY;
                for entity in Fields::new(&bytes[field.payload]) {
                    found.memory += PER_ENTITY;
                    match entity?.number {
                        1 | 2 => found.nodes = true,
                        3 | 4 => found.roads = true,
                        _ => {}
                    }
                }
            }
            _ => found.memory += PER_STRING,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_past_the_end_is_no_field() {
        assert!(outline(&[0x0a, 5, 1, 2]).is_none());
        assert!(outline(&[0xff; 11]).is_none());
        assert_eq!(outline(&[]), Some(Outline::default()));
    }

    #[test]
    fn many_empty_entities_are_many_structs() {
        let mut group = Vec::new();
        for _ in 0..60 {
            group.extend([0x1a, 0]); // field 3, a way of no bytes
        }
        let mut block = vec![0x12, group.len() as u8];
        block.extend(group);
        let found = outline(&block).expect("well-formed");
        assert!(found.roads && !found.nodes && found.memory > 60 * 500);
    }
}
