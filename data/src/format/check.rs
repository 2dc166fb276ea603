//! Holds a tree against its shape: types, keys, ranges, texts. Gives all findings and leaves a tree
//! that readers can trust.
//!
//! What is right is turned into what it means (texts into instants and durations); what is wrong or
//! missing becomes [`Tree::Bad`]; unknown and repeated keys are taken out. Nothing here knows what
//! a job is, and no two values are compared with each other.

use super::moment;
use super::shape::{Object, Shape};
use super::suggest::nearest;
use super::tree::Tree;
use crate::finding::{Code, Finding};
use crate::lang::{Text, quoted, value};
use crate::limits;
use crate::pointer::Path;
use crate::validate::NO_CONTROLS;
use crate::validate::found::Found;
use crate::{say, word};
use std::collections::HashSet;

/// Checks a value and everything in it.
pub(super) fn check(tree: &mut Tree, shape: Shape, path: &Path<'_>, found: &mut Found) {
    match (shape, &mut *tree) {
        (Shape::Object(object), Tree::Object(entries)) => check_object(entries, object, path, found),
        (Shape::Map { of }, Tree::Object(entries)) => {
            without_repeats(entries, path, found);
            for (key, value) in entries {
                let here = path.key(key);
                if let Err(finding) = text(key, 1, limits::NAME) {
                    found.wrong(finding(here.to_string()));
                }
                check(value, *of, &here, found);
            }
        }
        (Shape::List { of, least, most }, Tree::List(items)) => {
            if items.len() < least || items.len() > most {
                let code = match items.len() {
                    0 => Code::Empty,
                    many if many > most && most == super::keys::MANY => Code::TooLarge,
                    _ => Code::OutOfRange,
                };
                let got = say!("a list of {}", items.len());
                found.wrong(Finding::new(path.to_string(), code, shape.expected(), got));
                *tree = Tree::Bad;
                return;
            }
            for (at, item) in items.iter_mut().enumerate() {
                check(item, *of, &path.at(at), found);
            }
        }
        (Shape::Either(shapes), value) => match shapes.iter().find(|shape| shape.takes(value)) {
            Some(chosen) => check(tree, *chosen, path, found),
            None => wrong(tree, Code::WrongType, shape, path, found),
        },
        (Shape::Tagged { key, of }, Tree::Object(entries)) => check_tagged(entries, key, of, path, found),
        (Shape::Report, Tree::Object(entries)) => {
            without_repeats(entries, path, found);
            for (key, value) in entries {
                check(value, shape, &path.key(key), found);
            }
        }
        (Shape::Report, Tree::List(items)) => {
            for (at, item) in items.iter_mut().enumerate() {
                check(item, shape, &path.at(at), found);
            }
        }
        (shape, value) => {
            if !shape.takes(value) {
                return wrong(tree, Code::WrongType, shape, path, found);
            }
            match scalar(value, shape) {
                Ok(Some(meant)) => *tree = meant,
                Ok(None) => {}
                Err(finding) => {
                    found.wrong(finding(path.to_string()));
                    *tree = Tree::Bad;
                }
            }
        }
    }
}

impl Shape {
    /// Whether a value has the JSON type of this shape.
    fn takes(self, value: &Tree) -> bool {
        match self {
            Self::Text { .. }
            | Self::Choice(_)
            | Self::Instant
            | Self::Duration { .. }
            | Self::Clock
            | Self::Date
            | Self::Zone => matches!(value, Tree::Text(_)),
            Self::Flag => matches!(value, Tree::Flag(_)),
            Self::Int { .. } | Self::Unsigned => whole(value),
            Self::IntOrNull { .. } => matches!(value, Tree::Null) || whole(value),
            Self::Number { .. } => matches!(value, Tree::Int(_) | Tree::Big(_) | Tree::Float(_)),
            Self::List { .. } => matches!(value, Tree::List(_)),
            Self::Map { .. } | Self::Object(_) | Self::Tagged { .. } => matches!(value, Tree::Object(_)),
            Self::Either(shapes) => shapes.iter().any(|shape| shape.takes(value)),
            Self::Report => true,
        }
    }
}

/// A whole number, be it written `5`, `5.0` or far too large.
fn whole(value: &Tree) -> bool {
    match value {
        Tree::Int(_) | Tree::Big(_) => true,
        Tree::Float(float) => float.fract() == 0.0,
        _ => false,
    }
}

type At = Box<dyn FnOnce(String) -> Finding>;

fn at(code: Code, expected: Text, got: Text, hint: Option<Text>) -> At {
    Box::new(move |pointer| {
        let finding = Finding::new(pointer, code, expected, got);
        match hint {
            Some(hint) => finding.hint(hint),
            None => finding,
        }
    })
}

/// What a single value of the right type means, if not itself; or what is wrong with it.
fn scalar(value: &Tree, shape: Shape) -> Result<Option<Tree>, At> {
    let refuse = |code, hint| Err(at(code, shape.expected(), value.shown(), hint));
    match (shape, value) {
        (Shape::Text { least, most }, Tree::Text(given)) => text(given, least, most).map(|()| None),
        (Shape::Choice(names), Tree::Text(given)) => match names.contains(&&**given) {
            true => Ok(None),
            false => refuse(Code::UnknownValue, did_you_mean(given, names.iter().copied())),
        },
        (Shape::Instant, Tree::Text(given)) => match moment::instant(given) {
            Some(seconds) if jiff::Timestamp::from_second(seconds).is_ok() => Ok(Some(Tree::Moment(seconds))),
            Some(_) => Err(at(Code::OutOfRange, say!("an instant before 9999-12-30"), value.shown(), None)),
            None if moment::instant(&format!("{given}Z")).is_some() => {
                refuse(Code::BadInstant, Some(say!("add the offset: Z, or such as +02:00")))
            }
            None => refuse(Code::BadInstant, None),
        },
        (Shape::Duration { least, most }, Tree::Text(given)) => match moment::duration(given) {
            Some(seconds) if (least..=most).contains(&seconds) => Ok(Some(Tree::Span(seconds))),
            Some(_) => refuse(Code::OutOfRange, None),
            None => refuse(Code::BadDuration, moment::duration_hint(given)),
        },
        (Shape::Clock, Tree::Text(given)) => match moment::clock(given) {
            Some(seconds) => Ok(Some(Tree::Span(seconds))),
            None => refuse(Code::BadInstant, None),
        },
        (Shape::Date, Tree::Text(given)) => match moment::date(given) {
            Some(_) => Ok(None),
            None => refuse(Code::BadInstant, None),
        },
        (Shape::Zone, Tree::Text(given)) => match given.len() <= 64 && jiff::tz::TimeZone::get(given).is_ok() {
            true => Ok(None),
            false => {
                let known: Vec<_> = jiff::tz::db().available().map(|name| name.to_string()).collect();
                refuse(Code::BadZone, did_you_mean(given, known.iter().map(String::as_str)))
            }
        },
        (Shape::IntOrNull { .. }, Tree::Null) => Ok(None),
        (Shape::Int { least, most } | Shape::IntOrNull { least, most }, value) => match int(value) {
            Some(number) if (least..=most).contains(&number) => Ok(Some(Tree::Int(number))),
            _ => refuse(Code::OutOfRange, None),
        },
        (Shape::Unsigned, Tree::Big(_)) => Ok(None),
        (Shape::Unsigned, value) => match int(value) {
            Some(number) if number >= 0 => Ok(Some(Tree::Int(number))),
            _ => refuse(Code::OutOfRange, None),
        },
        (Shape::Number { least, most }, value) => {
            let number = match value {
                Tree::Int(number) => *number as f64,
                Tree::Big(number) => *number as f64,
                Tree::Float(number) => *number,
                _ => f64::NAN,
            };
            if (least..=most).contains(&number) {
                // Minus zero is zero: two places must not differ by a sign nobody sees.
                Ok(Some(Tree::Float(number + 0.0)))
            } else {
                refuse(Code::OutOfRange, None)
            }
        }
        _ => Ok(None),
    }
}

fn int(value: &Tree) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Tree::Int(number) => Some(*number),
        Tree::Float(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(*number as i64),
        _ => None,
    }
}

fn text(given: &str, least: usize, most: usize) -> Result<(), At> {
    if given.is_empty() && least > 0 {
        return Err(at(Code::Empty, say!("a text that is not empty"), value("\"\""), None));
    }
    if given.len() < 4 * least && given.chars().count() < least {
        return Err(at(Code::OutOfRange, say!("at least {} characters", least), quoted(given), None));
    }
    if given.contains(char::is_control) {
        return Err(at(Code::UnknownValue, Text::from(NO_CONTROLS), quoted(given), None));
    }
    // Only a text past the limit in bytes can be past it in characters.
    if given.len() > most && given.chars().count() > most {
        return Err(at(Code::TooLarge, say!("at most {} characters", most), value(given), None));
    }
    Ok(())
}

fn wrong(tree: &mut Tree, code: Code, shape: Shape, path: &Path<'_>, found: &mut Found) {
    let mut finding = Finding::new(path.to_string(), code, shape.expected(), tree.shown());
    if *tree == Tree::Null {
        finding = finding.hint(say!("leave the key out where there is nothing to say"));
    }
    found.wrong(finding);
    *tree = Tree::Bad;
}

/// `did you mean "work"?`
pub(super) fn did_you_mean<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<Text> {
    nearest(unknown, known).map(|name| say!("did you mean {}?", format_args!("{name:?}")))
}

fn check_object(entries: &mut Vec<(Box<str>, Tree)>, object: &Object, path: &Path<'_>, found: &mut Found) {
    without_repeats(entries, path, found);
    entries.retain_mut(|(key, value)| {
        if let Some(field) = object.field(key) {
            check(value, field.shape, &path.key(key), found);
            return true;
        }
        let absent = object.fields.iter().map(|field| field.key);
        // Nobody reads suggestions that are only counted.
        let near = if found.is_full() { None } else { nearest(key, absent) };
        let expected = match near {
            Some(_) => say!("a known key of {}", object.name),
            None => {
                let keys: Vec<_> = object.fields.iter().map(|field| field.key).collect();
                say!("a known key of {}: {}", object.name, keys.join(", "))
            }
        };
        let finding = Finding::new(path.key(key).to_string(), Code::UnknownKey, expected, quoted(key));
        found.note(match near {
            Some(near) => finding.hint(say!("did you mean {}?", format_args!("{near:?}"))),
            None => finding,
        });
        if let Some(near) = near {
            found.doubt(path.key(near).to_string());
        }
        false
    });
    for field in object.fields.iter().filter(|field| field.needed) {
        if entries.iter().any(|(key, _)| **key == *field.key) {
            continue;
        }
        entries.push((field.key.into(), Tree::Bad));
        // Where a misspelt key was read as this one, the place is in doubt and no more is said.
        found.missing(path.to_string(), field.key, field.shape.expected());
    }
}

fn check_tagged(
    entries: &mut Vec<(Box<str>, Tree)>,
    key: &'static str,
    of: &[(&'static str, &'static Object)],
    path: &Path<'_>,
    found: &mut Found,
) {
    let tag = entries.iter().find(|(name, _)| **name == *key).map(|(_, value)| value);
    let chosen = match tag {
        Some(Tree::Text(tag)) => of.iter().find(|(name, _)| **name == **tag),
        _ => None,
    };
    if let Some((_, object)) = chosen {
        return check_object(entries, object, path, found);
    }
    let names = Text::joined(of.iter().map(|(name, _)| quoted(name)), word!(", "));
    let expected = say!("one of {}", names);
    match tag {
        None => found.missing(path.to_string(), key, expected),
        Some(tag) => {
            let code = if matches!(tag, Tree::Text(_)) { Code::UnknownValue } else { Code::WrongType };
            let finding = Finding::new(path.key(key).to_string(), code, expected, tag.shown());
            let hint = match tag {
                Tree::Text(given) => did_you_mean(given, of.iter().map(|(name, _)| *name)),
                _ => None,
            };
            found.note(match hint {
                Some(hint) => finding.hint(hint),
                None => finding,
            });
        }
    }
    found.doubt(path.to_string());
    entries.clear();
    entries.push((key.into(), Tree::Bad));
}

/// Takes out every key that stood before, with a finding each.
fn without_repeats(entries: &mut Vec<(Box<str>, Tree)>, path: &Path<'_>, found: &mut Found) {
    let mut seen: HashSet<&str> = HashSet::with_capacity(entries.len());
    let mut again = Vec::new();
    for (at, (key, _)) in entries.iter().enumerate() {
        if !seen.insert(key) {
            let here = path.key(key).to_string();
            found.wrong(Finding::new(
                here,
                Code::RepeatedKey,
                say!("each key once"),
                say!("{} again", format_args!("{key:?}")),
            ));
            again.push(at);
        }
    }
    for at in again.into_iter().rev() {
        entries.remove(at);
    }
}
