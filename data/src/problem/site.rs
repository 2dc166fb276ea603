//! Sites (warehouses, depots, stores) and their stock as lots.

use crate::ids::{PartIx, PlaceIx, SiteIx, ToolIx};
use crate::problem::Window;
use crate::units::{Duration, Time};

/// Somewhere parts and tools can be collected.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The caller's id, unique among sites.
    pub id: String,
    /// Where.
    pub place: PlaceIx,
    /// A collection starts within one of these; sorted, disjoint; empty: always open.
    pub opening: Vec<Window>,
    /// How long one collection takes, whatever is taken.
    pub collection: Duration,
    /// Every part in any quantity and every tool, without lots (the main depot of the TRSP).
    pub unlimited: bool,
    /// Tools to be had here; they stay with the technician until the end of the horizon, and there
    /// are enough of them.
    pub tools: Vec<ToolIx>,
}

/// Units of one part at one site from one instant on: the first stock, or an inbound delivery.
/// Every collection names the lots it takes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Where it lies.
    pub site: SiteIx,
    /// What it is.
    pub part: PartIx,
    /// From when on it can be taken; a collection starts at or after it.
    pub at: Time,
    /// How many units all technicians together may take.
    pub quantity: u32,
}
