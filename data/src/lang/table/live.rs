//! What requests about a live plan are told.

/// English and Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("\"everybody\" beside it", "同时给出 \"everybody\""),
    ("exactly one of {}", "{} 恰好其一"),
    ("nothing beside \"{}\"", "\"{}\" 之外不再给出"),
    ("the position it has in the problem", "与问题中相同的位置"),
    ("an id that no job of the plan has", "计划中没有的工单标识"),
    ("an open job goes by its id under \"job\"", "未安排的工单以其标识写在 \"job\" 下"),
    ("no legs, since the place is known", "不给行程，因为地点已知"),
    ("no legs, since travel does not come from matrices", "不给行程，因为行程不来自矩阵"),
    ("a place of the plan, or \"legs\" to and from a new one", "计划中的地点，或同时给出新地点往返的 \"legs\""),
    ("another place", "其他地点"),
    ("{}, the next index, or none", "{}（下一个编号），或不给"),
    ("legs for the profile {}", "出行方式 {} 的行程"),
    ("legs for each of {} matrices of rush hours", "{} 个高峰矩阵各自的行程"),
    ("{} numbers, one for each index of the matrices", "{} 个数，矩阵的每个编号一个"),
    ("something that is there", "已有的内容"),
    ("a job that the plan leaves out", "计划未安排的工单"),
    ("a planned job is given away by refusing it for its technician", "已安排的工单可由其技师拒绝后另派"),
    ("a ticket", "工单"),
    ("no map beside matrices", "已有矩阵时不再指定地图"),
];
