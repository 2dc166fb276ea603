//! Small signs: states of promises, places, boxes. Each state has a shape of its own beside its
//! colour.

use super::canvas::{Canvas, Rect, number};
use crate::export::SlaState;

/// The colour of a state.
pub(super) fn state_colour(state: SlaState) -> &'static str {
    match state {
        SlaState::None => "#9aa5b1",
        SlaState::OnTime => "#00805c",
        SlaState::AtRisk => "#b97800",
        SlaState::Late => "#c2183c",
    }
}

/// The sign of a state: a disc when kept, a triangle at risk, a diamond when late.
pub(super) fn state(canvas: &mut Canvas, (x, y): (f64, f64), state: SlaState) {
    let colour = state_colour(state);
    let fill = format!("fill=\"{colour}\"");
    match state {
        SlaState::None => {}
        SlaState::OnTime => canvas.circle((x, y), 3.2, &fill),
        SlaState::AtRisk => canvas.path(&shape(x, y, &[(0.0, -4.2), (4.2, 3.2), (-4.2, 3.2)]), &fill),
        SlaState::Late => canvas.path(&shape(x, y, &[(0.0, -4.8), (4.8, 0.0), (0.0, 4.8), (-4.8, 0.0)]), &fill),
    }
}

/// Where a technician starts: a small house.
pub(super) fn house(canvas: &mut Canvas, (x, y): (f64, f64), colour: &str) {
    let walls = [(0.0, -6.5), (6.5, -0.5), (4.5, -0.5), (4.5, 5.5), (-4.5, 5.5), (-4.5, -0.5), (-6.5, -0.5)];
    let paint = format!("fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"1.5\" stroke-linejoin=\"round\"");
    canvas.path(&shape(x, y, &walls), &paint);
}

/// A site with stock: a dark box.
pub(super) fn store(canvas: &mut Canvas, (x, y): (f64, f64), half: f64) {
    let rect = Rect { x: x - half, y: y - half, w: 2.0 * half, h: 2.0 * half };
    canvas.rect(rect, "fill=\"#1f2933\" stroke=\"#ffffff\" stroke-width=\"1.5\" rx=\"2\"");
    let (left, right, lid) = (x - half * 0.6, x + half * 0.6, y - half * 0.2);
    canvas.line((left, lid), (right, lid), "stroke=\"#ffffff\" stroke-width=\"1.4\"");
    canvas.line((x, y - half * 0.6), (x, lid), "stroke=\"#ffffff\" stroke-width=\"1.4\"");
}

/// A ticket that nobody has: a cross.
pub(super) fn cross(canvas: &mut Canvas, (x, y): (f64, f64), half: f64) {
    for (colour, wide) in [("#ffffff", 6.5), ("#c2183c", 3.4)] {
        let paint = format!("stroke=\"{colour}\" stroke-width=\"{wide}\" stroke-linecap=\"round\"");
        canvas.line((x - half, y - half), (x + half, y + half), &paint);
        canvas.line((x - half, y + half), (x + half, y - half), &paint);
    }
}

/// A closed shape around a point.
fn shape(x: f64, y: f64, corners: &[(f64, f64)]) -> String {
    let mut data = String::new();
    for (at, (dx, dy)) in corners.iter().enumerate() {
        data.push(if at == 0 { 'M' } else { 'L' });
        data.push_str(&format!("{} {}", number(x + dx), number(y + dy)));
    }
    data.push('Z');
    data
}
