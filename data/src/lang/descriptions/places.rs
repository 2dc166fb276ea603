//! What is described of places and spans of time, wherever they stand.

/// English and Chinese.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "A place without a name. Equal positions, or equal indices, are one place.",
        "没有名称的地点。坐标相同或编号相同即为同一地点。",
    ),
    (
        "Degrees north. With \"lon\"; needed where travel comes from roads or great circles.",
        "北纬度数。与 \"lon\" 同时给出；行程来自道路或直线距离时必填。",
    ),
    ("Degrees east.", "东经度数。"),
    (
        "Row and column in the given matrices; needed where travel comes from matrices.",
        "给定矩阵中的行号与列号；行程来自矩阵时必填。",
    ),
    ("Datum of \"lat\" and \"lon\"; left out: the problem's.", "\"lat\" 与 \"lon\" 的坐标系；省略时：与问题相同。"),
    ("A span of time, both ends included.", "一段时间，含首尾。"),
    ("First allowed moment.", "允许的最早时刻。"),
    ("Last allowed moment, not before \"open\".", "允许的最晚时刻，不早于 \"open\"。"),
];
