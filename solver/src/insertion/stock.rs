//! What a route could get from the stores for one more job, as a number: while it stays the same, so does
//! what is known of the two. Remembers nothing itself.

use crate::instance::NodeKind;
use crate::solution::{Solution, node_of};
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, SiteIx};

/// Parts that a route and a newcomer need, with their units: kept between calls for its memory.
pub(super) type Needs = Vec<(PartIx, u32)>;

/// Names a route of this version together with what lots and vans would give to it and the job. No more
/// of a lot counts than the two could take, so that what others fetch from a full store changes nothing.
/// 64 bits: two of them agree by chance as rarely as memory fails.
pub(super) fn fingerprint(solution: &Solution<'_>, shift: ShiftIx, job: JobIx, version: u64, needs: &mut Needs) -> u64 {
    let instance = solution.instance;
    let route = solution.route(shift);
    needs.clear();
    let on_route = route.stops.iter().map(|stop| stop.id);
    for id in on_route.chain([node_of(job)]) {
        let NodeKind::Job(job) = instance.kind(id) else { continue };
        for need in &instance.job(job).parts {
            match needs.iter_mut().find(|(part, _)| *part == need.part) {
                Some((_, units)) => *units = units.saturating_add(need.quantity),
                None => needs.push((need.part, need.quantity)),
            }
        }
    }
    let own = &instance.job(job).parts;
    let mut hash = mix(0x9e37_79b9_7f4a_7c15, version);
    for (part, units) in needs.iter() {
        hash = mix(hash, u64::from(solution.van_elsewhere(shift, *part)));
        let asked = own.iter().any(|need| need.part == *part);
        for site in 0..instance.problem.sites.len() {
            for lot in instance.lots_of(SiteIx::from(site), *part) {
                let left = solution.lots_left()[lot.index()];
                let fetched = route.supply.fetches.iter().filter(|fetch| fetch.lot == Some(*lot));
                let within_reach = left + fetched.map(|fetch| fetch.quantity).sum::<u32>();
                // A site with nothing left of what the newcomer needs is not gone to for it.
                let spent = asked && left == 0;
                hash = mix(hash, u64::from(within_reach.min(*units)) << 1 | u64::from(spent));
            }
        }
    }
    hash
}

/// One more number into a hash (the finaliser of MurmurHash3, Appleby 2011).
fn mix(hash: u64, number: u64) -> u64 {
    let mut mixed = (hash ^ number).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^= mixed >> 33;
    mixed = mixed.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}
