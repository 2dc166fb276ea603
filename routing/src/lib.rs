//! Roads to travel times, distances and geometry.
//!
//! An `.osm.pbf` extract becomes a [`RoadNetwork`]; places are brought to its roads
//! ([`RoadNetwork::snap`]); then there is all travel between them ([`RoadNetwork::matrix`]) and the
//! line of a single trip ([`RoadNetwork::path`]). Both obey turn restrictions and turn costs, and
//! give the same seconds and metres.
//!
//! ```
//! use dispatch_data::{ids::PlaceIx, place::Position};
//! use dispatch_routing::{Profile, RoadNetwork, SnapLimit};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let map = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf");
//! let roads = RoadNetwork::import(map.as_ref(), &Profile::car()?, &|_stage| {})?;
//! let places = [Position { lat: 60.1675, lon: 24.9385 }, Position { lat: 60.1752, lon: 24.9489 }];
//! let places = roads.snap(&places, SnapLimit::default())?;
//! let leg = roads.matrix(&places).leg(PlaceIx(0), PlaceIx(1));
//! let path = roads.path(&places[0], &places[1]).ok_or("no way")?;
//! assert_eq!((path.seconds, path.meters), (leg.seconds, leg.meters));
//! # Ok(())
//! # }
//! ```
//!
//! The stages have a file each, and each knows only the one before: `decoder` (bytes → map objects),
//! `profile` (tags → usable, speed, delay), `extract` (the map objects a profile needs), `graph`,
//! `restrictions` and `turns` (which arc may follow which), `components`, `snap`, then the hierarchy
//! (`order`, `topology`, `metric`) with its queries (`climb`, `sweep`, `matrix`, `live`, `on_demand`, `descent`,
//! `path`); `near` needs none. Speeds by hour are `traffic`, those of single ways `measured`, those between two nodes
//! `stretches`, and what both make of an arc `uneven`. `search`, plain Dijkstra, is what the tests hold them against.
//!
//! This crate knows no job and no technician, no JSON and no socket. It meets the search for plans in
//! one noun of `dispatch-data`, the [`TravelMatrix`](dispatch_data::travel::TravelMatrix).

mod class;
mod climb;
mod components;
mod cost;
mod decoder;
mod descent;
mod error;
mod extract;
mod graph;
mod hierarchy;
mod ids;
mod live;
mod matrix;
mod measured;
mod metric;
mod near;
mod network;
mod on_demand;
mod order;
mod path;
mod polyline;
mod prepared;
mod profile;
mod restrictions;
#[cfg(test)]
mod search;
mod snap;
mod spot;
mod stretches;
mod sweep;
mod tags;
mod topology;
mod traffic;
mod trip;
mod turns;
mod uneven;

#[cfg(test)]
mod extract_tests;
#[cfg(test)]
mod oracle_tests;
mod storage;
#[cfg(test)]
mod town;

pub use class::RoadClass;
pub use error::{ImportError, OpenError, PreparedError, ProfileError, SnapError, Stray};
pub use extract::Fault;
pub use live::{LiveLegs, LivePlaces, LiveQuery, StandingPlaces};
pub use measured::{Pace, WaySpeeds};
pub use network::{Bounds, RoadLine, RoadNetwork, Size, Stage};
pub use on_demand::{CacheLimits, TravelOnDemand};
pub use path::Path;
pub use profile::Profile;
pub use restrictions::Restrictions;
pub use snap::{Side, SnapLimit, Snapped};
pub use traffic::{DayMatrices, DayRoads, DayTraffic, Traffic};
