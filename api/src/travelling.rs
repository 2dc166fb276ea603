//! `/v1/matrix`, `/v1/route`, `/v1/snap`: travel between places over the roads of a map, or by great
//! circle where no map is named.

use crate::answers::json_answer;
use crate::fields::Fields;
use crate::opened::at_the_desk;
use crate::reading;
use crate::refusal::Refusal;
use crate::roads::Roads;
use crate::service::Service;
use axum::extract::{Request, State};
use axum::response::Response;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::ids::PlaceIx;
use dispatch_data::place::Position;
use dispatch_data::say;
use dispatch_data::travel::{Leg, TravelMatrix};
use dispatch_routing::{Side, SnapLimit, Snapped};
use serde_json::{Value, json};
use std::sync::Arc;

/// Detour and metres per second of travel without a map, as in problems that name none.
const GREAT_CIRCLE: (f64, f64) = (1.3, 13.0);

/// What all three calls ask for.
struct Wanted {
    places: Vec<Position>,
    map: Option<String>,
    profile: String,
}

impl Wanted {
    /// Reads a body.
    fn read(text: &str, least: usize, most: usize, needs_map: bool) -> Result<Self, Refusal> {
        let mut fields = Fields::read(text, &["places", "map", "profile"])?;
        let map = if needs_map { fields.text("map", 1, 200) } else { fields.maybe_text("map", 1, 200) };
        let profile = fields.maybe_text("profile", 1, 200).unwrap_or_else(|| "car".to_owned());
        let mut places = Vec::new();
        let list = fields.need("places").map(|value| match value {
            Value::Array(list) => Ok(list),
            other => Err(crate::fields::shown(&other)),
        });
        match list {
            Some(Ok(list)) if list.len() > most => {
                return Err(Refusal::OverLimit { what: "places", limit: most, value: list.len() });
            }
            Some(Ok(list)) if list.len() < least => {
                let expected = say!("a list of at least {}", least);
                fields.wrong(Finding::new("/places", Code::TooLarge, expected, say!("a list of {}", list.len())));
            }
            Some(Ok(list)) => {
                for (at, value) in list.into_iter().enumerate() {
                    match Fields::of(value, &["lat", "lon"], format!("/places/{at}")) {
                        Ok(mut place) => {
                            let lat = place.number_needed("lat", -90.0, 90.0);
                            let lon = place.number_needed("lon", -180.0, 180.0);
                            places.extend(lat.zip(lon).map(|(lat, lon)| Position { lat, lon }));
                            place.findings().into_iter().for_each(|finding| fields.wrong(finding));
                        }
                        Err(finding) => fields.wrong(*finding),
                    }
                }
            }
            Some(Err(got)) => fields.wrong(Finding::new("/places", Code::WrongType, say!("a list"), got)),
            None => {}
        }
        fields.done()?;
        Ok(Self { places, map, profile })
    }
    /// The roads and where the places lie on them; nothing without a map.
    fn roads(&self, service: &Service) -> Result<Option<Roads>, Refusal> {
        let Some(map) = &self.map else { return Ok(None) };
        let at_fields = |findings: Vec<Finding>| {
            let moved = findings.into_iter().map(|mut finding| {
                let key = if finding.pointer == "/travel/profiles" { "/profile" } else { "/map" };
                finding.pointer = key.to_owned();
                finding
            });
            Refusal::Invalid(moved.collect())
        };
        let network = service.maps.network(map, &self.profile).map_err(at_fields)?;
        let snapped = network.snap(&self.places, SnapLimit::default()).map_err(|error| {
            let stray = |stray: &dispatch_routing::Stray| {
                let expected = say!("a place within {} m of a road of the map", format_args!("{:.0}", error.limit));
                let got = say!("{} m from the nearest one", format_args!("{:.0}", stray.meters));
                Finding::new(format!("/places/{}", stray.index), Code::Unreachable, expected, got)
            };
            Refusal::Invalid(error.strays.iter().map(stray).collect())
        })?;
        Ok(Some((network, snapped)))
    }
}

/// `POST /v1/matrix`.
pub(crate) async fn matrix(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    let text = reading::body(&service, request).await?.text;
    let answer = at_the_desk(&service, move |service| {
        let wanted = Wanted::read(&text, 1, service.limits().matrix_places, false)?;
        let matrix = match wanted.roads(service)? {
            Some((network, snapped)) => network.matrix(&snapped),
            None => {
                let places: Vec<Option<Position>> = wanted.places.iter().copied().map(Some).collect();
                TravelMatrix::great_circle(&places, GREAT_CIRCLE.0, GREAT_CIRCLE.1)
            }
        };
        let table = |number: fn(Leg) -> u32| -> Vec<Vec<Option<u32>>> {
            let row = |from| matrix.row(PlaceIx::from(from));
            let cell = |leg: Leg| leg.is_reachable().then(|| number(leg));
            (0..matrix.size()).map(|from| row(from).map(cell).collect()).collect()
        };
        Ok(json!({"seconds": table(|leg| leg.seconds), "meters": table(|leg| leg.meters)}))
    })
    .await?;
    Ok(json_answer(&answer))
}

/// `POST /v1/route`.
pub(crate) async fn route(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    let text = reading::body(&service, request).await?.text;
    let answer = at_the_desk(&service, move |service| {
        let wanted = Wanted::read(&text, 2, service.limits().matrix_places, true)?;
        let Some((network, snapped)) = wanted.roads(service)? else { return Err(Refusal::Internal) };
        let mut legs = Vec::new();
        let (mut seconds, mut meters) = (0_u64, 0_u64);
        for (from, pair) in snapped.windows(2).enumerate() {
            let [start, end] = pair else { continue };
            let Some(path) = network.path(start, end) else {
                let got = say!("no way to the next place");
                let finding = Finding::new(format!("/places/{from}"), Code::Unreachable, say!("a way over roads"), got);
                return Err(Refusal::Invalid(vec![finding]));
            };
            seconds += u64::from(path.seconds);
            meters += u64::from(path.meters);
            let points: Vec<[f64; 2]> = path.points.iter().map(|point| [point.lon, point.lat]).collect();
            legs.push(json!({
                "seconds": path.seconds,
                "meters": path.meters,
                "toll": path.toll,
                "polyline": path.polyline(),
                "geometry": {"type": "LineString", "coordinates": points},
                "seconds_so_far": path.so_far.iter().map(|leg| leg.seconds).collect::<Vec<_>>(),
                "meters_so_far": path.so_far.iter().map(|leg| leg.meters).collect::<Vec<_>>(),
            }));
        }
        Ok(json!({"seconds": seconds, "meters": meters, "legs": legs}))
    })
    .await?;
    Ok(json_answer(&answer))
}

/// `POST /v1/snap`.
pub(crate) async fn snap(State(service): State<Arc<Service>>, request: Request) -> Result<Response, Refusal> {
    let text = reading::body(&service, request).await?.text;
    let answer = at_the_desk(&service, move |service| {
        let wanted = Wanted::read(&text, 1, service.limits().places, true)?;
        let Some((_, snapped)) = wanted.roads(service)? else { return Err(Refusal::Internal) };
        let place = |snapped: &Snapped| {
            let side = match snapped.side {
                Side::On => "on",
                Side::Left => "left",
                Side::Right => "right",
            };
            json!({"lat": snapped.position.lat, "lon": snapped.position.lon, "meters": snapped.meters, "side": side})
        };
        Ok(json!({"places": snapped.iter().map(place).collect::<Vec<_>>()}))
    })
    .await?;
    Ok(json_answer(&answer))
}
