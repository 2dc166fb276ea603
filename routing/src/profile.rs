//! What a traveller may use and how fast: rules from a data file, applied by pure functions.
//!
//! No map, no graph: tags go in, a [`Road`] or a [`Point`] comes out. The rules of the bundled
//! profiles lie in `profiles/*.profile`; [`Profile::parse`] reads others of the same form.

mod file;
mod point;
mod restriction;
mod road;
mod speed;
mod zones;

use crate::class::RoadClass;
use crate::error::ProfileError;
pub(crate) use point::Point;
pub(crate) use restriction::{Sign, Towards};
pub(crate) use road::Road;

/// The rules of one way to travel.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    name: String,
    /// Access keys from the weakest to the strongest, each plain, `:forward` and `:backward`.
    keys: Vec<Directed>,
    allow: Vec<String>,
    restrict: Vec<String>,
    refuse: Vec<String>,
    /// km/h by class where no limit is signed; `None` is not for this traveller.
    speeds: [Option<f64>; RoadClass::COUNT],
    unsnappable: Vec<RoadClass>,
    invited: Vec<RoadClass>,
    limits: Vec<Directed>,
    limit_share: f64,
    restricted_speed: f64,
    bars: Vec<Matcher>,
    caps: Vec<(Matcher, f64)>,
    delays: Vec<(Matcher, f64)>,
    blocks: Vec<Matcher>,
    contraflows: Vec<Matcher>,
    sizes: Vec<(String, f64)>,
    oneways: bool,
    pub(crate) turns: TurnRules,
    country: Option<String>,
}

/// What turning costs and whether signs about it are obeyed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TurnRules {
    /// Seconds of a sharp left turn.
    pub(crate) left: f64,
    /// Seconds of a sharp right turn.
    pub(crate) right: f64,
    /// Seconds of a U-turn.
    pub(crate) u_turn: f64,
    /// Seconds of boarding a ferry.
    pub(crate) board: f64,
    /// Seconds of driving into a road for residents, customers or deliveries only: keeps through
    /// traffic out without closing it to those who have business there.
    pub(crate) enter: f64,
    /// Whether turn restrictions bind this traveller.
    pub(crate) restrictions: bool,
}

/// A tag key as it applies to both directions, forward and backward.
#[derive(Clone, Debug, PartialEq)]
struct Directed {
    both: String,
    forward: String,
    backward: String,
}

impl Directed {
    fn new(key: &str) -> Self {
        Self { both: key.to_owned(), forward: format!("{key}:forward"), backward: format!("{key}:backward") }
    }
    fn one(&self, direction: Direction) -> &str {
        match direction {
            Direction::Forward => &self.forward,
            Direction::Backward => &self.backward,
        }
    }
}

/// A key with a value; `*` is any value but `no`.
#[derive(Clone, Debug, PartialEq)]
struct Matcher {
    key: String,
    value: String,
}

impl Matcher {
    fn matches(&self, tags: &crate::tags::Tags<'_>) -> bool {
        tags.get(&self.key).is_some_and(|value| if self.value == "*" { value != "no" } else { value == self.value })
    }
}

/// Along a way as it is drawn, or against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

/// What the access tags say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// Nothing: the class decides.
    Unsaid,
    Allowed,
    /// Only to reach something here.
    Restricted,
    Refused,
}

impl Profile {
    /// The names of the profiles that come with this crate.
    pub const BUNDLED: &'static [&'static str] = &["car", "light-truck", "e-bike", "foot"];

    /// A profile that comes with this crate; `None` when there is none of that name.
    ///
    /// # Errors
    /// Never for a bundled file; a test reads them all.
    pub fn bundled(name: &str) -> Option<Result<Self, ProfileError>> {
        let text = match name {
            "car" => include_str!("../profiles/car.profile"),
            "light-truck" => include_str!("../profiles/light-truck.profile"),
            "e-bike" => include_str!("../profiles/e-bike.profile"),
            "foot" => include_str!("../profiles/foot.profile"),
            _ => return None,
        };
        Some(Self::parse(text))
    }
    /// The passenger car.
    ///
    /// # Errors
    /// Never; a test reads the file.
    pub fn car() -> Result<Self, ProfileError> {
        Self::parse(include_str!("../profiles/car.profile"))
    }
    /// The profile's name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The same profile with the statutory limits of a country (two capital letters, as `CN`) on roads
    /// without a signed limit; unknown countries change nothing.
    #[must_use]
    pub fn in_country(mut self, code: &str) -> Self {
        self.country = Some(code.to_ascii_uppercase());
        self
    }
    /// The countries that [`Profile::in_country`] knows.
    pub fn countries() -> impl Iterator<Item = &'static str> {
        zones::countries()
    }
    /// These rules in every country, where none has been chosen; nothing where one has been.
    pub(crate) fn in_each_country(&self) -> impl Iterator<Item = Self> + '_ {
        let open = self.country.is_none();
        zones::countries().filter(move |_| open).map(|code| self.clone().in_country(code))
    }
    /// Whether a place may be reached from a road of this class.
    pub(crate) fn is_snappable(&self, class: RoadClass) -> bool {
        !self.unsnappable.contains(&class)
    }
    /// Access keys from the strongest to the weakest.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().rev().map(|key| key.both.as_str())
    }
    /// What a value of an access key means.
    fn access_of(&self, value: &str) -> Access {
        let listed = |list: &[String]| list.iter().any(|entry| entry == value);
        if listed(&self.allow) {
            Access::Allowed
        } else if listed(&self.restrict) {
            Access::Restricted
        } else if listed(&self.refuse) {
            Access::Refused
        } else {
            Access::Unsaid
        }
    }
}
