//! Largest values that importers of other engines' files take, so that sums stay within 64 bits.

/// Seconds of a plain day.
pub(super) const DAY: i64 = 86_400;
/// Longest horizon, in seconds.
pub(super) const HORIZON: i64 = 400 * DAY;
/// Longest single task or break, in seconds.
pub(super) const TASK: i64 = 60 * DAY;
/// Longest leg or distance limit, in metres.
pub(super) const LEG_METERS: i64 = 1_000_000_000;
/// Most load or capacity in one dimension.
pub(super) const LOAD: i64 = 1_000_000_000_000;
/// Most dimensions of capacity.
pub(super) const DIMENSIONS: usize = 16;
/// Most entries of a list of things.
pub(super) const LIST: usize = 2_000_000;
