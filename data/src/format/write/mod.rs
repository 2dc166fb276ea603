//! From the nouns to the wire format: the way importers, services and tests turn drafts and plans
//! into JSON.
//!
//! What a reader would fill in by default is left out where it says the same. A written problem
//! reads back as the same draft, with two exceptions: matrix indices that are not one for each place
//! become positions in the list of places, and a job without region gets the first one whose area holds it.

mod plan;
mod problem;

pub use plan::{write_plan, write_plan_in, write_stop};
pub use problem::write_problem;

pub(in crate::format) use plan::plan_itself;

use crate::format::moment::{duration_text, instant_text};
use crate::problem::{Horizon, Window};
use crate::units::{Duration, Time};
use serde_json::{Map, Value, json};

/// An object in the making, its keys in the order of the writing.
#[derive(Default)]
struct Writer(Map<String, Value>);

impl Writer {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.into(), value.into());
    }
    /// Puts a value that is there.
    fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
    /// Puts a list that is not empty.
    fn put_list(&mut self, key: &str, list: impl IntoIterator<Item = Value>) {
        let list: Vec<_> = list.into_iter().collect();
        if !list.is_empty() {
            self.put(key, list);
        }
    }
    /// Puts a value that differs from its default.
    fn put_unless<T: PartialEq + Into<Value>>(&mut self, key: &str, value: T, default: &T) {
        if value != *default {
            self.put(key, value);
        }
    }
    /// Puts a length of time that is not none at all.
    fn put_length(&mut self, key: &str, length: Duration) {
        if length != Duration::ZERO {
            self.put(key, duration_text(length.0));
        }
    }
    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

/// A moment in the wire format.
pub fn write_instant(horizon: &Horizon, time: Time) -> Value {
    instant(horizon, time)
}

/// A length of time in the wire format.
pub fn write_length(time: Duration) -> Value {
    length(time)
}

fn instant(horizon: &Horizon, time: Time) -> Value {
    instant_text(horizon, time).into()
}

fn length(length: Duration) -> Value {
    duration_text(length.0).into()
}

fn window(horizon: &Horizon, window: Window) -> Value {
    json!({"open": instant(horizon, window.open), "close": instant(horizon, window.close)})
}
