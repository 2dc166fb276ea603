//! The schemas say yes to what the reader takes, and no to what breaks the tables.

use super::{FULL, SMALLEST};
use crate::format::{plan_schema, problem_schema, write_plan};
use crate::lang::Lang;
use serde_json::Value;

/// The part of JSON Schema that the schemas use, patterns and formats apart: pointers to what does
/// not hold.
fn refused(value: &Value, schema: &Value, root: &Value, at: &str, list: &mut Vec<String>) {
    let mut no = |what: &str| list.push(format!("{at}: {what}"));
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("a reference that leads somewhere");
        return refused(value, target, root, at, list);
    }
    for key in ["anyOf", "oneOf"] {
        let Some(options) = schema[key].as_array() else { continue };
        let fits = |option: &&Value| {
            let mut list = Vec::new();
            refused(value, option, root, at, &mut list);
            list.is_empty()
        };
        let count = options.iter().filter(fits).count();
        if count == 0 || (key == "oneOf" && count > 1) {
            no(key);
        }
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |kind: &str| allowed.is_empty() || allowed.contains(&kind);
    let fits = is(kind) || (kind == "integer" && is("number"));
    if !fits {
        return no("type");
    }
    if schema["enum"].as_array().is_some_and(|names| !names.contains(value)) {
        no("enum");
    }
    let bound = |key: &str| schema[key].as_f64();
    let size = match value {
        Value::Number(number) => number.as_f64(),
        _ => None,
    };
    let count = match value {
        Value::String(text) => Some(("minLength", "maxLength", text.chars().count())),
        Value::Array(items) => Some(("minItems", "maxItems", items.len())),
        _ => None,
    };
    let (least, most, size) = match (size, count) {
        (Some(size), _) => (bound("minimum"), bound("maximum"), size),
        (None, Some((least, most, count))) => (bound(least), bound(most), count as f64),
        (None, None) => (None, None, 0.0),
    };
    if least.is_some_and(|least| size < least) || most.is_some_and(|most| size > most) {
        no("range");
    }
    match value {
        Value::Array(items) => {
            for (k, item) in items.iter().enumerate() {
                refused(item, &schema["items"], root, &format!("{at}/{k}"), list);
            }
        }
        Value::Object(map) => {
            for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !map.contains_key(key) {
                    list.push(format!("{at}: required {key}"));
                }
            }
            for (key, item) in map {
                let here = format!("{at}/{key}");
                match (&schema["properties"][key], &schema["additionalProperties"]) {
                    (Value::Null, Value::Bool(false)) => list.push(format!("{here}: unknown")),
                    (Value::Null, Value::Null) => {}
                    (Value::Null, others) => refused(item, others, root, &here, list),
                    (known, _) => refused(item, known, root, &here, list),
                }
            }
        }
        _ => {}
    }
}

fn refusals(value: &Value, schema: &Value) -> Vec<String> {
    let mut list = Vec::new();
    refused(value, schema, schema, "", &mut list);
    list
}

#[test]
fn every_sample_fits_the_schema() {
    let schema = problem_schema(Lang::En);
    for text in [FULL, SMALLEST, include_str!("../../../samples/liechtenstein-day.json")] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(refusals(&value, &schema), Vec::<String>::new());
    }
    let (problem, plan) = crate::export::sample::day();
    assert_eq!(refusals(&write_plan(&problem, &plan), &plan_schema(Lang::En)), Vec::<String>::new());
}

#[test]
fn what_breaks_the_tables_does_not_fit_the_schema() {
    let schema = problem_schema(Lang::En);
    for name in
        ["unknown-keys", "missing-keys", "wrong-types", "nulls", "unknown-values", "huge-numbers", "empty-object"]
    {
        let path = format!("{}/tests/broken/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let value: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(!refusals(&value, &schema).is_empty(), "{name}");
    }
}
