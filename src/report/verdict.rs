//! The judge's verdict in one line.

use super::Lang;
use dispatch_data::judge::Verdict;
use dispatch_data::rule::Rule;

/// Clean, or how many rules are broken how often.
pub(crate) fn verdict(verdict: &Verdict, lang: Lang) -> String {
    let rules = Rule::ALL.len();
    let mut text = match (verdict.violations.len(), lang) {
        (0, Lang::En) => format!("judge: clean, all {rules} rules hold"),
        (0, Lang::Zh) => format!("裁判：通过，{rules} 条规则全部满足"),
        (1, Lang::En) => "judge: 1 violation".to_owned(),
        (count, Lang::En) => format!("judge: {count} violations"),
        (count, Lang::Zh) => format!("裁判：{count} 处违规"),
    };
    if !verdict.claimed_bill_matches {
        text.push_str(lang.pick("; the plan claims another price", "；计划自报的费用不符"));
    }
    text
}
