//! The fewest roads that must be cut to separate two groups of nodes: Dinitz's maximum flow with one
//! unit a road.
//!
//! Knows nodes by number only; which groups to separate is the caller's idea.

/// A small undirected graph in rows, for one cell of the map.
pub(super) struct Cell {
    first: Vec<u32>,
    /// Neighbour, edge, and whether the edge starts here.
    near: Vec<(u32, u32, bool)>,
    edges: usize,
}

/// A cut: how many edges, and for each node whether it lies on the first group's side.
pub(super) struct Cut {
    pub(super) edges: usize,
    pub(super) side: Vec<bool>,
    /// Nodes of the smaller side.
    pub(super) smaller: usize,
}

const FAR: u32 = u32::MAX;

impl Cell {
    pub(super) fn new(nodes: usize, edges: &[(u32, u32, u32)]) -> Self {
        let mut first = vec![0u32; nodes + 1];
        for &(a, b, _) in edges.iter().filter(|(a, b, _)| a != b) {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut near = vec![(0, 0, false); first[nodes] as usize];
        for (number, &(a, b, _)) in edges.iter().enumerate().filter(|(_, (a, b, _))| a != b) {
            for (from, to, starts) in [(a, b, true), (b, a, false)] {
                near[next[from as usize] as usize] = (to, number as u32, starts);
                next[from as usize] += 1;
            }
        }
        Self { first, near, edges: edges.len() }
    }
    fn row(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The smallest cut between the first `count` nodes of `line` and its last `count`; of its two
    /// extreme forms the better balanced. `None` once it must exceed `limit` edges.
    pub(super) fn cut(&self, line: &[u32], count: usize, limit: usize) -> Option<Cut> {
        let (sources, sinks) = (&line[..count], &line[line.len() - count..]);
        let mut flow = Flow {
            cell: self,
            along: vec![0i8; self.edges],
            level: vec![FAR; line.len()],
            next: vec![0; line.len()],
            is_sink: vec![false; line.len()],
        };
        for &sink in sinks {
            flow.is_sink[sink as usize] = true;
        }
        let mut is_source = vec![false; line.len()];
        for &source in sources {
            is_source[source as usize] = true;
        }
        // Flow enters the rest of the cell from sources at its edge only.
        let outer = |source: &u32| self.row(*source).any(|entry| !is_source[self.near[entry].0 as usize]);
        let edge: Vec<u32> = sources.iter().copied().filter(outer).collect();
        let mut total = 0;
        while flow.layer(sources, &edge) {
            flow.next.clone_from_slice(&self.first[..line.len()]);
            for &source in &edge {
                while flow.augment(source) {
                    total += 1;
                    if total > limit {
                        return None;
                    }
                }
            }
        }
        let near: Vec<bool> = flow.level.iter().map(|level| *level != FAR).collect();
        let far = flow.before(sinks);
        let count = |side: &[bool]| side.iter().filter(|inside| **inside).count();
        let (of_near, of_far) = (count(&near), count(&far));
        let smaller = |inside: usize| inside.min(line.len() - inside);
        let side = if smaller(of_near) >= smaller(of_far) { near } else { far.iter().map(|inside| !inside).collect() };
        Some(Cut { edges: total, side, smaller: smaller(of_near).max(smaller(of_far)) })
    }
}

struct Flow<'a> {
    cell: &'a Cell,
    /// Flow of each edge from its start to its end: −1, 0 or 1.
    along: Vec<i8>,
    level: Vec<u32>,
    next: Vec<u32>,
    is_sink: Vec<bool>,
}

impl Flow<'_> {
    /// Whether one more unit fits through an entry of a row.
    fn fits(&self, entry: usize) -> bool {
        let (_, edge, starts) = self.cell.near[entry];
        let along = self.along[edge as usize];
        (if starts { along } else { -along }) < 1
    }
    /// Breadth first from the sources, of which those at the `edge` have other neighbours; whether a sink
    /// was reached.
    fn layer(&mut self, sources: &[u32], edge: &[u32]) -> bool {
        self.level.fill(FAR);
        let mut queue: Vec<u32> = edge.to_vec();
        for &source in sources {
            self.level[source as usize] = 0;
        }
        let (mut at, mut reached) = (0, false);
        while at < queue.len() {
            let node = queue[at];
            at += 1;
            if self.is_sink[node as usize] {
                reached = true;
                continue;
            }
            for entry in self.cell.row(node) {
                let (to, _, _) = self.cell.near[entry];
                if self.level[to as usize] == FAR && self.fits(entry) {
                    self.level[to as usize] = self.level[node as usize] + 1;
                    queue.push(to);
                }
            }
        }
        reached
    }
    /// Sends one unit from `source` to some sink along the layers.
    fn augment(&mut self, source: u32) -> bool {
        let mut way: Vec<usize> = Vec::new();
        let mut node = source;
        loop {
            if self.is_sink[node as usize] {
                for entry in way {
                    let (_, edge, starts) = self.cell.near[entry];
                    self.along[edge as usize] += if starts { 1 } else { -1 };
                }
                return true;
            }
            let row = self.cell.row(node);
            let open = (self.next[node as usize] as usize..row.end).find(|entry| {
                let (to, _, _) = self.cell.near[*entry];
                self.level[to as usize] == self.level[node as usize] + 1 && self.fits(*entry)
            });
            self.next[node as usize] = open.unwrap_or(row.end) as u32;
            if let Some(entry) = open {
                way.push(entry);
                node = self.cell.near[entry].0;
            } else {
                let Some(entry) = way.pop() else { return false };
                // The way back: the entry's owner is the start of the step just undone.
                node = way.last().map_or(source, |last| self.cell.near[*last].0);
                self.next[node as usize] = entry as u32 + 1;
            }
        }
    }
    /// The nodes from which a sink can still be reached.
    fn before(&self, sinks: &[u32]) -> Vec<bool> {
        let mut inside = vec![false; self.level.len()];
        let mut stack = sinks.to_vec();
        for &sink in sinks {
            inside[sink as usize] = true;
        }
        while let Some(node) = stack.pop() {
            for entry in self.cell.row(node) {
                let (from, edge, starts) = self.cell.near[entry];
                // Seen from `from` the edge runs the other way.
                let along = self.along[edge as usize];
                let fits = (if starts { -along } else { along }) < 1;
                if fits && !inside[from as usize] {
                    inside[from as usize] = true;
                    stack.push(from);
                }
            }
        }
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_squares_joined_by_a_bridge_are_cut_at_the_bridge() {
        let edges = [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 0, 0), (2, 4, 0), (4, 5, 0), (5, 6, 0), (6, 7, 0), (7, 4, 0)];
        let cell = Cell::new(8, &edges);
        let cut = cell.cut(&[0, 1, 3, 2, 4, 5, 7, 6], 2, 9).expect("within the limit");
        assert_eq!((cut.edges, cut.smaller), (1, 4));
        assert_eq!(cut.side, [true, true, true, true, false, false, false, false]);
        assert!(cell.cut(&[0, 1, 3, 2, 4, 5, 7, 6], 2, 0).is_none());
    }

    #[test]
    fn a_cut_counts_each_road_once_in_a_ladder() {
        // A ladder of two rails and ten rungs: two roads wherever it is cut.
        let mut edges = Vec::new();
        for k in 0..10u32 {
            edges.push((2 * k, 2 * k + 1, 0));
            if k > 0 {
                edges.push((2 * k - 2, 2 * k, 0));
                edges.push((2 * k - 1, 2 * k + 1, 0));
            }
        }
        let line: Vec<u32> = (0..20).collect();
        let cut = Cell::new(20, &edges).cut(&line, 5, 20).expect("within the limit");
        assert_eq!(cut.edges, 2);
        let crossing = edges.iter().filter(|(a, b, _)| cut.side[*a as usize] != cut.side[*b as usize]).count();
        assert_eq!(crossing, 2);
    }
}
