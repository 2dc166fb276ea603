//! Placeholder door; the crate's sign is written with its first code.
