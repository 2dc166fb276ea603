//! The Chinese of every description: what keys of the wire format mean and what calls of the service
//! do, by what is described.
//!
//! A description stands once, under the first that has it. Schemas and the OpenAPI document are made
//! from the English where it stands and the Chinese here.

mod calls;
mod jobs;
mod live;
mod places;
mod plan;
mod problem;
mod technicians;

/// All descriptions: English, Chinese.
pub const DESCRIPTIONS: &[&[(&str, &str)]] =
    &[places::TABLE, problem::TABLE, technicians::TABLE, jobs::TABLE, plan::TABLE, live::TABLE, calls::TABLE];
