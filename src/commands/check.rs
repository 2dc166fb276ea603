//! `dispatch check`: the judge's verdict on a plan from anywhere.

use crate::failure::Failure;
use crate::report::{self, Lang};
use crate::roads::{Given, World};
use crate::{input, output};
use clap::Args;
use dispatch_data::bill::{Bill, Term};
use dispatch_data::judge::{self, Verdict};
use dispatch_data::problem::Problem;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Judge a plan: every rule, and the whole price. Exit code 1 where a rule is broken.
#[derive(Args)]
pub(crate) struct Check {
    /// The problem, in the wire format.
    problem: PathBuf,
    /// The plan, in the wire format.
    plan: PathBuf,
    #[command(flatten)]
    roads: Given,
}

impl Check {
    pub(crate) fn run(self, json: bool, lang: Lang) -> Result<(), Failure> {
        let Self { problem: source, plan, roads } = self;
        let problem = input::problem(&source)?;
        let (plan, claims_price) = input::plan(&plan, &problem)?;
        let world = World::of(&problem, &source, &roads)?;
        let mut verdict = judge::judge(&problem, &world.travel, &plan);
        // Who claims nothing claims nothing false.
        verdict.claimed_bill_matches |= !claims_price;
        if json {
            output::say(verdict_json(&problem, &verdict, claims_price, lang).to_string());
        } else {
            for violation in &verdict.violations {
                output::say(violation.describe(&problem, lang));
            }
            output::say(report::costs(&verdict.bill, lang));
            output::say(report::verdict(&verdict, lang));
        }
        if verdict.is_clean() { Ok(()) } else { Err(Failure::Violated) }
    }
}

/// The verdict for machines; `claimed_bill_matches` is `null` where the plan claims no price.
fn verdict_json(problem: &Problem, verdict: &Verdict, claims_price: bool, lang: Lang) -> Value {
    let violations: Vec<Value> = verdict
        .violations
        .iter()
        .map(|violation| json!({"rule": violation.rule.code(), "message": violation.describe(problem, lang)}))
        .collect();
    json!({
        "clean": verdict.is_clean(),
        "violations": violations,
        "claimed_bill_matches": claims_price.then_some(verdict.claimed_bill_matches),
        "cost": bill_json(&verdict.bill),
    })
}

/// Every term in cents, and the total.
fn bill_json(bill: &Bill) -> Value {
    let mut terms: Map<String, Value> =
        Term::ALL.iter().map(|term| (term.key().to_owned(), bill.term(*term).0.into())).collect();
    terms.insert("total".to_owned(), bill.total().0.into());
    Value::Object(terms)
}
