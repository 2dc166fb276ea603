//! What a plan costs, term by term.

use super::{Lang, row, table};
use dispatch_data::bill::{Bill, Term};
use dispatch_data::units::Cost;

/// The bill as a table; terms of nothing are left out.
pub(crate) fn costs(bill: &Bill, lang: Lang) -> String {
    let mut table = table(&[lang.pick("cost", "费用"), lang.pick("amount", "金额")]);
    for term in Term::ALL {
        let cost = bill.term(*term);
        if cost != Cost::ZERO {
            table.add_row(row(vec![term_name(*term, lang).to_owned(), cost.to_string()], &[1]));
        }
    }
    table.add_row(row(vec![lang.pick("total", "合计").to_owned(), bill.total().to_string()], &[1]));
    table.to_string()
}

fn term_name(term: Term, lang: Lang) -> &'static str {
    match term {
        Term::Travel => lang.pick("time on the road", "行驶时间"),
        Term::Distance => lang.pick("distance", "里程"),
        Term::Work => lang.pick("paid time", "工时"),
        Term::Shift => lang.pick("shifts used", "出车"),
        Term::Overtime => lang.pick("overtime", "加班"),
        Term::RespondLate => lang.pick("late responses", "响应超时"),
        Term::ArriveLate => lang.pick("late arrivals", "到场超时"),
        Term::ResolveLate => lang.pick("late resolutions", "修复超时"),
        Term::Preference => lang.pick("preferences not met", "偏好未满足"),
        Term::Moved => lang.pick("promises moved", "改约"),
        Term::Unassigned => lang.pick("unassigned jobs", "未派工单"),
    }
}
