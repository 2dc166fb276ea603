//! Headings of the tables, in English and Chinese.

/// A column of any table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Column {
    Id,
    Name,
    Lat,
    Lon,
    Work,
    Setup,
    Skills,
    Deadline,
    From,
    Until,
    Priority,
    Parts,
    Quantity,
    Tools,
    Region,
    Technician,
    Customer,
    Kind,
    WorkRate,
    DistanceRate,
    MaxJobs,
}

/// A table: its columns with their headings (the first is the one shown), and whether needed.
pub(super) type Table = &'static [(Column, bool, &'static [&'static str])];

const LAT: &[&str] = &["lat", "latitude", "纬度"];
const LON: &[&str] = &["lon", "lng", "long", "longitude", "经度"];
const SKILLS: &[&str] = &["skills", "skill", "技能", "所需技能", "技能要求"];
const REGION: &[&str] = &["region", "regions", "area", "区域", "服务区域", "片区"];
const TOOLS: &[&str] = &["tools", "tool", "工具", "所需工具"];

pub(super) const JOBS: Table = &[
    (
        Column::Id,
        true,
        &["id", "job", "job_id", "ticket", "ticket_id", "work_order", "工单号", "工单编号", "单号", "编号"],
    ),
    (Column::Lat, true, LAT),
    (Column::Lon, true, LON),
    (
        Column::Work,
        true,
        &["work", "duration", "minutes", "work_minutes", "时长", "工时", "作业时长", "服务时长", "预计时长"],
    ),
    (Column::Setup, false, &["setup", "setup_minutes", "准备时间"]),
    (Column::Skills, false, SKILLS),
    (Column::Deadline, false, &["deadline", "due", "resolve_by", "截止时间", "完成期限", "时限", "到期时间"]),
    (Column::From, false, &["from", "earliest", "window_start", "最早开始", "预约开始", "开始时间"]),
    (Column::Until, false, &["until", "latest", "window_end", "最晚开始", "预约结束", "结束时间"]),
    (Column::Priority, false, &["priority", "优先级", "紧急程度"]),
    (Column::Parts, false, &["parts", "part", "spare_parts", "备件", "配件", "所需备件"]),
    (Column::Tools, false, TOOLS),
    (Column::Region, false, REGION),
    (Column::Technician, false, &["technician", "engineer", "required_technician", "指定工程师", "工程师"]),
    (Column::Customer, false, &["customer", "client", "客户", "客户名称"]),
    (Column::Kind, false, &["kind", "type", "job_type", "类型", "工单类型", "服务类型"]),
];

pub(super) const TECHNICIANS: Table = &[
    (Column::Id, true, &["id", "technician", "technician_id", "engineer", "工号", "工程师编号", "工程师", "编号"]),
    (Column::Name, false, &["name", "姓名", "名称"]),
    (Column::Lat, true, LAT),
    (Column::Lon, true, LON),
    (Column::Skills, false, SKILLS),
    (Column::From, true, &["shift_start", "start", "from", "上班时间", "班次开始", "开始时间"]),
    (Column::Until, true, &["shift_end", "end", "until", "下班时间", "班次结束", "结束时间"]),
    (Column::Region, false, REGION),
    (Column::Parts, false, &["stock", "parts", "van_stock", "车载备件", "随车备件", "备件"]),
    (Column::Tools, false, TOOLS),
    (Column::WorkRate, false, &["hourly_cost", "cost_per_hour", "小时成本", "每小时成本"]),
    (Column::DistanceRate, false, &["km_cost", "cost_per_km", "公里成本", "每公里成本"]),
    (Column::MaxJobs, false, &["max_jobs", "最大工单数", "日最大工单数"]),
];

pub(super) const STOCK: Table = &[
    (Column::Id, true, &["site", "warehouse", "store", "depot", "仓库", "仓库编号", "站点", "网点"]),
    (Column::Lat, false, LAT),
    (Column::Lon, false, LON),
    (Column::Parts, true, &["part", "parts", "part_number", "备件", "备件号", "配件", "物料号"]),
    (Column::Quantity, true, &["quantity", "qty", "units", "数量", "库存", "库存数量"]),
    (Column::From, false, &["at", "available_at", "arrives_at", "到货时间", "可用时间"]),
];

/// A heading as it is compared: no case, no spaces, hyphens or remarks in brackets.
pub(super) fn folded(heading: &str) -> String {
    let bare = heading.split(['(', '（', '[', '【']).next().unwrap_or_default();
    bare.trim().to_lowercase().replace([' ', '-'], "_")
}
