//! The words of the picture in each language.

use crate::lang::Lang;

/// All labels of a picture.
pub(super) struct Words {
    pub(super) visits: &'static str,
    /// Visits of a row, `{}` for their number.
    pub(super) row_visits: &'static str,
    pub(super) technicians: &'static str,
    pub(super) travel: &'static str,
    pub(super) distance: &'static str,
    pub(super) promises_kept: &'static str,
    pub(super) at_risk: &'static str,
    pub(super) late: &'static str,
    pub(super) overtime: &'static str,
    pub(super) collections: &'static str,
    pub(super) cost: &'static str,
    pub(super) visit: &'static str,
    pub(super) setup: &'static str,
    pub(super) waiting: &'static str,
    pub(super) rest: &'static str,
    pub(super) collection: &'static str,
    pub(super) home: &'static str,
    pub(super) site: &'static str,
    pub(super) promised_by: &'static str,
    pub(super) kept: &'static str,
    pub(super) unassigned: &'static str,
    pub(super) all_assigned: &'static str,
    pub(super) would_fit_if: &'static str,
    pub(super) more: &'static str,
    pub(super) free: &'static str,
    pub(super) technicians_short: &'static str,
    /// Date format of jiff.
    pub(super) date: &'static str,
}

const ENGLISH: Words = Words {
    visits: "visits",
    row_visits: "{} visits",
    technicians: "technicians out",
    travel: "travel",
    distance: "distance",
    promises_kept: "promises kept",
    at_risk: "at risk",
    late: "late",
    overtime: "overtime",
    collections: "collections",
    cost: "cost",
    visit: "visit",
    setup: "set-up",
    waiting: "waiting",
    rest: "break",
    collection: "collection",
    home: "start",
    site: "site",
    promised_by: "promised by:",
    kept: "kept",
    unassigned: "Unassigned",
    all_assigned: "Every ticket is planned.",
    would_fit_if: "would fit if",
    more: "more",
    free: "not used",
    technicians_short: "technicians",
    date: "%A %-d %B %Y",
};

const CHINESE: Words = Words {
    visits: "上门次数",
    row_visits: "上门 {} 次",
    technicians: "出勤工程师",
    travel: "路上时间",
    distance: "里程",
    promises_kept: "SLA 达标",
    at_risk: "临近超时",
    late: "超时",
    overtime: "加班",
    collections: "取件",
    cost: "成本",
    visit: "上门",
    setup: "准备",
    waiting: "等待",
    rest: "休息",
    collection: "取件",
    home: "出发地",
    site: "仓库",
    promised_by: "SLA 时限：",
    kept: "达标",
    unassigned: "未派工单",
    all_assigned: "所有工单均已排入计划。",
    would_fit_if: "可行条件",
    more: "条未列出",
    free: "未使用",
    technicians_short: "名工程师",
    date: "%Y年%-m月%-d日",
};

/// The words of a language.
pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::En => &ENGLISH,
        Lang::Zh => &CHINESE,
    }
}
