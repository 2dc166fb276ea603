//! Walking a JSON tree with findings: typed access, unknown keys with a suggestion, pointers.
//!
//! Knows no format: field names come from the importers.

use crate::finding::{Code, Finding};
use crate::format::suggest::nearest;
use crate::import::text::Findings;
use crate::lang::{Text, Word, value};
use crate::say;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::RangeInclusive;

/// A value and its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

/// An object whose keys are all known.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    pointer: String,
    map: &'a Map<String, Value>,
}

/// Parses a text; the parser bounds the depth of nesting. A key that stands twice in one object is
/// a finding: one of the two would be ignored.
pub(super) fn parse(text: &str) -> Result<Value, Vec<Finding>> {
    let mut repeated = Findings::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let tree = Tree { trail: Trail::Root, repeated: &mut repeated }.deserialize(&mut json);
    match tree.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => repeated.or(value),
        Err(error) => {
            let pointer = format!("line {}, column {}", error.line(), error.column());
            Err(vec![Finding::new(pointer, Code::Syntax, say!("JSON"), value(error))])
        }
    }
}

/// The way from the root to a value, spelled out only where there is something to say.
#[derive(Clone, Copy)]
enum Trail<'t> {
    Root,
    Key(&'t Trail<'t>, &'t str),
    Item(&'t Trail<'t>, usize),
}

impl Trail<'_> {
    fn pointer(self) -> String {
        match self {
            Trail::Root => String::new(),
            Trail::Key(outer, key) => join(&outer.pointer(), key),
            Trail::Item(outer, at) => format!("{}/{at}", outer.pointer()),
        }
    }
}

/// Builds a [`Value`] and notes keys that stand twice.
struct Tree<'t, 'f> {
    trail: Trail<'t>,
    repeated: &'f mut Findings,
}

impl<'de> DeserializeSeed<'de> for Tree<'_, '_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_, '_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let Self { trail, repeated } = self;
        let mut items = Vec::new();
        while let Some(item) =
            access.next_element_seed(Tree { trail: Trail::Item(&trail, items.len()), repeated: &mut *repeated })?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let Self { trail, repeated } = self;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let trail = Trail::Key(&trail, &key);
            if map.contains_key(&key) {
                repeated.add(trail.pointer(), Code::RepeatedKey, say!("each key once"), say!("twice"));
            }
            let value = access.next_value_seed(Tree { trail, repeated: &mut *repeated })?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { pointer: String::new(), value }
    }
    fn wrong(&self, found: &mut Findings, expected: impl Into<Text>) {
        found.add(self.pointer.clone(), Code::WrongType, expected, brief(self.value));
    }
    /// The object, with a finding for each key that is not among `keys`.
    pub(super) fn object(&self, found: &mut Findings, keys: &[&str]) -> Option<Object<'a>> {
        let object = self.map(found)?;
        for key in object.map.keys().filter(|key| !keys.contains(&key.as_str())) {
            let finding = Finding::new(
                join(&self.pointer, key),
                Code::UnknownKey,
                say!("a key of this format"),
                value(key.as_str()),
            );
            found.push(match nearest(key, keys.iter().copied()) {
                Some(known) => finding.hint(say!("did you mean {}?", format_args!("\"{known}\""))),
                None => finding.hint(say!("known here: {}", keys.join(", "))),
            });
        }
        Some(object)
    }
    /// The object, whatever its keys.
    pub(super) fn map(&self, found: &mut Findings) -> Option<Object<'a>> {
        match self.value {
            Value::Object(map) => Some(Object { pointer: self.pointer.clone(), map }),
            _ => {
                self.wrong(found, say!("an object"));
                None
            }
        }
    }
    /// The members of a list of at most `most`.
    pub(super) fn items(&self, found: &mut Findings, most: usize) -> Vec<Node<'a>> {
        match self.value {
            Value::Array(items) if items.len() > most => {
                found.add(self.pointer.clone(), Code::TooLarge, say!("at most {} members", most), value(items.len()));
                Vec::new()
            }
            Value::Array(items) => {
                let node = |(at, value)| Node { pointer: format!("{}/{at}", self.pointer), value };
                items.iter().enumerate().map(node).collect()
            }
            _ => {
                self.wrong(found, say!("a list"));
                Vec::new()
            }
        }
    }
    /// The members of a list as they stand, without pointers of their own.
    pub(super) fn list(&self, found: &mut Findings, most: usize) -> Option<&'a [Value]> {
        match self.value {
            Value::Array(items) if items.len() <= most => Some(items),
            _ => {
                self.wrong(found, say!("a list of at most {}", most));
                None
            }
        }
    }
    /// Says that what stands here cannot be honoured.
    pub(super) fn refuse(&self, found: &mut Findings, expected: impl Into<Text>) {
        found.add(self.pointer.clone(), Code::NotSupportedYet, expected, brief(self.value));
    }
    pub(super) fn real(&self, found: &mut Findings, range: RangeInclusive<f64>) -> Option<f64> {
        let Some(number) = self.value.as_f64() else {
            self.wrong(found, say!("a number"));
            return None;
        };
        if range.contains(&number) {
            Some(number)
        } else {
            let expected = say!("{} to {}", range.start(), range.end());
            found.add(self.pointer.clone(), Code::OutOfRange, expected, brief(self.value));
            None
        }
    }
    pub(super) fn whole(&self, found: &mut Findings, range: RangeInclusive<i64>) -> Option<i64> {
        // Ranges of this crate stay far below 2^53, so the way through f64 is exact.
        let number = self.real(found, *range.start() as f64..=*range.end() as f64)?;
        if number.fract() == 0.0 {
            Some(number as i64)
        } else {
            self.wrong(found, say!("a whole number"));
            None
        }
    }
    pub(super) fn text(&self, found: &mut Findings) -> Option<&'a str> {
        const MOST: usize = 10_000;
        match self.value {
            Value::String(text) if text.len() <= MOST => Some(text),
            Value::String(text) => {
                let got = say!("{} bytes", text.len());
                found.add(self.pointer.clone(), Code::TooLarge, say!("at most {} bytes", MOST), got);
                None
            }
            _ => {
                self.wrong(found, say!("a text"));
                None
            }
        }
    }
}

impl<'a> Object<'a> {
    /// A key that may be absent; `null` counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.map.get(key).filter(|value| !value.is_null())?;
        Some(Node { pointer: join(&self.pointer, key), value })
    }
    /// A key that must be there.
    pub(super) fn need(&self, found: &mut Findings, key: &str) -> Option<Node<'a>> {
        let node = self.get(key);
        if node.is_none() {
            found.add(self.pointer.clone(), Code::MissingKey, value(format_args!("\"{key}\"")), say!("nothing"));
        }
        node
    }
    /// Says of each of these keys that is there that it cannot be honoured.
    pub(super) fn refuse(&self, found: &mut Findings, keys: &[&str], expected: Word) {
        for node in keys.iter().filter_map(|key| self.get(key)) {
            node.refuse(found, expected);
        }
    }
    /// All keys with their values.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        let pointer = self.pointer.clone();
        self.map.iter().map(move |(key, value)| (key.as_str(), Node { pointer: join(&pointer, key), value }))
    }
}

/// A pointer one key deeper, escaped as RFC 6901 asks.
fn join(pointer: &str, key: &str) -> String {
    let key: String = key.chars().take(200).collect();
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn brief(given: &Value) -> Text {
    match given {
        Value::Null => value("null"),
        Value::Bool(truth) => value(truth),
        Value::Number(number) => value(number),
        Value::String(text) => value(text.chars().take(200).collect::<String>()),
        Value::Array(items) => say!("a list of {}", items.len()),
        Value::Object(map) => say!("an object of {}", map.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_gets_a_suggestion() {
        let value = parse(r#"{"time_window": 1, "zzz": 2}"#).unwrap();
        let mut found = Findings::default();
        let object = Node::root(&value).object(&mut found, &["time_windows", "service"]).unwrap();
        assert!(object.get("service").is_none());
        let found = found.into_vec();
        assert_eq!(found[0].pointer, "/time_window");
        assert_eq!(found[0].hint.as_ref().map(Text::english), Some("did you mean \"time_windows\"?"));
        assert_eq!(found[1].code, Code::UnknownKey);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn broken_and_deep_texts_are_one_finding() {
        for text in ["", "{", "[1,", &"[".repeat(100_000)] {
            let found = parse(text).unwrap_err();
            assert_eq!(found[0].code, Code::Syntax);
        }
    }
}
