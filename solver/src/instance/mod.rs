//! The instance: a problem lowered to what the search looks at millions of times a second.
//!
//! Dense ids, flat arrays, settled eligibility, neighbour lists. Made once per solve and shared
//! read-only; knows no route and no plan.

mod around;
mod eligibility;
mod guest;
mod neighbours;
mod shifts;

pub(crate) use around::Around;
pub(crate) use eligibility::pace as pace_of;
pub(crate) use eligibility::{BitMatrix, certified_span, keeps_out, keeps_out_but, keeps_ticket_out};
pub(crate) use guest::{GUEST, GUEST_PLACE, Guest};
pub(crate) use shifts::{FIXED_POINT, Grade, ShiftInfo, overtime_to_last_visit};

use crate::frozen;
use dispatch_data::ids::{JobIx, LotIx, PartIx, PlaceIx, ProfileIx, ShiftIx, SiteIx};
use dispatch_data::plan::Plan;
use dispatch_data::problem::{Job, PartQuantity, Problem, Technician, Window};
use dispatch_data::rule::Rule;
use dispatch_data::travel::{Leg, LegSource, ProfileLegs, Travel, TravelMatrix};
use dispatch_data::units::{Cost, Duration, Permille, Time};
use smallvec::SmallVec;
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A stop of a route, as the search sees it: a job, or a collection at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

/// What a node is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Job(JobIx),
    Collection(SiteIx),
}

/// What the clock needs of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeInfo {
    pub(crate) place: PlaceIx,
    pub(crate) work: Duration,
    pub(crate) setup: Duration,
    /// Start windows; one for a plain node.
    pub(crate) windows: (u32, u32),
    pub(crate) open: Time,
    pub(crate) close: Time,
    /// One window and nothing else binds the start.
    pub(crate) plain: bool,
    /// Consumes parts or needs tools.
    pub(crate) supplied: bool,
    /// Has promises or a current start that cost money.
    pub(crate) promised: bool,
    /// Limits of promises bind.
    pub(crate) limits: bool,
    /// Completion windows bind.
    pub(crate) ends: bool,
    /// Names technicians or shifts, so that equal shifts are not equal to it.
    pub(crate) choosy: bool,
    /// Bound by an order to other pinned jobs.
    pub(crate) ordered: bool,
    /// Price of leaving it out; zero for collections.
    pub(crate) drop: Cost,
}

/// A problem made ready for the search. Cheap to clone.
#[derive(Clone)]
pub struct Instance<'p> {
    pub(crate) problem: &'p Problem,
    pub(crate) travel: &'p Travel,
    /// A job looked at that is not one of the problem's.
    guest: Option<&'p Guest>,
    pub(crate) lowered: Lowered,
}

/// What an instance holds of its own: all but the problem and its travel. Cheap to clone.
#[derive(Clone)]
pub struct Lowered {
    pub(crate) jobs: usize,
    sites: u32,
    pub(crate) nodes: Arc<[NodeInfo]>,
    pub(crate) shifts: Arc<[ShiftInfo]>,
    pub(crate) eligible: Arc<BitMatrix>,
    /// Pairs of shift and job where no tool is missing.
    pub(crate) tooled: Arc<BitMatrix>,
    /// Parts of each job, side by side in memory.
    parts: Arc<[SmallVec<[PartQuantity; 2]>]>,
    /// Eligible shifts of each job where shifts are few; empty lists where they are many.
    pub(crate) eligible_shifts: Arc<Vec<Vec<ShiftIx>>>,
    pub(crate) neighbours: Arc<Vec<Vec<JobIx>>>,
    /// Eligible shifts that start nearest to each job, one of each class; empty lists where shifts are few.
    pub(crate) near_shifts: Arc<Vec<Vec<ShiftIx>>>,
    /// Shifts by class, and each shift's rank in its class.
    pub(crate) class_members: Arc<Vec<Vec<ShiftIx>>>,
    pub(crate) rank_in_class: Arc<Vec<u32>>,
    /// Some job consumes parts or needs tools.
    pub(crate) any_supply: bool,
    /// What a route can offer may hang on what others take: from stores of limited stock, or from a van
    /// that serves several shifts.
    pub(crate) stock_is_shared: bool,
    /// Every site has all it stocks without end, so nobody takes what another needs.
    pub(crate) boundless: bool,
    /// Technician and start of each job in the current plan.
    pub(crate) current: Arc<Vec<Option<(ShiftIx, Time)>>>,
    /// Jobs whose visit is frozen: done or under way, and nobody's to plan.
    pub(crate) is_frozen: Arc<[bool]>,
    /// Pairs that only the freeze keeps apart: a day that is over, a leader too late for its follower.
    pub(crate) barred: Arc<HashSet<(ShiftIx, JobIx)>>,
    /// Units in each lot that no frozen collection has taken.
    pub(crate) lots_at_start: Arc<[u32]>,
    /// A start that moves against the current plan has a price.
    pub(crate) starts_are_priced: bool,
    /// Some job has a promise that costs when it is kept late.
    pub(crate) promises: bool,
    /// Jobs that must come after this one when they share its shift.
    pub(crate) followers: Arc<HashMap<JobIx, Vec<JobIx>>>,
    windows: Arc<[Window]>,
    /// By travel class, the quickest legs of the day; and how to ask for the leg at a moment where
    /// that makes a difference.
    matrices: Arc<[TravelMatrix]>,
    /// The same with both ends of each leg exchanged, where there is room.
    reversed: Arc<[Option<TravelMatrix>]>,
    timed: Arc<[Option<(ProfileIx, Permille)>]>,
    /// Lots of a site and part, earliest first.
    lots: Arc<Vec<Vec<LotIx>>>,
}

impl Deref for Instance<'_> {
    type Target = Lowered;
    #[inline]
    fn deref(&self) -> &Lowered {
        &self.lowered
    }
}

impl DerefMut for Instance<'_> {
    fn deref_mut(&mut self) -> &mut Lowered {
        &mut self.lowered
    }
}

impl<'p> Instance<'p> {
    /// Lowers a problem. `O(jobs × shifts)` for eligibility, `O(jobs² log)` for neighbours.
    pub fn new(problem: &'p Problem, travel: &'p Travel) -> Self {
        let (legs, likeness) = (travel_classes(problem, travel), shifts::classes(problem));
        let mut instance = Self::lowered(problem, travel, eligibility::settle(problem, travel), legs, &likeness);
        instance.matrices = around::in_one_piece(&instance.matrices).into();
        instance.reversed = around::reversed(&instance.matrices).into();
        frozen::settle(&mut instance, true);
        instance.neighbours = Arc::new(neighbours::nearest(&instance));
        instance.near_shifts = Arc::new(neighbours::near_shifts(&instance));
        instance.eligible_shifts = Arc::new(neighbours::eligible_shifts(&instance));
        instance
    }

    /// Lowers a problem to hold one plan and look at guests: eligible are only the pairs of the plan
    /// that keep the rules, nobody has neighbours, and no two shifts are held to be equal. Linear.
    pub(crate) fn of_plan(problem: &'p Problem, travel: &'p Travel, plan: &Plan) -> Self {
        Self::holding(problem, travel, plan, travel_classes(problem, travel))
    }

    /// The same where one was lowered before from a problem with the same technicians: its tables of legs
    /// stay in use, with one more place where one is `told` beside the `travel_before`. `None` where that
    /// cannot be.
    pub(crate) fn of_plan_after(
        before: &Lowered,
        travel_before: &Travel,
        (problem, travel): (&'p Problem, &'p Travel),
        plan: &Plan,
        told: &[ProfileLegs],
    ) -> Option<Self> {
        let (of_technician, kinds) = classes_of_technicians(problem);
        let mut matrices = before.matrices.to_vec();
        if kinds.len() != matrices.len() {
            return None;
        }
        if !told.is_empty() {
            for (matrix, (profile, speed)) in matrices.iter_mut().zip(&kinds) {
                let legs = travel_before.told_quickest(*profile, *speed, told.get(profile.index())?);
                *matrix = matrix.with_place(legs).ok()?;
            }
        }
        if matrices.iter().any(|matrix| matrix.size() != travel.places()) {
            return None;
        }
        let legs = TravelClasses { matrices, timed: before.timed.to_vec(), of_technician };
        Some(Self::holding(problem, travel, plan, legs))
    }

    fn holding(problem: &'p Problem, travel: &'p Travel, plan: &Plan, legs: TravelClasses) -> Self {
        let mut eligible = BitMatrix::new(problem.shifts.len(), problem.jobs.len());
        for route in &plan.routes {
            for job in route.jobs() {
                if keeps_out_but(problem, travel, route.shift, job, &[Rule::Clock]).is_none() {
                    eligible.set(route.shift.index(), job.index());
                }
            }
        }
        let own: Vec<usize> = (0..problem.shifts.len()).collect();
        let mut instance = Self::lowered(problem, travel, eligible, legs, &own);
        instance.neighbours = Arc::new(vec![Vec::new(); problem.jobs.len()]);
        instance.near_shifts = Arc::new(vec![Vec::new(); problem.jobs.len()]);
        instance.eligible_shifts = Arc::new(vec![Vec::new(); problem.jobs.len()]);
        frozen::settle(&mut instance, false);
        instance
    }

    /// What was lowered before, put back beside its problem and travel.
    pub(crate) fn again(problem: &'p Problem, travel: &'p Travel, lowered: Lowered) -> Self {
        Self { problem, travel, guest: None, lowered }
    }

    /// `likeness`: a number per shift, equal for equal ones.
    fn lowered(
        problem: &'p Problem,
        travel: &'p Travel,
        eligible: BitMatrix,
        legs: TravelClasses,
        likeness: &[usize],
    ) -> Self {
        let mut windows = Vec::new();
        let nodes = lower_nodes(problem, &mut windows);
        let TravelClasses { matrices, timed, of_technician } = legs;
        let current = current_visits(problem);
        let rush: Vec<bool> = of_technician.iter().map(|class| timed[*class].is_some()).collect();
        let shifts = shifts::lower(problem, &nodes, &of_technician, &rush, likeness);
        let promises = nodes.iter().any(|node| node.promised);
        let any_supply = nodes.iter().any(|node| node.supplied);
        let mut class_members: Vec<Vec<ShiftIx>> = vec![Vec::new(); shifts.len()];
        let mut rank_in_class = Vec::with_capacity(shifts.len());
        for shift in &shifts {
            rank_in_class.push(class_members[shift.class].len() as u32);
            class_members[shift.class].push(shift.ix);
        }
        let boundless = problem.sites.iter().all(|site| site.unlimited);
        let shares_van = shifts.iter().any(|shift| shift.shares_van);
        let lowered = Lowered {
            jobs: problem.jobs.len(),
            sites: problem.sites.len() as u32,
            nodes: nodes.into(),
            shifts: shifts.into(),
            eligible: Arc::new(eligible),
            tooled: Arc::new(eligibility::tooled(problem)),
            parts: problem.jobs.iter().map(|job| SmallVec::from_slice(&job.parts)).collect(),
            eligible_shifts: Arc::default(),
            neighbours: Arc::default(),
            near_shifts: Arc::default(),
            class_members: Arc::new(class_members),
            rank_in_class: Arc::new(rank_in_class),
            any_supply,
            stock_is_shared: !boundless || shares_van,
            boundless,
            is_frozen: vec![false; problem.jobs.len()].into(),
            barred: Arc::default(),
            lots_at_start: problem.lots.iter().map(|lot| lot.quantity).collect(),
            promises,
            starts_are_priced: problem.objective.moved_start.0 != 0 && current.iter().any(Option::is_some),
            current: Arc::new(current),
            followers: Arc::new(followers(problem)),
            windows: windows.into(),
            reversed: vec![None; matrices.len()].into(),
            matrices: matrices.into(),
            timed: timed.into(),
            lots: Arc::new(lots(problem)),
        };
        Self { problem, travel, guest: None, lowered }
    }

    /// The node of a job.
    #[inline]
    pub(crate) fn job_node(job: JobIx) -> NodeId {
        NodeId(job.0)
    }
    /// The node of a collection at a site.
    #[inline]
    pub(crate) fn site_node(&self, site: SiteIx) -> NodeId {
        NodeId(self.jobs as u32 + site.0)
    }
    #[inline]
    pub(crate) fn kind(&self, node: NodeId) -> NodeKind {
        if self.is_job(node) {
            NodeKind::Job(JobIx(node.0))
        } else {
            NodeKind::Collection(SiteIx(node.0 - self.jobs as u32))
        }
    }
    #[inline]
    pub(crate) fn is_job(&self, node: NodeId) -> bool {
        // Jobs, then sites, then far off the guest: one comparison.
        node.0.wrapping_sub(self.jobs as u32) >= self.sites
    }
    /// Whether a node may cost one shift more than another of the same class.
    pub(crate) fn tells_shifts_apart(&self, node: NodeId) -> bool {
        let NodeKind::Job(job) = self.kind(node) else { return false };
        let objective = &self.problem.objective;
        self.nodes[job.index()].choosy
            || (objective.moved_technician.0 != 0 && self.current[job.index()].is_some())
            || (objective.not_preferred_technician.0 != 0 && !self.problem.job(job).preferred_technicians.is_empty())
    }
    #[inline]
    pub(crate) fn node(&self, node: NodeId) -> &NodeInfo {
        match self.nodes.get(node.0 as usize) {
            Some(known) => known,
            None => self.guest_node(),
        }
    }
    /// A job of the problem, or the guest.
    #[inline]
    pub(crate) fn job(&self, job: JobIx) -> &'p Job {
        match self.problem.jobs.get(job.index()) {
            Some(known) => known,
            None => self.guest_job(),
        }
    }
    /// The parts that a job consumes.
    #[inline]
    pub(crate) fn parts_of(&self, job: JobIx) -> &[PartQuantity] {
        match self.parts.get(job.index()) {
            Some(parts) => parts,
            None => &self.guest_job().parts,
        }
    }
    /// Shift and start of a job in the current plan.
    #[inline]
    pub(crate) fn promised(&self, job: JobIx) -> Option<(ShiftIx, Time)> {
        self.current.get(job.index()).copied().flatten()
    }
    #[inline]
    pub(crate) fn shift(&self, shift: ShiftIx) -> &ShiftInfo {
        &self.shifts[shift.index()]
    }
    /// The legs that the technician of a shift travels.
    #[inline]
    pub(crate) fn legs(&self, shift: &ShiftInfo) -> &TravelMatrix {
        &self.matrices[shift.travel_class]
    }
    /// The legs that the technician of a shift travels to and from one place.
    #[inline]
    pub(crate) fn around(&self, shift: &ShiftInfo, place: PlaceIx) -> Around<'_> {
        Around::new(&self.matrices[shift.travel_class], self.reversed[shift.travel_class].as_ref(), place)
    }
    /// The leg between two places; where there are rush hours, the quickest of the day, which is never
    /// longer than the leg at a moment.
    #[inline]
    pub(crate) fn leg(&self, shift: &ShiftInfo, from: PlaceIx, to: PlaceIx) -> Leg {
        match self.matrices[shift.travel_class].known(from, to) {
            Some(leg) => leg,
            None => self.guest_leg(shift.travel_class, from, to),
        }
    }
    /// Where the legs of a shift come from, if they are worked out on demand.
    fn source(&self, shift: &ShiftInfo) -> Option<&Arc<dyn LegSource>> {
        self.matrices[shift.travel_class].source()
    }
    /// The leg of who leaves at a moment.
    #[inline]
    pub(crate) fn leg_at(&self, shift: &ShiftInfo, from: PlaceIx, to: PlaceIx, departure: Time) -> Leg {
        match self.timed[shift.travel_class] {
            None => self.leg(shift, from, to),
            Some(timed) if from.max(to) == GUEST_PLACE => self.guest_leg_at(timed, from, to, departure),
            Some((profile, speed)) => self.travel.leg(profile, speed, from, to, departure),
        }
    }
    /// Lots of a part at a site, earliest first.
    pub(crate) fn lots_of(&self, site: SiteIx, part: PartIx) -> &[LotIx] {
        &self.lots[site.index() * self.problem.parts.len() + part.index()]
    }
    /// Lets the work of a job start at any time.
    pub(crate) fn unbind_windows(&mut self, job: JobIx) {
        let first = self.windows.len() as u32;
        let whole = Window { open: Time(0), close: self.problem.horizon.end() };
        self.windows = self.windows.iter().copied().chain([whole]).collect();
        let node = &mut Arc::make_mut(&mut self.nodes)[job.index()];
        node.windows = (first, first + 1);
        node.open = whole.open;
        node.close = whole.close;
        node.ends = false;
    }
    pub(crate) fn windows(&self, node: &NodeInfo) -> &[Window] {
        match self.windows.get(node.windows.0 as usize..node.windows.1 as usize) {
            Some(windows) => windows,
            None => self.guest_windows(),
        }
    }
    /// How long a node keeps the technician of a shift.
    #[inline]
    pub(crate) fn work(&self, shift: &ShiftInfo, id: NodeId, node: &NodeInfo) -> Duration {
        if shift.even_pace || !self.is_job(id) { node.work } else { self.paced_work(shift, JobIx(id.0)) }
    }
    #[cold]
    fn paced_work(&self, shift: &ShiftInfo, job: JobIx) -> Duration {
        let job = self.job(job);
        let technician = self.problem.technician(shift.technician);
        job.work.paced(eligibility::pace(technician, &job.skills, self.problem.shift(shift.ix)))
    }
}

fn lower_nodes(problem: &Problem, windows: &mut Vec<Window>) -> Vec<NodeInfo> {
    let always = Window { open: Time(0), close: problem.horizon.end() };
    let after = |job: &Job| job.pin.as_ref().and_then(|pin| pin.after);
    let leaders: HashSet<JobIx> = problem.jobs.iter().filter_map(after).collect();
    let dated = eligibility::dated_skills(problem);
    let current = current_visits(problem);
    let mut nodes = Vec::with_capacity(problem.jobs.len() + problem.sites.len());
    for (at, job) in problem.jobs.iter().enumerate() {
        let first = windows.len() as u32;
        windows.extend(start_windows(job));
        let moves = problem.objective.moved_start.0 != 0 && current[at].is_some();
        let leads = leaders.contains(&JobIx::from(at));
        nodes.push(lower_job(problem, job, &dated, &windows[first as usize..], first, moves, leads));
    }
    for site in &problem.sites {
        let first = windows.len() as u32;
        if site.opening.is_empty() {
            windows.push(always);
        } else {
            windows.extend(&site.opening);
        }
        let own = &windows[first as usize..];
        nodes.push(NodeInfo {
            place: site.place,
            work: site.collection,
            setup: Duration::ZERO,
            windows: (first, windows.len() as u32),
            open: own[0].open,
            close: own[own.len() - 1].close,
            plain: own.len() == 1,
            supplied: false,
            limits: false,
            ends: false,
            choosy: false,
            promised: false,
            ordered: false,
            drop: Cost::ZERO,
        });
    }
    nodes
}

/// Allowed starts of a job: its windows, cut by what the dispatcher fixed.
fn start_windows(job: &Job) -> Vec<Window> {
    let pinned = job.pin.as_ref().and_then(|pin| pin.window);
    let cut = job.windows.iter().filter_map(|window| {
        let open = pinned.map_or(window.open, |pin| window.open.max(pin.open));
        let close = pinned.map_or(window.close, |pin| window.close.min(pin.close));
        (open <= close).then_some(Window { open, close })
    });
    let own: Vec<Window> = cut.collect();
    // A pin outside every window: nothing can be planned, and the reasons will say so.
    if own.is_empty() { vec![Window { open: Time::NEVER, close: Time::ALWAYS }] } else { own }
}

/// The node of a job whose start windows `own` stand at `first` in the list of all. `moves`: its start
/// has a price against the current plan; `leads`: another job is pinned after it.
fn lower_job(
    problem: &Problem,
    job: &Job,
    dated: &[bool],
    own: &[Window],
    first: u32,
    moves: bool,
    leads: bool,
) -> NodeInfo {
    let sla = &job.sla;
    let deadlines = [sla.respond, sla.arrive, sla.resolve];
    let limited = deadlines.iter().flatten().any(|deadline| deadline.limit.is_some());
    NodeInfo {
        place: job.place,
        work: job.work,
        setup: job.setup,
        windows: (first, first + own.len() as u32),
        open: own[0].open,
        close: own[own.len() - 1].close,
        plain: own.len() == 1
            && job.end_windows.is_empty()
            && !limited
            && !job.skills.all_of.iter().any(|asked| dated[asked.skill.index()]),
        supplied: !job.parts.is_empty() || !job.tools.is_empty(),
        limits: limited,
        ends: !job.end_windows.is_empty(),
        choosy: eligibility::names_technicians(job),
        promised: deadlines.iter().flatten().next().is_some() || moves,
        ordered: leads || job.pin.as_ref().is_some_and(|pin| pin.after.is_some()),
        drop: problem.leaving_price(job),
    }
}

/// One class per (profile, speed); shifts share them.
#[derive(Default)]
struct TravelClasses {
    matrices: Vec<TravelMatrix>,
    timed: Vec<Option<(ProfileIx, Permille)>>,
    of_technician: Vec<usize>,
}

fn travel_classes(problem: &Problem, travel: &Travel) -> TravelClasses {
    let (of_technician, kinds) = classes_of_technicians(problem);
    TravelClasses {
        matrices: kinds.iter().map(|(profile, speed)| travel.quickest(*profile, *speed)).collect(),
        timed: kinds.into_iter().map(|kind| travel.hours(kind.0).map(|_| kind)).collect(),
        of_technician,
    }
}

/// The travel class of each technician, and what each class is.
fn classes_of_technicians(problem: &Problem) -> (Vec<usize>, Vec<(ProfileIx, Permille)>) {
    let mut known: HashMap<(u32, Permille), usize> = HashMap::new();
    let mut kinds = Vec::new();
    let of = |technician: &Technician| {
        let (profile, speed) = (technician.profile, technician.speed);
        *known.entry((profile.0, speed)).or_insert_with(|| {
            kinds.push((profile, speed));
            kinds.len() - 1
        })
    };
    let of_technician = problem.technicians.iter().map(of).collect();
    (of_technician, kinds)
}

fn current_visits(problem: &Problem) -> Vec<Option<(ShiftIx, Time)>> {
    let mut current = vec![None; problem.jobs.len()];
    for route in problem.current.iter().flat_map(|plan| &plan.routes) {
        for stop in &route.stops {
            if let dispatch_data::plan::Activity::Visit { job, member: _, parts: _ } = &stop.activity {
                current[job.index()] = Some((route.shift, stop.start));
            }
        }
    }
    current
}

fn followers(problem: &Problem) -> HashMap<JobIx, Vec<JobIx>> {
    let mut followers: HashMap<JobIx, Vec<JobIx>> = HashMap::new();
    for (at, job) in problem.jobs.iter().enumerate() {
        if let Some(before) = job.pin.as_ref().and_then(|pin| pin.after) {
            followers.entry(before).or_default().push(JobIx::from(at));
        }
    }
    followers
}

/// Lots by site and part, row by row.
fn lots(problem: &Problem) -> Vec<Vec<LotIx>> {
    let mut lots: Vec<Vec<LotIx>> = vec![Vec::new(); problem.sites.len() * problem.parts.len()];
    for (at, lot) in problem.lots.iter().enumerate() {
        lots[lot.site.index() * problem.parts.len() + lot.part.index()].push(LotIx::from(at));
    }
    for list in &mut lots {
        list.sort_by_key(|lot| problem.lot(*lot).at);
    }
    lots
}
