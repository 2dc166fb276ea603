//! Subset-row cuts: of three jobs, days that serve two or more of them can together be taken once at most.
//!
//! They bring the relaxed program nearer to whole plans (Jepsen, Petersen, Spoorendonk & Pisinger 2008), at the price
//! of labels that remember of which cuts they have seen one job ([`super::labels`]). Rows are [`super::model`]'s.

use dispatch_data::ids::JobIx;

/// Cuts of one program at most: each makes labels and programs dearer.
pub(super) const MOST: usize = 40;
/// By how much a cut must be broken to be worth a row.
const LEAST_BREACH: f64 = 0.05;
/// New cuts at a time, and how many of them may share a job.
const AT_A_TIME: usize = 30;
const OF_A_JOB: usize = 4;

// One bit each.
const _: () = assert!(MOST <= u128::BITS as usize);

/// Cuts, and for each job of the instance those that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Cuts {
    count: usize,
    of_job: Vec<u128>,
}

impl Cuts {
    /// None yet.
    pub(super) fn new(jobs: usize) -> Self {
        Self { count: 0, of_job: vec![0; jobs] }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// One more.
    pub(super) fn add(&mut self, jobs: [JobIx; 3]) {
        jobs.iter().for_each(|job| self.of_job[job.index()] |= 1 << self.count);
        self.count += 1;
    }

    /// The cuts that a job stands in, one bit each.
    pub(super) fn of_job(&self, job: JobIx) -> u128 {
        self.of_job[job.index()]
    }

    /// The cuts of which these jobs hold two or more, ascending.
    pub(super) fn met(&self, jobs: impl Iterator<Item = JobIx>) -> impl Iterator<Item = usize> {
        let (mut once, mut twice) = (0, 0);
        if self.count > 0 {
            for job in jobs {
                let own = self.of_job(job);
                twice |= once & own;
                once |= own;
            }
        }
        bits(twice)
    }
}

/// The bits of a set, ascending.
pub(super) fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        at
    })
}

/// Cuts that days taken in such parts break most, at most `room`.
pub(super) fn broken(jobs: usize, days: &[(f64, Vec<JobIx>)], room: usize) -> Vec<[JobIx; 3]> {
    let room = room.min(AT_A_TIME);
    if room == 0 {
        return Vec::new();
    }
    let mut pairs = vec![0.0; jobs * jobs];
    let mut days_of: Vec<Vec<u32>> = vec![Vec::new(); jobs];
    for (at, (value, day)) in days.iter().enumerate() {
        for a in day {
            days_of[a.index()].push(at as u32);
            day.iter().for_each(|b| pairs[a.index() * jobs + b.index()] += value);
        }
    }
    let mut found: Vec<(f64, [usize; 3])> = Vec::new();
    for a in 0..jobs {
        for b in a + 1..jobs {
            let ab = pairs[a * jobs + b];
            for c in b + 1..jobs {
                let sum = ab + pairs[a * jobs + c] + pairs[b * jobs + c];
                if sum > 1.0 + LEAST_BREACH {
                    let holds = |day: &u32, job: &usize| days_of[*job].binary_search(day).is_ok();
                    let all = days_of[a].iter().filter(|day| holds(day, &b) && holds(day, &c));
                    let breach = sum - 2.0 * all.map(|day| days[*day as usize].0).sum::<f64>() - 1.0;
                    if breach > LEAST_BREACH {
                        found.push((breach, [a, b, c]));
                    }
                }
            }
        }
    }
    found.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut uses = vec![0; jobs];
    let mut chosen = Vec::new();
    for (_, triple) in found {
        if chosen.len() == room {
            break;
        }
        if triple.iter().all(|job| uses[*job] < OF_A_JOB) {
            triple.iter().for_each(|job| uses[*job] += 1);
            chosen.push(triple.map(JobIx::from));
        }
    }
    chosen
}
