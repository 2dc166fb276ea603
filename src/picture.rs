//! The picture of a plan over the roads it was made on.

use crate::report::Lang;
use crate::roads::World;
use dispatch_data::export::{Picture, RoadClass, RoadLine, svg};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_routing::{Bounds, RoadClass as Road};

/// Who made the roads; the licence of the data asks for this line.
const CREDIT: &str = "© OpenStreetMap contributors";
/// Degrees around the places of the problem within which roads are drawn.
const MARGIN: f64 = 0.02;

/// The picture as SVG text.
pub(crate) fn picture(problem: &Problem, plan: &Plan, world: &World, lang: Lang) -> String {
    let roads = background(problem, world);
    svg(&Picture {
        problem,
        plan,
        roads: &roads,
        geometry: &|leg| world.way(leg),
        credit: if roads.is_empty() { "" } else { CREDIT },
        lang: lang.into(),
    })
}

/// The larger roads around the places of the problem.
fn background(problem: &Problem, world: &World) -> Vec<RoadLine> {
    let Some(roads) = world.roads.first() else { return Vec::new() };
    let nothing = Bounds { south: 90.0, west: 180.0, north: -90.0, east: -180.0 };
    let around = problem.places.iter().filter_map(|place| place.position).fold(nothing, |bounds, place| Bounds {
        south: bounds.south.min(place.lat - MARGIN),
        west: bounds.west.min(place.lon - MARGIN),
        north: bounds.north.max(place.lat + MARGIN),
        east: bounds.east.max(place.lon + MARGIN),
    });
    let lines = roads.network.lines(around);
    lines.filter_map(|line| class(line.class).map(|class| RoadLine { class, line: line.points })).collect()
}

/// How a road is drawn; ways that nobody drives to a customer on are left out.
fn class(road: Road) -> Option<RoadClass> {
    match road {
        Road::Motorway | Road::MotorwayLink | Road::Trunk | Road::TrunkLink => Some(RoadClass::Motorway),
        Road::Primary | Road::PrimaryLink | Road::Secondary | Road::SecondaryLink => Some(RoadClass::Major),
        Road::Tertiary | Road::TertiaryLink => Some(RoadClass::Middle),
        Road::Unclassified | Road::Residential | Road::LivingStreet | Road::Road => Some(RoadClass::Local),
        Road::Service
        | Road::Track
        | Road::Pedestrian
        | Road::Cycleway
        | Road::Footway
        | Road::Bridleway
        | Road::Path
        | Road::Steps
        | Road::Ferry => None,
    }
}
