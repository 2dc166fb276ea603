//! The rules a plan must keep. Search and judge both match this list without a catch-all, so a new
//! rule stops both from compiling until they honour it.

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $code:literal),+ $(,)?) => {
        /// A hard rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $rule),+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$rule),+];
            /// The stable codes, in the order of [`Rule::ALL`].
            pub const CODES: &[&str] = &[$($code),+];
            /// Its stable code in the wire format.
            pub fn code(self) -> &'static str {
                match self { $(Self::$rule => $code),+ }
            }
            /// The rule of a stable code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$rule),)+ _ => None }
            }
        }
    };
}

rules! {
    /// Each job at most once.
    Once "once",
    /// Required skills at their levels, certificates valid over the work.
    Skills "skills",
    /// The technician may work in the job's region.
    Region "region",
    /// Required and excluded technicians.
    Technician "technician",
    /// Work starts within a window and ends within a completion window.
    Window "window",
    /// A promise with a hard limit.
    SlaLimit "sla_limit",
    /// Not before the shift starts, over by its latest end.
    Hours "hours",
    /// Each break once, in its window, not during work.
    Break "break",
    /// At every visit the van holds what the visit consumes.
    Parts "parts",
    /// Collections: open site, lot there already, lots not overdrawn.
    Stock "stock",
    /// Tools owned or collected before they are needed.
    Tools "tools",
    /// Most visits, travel, distance, duration, load; rest between shifts.
    Limits "limits",
    /// What the dispatcher fixed.
    Pin "pin",
    /// What starts before the freeze time stays as it is.
    Freeze "freeze",
    /// Crews start together, all or none.
    Crew "crew",
    /// Order between jobs, with lags.
    Precedence "precedence",
    /// Stated times follow from one another and from the travel the plan was made with.
    Clock "clock",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_names_one_rule() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_code(rule.code()), Some(*rule));
        }
        assert_eq!(Rule::from_code("nonsense"), None);
    }
}
