//! The progress bar: share of the budget, best price, jobs left out; and how far the reading of a map is. Only
//! where standard error is a terminal, and drawn only when there is something new: no ticker.

use dispatch_data::lang::Lang;
use dispatch_data::{say, word};
use dispatch_routing::Stage;
use dispatch_solver::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

const STEPS: u64 = 1000;

/// A bar on standard error.
pub(crate) struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    /// A bar, or none where nobody watches.
    pub(crate) fn on_terminal(lang: Lang) -> Option<Self> {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::new(STEPS);
        if let Ok(style) = ProgressStyle::with_template("[{bar:30}] {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        Some(Self { bar, lang })
    }
    /// Shows what is being done with a map.
    pub(crate) fn show_stage(&self, stage: Stage) {
        let (share, doing) = match stage {
            Stage::Reading => (0.0, word!("reading the map")),
            Stage::Graph | Stage::Turns | Stage::Components | Stage::Index => (0.25, word!("joining the roads")),
            Stage::Order => (0.4, word!("cutting the map into an order")),
            // Shape, metric, and what later versions do between.
            _ => (0.9, word!("working out shortcuts")),
        };
        self.bar.set_position((share * STEPS as f64) as u64);
        self.bar.set_message(doing.in_lang(self.lang));
    }
    /// Shows how far the search is.
    pub(crate) fn show(&self, share: f64, progress: Progress) {
        let Progress { iterations, cost, unassigned } = progress;
        self.bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        let best = say!("best {}, {} unassigned, {} iterations", cost, unassigned, iterations);
        self.bar.set_message(best.in_lang(self.lang).to_owned());
    }
    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
