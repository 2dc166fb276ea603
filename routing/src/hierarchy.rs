//! The index over the turn graph: order, shape and costs together. Shared and read-only; queries own
//! their scratch memory.

use crate::metric::Ladder;
use crate::order::Order;
use crate::topology::Topology;
use std::sync::Arc;

/// A customizable contraction hierarchy with one metric; order and shape are shared between metrics.
pub(crate) struct Hierarchy {
    pub(crate) order: Arc<Order>,
    pub(crate) topology: Arc<Topology>,
    pub(crate) ladder: Ladder,
}
