//! Which relations of the map forbid this traveller a turn.

use super::Profile;
use crate::tags::Tags;

/// What a sign says about a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sign {
    /// `only_…` instead of `no_…`.
    pub(crate) only: bool,
    pub(crate) towards: Towards,
}

/// Which way a sign's turn goes. What it leads from and to says so already, unless one of these roads runs on past the
/// crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Towards {
    Left,
    Right,
    Straight,
    Back,
    /// `no_entry`, `no_exit` and others.
    Unsaid,
}

impl Towards {
    /// Whether a change of direction by `angle` degrees, positive to the right, goes this way.
    pub(crate) fn fits(self, angle: f64) -> bool {
        match self {
            Self::Left => angle < 0.0,
            Self::Right => angle > 0.0,
            Self::Straight => angle.abs() < 45.0,
            Self::Back => angle.abs() > 135.0,
            Self::Unsaid => true,
        }
    }
}

impl Profile {
    /// The sign of a turn restriction that binds this traveller.
    ///
    /// Restrictions at certain hours only (`restriction:conditional`) bind nobody here.
    pub(crate) fn restriction(&self, tags: &Tags<'_>) -> Option<Sign> {
        if !self.turns.restrictions {
            return None;
        }
        let kind = tags.get("type")?;
        let own = kind.strip_prefix("restriction")?;
        if !own.is_empty() && !self.keys().any(|key| own.strip_prefix(':') == Some(key)) {
            return None;
        }
        let spared = |except: &str| except.split(';').any(|who| self.keys().any(|key| key == who.trim()));
        if tags.get("except").is_some_and(spared) {
            return None;
        }
        let value =
            self.keys().find_map(|key| tags.get(&format!("restriction:{key}"))).or_else(|| tags.get("restriction"))?;
        let (only, turn) = match value.strip_prefix("only_") {
            Some(turn) => (true, turn),
            None => (false, value.strip_prefix("no_")?),
        };
        let names = [
            ("left_turn", Towards::Left),
            ("right_turn", Towards::Right),
            ("straight_on", Towards::Straight),
            ("u_turn", Towards::Back),
        ];
        let towards = names.into_iter().find(|(name, _)| turn == *name).map_or(Towards::Unsaid, |(_, way)| way);
        Some(Sign { only, towards })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::drawn::Pairs;

    #[test]
    fn a_restriction_binds_whom_it_names_and_spares_whom_it_excepts() {
        let car = Profile::car().expect("bundled");
        let cases: &[(Pairs, Option<(bool, Towards)>)] = &[
            (&[("type", "restriction"), ("restriction", "no_left_turn")], Some((false, Towards::Left))),
            (&[("type", "restriction"), ("restriction", "only_straight_on")], Some((true, Towards::Straight))),
            (&[("type", "restriction"), ("restriction:hgv", "no_left_turn")], None),
            (&[("type", "restriction"), ("restriction:motorcar", "no_u_turn")], Some((false, Towards::Back))),
            (&[("type", "restriction:motorcar"), ("restriction", "no_u_turn")], Some((false, Towards::Back))),
            (&[("type", "restriction:bus"), ("restriction", "no_u_turn")], None),
            (&[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "psv;motorcar")], None),
            (
                &[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "psv")],
                Some((false, Towards::Left)),
            ),
            (&[("type", "restriction"), ("restriction:conditional", "no_left_turn @ (Mo-Fr)")], None),
            (&[("type", "restriction"), ("restriction", "only_right_turn")], Some((true, Towards::Right))),
            (&[("type", "restriction"), ("restriction", "no_entry")], Some((false, Towards::Unsaid))),
            (&[("type", "route"), ("restriction", "no_left_turn")], None),
        ];
        for (tags, expected) in cases {
            let sign = car.restriction(&Tags::Plain(tags)).map(|Sign { only, towards }| (only, towards));
            assert_eq!(sign, *expected, "{tags:?}");
        }
    }
}
