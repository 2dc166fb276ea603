//! Regions: names, and GeoJSON areas.

use super::Reader;
use super::places::in_wgs84;
use crate::datum::Datum;
use crate::finding::{Code, Finding};
use crate::format::node::Node;
use crate::ids::{PlaceIx, RegionIx};
use crate::lang::value;
use crate::problem::Region;
use crate::say;
use geo::{Coord, LineString, MultiPolygon, Polygon};

impl Reader {
    pub(super) fn read_regions(&mut self, root: &Node<'_, '_>) {
        let Some(list) = root.get("regions") else { return };
        if list.is_bad() {
            self.regions.set_doubtful();
        }
        for node in list.items() {
            let id = node.text().or_else(|| node.get("id").and_then(|id| id.text()));
            self.regions.push(id);
            let datum = super::datum(&node).unwrap_or(self.datum);
            let area = node.get("area").and_then(|area| self.area(&area, datum));
            self.draft.regions.push(Region { id: id.unwrap_or_default().to_owned(), area });
        }
    }

    fn area(&mut self, node: &Node<'_, '_>, datum: Datum) -> Option<MultiPolygon<f64>> {
        let coordinates = node.get("coordinates")?;
        let polygons = match node.get("type").and_then(|kind| kind.text())? {
            "Polygon" => vec![self.polygon(&coordinates, datum)],
            _ => coordinates.items().map(|polygon| self.polygon(&polygon, datum)).collect(),
        };
        Some(MultiPolygon::new(polygons))
    }

    fn polygon(&mut self, node: &Node<'_, '_>, datum: Datum) -> Polygon<f64> {
        let mut rings = node.items().map(|ring| self.ring(&ring, datum));
        let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        let holes = rings.collect();
        Polygon::new(outer, holes)
    }

    fn ring(&mut self, node: &Node<'_, '_>, datum: Datum) -> LineString<f64> {
        let mut ring = Vec::new();
        for pair in node.items() {
            let mut numbers = pair.items().map(|number| number.number());
            let (Some(Some(lon)), Some(Some(lat))) = (numbers.next(), numbers.next()) else { continue };
            if lat.abs() > 90.0 {
                let pointer = format!("{}/1", pair.pointer());
                let expected = say!("a latitude from -90 to 90 (GeoJSON gives longitude first)");
                self.found.wrong(Finding::new(pointer, Code::OutOfRange, expected, value(lat)));
            }
            let position = in_wgs84(datum, lat, lon);
            ring.push(Coord { x: position.lon, y: position.lat });
        }
        if ring.first() != ring.last() {
            let finding = Finding::new(
                node.pointer(),
                Code::Contradiction,
                say!("a closed ring: the last position equals the first"),
                say!("an open one"),
            );
            self.found.unless_doubtful(finding, &[]);
        }
        LineString::new(ring)
    }

    /// The first region whose area holds a place.
    pub(super) fn region_of(&self, place: PlaceIx) -> Option<RegionIx> {
        let position = self.places.position(place)?;
        let regions = self.areas.as_deref().unwrap_or(&self.draft.regions);
        regions.iter().position(|region| region.holds(position)).map(RegionIx::from)
    }
}
