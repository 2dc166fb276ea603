//! Text to a tree of values: the first step of reading, which knows JSON and nothing of dispatch.
//!
//! Numbers keep whether they were whole, objects keep repeated keys for the check to find, nesting
//! and size are bounded. Shapes and keys are checked elsewhere.

use crate::finding::{Code, Finding};
use crate::lang::{Text, both, quoted, value};
use crate::limits;
use crate::say;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// One value of the input. The checked kinds at the end are made by [`super::check`] from texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    Null,
    Flag(bool),
    Int(i64),
    /// Past `i64::MAX`.
    Big(u64),
    Float(f64),
    Text(Box<str>),
    List(Vec<Tree>),
    /// In the order of the text; a key may stand twice until the check has been over it.
    Object(Vec<(Box<str>, Tree)>),
    /// A checked instant, in whole Unix seconds.
    Moment(i64),
    /// A checked duration in seconds, or a checked time of day in seconds since midnight.
    Span(i64),
    /// A value that was found wrong, or a needed one that is missing: whoever reads it uses a
    /// placeholder, and no finding may rest on that.
    Bad,
}

/// What a text says, or the one finding that it is no JSON.
///
/// # Errors
/// [`Code::TooLarge`] past the limits of size and depth, [`Code::OutOfRange`] for a number that no
/// 64-bit float holds, [`Code::Syntax`] for everything else; each points at the value read last.
pub(super) fn parse(bytes: &[u8]) -> Result<Tree, Box<Finding>> {
    if bytes.len() > limits::BYTES {
        let (most, got) = (limits::BYTES, bytes.len());
        let finding = Finding::new("", Code::TooLarge, say!("at most {} bytes", most), say!("{} bytes", got));
        return Err(Box::new(finding));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Box::new(Finding::new(
            "",
            Code::Syntax,
            say!("UTF-8 text"),
            say!("another byte at position {}", error.valid_up_to()),
        ))
    })?;
    let mut trail = Vec::new();
    let mut json = serde_json::Deserializer::from_str(text);
    let seed = Seed { depth: 0, trail: &mut trail };
    match seed.deserialize(&mut json).and_then(|tree| json.end().map(|()| tree)) {
        Ok(tree) => Ok(tree),
        Err(error) => Err(Box::new(broken(&error, &trail))),
    }
}

/// Where the reading stopped; the trail leads from the value outwards.
fn broken(error: &serde_json::Error, trail: &[String]) -> Finding {
    let pointer: String = trail.iter().rev().map(|step| format!("/{}", crate::pointer::escaped(step))).collect();
    let said = error.to_string();
    if said.starts_with(TOO_DEEP) || said.starts_with("recursion limit") {
        let expected = say!("nesting of at most {} levels", limits::DEPTH);
        return Finding::new(pointer, Code::TooLarge, expected, say!("more, at line {}", error.line()));
    }
    if said.starts_with("number out of range") {
        let at = say!("a larger one at line {} column {}", error.line(), error.column());
        return Finding::new(pointer, Code::OutOfRange, say!("a number below 1.8e308"), at);
    }
    Finding::new(pointer, Code::Syntax, say!("JSON"), no_json(said, error))
}

/// The reader's own words, which are English; in Chinese where and of what kind.
fn no_json(said: String, error: &serde_json::Error) -> Text {
    let what = if error.is_eof() { "内容提前结束" } else { "此处不符合 JSON 语法" };
    both(said, format!("第 {} 行第 {} 列，{what}", error.line(), error.column()))
}

const TOO_DEEP: &str = "nested too deep";

/// Reads one value at a depth; on failure every level adds its step to the trail on the way out.
struct Seed<'t> {
    depth: usize,
    trail: &'t mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Tree;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Int(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(i64::try_from(value).map_or(Tree::Big(value), Tree::Int))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }
    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let depth = deeper(self.depth)?;
        let mut items = Vec::new();
        loop {
            match list.next_element_seed(Seed { depth, trail: self.trail }) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Tree::List(items)),
                Err(error) => {
                    self.trail.push(items.len().to_string());
                    return Err(error);
                }
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree, A::Error> {
        let depth = deeper(self.depth)?;
        let mut entries = Vec::new();
        while let Some(key) = object.next_key::<Box<str>>()? {
            match object.next_value_seed(Seed { depth, trail: self.trail }) {
                Ok(value) => entries.push((key, value)),
                Err(error) => {
                    self.trail.push(key.into());
                    return Err(error);
                }
            }
        }
        Ok(Tree::Object(entries))
    }
}

fn deeper<E: Error>(depth: usize) -> Result<usize, E> {
    if depth >= limits::DEPTH { Err(E::custom(TOO_DEEP)) } else { Ok(depth + 1) }
}

impl Tree {
    /// What stands there, for a finding: `"abc"`, `-5`, `a list of 3`.
    pub(super) fn shown(&self) -> Text {
        match self {
            Self::Null => value("null"),
            Self::Flag(flag) => value(flag),
            Self::Int(number) | Self::Moment(number) | Self::Span(number) => value(number),
            Self::Big(number) => value(number),
            Self::Float(number) => quoted(number),
            Self::Text(text) => quoted(text),
            Self::List(items) => say!("a list of {}", items.len()),
            Self::Object(_) => say!("an object"),
            Self::Bad => say!("nothing usable"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_points_at_the_value_it_stands_in() {
        let found = parse(br#"{"jobs": [{"id": "a"}, {"id": NaN}]}"#).unwrap_err();
        assert_eq!((found.pointer.as_str(), found.code), ("/jobs/1/id", Code::Syntax));
        let found = parse(br#"{"jobs": [{"a/b": 1e999}]}"#).unwrap_err();
        assert_eq!((found.pointer.as_str(), found.code), ("/jobs/0/a~1b", Code::OutOfRange));
    }

    #[test]
    fn a_million_brackets_are_refused_and_do_not_overflow_the_stack() {
        let found = parse("[".repeat(1_000_000).as_bytes()).unwrap_err();
        assert_eq!(found.code, Code::TooLarge);
        let found = parse("{\"a\":".repeat(1_000_000).as_bytes()).unwrap_err();
        assert_eq!(found.code, Code::TooLarge);
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_other_bytes_are_not() {
        assert_eq!(parse(b"\xEF\xBB\xBF[1, 2.5]"), Ok(Tree::List(vec![Tree::Int(1), Tree::Float(2.5)])));
        assert_eq!(parse(b"\xFF{}").unwrap_err().code, Code::Syntax);
        assert_eq!(parse(b"{} x").unwrap_err().code, Code::Syntax);
        assert_eq!(parse(b"").unwrap_err().code, Code::Syntax);
    }
}
