//! Tags of one map object, looked up in the block they came in, without copying them.

/// Key–value pairs; every string index has been checked by whoever made them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tags<'a> {
    /// Keys and values in two lists of indices into the block's strings.
    Split { keys: &'a [u32], values: &'a [u32], strings: &'a [Vec<u8>] },
    /// Keys and values in turn.
    Woven { pairs: &'a [i32], strings: &'a [Vec<u8>] },
    /// Written out: in tests and rules.
    #[cfg(test)]
    Plain(&'a [(&'a str, &'a str)]),
}

impl<'a> Tags<'a> {
    /// The value of `key`, if the object has it and it is valid UTF-8.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        match *self {
            Self::Split { keys, values, strings } => keys
                .iter()
                .zip(values)
                .find(|(at, _)| strings[**at as usize] == key.as_bytes())
                .and_then(|(_, value)| std::str::from_utf8(&strings[*value as usize]).ok()),
            Self::Woven { pairs, strings } => pairs
                .chunks_exact(2)
                .find(|pair| strings[pair[0] as usize] == key.as_bytes())
                .and_then(|pair| std::str::from_utf8(&strings[pair[1] as usize]).ok()),
            #[cfg(test)]
            Self::Plain(pairs) => pairs.iter().find(|(at, _)| *at == key).map(|(_, value)| *value),
        }
    }
    /// Whether `key` has the value `value`.
    pub(crate) fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }
    /// Whether there is no tag at all.
    pub(crate) fn is_empty(&self) -> bool {
        match *self {
            Self::Split { keys, .. } => keys.is_empty(),
            Self::Woven { pairs, .. } => pairs.is_empty(),
            #[cfg(test)]
            Self::Plain(pairs) => pairs.is_empty(),
        }
    }
}
