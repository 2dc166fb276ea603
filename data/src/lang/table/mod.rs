//! The one table of Chinese: every English sentence of the engine with its Chinese, by who says it.
//!
//! A sentence stands once, under the first who says it. Nothing reads the table at run time.

mod command;
mod export;
mod format;
mod import;
mod judge;
mod literature;
mod live;
mod service;
mod solver;
mod validate;
mod words;

/// All sentences: English, Chinese.
pub const TABLE: &[&[(&str, &str)]] = &[
    words::TABLE,
    format::TABLE,
    validate::TABLE,
    import::TABLE,
    judge::TABLE,
    solver::TABLE,
    export::TABLE,
    literature::TABLE,
    command::TABLE,
    service::TABLE,
    live::TABLE,
];
