//! The picture of a plan over the roads it was made on.

use crate::report::Lang;
use crate::roads::World;
use dispatch_data::export::{Picture, RoadClass, RoadLine, Way, svg};
use dispatch_data::place::Position;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_routing::{Bounds, RoadClass as Road, RoadLine as Line};

/// Who made the roads; the licence of the data asks for this line.
const CREDIT: &str = "© OpenStreetMap contributors";
/// Degrees around the places of the problem within which roads are drawn.
const MARGIN: f64 = 0.02;

/// A line keeps one point per this share of the map's diagonal: below what the eye can tell apart.
const FINEST: f64 = 1.0 / 2000.0;

/// The picture as SVG text.
pub(crate) fn picture(problem: &Problem, plan: &Plan, world: &World, lang: Lang) -> String {
    let around = around(problem);
    let Bounds { south, west, north, east } = around;
    let corner = |lat, lon| Position { lat, lon };
    let finest = corner(south, west).meters_to(corner(north, east)) * FINEST;
    let roads = background(world, around, finest);
    svg(&Picture {
        problem,
        plan,
        roads: &roads,
        geometry: &|leg| thinned_way(&world.way(leg), finest),
        credit: if roads.is_empty() { "" } else { CREDIT },
        lang,
    })
}

/// The rectangle around the places of the problem, with a margin.
fn around(problem: &Problem) -> Bounds {
    let nothing = Bounds { south: 90.0, west: 180.0, north: -90.0, east: -180.0 };
    problem.places.iter().filter_map(|place| place.position).fold(nothing, |bounds, place| Bounds {
        south: bounds.south.min(place.lat - MARGIN),
        west: bounds.west.min(place.lon - MARGIN),
        north: bounds.north.max(place.lat + MARGIN),
        east: bounds.east.max(place.lon + MARGIN),
    })
}

/// The larger roads of a rectangle.
fn background(world: &World, around: Bounds, finest: f64) -> Vec<RoadLine> {
    let Some(roads) = world.roads.first() else { return Vec::new() };
    let lines = roads.network.lines(around);
    let drawn = |line: Line| class(line.class).map(|class| RoadLine { class, line: thinned(&line.points, finest) });
    lines.filter_map(drawn).collect()
}

/// A line without the points that lie within `finest` metres of the last one kept; its ends stay.
fn thinned(line: &[Position], finest: f64) -> Vec<Position> {
    kept(line, finest).into_iter().map(|at| line[at]).collect()
}

/// A way thinned likewise, each of its points with its seconds and metres.
fn thinned_way(Way { points, so_far }: &Way, finest: f64) -> Way {
    let kept = kept(points, finest);
    let so_far = kept.iter().filter_map(|at| so_far.get(*at).copied()).collect();
    Way { points: kept.into_iter().map(|at| points[at]).collect(), so_far }
}

/// Which points of a line are kept.
fn kept(line: &[Position], finest: f64) -> Vec<usize> {
    let Some(end) = line.len().checked_sub(1) else { return Vec::new() };
    let mut kept: Vec<usize> = Vec::new();
    for at in 0..end {
        if kept.last().is_none_or(|before| line[*before].meters_to(line[at]) >= finest) {
            kept.push(at);
        }
    }
    kept.push(end);
    kept
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_line_keeps_its_ends_and_every_far_point() {
        let at = |step: f64| Position { lat: 47.0 + step / 1000.0, lon: 9.5 };
        let line: Vec<Position> = [0.0, 0.1, 0.2, 1.0, 1.1, 2.5, 2.51].map(at).to_vec();
        let expected: Vec<Position> = [0.0, 1.0, 2.5, 2.51].map(at).to_vec();
        assert_eq!(thinned(&line, 50.0), expected);
        assert_eq!(thinned(&line[..1], 50.0), [at(0.0)]);
        assert!(thinned(&[], 50.0).is_empty());
    }
}
