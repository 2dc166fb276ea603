//! Messages to webhooks: signed, sent, tried again; never to an address of the private network unless
//! that is allowed.
//!
//! Names are resolved here and the connection goes to the very address that was looked at, so a name
//! cannot lead elsewhere in between. Redirects are not followed.

use crate::secrets;
use crate::service::Service;
use crate::store::Delivery;
use axum::body::Bytes;
use axum::http::{Request, Uri, header};
use dispatch_data::lang::Text;
use dispatch_data::say;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Messages under way at the same time.
const AT_ONCE: usize = 8;
/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a message belongs to who took it: longer than an attempt.
const LEASE_MS: i64 = 30_000;
/// How often a message is sent before it is given up: over about nine hours.
const ATTEMPTS: i64 = 12;
/// How long an idle sender waits.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Where messages go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    secure: bool,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// What would have been right.
    pub(crate) fn read(url: &str, private: bool) -> Result<Self, Text> {
        let expected = || match private {
            true => say!("an http or https URL with a host and without user or password"),
            false => say!("an https URL with a host and without user or password"),
        };
        let uri: Uri = url.parse().map_err(|_| expected())?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if private => false,
            _ => return Err(expected()),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(expected)?;
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err(expected());
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>()
            && !private
            && !is_public(address)
        {
            return Err(say!("an address of the public internet"));
        }
        let port = uri.port_u16().unwrap_or(if secure { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { secure, host: bare.to_owned(), port, path })
    }
    /// The address to connect to.
    async fn address(&self, private: bool) -> Result<SocketAddr, Failure> {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await;
        let found: Vec<SocketAddr> = found.map_err(|_| Failure("the name leads nowhere".to_owned()))?.collect();
        if !private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(Failure("the name leads into a private network".to_owned()));
        }
        found.first().copied().ok_or_else(|| Failure("the name leads nowhere".to_owned()))
    }
}

/// Whether an address belongs to the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, private, loopback, multicast and reserved.
        (0 | 10 | 127, _, _) | (224..=255, _, _) => true,
        // Shared by providers, link-local, private, private, for measuring.
        (100, 64..=127, _) | (169, 254, _) | (172, 16..=31, _) | (192, 168, _) | (198, 18..=19, _) => true,
        // Protocols, documentation.
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let octets = address.octets();
    let inner = |at: usize| Ipv4Addr::new(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]);
    match (a, b) {
        // Addresses that carry one of the older kind: mapped, translated (NAT64), 6to4.
        (0, 0) if octets[..10] == [0; 10] && octets[10..12] == [0xff; 2] => is_public_v4(inner(12)),
        (0x64, 0xff9b) => octets[4..12] == [0; 8] && is_public_v4(inner(12)),
        (0x2002, _) => is_public_v4(inner(2)),
        // Teredo and other protocols, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) => false,
        // All that is given out to the public begins with 001.
        _ => a & 0xe000 == 0x2000,
    }
}

/// Why an attempt failed.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Sends what is due until the service ends.
pub(crate) async fn send_all(service: Arc<Service>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while !service.is_closing() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match service.store.next_delivery(LEASE_MS).await {
            Ok(Some(delivery)) => {
                let service = Arc::clone(&service);
                tokio::spawn(async move {
                    deliver(&service, &delivery).await;
                    drop(place);
                });
                continue;
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "messages cannot be looked for"),
        }
        drop(place);
        tokio::select! {
            () = service.post.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = service.closed() => {}
        }
    }
}

async fn deliver(service: &Service, delivery: &Delivery) {
    let private = service.settings.private_webhooks;
    let sent = tokio::time::timeout(PATIENCE, send(delivery, private)).await;
    let sent = sent.unwrap_or_else(|_| Err(Failure("no answer in time".to_owned())));
    let attempt = delivery.attempt;
    let (said, again) = match sent {
        Ok(status) if (200..300).contains(&status) => (status.to_string(), None),
        // Gone for good, as the other side says itself.
        Ok(410) => ("410".to_owned(), None),
        Ok(status) => (status.to_string(), Some(pause_ms(attempt))),
        Err(failure) => (failure.to_string(), Some(pause_ms(attempt))),
    };
    let delivered = again.is_none();
    let again = again.filter(|_| attempt < ATTEMPTS);
    let counter = if delivered { &service.metrics.delivered } else { &service.metrics.undelivered };
    counter.fetch_add(1, Ordering::Relaxed);
    tracing::info!(message = delivery.id, event = delivery.event, attempt, said, "webhook");
    if let Err(error) = service.store.delivered(&delivery.id, &said, again).await {
        // Then it will be sent again: whoever receives it knows it by its id.
        tracing::warn!(message = delivery.id, %error, "a delivery cannot be written down");
    }
}

/// The pause after an attempt: 5 seconds, doubled each time, at most 3 hours.
fn pause_ms(attempt: i64) -> i64 {
    let doubled = u32::try_from(attempt - 1).unwrap_or(0).min(20);
    (5_000_i64 << doubled).min(3 * 3_600_000)
}

async fn send(delivery: &Delivery, private: bool) -> Result<u16, Failure> {
    let target = Target::read(&delivery.url, private).map_err(|expected| Failure(expected.english().to_owned()))?;
    let address = target.address(private).await?;
    let stream = TcpStream::connect(address).await.map_err(|error| Failure(error.kind().to_string()))?;
    let request = request(delivery, &target)?;
    if !target.secure {
        return exchange(stream, request).await;
    }
    static TLS: LazyLock<Option<TlsConnector>> = LazyLock::new(tls);
    let tls = TLS.as_ref().ok_or_else(|| Failure("no TLS".to_owned()))?;
    let name = ServerName::try_from(target.host).map_err(|_| Failure("no name for TLS".to_owned()))?;
    let stream = tls.connect(name, stream).await.map_err(|error| Failure(format!("TLS: {error}")))?;
    exchange(stream, request).await
}

fn tls() -> Option<TlsConnector> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().ok()?;
    Some(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
}

fn request(delivery: &Delivery, target: &Target) -> Result<Request<Full<Bytes>>, Failure> {
    let Delivery { id, secret, event, body, now, .. } = delivery;
    let seconds = now / 1000;
    let signature = secrets::signature(secret, &format!("{seconds}.{body}"));
    let host = if target.host.contains(':') { format!("[{}]", target.host) } else { target.host.clone() };
    Request::post(target.path.as_str())
        .header(header::HOST, format!("{host}:{}", target.port))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("dispatch/", env!("CARGO_PKG_VERSION")))
        .header("dispatch-event", event)
        .header("dispatch-delivery", id)
        .header("dispatch-signature", format!("t={seconds},v1={signature}"))
        .body(Full::new(Bytes::from(body.clone())))
        .map_err(|error| Failure(error.to_string()))
}

async fn exchange<S>(stream: S, request: Request<Full<Bytes>>) -> Result<u16, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let failure = |error: hyper::Error| Failure(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failure)?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(failure)?;
    let status = answer.status().as_u16();
    // A little of the answer is read, so that the other side is not cut off; what it says is not used.
    let _ = http_body_util::Limited::new(answer.into_body(), 16 << 10).collect().await;
    connection.abort();
    Ok(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_private_in_every_disguise() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_plain_secure_addresses_are_taken_unless_told_otherwise() {
        let target = Target::read("https://example.com/a?b=c", false).unwrap();
        assert_eq!((target.host.as_str(), target.port, target.path.as_str()), ("example.com", 443, "/a?b=c"));
        for url in
            ["http://example.com", "https://user:secret@example.com/", "ftp://example.com", "https://10.0.0.1/", "/x"]
        {
            assert!(Target::read(url, false).is_err(), "{url}");
        }
        assert!(Target::read("http://127.0.0.1:9000/", true).is_ok());
    }

    #[tokio::test]
    async fn a_name_or_a_number_that_leads_to_this_machine_is_not_connected_to() {
        for url in ["https://localhost/", "https://2130706433/", "https://0x7f.1/"] {
            // However the address is written: what counts is where it leads.
            if let Ok(target) = Target::read(url, false) {
                assert!(target.address(false).await.is_err(), "{url}");
            }
        }
        let target = Target::read("https://localhost:9000/", true).unwrap();
        assert_eq!(target.address(true).await.unwrap().port(), 9000);
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<i64> = (1..=ATTEMPTS).map(|attempt| pause_ms(attempt) / 1000).collect();
        assert_eq!(pauses[..4], [5, 10, 20, 40]);
        assert_eq!(pauses[11], 10_240);
    }
}
