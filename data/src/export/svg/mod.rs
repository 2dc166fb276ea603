//! One picture of a plan: title and key figures, a map, a timeline per shift, a legend. A single
//! SVG file that needs nothing else: no script, no style sheet, no font of its own.
//!
//! Roads are drawn where the caller hands in their lines; this crate knows none.

mod axis;
mod canvas;
mod figures;
mod glyphs;
mod legend;
mod map;
mod marks;
#[cfg(test)]
mod tests;
mod timeline;
mod unassigned;
mod words;

use super::Geometry;
use crate::lang::Lang;
use crate::place::Position;
use crate::plan::Plan;
use crate::problem::Problem;
use canvas::{Canvas, Rect};

/// How important a road is, and so how wide it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadClass {
    /// Streets of a town, lanes.
    Local,
    /// Roads between villages.
    Middle,
    /// Main roads.
    Major,
    /// Motorways.
    Motorway,
}

/// A road as a line on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadLine {
    /// How important it is.
    pub class: RoadClass,
    /// Its positions in order.
    pub line: Vec<Position>,
}

/// What a picture is drawn from.
pub struct Picture<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Its plan.
    pub plan: &'a Plan,
    /// Roads in the background; may be empty.
    pub roads: &'a [RoadLine],
    /// The way of each leg; [`super::straight`] where roads are not known.
    pub geometry: &'a Geometry<'a>,
    /// Whom the road data is from, shown in a corner of the map; empty: nobody.
    pub credit: &'a str,
    /// Language of the labels.
    pub lang: Lang,
}

/// Width of the picture in pixels; the height is [`HEIGHT`] or more when there are many shifts.
pub const WIDTH: f64 = 1600.0;
/// Least height of the picture in pixels.
pub const HEIGHT: f64 = 1200.0;

const MARGIN: f64 = 24.0;
const HEAD: f64 = 92.0;
const FOOT: f64 = 44.0;

/// The picture as SVG text.
pub fn svg(picture: &Picture<'_>) -> String {
    let rows = timeline::rows(picture);
    let ways = map::ways(picture);
    let aspect = map::aspect(picture, &ways);
    let notes = unassigned::height(picture);
    let layout = Layout::new(aspect, rows.len(), notes);
    let mut canvas = Canvas::new(WIDTH, layout.height);
    canvas.fill(Rect { x: 0.0, y: 0.0, w: WIDTH, h: layout.height }, "#ffffff");
    figures::draw(&mut canvas, picture, Rect { x: MARGIN, y: 0.0, w: WIDTH - 2.0 * MARGIN, h: HEAD });
    if let Some(rect) = layout.map {
        map::draw(&mut canvas, picture, &ways, rect);
    }
    timeline::draw(&mut canvas, picture, &rows, layout.timeline);
    unassigned::draw(&mut canvas, picture, layout.notes);
    let foot = Rect { x: MARGIN, y: layout.height - FOOT, w: WIDTH - 2.0 * MARGIN, h: FOOT };
    legend::draw(&mut canvas, picture.lang, foot);
    canvas.finish()
}

/// Where the parts of the picture stand.
struct Layout {
    height: f64,
    map: Option<Rect>,
    timeline: Rect,
    notes: Rect,
}

impl Layout {
    /// A tall map stands on the left, a wide one on top; without places there is none. Many rows
    /// make the picture higher.
    fn new(aspect: Option<f64>, rows: usize, notes: f64) -> Self {
        let wide = aspect.is_some_and(|aspect| aspect > 1.15);
        let map_above = if wide { 520.0 } else { 0.0 };
        let needed = timeline::HEAD + rows as f64 * timeline::LEAST_ROW + notes;
        let height = HEIGHT.max(HEAD + map_above + needed + FOOT);
        let (top, inner) = (HEAD, height - HEAD - FOOT);
        let all = WIDTH - 2.0 * MARGIN;
        let (map, x, y, w) = match aspect {
            None => (None, MARGIN, top, all),
            Some(_) if wide => {
                let map = Rect { x: MARGIN, y: top, w: all, h: map_above - 16.0 };
                (Some(map), MARGIN, top + map_above, all)
            }
            Some(aspect) => {
                let map_height = inner.min(HEIGHT - HEAD - FOOT);
                let map = Rect { x: MARGIN, y: top, w: (map_height * aspect).clamp(360.0, 600.0), h: map_height };
                let x = map.x + map.w + 20.0;
                (Some(map), x, top, WIDTH - MARGIN - x)
            }
        };
        let bottom = height - FOOT;
        let timeline = Rect { x, y, w, h: bottom - y - notes };
        Self { height, map, timeline, notes: Rect { x, y: bottom - notes, w, h: notes } }
    }
}
