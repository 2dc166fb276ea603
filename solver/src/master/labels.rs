//! Pricing by labelling: days of one technician that cost less than the prices of the jobs in them.
//!
//! A label is a way from the start of the shift through some stops; labels of one stop and as many
//! stops before it compete, and each way that stays is lengthened by every stop that it can still reach
//! (Desrochers, Desrosiers & Solomon 1992; elementary as in Feillet et al. 2004). Only so many labels
//! stay at a stop, so nothing is proved: what is found here is proposed, and priced for good elsewhere.
//! Breaks, promises, loads, bounds of the road and what lots have left are not seen.

use super::cuts::{self, Cuts};
use crate::instance::{FIXED_POINT, Instance, NodeId, ShiftInfo};
use crate::segment::Segment;
use crate::supply;
use crate::walk::{self, RouteNode};
use dispatch_data::ids::{JobIx, PartIx, ShiftIx, SiteIx};
use dispatch_data::travel::Leg;
use dispatch_data::units::{Duration, Time};
use smallvec::SmallVec;

/// Labels that stay at a stop at most.
const BREADTH: usize = 12;
/// Stops of a way at most.
const LONGEST: usize = 40;
/// Words of a set of stops, and how many jobs and sites of one technician it can tell apart.
const WORDS: usize = 4;
const MOST_SITES: usize = 16;
const MOST_JOBS: usize = WORDS * 64 - MOST_SITES;
/// Parts whose taking from the van is followed.
const PARTS: usize = 6;
/// No label.
const NONE: u32 = u32::MAX;

/// What days are weighed by, in cents.
pub(crate) struct Worth {
    /// What each job of the instance is worth.
    jobs: Vec<f64>,
    /// What a day is fined that holds two jobs of a cut, …
    fines: Vec<f64>,
    /// … and the cuts with a fine that each job stands in.
    fined: Vec<u128>,
}

impl Worth {
    /// By job of the instance and by cut.
    pub(super) fn new(jobs: Vec<f64>, fines: Vec<f64>, cuts: &Cuts) -> Self {
        let with_fine =
            fines.iter().enumerate().filter(|(_, fine)| **fine > 0.0).fold(0, |set, (cut, _)| set | 1 << cut);
        let fined = (0..jobs.len()).map(|job| cuts.of_job(JobIx::from(job)) & with_fine).collect();
        Self { jobs, fines, fined }
    }
}

/// Stops, by their number among a technician's.
type Stops = [u64; WORDS];

/// A hop from one stop to another: how long from the end of the one to the start of the other, and what its road
/// costs in cents. Never possible where the time has no end.
#[derive(Clone, Copy, Debug)]
struct Hop {
    time: Duration,
    price: f64,
}

/// What a job needs that a technician may lack.
#[derive(Clone, Debug, Default)]
struct Need {
    /// The van never has it.
    collected: bool,
    /// Units of the parts followed.
    parts: SmallVec<[(u8, u8); 2]>,
}

/// What competes at a stop.
#[derive(Clone, Copy, Debug)]
struct Front {
    /// Cents of a way that ends as soon as it can, …
    price: f64,
    /// … when that is, …
    ready: Time,
    /// … and the cents that it would have if it ended at time zero without having waited.
    late_price: f64,
    sites: u16,
    label: u32,
}

/// A way so far.
#[derive(Clone, Copy, Debug)]
struct Label {
    stretch: Segment,
    /// Cents of the road and of the fines, less the prices of the jobs.
    weight: f64,
    /// Cuts of which it holds one job, or three.
    odd: u128,
    visited: Stops,
    taken: [u8; PARTS],
    sites: u16,
    stop: u16,
    before: u32,
}

/// The days that one technician might have, made ready.
pub(crate) struct Labels<'a> {
    instance: &'a Instance<'a>,
    shift: ShiftIx,
    /// Jobs, then sites.
    nodes: Vec<NodeId>,
    jobs: usize,
    stops: Vec<Segment>,
    needs: Vec<Need>,
    stocked: [u8; PARTS],
    /// Jobs that lack nothing after a collection, by site.
    helps: Vec<Stops>,
    hops: Vec<Hop>,
    first: Vec<Hop>,
    home: Vec<Hop>,
    /// Stops that can follow each.
    next: Vec<Stops>,
    dusk: Segment,
    /// Cents of a second that is paid.
    work: f64,
}

fn has(set: &Stops, at: usize) -> bool {
    set[at / 64] >> (at % 64) & 1 != 0
}

fn set_of(stops: impl Iterator<Item = usize>) -> Stops {
    stops.fold([0; WORDS], |mut set, at| {
        set[at / 64] |= 1 << (at % 64);
        set
    })
}

/// The members of a set, ascending.
fn members(set: Stops) -> impl Iterator<Item = usize> {
    set.into_iter().enumerate().flat_map(|(word, mut bits)| {
        std::iter::from_fn(move || {
            let at = (bits != 0).then(|| word * 64 + bits.trailing_zeros() as usize);
            bits &= bits.wrapping_sub(1);
            at
        })
    })
}

fn cents(fixed: i64) -> f64 {
    fixed as f64 / f64::from(1_u32 << FIXED_POINT)
}

impl<'a> Labels<'a> {
    /// For a shift and those of `jobs` that it may take.
    pub(crate) fn new(instance: &'a Instance<'a>, shift: ShiftIx, jobs: &[JobIx]) -> Self {
        let info = instance.shift(shift);
        let own = |job: &&JobIx| {
            let node = instance.node(Instance::job_node(**job));
            node.open <= node.close && !node.ordered && instance.eligible.get(shift.index(), job.index())
        };
        let own: Vec<JobIx> = jobs.iter().filter(own).copied().take(MOST_JOBS).collect();
        let mut nodes: Vec<NodeId> = own.iter().map(|job| Instance::job_node(*job)).collect();
        let (needs, stocked) = needs(instance, info, &own);
        let mut helps = Vec::new();
        for site in 0..instance.problem.sites.len().min(MOST_SITES) {
            let site = SiteIx::from(site);
            let helped = set_of((0..own.len()).filter(|at| {
                let supplied = instance.node(nodes[*at]).supplied;
                supplied && supplies(instance, info, site, own[*at])
            }));
            if helped.iter().any(|word| *word != 0) {
                nodes.push(instance.site_node(site));
                helps.push(helped);
            }
        }
        let segment = |id: &NodeId| {
            let node = instance.node(*id);
            Segment::stop(instance.work(info, *id, node), node.open, node.close)
        };
        let stops: Vec<Segment> = nodes.iter().map(segment).collect();
        let from = |id: NodeId| walk::From { place: instance.node(id).place, visit: instance.is_job(id) };
        let hop = |from: walk::From, to: NodeId| {
            let (leg, way) = walk::way(instance, info, from, to);
            Hop::along(info, leg, way.total())
        };
        let home = |id: &NodeId| {
            let leg = walk::way_home(instance, info, instance.node(*id).place);
            Hop::along(info, leg, leg.duration())
        };
        let first: Vec<Hop> = nodes.iter().map(|id| hop(info.dawn(), *id)).collect();
        let hops: Vec<Hop> = nodes.iter().flat_map(|a| nodes.iter().map(|b| hop(from(*a), *b))).collect();
        let reach = |a: usize, b: usize| a != b && stops[a].then(hops[a * nodes.len() + b].time, stops[b]).is_some();
        let next = (0..nodes.len()).map(|a| set_of((0..nodes.len()).filter(|b| reach(a, *b)))).collect();
        Self {
            home: nodes.iter().map(home).collect(),
            dusk: Segment::stop(Duration::ZERO, info.start, info.latest_end),
            work: cents(info.price.work),
            instance,
            shift,
            jobs: own.len(),
            needs,
            stocked,
            helps,
            next,
            hops,
            first,
            stops,
            nodes,
        }
    }

    /// Labels that stay at a stop where it must be quick, and where nothing should be missed.
    pub(crate) const NARROW: usize = 5;
    pub(crate) const BROAD: usize = BREADTH;

    /// The shift it is about.
    pub(crate) fn shift(&self) -> ShiftIx {
        self.shift
    }

    /// At most so many days that cost least beyond what they are worth, the best first, no two of them with the same
    /// stops. Of all ways to a stop `breadth` stay at most.
    pub(crate) fn days(&self, worth: &Worth, most: usize, breadth: usize) -> Vec<Vec<RouteNode>> {
        let breadth = breadth.min(BREADTH);
        let info = self.instance.shift(self.shift);
        let by_job = |id: &NodeId| (worth.jobs[id.0 as usize], worth.fined[id.0 as usize]);
        let own: Vec<(f64, u128)> = self.nodes[..self.jobs].iter().map(by_job).collect();
        let fines = worth.fines.as_slice();
        let mut labels: Vec<Label> = Vec::new();
        let mut layer: Vec<SmallVec<[Front; BREADTH]>> = vec![SmallVec::new(); self.nodes.len()];
        let mut coming = layer.clone();
        let mut found: Vec<(f64, u32)> = Vec::new();
        let dawn = Label {
            stretch: self.dusk,
            weight: 0.0,
            odd: 0,
            visited: [0; WORDS],
            taken: [0; PARTS],
            sites: 0,
            stop: 0,
            before: NONE,
        };
        // Who has no price need not be visited.
        let live = set_of((0..self.nodes.len()).filter(|at| own.get(*at).is_none_or(|(price, _)| *price > 0.0)));
        for to in members(live) {
            self.lengthen(&mut labels, &dawn, NONE, to, self.first[to], (&own, fines), breadth, &mut coming[to]);
        }
        for _ in 0..LONGEST.min(info.max_jobs as usize) {
            std::mem::swap(&mut layer, &mut coming);
            coming.iter_mut().for_each(SmallVec::clear);
            for (from, fronts) in layer.iter().enumerate() {
                for front in fronts {
                    let label = labels[front.label as usize];
                    // Nobody goes to a store only to go home.
                    if from < self.jobs {
                        self.come_home(info, &label, front.label, &mut found);
                    }
                    let next = &self.next[from];
                    let next = std::array::from_fn(|word| next[word] & live[word] & !label.visited[word]);
                    for to in members(next) {
                        let hop = self.hops[from * self.nodes.len() + to];
                        self.lengthen(
                            &mut labels,
                            &label,
                            front.label,
                            to,
                            hop,
                            (&own, fines),
                            breadth,
                            &mut coming[to],
                        );
                    }
                }
            }
            if coming.iter().all(SmallVec::is_empty) {
                break;
            }
        }
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut known: Vec<Stops> = Vec::new();
        let mut days = Vec::new();
        for (_, label) in found {
            if days.len() == most {
                break;
            }
            let visited = labels[label as usize].visited;
            if !known.contains(&visited) {
                known.push(visited);
                days.push(self.trace(&labels, label));
            }
        }
        days
    }

    /// One more stop, where it can follow and is not beaten there.
    #[inline]
    #[allow(clippy::too_many_arguments, reason = "the body of the loops above")]
    fn lengthen(
        &self,
        labels: &mut Vec<Label>,
        label: &Label,
        before: u32,
        to: usize,
        hop: Hop,
        (prices, fines): (&[(f64, u128)], &[f64]),
        breadth: usize,
        fronts: &mut SmallVec<[Front; BREADTH]>,
    ) {
        let Some(stretch) = label.stretch.then(hop.time, self.stops[to]) else { return };
        let (mut sites, mut taken, mut gain, mut odd) = (label.sites, label.taken, 0.0, label.odd);
        if to < self.jobs {
            let (price, fined) = prices[to];
            gain = price - cuts::bits(odd & fined).map(|cut| fines[cut]).sum::<f64>();
            odd ^= fined;
            if !self.supply(label, to, &mut taken) {
                return;
            }
        } else {
            sites |= 1 << (to - self.jobs);
        }
        let weight = label.weight + hop.price - gain;
        let front = Front {
            price: weight + self.work * stretch.duration.0 as f64,
            ready: stretch.earliest + stretch.duration,
            late_price: weight - self.work * stretch.latest.0 as f64,
            sites,
            label: labels.len() as u32,
        };
        if fronts.iter().any(|other| other.beats(&front)) {
            return;
        }
        fronts.retain(|other| !front.beats(other));
        if fronts.len() == breadth {
            let worst = (0..breadth).max_by(|a, b| fronts[*a].price.total_cmp(&fronts[*b].price)).unwrap_or(0);
            if fronts[worst].price <= front.price {
                return;
            }
            fronts.swap_remove(worst);
        }
        fronts.push(front);
        let mut visited = label.visited;
        visited[to / 64] |= 1 << (to % 64);
        labels.push(Label { stretch, weight, odd, visited, taken, sites, stop: to as u16, before });
    }

    /// Whether a job finds what it needs at the end of a way; what it takes from the van is noted.
    #[inline]
    fn supply(&self, label: &Label, to: usize, taken: &mut [u8; PARTS]) -> bool {
        let need = &self.needs[to];
        if !need.collected && need.parts.is_empty() {
            return true;
        }
        if self.helps.iter().enumerate().any(|(site, helped)| label.sites >> site & 1 != 0 && has(helped, to)) {
            return true;
        }
        if need.collected {
            return false;
        }
        for (part, units) in &need.parts {
            let part = usize::from(*part);
            taken[part] = taken[part].saturating_add(*units);
            if taken[part] > self.stocked[part] {
                return false;
            }
        }
        true
    }

    /// Notes what a whole day costs that ends with this label.
    #[inline]
    fn come_home(&self, info: &ShiftInfo, label: &Label, at: u32, found: &mut Vec<(f64, u32)>) {
        let hop = self.home[usize::from(label.stop)];
        let Some(whole) = label.stretch.then(hop.time, self.dusk) else { return };
        if whole.duration <= info.max_duration {
            found.push((label.weight + hop.price + self.work * whole.duration.0 as f64, at));
        }
    }

    /// The stops of a way.
    fn trace(&self, labels: &[Label], last: u32) -> Vec<RouteNode> {
        let mut stops = Vec::new();
        let mut at = last;
        while at != NONE {
            let label = &labels[at as usize];
            stops.push(RouteNode::new(self.nodes[usize::from(label.stop)]));
            at = label.before;
        }
        stops.reverse();
        stops
    }
}

impl Hop {
    /// Over a leg that takes so long with what is done on the way.
    fn along(info: &ShiftInfo, leg: Leg, time: Duration) -> Self {
        if !leg.is_reachable() {
            return Self { time: Duration(i64::MAX / 8), price: 0.0 };
        }
        Self { time, price: cents(info.price.weigh(i64::from(leg.seconds), i64::from(leg.meters), 0)) }
    }
}

impl Front {
    /// Whether whatever follows the other could as well follow this one, and cost no more; who was visited aside.
    #[inline]
    fn beats(&self, other: &Self) -> bool {
        self.price <= other.price
            && self.ready <= other.ready
            && self.late_price <= other.late_price
            && self.sites & other.sites == other.sites
    }
}

/// What each job needs, and what the van has of the parts that are followed.
fn needs(instance: &Instance<'_>, info: &ShiftInfo, jobs: &[JobIx]) -> (Vec<Need>, [u8; PARTS]) {
    let mut followed: Vec<PartIx> = Vec::new();
    let mut stocked = [0; PARTS];
    let needs = jobs.iter().map(|job| {
        let asked = instance.job(*job);
        let mut need = Need { collected: !instance.tooled.get(info.ix.index(), job.index()), ..Need::default() };
        for part in &asked.parts {
            let has = supply::stocked(info, part.part);
            need.collected |= has < part.quantity;
            let known = followed.iter().position(|own| *own == part.part);
            let at = known.or_else(|| {
                (followed.len() < PARTS).then(|| {
                    stocked[followed.len()] = has.min(255) as u8;
                    followed.push(part.part);
                    followed.len() - 1
                })
            });
            need.parts.extend(at.map(|at| (at as u8, part.quantity.min(255) as u8)));
        }
        need
    });
    (needs.collect(), stocked)
}

/// Whether a site has all that a job needs and the van may lack.
fn supplies(instance: &Instance<'_>, info: &ShiftInfo, site: SiteIx, job: JobIx) -> bool {
    let place = instance.problem.site(site);
    if place.unlimited {
        return true;
    }
    let (own, asked) = (instance.problem.technician(info.technician), instance.job(job));
    let lots =
        |part| -> u32 { instance.lots_of(site, part).iter().map(|lot| instance.problem.lot(*lot).quantity).sum() };
    asked.tools.iter().all(|tool| info.holds(own, *tool) || place.tools.contains(tool))
        && asked.parts.iter().all(|part| lots(part.part).max(supply::stocked(info, part.part)) >= part.quantity)
}
