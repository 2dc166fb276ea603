//! Where in an input a value stands, kept as links on the stack and written out only for a finding.

use std::fmt;

/// The way from the root to a value.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    up: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    At(usize),
}

impl<'p> Path<'p> {
    /// The whole document.
    pub(crate) const ROOT: Path<'static> = Path { up: None, step: Step::Root };

    /// One step down, by key.
    pub(crate) fn key(&'p self, key: &'p str) -> Self {
        Path { up: Some(self), step: Step::Key(key) }
    }
    /// One step down, by position.
    pub(crate) fn at(&'p self, position: usize) -> Self {
        Path { up: Some(self), step: Step::At(position) }
    }
}

impl fmt::Display for Path<'_> {
    /// As a JSON pointer (RFC 6901).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up {
            up.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Key(key) => write!(f, "/{}", escaped(key)),
            Step::At(position) => write!(f, "/{position}"),
        }
    }
}

/// A key as one step of a JSON pointer. A key beyond all reason is cut, so that the pointer stays
/// readable; it then names no place, but then no reader would want it to.
pub(crate) fn escaped(key: &str) -> String {
    const MOST: usize = 200;
    let step = key.replace('~', "~0").replace('/', "~1");
    match step.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", &step[..cut]),
        None => step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_escapes_slashes_and_tildes() {
        let jobs = Path::ROOT.key("jobs");
        let job = jobs.at(3);
        let parts = job.key("parts");
        assert_eq!(parts.key("a/b~c").to_string(), "/jobs/3/parts/a~1b~0c");
        assert_eq!(Path::ROOT.to_string(), "");
    }
}
