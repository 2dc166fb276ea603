//! From columns to a program of covering: every job once at least or left out at its price, every
//! shift once at most, shared stock never overdrawn at any moment.
//!
//! Stock is cut exactly at the instants of deliveries: what is collected before an instant must be
//! covered by what lay there before it. Covering, not partitioning: easier to solve, and a job covered
//! twice leaves the route where that saves most, afterwards ([`super::rebuild`]).

use super::column::Column;
use super::cuts::Cuts;
use super::labels::Worth;
use super::program::{Program, Row, Side};
use super::scope::Scope;
use super::simplex::Simplex;
use crate::instance::Instance;
use crate::solution::Solution;
use crate::supply;
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, SiteIx, TechIx};
use dispatch_data::units::Time;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// What the rows of a scope allow.
#[derive(Clone)]
pub(crate) struct Model {
    /// Row of each job of the instance; `None` outside the scope.
    job_row: Vec<Option<u32>>,
    drops: Vec<f64>,
    class_rows: BTreeMap<usize, u32>,
    only_rows: BTreeMap<ShiftIx, u32>,
    van_rows: BTreeMap<(TechIx, PartIx), u32>,
    /// Per site and part: up to which collection start each row counts, and the row.
    stock_rows: BTreeMap<(SiteIx, PartIx), Vec<(Time, u32)>>,
    sides: Vec<Side>,
    /// Cuts, and the row of the first: all others follow it.
    cuts: Cuts,
    first_cut: usize,
    /// Cents in one unit of cost.
    unit: f64,
}

impl Model {
    /// Rows for the columns of a scope. The rest of `solution` keeps what it takes.
    pub(crate) fn new(solution: &Solution<'_>, scope: &Scope, columns: &[Column]) -> Self {
        let instance = solution.instance;
        let mut model = Self {
            job_row: vec![None; instance.jobs],
            drops: Vec::new(),
            class_rows: BTreeMap::new(),
            only_rows: BTreeMap::new(),
            van_rows: BTreeMap::new(),
            stock_rows: BTreeMap::new(),
            sides: Vec::new(),
            cuts: Cuts::new(instance.jobs),
            first_cut: 0,
            unit: unit(columns),
        };
        for job in &scope.jobs {
            model.job_row[job.index()] = Some(model.sides.len() as u32);
            model.sides.push(Side::AtLeast(1.0));
            model.drops.push(instance.node(Instance::job_node(*job)).drop.0 as f64 / model.unit);
        }
        for shift in &scope.shifts {
            let next = model.sides.len() as u32;
            let row = *model.class_rows.entry(instance.shift(*shift).class).or_insert(next);
            if row == next {
                model.sides.push(Side::AtMost(0.0));
            }
            if let Some(Side::AtMost(most)) = model.sides.get_mut(row as usize) {
                *most += 1.0;
            }
        }
        for shift in columns.iter().filter_map(|column| column.only) {
            let next = model.sides.len() as u32;
            // A class of one has its row already.
            let alone = instance.class_members[instance.shift(shift).class].len() == 1;
            if !alone && *model.only_rows.entry(shift).or_insert(next) == next {
                model.sides.push(Side::AtMost(1.0));
            }
        }
        model.share_vans(solution, scope, columns);
        model.share_stock(solution, scope, columns);
        model.first_cut = model.sides.len();
        model
    }

    /// A row for every part of a van that serves several shifts.
    fn share_vans(&mut self, solution: &Solution<'_>, scope: &Scope, columns: &[Column]) {
        let instance = solution.instance;
        for column in columns {
            for (part, _) in &column.van {
                let shift = instance.class_members[column.class][0];
                let technician = instance.shift(shift).technician;
                if self.van_rows.contains_key(&(technician, *part)) {
                    continue;
                }
                let outside: u32 = instance
                    .problem
                    .technician(technician)
                    .shift_indices()
                    .filter(|other| scope.shifts.binary_search(other).is_err())
                    .map(|other| solution.route(other).supply.van_use(*part))
                    .sum();
                let stocked = supply::stocked(instance.shift(shift), *part);
                self.van_rows.insert((technician, *part), self.sides.len() as u32);
                self.sides.push(Side::AtMost(f64::from(stocked.saturating_sub(outside))));
            }
        }
    }

    /// Rows for every delivery of a part that columns collect.
    fn share_stock(&mut self, solution: &Solution<'_>, scope: &Scope, columns: &[Column]) {
        let instance = solution.instance;
        // Lots as the routes outside leave them.
        let mut lots = solution.lots_left().to_vec();
        for shift in &scope.shifts {
            for fetch in &solution.route(*shift).supply.fetches {
                if let Some(lot) = fetch.lot {
                    lots[lot.index()] += fetch.quantity;
                }
            }
        }
        for taking in columns.iter().flat_map(|column| &column.takings) {
            let key = (taking.site, taking.part);
            if self.stock_rows.contains_key(&key) {
                continue;
            }
            let mut rows = Vec::new();
            let own = instance.lots_of(taking.site, taking.part);
            let mut held = 0;
            for (k, lot) in own.iter().enumerate() {
                held += lots[lot.index()];
                let until = own.get(k + 1).map_or(Time::NEVER, |next| instance.problem.lot(*next).at);
                if until > instance.problem.lot(*lot).at {
                    rows.push((until, self.sides.len() as u32));
                    self.sides.push(Side::AtMost(f64::from(held)));
                }
            }
            self.stock_rows.insert(key, rows);
        }
    }

    /// The program over some of the columns: first they, then one for leaving out each job.
    pub(crate) fn program<'c>(&self, instance: &Instance<'_>, chosen: impl Iterator<Item = &'c Column>) -> Program {
        let mut terms: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.sides.len()];
        let mut program = Program::default();
        for (index, column) in chosen.enumerate() {
            program.costs.push(column.cost.0 as f64 / self.unit);
            self.each_row(instance, column, |row, factor| terms[row as usize].push((index as u32, factor)));
        }
        let routes = program.costs.len();
        program.costs.extend(&self.drops);
        // The rows of the jobs come first, in the order of the drops.
        for (row, terms) in terms.iter_mut().enumerate().take(self.drops.len()) {
            terms.push(((routes + row) as u32, 1.0));
        }
        program.most = vec![1.0; program.costs.len()];
        program.rows = terms.into_iter().zip(&self.sides).map(|(terms, side)| Row { terms, side: *side }).collect();
        program
    }

    /// The relaxed program to be kept warm: first one column for leaving out each job, then those that are added.
    pub(crate) fn warm(&self) -> Simplex {
        let mut simplex = Simplex::new(&self.sides);
        for (row, drop) in self.drops.iter().enumerate() {
            simplex.add(*drop, &[(row as u32, 1.0)]);
        }
        simplex
    }

    /// Adds a column to it.
    pub(crate) fn add(&self, simplex: &mut Simplex, instance: &Instance<'_>, column: &Column) {
        let mut terms: SmallVec<[(u32, f64); 24]> = SmallVec::new();
        self.each_row(instance, column, |row, factor| terms.push((row, factor)));
        simplex.add(column.cost.0 as f64 / self.unit, &terms);
    }

    /// Columns for leaving out jobs.
    pub(crate) fn drops(&self) -> usize {
        self.drops.len()
    }

    /// What a column costs beyond the prices of the rows it stands in, in cents.
    pub(crate) fn reduced_cost(&self, instance: &Instance<'_>, column: &Column, prices: &[f64]) -> f64 {
        let mut cost = column.cost.0 as f64;
        self.each_row(instance, column, |row, factor| cost -= factor * prices[row as usize] * self.unit);
        cost
    }

    /// Whether a column that came after the rows were made stands in no others than those.
    pub(crate) fn knows(&self, instance: &Instance<'_>, column: &Column) -> bool {
        let shift = instance.class_members[column.class][0];
        let alone = instance.class_members[column.class].len() == 1;
        let technician = instance.shift(shift).technician;
        column.only.is_none_or(|only| alone || self.only_rows.contains_key(&only))
            && column.van.iter().all(|(part, _)| self.van_rows.contains_key(&(technician, *part)))
            && column.takings.iter().all(|taking| self.stock_rows.contains_key(&(taking.site, taking.part)))
    }

    /// Takes a column for good: what it serves needs nobody else, and what it uses is gone.
    pub(crate) fn take(&mut self, instance: &Instance<'_>, column: &Column) {
        let mut used: SmallVec<[(u32, f64); 16]> = SmallVec::new();
        self.each_row(instance, column, |row, factor| used.push((row, factor)));
        for (row, factor) in used {
            match &mut self.sides[row as usize] {
                Side::AtLeast(least) => *least = (*least - factor).max(0.0),
                Side::AtMost(most) => *most -= factor,
            }
        }
    }

    /// Whether a column serves nobody who is served already, and uses no more than there is.
    pub(crate) fn has_room(&self, instance: &Instance<'_>, column: &Column) -> bool {
        let mut fits = true;
        self.each_row(instance, column, |row, factor| {
            fits &= match self.sides[row as usize] {
                Side::AtLeast(least) => least > 0.0,
                Side::AtMost(most) => most >= factor,
            };
        });
        fits
    }

    /// Whether a shift of this class is still to be had.
    pub(crate) fn has_shift(&self, class: usize) -> bool {
        let row = self.class_rows.get(&class).map(|row| self.sides[*row as usize]);
        matches!(row, Some(Side::AtMost(most)) if most >= 1.0)
    }

    /// One more cut, here and in a program kept warm that has these columns, in this order.
    pub(crate) fn cut<'c>(
        &mut self,
        simplex: &mut Simplex,
        instance: &Instance<'_>,
        jobs: [JobIx; 3],
        columns: impl Iterator<Item = &'c Column>,
    ) {
        let meets = |column: &Column| column.jobs(instance).filter(|job| jobs.contains(job)).count() > 1;
        let bound: Vec<usize> =
            columns.enumerate().filter(|(_, column)| meets(column)).map(|(at, _)| self.drops.len() + at).collect();
        simplex.bound(&bound, 1.0);
        self.sides.push(Side::AtMost(1.0));
        self.cuts.add(jobs);
    }

    /// How many cuts there are.
    pub(crate) fn cuts(&self) -> usize {
        self.cuts.len()
    }

    /// What the prices of the rows make of jobs and cuts; nothing outside the scope and of jobs that are served for
    /// good.
    pub(crate) fn worth(&self, prices: &[f64]) -> Worth {
        let price = |row: u32| match self.sides[row as usize] {
            Side::AtLeast(least) if least > 0.0 => prices[row as usize] * self.unit,
            Side::AtLeast(_) | Side::AtMost(_) => 0.0,
        };
        let jobs = self.job_row.iter().map(|row| row.map_or(0.0, price)).collect();
        let fines = prices[self.first_cut..].iter().map(|price| -price * self.unit).collect();
        Worth::new(jobs, fines, &self.cuts)
    }

    /// Cents in one unit of a program's cost.
    pub(crate) fn unit(&self) -> f64 {
        self.unit
    }

    /// The rows a column stands in, each once, with its factor.
    fn each_row(&self, instance: &Instance<'_>, column: &Column, mut tell: impl FnMut(u32, f64)) {
        for job in column.jobs(instance) {
            if let Some(row) = self.job_row[job.index()] {
                tell(row, 1.0);
            }
        }
        for cut in self.cuts.met(column.jobs(instance)) {
            tell((self.first_cut + cut) as u32, 1.0);
        }
        if let Some(row) = self.class_rows.get(&column.class) {
            tell(*row, 1.0);
        }
        if let Some(row) = column.only.and_then(|shift| self.only_rows.get(&shift)) {
            tell(*row, 1.0);
        }
        for (part, units) in &column.van {
            let technician = instance.shift(instance.class_members[column.class][0]).technician;
            if let Some(row) = self.van_rows.get(&(technician, *part)) {
                tell(*row, f64::from(*units));
            }
        }
        for (k, taking) in column.takings.iter().enumerate() {
            let same = |other: &super::pricer::Taking| (other.site, other.part) == (taking.site, taking.part);
            if column.takings[..k].iter().any(same) {
                continue;
            }
            for (until, row) in self.stock_rows.get(&(taking.site, taking.part)).into_iter().flatten() {
                let before = column.takings[k..].iter().filter(|other| same(other) && other.at < *until);
                let units: u32 = before.map(|other| other.quantity).sum();
                if units > 0 {
                    tell(*row, f64::from(units));
                }
            }
        }
    }
}

/// Cents in one unit of cost, so that a route costs about a thousand units whatever the currency.
fn unit(columns: &[Column]) -> f64 {
    let sum: f64 = columns.iter().map(|column| column.cost.0 as f64).sum();
    (sum / columns.len().max(1) as f64 / 1000.0).max(1e-3)
}
