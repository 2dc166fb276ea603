//! Nonsense at random: no input panics, none is refused without a reason, and what passes makes
//! the round trip.

use super::round_trip::assert_round_trip;
use super::{FULL, SMALLEST, listed};
use crate::format::{read_plan, read_problem};
use serde_json::{Value, json};

/// Splitmix64: the same nonsense on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
}

fn try_out(text: &[u8]) {
    match read_problem(text) {
        Ok(problem) => assert_round_trip(&problem),
        Err(found) => {
            assert!(!found.is_empty());
            assert!(listed(&found).len() < 1_000_000);
        }
    }
}

#[test]
fn random_bytes_are_no_problem() {
    let mut dice = Dice(1);
    for _ in 0..2_000 {
        let length = dice.roll(60);
        let alphabet = b"{}[]\",:0123456789.eE+-truefalsn \\u\xFF\x00";
        let text: Vec<u8> = (0..length).map(|_| alphabet[dice.roll(alphabet.len())]).collect();
        try_out(&text);
    }
}

#[test]
fn a_problem_with_wrong_bytes_never_panics() {
    let mut dice = Dice(2);
    for _ in 0..400 {
        let mut text = FULL.as_bytes().to_vec();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(text.len());
            match dice.roll(4) {
                0 => text[at] = dice.roll(256) as u8,
                1 => drop(text.drain(at..(at + 1 + dice.roll(20)).min(text.len()))),
                2 => text.insert(at, b"{}[]\",:0-1e9"[dice.roll(12)]),
                _ => text.truncate(at + 1),
            }
        }
        try_out(&text);
    }
}

/// Values that have broken readers before.
fn nasty(dice: &mut Dice) -> Value {
    let pool = json!([
        null, true, 0, 1, -1, 2, 1000, 1.5, -0.0, 1e300, 9_007_199_254_740_993_i64, i64::MAX, i64::MIN, u64::MAX, "", "x",
        "ann", "T-1", "open", "P-11", "P1", "PT0S", "P1D", "PT1S", "-PT5M", "P3652D", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z", "2026-06-15T12:00:00+02:00", "2026-06-15T12:00:00", "2100-01-01T00:00:00Z", "24:00", [],
        {}, [[]], [1], ["ann"], {"a": 1}, {"lat": 1, "lon": 1}, {"index": 3}, "\u{0}", "瓦杜兹"
    ]);
    let at = dice.roll(pool.as_array().map_or(0, Vec::len));
    pool[at].clone()
}

/// Changes one value somewhere within.
fn change(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) if !map.is_empty() && dice.roll(8) > 0 => {
            let key = map.keys().nth(dice.roll(map.len())).cloned().unwrap_or_default();
            match dice.roll(24) {
                0 => drop(map.remove(&key)),
                1 => {
                    let value = map.remove(&key).unwrap_or_default();
                    map.insert(key.chars().rev().collect(), value);
                }
                _ => change(&mut map[&key], dice),
            }
        }
        Value::Array(list) if !list.is_empty() && dice.roll(8) > 0 => {
            let at = dice.roll(list.len());
            match dice.roll(16) {
                0 => drop(list.remove(at)),
                1 => {
                    let again = list[at].clone();
                    list.insert(at, again);
                }
                _ => change(&mut list[at], dice),
            }
        }
        value => *value = nasty(dice),
    }
}

#[test]
fn a_problem_with_wrong_values_never_panics_and_a_right_one_makes_the_round_trip() {
    let mut dice = Dice(3);
    let full: Value = serde_json::from_str(FULL).unwrap();
    let smallest: Value = serde_json::from_str(SMALLEST).unwrap();
    let mut sound = 0;
    for round in 0..1_500 {
        let mut value = if round % 3 == 0 { smallest.clone() } else { full.clone() };
        for _ in 0..=dice.roll(3) {
            change(&mut value, &mut dice);
        }
        let text = value.to_string();
        sound += usize::from(read_problem(&text).is_ok());
        try_out(text.as_bytes());
    }
    assert!(sound > 30, "only {sound} sound ones: the changes are too wild to try the round trip");
}

#[test]
fn a_plan_with_wrong_values_never_panics() {
    let mut dice = Dice(4);
    let problem = read_problem(FULL).unwrap_or_else(|found| panic!("{}", listed(&found)));
    let full: Value = serde_json::from_str(FULL).unwrap();
    for _ in 0..1_500 {
        let mut plan = full["current_plan"].clone();
        for _ in 0..=dice.roll(3) {
            change(&mut plan, &mut dice);
        }
        if let Err(found) = read_plan(&problem, plan.to_string()) {
            assert!(!found.is_empty());
        }
    }
}
