//! Which relations of the map forbid this traveller a turn.

use super::Profile;
use crate::tags::Tags;

impl Profile {
    /// `Some(true)` for an `only_…` restriction that binds this traveller, `Some(false)` for a `no_…` one.
    ///
    /// Restrictions at certain hours only (`restriction:conditional`) bind nobody here.
    pub(crate) fn restriction(&self, tags: &Tags<'_>) -> Option<bool> {
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
        if value.starts_with("only_") {
            Some(true)
        } else if value.starts_with("no_") {
            Some(false)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::drawn::Pairs;

    #[test]
    fn a_restriction_binds_whom_it_names_and_spares_whom_it_excepts() {
        let car = Profile::car().expect("bundled");
        let cases: &[(Pairs, Option<bool>)] = &[
            (&[("type", "restriction"), ("restriction", "no_left_turn")], Some(false)),
            (&[("type", "restriction"), ("restriction", "only_straight_on")], Some(true)),
            (&[("type", "restriction"), ("restriction:hgv", "no_left_turn")], None),
            (&[("type", "restriction"), ("restriction:motorcar", "no_u_turn")], Some(false)),
            (&[("type", "restriction:motorcar"), ("restriction", "no_u_turn")], Some(false)),
            (&[("type", "restriction:bus"), ("restriction", "no_u_turn")], None),
            (&[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "psv;motorcar")], None),
            (&[("type", "restriction"), ("restriction", "no_left_turn"), ("except", "psv")], Some(false)),
            (&[("type", "restriction"), ("restriction:conditional", "no_left_turn @ (Mo-Fr)")], None),
            (&[("type", "route"), ("restriction", "no_left_turn")], None),
        ];
        for (tags, expected) in cases {
            assert_eq!(car.restriction(&Tags::Plain(tags)), *expected, "{tags:?}");
        }
    }
}
