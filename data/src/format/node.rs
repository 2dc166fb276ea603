//! Reading a checked tree: values by key, with the place they stand at.
//!
//! After the check every value has its shape or is [`Tree::Bad`]; here a bad value reads as absent,
//! and the place is already in doubt.

use super::tree::Tree;
use crate::pointer::Path;

/// A value and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Node<'p, 't> {
    pub(super) tree: &'t Tree,
    pub(super) path: Path<'p>,
}

impl<'t> Node<'_, 't> {
    /// The value under a key, if the key is there, good or bad.
    pub(super) fn get<'s>(&'s self, key: &'s str) -> Option<Node<'s, 't>> {
        #[cfg(test)]
        asked::note(key);
        let Tree::Object(entries) = self.tree else { return None };
        let (_, tree) = entries.iter().find(|(name, _)| **name == *key)?;
        Some(Node { tree, path: self.path.key(key) })
    }
    /// The values of a list; nothing where it is absent or bad.
    pub(super) fn items(&self) -> impl Iterator<Item = Node<'_, 't>> {
        let items: &'t [Tree] = match self.tree {
            Tree::List(items) => items,
            _ => &[],
        };
        items.iter().enumerate().map(|(at, tree)| Node { tree, path: self.path.at(at) })
    }
    /// Names and values of an object of the caller's names.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'t str, Node<'_, 't>)> {
        let entries: &'t [(Box<str>, Tree)] = match self.tree {
            Tree::Object(entries) => entries,
            _ => &[],
        };
        entries.iter().map(|(name, tree)| (&**name, Node { tree, path: self.path.key(name) }))
    }
    /// A text.
    pub(super) fn text(&self) -> Option<&'t str> {
        match self.tree {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }
    /// A whole number.
    pub(super) fn int(&self) -> Option<i64> {
        match self.tree {
            Tree::Int(number) => Some(*number),
            _ => None,
        }
    }
    /// A whole number of 64 bits without sign.
    pub(super) fn unsigned(&self) -> Option<u64> {
        match self.tree {
            Tree::Int(number) => u64::try_from(*number).ok(),
            Tree::Big(number) => Some(*number),
            _ => None,
        }
    }
    /// A number.
    pub(super) fn number(&self) -> Option<f64> {
        match self.tree {
            Tree::Float(number) => Some(*number),
            _ => None,
        }
    }
    /// A flag.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.tree {
            Tree::Flag(flag) => Some(*flag),
            _ => None,
        }
    }
    /// An instant, in Unix seconds.
    pub(super) fn moment(&self) -> Option<i64> {
        match self.tree {
            Tree::Moment(seconds) => Some(*seconds),
            _ => None,
        }
    }
    /// A duration or a time of day, in seconds.
    pub(super) fn span(&self) -> Option<i64> {
        match self.tree {
            Tree::Span(seconds) => Some(*seconds),
            _ => None,
        }
    }
    /// Whether the value was found wrong.
    pub(super) fn is_bad(&self) -> bool {
        matches!(self.tree, Tree::Bad)
    }
    /// Where it stands, as a JSON pointer.
    pub(super) fn pointer(&self) -> String {
        self.path.to_string()
    }
}

/// Which keys were ever asked for: what the tables list and no reader asks for would be ignored.
#[cfg(test)]
pub(super) mod asked {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static KEYS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(in super::super) fn note(key: &str) {
        KEYS.with_borrow_mut(|keys| {
            if !keys.contains(key) {
                keys.insert(key.into());
            }
        });
    }
    pub(in super::super) fn all() -> BTreeSet<String> {
        KEYS.with_borrow(Clone::clone)
    }
}
