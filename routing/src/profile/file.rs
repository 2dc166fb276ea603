//! Reads a profile's data file: one rule a line, its first word says which.
//!
//! What the rules do stands beside the functions that apply them.

use super::{Directed, Matcher, Profile, TurnRules};
use crate::class::RoadClass;
use crate::error::ProfileError;

impl Profile {
    /// Reads the rules of a profile; the bundled files show every kind of line.
    ///
    /// # Errors
    /// The first line that is no rule, with what was expected.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let mut profile = Self {
            name: String::new(),
            keys: Vec::new(),
            allow: Vec::new(),
            restrict: Vec::new(),
            refuse: Vec::new(),
            speeds: [None; RoadClass::COUNT],
            unsnappable: Vec::new(),
            invited: Vec::new(),
            limits: Vec::new(),
            limit_share: 1.0,
            restricted_speed: f64::INFINITY,
            bars: Vec::new(),
            caps: Vec::new(),
            delays: Vec::new(),
            blocks: Vec::new(),
            contraflows: Vec::new(),
            sizes: Vec::new(),
            oneways: true,
            turns: TurnRules { left: 0.0, right: 0.0, u_turn: 0.0, board: 0.0, enter: 0.0, restrictions: false },
            country: None,
        };
        let mut last = 0;
        for (at, line) in text.lines().enumerate() {
            last = at + 1;
            let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
            if let [rule, rest @ ..] = words.as_slice() {
                profile.rule(rule, rest).map_err(|reason| ProfileError { line: at + 1, reason })?;
            }
        }
        if profile.name.is_empty() || profile.speeds.iter().all(Option::is_none) {
            let reason = "a profile needs a `name` and at least one `road`".to_owned();
            return Err(ProfileError { line: last, reason });
        }
        Ok(profile)
    }

    fn rule(&mut self, rule: &str, rest: &[&str]) -> Result<(), String> {
        match (rule, rest) {
            ("name", [name]) => (*name).clone_into(&mut self.name),
            ("keys", keys) => self.keys = keys.iter().map(|key| Directed::new(key)).collect(),
            ("allow", values) => self.allow.extend(owned(values)),
            ("restrict", values) => self.restrict.extend(owned(values)),
            ("refuse", values) => self.refuse.extend(owned(values)),
            ("road", [class, speed]) => self.speeds[class_of(class)?.index()] = Some(positive(speed)?),
            ("unsnappable", classes) => self.unsnappable = classes_of(classes)?,
            ("only-if-allowed", classes) => self.invited = classes_of(classes)?,
            ("limits", keys) => self.limits = keys.iter().map(|key| Directed::new(key)).collect(),
            ("limit-share", [share]) => self.limit_share = positive(share)?,
            ("restricted-speed", [speed]) => self.restricted_speed = positive(speed)?,
            ("bar", [key, value]) => self.bars.push(matcher(key, value)),
            ("cap", [key, value, speed]) => self.caps.push((matcher(key, value), positive(speed)?)),
            ("delay", [key, value, seconds]) => self.delays.push((matcher(key, value), seconds_of(seconds)?)),
            ("block", [key, value]) => self.blocks.push(matcher(key, value)),
            ("contraflow", [key, value]) => self.contraflows.push(matcher(key, value)),
            ("size", [key, value]) => self.sizes.push(((*key).to_owned(), positive(value)?)),
            ("turn-left", [seconds]) => self.turns.left = seconds_of(seconds)?,
            ("turn-right", [seconds]) => self.turns.right = seconds_of(seconds)?,
            ("u-turn", [seconds]) => self.turns.u_turn = seconds_of(seconds)?,
            ("board", [seconds]) => self.turns.board = seconds_of(seconds)?,
            ("enter-restricted", [seconds]) => self.turns.enter = seconds_of(seconds)?,
            ("turn-restrictions", [answer]) => self.turns.restrictions = yes(answer)?,
            ("oneways", [answer]) => self.oneways = yes(answer)?,
            _ => return Err(format!("`{rule}` with {} words is no rule", rest.len())),
        }
        Ok(())
    }
}

fn owned<'a>(words: &'a [&str]) -> impl Iterator<Item = String> + 'a {
    words.iter().map(|word| (*word).to_owned())
}

fn matcher(key: &str, value: &str) -> Matcher {
    Matcher { key: key.to_owned(), value: value.to_owned() }
}

fn class_of(name: &str) -> Result<RoadClass, String> {
    RoadClass::from_name(name).ok_or_else(|| format!("`{name}` is no kind of road"))
}

fn classes_of(names: &[&str]) -> Result<Vec<RoadClass>, String> {
    names.iter().map(|name| class_of(name)).collect()
}

/// A number above zero and of human measure.
fn positive(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(value) if value > 0.0 && value <= 1000.0 => Ok(value),
        _ => Err(format!("`{word}` is no number above 0 and up to 1000")),
    }
}

/// A waiting time of at most an hour.
fn seconds_of(word: &str) -> Result<f64, String> {
    match word.parse::<f64>() {
        Ok(value) if (0.0..=3600.0).contains(&value) => Ok(value),
        _ => Err(format!("`{word}` is no number of seconds from 0 to 3600")),
    }
}

fn yes(word: &str) -> Result<bool, String> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("`{word}` is neither yes nor no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_profiles_are_read() {
        for name in Profile::BUNDLED {
            let profile = Profile::bundled(name).expect("listed").expect("sound");
            assert_eq!(profile.name(), *name);
        }
        assert_eq!(Profile::bundled("car"), Some(Profile::car()));
        assert_eq!(Profile::bundled("rocket"), None);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let wrong = |text: &str| Profile::parse(text).expect_err("refused");
        assert_eq!(wrong("name x\nroad motorway fast").line, 2);
        assert_eq!(wrong("name x\n\n# note\nroad highstreet 20").reason, "`highstreet` is no kind of road");
        assert_eq!(wrong("name x\nfly yes").line, 2);
        assert_eq!(wrong("name x\nroad service NaN").line, 2);
        assert_eq!(wrong("name x\nroad service -3").line, 2);
        assert!(wrong("# nothing").reason.contains("name"));
    }
}
