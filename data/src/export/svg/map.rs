//! The map: regions, roads, routes, and the marks on top.
//!
//! A plane projection true to angles at the middle of what is shown; fine for a country, wrong for
//! a continent.

use super::canvas::{Anchor, Canvas, GREY, Ink, Rect, polyline, width};
use super::figures::kilometres;
use super::{Picture, RoadClass, marks};
use crate::export::leg::{Course, course};
use crate::export::name_of;
use crate::export::palette::route_colour;
use crate::ids::PlaceIx;
use crate::place::{EARTH_RADIUS, Position};
use crate::units::{Meters, Time};

/// Degrees that the map shows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bounds {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

impl Bounds {
    /// Around everything the plan is about: jobs, sites, shift ends and the ways between them.
    fn of(picture: &Picture<'_>, ways: &Ways) -> Option<Self> {
        let problem = picture.problem;
        let jobs = problem.jobs.iter().map(|job| job.place);
        let sites = problem.sites.iter().map(|site| site.place);
        let ends = problem.shifts.iter().flat_map(|shift| [Some(shift.start_place), shift.end_place]).flatten();
        let places = jobs.chain(sites).chain(ends).filter_map(|place| position(picture, place));
        let mut bounds: Option<Self> = None;
        for Position { lat, lon } in places.chain(ways.iter().flat_map(|way| way.points.iter().copied())) {
            let old = bounds.unwrap_or(Self { south: lat, west: lon, north: lat, east: lon });
            bounds = Some(Self {
                south: old.south.min(lat),
                west: old.west.min(lon),
                north: old.north.max(lat),
                east: old.east.max(lon),
            });
        }
        bounds
    }
    /// Pixels per degree of longitude for each pixel per degree of latitude.
    fn squeeze(self) -> f64 {
        ((self.south + self.north) / 2.0).to_radians().cos().max(0.05)
    }
    /// Width and height in degrees of latitude, never nothing.
    fn size(self) -> (f64, f64) {
        ((self.east - self.west) * self.squeeze(), self.north - self.south)
    }
}

fn position(picture: &Picture<'_>, place: PlaceIx) -> Option<Position> {
    picture.problem.places.get(place.index()).and_then(|place| place.position)
}

/// The way of every route of the plan, with the moments its points are passed.
pub(super) type Ways = Vec<Course>;

/// Asks for the way of every route, once.
pub(super) fn ways(picture: &Picture<'_>) -> Ways {
    picture.plan.routes.iter().map(|route| course(picture.problem, route, picture.geometry)).collect()
}

/// Width of the map by its height; `None` when no place has a position.
pub(super) fn aspect(picture: &Picture<'_>, ways: &Ways) -> Option<f64> {
    let (w, h) = Bounds::of(picture, ways)?.size();
    Some(((w + 1e-3) / (h + 1e-3)).clamp(0.3, 3.0))
}

/// Degrees to pixels.
pub(super) struct Projection {
    middle: Position,
    squeeze: f64,
    /// Pixels per degree of latitude.
    scale: f64,
    centre: (f64, f64),
}

impl Projection {
    fn new(bounds: Bounds, rect: Rect) -> Self {
        const RIM: f64 = 34.0;
        let (w, h) = bounds.size();
        let scale = ((rect.w - 2.0 * RIM) / w.max(1e-3)).min((rect.h - 2.0 * RIM) / h.max(1e-3));
        let middle = Position { lat: (bounds.south + bounds.north) / 2.0, lon: (bounds.west + bounds.east) / 2.0 };
        let centre = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
        Self { middle, squeeze: bounds.squeeze(), scale, centre }
    }
    pub(super) fn point(&self, position: Position) -> (f64, f64) {
        let x = (position.lon - self.middle.lon) * self.squeeze * self.scale;
        let y = (position.lat - self.middle.lat) * self.scale;
        (self.centre.0 + x, self.centre.1 - y)
    }
    /// The position shown at a point.
    fn position(&self, (x, y): (f64, f64)) -> Position {
        Position {
            lat: self.middle.lat - (y - self.centre.1) / self.scale,
            lon: self.middle.lon + (x - self.centre.0) / (self.squeeze * self.scale),
        }
    }
    /// Pixels of a kilometre.
    fn kilometre(&self) -> f64 {
        self.scale * (1000.0 / EARTH_RADIUS).to_degrees()
    }
}

pub(super) fn draw(canvas: &mut Canvas, picture: &Picture<'_>, ways: &Ways, rect: Rect) {
    let Some(bounds) = Bounds::of(picture, ways) else { return };
    let projection = Projection::new(bounds, rect);
    canvas.rect(rect, "fill=\"#f6f5f1\" rx=\"6\"");
    canvas.clip("map", rect);
    regions(canvas, picture, &projection);
    roads(canvas, picture, &projection, rect);
    routes(canvas, ways, &projection);
    passing(canvas, picture, ways, &projection);
    region_names(canvas, picture, &projection, rect);
    marks::draw(canvas, picture, &projection, rect);
    scale_bar(canvas, &projection, rect);
    if !picture.credit.is_empty() {
        let ink = Ink::new(10.5).colour(GREY).anchor(Anchor::End).halo();
        canvas.text((rect.right() - 8.0, rect.bottom() - 8.0), ink, picture.credit);
    }
    canvas.close();
    canvas.rect(rect, "fill=\"none\" stroke=\"#cbd2d9\" rx=\"6\"");
}

/// Soft fills, so that neighbours differ a little.
const FILLS: [&str; 4] = ["#e3ecf5", "#f4eadb", "#e4f0e4", "#f1e6ef"];

fn regions(canvas: &mut Canvas, picture: &Picture<'_>, projection: &Projection) {
    for (at, area) in picture.problem.regions.iter().filter_map(|region| region.area.as_ref()).enumerate() {
        let mut data = String::new();
        for ring in area.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors())) {
            let points = ring.coords().map(|at| projection.point(Position { lat: at.y, lon: at.x }));
            data.push_str(&polyline(points, 0.5));
            data.push('Z');
        }
        let fill = FILLS[at % FILLS.len()];
        let paint = format!(
            "fill=\"{fill}\" fill-opacity=\"0.75\" fill-rule=\"evenodd\" stroke=\"#8fa3b5\" stroke-width=\"1.2\" \
             stroke-dasharray=\"6 4\" stroke-linejoin=\"round\""
        );
        canvas.path(&data, &paint);
    }
}

/// Each region's name where it has most room: inside the region, far from its border and from the
/// marks.
fn region_names(canvas: &mut Canvas, picture: &Picture<'_>, projection: &Projection, rect: Rect) {
    const SIZE: f64 = 16.0;
    const RASTER: f64 = 12.0;
    let problem = picture.problem;
    let jobs = problem.jobs.iter().filter_map(|job| position(picture, job.place)).map(|at| projection.point(at));
    let sites = problem.sites.iter().filter_map(|site| position(picture, site.place)).map(|at| projection.point(at));
    // Names of sites stand to the right of them.
    let sites = sites.flat_map(|(x, y)| [0.0, 40.0, 80.0, 120.0].map(|right| (x + right, y)));
    let mut taken: Vec<(f64, f64)> = sites.chain(jobs).collect();
    taken.truncate(1000);
    for region in &problem.regions {
        let Some(area) = &region.area else { continue };
        let border: Vec<(f64, f64)> = area
            .iter()
            .flat_map(|polygon| polygon.exterior().coords())
            .map(|at| projection.point(Position { lat: at.y, lon: at.x }))
            .collect();
        let half = width(&region.id, SIZE) / 2.0 + 8.0;
        // A text is wide and low, so distances along it count for less.
        let room = |(x, y): (f64, f64)| {
            let near = |&(px, py): &(f64, f64)| ((px - x).abs() - half).max(0.0).hypot(py - y);
            taken.iter().chain(&border).map(near).fold(f64::INFINITY, f64::min)
        };
        let columns = ((rect.w - 2.0 * half) / RASTER).floor().max(0.0) as usize;
        let rows = ((rect.h - 80.0) / RASTER).floor().max(0.0) as usize;
        let raster = (0..=rows).flat_map(|row| (0..=columns).map(move |column| (column, row)));
        let best = raster
            .map(|(column, row)| (rect.x + half + column as f64 * RASTER, rect.y + 30.0 + row as f64 * RASTER))
            .filter(|at| region.holds(projection.position(*at)))
            .map(|at| (room(at), at))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, (x, y))) = best {
            let ink = Ink::new(SIZE).bold().colour("#61788f").anchor(Anchor::Middle).halo();
            canvas.text((x, y + 5.0), ink, &region.id);
            taken.push((x, y));
        }
    }
}

fn roads(canvas: &mut Canvas, picture: &Picture<'_>, projection: &Projection, rect: Rect) {
    let styles = [
        (RoadClass::Local, "#d3cfc4", 0.8),
        (RoadClass::Middle, "#bcb7aa", 1.4),
        (RoadClass::Major, "#a39d8f", 2.2),
        (RoadClass::Motorway, "#8f897b", 3.2),
    ];
    for (class, colour, wide) in styles {
        let mut data = String::new();
        for road in picture.roads.iter().filter(|road| road.class == class) {
            let points: Vec<(f64, f64)> = road.line.iter().map(|at| projection.point(*at)).collect();
            let inside = |&(x, y): &(f64, f64)| {
                rect.x - 20.0 < x && x < rect.right() + 20.0 && rect.y - 20.0 < y && y < rect.bottom() + 20.0
            };
            if points.iter().any(inside) {
                data.push_str(&polyline(points.into_iter(), 1.2));
            }
        }
        let paint = format!(
            "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{wide}\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
        );
        canvas.path(&data, &paint);
    }
}

/// How far a route is moved aside, so that routes on one road lie beside each other.
pub(super) fn aside(at: usize, count: usize) -> (f64, f64) {
    if count < 2 {
        return (0.0, 0.0);
    }
    let angle = std::f64::consts::TAU * at as f64 / count as f64;
    (angle.cos() * 2.4, angle.sin() * 2.4)
}

fn routes(canvas: &mut Canvas, ways: &Ways, projection: &Projection) {
    let count = ways.len();
    let lines: Vec<String> = ways
        .iter()
        .enumerate()
        .map(|(at, way)| {
            let (dx, dy) = aside(at, count);
            let points = way.points.iter().map(|position| projection.point(*position));
            polyline(points.map(|(x, y)| (x + dx, y + dy)), 0.8)
        })
        .collect();
    // Each line is long and drawn twice, a light rim below and its colour above: it is written once.
    canvas.define(lines.iter().enumerate().map(|(at, line)| (format!("route-{}", at + 1), line.as_str())));
    let shared = "fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\"";
    canvas.open(&format!("{shared} stroke=\"#ffffff\" stroke-width=\"4\" stroke-opacity=\"0.6\""));
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        canvas.repeat(&format!("route-{}", at + 1), "");
    }
    canvas.close();
    canvas.open(&format!("{shared} stroke-width=\"2\" stroke-opacity=\"0.85\""));
    for (at, _) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        canvas.repeat(&format!("route-{}", at + 1), &format!(" stroke=\"{}\"", route_colour(at)));
    }
    canvas.close();
}

/// A dot where each technician on the road is every quarter of an hour, which tells who, when and after how far.
fn passing(canvas: &mut Canvas, picture: &Picture<'_>, ways: &Ways, projection: &Projection) {
    const QUARTER: i64 = 15 * 60;
    let problem = picture.problem;
    let since = |time: Time| {
        let local = problem.horizon.local(time);
        i64::from(local.minute()) % 15 * 60 + i64::from(local.second())
    };
    for (at, (way, route)) in ways.iter().zip(&picture.plan.routes).enumerate() {
        let name = name_of(problem.technician_of(route.shift));
        let (dx, dy) = aside(at, ways.len());
        for (leg, _, _) in &way.legs {
            let first = leg.departure.0 - since(leg.departure) + QUARTER;
            for time in (first..leg.arrival.0).step_by(QUARTER as usize).map(Time) {
                let Some((position, meters)) = way.at(time) else { continue };
                let (x, y) = projection.point(position);
                let clock = problem.horizon.local(time).strftime("%H:%M");
                canvas.tip(&format!("{clock} {name} · {}", kilometres(Meters(meters))));
                canvas.circle((x + dx, y + dy), 2.6, &format!("fill=\"#ffffff\" stroke=\"{}\"", route_colour(at)));
                canvas.close();
            }
        }
    }
}

fn scale_bar(canvas: &mut Canvas, projection: &Projection, rect: Rect) {
    let kilometre = projection.kilometre();
    let lengths = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];
    let length = lengths.into_iter().rfind(|length| length * kilometre <= 120.0).unwrap_or(0.1);
    let (x, y, w) = (rect.x + 14.0, rect.bottom() - 14.0, length * kilometre);
    let bar = format!("M{x:.1} {:.1}V{y:.1}H{:.1}V{:.1}", y - 5.0, x + w, y - 5.0);
    canvas.path(&bar, "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"4\" stroke-opacity=\"0.8\"");
    canvas.path(&bar, "fill=\"none\" stroke=\"#52606d\" stroke-width=\"1.5\"");
    let label = if length < 1.0 { format!("{:.0} m", length * 1000.0) } else { format!("{length:.0} km") };
    canvas.text((x + w / 2.0, y - 7.0), Ink::new(11.0).colour(GREY).anchor(Anchor::Middle).halo(), &label);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_and_the_map_keeps_angles() {
        let bounds = Bounds { south: 47.0, west: 9.4, north: 47.2, east: 9.7 };
        let projection = Projection::new(bounds, Rect { x: 0.0, y: 0.0, w: 600.0, h: 1000.0 });
        let middle = Position { lat: 47.1, lon: 9.55 };
        let (x, y) = projection.point(middle);
        assert!((x - 300.0).abs() < 1e-6 && (y - 500.0).abs() < 1e-6);
        let corner = Position { lat: 47.0, lon: 9.4 };
        assert!(projection.position(projection.point(corner)).meters_to(corner) < 1e-3);
        let north = projection.point(Position { lat: 47.11, ..middle });
        let east = projection.point(Position { lon: 9.56, ..middle });
        assert!(north.1 < y && east.0 > x);
        let pixels_per_metre =
            |to: (f64, f64), position: Position| (to.0 - x).hypot(to.1 - y) / middle.meters_to(position);
        let up = pixels_per_metre(north, Position { lat: 47.11, ..middle });
        let right = pixels_per_metre(east, Position { lon: 9.56, ..middle });
        assert!((up / right - 1.0).abs() < 1e-3);
        assert!((projection.kilometre() - 1000.0 * up).abs() < 0.01);
    }

    #[test]
    fn routes_on_one_road_lie_apart() {
        assert_eq!(aside(0, 1), (0.0, 0.0));
        assert_ne!(aside(0, 3), aside(1, 3));
    }
}
