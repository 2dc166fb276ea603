//! `dispatch serve`: the HTTP service on a loopback address.

use crate::clock::Clock;
use crate::failure::{Failure, system};
use crate::output;
use clap::Args;
use dispatch_api::{Limits, Service};
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{Lang, value};
use dispatch_data::say;
use std::net::SocketAddr;
use std::sync::Arc;

/// Serve plans over HTTP, to this machine alone.
///
/// There are no keys yet, so addresses that other machines can reach are refused.
#[derive(Args)]
pub(crate) struct Serve {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
}

impl Serve {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        if !self.bind.ip().is_loopback() {
            let finding = Finding::new("--bind", Code::NotSupportedYet, say!("a loopback address"), value(self.bind));
            let hint = say!("there are no keys yet: put a gateway that checks callers in front");
            return Err(Failure::input("serve", vec![finding.hint(hint)]));
        }
        let service = Service::new(Limits::default(), move || clock.seconds());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| Failure::Trouble(say!("cannot start the runtime: {}", system(&error))))?;
        runtime.block_on(listen(self.bind, service, lang))
    }
}

async fn listen(bind: SocketAddr, service: Service, lang: Lang) -> Result<(), Failure> {
    let taken = |error| Failure::Trouble(say!("cannot listen on {}: {}", bind, system(&error)));
    let listener = tokio::net::TcpListener::bind(bind).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    output::say(say!("listening on http://{}", address).in_lang(lang));
    dispatch_api::serve(listener, Arc::new(service), async move {
        if let Err(error) = asked_to_stop().await {
            // Without a handler the process just ends at the signal.
            output::warn(say!("no graceful stop: {}", system(&error)).in_lang(lang));
            std::future::pending::<()>().await;
        }
    })
    .await
    .map_err(|error| Failure::Trouble(say!("the service ended: {}", value(error))))
}

/// Done at Ctrl-C, or at the signal by which service managers stop a process.
async fn asked_to_stop() -> std::io::Result<()> {
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
