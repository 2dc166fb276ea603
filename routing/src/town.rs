//! Random towns for tests: a grid of streets with one-ways, speeds and turn restrictions.

use crate::decoder::Member;
use crate::extract::drawn::{Drawing, Pairs, at};
use crate::network::RoadNetwork;
use crate::profile::Profile;
use dispatch_data::place::Position;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A street of the grid: its id, its two nodes, whether it may be driven both ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Street {
    pub(crate) id: i64,
    pub(crate) ends: (i64, i64),
    pub(crate) both: bool,
    /// Nodes between its ends, from the first to the second, where it has any.
    pub(crate) inner: Option<[i64; 2]>,
}

/// A restriction as written on the map.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) from: i64,
    pub(crate) via_node: Option<i64>,
    pub(crate) via_way: Option<i64>,
    pub(crate) to: i64,
    pub(crate) only: bool,
}

/// A random town and what was written into it.
pub(crate) struct Town {
    pub(crate) network: RoadNetwork,
    pub(crate) streets: Vec<Street>,
    pub(crate) rules: Vec<Rule>,
}

const KINDS: &[(Pairs, bool)] = &[
    (&[("highway", "residential"), ("maxspeed", "30")], true),
    (&[("highway", "residential"), ("maxspeed", "50")], true),
    (&[("highway", "secondary"), ("maxspeed", "70")], true),
    (&[("highway", "secondary"), ("maxspeed", "50"), ("oneway", "yes")], false),
    (&[("highway", "living_street")], true),
];

/// A grid of `side` × `side` nodes with the car's rules.
pub(crate) fn town(seed: u64, side: i64, restrictions: usize) -> Option<Town> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut drawing = Drawing::default();
    let mut corners = Vec::new();
    for node in 0..side * side {
        let (x, y) = ((node % side) as f64, (node / side) as f64);
        let mut jitter = || rng.random_range(-30.0..30.0);
        corners.push((x * 150.0 + jitter(), y * 150.0 + jitter()));
        drawing = drawing.node(node, corners[node as usize].0, corners[node as usize].1);
    }
    let mut streets = Vec::new();
    for node in 0..side * side {
        for (step, fits) in [(1, node % side + 1 < side), (side, node / side + 1 < side)] {
            if !fits || rng.random_range(0..10) == 0 {
                continue;
            }
            let (tags, both) = KINDS[rng.random_range(0..KINDS.len())];
            let ends = if rng.random_range(0..2) == 0 { (node, node + step) } else { (node + step, node) };
            let id = 1000 + streets.len() as i64;
            // Every third street has a bend of two nodes.
            let inner = (id % 3 == 0).then_some([10 * id, 10 * id + 1]);
            streets.push(Street { id, ends, both, inner });
            let mut nodes = vec![ends.0, ends.1];
            if let Some(inner) = inner {
                let (a, b) = (corners[ends.0 as usize], corners[ends.1 as usize]);
                for (node, share) in inner.into_iter().zip([0.3, 0.8]) {
                    let along = |a: f64, b: f64| a + (b - a) * share;
                    drawing = drawing.node(node, along(a.0, b.0) + 10.0, along(a.1, b.1) - 10.0);
                }
                nodes.splice(1..1, inner);
            }
            drawing = drawing.way(id, &nodes, tags);
        }
    }
    let mut rules = Vec::new();
    for _ in 0..restrictions {
        let meets = |a: &Street, b: &Street| {
            [a.ends.0, a.ends.1].into_iter().find(|node| *node == b.ends.0 || *node == b.ends.1)
        };
        let pick = |rng: &mut Xoshiro256PlusPlus| streets[rng.random_range(0..streets.len())];
        let only = rng.random_range(0..4) == 0;
        let from = pick(&mut rng);
        let near: Vec<Street> =
            streets.iter().copied().filter(|other| other.id != from.id && meets(&from, other).is_some()).collect();
        if near.is_empty() {
            continue;
        }
        let next = near[rng.random_range(0..near.len())];
        if rng.random_range(0..2) == 0 {
            rules.push(Rule { from: from.id, via_node: meets(&from, &next), via_way: None, to: next.id, only });
            continue;
        }
        // A way in between: `to` must meet the via way at its other end.
        let Some(first) = meets(&from, &next) else { continue };
        let far = if next.ends.0 == first { next.ends.1 } else { next.ends.0 };
        let last: Vec<Street> = streets
            .iter()
            .copied()
            .filter(|other| ![from.id, next.id].contains(&other.id) && (other.ends.0 == far || other.ends.1 == far))
            .collect();
        if !last.is_empty() {
            let to = last[rng.random_range(0..last.len())].id;
            rules.push(Rule { from: from.id, via_node: None, via_way: Some(next.id), to, only });
        }
    }
    for rule in &rules {
        let tags: Pairs = if rule.only {
            &[("type", "restriction"), ("restriction", "only_straight_on")]
        } else {
            &[("type", "restriction"), ("restriction", "no_left_turn")]
        };
        let via = rule.via_node.map(Member::Node).or(rule.via_way.map(Member::Way))?;
        let members = [(Member::Way(rule.from), "from"), (via, "via"), (Member::Way(rule.to), "to")];
        drawing = drawing.relation(tags, &members);
    }
    let profile = Profile::car().ok()?;
    let network = RoadNetwork::build(drawing.extract(&profile), &profile, &|_| {}).ok()?;
    Some(Town { network, streets, rules })
}

/// Random positions in a town of that side.
pub(crate) fn places(seed: u64, side: i64, count: usize) -> Vec<Position> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed ^ 0x5eed);
    let reach = (side - 1) as f64 * 150.0;
    (0..count).map(|_| at(rng.random_range(0.0..reach), rng.random_range(0.0..reach)).position()).collect()
}
