//! Linear and integer programs of the covering kind. The only file that knows good_lp.
//!
//! A program minimises cost over columns that are taken or not. With HiGHS it can be relaxed, which
//! gives shadow prices, and solved whole from a start under a limit; with microlp only the latter.
//! One thread, a fixed seed: the same program and limit by nodes give the same answer everywhere.

/// What a row asks of the sum of its terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Side {
    AtLeast(f64),
    AtMost(f64),
}

/// One row: columns with their factors, and what their sum must keep to.
#[derive(Clone, Debug)]
#[cfg_attr(
    not(any(feature = "highs", feature = "microlp")),
    allow(dead_code, reason = "only an engine reads what a row holds")
)]
pub(crate) struct Row {
    pub(crate) terms: Vec<(u32, f64)>,
    pub(crate) side: Side,
}

/// Minimise `costs · x` under the rows, every `x` between zero and its `most`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) costs: Vec<f64>,
    /// Largest value of each column.
    pub(crate) most: Vec<f64>,
    pub(crate) rows: Vec<Row>,
}

/// How long a program may be worked on. Without seconds no clock is read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Limit {
    /// Seconds of the caller's clock.
    pub(crate) seconds: Option<f64>,
    /// Nodes of the branching.
    pub(crate) nodes: Option<u32>,
}

/// The optimum of a program whose columns may be taken in parts.
#[derive(Clone, Debug)]
pub(crate) struct Relaxed {
    /// Cost of the optimum: no whole solution is cheaper.
    pub(crate) cost: f64,
    /// What a unit more on the right-hand side of each row would add to the cost.
    pub(crate) prices: Vec<f64>,
    /// How much of each column is taken.
    pub(crate) values: Vec<f64>,
}

/// Whether this build has an engine for programs at all.
pub(crate) const HAS_ENGINE: bool = cfg!(any(feature = "highs", feature = "microlp"));

/// Where HiGHS draws, it draws from this: any fixed number, which must not differ from run to run.
#[cfg(feature = "highs")]
pub(super) const SEED: i32 = 1;

/// Whether it tells shadow prices.
pub(crate) const PRICES: bool = cfg!(feature = "highs");

#[cfg(all(test, any(feature = "highs", feature = "microlp")))]
impl Program {
    /// Cost of a solution.
    pub(crate) fn cost(&self, values: &[f64]) -> f64 {
        self.costs.iter().zip(values).map(|(cost, value)| cost * value).sum()
    }
}

#[cfg(any(feature = "highs", feature = "microlp"))]
mod lowering {
    use super::{Program, Side};
    use good_lp::{Constraint, Expression, ProblemVariables, Variable, variable};

    /// A program in the library's words.
    pub(super) struct Lowered {
        pub(super) variables: ProblemVariables,
        pub(super) cost: Expression,
        pub(super) columns: Vec<Variable>,
        pub(super) rows: Vec<Constraint>,
    }

    /// In whole numbers or not.
    pub(super) fn lower(program: &Program, whole: bool) -> Lowered {
        let mut variables = ProblemVariables::new();
        let columns: Vec<Variable> = program
            .most
            .iter()
            .map(|most| {
                let column = variable().min(0.0).max(*most);
                variables.add(if whole { column.integer() } else { column })
            })
            .collect();
        let rows = program
            .rows
            .iter()
            .map(|row| {
                let mut sum = Expression::with_capacity(row.terms.len());
                for (column, factor) in &row.terms {
                    sum.add_mul(*factor, columns[*column as usize]);
                }
                match row.side {
                    Side::AtLeast(least) => sum.geq(least),
                    Side::AtMost(most) => sum.leq(most),
                }
            })
            .collect();
        let mut cost = Expression::with_capacity(columns.len());
        for (column, price) in columns.iter().zip(&program.costs) {
            cost.add_mul(*price, *column);
        }
        Lowered { variables, cost, columns, rows }
    }
}

#[cfg(feature = "highs")]
mod engine {
    use super::lowering::{Lowered, lower};
    use super::{Limit, Program, Relaxed, SEED};
    use good_lp::solvers::highs::{HighsParallelType, HighsProblem, highs};
    use good_lp::{Solution, SolverModel, WithInitialSolution};

    fn settle(model: HighsProblem, limit: Limit) -> HighsProblem {
        let mut model = model.set_threads(1).set_parallel(HighsParallelType::Off).set_option("random_seed", SEED);
        if let Some(seconds) = limit.seconds {
            model = model.set_time_limit(seconds.max(0.0));
        }
        if let Some(nodes) = limit.nodes {
            model = model.set_option("mip_max_nodes", nodes.min(i32::MAX as u32) as i32);
        }
        model
    }

    impl Program {
        /// The relaxed optimum with its shadow prices; `None` when the limit came first.
        pub(crate) fn relaxed(&self, limit: Limit) -> Option<Relaxed> {
            use good_lp::solvers::{DualValues, SolutionStatus, SolutionWithDual};
            let Lowered { variables, cost, columns, rows } = lower(self, false);
            let mut model = settle(variables.minimise(cost).using(highs), limit);
            let rows: Vec<_> = rows.into_iter().map(|row| model.add_constraint(row)).collect();
            let mut solution = model.solve().ok()?;
            if !matches!(solution.status(), SolutionStatus::Optimal) {
                return None;
            }
            let cost = columns.iter().zip(&self.costs).map(|(column, cost)| solution.value(*column) * cost).sum();
            let values = columns.iter().map(|column| solution.value(*column)).collect();
            let duals = solution.compute_dual();
            Some(Relaxed { cost, values, prices: rows.into_iter().map(|row| duals.dual(row)).collect() })
        }

        /// The best whole solution found from `start` within the limit, value by column.
        pub(crate) fn whole(&self, start: &[f64], limit: Limit) -> Option<Vec<f64>> {
            let Lowered { variables, cost, columns, rows } = lower(self, true);
            let mut model = settle(variables.minimise(cost).using(highs), limit).set_option("mip_rel_gap", 0.0);
            for row in rows {
                model.add_constraint(row);
            }
            let model = model.with_initial_solution(columns.iter().copied().zip(start.iter().copied()));
            let solution = model.solve().ok()?;
            Some(columns.iter().map(|column| solution.value(*column)).collect())
        }
    }
}

#[cfg(all(feature = "microlp", not(feature = "highs")))]
mod engine {
    use super::lowering::{Lowered, lower};
    use super::{Limit, Program, Relaxed};
    use good_lp::solvers::microlp::microlp;
    use good_lp::{Solution, SolverModel, WithInitialSolution, WithTimeLimit};

    impl Program {
        /// Nothing: this engine tells no shadow prices.
        pub(crate) fn relaxed(&self, _: Limit) -> Option<Relaxed> {
            None
        }

        /// The best whole solution found from `start` within the limit, value by column. This engine
        /// cannot count nodes, so that without seconds it would not know when to end: `None` then.
        pub(crate) fn whole(&self, start: &[f64], limit: Limit) -> Option<Vec<f64>> {
            let seconds = limit.seconds?;
            let Lowered { variables, cost, columns, rows } = lower(self, true);
            let mut model = variables.minimise(cost).using(microlp);
            for row in rows {
                model.add_constraint(row);
            }
            let model = model.with_time_limit(seconds.max(0.0));
            let model = model.with_initial_solution(columns.iter().copied().zip(start.iter().copied()));
            let solution = model.solve().ok()?;
            Some(columns.iter().map(|column| solution.value(*column)).collect())
        }
    }
}

#[cfg(not(any(feature = "highs", feature = "microlp")))]
mod engine {
    use super::{Limit, Program, Relaxed};

    impl Program {
        /// Nothing, for want of an engine.
        pub(crate) fn relaxed(&self, _: Limit) -> Option<Relaxed> {
            None
        }
        /// Nothing, for want of an engine.
        pub(crate) fn whole(&self, _: &[f64], _: Limit) -> Option<Vec<f64>> {
            None
        }
    }
}
