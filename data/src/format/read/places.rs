//! Places: named ones from their table, others where they are used; equal ones are one.

use super::Reader;
use super::names::Names;
use crate::datum::Datum;
use crate::finding::{Code, Finding};
use crate::format::node::Node;
use crate::ids::PlaceIx;
use crate::place::{Place, Position};
use crate::{say, word};
use std::collections::HashMap;

/// Stands where no place could be read; its user's place is in doubt.
pub(super) const NOWHERE: PlaceIx = PlaceIx(u32::MAX);

/// What places are known by.
pub(super) struct Places {
    names: Names,
    by_index: HashMap<u32, PlaceIx>,
    /// By the bits of latitude and longitude.
    by_position: HashMap<(u64, u64), PlaceIx>,
    /// Where each was first given, for findings about it.
    pub(super) given_at: Vec<String>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            names: Names::none(word!("place")),
            by_index: HashMap::new(),
            by_position: HashMap::new(),
            given_at: Vec::new(),
        }
    }
}

fn bits(position: Position) -> (u64, u64) {
    (position.lat.to_bits(), position.lon.to_bits())
}

impl Reader {
    /// The table of places.
    pub(super) fn read_places(&mut self, root: &Node<'_, '_>) {
        let Some(list) = root.get("places") else { return };
        if list.is_bad() {
            self.places.names.set_doubtful();
        }
        for node in list.items() {
            let id = node.get("id").and_then(|id| id.text());
            let named = node.get("id").is_some() || node.is_bad();
            let place = self.position(&node);
            let ix = PlaceIx::from(self.draft.places.len());
            self.know(&place, ix, node.pointer());
            // A place without a name takes its position among the names, but nothing refers to it.
            self.places.names.push(if named { id } else { Some("\u{0}") });
            self.draft.places.push(Place { id: id.map(str::to_owned), ..place });
        }
    }

    /// The place under a key, or nowhere.
    pub(super) fn place_at(&mut self, node: &Node<'_, '_>, key: &str) -> PlaceIx {
        node.get(key).map_or(NOWHERE, |place| self.place(&place))
    }

    /// A place where it is used: a name or a position.
    pub(super) fn place(&mut self, node: &Node<'_, '_>) -> PlaceIx {
        if node.text().is_some() {
            return self.places.names.refer(node, &mut self.found).map_or(NOWHERE, PlaceIx);
        }
        if node.is_bad() {
            return NOWHERE;
        }
        let place = self.position(node);
        let known = match (place.matrix_index, place.position) {
            (Some(index), _) => self.places.by_index.get(&index).copied(),
            (None, Some(position)) => self.places.by_position.get(&bits(position)).copied(),
            (None, None) => return NOWHERE,
        };
        if let Some(ix) = known {
            let named = &self.draft.places[ix.index()];
            if place.position.is_some() && named.position != place.position {
                let expected = say!("the position it has at {}", self.places.given_at[ix.index()]);
                let got = say!("another position for the same index");
                self.found.unless_doubtful(Finding::new(node.pointer(), Code::Contradiction, expected, got), &[]);
            }
            return ix;
        }
        let ix = PlaceIx::from(self.draft.places.len());
        self.know(&place, ix, node.pointer());
        self.places.names.push(Some("\u{0}"));
        self.draft.places.push(place);
        ix
    }

    fn know(&mut self, place: &Place, ix: PlaceIx, pointer: String) {
        if let Some(index) = place.matrix_index {
            self.places.by_index.entry(index).or_insert(ix);
        }
        if let Some(position) = place.position {
            self.places.by_position.entry(bits(position)).or_insert(ix);
        }
        self.places.given_at.push(pointer);
    }

    /// Position and index of a node, with findings about what is missing.
    fn position(&mut self, node: &Node<'_, '_>) -> Place {
        let (lat, lon, index) = (node.get("lat"), node.get("lon"), node.get("index"));
        let missing = match (&lat, &lon, &index) {
            (Some(_), None, _) => Some("lon"),
            (None, Some(_), _) | (None, None, None) if !node.is_bad() => Some("lat"),
            _ => None,
        };
        if let Some(key) = missing {
            let expected = say!("\"lat\" and \"lon\" stand together, and a place has them or an \"index\"");
            self.found.missing(node.pointer(), key, expected);
        }
        let datum = super::datum(node).unwrap_or(self.datum);
        let given = lat.and_then(|lat| lat.number()).zip(lon.and_then(|lon| lon.number()));
        Place {
            id: None,
            position: given.map(|(lat, lon)| in_wgs84(datum, lat, lon)),
            matrix_index: index.and_then(|index| super::count(&index)),
        }
    }
}

/// A given position, in the datum of the engine.
pub(super) fn in_wgs84(datum: Datum, lat: f64, lon: f64) -> Position {
    datum.to_wgs84(Position { lat, lon })
}
