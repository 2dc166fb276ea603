//! `dispatch serve` and `dispatch worker`: the HTTP service, and processes that only solve.

use crate::Arguments;
use crate::clock::Clock;
use crate::failure::{Failure, system};
use crate::output;
use crate::settings::{self, ServiceOptions};
use clap::Args;
use dispatch_api::{Service, Settings, StoreError};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Lang, Text, value};
use dispatch_data::say;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

/// Serve plans over HTTP.
///
/// Addresses that other machines can reach need API keys first (`dispatch keys add`).
#[derive(Args)]
pub(crate) struct Serve {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", env = "DISPATCH_BIND", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Let everybody in who reaches the address, while there are no keys.
    #[arg(long, env = "DISPATCH_OPEN")]
    open: bool,
    #[command(flatten)]
    options: ServiceOptions,
    /// Print the reference page of all settings, and end.
    #[arg(long)]
    settings: bool,
}

/// Make plans for a service on this or another machine, from the same store.
#[derive(Args)]
pub(crate) struct Worker {
    #[command(flatten)]
    options: ServiceOptions,
}

impl Serve {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        if self.settings {
            output::say(reference_page().trim_end());
            return Ok(());
        }
        let Self { bind, open, options, settings: _ } = match self.options.config() {
            Some(file) => settings::with_file::<Arguments, Self>("serve", file)?,
            None => self,
        };
        options.start_log()?;
        let settings = Settings { open, ..options.settings() };
        run(async {
            let service = opened(settings, clock).await?;
            let keys = service.store().has_keys().await.map_err(|error| store_trouble(&error))?;
            if !(bind.ip().is_loopback() || keys || open) {
                let expected = say!("a loopback address, as long as there are no API keys");
                let finding = Finding::new("--bind", Code::Contradiction, expected, value(bind));
                let hint = say!("make a key with \"dispatch keys add\", or let everybody in with --open");
                return Err(Failure::input("serve", vec![finding.hint(hint)]));
            }
            let taken = |error| Failure::Trouble(say!("cannot listen on {}: {}", bind, system(&error)));
            let listener = tokio::net::TcpListener::bind(bind).await.map_err(taken)?;
            let address = listener.local_addr().map_err(taken)?;
            output::say(say!("listening on http://{}", address).in_lang(lang));
            let ended = |error| Failure::Trouble(say!("the service ended: {}", system(&error)));
            dispatch_api::serve(listener, service, asked_to_stop(lang)).await.map_err(ended)
        })
    }
}

impl Worker {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        let Self { options } = match self.options.config() {
            Some(file) => settings::with_file::<Arguments, Self>("worker", file)?,
            None => self,
        };
        options.start_log()?;
        let settings = options.settings();
        if settings.limits.plans_at_once == 0 {
            let finding = Finding::new("--plans-at-once", Code::OutOfRange, say!("at least 1 for a worker"), value(0));
            return Err(Failure::input("worker", vec![finding]));
        }
        run(async {
            let service = opened(settings, clock).await?;
            output::say(say!("working").in_lang(lang));
            let ended = |error| Failure::Trouble(say!("the worker ended: {}", system(&error)));
            dispatch_api::work(service, asked_to_stop(lang)).await.map_err(ended)
        })
    }
}

/// The reference page of all settings.
fn reference_page() -> String {
    settings::page(&settings::command::<Serve>("serve"), &settings::command::<Worker>("worker"))
}

/// The service with its store open.
async fn opened(settings: Settings, clock: Clock) -> Result<Arc<Service>, Failure> {
    Service::open(settings, move || clock.seconds()).await.map_err(|error| store_trouble(&error))
}

/// What the store said, as the end of a command.
pub(super) fn store_trouble(error: &StoreError) -> Failure {
    let said: Text = match error {
        StoreError::Address(why) => say!("the address of the store does not read: {}", why),
        StoreError::Unavailable(why) => say!("the store is not available: {}", why),
        StoreError::Unknown => say!("nothing has this id"),
        StoreError::Full { .. } | StoreError::KeyReused | StoreError::Stale { .. } => value(error),
    };
    Failure::Trouble(said)
}

/// Does something that waits for the world.
pub(super) fn run(doing: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| Failure::Trouble(say!("cannot start the runtime: {}", system(&error))))?;
    runtime.block_on(doing)
}

/// Done at Ctrl-C, or at the signal by which service managers stop a process. Without a handler the
/// process just ends at the signal.
async fn asked_to_stop(lang: Lang) {
    if let Err(error) = signal().await {
        output::warn(say!("no graceful stop: {}", system(&error)).in_lang(lang));
        std::future::pending::<()>().await;
    }
}

async fn signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_page_says_what_the_flags_say() {
        assert_eq!(reference_page(), include_str!("../../docs/settings.md"), "dispatch serve --settings");
    }
}
