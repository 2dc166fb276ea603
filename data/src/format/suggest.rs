//! "Did you mean …?": the known name nearest to an unknown one.

/// The nearest of the known names, if one is near enough to be meant: at most a third of the
/// letters wrong, letter case and the choice between `-`, `_` and space apart.
pub(crate) fn nearest<'k>(unknown: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    const LONGEST: usize = 64;
    let wanted = folded(unknown);
    if wanted.len() > LONGEST {
        return None;
    }
    known
        .into_iter()
        .filter_map(|name| {
            let candidate = folded(name);
            let most = (wanted.len().max(candidate.len()) / 3).clamp(1, 4);
            if candidate.len().abs_diff(wanted.len()) > most || wanted.len() < 2 {
                return None;
            }
            let wrong = distance(&wanted, &candidate);
            (wrong <= most).then_some((wrong, name))
        })
        .min_by_key(|(wrong, _)| *wrong)
        .map(|(_, name)| name)
}

fn folded(name: &str) -> Vec<char> {
    // A text past all names is not folded whole.
    name.chars().take(65).flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | ' ') { '_' } else { c }).collect()
}

/// Edits from one text to the other: letters added, dropped, changed or swapped with a neighbour
/// (the restricted distance of Damerau and Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i);
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_name_that_was_meant() {
        let known = ["windows", "work", "end_windows", "skills"];
        assert_eq!(nearest("widnows", known), Some("windows"));
        assert_eq!(nearest("End-Windows", known), Some("end_windows"));
        assert_eq!(nearest("skill", known), Some("skills"));
        assert_eq!(nearest("priority", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"w".repeat(1_000_000), known), None);
    }
}
