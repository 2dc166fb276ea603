//! Places, regions, travel, sites and lots.

use super::Checker;
use crate::finding::{Code, Finding};
use crate::ids::{SiteIx, ToolIx};
use crate::lang::{quoted, value};
use crate::limits;
use crate::pointer::Path;
use crate::problem::{TravelProfile, TravelSource};
use crate::travel::TravelMatrix;
use crate::{say, word};
use std::collections::{HashMap, HashSet};

impl Checker<'_> {
    pub(super) fn places(&mut self) {
        let draft = self.draft;
        let list = Path::ROOT.key("places");
        let mut seen = HashSet::new();
        for (k, place) in draft.places.iter().enumerate() {
            let at = list.at(k);
            if let Some(id) = &place.id {
                self.name(&at.key("id"), id);
                if id == "open" {
                    let expected = say!("another id: \"open\" stands for an open end of a shift");
                    self.say(&at.key("id"), Code::Contradiction, expected, value("\"open\""));
                }
                if !seen.insert(id) {
                    self.say(&at.key("id"), Code::DuplicateId, say!("an id that no other place has"), quoted(id));
                }
            }
            if let Some(position) = place.position {
                self.range(&at.key("lat"), position.lat, -90.0, 90.0);
                self.range(&at.key("lon"), position.lon, -180.0, 180.0);
            }
            let needed = match draft.travel {
                TravelSource::Matrices(_) => None,
                TravelSource::Roads { .. } | TravelSource::GreatCircle { .. } => {
                    place.position.is_none().then_some("lat")
                }
            };
            if let Some(key) = needed
                && !self.found.is_doubtful(&at.to_string())
                && !self.found.is_doubtful("/travel")
            {
                let expected = say!("a position, as travel comes from roads or great circles");
                self.found.missing(at.to_string(), key, expected);
            }
        }
        let list = Path::ROOT.key("regions");
        let mut seen = HashSet::new();
        for (k, region) in draft.regions.iter().enumerate() {
            // A region is its id, or an object with one.
            let noun = list.at(k);
            let at = if region.area.is_some() { noun.key("id") } else { noun };
            self.name(&at, &region.id);
            if !seen.insert(&region.id) {
                self.say(&at, Code::DuplicateId, say!("an id that no other region has"), quoted(&region.id));
            }
            let mut corners = region.area.iter().flat_map(geo::CoordsIter::coords_iter);
            if let Some(corner) =
                corners.find(|corner| !((-180.0..=180.0).contains(&corner.x) && (-90.0..=90.0).contains(&corner.y)))
            {
                let got = value(format_args!("[{}, {}]", corner.x, corner.y));
                self.say(&noun.key("area"), Code::OutOfRange, say!("longitudes and latitudes in degrees"), got);
            }
        }
    }

    pub(super) fn travel(&mut self) {
        let draft = self.draft;
        let travel = Path::ROOT.key("travel");
        let profiles = travel.key("profiles");
        if draft.profiles.is_empty() {
            self.say(&profiles, Code::Empty, say!("at least one profile"), say!("none"));
        }
        let mut seen = HashSet::new();
        for (k, profile) in draft.profiles.iter().enumerate() {
            let noun = profiles.at(k);
            let at = if profile.hourly.is_some() { noun.key("id") } else { noun };
            self.name(&at, &profile.id);
            if !seen.insert(&profile.id) {
                self.say(&at, Code::DuplicateId, say!("an id that no other profile has"), quoted(&profile.id));
            }
            if let Some(hours) = &profile.hourly {
                let (least, most) = limits::HOUR_SHARE;
                for (hour, share) in hours.share.iter().enumerate() {
                    self.range(&noun.key("hourly").at(hour), i64::from(share.0), least, most);
                }
                self.range(&noun.key("hourly"), hours.horizon_starts_at.0, 0, limits::DAY - 1);
            }
        }
        match &draft.travel {
            TravelSource::Roads { map, traffic } => {
                let roads = travel.key("roads");
                self.name(&roads.key("map"), map);
                if let Some(traffic) = traffic {
                    self.name(&roads.key("traffic"), traffic);
                    if let Some(at) = draft.profiles.iter().position(|profile| profile.hourly.is_some()) {
                        let expected =
                            say!("no hourly speeds, since the traffic of the roads tells the speeds of each hour");
                        self.say(&profiles.at(at).key("hourly"), Code::Contradiction, expected, say!("hourly speeds"));
                    }
                }
            }
            TravelSource::GreatCircle { detour, meters_per_second } => {
                let circle = travel.key("great_circle");
                self.range(&circle.key("detour"), *detour, 1.0, limits::DETOUR);
                self.range(&circle.key("meters_per_second"), *meters_per_second, limits::CRUISE.0, limits::CRUISE.1);
            }
            TravelSource::Matrices(matrices) => {
                let at = travel.key("matrices");
                if matrices.len() != draft.profiles.len() {
                    let expected = say!("{} matrices, one per profile", draft.profiles.len());
                    self.say(&at, Code::Contradiction, expected, value(matrices.len()));
                }
                for (matrix, profile) in matrices.iter().zip(&draft.profiles) {
                    let at = at.key(&profile.id);
                    self.rush(&at, profile);
                    let rush = profile.rush.iter().flat_map(|rush| &rush.matrices);
                    let odd = std::iter::once(matrix).chain(rush).find(|matrix| matrix.size() != draft.places.len());
                    if let Some(matrix) = odd {
                        let expected = say!("a row for each of {} places", draft.places.len());
                        self.say(&at, Code::Contradiction, expected, value(matrix.size()));
                        continue;
                    }
                    let rush = profile.rush.iter().flat_map(|rush| &rush.matrices);
                    // Who works legs out when asked for has seen to their length.
                    let given = std::iter::once(matrix).chain(rush).filter(|matrix| matrix.source().is_none());
                    let legs = given.flat_map(TravelMatrix::legs);
                    let too_long = |leg: &crate::travel::Leg| {
                        leg.is_reachable()
                            && (i64::from(leg.seconds) > limits::HORIZON || i64::from(leg.meters) > limits::LEG_METERS)
                    };
                    if let Some(leg) = { legs }.find(too_long) {
                        let expected = say!("legs of at most {} s and {} m", limits::HORIZON, limits::LEG_METERS);
                        self.say(&at, Code::OutOfRange, expected, say!("{} s and {} m", leg.seconds, leg.meters));
                    }
                }
            }
        }
    }

    /// Rush hours that have matrices of their own.
    fn rush(&mut self, matrix: &Path<'_>, profile: &TravelProfile) {
        let Some(rush) = &profile.rush else { return };
        let at = matrix.key("rush");
        if profile.hourly.is_some() {
            let expected = say!("no matrices for rush hours, since the profile has hourly speeds");
            self.say(&at, Code::Contradiction, expected, say!("{} of them", rush.matrices.len()));
        }
        for (hour, kind) in rush.of_hour.iter().enumerate() {
            if kind.is_some_and(|kind| kind >= rush.matrices.len()) {
                self.say(&at, Code::Contradiction, say!("a matrix for hour {}", hour), say!("none"));
            }
        }
        self.range(&at, rush.horizon_starts_at.0, 0, limits::DAY - 1);
    }

    pub(super) fn sites(&mut self) {
        let draft = self.draft;
        let list = Path::ROOT.key("sites");
        for (k, site) in draft.sites.iter().enumerate() {
            let at = list.at(k);
            self.refers(&at.key("place"), site.place.index(), draft.places.len(), word!("place"));
            self.windows(&at.key("opening"), &site.opening);
            self.length(&at.key("collection"), site.collection, limits::TASK);
            self.each_once(&at.key("tools"), &site.tools, ToolIx::index, draft.tools.len(), word!("tool"));
        }
        let mut seen = HashMap::new();
        let mut inbound: HashMap<SiteIx, usize> = HashMap::new();
        for lot in &draft.lots {
            let stock = lot.at.0 == 0 && !seen.contains_key(&(lot.site, lot.part, lot.at));
            if !self.refers(&list, lot.site.index(), draft.sites.len(), word!("site")) {
                continue;
            }
            let site = list.at(lot.site.index());
            let name = draft.parts.get(lot.part.index()).map_or("", String::as_str);
            let nth = inbound.entry(lot.site).or_default();
            let (stocks, deliveries) = (site.key("stock"), site.key("inbound"));
            let at = if stock { stocks.key(name) } else { deliveries.at(*nth) };
            *nth += usize::from(!stock);
            self.refers(&at.key("part"), lot.part.index(), draft.parts.len(), word!("part"));
            self.moment(&at.key("at"), lot.at);
            let quantity = if stock { at } else { at.key("quantity") };
            self.range(&quantity, i64::from(lot.quantity), 0, limits::QUANTITY);
            if seen.insert((lot.site, lot.part, lot.at), ()).is_some() {
                let expected = say!("one lot per site, part and instant");
                let finding = Finding::new(
                    at.to_string(),
                    Code::DuplicateId,
                    expected,
                    say!("{} again", format_args!("{name:?}")),
                )
                .hint(say!("add the quantities up"));
                self.found.unless_doubtful(finding, &[]);
            }
        }
    }
}
