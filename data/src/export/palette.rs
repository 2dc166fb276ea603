//! Colours: routes and states that people with any kind of colour vision can tell apart.
//!
//! The first seven follow the widely used set of Okabe and Ito (2008); the rest are darker and
//! lighter neighbours chosen to differ in lightness too. Colour is never the only sign: routes have
//! names and numbers beside them.

/// Colours of routes, used again from the start when there are more routes.
pub(super) const ROUTES: [&str; 12] = [
    "#0072b2", "#d55e00", "#009e73", "#aa4499", "#e69f00", "#56b4e9", "#332288", "#882255", "#8a8a1f", "#cc79a7",
    "#6b4423", "#4d4d4d",
];

/// The colour of the route at a position of the plan.
pub(super) fn route_colour(at: usize) -> &'static str {
    ROUTES[at % ROUTES.len()]
}
