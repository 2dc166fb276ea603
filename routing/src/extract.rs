//! What a map file says about roads: the ways a profile may use, their nodes, the turn restrictions.
//!
//! Two passes over the file: ways and relations first, then only the nodes these need. No graph yet.

use crate::decoder::{self, Block, Member};
use crate::error::ImportError;
use crate::profile::{Point, Profile, Road, Sign};
use crate::spot::Spot;
use crate::tags::Tags;
use rayon::prelude::*;
use std::path::Path;

/// A way of the map that the profile may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub(crate) id: i64,
    pub(crate) road: Road,
    /// Its nodes are `refs[first..first + count]` of the extract.
    first: usize,
    count: usize,
}

/// Where a turn restriction applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Via {
    /// At a node, as an index into [`Extract::spots`].
    Node(u32),
    /// Along one or more ways, by their ids in the map.
    Ways(Vec<i64>),
    /// It does not say where: at the one node that the roads from and to share, if it is one.
    Unsaid,
}

/// A turn that is forbidden, or the only one allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restriction {
    pub(crate) from: i64,
    pub(crate) via: Via,
    pub(crate) to: i64,
    pub(crate) sign: Sign,
    /// The relation's id in the map.
    pub(crate) relation: i64,
}

/// Why a turn restriction of the map says nothing that could be honoured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It has no member from, via or to; a missing via is found where the roads from and to share one node.
    Incomplete,
    /// It has several via nodes, or a node and ways as via, or more members than any restriction needs: from and to
    /// together in more than 64 pairs, or more than 16 via ways.
    Crowded,
    /// Its from, via and to do not meet in this order.
    Apart,
}

/// The roads of a map, as far as one profile cares.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    /// In order of their ids.
    pub(crate) ways: Vec<Way>,
    refs: Vec<u32>,
    /// The map's own ids of the nodes, ascending.
    pub(crate) ids: Vec<i64>,
    /// Where each node is; `None` when the file does not contain it.
    pub(crate) spots: Vec<Option<Spot>>,
    /// What passing a node means; nodes absent here mean nothing. Sorted.
    points: Vec<(u32, Point)>,
    pub(crate) restrictions: Vec<Restriction>,
    /// Relations that bind this traveller but whose members do not say from where, over what and to where; by
    /// their ids in the map.
    pub(crate) unclear: Vec<(i64, Fault)>,
    /// Relations at a node that no road of this profile passes.
    pub(crate) unused: Vec<i64>,
}

#[derive(Default)]
struct Part {
    ways: Vec<(i64, Road, usize)>,
    refs: Vec<i64>,
    restrictions: Vec<RawRestriction>,
    unclear: Vec<(i64, Fault)>,
}

struct RawRestriction {
    relation: i64,
    from: Vec<i64>,
    via: RawVia,
    to: Vec<i64>,
    sign: Sign,
}

enum RawVia {
    Node(i64),
    Ways(Vec<i64>),
    Unsaid,
}

impl Extract {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// As [`decoder::read`]; also for more nodes than 31 bits can count.
    pub(crate) fn read(path: &Path, profile: &Profile) -> Result<Self, ImportError> {
        let mut whole = Part::default();
        let mut has_nodes = Vec::new();
        decoder::read(
            path,
            |_| true,
            |outline| outline.roads,
            |block| Part::of(block, profile),
            |number, outline, part| {
                if has_nodes.len() <= number {
                    has_nodes.resize(number + 1, false);
                }
                has_nodes[number] = outline.nodes;
                if let Some(part) = part {
                    whole.append(part);
                }
            },
        )?;
        Self::with_nodes(whole, |ids| {
            let mut spots = vec![None; ids.len()];
            let mut points = Vec::new();
            decoder::read(
                path,
                |block| has_nodes.get(block).copied().unwrap_or(false),
                |outline| outline.nodes,
                |block| nodes_of(block, profile, ids),
                |_, _, found| {
                    for (at, spot, point) in found.unwrap_or_default() {
                        spots[at as usize] = Some(spot);
                        if point != Point::default() {
                            points.push((at, point));
                        }
                    }
                },
            )?;
            Ok((spots, points))
        })
    }

    /// Puts ways and nodes together; `locate` finds the nodes of sorted ids.
    fn with_nodes(
        part: Part,
        locate: impl FnOnce(&[i64]) -> Result<(Vec<Option<Spot>>, Vec<(u32, Point)>), ImportError>,
    ) -> Result<Self, ImportError> {
        let mut ids = part.refs.clone();
        ids.par_sort_unstable();
        ids.dedup();
        if part.refs.len() >= 1 << 31 {
            return Err(ImportError::TooLarge { what: "road nodes", count: part.refs.len() });
        }
        let index = |id: &i64| ids.binary_search(id).ok().map(|at| at as u32);
        let refs = part.refs.par_iter().filter_map(index).collect();
        let (spots, mut points) = locate(&ids)?;
        points.sort_unstable_by_key(|(at, _)| *at);
        points.dedup_by_key(|(at, _)| *at);
        let mut ways = Vec::with_capacity(part.ways.len());
        let mut first = 0;
        for (id, road, count) in part.ways {
            ways.push(Way { id, road, first, count });
            first += count;
        }
        ways.par_sort_by_key(|way| way.id);
        let (mut restrictions, mut unused) = (Vec::new(), Vec::new());
        for raw in part.restrictions {
            let via = match raw.via {
                RawVia::Node(id) => index(&id).map(Via::Node),
                RawVia::Ways(ids) => Some(Via::Ways(ids)),
                RawVia::Unsaid => Some(Via::Unsaid),
            };
            let Some(via) = via else {
                unused.push(raw.relation);
                continue;
            };
            for &from in &raw.from {
                for &to in &raw.to {
                    restrictions.push(Restriction {
                        from,
                        via: via.clone(),
                        to,
                        sign: raw.sign,
                        relation: raw.relation,
                    });
                }
            }
        }
        Ok(Self { ways, refs, ids, spots, points, restrictions, unclear: part.unclear, unused })
    }

    /// The nodes of a way, as indices into [`Extract::spots`], in order.
    pub(crate) fn nodes(&self, way: &Way) -> &[u32] {
        &self.refs[way.first..way.first + way.count]
    }
    /// What passing a node means.
    pub(crate) fn point(&self, node: u32) -> Point {
        let found = self.points.binary_search_by_key(&node, |(at, _)| *at);
        found.map_or_else(|_| Point::default(), |at| self.points[at].1)
    }
}

impl Part {
    fn of(block: &Block, profile: &Profile) -> Result<Self, String> {
        let mut part = Self::default();
        block.ways(|id, tags, nodes| part.way(profile, id, &tags, nodes))?;
        block.relations(|id, tags, members| part.relation(profile, id, &tags, members))?;
        Ok(part)
    }
    fn way(&mut self, profile: &Profile, id: i64, tags: &Tags<'_>, nodes: &mut dyn Iterator<Item = i64>) {
        let Some(road) = profile.road(tags) else { return };
        let first = self.refs.len();
        for node in nodes {
            if self.refs.len() == first || self.refs.last() != Some(&node) {
                self.refs.push(node);
            }
        }
        match self.refs.len() - first {
            count @ 2.. => self.ways.push((id, road, count)),
            _ => self.refs.truncate(first),
        }
    }
    fn relation(
        &mut self,
        profile: &Profile,
        relation: i64,
        tags: &Tags<'_>,
        members: &mut dyn Iterator<Item = (Member, &str)>,
    ) {
        let Some(sign) = profile.restriction(tags) else { return };
        let (mut from, mut to, mut ways, mut nodes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (member, role) in members {
            match (member, role) {
                (Member::Way(id), "from") => from.push(id),
                (Member::Way(id), "to") => to.push(id),
                (Member::Way(id), "via") => ways.push(id),
                (Member::Node(id), "via") => nodes.push(id),
                _ => {}
            }
        }
        if from.is_empty() || to.is_empty() {
            self.unclear.push((relation, Fault::Incomplete));
            return;
        }
        // A restriction of several from and to ways is legal only to keep out of or in somewhere;
        // the limit keeps a hostile relation from multiplying.
        let few = from.len() * to.len() <= 64 && ways.len() <= 16;
        let via = match (nodes.as_slice(), ways.as_slice()) {
            ([node], []) if few => RawVia::Node(*node),
            ([], [_, ..]) if few => RawVia::Ways(ways),
            ([], []) if few => RawVia::Unsaid,
            _ => {
                self.unclear.push((relation, Fault::Crowded));
                return;
            }
        };
        self.restrictions.push(RawRestriction { relation, from, via, to, sign });
    }
    fn append(&mut self, mut other: Self) {
        self.ways.append(&mut other.ways);
        self.refs.append(&mut other.refs);
        self.restrictions.append(&mut other.restrictions);
        self.unclear.append(&mut other.unclear);
    }
}

/// The wanted nodes of a block: index in `ids`, place, meaning.
fn nodes_of(block: &Block, profile: &Profile, ids: &[i64]) -> Result<Vec<(u32, Spot, Point)>, String> {
    let mut found = Vec::new();
    block.nodes(|id, spot, tags| {
        if let Ok(at) = ids.binary_search(&id) {
            found.push((at as u32, spot, profile.point(&tags)));
        }
    })?;
    Ok(found)
}

#[cfg(test)]
pub(crate) mod drawn {
    //! Small maps written down in tests: nodes by number and metres, ways by their nodes.

    use super::*;

    pub(crate) type Pairs = &'static [(&'static str, &'static str)];

    /// A map in the making.
    #[derive(Clone, Default)]
    pub(crate) struct Drawing {
        nodes: Vec<(i64, Spot, Pairs)>,
        ways: Vec<(i64, Vec<i64>, Pairs)>,
        relations: Vec<(Pairs, Vec<(Member, &'static str)>)>,
    }

    /// The spot so many metres east and north of 0° 0′.
    pub(crate) fn at(east: f64, north: f64) -> Spot {
        let unit = 1e7 / (dispatch_data::place::EARTH_RADIUS * std::f64::consts::PI / 180.0);
        Spot { lat: (north * unit).round() as i32, lon: (east * unit).round() as i32 }
    }

    impl Drawing {
        pub(crate) fn node(self, id: i64, east: f64, north: f64) -> Self {
            self.tagged(id, east, north, &[])
        }
        pub(crate) fn tagged(mut self, id: i64, east: f64, north: f64, tags: Pairs) -> Self {
            self.nodes.push((id, at(east, north), tags));
            self
        }
        /// A node at a spot of the globe.
        pub(crate) fn placed(mut self, id: i64, lat: i32, lon: i32) -> Self {
            self.nodes.push((id, Spot { lat, lon }, &[]));
            self
        }
        pub(crate) fn way(mut self, id: i64, nodes: &[i64], tags: Pairs) -> Self {
            self.ways.push((id, nodes.to_vec(), tags));
            self
        }
        pub(crate) fn street(self, id: i64, nodes: &[i64]) -> Self {
            self.way(id, nodes, &[("highway", "residential"), ("maxspeed", "45")])
        }
        pub(crate) fn relation(mut self, tags: Pairs, members: &[(Member, &'static str)]) -> Self {
            self.relations.push((tags, members.to_vec()));
            self
        }
        /// What the importer would have read.
        pub(crate) fn extract(&self, profile: &Profile) -> Extract {
            let mut part = Part::default();
            for (id, nodes, tags) in &self.ways {
                part.way(profile, *id, &Tags::Plain(tags), &mut nodes.iter().copied());
            }
            for ((tags, members), id) in self.relations.iter().zip(1..) {
                part.relation(profile, id, &Tags::Plain(tags), &mut members.iter().copied());
            }
            let extract = Extract::with_nodes(part, |ids| {
                let mut spots = vec![None; ids.len()];
                let mut points = Vec::new();
                for (id, spot, tags) in &self.nodes {
                    if let Ok(at) = ids.binary_search(id) {
                        spots[at] = Some(*spot);
                        points.push((at as u32, profile.point(&Tags::Plain(tags))));
                    }
                }
                Ok((spots, points))
            });
            extract.expect("a drawing is small")
        }
    }
}
