//! The neutral field-service JSON: a day of jobs with skills, windows, parts and lunch breaks.
//!
//! Seconds and metres. Served priority comes first (its sum), then travel: a job's price for
//! staying unassigned is its priority times a price above any travel a plan can hold. Travel is
//! reckoned from coordinates with a smooth asymmetry and rounded half to even.

use crate::finding::{Code, Finding};
use crate::ids::{PartIx, PlaceIx, SkillIx};
use crate::import::build::{self, CENT_PER_TICK};
use crate::import::{AnswerConvention, Imported};
use crate::lang::value;
use crate::problem::{Break, Draft, Job, OwnedSkill, PartQuantity, Prices, SkillLevel, SkillNeed, Technician, Window};
use crate::say;
use crate::travel::{Leg, TravelMatrix};
use crate::units::{Duration, Permille, Time};
use std::collections::BTreeMap;

mod reader;
pub use reader::read;

/// How travel is reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TravelRule {
    /// Way per straight metre.
    pub detour: f64,
    /// Metres per second.
    pub speed: f64,
    /// Share by which eastward differs from westward at most.
    pub asymmetry: f64,
    /// Metres east after which the asymmetry repeats.
    pub period: f64,
}

/// A skill at a level: the file's id of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SkillAt {
    /// The skill.
    pub id: String,
    /// The level.
    pub level: u8,
}

/// A job of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Its id.
    pub id: String,
    /// Metres east and north.
    pub xy: (f64, f64),
    /// Seconds of work.
    pub service: i64,
    /// What serving it is worth.
    pub priority: i64,
    /// Start windows, sorted and disjoint.
    pub windows: Vec<(i64, i64)>,
    /// The skill it needs at least.
    pub skill: Option<SkillAt>,
    /// Parts it consumes: type and units.
    pub parts: Vec<(u32, u32)>,
}

/// A break of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lunch {
    /// Seconds.
    pub duration: i64,
    /// It starts within this window.
    pub window: (i64, i64),
}

/// A technician of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Worker {
    /// Its id.
    pub id: String,
    /// Metres east and north.
    pub home: (f64, f64),
    /// Start and latest end of the shift.
    pub shift: (i64, i64),
    /// The break, if there is one.
    pub lunch: Option<Lunch>,
    /// Skills with their levels.
    pub skills: Vec<SkillAt>,
    /// Units in the van per part type.
    pub stock: Vec<u32>,
}

/// A whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldService {
    /// Its name.
    pub name: String,
    /// Number of part types.
    pub parts: u32,
    /// How travel is reckoned.
    pub travel: TravelRule,
    /// Jobs.
    pub jobs: Vec<Ticket>,
    /// Technicians.
    pub technicians: Vec<Worker>,
}

impl FieldService {
    /// Places in the order of the travel matrix: jobs, then homes.
    fn points(&self) -> Vec<(f64, f64)> {
        self.jobs.iter().map(|job| job.xy).chain(self.technicians.iter().map(|worker| worker.home)).collect()
    }

    /// The travel matrix over jobs, then homes: seconds by the file's rule, metres of the way.
    ///
    /// # Errors
    /// When a leg does not fit into 32 bits.
    pub fn matrix(&self) -> Result<TravelMatrix, Vec<Finding>> {
        let rule = self.travel;
        let points = self.points();
        // No leg is longer than the longest way there could be at the slowest there could be.
        let span = |pick: fn(&(f64, f64)) -> f64| {
            let (least, most) = points.iter().map(pick).fold((f64::MAX, f64::MIN), |(a, b), at| (a.min(at), b.max(at)));
            (most - least).max(0.0)
        };
        let way = rule.detour * span(|point| point.0).hypot(span(|point| point.1));
        let longest = way.max(way / rule.speed * (1.0 + rule.asymmetry.abs())).ceil();
        if longest >= f64::from(u32::MAX) {
            let finding = Finding::new("/travel", Code::TooLarge, say!("legs below 2^32 s and m"), value(longest));
            return Err(vec![finding]);
        }
        Ok(TravelMatrix::reckoned(points.len(), self.mark(), move |from, to| {
            let (dx, dy) = (points[to].0 - points[from].0, points[to].1 - points[from].1);
            let way = rule.detour * (dx * dx + dy * dy).sqrt();
            let factor = 1.0 + rule.asymmetry * (2.0 * std::f64::consts::PI * dx / rule.period).sin();
            let seconds = (way / rule.speed * factor).round_ties_even();
            Leg { seconds: seconds as u32, meters: way.round() as u32 }
        }))
    }

    /// A number that changes with any point and with the rule of travel.
    fn mark(&self) -> u64 {
        let TravelRule { detour, speed, asymmetry, period } = self.travel;
        let numbers = self.points().into_iter().flat_map(|(x, y)| [x, y]).chain([detour, speed, asymmetry, period]);
        numbers.fold(0xcbf2_9ce4_8422_2325, |mark: u64, number| {
            let mark = (mark ^ number.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
            mark ^ (mark >> 29)
        })
    }

    /// This day so many times as one day: copies side by side on a square grid, each as far from the next as
    /// the day is wide, or a whole number of periods of its asymmetry. Ids get the number of their copy.
    #[must_use]
    pub fn copies(&self, count: usize) -> Self {
        let points = self.points();
        let extent = |pick: fn(&(f64, f64)) -> f64| {
            let (least, most) = points.iter().map(pick).fold((f64::MAX, f64::MIN), |(a, b), at| (a.min(at), b.max(at)));
            let wide = (most - least).max(1.0);
            if self.travel.period > 0.0 { (wide / self.travel.period).ceil() * self.travel.period } else { wide }
        };
        let (wide, high) = (extent(|point| point.0), extent(|point| point.1));
        let side = (1..).find(|side| side * side >= count).unwrap_or(1);
        let mut all = Self {
            name: format!("{} x{count}", self.name),
            jobs: Vec::with_capacity(count * self.jobs.len()),
            technicians: Vec::with_capacity(count * self.technicians.len()),
            parts: self.parts,
            travel: self.travel,
        };
        for copy in 0..count {
            let by = ((copy % side) as f64 * wide, (copy / side) as f64 * high);
            let shifted = |(x, y): (f64, f64)| (x + by.0, y + by.1);
            let id = |id: &str| format!("{id}@{copy}");
            all.jobs.extend(self.jobs.iter().map(|job| Ticket { id: id(&job.id), xy: shifted(job.xy), ..job.clone() }));
            all.technicians.extend(self.technicians.iter().map(|worker| Worker {
                id: id(&worker.id),
                home: shifted(worker.home),
                ..worker.clone()
            }));
        }
        all
    }

    /// The problem.
    ///
    /// # Errors
    /// When legs or prices would not fit, or a hand-made struct does not make a valid problem.
    pub fn import(self) -> Result<Imported, Vec<Finding>> {
        let matrix = self.matrix()?;
        let days: i128 = self.technicians.iter().map(|worker| i128::from(worker.shift.1 - worker.shift.0)).sum();
        let point = build::above(days, self.jobs.iter().map(|job| i128::from(job.priority)).sum())?;
        let ends = self.technicians.iter().map(|worker| worker.shift.1);
        let closes = self.jobs.iter().flat_map(|job| job.windows.iter().map(|window| window.1 + job.service));
        let horizon = build::abstract_horizon(Duration(ends.chain(closes).max().unwrap_or(0)));
        let mut draft = Draft::empty(self.name.clone(), horizon);
        draft.places = build::matrix_places(matrix.size());
        draft.parts = (0..self.parts).map(|part| part.to_string()).collect();
        let skills = self.skill_names();
        draft.skills = skills.keys().map(|name| (*name).to_owned()).collect();
        let level = |skill: &SkillAt| SkillLevel { skill: skills[skill.id.as_str()], level: skill.level };
        draft.jobs.extend(self.jobs.iter().enumerate().map(|(at, job)| Job {
            id: job.id.clone(),
            place: PlaceIx::from(at),
            work: Duration(job.service),
            skills: SkillNeed { all_of: job.skill.iter().map(level).collect(), any_of: Vec::new() },
            windows: job.windows.iter().map(|pair| window(*pair)).collect(),
            unassigned_price: point * job.priority,
            parts: job.parts.iter().map(|&(part, quantity)| PartQuantity { part: PartIx(part), quantity }).collect(),
            ..Job::default()
        }));
        for (at, worker) in self.technicians.iter().enumerate() {
            let home = PlaceIx::from(self.jobs.len() + at);
            let mut shift = build::plain_shift(window(worker.shift), home, home);
            shift.breaks.extend(worker.lunch.map(|lunch| Break {
                window: window(lunch.window),
                duration: Duration(lunch.duration),
                paid: true,
            }));
            let technician = worker.technician(&level);
            build::add_technician(&mut draft, technician, shift);
        }
        build::finish(draft, matrix, point * 100, AnswerConvention::FieldService(self))
    }

    fn skill_names(&self) -> BTreeMap<&str, SkillIx> {
        let needed = self.jobs.iter().flat_map(|job| &job.skill);
        let owned = self.technicians.iter().flat_map(|worker| &worker.skills);
        let mut names: BTreeMap<&str, SkillIx> =
            needed.chain(owned).map(|skill| (skill.id.as_str(), SkillIx(0))).collect();
        names.values_mut().enumerate().for_each(|(at, ix)| *ix = SkillIx::from(at));
        names
    }
}

impl Worker {
    fn technician(&self, level: &impl Fn(&SkillAt) -> SkillLevel) -> Technician {
        let own = |skill: &SkillAt| OwnedSkill {
            skill: level(skill).skill,
            level: skill.level,
            valid_from: None,
            valid_until: None,
            pace: Permille::ONE,
        };
        let stock = self.stock.iter().enumerate().filter(|(_, units)| **units > 0);
        Technician {
            id: self.id.clone(),
            skills: self.skills.iter().map(own).collect(),
            stock: stock.map(|(part, units)| (PartIx::from(part), *units)).collect(),
            prices: Prices { travel: CENT_PER_TICK, ..Prices::default() },
            ..Technician::default()
        }
    }
}

fn window((open, close): (i64, i64)) -> Window {
    Window { open: Time(open), close: Time(close) }
}
