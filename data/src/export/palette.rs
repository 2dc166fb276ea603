//! Colours of routes that people with any kind of colour vision can tell apart.
//!
//! Built on the set of Okabe and Ito (2008); the rest are neighbours chosen to differ in lightness
//! too. Colour is never the only sign: routes have names and numbers beside them.

/// Colours of routes, used again from the start when there are more routes.
const ROUTES: [&str; 12] = [
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#332288", "#882255", "#8a8a1f", "#cc79a7",
    "#6b4423", "#4d4d4d",
];

/// The colour of the route at a position of the plan.
pub(super) fn route_colour(at: usize) -> &'static str {
    ROUTES[at % ROUTES.len()]
}

/// Dark or white, whichever reads better on a colour `#rrggbb`.
pub(super) fn ink_on(colour: &str) -> &'static str {
    let channel = |at: usize| {
        let value = colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(0);
        f64::from(value) / 255.0
    };
    let light = 0.2126 * channel(1).powf(2.2) + 0.7152 * channel(3).powf(2.2) + 0.0722 * channel(5).powf(2.2);
    if light > 0.3 { "#1f2933" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dark_on_light_colours() {
        assert_eq!(ink_on("#0072b2"), "#ffffff");
        assert_eq!(ink_on("#e69f00"), "#1f2933");
        assert_eq!(ink_on("#56b4e9"), "#1f2933");
    }
}
