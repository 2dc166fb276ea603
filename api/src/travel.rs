//! Travel of a problem that needs no road network: great circle, or given matrices.

use dispatch_data::place::Position;
use dispatch_data::problem::{Draft, TravelSource};
use dispatch_data::travel::{Travel, TravelMatrix};

/// Travel between the problem's places, one matrix per profile; `None` where it needs a map.
pub fn without_roads(problem: &Draft) -> Option<Travel> {
    let matrices: Vec<TravelMatrix> = match &problem.travel {
        TravelSource::Roads { map: _, traffic: _ } => return None,
        TravelSource::Matrices(matrices) => matrices.clone(),
        TravelSource::GreatCircle { detour, meters_per_second } => {
            let positions: Vec<Option<Position>> = problem.places.iter().map(|place| place.position).collect();
            let matrix = TravelMatrix::great_circle(&positions, *detour, *meters_per_second);
            vec![matrix; problem.profiles.len()]
        }
    };
    Some(with_rush_hours(problem, matrices))
}

/// Travel from one matrix per profile, with the rush hours that the profiles have.
pub fn with_rush_hours(problem: &Draft, matrices: Vec<TravelMatrix>) -> Travel {
    Travel::with_hours(
        matrices.into_iter().zip(&problem.profiles).map(|(matrix, profile)| (matrix, profile.hours())).collect(),
    )
}
