//! The index over the turn graph: order, shape and costs together. Shared and read-only; queries own
//! their scratch memory.

use crate::metric::Ladder;
use crate::order::Order;
use crate::topology::Topology;

/// A customizable contraction hierarchy with one metric.
pub(crate) struct Hierarchy {
    pub(crate) order: Order,
    pub(crate) topology: Topology,
    pub(crate) ladder: Ladder,
}
