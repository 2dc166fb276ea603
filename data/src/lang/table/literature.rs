//! What the checks of answers in the conventions of the literature say.

/// English and Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("not in the file", "文件中没有"),
    ("served twice", "服务两次"),
    ("one route too many", "路线过多"),
    ("may not be served by this one", "此人不可服务"),
    ("tool not at hand", "手头没有工具"),
    ("too few parts", "备件不足"),
    ("late", "迟到"),
    ("over capacity", "超出容量"),
    ("too long", "时间过长"),
    ("no room for the break", "没有休息的时间"),
    ("more than one visit to the main depot", "多次前往主仓库"),
    ("route {}, {}", "路线 {}，{}"),
    ("route {}", "路线 {}"),
    ("{}: {} by {}", "{}：{}，相差 {}"),
];
