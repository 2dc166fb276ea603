//! The two languages of the report. Both wordings stand side by side where they are used.

use dispatch_data::units::Duration;

/// Language of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese (simplified).
    Zh,
}

impl From<Lang> for dispatch_data::lang::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Zh => Self::Zh,
        }
    }
}

impl Lang {
    /// One of two wordings.
    pub(crate) fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
    /// A length of time, rounded to minutes.
    pub(crate) fn minutes(self, length: Duration) -> String {
        let sign = if length.0 < 0 { "-" } else { "" };
        let minutes = (length.0.unsigned_abs() + 30) / 60;
        match (self, minutes / 60, minutes % 60) {
            (Self::En, 0, m) => format!("{sign}{m} min"),
            (Self::En, h, m) => format!("{sign}{h} h {m:02} min"),
            (Self::Zh, 0, m) => format!("{sign}{m} 分钟"),
            (Self::Zh, h, m) => format!("{sign}{h} 小时 {m:02} 分"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_and_keep_their_sign() {
        assert_eq!(Lang::En.minutes(Duration(89)), "1 min");
        assert_eq!(Lang::En.minutes(Duration(-3720)), "-1 h 02 min");
        assert_eq!(Lang::Zh.minutes(Duration(3900)), "1 小时 05 分");
    }
}
