//! The OpenAPI 3.1 document: made from the table of calls, the tables of the wire format, and the
//! limits; the few bodies that are neither problem nor plan are described here. It stands in English
//! and in Chinese; names, codes and examples are the same in both.

use crate::calls::{self, Call, Gives, Parameter};
use dispatch_data::described;
use dispatch_data::finding::Code;
use dispatch_data::format;
use dispatch_data::lang::{Lang, Word};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// What goes wrong with which status.
const REFUSALS: &[(u16, Word)] = &[
    (401, described!("No API key, or none that is known.")),
    (403, described!("The key does not allow this.")),
    (404, described!("Nothing of the tenant has this id.")),
    (405, described!("The path takes other methods; `Allow` names them.")),
    (408, described!("The body did not come in time.")),
    (409, described!("There is no plan yet, or another version came first.")),
    (413, described!("The body is too large.")),
    (415, described!("The body is not said to be JSON.")),
    (421, described!("Without keys the service answers to local names only.")),
    (422, described!("The input has findings, is over a limit, or the idempotency key came with another request.")),
    (429, described!("As many plans wait as may. `Retry-After` says when to come again.")),
    (503, described!("The service cannot do it now. `Retry-After` says when to come again.")),
];

/// The document in a language. It is the same for every service of this version.
pub fn document(lang: Lang) -> &'static Value {
    static ENGLISH: LazyLock<Value> = LazyLock::new(|| write(Lang::En));
    static CHINESE: LazyLock<Value> = LazyLock::new(|| write(Lang::Zh));
    match lang {
        Lang::En => &ENGLISH,
        Lang::Zh => &CHINESE,
    }
}

fn write(lang: Lang) -> Value {
    let key = described!("an API key").in_lang(lang);
    let mut paths = Map::new();
    for call in calls::all() {
        let path = paths.entry(call.path).or_insert_with(|| json!({}));
        path[call.method] = operation(call, lang);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "dispatch",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": described!("Who goes where, when, with which parts").in_lang(lang),
            "description": described!(
                "Plans for field service, made as jobs. Instants are RFC 3339 with offset, durations ISO 8601, money \
                 cents, lengths metres, times seconds, places WGS-84 unless said otherwise. Every refusal is \
                 `application/problem+json` with a stable `code` and all findings in `errors`, in English or Chinese \
                 by `Accept-Language`."
            )
            .in_lang(lang),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": schemas(lang),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": key},
                "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": key},
            },
        },
    })
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn parameter(place: &str, (name, schema, meaning): &Parameter, lang: Lang) -> Value {
    let meaning = meaning.in_lang(lang);
    json!({"name": name, "in": place, "description": meaning, "required": false, "schema": reference(schema)})
}

/// What a call does, shortly: the beginning of its description, up to the first stop, colon or question mark.
fn summary(description: &str, lang: Lang) -> &str {
    let (ends, asks) = match lang {
        Lang::En => ([". ", ": "], "? "),
        Lang::Zh => (["。", "："], "？"),
    };
    let told = ends.iter().filter_map(|end| description.find(end)).min();
    let asked = description.find(asks).map(|at| at + asks.trim_end().len());
    let end = told.into_iter().chain(asked).min().unwrap_or(description.len());
    description[..end].trim_end_matches('.')
}

fn operation(call: &Call, lang: Lang) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    for name in call.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": reference(if name == "id" { "Id" } else { "Text" })}));
    }
    parameters.extend(call.query.iter().map(|one| parameter("query", one, lang)));
    parameters.extend(call.head.iter().map(|one| parameter("header", one, lang)));
    let mut answers = Map::new();
    for status in call.statuses() {
        let given = call.gives.iter().find(|gives| gives.status == status);
        answers.insert(status.to_string(), given.map_or_else(|| refusal(status, lang), |given| success(given, lang)));
    }
    let description = call.summary.in_lang(lang);
    let mut operation = json!({
        "operationId": call.name,
        "summary": summary(description, lang),
        "description": description,
        "parameters": parameters,
        "responses": answers,
    });
    if let Some(scope) = call.scope {
        operation["security"] = json!([{"bearer": []}, {"header": []}, {}]);
        operation["x-scope"] = json!(scope.word());
    } else {
        operation["security"] = json!([{}]);
    }
    if let Some(schema) = call.takes {
        let mut content = json!({"schema": reference(schema)});
        if let Some(example) = example(schema) {
            content["example"] = example;
        }
        operation["requestBody"] = json!({"required": true, "content": {"application/json": content}});
    }
    operation
}

fn success(gives: &Gives, lang: Lang) -> Value {
    let mut answer = json!({"description": gives.meaning.in_lang(lang)});
    if !gives.media.is_empty() {
        let schema = gives.schema.map_or_else(|| json!({"type": "string"}), reference);
        answer["content"] = json!({gives.media: {"schema": schema}});
    }
    if gives.status == 202 {
        answer["headers"] = json!({"Location": {"schema": {"type": "string"}, "description": described!("where to ask").in_lang(lang)}});
    }
    answer
}

fn refusal(status: u16, lang: Lang) -> Value {
    let known = REFUSALS.iter().find(|(known, _)| *known == status);
    let meaning = known.map_or("", |(_, meaning)| meaning.in_lang(lang));
    let mut answer = json!({
        "description": meaning,
        "content": {"application/problem+json": {"schema": reference("Refusal")}},
    });
    if matches!(status, 429 | 503) {
        answer["headers"] =
            json!({"Retry-After": {"schema": {"type": "integer"}, "description": described!("seconds").in_lang(lang)}});
    }
    answer
}

/// The schemas of the wire format with all objects that they name, and those of everything else.
fn schemas(lang: Lang) -> Map<String, Value> {
    let mut all = Map::new();
    let whole = [("Problem", format::problem_schema(lang)), ("Plan", format::plan_schema(lang))];
    for (name, schema) in whole.into_iter().chain(format::live_schemas(lang)) {
        let Value::Object(mut schema) = schema else { continue };
        schema.remove("$schema");
        let definitions = schema.remove("$defs");
        let home = |wanted: &str| format!("#/components/schemas/{name}.{wanted}");
        if let Some(Value::Object(definitions)) = definitions {
            for (key, mut definition) in definitions {
                rehome(&mut definition, &home);
                all.insert(format!("{name}.{key}"), definition);
            }
        }
        let mut schema = Value::Object(schema);
        rehome(&mut schema, &home);
        all.insert(name.to_owned(), schema);
    }
    all.extend(crate::schemas::others(lang));
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.text()).collect();
    all.insert(
        "Finding".to_owned(),
        json!({
            "type": "object",
            "required": ["pointer", "code", "message", "expected", "got", "hint"],
            "properties": {
                "pointer": {"type": "string", "description": described!("JSON pointer into the body; `?key` for the query").in_lang(lang)},
                "code": {"enum": codes},
                "message": {"type": "string", "description": described!("the finding as a sentence, in the client's language").in_lang(lang)},
                "expected": {"type": "string"},
                "got": {"type": "string"},
                "hint": {"type": ["string", "null"]},
            },
        }),
    );
    all
}

/// Lets references of a JSON Schema document point to where its objects are here.
fn rehome(value: &mut Value, home: &impl Fn(&str) -> String) {
    match value {
        Value::Object(entries) => {
            for (key, entry) in entries {
                match entry {
                    Value::String(target) if key == "$ref" => {
                        if let Some(wanted) = target.strip_prefix("#/$defs/") {
                            *target = home(wanted);
                        }
                    }
                    other => rehome(other, home),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rehome(item, home)),
        _ => {}
    }
}

/// A body that works as it stands.
fn example(schema: &str) -> Option<Value> {
    let text = match schema {
        "Problem" | "NewPlan" => include_str!("../../examples/problem.json"),
        "Plan" => include_str!("../../examples/plan.json"),
        "NewStudy" => include_str!("../../examples/study.json"),
        "VroomRequest" => include_str!("../../examples/vroom.json"),
        "RecommendationRequest" => include_str!("../../examples/recommendation.json"),
        "Acceptance" => include_str!("../../examples/acceptance.json"),
        "Declined" => r#"{"technician": "bob", "job": "T-9"}"#,
        "Changes" => include_str!("../../examples/changes.json"),
        "NewKey" => r#"{"name": "ticketing", "scopes": ["read", "plan"]}"#,
        "NewWebhook" => r#"{"url": "https://tickets.example.com/hooks", "events": ["plan.done", "sla.at_risk"]}"#,
        "Places" => r#"{"places": [{"lat": 47.141, "lon": 9.521}, {"lat": 47.166, "lon": 9.51}]}"#,
        "PlacesOnRoads" => {
            r#"{"map": "liechtenstein", "profile": "car", "places": [{"lat": 47.141, "lon": 9.521}, {"lat": 47.166, "lon": 9.51}]}"#
        }
        _ => return None,
    };
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn references(value: &Value, found: &mut HashSet<String>) {
        match value {
            Value::Object(entries) => {
                for (key, entry) in entries {
                    match entry {
                        Value::String(target) if key == "$ref" => {
                            found.insert(target.clone());
                        }
                        other => references(other, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_to_a_schema_and_every_body_has_an_example() {
        let document = document(Lang::En);
        let mut found = HashSet::new();
        references(document, &mut found);
        for target in found {
            let pointer = target.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{target}");
        }
        for call in calls::all() {
            if let Some(schema) = call.takes {
                assert!(example(schema).is_some(), "{} {}: no example", call.method, call.path);
            }
        }
    }

    #[test]
    fn a_summary_is_the_first_short_sentence() {
        assert_eq!(summary("Stop the search. The best plan is kept.", Lang::En), "Stop the search");
        assert_eq!(summary("All stops as a table.", Lang::En), "All stops as a table");
        assert_eq!(summary("Who should go? Every place is priced.", Lang::En), "Who should go?");
        assert_eq!(summary("谁该去？每个位置都计价。", Lang::Zh), "谁该去？");
        for call in calls::all() {
            for lang in [Lang::En, Lang::Zh] {
                let short = summary(call.summary.in_lang(lang), lang);
                assert!((2..=150).contains(&short.chars().count()), "{}: {short}", call.name);
            }
        }
    }

    #[test]
    fn every_status_is_explained() {
        for call in calls::all() {
            for status in call.statuses() {
                let given = call.gives.iter().any(|gives| gives.status == status);
                assert!(given || REFUSALS.iter().any(|(known, _)| *known == status), "{} {status}", call.path);
            }
        }
    }

    #[test]
    fn the_example_problem_is_a_valid_one() {
        assert!(format::read_problem(include_str!("../../examples/problem.json")).is_ok());
    }
}
