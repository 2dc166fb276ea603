//! The legend: what every sign of the picture means.

use super::canvas::{Canvas, GREY, Ink, Rect, width};
use super::{glyphs, words::words};
use crate::export::SlaState;
use crate::lang::Lang;

const COLOUR: &str = "#0072b2";

pub(super) fn draw(canvas: &mut Canvas, lang: Lang, rect: Rect) {
    let words = words(lang);
    let y = rect.y + 25.0;
    canvas.line((rect.x, rect.y + 6.0), (rect.right(), rect.y + 6.0), "stroke=\"#d9dee4\"");
    let mut pen = Pen { canvas, x: rect.x, y };
    pen.entry(words.visit, |canvas, x, y| canvas.rect(bar(x, y, 18.0), &format!("fill=\"{COLOUR}\" rx=\"2\"")));
    pen.entry(words.setup, |canvas, x, y| {
        canvas.rect(bar(x, y, 18.0), &format!("fill=\"{COLOUR}\" fill-opacity=\"0.4\" rx=\"2\""));
    });
    pen.entry(words.travel, |canvas, x, y| {
        let line = Rect { x, y: y - 2.5, w: 18.0, h: 5.0 };
        canvas.rect(line, &format!("fill=\"{COLOUR}\" fill-opacity=\"0.55\""));
    });
    pen.entry(words.waiting, |canvas, x, y| canvas.rect(bar(x, y, 18.0), WAIT));
    pen.entry(words.rest, |canvas, x, y| canvas.rect(bar(x, y, 18.0), BREAK));
    pen.entry(words.collection, |canvas, x, y| canvas.rect(bar(x, y, 18.0), COLLECT));
    pen.entry(words.overtime, |canvas, x, y| {
        canvas.rect(bar(x, y, 18.0), "fill=\"url(#over)\" stroke=\"#ead9a6\"");
    });
    pen.entry(words.home, |canvas, x, y| glyphs::house(canvas, (x + 9.0, y), COLOUR));
    pen.entry(words.site, |canvas, x, y| glyphs::store(canvas, (x + 9.0, y), 7.0));
    pen.entry(words.unassigned, |canvas, x, y| glyphs::cross(canvas, (x + 9.0, y), 4.5));
    pen.canvas.text((pen.x + 8.0, y + 4.5), Ink::new(13.0).colour(GREY), words.promised_by);
    pen.x += width(words.promised_by, 13.0) + 18.0;
    for (label, state) in
        [(words.kept, SlaState::OnTime), (words.at_risk, SlaState::AtRisk), (words.late, SlaState::Late)]
    {
        pen.entry(label, |canvas, x, y| {
            glyphs::state(canvas, (x + 9.0, y - 3.0), state);
            canvas.fill(Rect { x, y: y + 4.0, w: 18.0, h: 3.0 }, glyphs::state_colour(state));
        });
    }
}

pub(super) const WAIT: &str = "fill=\"url(#wait)\" stroke=\"#9aa5b1\" stroke-width=\"0.8\" stroke-dasharray=\"2 2\"";
pub(super) const BREAK: &str = "fill=\"url(#break)\" stroke=\"#9aa5b1\" stroke-width=\"0.8\" rx=\"2\"";
pub(super) const COLLECT: &str = "fill=\"#1f2933\" rx=\"2\"";

fn bar(x: f64, y: f64, w: f64) -> Rect {
    Rect { x, y: y - 6.5, w, h: 13.0 }
}

struct Pen<'a> {
    canvas: &'a mut Canvas,
    x: f64,
    y: f64,
}

impl Pen<'_> {
    fn entry(&mut self, label: &str, sign: impl FnOnce(&mut Canvas, f64, f64)) {
        sign(self.canvas, self.x, self.y);
        self.canvas.text((self.x + 25.0, self.y + 4.5), Ink::new(13.0), label);
        self.x += 25.0 + width(label, 13.0) + 22.0;
    }
}
