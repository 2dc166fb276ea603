//! Kinds of road, from the map's `highway=*` and `route=ferry`.

macro_rules! classes {
    ($($(#[$doc:meta])* $class:ident = $tag:literal),+ $(,)?) => {
        /// A kind of road.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum RoadClass { $($(#[$doc])* $class),+ }

        impl RoadClass {
            /// All kinds, the most important first.
            pub const ALL: &'static [Self] = &[$(Self::$class),+];
            /// How many kinds there are.
            pub const COUNT: usize = Self::ALL.len();
            /// The kind's name in the map.
            pub fn name(self) -> &'static str {
                match self { $(Self::$class => $tag),+ }
            }
            /// The kind with this name in the map.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($tag => Some(Self::$class),)+ _ => None }
            }
        }
    };
}

classes! {
    /// Separated carriageways without crossings.
    Motorway = "motorway",
    /// Ramp of a motorway.
    MotorwayLink = "motorway_link",
    /// Most important road that is no motorway.
    Trunk = "trunk",
    /// Ramp of a trunk road.
    TrunkLink = "trunk_link",
    /// Road between large towns.
    Primary = "primary",
    /// Ramp of a primary road.
    PrimaryLink = "primary_link",
    /// Road between towns.
    Secondary = "secondary",
    /// Ramp of a secondary road.
    SecondaryLink = "secondary_link",
    /// Road between villages or quarters.
    Tertiary = "tertiary",
    /// Ramp of a tertiary road.
    TertiaryLink = "tertiary_link",
    /// Minor public road.
    Unclassified = "unclassified",
    /// Street with homes.
    Residential = "residential",
    /// Street where walkers have priority.
    LivingStreet = "living_street",
    /// Access to a site, a car park, a yard.
    Service = "service",
    /// Farm or forest track.
    Track = "track",
    /// Kind not yet known to the map makers.
    Road = "road",
    /// Street for walkers.
    Pedestrian = "pedestrian",
    /// Way for bicycles.
    Cycleway = "cycleway",
    /// Way for walkers.
    Footway = "footway",
    /// Way for riders.
    Bridleway = "bridleway",
    /// Narrow way of any use.
    Path = "path",
    /// Stairs.
    Steps = "steps",
    /// Boat that takes the traveller on.
    Ferry = "ferry",
}

impl RoadClass {
    /// The position in [`RoadClass::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}
