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
use std::sync::Arc;

/// Stands where no place could be read; its user's place is in doubt.
pub(super) const NOWHERE: PlaceIx = PlaceIx(u32::MAX);

/// What places are known by. Cheap to clone, as [`Names`] are.
#[derive(Clone)]
pub(super) struct Places {
    names: Names,
    by_index: Arc<HashMap<u32, PlaceIx>>,
    /// By the bits of latitude and longitude.
    by_position: Arc<HashMap<(u64, u64), PlaceIx>>,
    /// Where each lies.
    positions: Arc<Vec<Option<Position>>>,
    /// Where each was first given, for findings about it; empty for those of a problem read before.
    pub(super) given_at: Vec<String>,
    /// Of a document beside a problem: the places that the problem does not know, as they come.
    fresh: Option<Vec<Place>>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            names: Names::none(word!("place")),
            by_index: Arc::default(),
            by_position: Arc::default(),
            positions: Arc::default(),
            given_at: Vec::new(),
            fresh: None,
        }
    }
}

impl Places {
    /// The places of a problem, for documents beside it.
    pub(super) fn of(places: &[Place]) -> Self {
        let mut known = Self::default();
        for (at, place) in places.iter().enumerate() {
            known.know(place, PlaceIx::from(at));
            known.names.push(Some(place.id.as_deref().unwrap_or(UNNAMED)));
        }
        known.fresh = Some(Vec::new());
        known
    }
    fn know(&mut self, place: &Place, ix: PlaceIx) {
        if let Some(index) = place.matrix_index {
            Arc::make_mut(&mut self.by_index).entry(index).or_insert(ix);
        }
        if let Some(position) = place.position {
            Arc::make_mut(&mut self.by_position).entry(bits(position)).or_insert(ix);
        }
        Arc::make_mut(&mut self.positions).push(place.position);
    }
    /// A place that was given before, by its index or else by its position.
    fn find(&self, place: &Place) -> Option<PlaceIx> {
        let known = match (place.matrix_index, place.position) {
            (Some(index), _) => self.by_index.get(&index).copied(),
            (None, Some(position)) => self.by_position.get(&bits(position)).copied(),
            (None, None) => None,
        };
        let same = |fresh: &Place| match place.matrix_index {
            Some(index) => fresh.matrix_index == Some(index),
            None => fresh.position.map(bits) == place.position.map(bits),
        };
        known.or_else(|| {
            let at = self.fresh.iter().flatten().position(same)?;
            Some(PlaceIx::from(self.positions.len() + at))
        })
    }
    /// Where a place lies.
    pub(super) fn position(&self, ix: PlaceIx) -> Option<Position> {
        match ix.index().checked_sub(self.positions.len()) {
            None => self.positions[ix.index()],
            Some(later) => self.fresh.as_ref()?.get(later)?.position,
        }
    }
    /// A place that the problem does not know, by its number after all it does; and which of them it is.
    pub(super) fn fresh(&self, ix: PlaceIx) -> Option<&Place> {
        self.fresh.as_ref()?.get(ix.index().checked_sub(self.positions.len())?)
    }
    /// How many places there are, fresh ones among them.
    pub(super) fn count(&self) -> usize {
        self.positions.len() + self.fresh.as_ref().map_or(0, Vec::len)
    }
}

/// Stands among the names for a place without one; no caller can say it.
const UNNAMED: &str = "\u{0}";

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
            self.places.know(&place, ix);
            self.places.given_at.push(node.pointer());
            // A place without a name takes its position among the names, but nothing refers to it.
            self.places.names.push(if named { id } else { Some(UNNAMED) });
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
        if place.matrix_index.is_none() && place.position.is_none() {
            return NOWHERE;
        }
        if let Some(ix) = self.places.find(&place) {
            if place.position.is_some() && self.places.position(ix) != place.position {
                let expected = match self.places.given_at.get(ix.index()) {
                    Some(given) => say!("the position it has at {}", given),
                    None => say!("the position it has in the problem"),
                };
                let got = say!("another position for the same index");
                self.found.unless_doubtful(Finding::new(node.pointer(), Code::Contradiction, expected, got), &[]);
            }
            return ix;
        }
        let ix = PlaceIx::from(self.places.count());
        if let Some(fresh) = &mut self.places.fresh {
            fresh.push(place);
            return ix;
        }
        self.places.know(&place, ix);
        self.places.given_at.push(node.pointer());
        self.places.names.push(Some(UNNAMED));
        self.draft.places.push(place);
        ix
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
