//! Shapes of bodies that are neither problem nor plan: JSON Schemas in `schemas.json`, with the lists
//! that stand elsewhere in the code put in. A description stands in the file in both languages.

use crate::hooks::EVENTS;
use crate::limits::Limits;
use dispatch_data::lang::Lang;
use dispatch_data::rule::Rule;
use serde_json::{Map, Value, json};

/// All of them by name, described in a language.
pub(crate) fn others(lang: Lang) -> Map<String, Value> {
    let mut all: Map<String, Value> = serde_json::from_str(include_str!("schemas.json")).unwrap_or_default();
    all.values_mut().for_each(|schema| describe(schema, lang));
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

/// Leaves every description in one language: `{"en": …, "zh": …}` becomes one of the two. A property
/// of the name `description` is a schema, which has neither key.
fn describe(value: &mut Value, lang: Lang) {
    match value {
        Value::Object(entries) => {
            for (key, entry) in entries {
                let said =
                    if key == "description" { entry.get_mut(lang.pick("en", "zh")).map(Value::take) } else { None };
                match said {
                    Some(said) => *entry = said,
                    None => describe(entry, lang),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| describe(item, lang)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_its_gaps_are_filled() {
        let all = others(Lang::En);
        assert!(all.len() > 30);
        assert_eq!(all["Events"]["items"]["enum"][0], json!("plan.done"));
        assert_eq!(all["Limits"]["properties"]["queue"]["type"], json!("number"));
        let rules = &all["Evaluation"]["properties"]["violations"]["items"]["properties"]["rule"]["enum"];
        assert_eq!(rules.as_array().unwrap().len(), Rule::ALL.len());
    }
}
