//! Dense ids of the road network: which list a number counts in.
//!
//! The map's own 64-bit ids end in the importer; past it only these exist.

macro_rules! dense {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            /// The position as an array index.
            #[inline]
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
            /// The id at an array index; the importer has checked that lists stay below 2³¹.
            #[inline]
            #[allow(dead_code, reason = "not every list is numbered by counting")]
            pub(crate) fn at(index: usize) -> Self {
                Self(index as u32)
            }
        }
    )+};
}

dense! {
    /// A junction or the end of a road.
    NodeIx,
    /// A stretch of road between two nodes, without direction.
    EdgeIx,
    /// An edge in one direction in which it may be driven.
    ArcIx,
    /// An arc together with what the turn restrictions still remember: the vertex of the
    /// turn-expanded graph. State `k` below the number of arcs is plainly arc `k`.
    StateIx,
    /// Position of a state in the hierarchy's order; the most important state has the highest.
    RankIx,
}
