//! The `dispatch` command line.
fn main() {}
