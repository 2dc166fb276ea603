//! Dense index newtypes: which noun of a [`crate::problem::Problem`] is meant.
//!
//! The caller's own ids are strings and stand on the nouns themselves; an index is a position in
//! the problem's lists and never leaves the process.

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position as an array index.
            #[inline]
            pub fn index(self) -> usize { self.0 as usize }
        }

        impl From<usize> for $name {
            /// # Panics
            /// Past `u32::MAX` positions, which the limits at the door exclude.
            #[inline]
            fn from(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or_else(|_| panic!("index {position} past u32")))
            }
        }
    )+};
}

indices! {
    /// Position in [`crate::problem::Draft::places`], and row and column of a travel matrix.
    PlaceIx,
    /// Position in [`crate::problem::Draft::technicians`].
    TechIx,
    /// Position in [`crate::problem::Draft::shifts`].
    ShiftIx,
    /// Position in [`crate::problem::Draft::jobs`].
    JobIx,
    /// Position in [`crate::problem::Draft::sites`].
    SiteIx,
    /// Position in [`crate::problem::Draft::lots`].
    LotIx,
    /// Position in [`crate::problem::Draft::skills`].
    SkillIx,
    /// Position in [`crate::problem::Draft::parts`].
    PartIx,
    /// Position in [`crate::problem::Draft::tools`].
    ToolIx,
    /// Position in [`crate::problem::Draft::regions`].
    RegionIx,
    /// Position in [`crate::problem::Draft::profiles`].
    ProfileIx,
}
