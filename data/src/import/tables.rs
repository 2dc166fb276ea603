//! Tables of a dispatch centre: jobs, technicians and stock as CSV with a heading line.
//!
//! Headings are known in English and Chinese (the list is in the `columns` file); a heading that is
//! not known is a finding, not a lost column. Times may be instants with an offset, local dates with
//! a time, or a time of day on the day of the tables. What the tables do not say has a default
//! written here: priority P3, travel prices, the price of a late hour. No JSON here.

use crate::datum::Datum;
use crate::finding::{Code, Finding};
use crate::ids::{PartIx, RegionIx, SiteIx, SkillIx, TechIx, ToolIx};
use crate::import::text::Findings;
use crate::import::{AnswerConvention, Imported, build};
use crate::lang::value;
use crate::limits;
use crate::place::{Place, Position};
use crate::problem::{
    Deadline, Draft, Horizon, Job, JobKind, Lot, OwnedSkill, PartQuantity, Prices, Priority, Region, Shift, Site,
    SkillLevel, SkillNeed, Sla, Technician, TravelSource, Window,
};
use crate::say;
use crate::travel::{Travel, TravelMatrix};
use crate::units::{DistanceRate, Duration, Permille, Rate, Time};
use std::collections::HashMap;

mod cells;
mod columns;
mod reader;
#[cfg(test)]
mod tests;
pub use reader::read;

/// Cents per hour of travel, where the table of technicians has no column for it.
pub const TRAVEL_RATE: Rate = Rate(3_000);
/// Cents per kilometre, where the table of technicians has no column for it.
pub const DISTANCE_RATE: DistanceRate = DistanceRate(50);
/// Cents per hour past a deadline of the table of jobs.
pub const LATE_RATE: Rate = Rate(10_000);

/// What the tables cannot say themselves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Time zone of local times.
    pub zone: jiff::tz::TimeZone,
    /// The day that times without a date are on; `None`: the first date that the tables name.
    pub date: Option<jiff::civil::Date>,
    /// Datum of the coordinates.
    pub datum: Datum,
}

impl Default for Settings {
    /// UTC, the first date of the tables, WGS-84.
    fn default() -> Self {
        Self { zone: jiff::tz::TimeZone::UTC, date: None, datum: Datum::Wgs84 }
    }
}

/// A moment as a cell gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With an offset.
    Instant(jiff::Timestamp),
    /// Local date and time.
    Local(jiff::civil::DateTime),
    /// Time on the day of the tables.
    TimeOfDay(jiff::civil::Time),
}

/// A name with a number: a skill and its level, a part and its units.
pub type Counted = (String, u32);

/// One row of the table of jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobRow {
    /// Its line in the file.
    pub line: u64,
    /// Id of the job.
    pub id: String,
    /// Where, in the datum of the tables.
    pub position: Option<Position>,
    /// How long the work takes.
    pub work: Duration,
    /// Set-up before it.
    pub setup: Duration,
    /// Skills with the least level.
    pub skills: Vec<Counted>,
    /// When it must be resolved; late costs [`LATE_RATE`].
    pub deadline: Option<Moment>,
    /// Earliest and latest start.
    pub window: (Option<Moment>, Option<Moment>),
    /// Its class.
    pub priority: Option<Priority>,
    /// Parts it consumes.
    pub parts: Vec<Counted>,
    /// Tools that must be at hand.
    pub tools: Vec<String>,
    /// Its region.
    pub region: Option<String>,
    /// Who must go.
    pub technician: Option<String>,
    /// The customer.
    pub customer: Option<String>,
    /// Kind of work.
    pub kind: JobKind,
}

/// One row of the table of technicians.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TechnicianRow {
    /// Its line in the file.
    pub line: u64,
    /// Id of the technician.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Home, in the datum of the tables.
    pub position: Option<Position>,
    /// Skills with levels.
    pub skills: Vec<Counted>,
    /// Start and end of the shift.
    pub shift: (Option<Moment>, Option<Moment>),
    /// The only regions.
    pub regions: Vec<String>,
    /// Parts in the van.
    pub stock: Vec<Counted>,
    /// Tools owned.
    pub tools: Vec<String>,
    /// Cents per hour of paid time.
    pub work_rate: Option<i64>,
    /// Cents per kilometre.
    pub distance_rate: Option<i64>,
    /// Most jobs of the shift.
    pub max_jobs: Option<u32>,
}

/// One row of the table of stock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StockRow {
    /// Its line in the file.
    pub line: u64,
    /// Id of the site.
    pub site: String,
    /// Where, in the datum of the tables; may be left out after the first row of a site.
    pub position: Option<Position>,
    /// The part.
    pub part: String,
    /// Units.
    pub quantity: u32,
    /// From when on; `None`: from the start.
    pub at: Option<Moment>,
}

/// All tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Jobs.
    pub jobs: Vec<JobRow>,
    /// Technicians.
    pub technicians: Vec<TechnicianRow>,
    /// Stock.
    pub stock: Vec<StockRow>,
}

impl Tables {
    /// The problem: places by their coordinates, travel by the great circle until someone has roads.
    ///
    /// # Errors
    /// References that lead nowhere, times that cannot be placed, and whatever makes no valid
    /// problem.
    pub fn import(self, settings: &Settings) -> Result<Imported, Vec<Finding>> {
        let mut found = Findings::default();
        let Some(clock) = Clock::of(&self, settings, &mut found) else { return Err(found.into_vec()) };
        let mut builder = Builder {
            draft: Draft::empty("tables", clock.horizon.clone()),
            found,
            settings,
            clock,
            places: HashMap::new(),
        };
        for row in &self.technicians {
            builder.technician(row);
        }
        for row in &self.stock {
            builder.stock(row);
        }
        builder.class_prices();
        for row in &self.jobs {
            builder.job(row);
        }
        let Builder { mut draft, found, .. } = builder;
        if !found.is_empty() {
            return Err(found.into_vec());
        }
        build::room(1, draft.places.len())?;
        draft.travel = TravelSource::GreatCircle { detour: build::DETOUR, meters_per_second: build::CRUISE };
        let positions: Vec<Option<Position>> = draft.places.iter().map(|place| place.position).collect();
        let travel = Travel::new(vec![TravelMatrix::great_circle(&positions, build::DETOUR, build::CRUISE)]);
        Ok(Imported { problem: draft.check()?, travel, answer: AnswerConvention::Plan })
    }

    fn moments(&self) -> impl Iterator<Item = Moment> {
        let jobs = self.jobs.iter().flat_map(|row| [row.deadline, row.window.0, row.window.1]);
        let shifts = self.technicians.iter().flat_map(|row| [row.shift.0, row.shift.1]);
        let stock = self.stock.iter().map(|row| row.at);
        jobs.chain(shifts).chain(stock).flatten()
    }
}

/// The horizon of the tables and where a cell's moment lies in it.
struct Clock {
    horizon: Horizon,
    date: jiff::civil::Date,
}

impl Clock {
    fn of(tables: &Tables, settings: &Settings, found: &mut Findings) -> Option<Self> {
        let zone = &settings.zone;
        let named = |moment: Moment| match moment {
            Moment::Instant(instant) => Some(instant.to_zoned(zone.clone()).date()),
            Moment::Local(local) => Some(local.date()),
            Moment::TimeOfDay(_) => None,
        };
        let first = tables.moments().filter_map(named).min();
        let Some(date) = settings.date.or(first) else {
            found.add(
                "",
                Code::MissingKey,
                say!("a date in a cell, or the day of the tables given with them"),
                say!("none"),
            );
            return None;
        };
        let midnight = |date: jiff::civil::Date| date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        let start = midnight(first.map_or(date, |first| first.min(date)));
        let Ok(start) = start else {
            found.add("", Code::BadInstant, say!("a date between the years 1 and 9999"), value(date));
            return None;
        };
        let mut clock = Self { horizon: Horizon { start, length: Duration(limits::DAY), zone: zone.clone() }, date };
        let last = tables.moments().filter_map(|moment| clock.time(moment)).max().unwrap_or(Time(0));
        // Whole days, and one more, so that work may end past the last cell.
        let days = last.0.div_euclid(limits::DAY) + 2;
        clock.horizon.length = Duration(days * limits::DAY);
        if clock.horizon.length.0 > limits::HORIZON {
            let expected = say!("times within {} days of each other", limits::HORIZON / limits::DAY - 2);
            found.add("", Code::OutOfRange, expected, say!("{} days", days));
            return None;
        }
        Some(clock)
    }

    fn time(&self, moment: Moment) -> Option<Time> {
        let local = match moment {
            Moment::Instant(instant) => return Some(self.horizon.time(instant)),
            Moment::Local(local) => local,
            Moment::TimeOfDay(time) => self.date.to_datetime(time),
        };
        local.to_zoned(self.horizon.zone.clone()).ok().map(|zoned| self.horizon.time(zoned.timestamp()))
    }
}

struct Builder<'a> {
    draft: Draft,
    found: Findings,
    settings: &'a Settings,
    clock: Clock,
    places: HashMap<(u64, u64), crate::ids::PlaceIx>,
}

impl Builder<'_> {
    fn place(&mut self, position: Option<Position>) -> crate::ids::PlaceIx {
        let position =
            position.map(|position| self.settings.datum.to_wgs84(position)).unwrap_or(Position { lat: 0.0, lon: 0.0 });
        let next = crate::ids::PlaceIx::from(self.draft.places.len());
        let ix = *self.places.entry((position.lat.to_bits(), position.lon.to_bits())).or_insert(next);
        if ix == next {
            self.draft.places.push(Place { id: None, position: Some(position), matrix_index: None });
        }
        ix
    }

    fn time(&self, moment: Option<Moment>, otherwise: Time) -> Time {
        moment.and_then(|moment| self.clock.time(moment)).unwrap_or(otherwise)
    }

    fn skills(&mut self, skills: &[Counted]) -> Vec<SkillLevel> {
        let level = |(name, level): &Counted| SkillLevel {
            skill: SkillIx::from(named(&mut self.draft.skills, name)),
            level: u8::try_from(*level).unwrap_or(u8::MAX),
        };
        skills.iter().map(level).collect()
    }

    fn region(&mut self, id: &str) -> RegionIx {
        let known = self.draft.regions.iter().position(|region| region.id == id);
        RegionIx::from(known.unwrap_or_else(|| {
            self.draft.regions.push(Region { id: id.to_owned(), area: None });
            self.draft.regions.len() - 1
        }))
    }

    fn tools(&mut self, tools: &[String]) -> Vec<ToolIx> {
        tools.iter().map(|tool| ToolIx::from(named(&mut self.draft.tools, tool))).collect()
    }

    fn technician(&mut self, row: &TechnicianRow) {
        let home = self.place(row.position);
        let open = self.time(row.shift.0, Time(0));
        let close = self.time(row.shift.1, self.clock.horizon.end());
        if close < open {
            let pointer = format!("technicians, line {}, shift end", row.line);
            self.found.add(pointer, Code::ClosedBeforeOpen, say!("after the shift start"), say!("before it"));
        }
        let mut shift = build::plain_shift(Window { open, close }, home, home);
        shift.max_jobs = row.max_jobs;
        let owned = self.skills(&row.skills).into_iter().map(|own| OwnedSkill {
            skill: own.skill,
            level: own.level,
            valid_from: None,
            valid_until: None,
            pace: Permille::ONE,
        });
        let technician = Technician {
            id: row.id.clone(),
            name: row.name.clone(),
            skills: owned.collect(),
            regions: row.regions.iter().map(|id| self.region(id)).collect(),
            stock: row
                .stock
                .iter()
                .map(|(part, units)| (PartIx::from(named(&mut self.draft.parts, part)), *units))
                .collect(),
            tools: self.tools(&row.tools),
            prices: Prices {
                work: Rate(row.work_rate.unwrap_or(0)),
                travel: if row.work_rate.is_some() { Rate(0) } else { TRAVEL_RATE },
                distance: row.distance_rate.map_or(DISTANCE_RATE, DistanceRate),
                ..Prices::default()
            },
            ..Technician::default()
        };
        build::add_technician(&mut self.draft, technician, shift);
    }

    fn stock(&mut self, row: &StockRow) {
        let known = self.draft.sites.iter().position(|site| site.id == row.site);
        let pointer = format!("stock, line {}", row.line);
        let site = match (known, row.position) {
            (Some(known), None) => known,
            (Some(known), Some(position)) => {
                if self.place(Some(position)) != self.draft.sites[known].place {
                    self.found.add(
                        pointer,
                        Code::Contradiction,
                        say!("one position per site"),
                        value(row.site.as_str()),
                    );
                }
                known
            }
            (None, None) => {
                self.found.add(
                    pointer,
                    Code::MissingKey,
                    say!("the position of a site in its first row"),
                    value(row.site.as_str()),
                );
                return;
            }
            (None, Some(position)) => {
                let place = self.place(Some(position));
                self.draft.sites.push(Site {
                    id: row.site.clone(),
                    place,
                    opening: Vec::new(),
                    collection: Duration::minutes(10),
                    unlimited: false,
                    tools: Vec::new(),
                });
                self.draft.sites.len() - 1
            }
        };
        let part = PartIx::from(named(&mut self.draft.parts, &row.part));
        let at = self.time(row.at, Time(0));
        let site = SiteIx::from(site);
        // Rows of the same part at the same moment are one lot.
        let same = |lot: &&mut Lot| (lot.site, lot.part, lot.at) == (site, part, at);
        match self.draft.lots.iter_mut().find(same) {
            Some(lot) => lot.quantity = lot.quantity.saturating_add(row.quantity),
            None => self.draft.lots.push(Lot { site, part, at, quantity: row.quantity }),
        }
    }

    /// Class prices that no day's running cost buys out, whatever the rates of the table: the usual
    /// ones, times the least whole factor that lifts the lowest above the dearest shift.
    fn class_prices(&mut self) {
        /// Faster than anyone drives all day, in metres per second.
        const FASTEST: i64 = 30;
        let dearest = |(technician, shift): (&Technician, &Shift)| {
            let span = (shift.latest_end - shift.start).0.clamp(0, limits::DAY);
            let prices = technician.prices;
            (prices.work.0 + prices.travel.0) * span / 3600 + prices.distance.0 * span * FASTEST / 1000
        };
        let shifts = self.draft.technicians.iter().zip(&self.draft.shifts);
        let most = shifts.map(dearest).max().unwrap_or(0);
        let prices = &mut self.draft.objective.priority_prices;
        let factor = most / prices[Priority::P4 as usize].0.max(1) + 1;
        prices.iter_mut().for_each(|price| *price = *price * factor);
    }

    fn job(&mut self, row: &JobRow) {
        let required = row.technician.as_ref().and_then(|id| {
            let known = self.draft.technicians.iter().position(|technician| technician.id == *id);
            if known.is_none() {
                let pointer = format!("jobs, line {}, technician", row.line);
                self.found.add(pointer, Code::UnknownReference, say!("the id of a technician"), value(id.as_str()));
            }
            known.map(|at| vec![TechIx::from(at)])
        });
        let end = self.clock.horizon.end();
        let window = Window { open: self.time(row.window.0, Time(0)), close: self.time(row.window.1, end) };
        if window.close < window.open {
            let pointer = format!("jobs, line {}, window end", row.line);
            self.found.add(pointer, Code::ClosedBeforeOpen, say!("after the window start"), say!("before it"));
        }
        let due = row.deadline.and_then(|moment| self.clock.time(moment));
        let resolve = due.map(|due| Deadline { due, late_price: LATE_RATE, limit: None });
        let priority = row.priority.unwrap_or(Priority::P3);
        let job = Job {
            id: row.id.clone(),
            kind: row.kind,
            place: self.place(row.position),
            work: row.work,
            setup: row.setup,
            skills: SkillNeed { all_of: self.skills(&row.skills), any_of: Vec::new() },
            region: row.region.as_ref().map(|id| self.region(id)),
            windows: vec![window],
            sla: Sla { respond: None, arrive: None, resolve },
            priority: Some(priority),
            unassigned_price: self.draft.objective.priority_prices[priority as usize],
            parts: row
                .parts
                .iter()
                .map(|(part, quantity)| PartQuantity {
                    part: PartIx::from(named(&mut self.draft.parts, part)),
                    quantity: *quantity,
                })
                .collect(),
            tools: self.tools(&row.tools),
            required_technicians: required,
            customer: row.customer.clone(),
            ..Job::default()
        };
        self.draft.jobs.push(job);
    }
}

/// The position of a name, added where it is new.
fn named(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}
