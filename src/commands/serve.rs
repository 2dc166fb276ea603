//! `dispatch serve`: the HTTP service on a loopback address.

use crate::clock::Clock;
use crate::failure::Failure;
use crate::output;
use anyhow::Context;
use clap::Args;
use dispatch_api::{Limits, Service};
use dispatch_data::finding::{Code, Finding};
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
    pub(crate) fn run(self, clock: Clock) -> Result<(), Failure> {
        if !self.bind.ip().is_loopback() {
            let finding = Finding::new("--bind", Code::NotSupportedYet, "a loopback address", self.bind.to_string());
            let hint = "there are no keys yet: put a gateway that checks callers in front";
            return Err(Failure::input("serve", vec![finding.hint(hint)]));
        }
        let service = Service::new(Limits::default(), move || clock.seconds());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_io()
            .enable_time()
            .build()
            .context("cannot start the runtime")?;
        Ok(runtime.block_on(listen(self.bind, service))?)
    }
}

async fn listen(bind: SocketAddr, service: Service) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(bind).await.with_context(|| format!("cannot listen on {bind}"))?;
    let address = listener.local_addr().context("cannot tell the address")?;
    output::say(format!("listening on http://{address}"));
    dispatch_api::serve(listener, Arc::new(service), async {
        if let Err(error) = asked_to_stop().await {
            // Without a handler the process just ends at the signal.
            output::warn(format!("no graceful stop: {error}"));
            std::future::pending::<()>().await;
        }
    })
    .await
    .context("the service ended")
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
