//! The tables of keys as JSON Schema, draft 2020-12, with descriptions in either language.
//!
//! What a schema cannot say (references, order in time, sums) stands in the descriptions and is
//! found by the reader.

use super::keys;
use super::shape::{Object, Shape};
use crate::lang::Lang;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
const INSTANT: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})$";
const DURATION: &str = "^P(?!$)([0-9]+W)?([0-9]+D)?(T(?!$)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$";

/// The JSON Schema of a problem, described in a language.
pub fn problem_schema(lang: Lang) -> Value {
    document(&keys::PROBLEM, lang)
}

/// The JSON Schema of a plan, described in a language.
pub fn plan_schema(lang: Lang) -> Value {
    document(&keys::PLAN, lang)
}

/// The JSON Schemas of what is asked and told of a live plan, by name, described in a language.
pub fn live_schemas(lang: Lang) -> [(&'static str, Value); 4] {
    [
        ("RecommendationRequest", document(&keys::RECOMMENDATION, lang)),
        ("Acceptance", document(&keys::ACCEPTANCE, lang)),
        ("Declined", document(&keys::REFUSAL, lang)),
        ("Changes", document(&keys::CHANGES, lang)),
    ]
}

fn document(root: &'static Object, lang: Lang) -> Value {
    let mut objects = BTreeMap::new();
    gather(root, &mut objects);
    let mut schema = Map::new();
    schema.insert("$schema".into(), DIALECT.into());
    schema.insert("title".into(), root.name.into());
    schema.extend(object(root, lang));
    let others = objects.into_iter().filter(|(name, _)| *name != root.name);
    let definitions: Map<_, _> = others.map(|(name, other)| (name.into(), object(other, lang).into())).collect();
    schema.insert("$defs".into(), definitions.into());
    schema.into()
}

/// All objects that a root reaches, by name.
fn gather(object: &'static Object, known: &mut BTreeMap<&'static str, &'static Object>) {
    if known.insert(object.name, object).is_none() {
        for field in object.fields {
            gather_shape(field.shape, known);
        }
    }
}

fn gather_shape(shape: Shape, known: &mut BTreeMap<&'static str, &'static Object>) {
    match shape {
        Shape::Object(object) => gather(object, known),
        Shape::List { of, .. } | Shape::Map { of } => gather_shape(*of, known),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| gather_shape(*shape, known)),
        Shape::Tagged { key: _, of } => of.iter().for_each(|(_, object)| gather(object, known)),
        Shape::Text { .. }
        | Shape::Choice(_)
        | Shape::Instant
        | Shape::Duration { .. }
        | Shape::Clock
        | Shape::Date
        | Shape::Zone
        | Shape::Flag
        | Shape::Int { .. }
        | Shape::IntOrNull { .. }
        | Shape::Unsigned
        | Shape::Number { .. }
        | Shape::Report => {}
    }
}

fn object(object: &'static Object, lang: Lang) -> Map<String, Value> {
    let mut properties = Map::new();
    for field in object.fields {
        let mut property = Map::new();
        property.insert("description".into(), field.about.in_lang(lang).into());
        property.extend(shape(field.shape));
        properties.insert(field.key.into(), property.into());
    }
    let needed: Vec<_> = object.fields.iter().filter(|field| field.needed).map(|field| field.key).collect();
    let mut schema = Map::new();
    schema.insert("description".into(), object.about.in_lang(lang).into());
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), properties.into());
    schema.insert("required".into(), needed.into());
    schema.insert("additionalProperties".into(), false.into());
    schema
}

fn reference(object: &'static Object) -> Value {
    json!({"$ref": format!("#/$defs/{}", object.name)})
}

fn shape(given: Shape) -> Map<String, Value> {
    let schema = match given {
        Shape::Text { least, most } => json!({"type": "string", "minLength": least, "maxLength": most}),
        Shape::Choice(names) => json!({"enum": names}),
        Shape::Instant => json!({"type": "string", "format": "date-time", "pattern": INSTANT}),
        Shape::Duration { .. } => json!({"type": "string", "format": "duration", "pattern": DURATION}),
        Shape::Clock => json!({"type": "string", "pattern": "^([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9])?$"}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Zone => json!({"type": "string", "maxLength": 64}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Int { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::IntOrNull { least, most } => json!({"type": ["integer", "null"], "minimum": least, "maximum": most}),
        Shape::Unsigned => json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}),
        Shape::Number { least, most } => json!({"type": "number", "minimum": least, "maximum": most}),
        Shape::List { of, least, most } => {
            json!({"type": "array", "items": shape(*of), "minItems": least, "maxItems": most})
        }
        Shape::Map { of } => {
            json!({"type": "object", "propertyNames": {"minLength": 1}, "additionalProperties": shape(*of)})
        }
        Shape::Object(object) => reference(object),
        Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(|one| shape(*one)).collect::<Vec<_>>()}),
        Shape::Tagged { key: _, of } => json!({"oneOf": of.iter().map(|(_, one)| reference(one)).collect::<Vec<_>>()}),
        Shape::Report => json!({}),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}
