//! Settings of the service: by flag, by environment, by file, in that order of weight.
//!
//! Each setting is declared once, as a flag; its variable and its key in the file follow from the name:
//! `--lease-seconds`, `DISPATCH_LEASE_SECONDS`, `lease_seconds`. What they mean is for `dispatch_api`.

use crate::failure::Failure;
use crate::limits::LimitOptions;
use clap::{ArgAction, Args, Command, CommandFactory, ValueEnum};
use dispatch_api::Settings;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Text, quoted, value as said_value};
use dispatch_data::say;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    /// Nothing.
    Off,
    /// What went wrong.
    Error,
    /// Also what may go wrong.
    Warn,
    /// Also requests and jobs.
    #[default]
    Info,
    /// Also connections.
    Debug,
}

/// What a server and a worker are told alike.
#[derive(Args, Debug)]
pub(crate) struct ServiceOptions {
    /// File of settings (TOML).
    #[arg(long, value_name = "FILE", env = "DISPATCH_CONFIG")]
    config: Option<PathBuf>,
    /// Where jobs, plans and keys are kept: a file, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, value_name = "ADDRESS", env = "DISPATCH_STORE", default_value = "dispatch.db", hide_env_values = true)]
    store: String,
    #[command(flatten)]
    limits: LimitOptions,
    /// Hours for which finished plans are kept.
    #[arg(long, value_name = "HOURS", env = "DISPATCH_KEEP_HOURS", default_value_t = 168.0, value_parser = hours)]
    keep_hours: f64,
    /// Seconds after which a silent worker loses its jobs to others.
    #[arg(long, value_name = "SECONDS", env = "DISPATCH_LEASE_SECONDS", default_value_t = 15.0, value_parser = crate::commands::seconds)]
    lease_seconds: f64,
    /// How often a job is begun before it is given up because its workers fell silent.
    #[arg(long, value_name = "N", env = "DISPATCH_ATTEMPTS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    attempts: u32,
    /// A map that problems may name; give it again for more.
    #[arg(long, value_name = "NAME=FILE", env = "DISPATCH_MAPS", value_delimiter = ',', value_parser = map)]
    maps: Vec<(String, PathBuf)>,
    /// Let webhooks lead to addresses of the private network, and to http:.
    #[arg(long, env = "DISPATCH_PRIVATE_WEBHOOKS")]
    private_webhooks: bool,
    /// How the log is written.
    #[arg(long, value_enum, env = "DISPATCH_LOG", default_value_t)]
    log: LogForm,
    /// How much is logged.
    #[arg(long, value_enum, env = "DISPATCH_LOG_LEVEL", default_value_t)]
    log_level: LogLevel,
}

fn hours(text: &str) -> Result<f64, String> {
    const MOST: f64 = 24.0 * 3_652.0;
    match text.parse::<f64>() {
        Ok(hours) if hours > 0.0 && hours <= MOST => Ok(hours),
        _ => Err(format!("a number of hours above 0 and at most {MOST}")),
    }
}

fn map(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok((name.to_owned(), file.into())),
        _ => Err("NAME=FILE".to_owned()),
    }
}

impl ServiceOptions {
    /// What the service is told.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            limits: self.limits.limits(),
            store: self.store.clone(),
            keep_hours: self.keep_hours,
            lease_seconds: self.lease_seconds,
            attempts: self.attempts,
            maps: self.maps.iter().cloned().collect(),
            private_webhooks: self.private_webhooks,
            open: false,
        }
    }
    /// Starts the log, which goes to the standard error.
    pub(crate) fn start_log(&self) -> Result<(), Failure> {
        use tracing_subscriber::filter::{LevelFilter, Targets};
        use tracing_subscriber::prelude::*;
        let level = match self.log_level {
            LogLevel::Off => LevelFilter::OFF,
            LogLevel::Error => LevelFilter::ERROR,
            LogLevel::Warn => LevelFilter::WARN,
            LogLevel::Info => LevelFilter::INFO,
            LogLevel::Debug => LevelFilter::DEBUG,
        };
        // Of the libraries only what goes wrong: they would log much, and none of it says more.
        let targets = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("dispatch_api", level);
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
        let registry = tracing_subscriber::registry();
        match self.log {
            LogForm::Text => registry.with(lines.with_filter(targets)).try_init(),
            LogForm::Json => {
                let lines = lines.json().flatten_event(true).with_span_list(false);
                registry.with(lines.with_filter(targets)).try_init()
            }
        }
        .map_err(|error| Failure::Trouble(say!("cannot start the log: {}", said_value(error))))
    }
    /// The file that was named, if any.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }
}

/// The settings of a command with those of its file filled in where neither flag nor environment said
/// anything. `root` is the whole command line, `name` the command's name in it.
///
/// # Errors
/// Everything wrong with the file.
pub(crate) fn with_file<Root: CommandFactory, Own: Args>(name: &'static str, file: &Path) -> Result<Own, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::unreadable(file, &error))?;
    let source = file.display().to_string();
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        Failure::input(&source, vec![Finding::new("", Code::Syntax, say!("TOML"), said_value(error))])
    })?;
    let given: Vec<OsString> = std::env::args_os().collect();
    let command = command::<Own>(name);
    // The command line has been read once before; this time for where its values come from.
    let said = Root::command().try_get_matches_from(&given).map_err(|error| unreadable(&source, &error))?;
    let said = said.subcommand_matches(name);
    let mut findings = Vec::new();
    let mut arguments = given;
    for (key, value) in &table {
        let known = command.get_arguments().find(|argument| argument.get_id().as_str() == key && key != "config");
        let Some(argument) = known else {
            let keys: Vec<&str> = settings(&command).map(|argument| argument.get_id().as_str()).collect();
            findings.push(Finding::new(format!("/{key}"), Code::UnknownKey, said_value(keys.join(", ")), quoted(key)));
            continue;
        };
        use clap::parser::ValueSource;
        if matches!(
            said.and_then(|said| said.value_source(key)),
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        ) {
            continue;
        }
        let long = argument.get_long().unwrap_or_default();
        match (value, argument.get_action()) {
            (toml::Value::Boolean(true), ArgAction::SetTrue) => arguments.push(format!("--{long}").into()),
            (toml::Value::Boolean(false), ArgAction::SetTrue) => {}
            (toml::Value::Table(entries), ArgAction::Append) => {
                for (name, entry) in entries {
                    match entry {
                        toml::Value::String(entry) => arguments.push(format!("--{long}={name}={entry}").into()),
                        other => {
                            let pointer = format!("/{key}/{name}");
                            findings.push(Finding::new(pointer, Code::WrongType, say!("a text"), said_value(other)));
                        }
                    }
                }
            }
            (toml::Value::String(text), ArgAction::Set) => arguments.push(format!("--{long}={text}").into()),
            (toml::Value::Integer(_) | toml::Value::Float(_), ArgAction::Set) => {
                arguments.push(format!("--{long}={value}").into());
            }
            (other, action) => {
                let expected: Text = match action {
                    ArgAction::SetTrue => say!("true or false"),
                    ArgAction::Append => say!("a table of names and files"),
                    _ => say!("a text or a number"),
                };
                findings.push(Finding::new(format!("/{key}"), Code::WrongType, expected, said_value(other)));
            }
        }
    }
    if !findings.is_empty() {
        return Err(Failure::input(source, findings));
    }
    let matches = Root::command().try_get_matches_from(arguments).and_then(|matches| {
        let own = matches.subcommand_matches(name);
        own.map_or_else(|| Err(clap::Error::new(clap::error::ErrorKind::MissingSubcommand)), Own::from_arg_matches)
    });
    matches.map_err(|error| unreadable(&source, &error))
}

/// What the reader of command lines says of a file's settings.
fn unreadable(source: &str, error: &clap::Error) -> Failure {
    let said = error.to_string();
    let said = said_value(said.lines().next().unwrap_or_default().trim_start_matches("error: "));
    let expected = say!("settings as the reference page says");
    Failure::input(source, vec![Finding::new("", Code::OutOfRange, expected, said)])
}

/// A command with its flags.
pub(crate) fn command<Own: Args>(name: &'static str) -> Command {
    Own::augment_args(Command::new(name))
}

/// The flags of a command that are settings.
fn settings(command: &Command) -> impl Iterator<Item = &clap::Arg> {
    command.get_arguments().filter(|argument| argument.get_env().is_some() && argument.get_id() != "config")
}

/// The reference page of all settings, from the flags themselves.
pub(crate) fn page(serve: &Command, worker: &Command) -> String {
    let mut page = String::from(
        "# Settings of the service\n\n\
         Each setting can be a flag, a variable of the environment, or a key of the file that `--config` (or\n\
         `DISPATCH_CONFIG`) names; a flag outweighs a variable, a variable the file. `dispatch worker` knows those marked\n\
         with W too. This page is made by `dispatch serve --settings`.\n\n\
         | flag | variable | key in the file | default | | meaning |\n|---|---|---|---|---|---|\n",
    );
    for argument in settings(serve) {
        let flag = argument.get_long().unwrap_or_default();
        let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let key = argument.get_id();
        let default: Vec<String> =
            argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let default = match (default.is_empty(), argument.get_action()) {
            (_, ArgAction::SetTrue) => "`false`".to_owned(),
            (true, _) => String::new(),
            (false, _) => format!("`{}`", default.join(",")),
        };
        let shared = if settings(worker).any(|other| other.get_id() == key) { "W" } else { "" };
        let meaning = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
        let choices: Vec<String> =
            argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        let choices = if choices.is_empty()
            || argument.get_action().takes_values() && choices.len() < 2
            || !argument.get_action().takes_values()
        {
            String::new()
        } else {
            format!(": {}", choices.join(", "))
        };
        let _ = writeln!(page, "| `--{flag}` | `{variable}` | `{key}` | {default} | {shared} | {meaning}{choices} |");
    }
    page.push_str(
        "\nA file:\n\n```toml\nbind = \"127.0.0.1:8080\"\nstore = \"postgres://dispatch@db.internal/dispatch\"\nplans_at_once = 0\n\n\
         [maps]\nliechtenstein = \"maps/liechtenstein.osm.pbf\"\n```\n\n\
         `plans_at_once = 0` makes a server that accepts and answers, and leaves all plans to workers. Re-planning a live day\n\
         (`/changes`) stays with the server even then: its caller waits for the answer, a second unless told otherwise, and the\n\
         day is in this process's memory. It runs on threads beside those that serve, at most `plans_at_once` days at a time\n\
         and one in any case; one more waits, and past `request_seconds` is answered with 503. Best engineers take no search.\n\n\
         A plan of `parts_from` jobs or more is made in parts. Whoever makes it hands as many of them to the store as other\n\
         processes have room for at that moment, does the rest on its own threads, puts the pieces together and cuts again\n\
         elsewhere. Parts have leases like other jobs; one whose worker falls silent goes to another, or back to the plan's own\n\
         process. With `iterations` the plan is the same whoever did which part. All processes that take parts need the maps that\n\
         the problem names.\n\n\
         The address of the store may hold a password: prefer the variable or the file to the flag, which other users of the\n\
         machine can see.\n",
    );
    page
}
