//! Hand-made plans: one that is clean, and a change of it that breaks exactly one rule.

mod bill;
mod clock;
mod nonsense;
mod van;
mod when;
mod who;

use super::{Verdict, judge};
use crate::ids::ShiftIx;
use crate::lang::{Lang, has_english};
use crate::plan::{Plan, Stop};
use crate::problem::Problem;
use crate::rule::Rule;
use crate::testing::{Sketch, World, clock};
use crate::travel::Travel;

/// The first shift of the world.
const ANN: ShiftIx = ShiftIx(0);
/// The second.
const BOB: ShiftIx = ShiftIx(1);

fn verdict(problem: &Problem, travel: &Travel, plan: &Plan) -> Verdict {
    let verdict = judge(problem, travel, plan);
    for violation in &verdict.violations {
        assert!(!violation.to_string().is_empty() && !violation.describe(problem, Lang::En).is_empty());
        let chinese = violation.describe(problem, Lang::Zh);
        assert!(chinese.starts_with(violation.rule.name(Lang::Zh)) && !has_english(&chinese), "{chinese}");
    }
    assert_eq!(verdict.score.violations as usize, verdict.violations.len());
    verdict
}

/// No rule is broken and the claimed bill is right.
fn assert_clean(problem: &Problem, travel: &Travel, plan: &Plan) {
    let verdict = verdict(problem, travel, plan);
    let lines: Vec<_> = verdict.violations.iter().map(|violation| violation.describe(problem, Lang::En)).collect();
    assert!(verdict.is_clean(), "{}", lines.join("\n"));
    assert!(verdict.claimed_bill_matches);
}

/// Exactly one breach, of this rule; its line in the caller's ids.
fn assert_breaks_only(rule: Rule, problem: &Problem, travel: &Travel, plan: &Plan) -> String {
    let verdict = verdict(problem, travel, plan);
    let lines: Vec<_> = verdict.violations.iter().map(|violation| violation.describe(problem, Lang::En)).collect();
    assert_eq!(lines.len(), 1, "{}", lines.join("\n"));
    assert_eq!(verdict.violations[0].rule, rule, "{}", lines[0]);
    lines[0].clone()
}

/// A world before and after a change of the problem; the same plan is clean before and breaks
/// exactly this rule after.
fn assert_change_breaks(
    rule: Rule,
    world: World,
    plan: impl Fn(Sketch<'_>) -> Sketch<'_>,
    change: impl Fn(&mut World),
) -> String {
    let (problem, travel) = world.clone().build();
    let sketched = plan(Sketch::new(&problem, &travel)).plan();
    assert_clean(&problem, &travel, &sketched);
    let mut changed = world;
    change(&mut changed);
    let (problem, travel) = changed.build();
    assert_breaks_only(rule, &problem, &travel, &sketched)
}

fn first(plan: &mut Plan) -> &mut Stop {
    &mut plan.routes[0].stops[0]
}
