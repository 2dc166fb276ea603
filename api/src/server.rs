//! Sockets: connections within limits of number and time, and an end in good order.

use crate::app::app;
use crate::crew::Crew;
use crate::limits::Limits;
use crate::outbox;
use crate::service::Service;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How long open connections are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves, and works on the jobs of its store, until `shutdown` is done. Then requests in progress are
/// finished and jobs in work go back to the queue.
///
/// # Errors
/// When no thread can be started.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shutdown: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    let crew = Crew::start(&service)?;
    let sender = tokio::spawn(outbox::send_all(Arc::clone(&service)));
    accept(listener, &service, shutdown).await;
    crew.stop().await;
    // A message on its way belongs to this process for a while longer; then another one sends it.
    sender.abort();
    service.store.close().await;
    Ok(())
}

/// Works on the jobs of the store without serving anybody, until `shutdown` is done.
///
/// # Errors
/// When no thread can be started.
pub async fn work(service: Arc<Service>, shutdown: impl Future<Output = ()> + Send) -> std::io::Result<()> {
    let crew = Crew::start(&service)?;
    shutdown.await;
    service.close();
    crew.stop().await;
    service.store.close().await;
    Ok(())
}

async fn accept(listener: TcpListener, service: &Arc<Service>, shutdown: impl Future<Output = ()> + Send) {
    let Limits { connections, request_seconds, .. } = *service.limits();
    let places = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs_f64(request_seconds));
    let open = GracefulShutdown::new();
    let app = app(Arc::clone(service));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            // The semaphore is never closed; one connection more waits in the listener.
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (stream, place) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => match accepted {
                Some((Ok((stream, _)), place)) => (stream, place),
                Some((Err(error), _)) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    // Out of file handles, for one: soon there are some again.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
                None => break,
            },
        };
        // Small answers go out at once.
        let _ = stream.set_nodelay(true);
        let connection = server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app.clone()));
        let connection = open.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener);
    service.close();
    if tokio::time::timeout(FAREWELL, open.shutdown()).await.is_err() {
        tracing::warn!("connections were still open at the end");
    }
}
