//! The plan: who goes where when, with every time and every part's source stated.
//!
//! A plan only states; whether it keeps the rules and what it costs is for [`crate::judge`].

use crate::bill::Bill;
use crate::ids::{JobIx, LotIx, PartIx, PlaceIx, ShiftIx, SiteIx, TechIx, ToolIx};
use crate::lang::{Lang, Text, price_reason};
use crate::rule::Rule;
use crate::units::{Cost, Duration, Meters, Time};

/// Units of one part taken from one lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// Which part.
    pub part: PartIx,
    /// How many units.
    pub quantity: u32,
    /// From which lot; `None` at a site of unlimited stock.
    pub lot: Option<LotIx>,
}

/// Where the parts of a visit come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartSource {
    /// Which part.
    pub part: PartIx,
    /// How many units.
    pub quantity: u32,
    /// The collection stop of the same route (its position among the stops) that brought it;
    /// `None`: the van.
    pub collected_at_stop: Option<usize>,
}

/// What happens at a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A job is done.
    Visit {
        /// Which job.
        job: JobIx,
        /// Which member of its crew; 0 for a job of one technician.
        member: u8,
        /// Sources of the parts it consumes.
        parts: Vec<PartSource>,
    },
    /// Parts and tools are collected.
    Collection {
        /// Where.
        site: SiteIx,
        /// Parts taken, lot by lot.
        takes: Vec<Take>,
        /// Tools taken.
        tools: Vec<ToolIx>,
    },
}

/// One stop of a route with all its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// What happens.
    pub activity: Activity,
    /// Where.
    pub place: PlaceIx,
    /// Departure towards this stop, from the stop before or from the start place.
    pub departure: Time,
    /// Arrival at the place.
    pub arrival: Time,
    /// Start of the work or collection, after set-up and waiting.
    pub start: Time,
    /// End of the work or collection.
    pub end: Time,
    /// Seconds on the road towards this stop, breaks not counted.
    pub travel: Duration,
    /// Length of that way.
    pub distance: Meters,
}

/// A break that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenBreak {
    /// Its position among the breaks of the shift.
    pub rule: usize,
    /// When it starts.
    pub start: Time,
    /// When it ends.
    pub end: Time,
}

/// The day of one used shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRoute {
    /// Which shift.
    pub shift: ShiftIx,
    /// Stops in order; never empty.
    pub stops: Vec<Stop>,
    /// Breaks in order.
    pub breaks: Vec<TakenBreak>,
    /// Departure from the last stop towards the end place; the end of the last stop (or of a break
    /// after it) where the shift has no end place.
    pub return_departure: Time,
    /// End of the day: arrival at the end place and end of any break taken there.
    pub end: Time,
    /// Seconds on the road of the last leg.
    pub return_travel: Duration,
    /// Length of the last leg.
    pub return_distance: Meters,
    /// What this route costs, term by term.
    pub bill: Bill,
}

impl PlannedRoute {
    /// When the technician sets out: the departure towards the first stop, or the start of a break
    /// that comes before it.
    pub fn departure(&self) -> Time {
        let first = self.stops.first().map_or(self.return_departure, |stop| stop.departure);
        self.breaks.first().map_or(first, |taken| first.min(taken.start))
    }
    /// Jobs visited, in order.
    pub fn jobs(&self) -> impl Iterator<Item = JobIx> {
        self.stops.iter().filter_map(|stop| match stop.activity {
            Activity::Visit { job, .. } => Some(job),
            Activity::Collection { .. } => None,
        })
    }
    /// Seconds on the road, all legs.
    pub fn travel(&self) -> Duration {
        self.stops.iter().map(|stop| stop.travel).sum::<Duration>() + self.return_travel
    }
    /// Metres on the road, all legs.
    pub fn distance(&self) -> Meters {
        self.stops.iter().map(|stop| stop.distance).sum::<Meters>() + self.return_distance
    }
}

/// Why technicians cannot take an unassigned job, grouped by rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule that keeps them from it; `None`: they could, but it costs more than leaving the job.
    pub rule: Option<Rule>,
    /// How many technicians it keeps out (the first rule that does, per technician).
    pub technicians: u32,
    /// The technician who misses it by least.
    pub nearest: Option<TechIx>,
    /// By how much that one misses it, in the rule's own words: `level 1 of chiller, 2 needed`.
    pub miss: Text,
}

impl Reason {
    /// The stable code of its rule; `price` where no rule is in the way.
    pub fn code(&self) -> &'static str {
        self.rule.map_or("price", Rule::code)
    }
    /// What people call it: the name of its rule; in English its code.
    pub fn name(&self, lang: Lang) -> &'static str {
        self.rule.map_or_else(|| price_reason(lang), |rule| rule.name(lang))
    }
}

/// The cheapest change under which an unassigned job would fit, proven by insertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relaxation {
    /// What would have to change: `resolve limit + 35 min`.
    pub change: Text,
    /// The rule that would be eased; `None`: only the price of leaving the job.
    pub rule: Option<Rule>,
    /// Whose shift would take the job.
    pub shift: ShiftIx,
    /// What the insertion would add to the plan's running cost.
    pub added_cost: Cost,
}

/// A job that is not in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unassigned {
    /// Which job.
    pub job: JobIx,
    /// What leaving it costs.
    pub price: Cost,
    /// Why, most technicians first. Empty where the plan was not made by this engine.
    pub reasons: Vec<Reason>,
    /// What would help, where something was found.
    pub relaxation: Option<Relaxation>,
}

/// A whole plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Used shifts, by shift index.
    pub routes: Vec<PlannedRoute>,
    /// Jobs left out, by job index.
    pub unassigned: Vec<Unassigned>,
    /// The whole price, term by term, as its maker claims it; the judge reckons its own. Nothing
    /// where a file claims no price ([`crate::format::claims_price`]).
    pub bill: Bill,
    /// Fingerprint of the travel it was made with ([`crate::travel::Travel::fingerprint`]);
    /// 0: not stated, and not compared.
    pub travel_fingerprint: u64,
    /// A proven lower bound on the total, where one is known.
    pub bound: Option<Cost>,
    /// Seed of the search.
    pub seed: u64,
    /// Iterations over all islands.
    pub iterations: u64,
}

impl Plan {
    /// The route of a shift, if it is used.
    pub fn route(&self, shift: ShiftIx) -> Option<&PlannedRoute> {
        self.routes.iter().find(|route| route.shift == shift)
    }
    /// Units taken from a site by all routes: route, stop position, take.
    pub fn takes_at(&self, site: SiteIx) -> impl Iterator<Item = (&PlannedRoute, usize, Take)> {
        self.routes.iter().flat_map(move |route| {
            route.stops.iter().enumerate().flat_map(move |(at, stop)| {
                let takes: &[Take] = match &stop.activity {
                    Activity::Collection { site: here, takes, tools: _ } if *here == site => takes,
                    Activity::Collection { .. } | Activity::Visit { .. } => &[],
                };
                takes.iter().map(move |take| (route, at, *take))
            })
        })
    }
}
