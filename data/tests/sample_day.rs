//! The bundled day reads without a finding and is what its description says.

use dispatch_data::format::read_problem;
use dispatch_data::ids::{PartIx, SkillIx};
use dispatch_data::problem::{Priority, Problem};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn day() -> Problem {
    let file = samples().join("liechtenstein-day.json");
    let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    read_problem(text).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[test]
fn the_day_has_what_its_description_says() {
    let day = day();
    assert_eq!((day.jobs.len(), day.technicians.len(), day.sites.len()), (80, 12, 2));
    assert_eq!((day.skills.len(), day.regions.len()), (8, 3));
    let classes = Priority::ALL.map(|class| day.jobs.iter().filter(|job| job.priority == Some(class)).count());
    assert_eq!(classes, [6, 19, 29, 26]);
    assert_eq!(day.horizon.zone.iana_name(), Some("Europe/Vaduz"));
    assert_eq!(day.horizon.start.to_zoned(day.horizon.zone.clone()).weekday(), jiff::civil::Weekday::Monday);
    assert!(day.lots.iter().any(|lot| lot.at.0 == 10 * 3600 + 1800), "no delivery at half past ten");
}

#[test]
fn every_ticket_lies_in_a_region_and_each_region_has_tickets() {
    let day = day();
    let regions: BTreeSet<_> = day.jobs.iter().map(|job| job.region.expect("a region")).collect();
    assert_eq!(regions.len(), 3);
}

#[test]
fn promises_are_counted_on_the_calendars() {
    let day = day();
    let promised =
        |test: fn(&dispatch_data::problem::Sla) -> bool| day.jobs.iter().filter(|job| test(&job.sla)).count();
    assert_eq!(promised(|sla| sla.respond.is_some()), 6);
    assert!(promised(|sla| sla.arrive.is_some()) >= 20);
    assert!(promised(|sla| sla.resolve.is_some()) >= 50);
    assert_eq!(promised(|sla| sla.resolve.is_some_and(|promise| promise.limit.is_some())), 2);
}

#[test]
fn exactly_two_tickets_can_be_done_by_nobody() {
    let day = day();
    let best = |skill: SkillIx| {
        let levels = day.technicians.iter().flat_map(|who| &who.skills).filter(|own| own.skill == skill);
        levels.map(|own| own.level).max().unwrap_or(0)
    };
    let units = |part: PartIx| {
        let vans = day.technicians.iter().flat_map(|who| &who.stock).filter(|(held, _)| *held == part);
        let lots = day.lots.iter().filter(|lot| lot.part == part);
        vans.map(|(_, units)| *units).sum::<u32>() + lots.map(|lot| lot.quantity).sum::<u32>()
    };
    let hopeless = |job: &&dispatch_data::problem::Job| {
        job.skills.all_of.iter().any(|need| best(need.skill) < need.level)
            || job.parts.iter().any(|need| units(need.part) < need.quantity)
    };
    let ids: Vec<&str> = day.jobs.iter().filter(hopeless).map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["T-1079", "T-1080"]);
}

#[test]
fn the_script_writes_the_file_that_is_there() {
    let script = samples().join("make_day.py");
    match Command::new("python3").arg(script).arg("--check").output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => println!("skipped: no python3"),
    }
}
