//! Shapes: the words in which the wire format is described, once, for reader and schema alike.
//!
//! The tables themselves stand in [`super::keys`]; [`super::check`] holds a tree against them, and
//! [`super::schema`] writes them as JSON Schema.

use crate::lang::{Text, Word, quoted};
use crate::{say, word};

/// What a value must look like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A text of at least and at most so many characters.
    Text { least: usize, most: usize },
    /// One of a few texts.
    Choice(&'static [&'static str]),
    /// An RFC 3339 instant with offset.
    Instant,
    /// An ISO 8601 duration, in seconds between the borders.
    Duration { least: i64, most: i64 },
    /// A time of day, `08:30`.
    Clock,
    /// A date, `2026-12-25`.
    Date,
    /// An IANA time zone.
    Zone,
    /// `true` or `false`.
    Flag,
    /// A whole number between the borders.
    Int { least: i64, most: i64 },
    /// A whole number between the borders, or `null`.
    IntOrNull { least: i64, most: i64 },
    /// A whole number of 64 bits without sign.
    Unsigned,
    /// A number between the borders.
    Number { least: f64, most: f64 },
    /// A list of a number of values of one shape.
    List { of: &'static Shape, least: usize, most: usize },
    /// An object whose keys are names of the caller.
    Map { of: &'static Shape },
    /// An object with known keys.
    Object(&'static Object),
    /// One of several shapes, told apart by their JSON types.
    Either(&'static [Shape]),
    /// One of several objects, told apart by the text under a key they share.
    Tagged { key: &'static str, of: &'static [(&'static str, &'static Object)] },
    /// Anything: what a plan tells its reader beyond what makes it a plan.
    Report,
}

/// An object with known keys.
#[derive(Debug)]
pub(super) struct Object {
    /// Its name in the schema.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) about: Word,
    /// Its keys.
    pub(super) fields: &'static [Field],
}

/// One key of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) needed: bool,
    pub(super) shape: Shape,
    /// What it means, its unit, and what holds when it is left out.
    pub(super) about: Word,
}

/// A key that must be there. In the tables, which are made while compiling, a description without
/// Chinese does not build.
pub(super) const fn need(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { key, needed: true, shape, about: Word::described(about) }
}

/// A key that may be left out.
pub(super) const fn may(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { key, needed: false, shape, about: Word::described(about) }
}

impl Object {
    /// The field of a key.
    pub(super) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

impl Shape {
    /// What is expected, in words.
    pub(super) fn expected(self) -> Text {
        use super::moment::duration_text;
        match self {
            Self::Text { least: _, most } => say!("a text of at most {} characters", most),
            Self::Choice(names) => {
                say!("one of {}", names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", "))
            }
            Self::Instant => say!("an RFC 3339 instant with offset, such as \"2026-06-12T08:00:00+02:00\""),
            Self::Duration { least, most } => {
                say!("an ISO 8601 duration from {} to {}", duration_text(least), duration_text(most))
            }
            Self::Clock => say!("a time of day from \"00:00\" to \"24:00\""),
            Self::Date => say!("a date such as \"2026-12-25\""),
            Self::Zone => say!("an IANA time zone such as \"Europe/Vaduz\""),
            Self::Flag => say!("true or false"),
            Self::Int { least, most } => say!("a whole number from {} to {}", least, most),
            Self::IntOrNull { least, most } => say!("null or a whole number from {} to {}", least, most),
            Self::Unsigned => say!("a whole number from 0 to {}", u64::MAX),
            Self::Number { least, most } => say!("a number from {} to {}", least, most),
            Self::List { of: _, least, most } => match (least, most) {
                (0, super::keys::MANY) => say!("a list"),
                (1, super::keys::MANY) => say!("a list that is not empty"),
                (least, super::keys::MANY) => say!("a list of at least {}", least),
                (least, most) if least == most => say!("a list of {}", most),
                (least, most) => say!("a list of {} to {}", least, most),
            },
            Self::Map { .. } => say!("an object from names to values"),
            Self::Object(object) => say!("an object ({})", object.name),
            Self::Either(shapes) => Text::joined(shapes.iter().map(|shape| shape.expected()), word!(" or ")),
            Self::Tagged { key, of } => {
                let names = Text::joined(of.iter().map(|(name, _)| quoted(name)), word!(" or "));
                say!("an object with \"{}\" {}", key, names)
            }
            Self::Report => say!("anything"),
        }
    }
}
