//! The relaxed program kept warm: columns are added, taken or closed, and each optimum is reached from the last one
//! in a few steps. The only file that knows HiGHS by itself, since [`super::program`]'s library begins anew each time.

#[cfg(feature = "highs")]
pub(crate) use engine::Simplex;
#[cfg(not(feature = "highs"))]
pub(crate) use none::Simplex;

/// What becomes of a column for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Taken,
    Closed,
}

#[cfg(feature = "highs")]
mod engine {
    use super::Fate;
    use crate::master::program::{Relaxed, SEED, Side};
    use highs::{Col, ColProblem, HighsModelStatus, Model, Row, Sense};

    /// A relaxed program with the optimum it was last at.
    pub(crate) struct Simplex {
        /// `None` after it failed once.
        model: Option<Model>,
        rows: Vec<Row>,
        columns: Vec<Col>,
    }

    impl Simplex {
        /// Rows, and no column yet.
        pub(crate) fn new(sides: &[Side]) -> Self {
            let mut problem = ColProblem::new();
            let rows = sides.iter().map(|side| match side {
                Side::AtLeast(least) => problem.add_row(*least..),
                Side::AtMost(most) => problem.add_row(..=*most),
            });
            let rows: Vec<Row> = rows.collect();
            let model = Model::try_new(problem).ok().map(|mut model| {
                model.set_sense(Sense::Minimise);
                model.make_quiet();
                model.set_option("threads", 1);
                model.set_option("parallel", "off");
                model.set_option("presolve", "off");
                model.set_option("solver", "simplex");
                model.set_option("random_seed", SEED);
                model
            });
            Self { model, rows, columns: Vec::new() }
        }

        /// One more column, that may be taken once.
        pub(crate) fn add(&mut self, cost: f64, terms: &[(u32, f64)]) {
            let Some(model) = &mut self.model else { return };
            let terms = terms.iter().map(|(row, factor)| (self.rows[*row as usize], *factor));
            match model.try_add_column(cost, 0.0..=1.0, terms) {
                Ok(column) => self.columns.push(column),
                Err(_) => self.model = None,
            }
        }

        /// One more row: of these columns, each once, so many may be taken.
        pub(crate) fn bound(&mut self, columns: &[usize], most: f64) {
            let Some(model) = &mut self.model else { return };
            let terms = columns.iter().map(|column| (self.columns[*column], 1.0));
            match model.try_add_row(..=most, terms) {
                Ok(row) => self.rows.push(row),
                Err(_) => self.model = None,
            }
        }

        /// Takes a column for good, or never.
        pub(crate) fn settle(&mut self, column: usize, fate: Fate) {
            let Some(model) = &mut self.model else { return };
            match fate {
                Fate::Taken => model.change_column_bounds(self.columns[column], 1.0..=1.0),
                Fate::Closed => model.change_column_bounds(self.columns[column], 0.0..=0.0),
            }
        }

        /// The relaxed optimum with its shadow prices; `None` when there is none, and from then on.
        pub(crate) fn optimum(&mut self) -> Option<Relaxed> {
            let solved = self.model.take()?.try_solve().ok()?;
            if solved.status() != HighsModelStatus::Optimal {
                return None;
            }
            let solution = solved.get_solution();
            let cost = solved.objective_value();
            self.model = Some(solved.into());
            Some(Relaxed { cost, values: solution.columns().to_vec(), prices: solution.dual_rows().to_vec() })
        }
    }
}

#[cfg(not(feature = "highs"))]
mod none {
    use super::Fate;
    use crate::master::program::{Relaxed, Side};

    /// Nothing, for want of an engine that tells shadow prices.
    pub(crate) struct Simplex;

    impl Simplex {
        /// Nothing.
        pub(crate) fn new(_: &[Side]) -> Self {
            Self
        }
        /// Nothing.
        pub(crate) fn add(&mut self, _: f64, _: &[(u32, f64)]) {}
        /// Nothing.
        pub(crate) fn bound(&mut self, _: &[usize], _: f64) {}
        /// Nothing.
        pub(crate) fn settle(&mut self, _: usize, _: Fate) {}
        /// Nothing.
        pub(crate) fn optimum(&mut self) -> Option<Relaxed> {
            None
        }
    }
}
