//! Random ids and keys from the operating system, and hashes. No secret is ever written to a log here.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The operating system gave no random bytes.
#[derive(Debug)]
pub struct NoRandomness(getrandom::Error);

impl std::fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no random bytes from the operating system: {}", self.0)
    }
}

impl std::error::Error for NoRandomness {}

/// Random bytes as hexadecimal digits.
fn random<const BYTES: usize>() -> Result<String, NoRandomness> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A new id with 128 random bits: `plan_` and 32 digits.
pub(crate) fn id(prefix: &str) -> Result<String, NoRandomness> {
    Ok(format!("{prefix}_{}", random::<16>()?))
}

/// A new secret with 256 random bits.
pub(crate) fn secret(prefix: &str) -> Result<String, NoRandomness> {
    Ok(format!("{prefix}_{}", random::<32>()?))
}

/// SHA-256 as hexadecimal digits. For keys this is enough: they are random and long, so nobody can
/// try them one by one.
pub(crate) fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize())
}

/// HMAC with SHA-256 as hexadecimal digits: what messages to webhooks are signed with.
pub fn signature(secret: &str, message: &str) -> String {
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(message.as_bytes());
            hex(&mac.finalize().into_bytes())
        }
        // HMAC takes keys of any length.
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_never_the_same_and_hashes_always() {
        assert_ne!(id("plan").unwrap(), id("plan").unwrap());
        assert_eq!(id("plan").unwrap().len(), 5 + 32);
        assert_eq!(hash(&[b"a", b"bc"]), hash(&[b"a", b"bc"]));
        assert_ne!(hash(&[b"a", b"bc"]), hash(&[b"ab", b"c"]));
    }

    #[test]
    fn the_signature_is_that_of_rfc_4231() {
        // Test case 2 of the RFC.
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature("Jefe", "what do ya want for nothing?"), expected);
    }
}
