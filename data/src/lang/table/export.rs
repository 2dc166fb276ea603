//! What calendars, pick lists and tables of a plan say.

/// English and Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("Break", "休息"),
    ("Leave at {}", "{} 出发"),
    ("Machine: {}", "设备：{}"),
    ("Priority: {}", "优先级：{}"),
    ("Promised to respond by {}", "承诺 {} 前响应"),
    ("Promised to arrive by {}", "承诺 {} 前到场"),
    ("Promised to resolve by {}", "承诺 {} 前修复"),
    ("Part: {} {} ({})", "备件：{} {}（{}）"),
    ("Tool: {}", "工具：{}"),
    ("Take: {} {}", "领取：{} {}"),
    ("Take: {}", "领取：{}"),
    ("Collect at {}", "在 {} 取件"),
    ("van", "随车"),
    ("install", "安装"),
    ("inspection", "巡检"),
    ("repair", "维修"),
    ("return visit", "回访"),
    (" (delivered {})", "（{} 到货）"),
    ("{}: {}", "{}：{}"),
];
