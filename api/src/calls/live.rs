//! Calls about live plans: questions, answers of technicians, events.

use super::{Call, VERSION, ok};
use crate::store::Scope;
use crate::{live, plans};
use axum::routing::{get, post};
use dispatch_data::described;

/// In the order in which they are documented.
pub(super) const CALLS: &[Call] = &[
    Call {
        method: "post",
        path: "/v1/recommendations",
        name: "recommend",
        scope: Some(Scope::Plan),
        summary: described!(
            "Who should take a ticket? Every place on every shift that may take it is priced exactly, against the \
                  newest version of a plan, or a problem that comes along; best technicians first (ten unless `most` \
                  says otherwise), with start, added cost by term, slack of each promise, visits that would move, and \
                  where parts come from; and how many others each rule keeps out. With `everybody` each of them by \
                  name, which takes longer; with `slots` the cheapest way to start \
                  within each span; with `technician` instead of a ticket the open jobs that suit that one best. \
                  Nothing is changed."
        ),
        query: &[],
        head: &[],
        takes: Some("RecommendationRequest"),
        gives: &[ok("Recommendation", described!("offers, slots, or jobs"))],
        refuses: &[404, 409],
        handler: Some(|| post(live::recommend)),
    },
    Call {
        method: "post",
        path: "/v1/plans/{id}/accept",
        name: "acceptTicket",
        scope: Some(Scope::Plan),
        summary: described!(
            "A technician takes a ticket: it is put in at the cheapest place and stays with that technician. Names \
                  the version that was asked; another one in force is answered with 409 and its number."
        ),
        query: &[],
        head: &[],
        takes: Some("Acceptance"),
        gives: &[ok("NewVersion", described!("the version with the ticket, and what became different"))],
        refuses: &[404, 409],
        handler: Some(|| post(live::accept)),
    },
    Call {
        method: "post",
        path: "/v1/plans/{id}/refuse",
        name: "refuseJob",
        scope: Some(Scope::Plan),
        summary: described!(
            "A technician does not take a job: it is never offered to the same person again, and taken from that \
                  person where it was planned and not yet begun."
        ),
        query: &[],
        head: &[],
        takes: Some("Declined"),
        gives: &[ok("NewVersion", described!("the version without it, and what became different"))],
        refuses: &[404, 409],
        handler: Some(|| post(live::decline)),
    },
    Call {
        method: "post",
        path: "/v1/plans/{id}/changes",
        name: "changePlan",
        scope: Some(Scope::Plan),
        summary: described!(
            "Something happened: a job was added, cancelled, started, finished, takes longer; a technician is late, \
                  sick, somewhere else; parts arrived or are missing. What has begun stays, the rest is planned anew from \
                  the plan in force, and what that changes of its promises costs what the objective says. Answers with \
                  the difference. The same events, seed and `iterations` give the same plan."
        ),
        query: &[
            ("seconds", "Seconds", described!("time to search; 1 where nothing is said")),
            ("iterations", "Iterations", described!("iterations to search instead: the same seed gives the same plan")),
            ("seed", "Seed", described!("seed of all randomness")),
        ],
        head: &[],
        takes: Some("Changes"),
        gives: &[ok("NewVersion", described!("the new version, and what became different"))],
        refuses: &[404, 409],
        handler: Some(|| post(live::change)),
    },
    Call {
        method: "get",
        path: "/v1/plans/{id}/problem",
        name: "getProblemOfPlan",
        scope: Some(Scope::Read),
        summary: described!(
            "The problem that a version of a plan answers: as it was handed in, or with all that has happened since."
        ),
        query: &[VERSION],
        head: &[],
        takes: None,
        gives: &[ok("Problem", described!("the problem"))],
        refuses: &[404, 409, 422],
        handler: Some(|| get(plans::problem)),
    },
];
