//! The `dispatch` command line: parses, calls, prints.
//!
//! One file per subcommand in `commands`. What can go wrong and with which exit code stands in
//! `failure`; the wall clock is read in `clock` alone, and only `output` writes to the streams.

mod clock;
mod commands;
mod failure;
mod input;
mod interrupt;
mod limits;
mod output;
mod picture;
mod planted;
mod progress;
mod quality;
mod report;
mod roads;
mod search;
mod settings;
mod write;

use clap::Parser;
use clock::Clock;
use commands::Command;
use dispatch_data::lang::Lang;
use std::process::ExitCode;

/// Who goes where, when, with which parts.
///
/// Exit codes: 0 done, and every plan judged is clean; 1 a plan breaks a rule, or the machine
/// failed; 2 the input or the call is wrong, with every finding printed.
#[derive(Parser)]
#[command(name = "dispatch", version, max_term_width = 100)]
struct Arguments {
    /// Findings and results as JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// Language of everything that people read: en or zh. Keys and codes stay the same.
    #[arg(long, global = true, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let clock = Clock::start();
    let Arguments { json, lang, command } = Arguments::parse();
    match command.run(clock, json, lang) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print(json, lang);
            ExitCode::from(failure.code())
        }
    }
}

/// A language on the command line, as a tag such as `zh` or `zh-CN`.
fn language(tag: &str) -> Result<Lang, String> {
    Lang::of_tag(tag).ok_or_else(|| "en or zh".to_owned())
}
