//! Writing SVG elements: numbers to a tenth of a pixel, texts escaped, widths of texts guessed.
//!
//! Knows nothing of plans.

use std::fmt::Write;

/// A rectangle in pixels; y grows downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) h: f64,
}

impl Rect {
    pub(super) fn right(self) -> f64 {
        self.x + self.w
    }
    pub(super) fn bottom(self) -> f64 {
        self.y + self.h
    }
}

/// How a text is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    pub(super) size: f64,
    pub(super) colour: &'static str,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
    /// A white rim, for texts on the map.
    pub(super) halo: bool,
}

/// Which point of a text stands at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Dark text.
pub(super) const DARK: &str = "#1f2933";
/// Text of less weight.
pub(super) const GREY: &str = "#52606d";

impl Ink {
    pub(super) fn new(size: f64) -> Self {
        Self { size, colour: DARK, bold: false, anchor: Anchor::Start, halo: false }
    }
    pub(super) fn colour(self, colour: &'static str) -> Self {
        Self { colour, ..self }
    }
    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
    pub(super) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
    pub(super) fn halo(self) -> Self {
        Self { halo: true, ..self }
    }
}

/// An SVG in the making.
pub(super) struct Canvas {
    out: String,
}

const FONTS: &str = "Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', 'PingFang SC', 'Microsoft YaHei', \
                     'Noto Sans SC', 'Noto Sans CJK SC', sans-serif";

impl Canvas {
    pub(super) fn new(width: f64, height: f64) -> Self {
        let mut out = String::new();
        let (w, h) = (number(width), number(height));
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             font-family=\"{FONTS}\">\n\
             <defs>\
             <pattern id=\"wait\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
             <path d=\"M1 1h1v1h-1z\" fill=\"#7b8794\"/></pattern>\
             <pattern id=\"break\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"6\" height=\"6\" fill=\"#e4e7eb\"/>\
             <path d=\"M-1 7L7 -1M2 10L10 2M-4 4L4 -4\" stroke=\"#9aa5b1\" stroke-width=\"1.4\"/></pattern>\
             <pattern id=\"over\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"7\" height=\"7\" fill=\"#fdf6e3\"/>\
             <path d=\"M-1 6L8 15M-1 -1L8 8\" stroke=\"#ead9a6\" stroke-width=\"1.2\"/></pattern>\
             </defs>\n"
        );
        Self { out }
    }
    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
    /// Everything drawn until [`Canvas::close`] shares these attributes.
    pub(super) fn open(&mut self, attributes: &str) {
        let _ = writeln!(self.out, "<g {attributes}>");
    }
    pub(super) fn close(&mut self) {
        self.out.push_str("</g>\n");
    }
    /// Cuts what is drawn until [`Canvas::close`] to a rectangle.
    pub(super) fn clip(&mut self, id: &str, rect: Rect) {
        let Rect { x, y, w, h } = rect;
        let (x, y, w, h) = (number(x), number(y), number(w), number(h));
        let _ = writeln!(
            self.out,
            "<clipPath id=\"{id}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>\n\
             <g clip-path=\"url(#{id})\">"
        );
    }
    /// A rectangle of one colour.
    pub(super) fn fill(&mut self, rect: Rect, colour: &str) {
        self.rect(rect, &format!("fill=\"{colour}\""));
    }
    pub(super) fn rect(&mut self, rect: Rect, attributes: &str) {
        let Rect { x, y, w, h } = rect;
        let (x, y, w, h) = (number(x), number(y), number(w.max(0.0)), number(h.max(0.0)));
        let _ = writeln!(self.out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" {attributes}/>");
    }
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), attributes: &str) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let _ = writeln!(self.out, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {attributes}/>");
    }
    pub(super) fn circle(&mut self, centre: (f64, f64), radius: f64, attributes: &str) {
        let (x, y, r) = (number(centre.0), number(centre.1), number(radius));
        let _ = writeln!(self.out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" {attributes}/>");
    }
    /// A path; `data` is written with [`number`]s.
    pub(super) fn path(&mut self, data: &str, attributes: &str) {
        if !data.is_empty() {
            let _ = writeln!(self.out, "<path d=\"{data}\" {attributes}/>");
        }
    }
    /// Paths that [`Canvas::repeat`] draws by their ids, as often as wanted; empty ones are left out.
    pub(super) fn define<'p>(&mut self, paths: impl Iterator<Item = (String, &'p str)>) {
        self.out.push_str("<defs>\n");
        for (id, data) in paths.filter(|(_, data)| !data.is_empty()) {
            let _ = writeln!(self.out, "<path id=\"{id}\" d=\"{data}\"/>");
        }
        self.out.push_str("</defs>\n");
    }
    /// A path defined before; `attributes` begin with a space.
    pub(super) fn repeat(&mut self, id: &str, attributes: &str) {
        let _ = writeln!(self.out, "<use href=\"#{id}\"{attributes}/>");
    }
    /// A text on one line; `at` is the anchor on the base line.
    pub(super) fn text(&mut self, at: (f64, f64), ink: Ink, text: &str) {
        let Ink { size, colour, bold, anchor, halo } = ink;
        let (x, y, size) = (number(at.0), number(at.1), number(size));
        let weight = if bold { " font-weight=\"700\"" } else { "" };
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let rim = if halo {
            " stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""
        } else {
            ""
        };
        let text = escaped(text);
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\"{weight}{anchor}{rim}>{text}</text>"
        );
    }
    /// A tip that viewers show over what is drawn until [`Canvas::close`].
    pub(super) fn tip(&mut self, text: &str) {
        let text = escaped(text);
        let _ = writeln!(self.out, "<g><title>{text}</title>");
    }
}

/// To a tenth of a pixel, without a trailing zero.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    in_tenths(tenths(value))
}

fn tenths(value: f64) -> i64 {
    (value.clamp(-1e6, 1e6) * 10.0).round() as i64
}

/// A count of tenths as a number without a trailing zero.
fn in_tenths(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

/// The path data of a line through points in pixels; points closer than `least` to the last one
/// drawn are dropped. Steps are written from point to point, which is shorter, and each is taken
/// between rounded points, so that no rounding adds up.
pub(super) fn polyline(points: impl Iterator<Item = (f64, f64)>, least: f64) -> String {
    let points: Vec<(f64, f64)> = points.collect();
    let mut data = String::new();
    let mut last: Option<(f64, f64)> = None;
    for (at, point) in points.iter().enumerate() {
        let near = last.is_some_and(|last| (last.0 - point.0).abs() + (last.1 - point.1).abs() < least);
        if near && at + 1 < points.len() {
            continue;
        }
        let (x, y) = (tenths(point.0), tenths(point.1));
        match last {
            None => {
                let _ = write!(data, "M{} {}", in_tenths(x), in_tenths(y));
            }
            Some((from_x, from_y)) => {
                let _ = write!(data, "l{} {}", in_tenths(x - tenths(from_x)), in_tenths(y - tenths(from_y)));
            }
        }
        last = Some(*point);
    }
    data
}

/// A text for XML; characters that XML forbids are dropped.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\t' | '\r' => safe.push(' '),
            control if control.is_control() => {}
            '\u{fffe}' | '\u{ffff}' => {}
            other => safe.push(other),
        }
    }
    safe
}

/// About how wide a text is: viewers bring their own fonts.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.3,
            'm' | 'w' | 'M' | 'W' => 0.9,
            ' ' | 't' | 'f' | 'r' | '-' | '(' | ')' | '/' | '·' => 0.38,
            wide if (wide as u32) >= 0x2e80 => 1.0,
            upper if upper.is_uppercase() => 0.7,
            _ => 0.58,
        })
        .sum();
    ems * size
}

/// As much of a text as fits into `room` pixels, with a mark where it was cut.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        let mut longer = short.clone();
        longer.push(letter);
        if width(&longer, size) + size * 0.8 > room {
            break;
        }
        short = longer;
    }
    if short.is_empty() { short } else { format!("{}…", short.trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_one_decimal() {
        assert_eq!([0.04, -0.04, 12.0, -3.25, 99.96].map(number), ["0", "0", "12", "-3.3", "100"]);
        assert_eq!(number(f64::NAN), "0");
    }

    #[test]
    fn texts_cannot_break_out_of_the_picture() {
        let mut canvas = Canvas::new(10.0, 10.0);
        canvas.text((1.0, 2.0), Ink::new(12.0), "</text><script>\"&\u{0}\n");
        let text = canvas.finish();
        assert!(text.contains(">&lt;/text&gt;&lt;script&gt;&quot;&amp; </text>"), "{text}");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_with_a_mark() {
        assert_eq!(fitted("Vaduz", 10.0, 100.0), "Vaduz");
        let short = fitted("Landesspital Vaduz, Haus B", 10.0, 60.0);
        assert!(short.ends_with('…') && width(&short, 10.0) <= 62.0, "{short}");
        assert_eq!(fitted("Vaduz", 10.0, 3.0), "");
    }

    #[test]
    fn a_line_keeps_its_ends_and_drops_points_that_lie_together() {
        let line = polyline([(0.0, 0.0), (0.1, 0.1), (5.0, 0.0), (5.1, 0.0)].into_iter(), 0.5);
        assert_eq!(line, "M0 0l5 0l0.1 0");
    }
}
