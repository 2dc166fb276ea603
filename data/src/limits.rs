//! The largest values a problem may hold, set so that no reckoning overflows 64 bits.
//!
//! The wire format and [`crate::validate`] read the same constants. A single value within its limit
//! can still make a sum too large, which [`crate::validate`] checks last, in 128 bits, over the
//! whole problem.

/// Longest horizon in seconds: 400 days.
pub const HORIZON: i64 = 400 * DAY;
/// Farthest that any instant may lie from the start of the horizon, in seconds: 100 years.
pub const FARTHEST: i64 = 36_525 * DAY;
/// Longest single duration of a job, set-up, break, rest or collection, in seconds: 60 days.
pub const TASK: i64 = 60 * DAY;
/// Longest working-time target of a promise, interval or lag, in seconds: ten years.
pub const SPAN: i64 = 3_652 * DAY;
/// Largest rate, in cents per hour: 1,000,000 currency units.
pub const RATE: i64 = 100_000_000;
/// Largest rate, in cents per kilometre: 100,000 currency units.
pub const DISTANCE_RATE: i64 = 10_000_000;
/// Largest single price, in cents.
pub const PRICE: i64 = 1_000_000_000_000_000;
/// Largest sum of all prices for unassigned jobs, in cents.
pub const PRICE_SUM: i128 = 400_000_000_000_000_000;
/// Largest sum of rate times quantity before its one division.
pub const PRODUCT_SUM: i128 = 2_000_000_000_000_000_000;
/// Most units of one part in one place, job or lot.
pub const QUANTITY: i64 = 1_000_000_000;
/// Most of one capacity dimension, and most load.
pub const LOAD: i64 = 1_000_000_000_000;
/// Most dimensions of capacity.
pub const DIMENSIONS: usize = 16;
/// Most members of a crew.
pub const CREW: usize = 16;
/// Slowest and fastest speed of a technician, in thousandths of the profile's.
pub const SPEED: (i64, i64) = (50, 10_000);
/// Least and most work-time multiplier of a skill, in thousandths.
pub const PACE: (i64, i64) = (100, 10_000);
/// Slowest and fastest hour of a day, in thousandths of the plain speed.
pub const HOUR_SHARE: (i64, i64) = (10, 10_000);
/// Largest multiplier of a class price, in thousandths.
pub const WEIGHT: i64 = 1_000_000;
/// Longest leg of a given matrix, in metres; in seconds the limit is [`HORIZON`].
pub const LEG_METERS: i64 = 1_000_000_000;
/// What no leg over roads or great circles is taken to exceed, in seconds and metres.
pub const LEG_ON_EARTH: (i64, i64) = (30 * DAY, 100_000_000);
/// Longest detour factor of great-circle travel.
pub const DETOUR: f64 = 100.0;
/// Slowest and fastest great-circle travel, in metres per second.
pub const CRUISE: (f64, f64) = (0.01, 100_000.0);
/// Longest id or name, in characters.
pub const NAME: usize = 200;
/// Most entries of any list.
pub const LIST: usize = 2_000_000;
/// Longest input, in bytes.
pub const BYTES: usize = 1 << 30;
/// Deepest nesting of an input.
pub const DEPTH: usize = 32;
/// Most findings that are shown of one input.
pub const FINDINGS: usize = 10_000;

/// Seconds of a plain day.
pub const DAY: i64 = 86_400;
