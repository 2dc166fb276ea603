//! Small bodies that are not problems or plans: read key by key, all findings at once.

use crate::refusal::Refusal;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, quoted, value as said};
use dispatch_data::say;
use serde_json::error::Category;
use serde_json::{Map, Value};

/// Deepest nesting of such a body.
const DEPTH: usize = 32;

/// An object of a request, and what was found wrong with it so far.
pub(crate) struct Fields {
    object: Map<String, Value>,
    at: String,
    findings: Vec<Finding>,
}

impl Fields {
    /// Reads a text as an object with no other keys than these.
    ///
    /// # Errors
    /// Where it is no JSON object at all.
    pub(crate) fn read(text: &str, keys: &[&str]) -> Result<Self, Refusal> {
        let value: Value = serde_json::from_str(text).map_err(|error| Refusal::Invalid(vec![not_json(&error)]))?;
        if depth(&value) > DEPTH {
            let expected = say!("nesting of at most {} levels", DEPTH);
            return Err(Refusal::Invalid(vec![Finding::new("", Code::TooLarge, expected, say!("more"))]));
        }
        Self::of(value, keys, String::new()).map_err(|finding| Refusal::Invalid(vec![*finding]))
    }
    /// The same of a value that stands at a pointer.
    ///
    /// # Errors
    /// Where it is no object.
    pub(crate) fn of(value: Value, keys: &[&str], at: String) -> Result<Self, Box<Finding>> {
        let Value::Object(object) = value else {
            return Err(Box::new(Finding::new(at, Code::WrongType, say!("an object"), shown(&value))));
        };
        let mut findings = Vec::new();
        for key in object.keys() {
            if !keys.contains(&key.as_str()) {
                let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                findings.push(Finding::new(pointer, Code::UnknownKey, said(keys.join(", ")), quoted(key)));
            }
        }
        Ok(Self { object, at, findings })
    }
    /// The pointer to a key of this object.
    pub(crate) fn pointer(&self, key: &str) -> String {
        format!("{}/{key}", self.at)
    }
    /// Adds a finding.
    pub(crate) fn wrong(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
    /// Takes a value out, where it is there and not null.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.object.remove(key).filter(|value| !value.is_null())
    }
    /// Takes a value out that must be there.
    pub(crate) fn need(&mut self, key: &str) -> Option<Value> {
        let value = self.take(key);
        if value.is_none() {
            self.findings.push(Finding::new(self.pointer(key), Code::MissingKey, quoted(key), say!("nothing")));
        }
        value
    }
    fn refuse(&mut self, key: &str, expected: Text, got: &Value) {
        let code = match got {
            Value::Number(_) | Value::String(_) | Value::Array(_) => Code::OutOfRange,
            _ => Code::WrongType,
        };
        self.findings.push(Finding::new(self.pointer(key), code, expected, shown(got)));
    }
    /// A text of so many characters that must be there.
    pub(crate) fn text(&mut self, key: &str, least: usize, most: usize) -> Option<String> {
        let value = self.need(key)?;
        self.as_text(key, value, least, most)
    }
    /// A text of so many characters, where it is there.
    pub(crate) fn maybe_text(&mut self, key: &str, least: usize, most: usize) -> Option<String> {
        let value = self.take(key)?;
        self.as_text(key, value, least, most)
    }
    fn as_text(&mut self, key: &str, value: Value, least: usize, most: usize) -> Option<String> {
        match value {
            Value::String(text)
                if (least..=most).contains(&text.chars().count()) && !text.contains(char::is_control) =>
            {
                Some(text)
            }
            other => {
                self.refuse(key, say!("a text of {} to {} characters", least, most), &other);
                None
            }
        }
    }
    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &str, least: usize, most: usize, longest: usize) -> Option<Vec<String>> {
        let items = self.list(key, least, most)?;
        let mut texts = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            match item {
                Value::String(text) if text.chars().count() <= longest => texts.push(text),
                other => self.refuse(&format!("{key}/{at}"), say!("a text of at most {} characters", longest), &other),
            }
        }
        Some(texts)
    }
    /// What the words of a list stand for, each known and there but once; `known` and `once` say so.
    pub(crate) fn meanings<T>(
        &mut self,
        key: &str,
        words: &[String],
        meaning: impl Fn(&str) -> Option<T>,
        known: &Text,
        once: &Text,
    ) -> Vec<T> {
        let mut meant = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let (code, expected) = match meaning(word) {
                Some(_) if words[..at].contains(word) => (Code::DuplicateId, once),
                Some(one) => {
                    meant.push(one);
                    continue;
                }
                None => (Code::UnknownValue, known),
            };
            self.wrong(Finding::new(format!("/{key}/{at}"), code, expected.clone(), said(word)));
        }
        meant
    }
    /// A list that must be there.
    pub(crate) fn list(&mut self, key: &str, least: usize, most: usize) -> Option<Vec<Value>> {
        match self.need(key)? {
            Value::Array(items) if (least..=most).contains(&items.len()) => Some(items),
            other => {
                self.refuse(key, say!("a list of {} to {}", least, most), &other);
                None
            }
        }
    }
    /// A list, where it is there.
    pub(crate) fn maybe_list(&mut self, key: &str, least: usize, most: usize) -> Option<Vec<Value>> {
        let value = self.take(key)?;
        self.object.insert(key.to_owned(), value);
        self.list(key, least, most)
    }
    /// A number within a range, where it is there.
    pub(crate) fn number(&mut self, key: &str, least: f64, most: f64) -> Option<f64> {
        let value = self.take(key)?;
        match value.as_f64() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.refuse(key, say!("a number from {} to {}", least, most), &value);
                None
            }
        }
    }
    /// A number within a range that must be there.
    pub(crate) fn number_needed(&mut self, key: &str, least: f64, most: f64) -> Option<f64> {
        let value = self.need(key)?;
        self.object.insert(key.to_owned(), value);
        self.number(key, least, most)
    }
    /// A whole number within a range, where it is there.
    pub(crate) fn whole(&mut self, key: &str, least: u64, most: u64) -> Option<u64> {
        let value = self.take(key)?;
        match value.as_u64() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => {
                self.refuse(key, say!("a whole number from {} to {}", least, most), &value);
                None
            }
        }
    }
    /// All findings.
    pub(crate) fn findings(self) -> Vec<Finding> {
        self.findings
    }
    /// The end of reading.
    ///
    /// # Errors
    /// Where anything was found.
    pub(crate) fn done(self) -> Result<(), Refusal> {
        if self.findings.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.findings)) }
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(entries) => 1 + entries.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// What stands there, for a finding.
pub(crate) fn shown(what: &Value) -> Text {
    match what {
        Value::Array(items) => say!("a list of {}", items.len()),
        Value::Object(_) => say!("an object"),
        other => said(other),
    }
}

/// The finding that a text is no JSON.
pub(crate) fn not_json(error: &serde_json::Error) -> Finding {
    let (line, column) = (error.line(), error.column());
    let got = match error.classify() {
        Category::Eof => say!("a text that ends too soon, at line {} column {}", line, column),
        Category::Io | Category::Syntax | Category::Data => {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default().to_owned();
            say!("text that is no JSON at line {} column {}: {}", line, column, why)
        }
    };
    Finding::new("", Code::Syntax, say!("JSON"), got)
}
