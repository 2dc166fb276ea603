//! How the report says lengths of time; both wordings of everything else stand side by side where
//! they are used.

pub(crate) use dispatch_data::lang::Lang;

use dispatch_data::units::Duration;

/// A length of time, rounded to minutes.
pub(crate) fn minutes(lang: Lang, length: Duration) -> String {
    let sign = if length.0 < 0 { "-" } else { "" };
    let minutes = (length.0.unsigned_abs() + 30) / 60;
    match (lang, minutes / 60, minutes % 60) {
        (Lang::En, 0, m) => format!("{sign}{m} min"),
        (Lang::En, h, m) => format!("{sign}{h} h {m:02} min"),
        (Lang::Zh, 0, m) => format!("{sign}{m} 分钟"),
        (Lang::Zh, h, m) => format!("{sign}{h} 小时 {m:02} 分"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_and_keep_their_sign() {
        assert_eq!(minutes(Lang::En, Duration(89)), "1 min");
        assert_eq!(minutes(Lang::En, Duration(-3720)), "-1 h 02 min");
        assert_eq!(minutes(Lang::Zh, Duration(3900)), "1 小时 05 分");
    }
}
