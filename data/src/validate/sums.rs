//! The whole at once: prices in order, and sums that stay far from 64 bits.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::lang::value;
use crate::limits;
use crate::pointer::Path;
use crate::problem::{Deadline, Draft, Objective, Priority, Shift, Sla, Technician, TravelSource};
use crate::say;
use crate::units::Cost;

impl Checker<'_> {
    /// The objective: each price in its range, the class prices falling, and none so low that a
    /// day's running cost could buy the class out.
    pub(super) fn prices(&mut self) {
        let at = Path::ROOT.key("objective");
        let Objective {
            priority_prices,
            outside_preferred_region,
            not_preferred_technician,
            moved_technician,
            moved_start,
            paid_from: _,
            overtime_until: _,
        } = &self.draft.objective;
        for (key, price) in [
            ("outside_preferred_region", outside_preferred_region),
            ("not_preferred_technician", not_preferred_technician),
            ("moved_technician", moved_technician),
        ] {
            self.range(&at.key(key), price.0, 0, limits::PRICE);
        }
        self.range(&at.key("moved_start"), moved_start.0, 0, limits::RATE);
        let classes = at.key("priority_prices");
        for (class, price) in Priority::ALL.into_iter().zip(priority_prices) {
            self.range(&classes.key(name(class)), price.0, 0, limits::PRICE);
        }
        for pair in [(Priority::P1, Priority::P2), (Priority::P2, Priority::P3), (Priority::P3, Priority::P4)] {
            let (upper, lower) = (priority_prices[pair.0 as usize], priority_prices[pair.1 as usize]);
            if lower > upper {
                let standing = classes.key(name(pair.0));
                let here = classes.key(name(pair.1)).to_string();
                let expected = say!("at most {} ({})", upper.0, standing);
                let finding = Finding::new(here, Code::PriceOrder, expected, value(lower.0));
                self.found.unless_doubtful(finding, &[&standing.to_string()]);
            }
        }
        let Some((dearest, shift)) = Self::dearest_day(self.draft) else { return };
        for (class, price) in Priority::ALL.into_iter().zip(priority_prices) {
            let used = self.draft.jobs.iter().any(|job| job.priority == Some(class) && job.unassigned_price == *price);
            if used && *price <= dearest {
                let here = classes.key(name(class)).to_string();
                let expected =
                    say!("more than {}, the running cost of the whole shift {}", dearest.0, format_args!("{shift:?}"));
                let finding = Finding::new(here, Code::PriceOrder, expected, value(price.0))
                    .hint(say!("at this price it would be cheaper to leave such a job than to send someone"));
                self.found.unless_doubtful(finding, &["/technicians", "/objective", "/horizon"]);
            }
        }
    }

    /// What the dearest day of one shift could cost to run: every second paid and on the road, at
    /// most 24 hours of it and at most 30 m/s, all overtime used. With the shift's id.
    fn dearest_day(draft: &Draft) -> Option<(Cost, &str)> {
        let days = draft.shifts.iter().filter_map(|shift| {
            let technician = draft.technicians.get(shift.technician.index())?;
            Some((running_cost(technician, shift)?, shift.id.as_str()))
        });
        days.max_by_key(|(cost, _)| *cost)
    }

    /// Sums that must stay within 64 bits whatever plan is made, reckoned in 128.
    pub(super) fn sums(&mut self) {
        let draft = self.draft;
        let visits = i128::try_from(draft.jobs.len()).unwrap_or(i128::MAX).saturating_add(2) * 2;
        let length = i128::from(draft.horizon.length.0.clamp(0, limits::HORIZON));
        let (longest_seconds, longest_meters) = self.longest_leg();
        let rate = |pick: fn(&Technician) -> i64| {
            i128::from(draft.technicians.iter().map(pick).max().unwrap_or_default().clamp(0, limits::PRICE))
        };
        let late = draft.jobs.iter().map(|job| {
            let Sla { respond, arrive, resolve } = &job.sla;
            let promises = [respond, arrive, resolve].into_iter().flatten();
            promises.map(|Deadline { due, late_price, limit: _ }| {
                let latest = i128::from(draft.horizon.end().past(*due).0.clamp(0, limits::FARTHEST)) + 2 * length;
                i128::from(late_price.0.clamp(0, limits::RATE)) * latest
            })
        });
        let drops = draft.jobs.iter().map(|job| i128::from(job.unassigned_price.0.clamp(0, i64::MAX)));
        let objective = &draft.objective;
        let sums = [
            (
                "/jobs",
                say!("late prices times the time past their promises"),
                late.flatten().sum(),
                limits::PRODUCT_SUM,
            ),
            ("/jobs", say!("prices for unassigned jobs"), drops.sum(), limits::PRICE_SUM),
            (
                "/technicians",
                say!("travel prices times travel"),
                rate(|t| t.prices.travel.0) * visits * longest_seconds,
                limits::PRODUCT_SUM,
            ),
            (
                "/technicians",
                say!("distance prices times distance"),
                rate(|t| t.prices.distance.0) * visits * longest_meters,
                limits::PRODUCT_SUM,
            ),
            (
                "/technicians",
                say!("shift prices"),
                rate(|t| t.prices.shift.0) * i128::try_from(draft.shifts.len()).unwrap_or(i128::MAX),
                limits::PRICE_SUM,
            ),
            (
                "/objective",
                say!("prices of moved starts"),
                i128::from(objective.moved_start.0.clamp(0, limits::RATE)) * visits * 3 * length,
                limits::PRODUCT_SUM,
            ),
            (
                "/objective",
                say!("prices per visit"),
                [objective.outside_preferred_region, objective.not_preferred_technician, objective.moved_technician]
                    .into_iter()
                    .map(|price| i128::from(price.0.clamp(0, limits::PRICE)) * visits)
                    .sum(),
                limits::PRICE_SUM,
            ),
        ];
        for (at, what, sum, most) in sums {
            if sum > most {
                let expected = say!("{} of at most {} in all", what, most);
                let finding = Finding::new(at, Code::OutOfRange, expected, say!("up to {}", sum));
                self.found.unless_doubtful(finding, &["/horizon", "/travel", "/places"]);
            }
        }
    }

    /// Bounds on seconds and metres of one leg.
    fn longest_leg(&self) -> (i128, i128) {
        let (mut seconds, mut meters) = limits::LEG_ON_EARTH;
        if let TravelSource::Matrices(matrices) = &self.draft.travel {
            let rush = self.draft.profiles.iter().filter_map(|profile| profile.rush.as_ref());
            let all = matrices.iter().chain(rush.flat_map(|rush| &rush.matrices));
            let longest = all.map(|matrix| {
                let own = matrix.longest().map(|leg| (i64::from(leg.seconds), i64::from(leg.meters)));
                own.unwrap_or(limits::LEG_ON_EARTH)
            });
            (seconds, meters) = longest.fold((0, 0), |most, own| (own.0.max(most.0), own.1.max(most.1)));
        }
        (i128::from(seconds), i128::from(meters))
    }
}

fn name(class: Priority) -> &'static str {
    match class {
        Priority::P1 => "P1",
        Priority::P2 => "P2",
        Priority::P3 => "P3",
        Priority::P4 => "P4",
    }
}

/// What a whole shift could cost to run; `None` where its times or prices make no sense.
fn running_cost(technician: &Technician, shift: &Shift) -> Option<Cost> {
    const METERS_PER_SECOND: i128 = 30;
    let span = i128::from((shift.latest_end - shift.start).0.min(limits::DAY));
    let overtime = i128::from((shift.latest_end - shift.regular_end).0.min(limits::DAY));
    if span < 0 || overtime < 0 {
        return None;
    }
    let on_road = shift.max_travel.map_or(span, |most| span.min(i128::from(most.0)));
    let meters = on_road * METERS_PER_SECOND * i128::from(technician.speed.0.max(1000)) / 1000;
    let meters = shift.max_distance.map_or(meters, |most| meters.min(i128::from(most.0)));
    let prices = &technician.prices;
    let cost = i128::from(prices.shift.0)
        + i128::from(prices.work.0) * span / 3600
        + i128::from(prices.travel.0) * on_road / 3600
        + i128::from(prices.overtime.0) * overtime / 3600
        + i128::from(prices.distance.0) * meters / 1000;
    i64::try_from(cost).ok().map(Cost)
}
