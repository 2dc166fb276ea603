//! What the stores hold: for each part a first lot and a delivery during the morning, shared by all, with a
//! fifth more than the planted plan takes.

use super::PARTS;
use super::numbers::Numbers;
use dispatch_data::ids::{LotIx, PartIx, SiteIx};
use dispatch_data::plan::{Activity, Plan, Take};
use dispatch_data::problem::{Draft, Lot};
use dispatch_data::units::{Duration, Time};

/// Minutes since midnight at which deliveries come.
const DELIVERY: (i64, i64) = (9 * 60 + 30, 12 * 60);

/// So many units and a fifth more, rounded up.
pub(super) fn with_spare(units: u32) -> u32 {
    (units * 6).div_ceil(5)
}

/// What one planted collection takes of a part.
struct Wanted {
    route: usize,
    stop: usize,
    units: u32,
    /// It comes after the delivery.
    late: bool,
}

/// Adds the lots, and tells each collection of the plan what it takes from which: who comes before the
/// delivery from the first stock, the others from the delivery.
pub(super) fn fill(draft: &mut Draft, plan: &mut Plan, numbers: &mut Numbers) {
    for site in (0..draft.sites.len()).map(SiteIx::from) {
        for part in (0..PARTS).map(PartIx) {
            let delivery = Time(0) + Duration::minutes(numbers.between(DELIVERY.0, DELIVERY.1));
            let wanted = wanted(plan, site, part, delivery);
            for late in [false, true] {
                let takers = || wanted.iter().filter(|wanted| wanted.late == late);
                let units: u32 = takers().map(|wanted| wanted.units).sum();
                if units == 0 {
                    continue;
                }
                let lot = LotIx::from(draft.lots.len());
                let at = if late { delivery } else { Time(0) };
                draft.lots.push(Lot { site, part, at, quantity: with_spare(units) });
                for Wanted { route, stop, units, late: _ } in takers() {
                    if let Activity::Collection { site: _, takes, tools: _ } =
                        &mut plan.routes[*route].stops[*stop].activity
                    {
                        takes.push(Take { part, quantity: *units, lot: Some(lot) });
                    }
                }
            }
        }
    }
}

/// Who takes units of a part from a store.
fn wanted(plan: &Plan, site: SiteIx, part: PartIx, delivery: Time) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for (route, planned) in plan.routes.iter().enumerate() {
        let collections = planned
            .stops
            .iter()
            .enumerate()
            .filter(|(_, stop)| matches!(&stop.activity, Activity::Collection { site: own, .. } if *own == site));
        for (at, stop) in collections {
            let sources = planned.stops.iter().flat_map(|stop| match &stop.activity {
                Activity::Visit { job: _, member: _, parts } => parts.as_slice(),
                Activity::Collection { site: _, takes: _, tools: _ } => &[],
            });
            let own = sources.filter(|source| source.part == part && source.collected_at_stop == Some(at));
            let units = own.map(|source| source.quantity).sum();
            if units > 0 {
                wanted.push(Wanted { route, stop: at, units, late: stop.start >= delivery });
            }
        }
    }
    wanted
}
