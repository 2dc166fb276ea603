//! What is described of questions and events of a live plan.

/// English and Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "Travel rows of a place that the plan does not know, by profile; only where travel comes from matrices, and needed there.",
        "计划不认识的地点的行程，按出行方式给出；仅用于行程来自矩阵时，且此时必填。",
    ),
    (
        "Who should take a ticket, when could it be promised, or which open job should a technician take? About a stored plan, or about a problem whose \"current_plan\" is in force.",
        "该派谁去、能承诺何时，或某技师下一步该接哪张工单？针对已存储的计划，或针对 \"current_plan\" 正在执行的问题。",
    ),
    ("The id of a plan; this or \"problem\".", "计划的标识；此项或 \"problem\"。"),
    (
        "The version that is meant; another one in force is refused. Left out: whichever is.",
        "所指的版本；若现行的是另一版本则拒绝。省略时：现行版本。",
    ),
    (
        "A problem; its \"current_plan\" is in force, without one nothing is planned.",
        "问题；其 \"current_plan\" 为现行计划，没有则尚无安排。",
    ),
    (
        "A job that the plan does not know; this, \"job\" or \"technician\". Places in WGS-84 unless \"datum\" says otherwise.",
        "计划不认识的工单；此项、\"job\" 或 \"technician\"。除非 \"datum\" 另有说明，坐标为 WGS-84。",
    ),
    ("A job that the plan leaves out.", "计划未安排的工单。"),
    (
        "Whose next job is looked for: the open jobs that suit this technician best.",
        "为谁找下一张工单：最适合该技师的未安排工单。",
    ),
    (
        "Spans of starts to choose from; the cheapest way to keep each is told.",
        "可选的开始时段；给出满足各时段的最便宜办法。",
    ),
    ("So many offers at most, best first; left out: 10.", "最多给出多少个人选，最好的在前；省略时：10。"),
    (
        "Name everybody else too, with what keeps them out; left out: false.",
        "同时列出其他所有人及其不行的原因；省略时：false。",
    ),
    (
        "With \"everybody\": by how much each misses it; slower. Left out: false.",
        "与 \"everybody\" 同用：各差多少；较慢。省略时：false。",
    ),
    ("A technician takes a ticket.", "技师接下一张工单。"),
    ("The version that the recommendation was made for.", "推荐所针对的版本。"),
    ("Who.", "哪名技师。"),
    ("The ticket as it was asked about; this or \"job\".", "询问时所给的工单；此项或 \"job\"。"),
    ("The open job.", "未安排的工单。"),
    ("A technician does not take a job, now or ever.", "技师不接一张工单，现在和以后都不接。"),
    ("The version that is meant; left out: whichever is in force.", "所指的版本；省略时：现行版本。"),
    ("The id of the job, or of a ticket that has not been accepted yet.", "工单的标识，包括尚未接下的工单。"),
    (
        "What has happened, in order. The plan is made anew once after all of it.",
        "依次发生的事。全部处理之后，计划只重排一次。",
    ),
    ("The events.", "各个事件。"),
    ("The kind of event.", "事件的类型。"),
    ("A ticket came in.", "来了一张工单。"),
    ("The job. Places in WGS-84 unless \"datum\" says otherwise.", "工单。除非 \"datum\" 另有说明，坐标为 WGS-84。"),
    ("A job is not wanted any more.", "工单取消了。"),
    ("Which.", "哪张工单。"),
    ("Work has begun. What is planned to begin by then is frozen.", "作业已开始。到该时刻为止计划开始的一切随之冻结。"),
    ("Which; it is planned.", "哪张工单；须在计划中。"),
    ("When.", "何时。"),
    ("Work is done.", "作业已完成。"),
    ("Work takes longer than planned.", "作业比计划的久。"),
    ("When it will be done.", "何时完成。"),
    ("Someone cannot go on before a moment.", "某技师在某时刻之前无法继续。"),
    ("Until when.", "到何时为止。"),
    ("Someone is out: what is not done by then goes to others.", "某技师缺勤：到那时尚未完成的工作由他人承担。"),
    ("From when on.", "从何时起。"),
    (
        "Shifts that start then or later are worked again; left out: none is.",
        "从该时刻起开始的班次恢复工作；省略时：都不恢复。",
    ),
    ("Someone is somewhere else than planned, and goes on from there.", "某技师不在计划的位置，从实际位置继续。"),
    ("Parts come, or have come, to a site.", "备件将到或已到某仓库。"),
    ("Parts that a site should have are not there.", "某仓库本应有的备件不在。"),
    (
        "What is planned to be under way by a moment is, and stays as it is.",
        "计划到某时刻已在进行的一切视为已在进行，并保持原样。",
    ),
    ("The moment.", "时刻。"),
    ("What it costs from now on to change what the plan in force promises.", "从现在起，改动现行计划所作承诺的费用。"),
    (
        "Cents for a visit that goes to another technician; left out: as before.",
        "换技师的每次上门的费用，以分计；省略时：不变。",
    ),
    (
        "Cents per hour by which a start moves, either way; left out: as before.",
        "开始时刻每移动一小时的费用，提前推后均计，以分计；省略时：不变。",
    ),
    ("Travel between one more place and all that the matrices have.", "新增一个地点与矩阵中所有地点之间的行程。"),
    ("From each index of the matrices to the new place.", "从矩阵的各编号到新地点。"),
    ("From the new place to each index.", "从新地点到各编号。"),
    ("The same for each matrix of rush hours, in their order.", "同上，每个高峰矩阵一份，次序与其一致。"),
    ("Travel of the new place in some hours of the day.", "新地点在一天中某些小时的行程。"),
    ("Travel between one place and others, by index.", "一个地点与其他地点之间的行程，按编号。"),
];
