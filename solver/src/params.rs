//! What a caller may set about a search, apart from when it stops.

/// Settings of a search. The default suits every size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// Seed of all randomness. Same problem, seed, islands and iterations: same plan.
    pub seed: u64,
    /// Independent searches that run side by side and whose best plan wins. Part of the result
    /// under an iteration stop, so it is a setting of its own and not the number of threads.
    pub islands: usize,
    /// Threads that work on the islands; 0: as many as islands, at most the machine's cores.
    pub threads: usize,
    /// Reasons and relaxations are worked out for at most this many unassigned jobs, dearest first.
    pub explained: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self { seed: 1, islands: 2, threads: 0, explained: 200 }
    }
}
