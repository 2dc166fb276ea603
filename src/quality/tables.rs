//! Runs as tables: one row a run in CSV; per set, group and instance in Markdown.
//!
//! A gap is (value − best known) / best known, in percent, and only there where as many were served
//! as in the best known answer: unserved comes before value. Figures that stand for no run are left
//! empty.

use super::run::{Run, Task};
use super::sets::Instance;
use std::collections::BTreeMap;
use std::fmt::Write;

/// A value counts as improved when it lies below the best known one by more than this share of it.
const EQUAL: f64 = 1e-6;

/// One run of one instance.
#[derive(Clone, Debug)]
pub(crate) struct Row<'i> {
    pub(crate) instance: &'i Instance,
    pub(crate) task: Task,
    pub(crate) seed: u64,
    pub(crate) run: Run,
}

impl Row<'_> {
    /// Percent above the best known value.
    pub(crate) fn gap(&self) -> Option<f64> {
        let best = self.instance.best?;
        (self.run.feasible && self.run.unserved == best.unserved)
            .then(|| (self.run.value - best.value) / best.value * 100.0)
    }
    /// Whether the answer is better than any published.
    fn improves(&self) -> bool {
        self.instance.best.is_some_and(|best| {
            let (run, cheaper) = (self.run, self.run.value < best.value * (1.0 - EQUAL));
            run.feasible && (run.unserved < best.unserved || (run.unserved == best.unserved && cheaper))
        })
    }
    /// Whether fewer are served than in the best known answer.
    fn serves_fewer(&self) -> bool {
        self.instance.best.is_some_and(|best| self.run.unserved > best.unserved)
    }
}

/// The limit of a task in words that are the same in every language.
fn limit(task: Task) -> String {
    match task {
        Task::Seconds(seconds) => format!("{seconds} s"),
        Task::Iterations(total) => format!("{total} it"),
    }
}

fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map(|figure| format!("{figure:.digits$}")).unwrap_or_default()
}

/// All runs, a row each.
pub(crate) fn csv(rows: &[Row<'_>]) -> String {
    let mut text = String::from(
        "set,group,instance,limit,seed,best_known,best_known_unserved,value,unserved,gap_percent,improved,feasible,\
         iterations,wall_seconds,cpu_seconds\n",
    );
    for row in rows {
        let Row { instance, task, seed, run } = row;
        let Run { value, unserved, feasible, iterations, wall, cpu } = *run;
        let Instance { set, format: _, name, group, path: _, best } = instance;
        let (known, left) = (best.map(|best| best.value.to_string()), best.map(|best| best.unserved.to_string()));
        let _ = writeln!(
            text,
            "{set},{group},{},{},{seed},{},{},{value:.4},{unserved},{},{},{feasible},{iterations},{wall:.3},{}",
            cell(name),
            limit(*task),
            known.unwrap_or_default(),
            left.unwrap_or_default(),
            shown(row.gap(), 4),
            row.improves(),
            shown(cpu, 3),
        );
    }
    text
}

/// A name as a cell of CSV.
fn cell(name: &str) -> String {
    if name.contains([',', '"', '\n']) { format!("\"{}\"", name.replace('"', "\"\"")) } else { name.to_owned() }
}

fn mean(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_u32);
    for figure in figures {
        sum += figure;
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// Figures of some rows together.
struct Summary {
    instances: usize,
    runs: usize,
    feasible: usize,
    mean_gap: Option<f64>,
    /// The mean over instances of the best seed's gap.
    best_gap: Option<f64>,
    /// Instances with a seed that improves on the best known value.
    improved: usize,
    serving_fewer: usize,
    wall: Option<f64>,
    cpu: Option<f64>,
    iterations: Option<f64>,
}

impl Summary {
    fn of(rows: &[&Row<'_>]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Row<'_>>> = BTreeMap::new();
        for row in rows {
            by_name.entry(&row.instance.name).or_default().push(row);
        }
        let best = |rows: &Vec<&Row<'_>>| rows.iter().filter_map(|row| row.gap()).min_by(f64::total_cmp);
        Self {
            instances: by_name.len(),
            runs: rows.len(),
            feasible: rows.iter().filter(|row| row.run.feasible).count(),
            mean_gap: mean(rows.iter().filter_map(|row| row.gap())),
            best_gap: mean(by_name.values().filter_map(best)),
            improved: by_name.values().filter(|rows| rows.iter().any(|row| row.improves())).count(),
            serving_fewer: rows.iter().filter(|row| row.serves_fewer()).count(),
            wall: mean(rows.iter().map(|row| row.run.wall)),
            cpu: mean(rows.iter().filter_map(|row| row.run.cpu)),
            iterations: mean(rows.iter().map(|row| row.run.iterations as f64)),
        }
    }
    fn cells(&self) -> String {
        let Self { instances, runs, feasible, mean_gap, best_gap, improved, serving_fewer, wall, cpu, iterations } =
            self;
        format!(
            "{instances} | {runs} | {feasible} | {serving_fewer} | {} | {} | {improved} | {} | {} | {}",
            shown(*mean_gap, 3),
            shown(*best_gap, 3),
            shown(*iterations, 0),
            shown(*wall, 1),
            shown(*cpu, 1),
        )
    }
}

/// The tables by set and limit: groups with a line for the whole set, then instances.
pub(crate) fn markdown(rows: &[Row<'_>], terms: &str) -> String {
    let mut text = format!("# Quality\n\n{terms}\n\n");
    text.push_str(
        "Gap: percent above the best known value, over runs that serve as many as it does; best gap: of each instance \
         the best seed. Improved: instances of which a seed beats the best known value. Feasible: clean by the judge \
         and by the rules of the set. Seconds and iterations: mean of a run.\n",
    );
    let mut sections: Vec<(&str, Task)> = Vec::new();
    for row in rows {
        if !sections.contains(&(row.instance.set, row.task)) {
            sections.push((row.instance.set, row.task));
        }
    }
    for (set, task) in sections {
        let of_set: Vec<&Row<'_>> = rows.iter().filter(|row| row.instance.set == set && row.task == task).collect();
        section(&mut text, set, task, &of_set);
    }
    text
}

fn section(text: &mut String, set: &str, task: Task, rows: &[&Row<'_>]) {
    let _ = write!(
        text,
        "\n## {set}, {}\n\n\
         | group | instances | runs | feasible | serving fewer | gap % | best gap % | improved | iterations | wall s | cpu s |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
        limit(task)
    );
    let mut groups: Vec<&str> = rows.iter().map(|row| row.instance.group.as_str()).collect();
    groups.dedup();
    for group in &groups {
        let of_group: Vec<&Row<'_>> = rows.iter().copied().filter(|row| row.instance.group == *group).collect();
        let _ = writeln!(text, "| {group} | {} |", Summary::of(&of_group).cells());
    }
    let _ = write!(
        text,
        "| **all** | {} |\n\n\
         | instance | best known | mean | best | gap % | best gap % | unserved | feasible |\n\
         |---|---|---|---|---|---|---|---|\n",
        Summary::of(rows).cells()
    );
    let mut names: Vec<&str> = rows.iter().map(|row| row.instance.name.as_str()).collect();
    names.dedup();
    for name in names {
        let of_name: Vec<&Row<'_>> = rows.iter().copied().filter(|row| row.instance.name == name).collect();
        let Summary { mean_gap, best_gap, feasible, runs, .. } = Summary::of(&of_name);
        let known = of_name.first().and_then(|row| row.instance.best).map(|best| best.value);
        // Values compare only where as many are served.
        let fewest = of_name.iter().map(|row| row.run.unserved).min().unwrap_or_default();
        let values = || of_name.iter().filter(|row| row.run.unserved == fewest).map(|row| row.run.value);
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {fewest} | {feasible} of {runs} |",
            known.map(|known| known.to_string()).unwrap_or_default(),
            shown(mean(values()), 2),
            shown(values().min_by(f64::total_cmp), 2),
            shown(mean_gap, 3),
            shown(best_gap, 3),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::sets::Best;
    use dispatch_data::import::Format;

    fn instance(name: &str, best: Option<Best>) -> Instance {
        let (name, group) = (name.to_owned(), name[..2].to_owned());
        Instance { set: "trsp", format: Format::Trsp, name, group, path: "x".into(), best }
    }

    fn row(instance: &Instance, seed: u64, value: f64, unserved: usize) -> Row<'_> {
        let run = Run { value, unserved, feasible: true, iterations: 100, wall: 1.0, cpu: Some(2.0) };
        Row { instance, task: Task::Seconds(1.0), seed, run }
    }

    #[test]
    fn a_gap_stands_only_where_as_many_are_served() {
        let known = instance("R101", Some(Best { value: 200.0, unserved: 1 }));
        assert_eq!(row(&known, 1, 202.0, 1).gap(), Some(1.0));
        let (fewer, more) = (row(&known, 1, 100.0, 2), row(&known, 1, 300.0, 0));
        assert_eq!((fewer.gap(), fewer.serves_fewer(), fewer.improves()), (None, true, false));
        assert_eq!((more.gap(), more.improves()), (None, true));
        assert_eq!(row(&instance("R102", None), 1, 5.0, 0).gap(), None);
    }

    #[test]
    fn an_answer_that_is_not_allowed_improves_nothing() {
        let known = instance("R101", Some(Best { value: 200.0, unserved: 0 }));
        let mut row = row(&known, 1, 100.0, 0);
        row.run.feasible = false;
        assert_eq!((row.gap(), row.improves()), (None, false));
    }

    #[test]
    fn a_group_has_the_mean_over_runs_and_the_mean_of_the_best_seeds() {
        let first = instance("R101", Some(Best { value: 100.0, unserved: 0 }));
        let second = instance("R102", Some(Best { value: 100.0, unserved: 0 }));
        let rows = [row(&first, 1, 102.0, 0), row(&first, 2, 99.0, 0), row(&second, 1, 104.0, 0)];
        let text = markdown(&rows, "terms");
        // (2 − 1 + 4) / 3 and (−1 + 4) / 2; one of two instances improved.
        assert!(text.contains("| R1 | 2 | 3 | 3 | 0 | 1.667 | 1.500 | 1 | 100 | 1.0 | 2.0 |"), "{text}");
        assert!(text.contains("| R101 | 100 | 100.50 | 99.00 | 0.500 | -1.000 | 0 | 2 of 2 |"), "{text}");
    }

    #[test]
    fn every_run_is_a_row_of_the_csv() {
        let known = instance("R101", Some(Best { value: 200.0, unserved: 0 }));
        let text = csv(&[row(&known, 7, 201.0, 0)]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1], "trsp,R1,R101,1 s,7,200,0,201.0000,0,0.5000,false,true,100,1.000,2.000");
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }
}
