//! Joins in both directions at once, and triangular tables of them.

use crate::cost::Cost;

/// Costs of a join in both directions, side by side because every triangle asks for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Join {
    /// From the lower end to the higher.
    pub(super) up: Cost,
    /// From the higher end to the lower.
    pub(super) down: Cost,
}

impl Join {
    pub(super) const NEVER: Self = Self { up: Cost::NEVER, down: Cost::NEVER };

    /// The way between the higher ends of two joins of one state: from the end of `self`, which is the
    /// lower, over the state to the end of `other`, and back.
    #[inline]
    pub(super) fn over(self, other: Self) -> Self {
        Self { up: self.down + other.up, down: other.down + self.up }
    }
    /// A state's way to the end of `self` and on along `across`, and back.
    #[inline]
    pub(super) fn then(self, across: Self) -> Self {
        Self { up: self.up + across.up, down: across.down + self.down }
    }
    /// The same join seen from its other end.
    #[inline]
    pub(super) fn turned(self) -> Self {
        Self { up: self.down, down: self.up }
    }
    /// The cheaper in each direction.
    #[inline]
    pub(super) fn min(self, other: Self) -> Self {
        Self { up: self.up.min(other.up), down: self.down.min(other.down) }
    }
    #[inline]
    pub(super) fn is_reachable(self) -> bool {
        self.up.is_reachable() || self.down.is_reachable()
    }
}

/// Where the row of a member starts in a triangular table: members are counted from the highest, and
/// a member's row has one entry for each higher one. It is also the size of a table of `member` members.
#[inline]
pub(super) fn row(member: usize) -> usize {
    member * member.saturating_sub(1) / 2
}
