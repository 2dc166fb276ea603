//! Shapes of bodies that are neither problem nor plan: JSON Schemas in `schemas.json`, with the lists
//! that stand elsewhere in the code put in.

use crate::hooks::EVENTS;
use crate::limits::Limits;
use dispatch_data::rule::Rule;
use serde_json::{Map, Value, json};

/// All of them by name.
pub(crate) fn others() -> Map<String, Value> {
    let mut all: Map<String, Value> = serde_json::from_str(include_str!("schemas.json")).unwrap_or_default();
    let limits = match Limits::default().to_json() {
        Value::Object(limits) => limits,
        _ => Map::new(),
    };
    let keys: Vec<&String> = limits.keys().collect();
    let numbers: Map<String, Value> = keys.iter().map(|key| ((*key).clone(), json!({"type": "number"}))).collect();
    let rules_or_none: Vec<Value> = Rule::CODES.iter().map(|code| json!(code)).chain([Value::Null]).collect();
    let lists = [
        ("Limits", "/required", json!(keys)),
        ("Limits", "/properties", Value::Object(numbers)),
        ("Events", "/items/enum", json!(EVENTS)),
        ("Events", "/maxItems", json!(EVENTS.len())),
        ("Evaluation", "/properties/violations/items/properties/rule/enum", json!(Rule::CODES)),
        ("Recommendation", "/properties/kept_out/items/properties/rule/enum", json!(Rule::CODES)),
        ("Recommendation", "/properties/rejected/items/properties/rule/enum", json!(rules_or_none)),
    ];
    for (name, place, list) in lists {
        if let Some(empty) = all.get_mut(name).and_then(|schema| schema.pointer_mut(place)) {
            *empty = list;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_its_gaps_are_filled() {
        let all = others();
        assert!(all.len() > 30);
        assert_eq!(all["Events"]["items"]["enum"][0], json!("plan.done"));
        assert_eq!(all["Limits"]["properties"]["queue"]["type"], json!("number"));
        let rules = &all["Evaluation"]["properties"]["violations"]["items"]["properties"]["rule"]["enum"];
        assert_eq!(rules.as_array().unwrap().len(), Rule::ALL.len());
    }
}
