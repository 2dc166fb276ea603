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
        build::room(1, points.len())?;
        let reckoned = |from: usize, to: usize| {
            let (dx, dy) = (points[to].0 - points[from].0, points[to].1 - points[from].1);
            let way = rule.detour * (dx * dx + dy * dy).sqrt();
            let factor = 1.0 + rule.asymmetry * (2.0 * std::f64::consts::PI * dx / rule.period).sin();
            ((way / rule.speed * factor).round_ties_even(), way.round())
        };
        let matrix = TravelMatrix::from_fn(points.len(), |from, to| {
            if from == to {
                return Leg::default();
            }
            let (seconds, meters) = reckoned(from, to);
            Leg { seconds: seconds as u32, meters: meters as u32 }
        });
        // A cast past the end of 32 bits stays at the end, which is no way at all.
        let lost = matrix.legs().position(|leg| leg.seconds == u32::MAX || leg.meters == u32::MAX);
        lost.map_or(Ok(matrix), |at| {
            let (seconds, meters) = reckoned(at / points.len(), at % points.len());
            let longest = value(seconds.max(meters));
            Err(vec![Finding::new("/travel", Code::TooLarge, say!("legs below 2^32 s and m"), longest)])
        })
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
