//! The list of tickets that are not in the plan, with the reason and what would help.

use super::Picture;
use super::canvas::{Canvas, GREY, Ink, Rect, fitted, width};
use super::figures::Figures;
use super::glyphs;
use super::words::words;
use crate::export::{SlaState, class_of};
use crate::plan::Unassigned;

const LINE: f64 = 36.0;
const HEAD: f64 = 34.0;
/// Tickets that get a line; the rest is counted.
const MOST: usize = 5;

/// How much room the list needs.
pub(super) fn height(picture: &Picture<'_>) -> f64 {
    match picture.plan.unassigned.len() {
        0 => HEAD,
        count if count <= MOST => HEAD + count as f64 * LINE,
        _ => HEAD + MOST as f64 * LINE + 20.0,
    }
}

pub(super) fn draw(canvas: &mut Canvas, picture: &Picture<'_>, rect: Rect) {
    let words = words(picture.lang);
    let unassigned = &picture.plan.unassigned;
    let head = rect.y + 23.0;
    if unassigned.is_empty() {
        // A plan that forgets jobs is no reason to rejoice.
        if Figures::of(picture.problem, picture.plan).done < picture.problem.jobs.len() {
            return;
        }
        glyphs::state(canvas, (rect.x + 5.0, head - 5.0), SlaState::OnTime);
        canvas.text((rect.x + 16.0, head), Ink::new(14.0).colour(GREY), words.all_assigned);
        return;
    }
    let title = format!("{} ({})", words.unassigned, unassigned.len());
    canvas.text((rect.x, head), Ink::new(15.0).bold(), &title);
    for (at, left) in unassigned.iter().take(MOST).enumerate() {
        line(canvas, picture, left, rect, rect.y + HEAD + at as f64 * LINE);
    }
    if unassigned.len() > MOST {
        let more = format!("+ {} {}", unassigned.len() - MOST, words.more);
        canvas.text((rect.x + 20.0, rect.bottom() - 6.0), Ink::new(13.0).colour(GREY), &more);
    }
}

fn line(canvas: &mut Canvas, picture: &Picture<'_>, left: &Unassigned, rect: Rect, y: f64) {
    let lang = picture.lang;
    let words = words(lang);
    let job = picture.problem.job(left.job);
    glyphs::cross(canvas, (rect.x + 7.0, y + 8.0), 4.0);
    let name = format!("{} {}", job.id, class_of(job.priority));
    let name = fitted(name.trim_end(), 13.0, 140.0);
    canvas.text((rect.x + 20.0, y + 13.0), Ink::new(13.0).bold(), &name);
    let x = rect.x + 20.0 + width(&name, 13.5) + 12.0;
    let place = [job.customer.as_deref(), job.asset.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    canvas.text((x, y + 13.0), Ink::new(13.0), &fitted(&place, 13.0, rect.right() - x));
    let reasons = left.reasons.iter().map(|reason| {
        format!(
            "{} ({} {}: {})",
            reason.name(lang),
            reason.technicians,
            words.technicians_short,
            reason.miss.in_lang(lang)
        )
    });
    let relaxation =
        left.relaxation.iter().map(|relaxation| format!("{}: {}", words.would_fit_if, relaxation.change.in_lang(lang)));
    let why = relaxation.chain(reasons).collect::<Vec<_>>().join(" · ");
    let x = rect.x + 20.0;
    canvas.text((x, y + 29.0), Ink::new(12.0).colour(GREY), &fitted(&why, 12.0, rect.right() - x));
}
