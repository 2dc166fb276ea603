//! What stands on the map: numbered visits in the colour of their route, crosses for tickets left
//! out, sites, and where shifts start. Marks that would cover each other move apart and keep a
//! thin line to their place.

use super::Picture;
use super::canvas::{Anchor, Canvas, Ink, Rect, width};
use super::glyphs::{self, state_colour};
use super::map::Projection;
use crate::export::palette::{ink_on, route_colour};
use crate::export::{SlaState, state_of};
use crate::ids::PlaceIx;
use crate::plan::Activity;

/// With more marks than this they become plain dots where they are.
const MOST_NUMBERED: usize = 400;

/// A mark and where it belongs.
struct Mark {
    home: (f64, f64),
    at: (f64, f64),
    radius: f64,
    sign: Sign,
}

enum Sign {
    Visit {
        number: usize,
        colour: &'static str,
        state: SlaState,
        tip: String,
    },
    Cross {
        tip: String,
    },
    Store {
        name: String,
    },
    House {
        colour: &'static str,
    },
    /// Room for a name beside a site or a cross.
    Name,
}

impl Mark {
    /// Whether other marks give way to it.
    fn is_fixed(&self) -> bool {
        match self.sign {
            Sign::Store { .. } | Sign::Cross { .. } | Sign::Name => true,
            Sign::Visit { .. } | Sign::House { .. } => false,
        }
    }
}

pub(super) fn draw(canvas: &mut Canvas, picture: &Picture<'_>, projection: &Projection, rect: Rect) {
    let mut marks = collect(picture, projection);
    let numbered = marks.len() <= MOST_NUMBERED;
    if numbered {
        let names: Vec<Mark> = marks.iter().flat_map(room_for_name).collect();
        marks.extend(names);
        spread(&mut marks, rect);
    } else {
        marks.iter_mut().for_each(|mark| mark.radius = 3.5);
    }
    for mark in &marks {
        if (mark.home.0 - mark.at.0).hypot(mark.home.1 - mark.at.1) > 3.0 {
            canvas.line(mark.home, mark.at, "stroke=\"#3e4c59\" stroke-width=\"0.8\"");
            canvas.circle(mark.home, 1.6, "fill=\"#3e4c59\"");
        }
    }
    for mark in &marks {
        match &mark.sign {
            Sign::Visit { number, colour, state, tip } => {
                let (rim, wide) = match state {
                    SlaState::Late => (state_colour(SlaState::Late), 2.6),
                    SlaState::None | SlaState::OnTime | SlaState::AtRisk => ("#ffffff", 1.3),
                };
                canvas.tip(tip);
                let paint = format!("fill=\"{colour}\" stroke=\"{rim}\" stroke-width=\"{wide}\"");
                canvas.circle(mark.at, mark.radius, &paint);
                if numbered {
                    let ink = Ink::new(11.0).bold().colour(ink_on(colour)).anchor(Anchor::Middle);
                    canvas.text((mark.at.0, mark.at.1 + 4.0), ink, &number.to_string());
                }
                canvas.close();
            }
            Sign::House { colour } => glyphs::house(canvas, mark.at, colour),
            Sign::Store { .. } | Sign::Cross { .. } | Sign::Name => {}
        }
    }
    for mark in &marks {
        match &mark.sign {
            Sign::Cross { tip } => {
                canvas.tip(tip);
                glyphs::cross(canvas, mark.at, mark.radius * 0.6);
                let ink = Ink::new(11.5).bold().colour(state_colour(SlaState::Late)).halo();
                canvas.text((mark.at.0 + mark.radius + 1.0, mark.at.1 + 4.0), ink, tip);
                canvas.close();
            }
            Sign::Store { name } => {
                glyphs::store(canvas, mark.at, 8.5);
                canvas.text((mark.at.0 + 12.0, mark.at.1 + 4.5), Ink::new(13.0).bold().halo(), name);
            }
            Sign::Visit { .. } | Sign::House { .. } | Sign::Name => {}
        }
    }
}

/// Marks that nobody sees, along the name of a site or a cross.
fn room_for_name(mark: &Mark) -> Vec<Mark> {
    const RADIUS: f64 = 7.0;
    let long = match &mark.sign {
        Sign::Store { name } => width(name, 14.0),
        Sign::Cross { tip } => width(tip, 12.5),
        Sign::Visit { .. } | Sign::House { .. } | Sign::Name => return Vec::new(),
    };
    let count = (long / RADIUS).ceil() as usize;
    let along = (1..=count).map(|step| (mark.at.0 + mark.radius + step as f64 * RADIUS, mark.at.1));
    along.map(|at| Mark { home: at, at, radius: RADIUS, sign: Sign::Name }).collect()
}

fn collect(picture: &Picture<'_>, projection: &Projection) -> Vec<Mark> {
    let problem = picture.problem;
    let mut marks = Vec::new();
    let mut put = |place: PlaceIx, radius: f64, sign: Sign| {
        if let Some(position) = problem.places.get(place.index()).and_then(|place| place.position) {
            let home = projection.point(position);
            marks.push(Mark { home, at: home, radius, sign });
        }
    };
    for site in &problem.sites {
        put(site.place, 10.0, Sign::Store { name: site.id.clone() });
    }
    for (at, route) in picture.plan.routes.iter().enumerate() {
        let colour = route_colour(at);
        let shift = problem.shift(route.shift);
        if !problem.sites.iter().any(|site| site.place == shift.start_place) {
            put(shift.start_place, 7.5, Sign::House { colour });
        }
        for (number, (job, stop)) in route
            .stops
            .iter()
            .filter_map(|stop| match stop.activity {
                Activity::Visit { job, .. } => Some((problem.job(job), stop)),
                Activity::Collection { .. } => None,
            })
            .enumerate()
        {
            let customer = job.customer.as_deref().unwrap_or_default();
            let tip = format!("{} {customer}", job.id);
            put(stop.place, 9.0, Sign::Visit { number: number + 1, colour, state: state_of(job, stop), tip });
        }
    }
    for left in &picture.plan.unassigned {
        let job = problem.job(left.job);
        put(job.place, 9.0, Sign::Cross { tip: job.id.clone() });
    }
    marks
}

/// Pushes marks apart that cover each other, while a weak spring pulls each to its place. Sites,
/// crosses and their names stay.
fn spread(marks: &mut [Mark], rect: Rect) {
    // Marks at one place start in different directions, or they would never part.
    for (at, mark) in marks.iter_mut().enumerate() {
        if !mark.is_fixed() {
            let angle = at as f64 * 2.399_963; // the golden angle: no two directions alike
            mark.at = (mark.home.0 + angle.cos() * 0.6, mark.home.1 + angle.sin() * 0.6);
        }
    }
    for round in 0..300 {
        let mut moved = false;
        for one in 0..marks.len() {
            for other in one + 1..marks.len() {
                moved |= part(marks, one, other);
            }
        }
        for mark in marks.iter_mut().filter(|mark| !mark.is_fixed()) {
            if round < 240 {
                mark.at.0 += (mark.home.0 - mark.at.0) * 0.04;
                mark.at.1 += (mark.home.1 - mark.at.1) * 0.04;
            }
            let rim = mark.radius + 3.0;
            mark.at.0 = mark.at.0.clamp(rect.x + rim, (rect.right() - rim).max(rect.x + rim));
            mark.at.1 = mark.at.1.clamp(rect.y + rim, (rect.bottom() - rim).max(rect.y + rim));
        }
        if !moved {
            break;
        }
    }
}

/// Moves two marks apart when they overlap; whether they did.
fn part(marks: &mut [Mark], one: usize, other: usize) -> bool {
    let (a, b) = (&marks[one], &marks[other]);
    let (dx, dy) = (b.at.0 - a.at.0, b.at.1 - a.at.1);
    let least = a.radius + b.radius + 1.0;
    let apart = dx.hypot(dy);
    if apart >= least {
        return false;
    }
    let (ux, uy) = if apart < 1e-6 { (1.0, 0.0) } else { (dx / apart, dy / apart) };
    let push = (least - apart) / 2.0;
    let (share_a, share_b) = match (a.is_fixed(), b.is_fixed()) {
        (true, true) => return false,
        (true, false) => (0.0, 2.0),
        (false, true) => (2.0, 0.0),
        (false, false) => (1.0, 1.0),
    };
    marks[one].at.0 -= ux * push * share_a;
    marks[one].at.1 -= uy * push * share_a;
    marks[other].at.0 += ux * push * share_b;
    marks[other].at.1 += uy * push * share_b;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_one_place_move_apart_and_stay_near() {
        let mark =
            || Mark { home: (100.0, 100.0), at: (100.0, 100.0), radius: 9.0, sign: Sign::House { colour: "#000000" } };
        let mut marks: Vec<Mark> = (0..12).map(|_| mark()).collect();
        spread(&mut marks, Rect { x: 0.0, y: 0.0, w: 200.0, h: 200.0 });
        for one in 0..marks.len() {
            for other in one + 1..marks.len() {
                let (a, b) = (marks[one].at, marks[other].at);
                assert!((a.0 - b.0).hypot(a.1 - b.1) > 17.0, "{one} and {other}");
            }
            assert!((marks[one].at.0 - 100.0).hypot(marks[one].at.1 - 100.0) < 60.0);
        }
    }

    #[test]
    fn marks_give_way_to_sites_and_their_names() {
        let mark = |at, sign| Mark { home: at, at, radius: 9.0, sign };
        let store = mark((100.0, 100.0), Sign::Store { name: "Store".into() });
        let name = room_for_name(&store);
        let mut marks = vec![store, mark((125.0, 101.0), Sign::House { colour: "#000000" })];
        let under = name.len();
        assert!(under >= 4);
        marks.extend(name);
        spread(&mut marks, Rect { x: 0.0, y: 0.0, w: 300.0, h: 200.0 });
        assert_eq!(marks[0].at, (100.0, 100.0));
        assert!((marks[1].at.1 - 100.0).abs() > 10.0, "{:?}", marks[1].at);
    }
}
