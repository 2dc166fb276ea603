//! Ctrl-C: the first one asks the search to stop and keep its best plan, the second one ends the
//! process at once.

use crate::failure::{Failure, system};
use dispatch_data::say;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Exit code of a process ended by its second Ctrl-C, as shells count it.
const KILLED: i32 = 130;

/// A flag that Ctrl-C (and a request to terminate) raises.
///
/// # Errors
/// When the system refuses to register a handler.
pub(crate) fn flag() -> Result<Arc<AtomicBool>, Failure> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // The order counts: the shutdown sees the flag as the signal before left it.
        signal_hook::flag::register_conditional_shutdown(signal, KILLED, Arc::clone(&flag))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&flag)))
            .map_err(|error| Failure::Trouble(say!("cannot listen for Ctrl-C: {}", system(&error))))?;
    }
    Ok(flag)
}
