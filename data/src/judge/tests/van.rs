//! With what it is done: parts, stock, tools.

use super::*;
use crate::ids::{JobIx, LotIx, PartIx, SiteIx, TechIx, ToolIx};
use crate::plan::{Activity, PartSource, Take};
use crate::testing::hours;

const JOB: JobIx = JobIx(0);
const PUMP: PartIx = PartIx(0);
const STORE: SiteIx = SiteIx(0);
const STOCK: LotIx = LotIx(0);

/// Ann; a job that takes two pumps; a store on the way that has three.
fn pumps() -> World {
    let mut world = World::new();
    world.technician("Ann");
    let pump = world.part("pump");
    let job = world.job("J1", 30);
    world.consumes(job, pump, 2);
    let store = world.site("store", 10);
    world.lot(store, pump, 3, clock(0, 0));
    world
}

fn take(quantity: u32) -> Take {
    Take { part: PUMP, quantity, lot: Some(STOCK) }
}

fn from_stop(stop: usize, quantity: u32) -> PartSource {
    PartSource { part: PUMP, quantity, collected_at_stop: Some(stop) }
}

fn from_van(quantity: u32) -> PartSource {
    PartSource { part: PUMP, quantity, collected_at_stop: None }
}

/// Reaches the store at 8:10.
fn by_the_store(plan: Sketch<'_>) -> Sketch<'_> {
    plan.day(ANN).collect(STORE, vec![take(2)], vec![]).visit_as(JOB, 0, vec![from_stop(0, 2)])
}

#[test]
fn the_van_holds_what_the_visit_consumes() {
    let mut world = pumps();
    world.technician_mut(TechIx(0)).stock = vec![(PUMP, 2)];
    let line = assert_change_breaks(
        Rule::Parts,
        world,
        |plan| plan.day(ANN).visit(JOB),
        |world| {
            world.technician_mut(TechIx(0)).stock = vec![(PUMP, 1)];
        },
    );
    assert!(line.ends_with("expected 2 × pump, got 1 in the van"), "{line}");
}

#[test]
fn what_was_collected_before_is_in_the_van() {
    let (problem, travel) = pumps().build();
    assert_clean(&problem, &travel, &by_the_store(Sketch::new(&problem, &travel)).plan());
    let late = Sketch::new(&problem, &travel).day(ANN).visit(JOB).collect(STORE, vec![take(2)], vec![]).plan();
    assert_breaks_only(Rule::Parts, &problem, &travel, &late);
}

#[test]
fn stock_carries_over_from_shift_to_shift() {
    let mut world = pumps();
    let later = world.shift(TechIx(0), clock(12, 0), clock(17, 0), clock(19, 0));
    let again = world.job("J2", 30);
    world.consumes(again, PUMP, 1);
    let (problem, travel) = world.build();
    let surplus = |taken| {
        let plan = Sketch::new(&problem, &travel).day(ANN).collect(STORE, vec![take(taken)], vec![]);
        plan.visit_as(JOB, 0, vec![from_stop(0, 2)]).day(later).visit(again).plan()
    };
    assert_clean(&problem, &travel, &surplus(3));
    assert_breaks_only(Rule::Parts, &problem, &travel, &surplus(2));
}

#[test]
fn sources_sum_to_what_is_consumed_and_give_no_more_than_they_have() {
    let mut world = pumps();
    world.technician_mut(TechIx(0)).stock = vec![(PUMP, 1)];
    let (problem, travel) = world.build();
    let plan = |sources: Vec<PartSource>| {
        Sketch::new(&problem, &travel).day(ANN).collect(STORE, vec![take(1)], vec![]).visit_as(JOB, 0, sources).plan()
    };
    assert_clean(&problem, &travel, &plan(vec![from_van(1), from_stop(0, 1)]));
    for sources in [
        vec![from_van(1)],                           // one pump from nowhere
        vec![from_van(2)],                           // the van brought only one
        vec![from_stop(0, 2)],                       // the collection brought only one
        vec![from_van(1), from_stop(1, 1)],          // not a collection
        vec![from_van(1), from_stop(usize::MAX, 1)], // not a stop
    ] {
        assert_breaks_only(Rule::Parts, &problem, &travel, &plan(sources));
    }
}

#[test]
fn all_technicians_together_take_no_more_than_the_lot_holds() {
    let mut world = pumps();
    world.technician("Bob");
    let other = world.job("J2", 20);
    world.consumes(other, PUMP, 1);
    let (problem, travel) = world.clone().build();
    let plan = by_the_store(Sketch::new(&problem, &travel)).day(BOB).collect(STORE, vec![take(1)], vec![]);
    let plan = plan.visit_as(other, 0, vec![from_stop(0, 1)]).plan();
    assert_clean(&problem, &travel, &plan);
    world.draft.lots[0].quantity = 2;
    let (problem, travel) = world.build();
    let line = assert_breaks_only(Rule::Stock, &problem, &travel, &plan);
    assert_eq!(
        line,
        "stock, shift Bob-1 of Bob, stop 1: expected at most 2 from the lot of pump at store from 2026-05-04 00:00:00 on, got 3 by all"
    );
}

#[test]
fn a_delivery_is_not_collected_before_it_is_there() {
    let mut world = pumps();
    world.draft.lots[0].at = clock(8, 10);
    let line = assert_change_breaks(Rule::Stock, world, by_the_store, |world| world.draft.lots[0].at = clock(8, 11));
    assert!(line.contains("expected collection at or after 2026-05-04 08:11:00"), "{line}");
}

#[test]
fn a_collection_starts_while_the_site_is_open() {
    let mut world = pumps();
    world.site_mut(STORE).opening = vec![hours(8, 12)];
    assert_change_breaks(Rule::Stock, world, by_the_store, |world| {
        world.site_mut(STORE).opening[0].open = clock(8, 11);
    });
}

#[test]
fn a_lot_lies_at_one_site_and_is_of_one_part() {
    let mut world = pumps();
    world.part("valve");
    world.site("depot", 20);
    assert_change_breaks(Rule::Stock, world.clone(), by_the_store, |world| world.draft.lots[0].site = SiteIx(1));
    assert_change_breaks(Rule::Stock, world, by_the_store, |world| world.draft.lots[0].part = PartIx(1));
}

#[test]
fn only_an_unlimited_site_gives_without_a_lot() {
    let without = |plan: &mut Plan| {
        if let Activity::Collection { takes, .. } = &mut first(plan).activity {
            takes[0].lot = None;
        }
    };
    let mut world = pumps();
    let (problem, travel) = world.clone().build();
    let mut plan = by_the_store(Sketch::new(&problem, &travel)).plan();
    without(&mut plan);
    assert_breaks_only(Rule::Stock, &problem, &travel, &plan);
    world.site_mut(STORE).unlimited = true;
    let (problem, travel) = world.build();
    assert_clean(&problem, &travel, &plan);
}

#[test]
fn an_unknown_site_gives_nothing() {
    let (problem, travel) = pumps().build();
    let mut plan = by_the_store(Sketch::new(&problem, &travel)).plan();
    if let Activity::Collection { site, .. } = &mut first(&mut plan).activity {
        *site = SiteIx(9);
    }
    assert_breaks_only(Rule::Stock, &problem, &travel, &plan);
}

/// Ann; a job that needs a ladder; a store that has one.
fn ladder() -> (World, ToolIx) {
    let mut world = World::new();
    world.technician("Ann");
    let ladder = world.tool("ladder");
    let job = world.job("J1", 30);
    world.job_mut(job).tools = vec![ladder];
    let store = world.site("store", 10);
    world.site_mut(store).tools = vec![ladder];
    (world, ladder)
}

#[test]
fn a_tool_is_owned_or_collected_before_it_is_needed() {
    let (mut world, ladder) = ladder();
    let (problem, travel) = world.clone().build();
    let sketch = || Sketch::new(&problem, &travel).day(ANN);
    assert_clean(&problem, &travel, &sketch().collect(STORE, vec![], vec![ladder]).visit(JOB).plan());
    let late = sketch().visit(JOB).collect(STORE, vec![], vec![ladder]).plan();
    let line = assert_breaks_only(Rule::Tools, &problem, &travel, &late);
    assert!(line.ends_with("job J1: expected ladder at hand, got neither owned nor collected before"), "{line}");
    world.technician_mut(TechIx(0)).tools = vec![ladder];
    assert_change_breaks(
        Rule::Tools,
        world,
        |plan| plan.day(ANN).visit(JOB),
        |world| {
            world.technician_mut(TechIx(0)).tools.clear();
        },
    );
}

#[test]
fn a_tool_stays_with_the_technician_for_later_shifts() {
    let (mut world, ladder) = ladder();
    let later = world.shift(TechIx(0), clock(12, 0), clock(17, 0), clock(19, 0));
    let (problem, travel) = world.build();
    let plan = Sketch::new(&problem, &travel).day(ANN).collect(STORE, vec![], vec![ladder]);
    assert_clean(&problem, &travel, &plan.day(later).visit(JOB).plan());
}

#[test]
fn a_site_gives_only_tools_it_has() {
    let (mut world, ladder) = ladder();
    world.technician_mut(TechIx(0)).tools = vec![ladder];
    let plan = |plan: Sketch<'_>| plan.day(ANN).collect(STORE, vec![], vec![ToolIx(0)]).visit(JOB).plan();
    let (problem, travel) = world.clone().build();
    let collected = plan(Sketch::new(&problem, &travel));
    assert_clean(&problem, &travel, &collected);
    world.site_mut(STORE).tools.clear();
    let (problem, travel) = world.build();
    assert_breaks_only(Rule::Tools, &problem, &travel, &collected);
}
