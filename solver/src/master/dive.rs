//! Diving: the relaxed program is made whole step by step. The columns that it wants most are taken for good,
//! what they leave over is relaxed and priced anew, until nothing is left to take.
//!
//! After Sadykov et al. (2019, primal heuristics for branch and price), who dive with column generation. Proves
//! nothing; whether the plan is any good is for others to say.

use super::column::Column;
use super::guide::Guide;
use super::labels::Labels;
use super::model::Model;
use super::pricer::Pricer;
use super::program::Relaxed;
use super::relax::propose;
use super::simplex::{Fate, Simplex};
use crate::solution::Solution;
use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

/// From which value on a column is taken at once.
const SURE: f64 = 0.95;
/// A column that is taken in less than this is not taken.
pub(super) const NOTHING: f64 = 1e-6;
/// Times that days are proposed before a choice, at most: in one round the last technicians find too little that suits
/// what is left to them, and the plan ends dear.
const ROUNDS: usize = 3;
/// Values are drawn up by so much at most.
const NOISE: f64 = 0.2;

/// One who dives, with the columns found on the way.
pub(crate) struct Diver<'a, 'g> {
    guide: &'g Guide<'a>,
    own: Vec<Column>,
    pricer: Pricer<'a>,
}

/// How far a dive has come.
struct Descent {
    /// What the columns taken leave over.
    model: Model,
    simplex: Simplex,
    /// Columns in the program, in its order, and whether they are still to be had.
    columns: Vec<usize>,
    open: Vec<bool>,
    taken: Vec<usize>,
}

impl<'a, 'g> Diver<'a, 'g> {
    pub(super) fn new(guide: &'g Guide<'a>) -> Self {
        Self { guide, own: Vec::new(), pricer: Pricer::new(guide.instance) }
    }

    /// Dives once and puts what it came to in the place of all routes. False, and nothing changed, when it was
    /// stopped or came to nothing. With a generator the choice is drawn.
    pub(crate) fn dive(
        &mut self,
        solution: &mut Solution<'_>,
        rng: Option<&mut Xoshiro256PlusPlus>,
        spent: &dyn Fn() -> bool,
    ) -> bool {
        self.own.clear();
        let Some(taken) = self.down(rng, spent) else { return false };
        let taken: Vec<&Column> = taken.into_iter().map(|at| self.column(at)).collect();
        self.guide.lay(solution, &taken)
    }

    /// A column of the guide, or of its own after those.
    fn column(&self, at: usize) -> &Column {
        let known = self.guide.columns.len();
        if at < known { &self.guide.columns[at] } else { &self.own[at - known] }
    }

    /// Columns that together make a plan.
    fn down(&mut self, mut rng: Option<&mut Xoshiro256PlusPlus>, spent: &dyn Fn() -> bool) -> Option<Vec<usize>> {
        let mut descent = self.surface();
        while !spent() {
            let mut relaxed = descent.simplex.optimum()?;
            for _ in 0..ROUNDS {
                if spent() || !self.propose(&mut descent, &relaxed) {
                    break;
                }
                relaxed = descent.simplex.optimum()?;
            }
            let mut noise = || rng.as_mut().map_or(0.0, |rng| rng.random_range(0.0..NOISE));
            let values = &relaxed.values[descent.model.drops()..];
            let mut wanted: Vec<(f64, usize)> = (0..descent.columns.len())
                .filter(|k| descent.open[*k] && values[*k] > NOTHING)
                .map(|k| (values[k] + noise(), k))
                .collect();
            if wanted.is_empty() {
                return Some(descent.taken);
            }
            wanted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            self.take(&mut descent, &wanted);
        }
        None
    }

    /// Before the first step.
    fn surface(&self) -> Descent {
        let model = self.guide.model.clone();
        let mut simplex = model.warm();
        for at in &self.guide.near {
            model.add(&mut simplex, self.guide.instance, self.column(*at));
        }
        let columns = self.guide.near.clone();
        Descent { open: vec![true; columns.len()], columns, model, simplex, taken: Vec::new() }
    }

    /// Adds days that would help what is left. Whether there are any.
    fn propose(&mut self, descent: &mut Descent, relaxed: &Relaxed) -> bool {
        let (instance, model) = (self.guide.instance, &descent.model);
        let (known, before) = (self.guide.columns.len(), self.own.len());
        let worth = model.worth(&relaxed.prices);
        for labels in &self.guide.labels {
            if model.has_shift(instance.shift(labels.shift()).class) {
                let prices = (relaxed.prices.as_slice(), &worth);
                let new = propose(instance, labels, model, prices, Labels::NARROW, &mut self.pricer);
                self.own.extend(new.into_iter().filter(|column| model.has_room(instance, column)));
            }
        }
        for column in &self.own[before..] {
            model.add(&mut descent.simplex, instance, column);
        }
        descent.columns.extend(known + before..known + self.own.len());
        descent.open.resize(descent.columns.len(), true);
        self.own.len() > before
    }

    /// Takes the first of the columns wanted, and all that are as good as taken.
    fn take(&self, descent: &mut Descent, wanted: &[(f64, usize)]) {
        let instance = self.guide.instance;
        let Descent { model, simplex, columns, open, taken } = descent;
        for (rank, (value, k)) in wanted.iter().enumerate() {
            let column = self.column(columns[*k]);
            if (rank == 0 || *value >= SURE) && model.has_room(instance, column) {
                model.take(instance, column);
                simplex.settle(model.drops() + k, Fate::Taken);
                open[*k] = false;
                taken.push(columns[*k]);
            }
        }
        for k in 0..columns.len() {
            if open[k] && !model.has_room(instance, self.column(columns[k])) {
                simplex.settle(model.drops() + k, Fate::Closed);
                open[k] = false;
            }
        }
    }
}
