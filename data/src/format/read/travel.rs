//! Travel profiles and where travel times come from.

use super::Reader;
use super::names::Names;
use crate::finding::{Code, Finding};
use crate::format::node::Node;
use crate::format::tree::Tree;
use crate::lang::{Word, value};
use crate::problem::{TravelProfile, TravelSource};
use crate::travel::{HourlyMatrices, HourlySpeed, Leg, TravelMatrix};
use crate::units::Permille;
use crate::{say, word};

/// What a place must have.
enum Needed {
    Position,
    /// An index below this.
    Index(usize),
}

impl Reader {
    pub(super) fn read_profiles(&mut self, root: &Node<'_, '_>) {
        let travel = root.get("travel");
        let Some(list) = travel.as_ref().and_then(|travel| travel.get("profiles")) else {
            self.profiles = Names::known(word!("profile"), self.draft.profiles.iter().map(|profile| &*profile.id));
            if travel.is_none_or(|travel| travel.is_bad()) {
                self.profiles.set_doubtful();
            }
            return;
        };
        if list.is_bad() {
            self.profiles.set_doubtful();
            return;
        }
        self.draft.profiles.clear();
        for node in list.items() {
            let id = node.text().or_else(|| node.get("id").and_then(|id| id.text()));
            self.profiles.push(id);
            let hourly = node.get("hourly").filter(|hours| !hours.is_bad()).map(|hours| self.hourly(&hours));
            let id = id.unwrap_or_default().to_owned();
            self.draft.profiles.push(TravelProfile { id, hourly, rush: None });
        }
    }

    fn hourly(&self, node: &Node<'_, '_>) -> HourlySpeed {
        let mut share = [Permille::ONE; 24];
        for (hour, given) in share.iter_mut().zip(node.items()) {
            *hour = super::count(&given).map(Permille).unwrap_or_default();
        }
        HourlySpeed { share, horizon_starts_at: self.draft.horizon.second_of_day() }
    }

    /// The source of travel times, once all places are known.
    pub(super) fn read_travel(&mut self, root: &Node<'_, '_>) {
        let Some(node) = root.get("travel").filter(|travel| !travel.is_bad()) else { return };
        let (roads, matrices, circle) = (node.get("roads"), node.get("matrices"), node.get("great_circle"));
        let given = [roads.is_some(), matrices.is_some(), circle.is_some()].into_iter().filter(|given| *given).count();
        if given != 1 {
            let expected = say!("exactly one of \"roads\", \"matrices\" and \"great_circle\"");
            let pointer = node.pointer();
            let places = ["roads", "matrices", "great_circle"].map(|key| format!("{pointer}/{key}"));
            let finding = Finding::new(pointer, Code::Contradiction, expected, value(given));
            if !places.iter().any(|place| self.found.is_doubtful(place)) {
                self.found.wrong(finding);
            }
            return;
        }
        let needed = if let Some(roads) = roads {
            let map = super::text(&roads, "map").unwrap_or_default();
            let traffic = super::text(&roads, "traffic");
            self.draft.travel = TravelSource::Roads { map, traffic };
            Needed::Position
        } else if let Some(circle) = circle {
            let number = |key: &str| circle.get(key).and_then(|number| number.number()).unwrap_or(1.0);
            let (detour, meters_per_second) = (number("detour"), number("meters_per_second"));
            self.draft.travel = TravelSource::GreatCircle { detour, meters_per_second };
            Needed::Position
        } else if let Some(matrices) = matrices.filter(|matrices| !matrices.is_bad()) {
            let Some(size) = self.read_matrices(&matrices) else { return };
            Needed::Index(size)
        } else {
            return;
        };
        self.places_have(&needed);
    }

    fn places_have(&mut self, needed: &Needed) {
        for (at, (place, pointer)) in self.draft.places.iter().zip(&self.places.given_at).enumerate() {
            let wanting = match (needed, place.matrix_index) {
                (Needed::Position, _) => place.position.is_none(),
                (Needed::Index(size), index) => index.is_none_or(|index| index as usize >= *size),
            };
            if !wanting {
                continue;
            }
            if !self.found.is_doubtful(pointer) {
                match (needed, place.matrix_index) {
                    (Needed::Position, _) => {
                        let expected = say!("a position, as travel comes from roads or great circles");
                        self.found.missing(pointer.clone(), "lat", expected);
                    }
                    (Needed::Index(_), None) => {
                        let expected = say!("an index, as travel comes from matrices");
                        self.found.missing(pointer.clone(), "index", expected);
                    }
                    (Needed::Index(size), Some(index)) => {
                        let expected = say!("an index below {}, the size of the matrices", size);
                        let here = format!("{pointer}/index");
                        self.found.wrong(Finding::new(here, Code::OutOfRange, expected, value(index)));
                    }
                }
            }
            // The checks of the whole draft know the place by its position in the list alone.
            self.found.doubt(format!("/places/{at}"));
        }
    }

    /// Reads all matrices and gives their size; `None` when they are not to be relied on.
    fn read_matrices(&mut self, node: &Node<'_, '_>) -> Option<usize> {
        let mut given: Vec<Option<(TravelMatrix, String)>> = vec![None; self.draft.profiles.len()];
        let mut rush: Vec<Option<HourlyMatrices>> = vec![None; self.draft.profiles.len()];
        let mut sound = true;
        for (name, matrix) in node.entries() {
            let profile = self.profiles.refer_by(name, &matrix.path, &mut self.found);
            let read = self.matrix(&matrix);
            let hours = self.rush(&matrix);
            sound &= profile.is_some() && read.is_some() && hours.is_some();
            if let (Some(profile), Some(read), Some(hours)) = (profile, read, hours) {
                given[profile as usize] = Some((read, matrix.pointer()));
                rush[profile as usize] = hours;
            }
        }
        if !sound {
            return None;
        }
        let mut matrices = Vec::with_capacity(given.len());
        for (profile, matrix) in self.draft.profiles.iter().zip(given) {
            match matrix {
                Some(matrix) => matrices.push(matrix),
                None => {
                    sound = false;
                    let expected = say!("a matrix for the profile {}", format_args!("{:?}", profile.id));
                    self.found
                        .unless_doubtful(Finding::new(node.pointer(), Code::MissingKey, expected, say!("none")), &[]);
                }
            }
        }
        let (first, _) = matrices.first().filter(|_| sound)?;
        let size = first.size();
        let named = self.draft.profiles.iter().map(|profile| node.path.key(&profile.id).key("rush").to_string());
        let hours = rush.iter().zip(named).flat_map(|(rush, pointer)| {
            rush.iter().flat_map(|rush| &rush.matrices).map(move |matrix| (matrix, pointer.clone()))
        });
        let given = matrices.iter().map(|(matrix, pointer)| (matrix, pointer.clone()));
        for (matrix, pointer) in given.chain(hours).collect::<Vec<_>>() {
            if matrix.size() != size {
                sound = false;
                let expected = say!("{} rows, as in {}", size, matrices[0].1);
                let finding = Finding::new(pointer, Code::Contradiction, expected, say!("{} rows", matrix.size()));
                self.found.unless_doubtful(finding, &[]);
            }
        }
        let places: Vec<_> = self.draft.places.iter().map(|place| place.matrix_index).collect();
        let picks: Option<Vec<usize>> =
            places.into_iter().map(|index| index.map(|index| index as usize).filter(|index| *index < size)).collect();
        if let Some(picks) = picks.filter(|_| sound) {
            let in_order = picks.len() == size && picks.iter().enumerate().all(|(at, pick)| at == *pick);
            let select = |matrix: TravelMatrix| if in_order { matrix } else { matrix.select(&picks) };
            for (profile, rush) in self.draft.profiles.iter_mut().zip(rush) {
                profile.rush = rush.map(|HourlyMatrices { matrices, of_hour, horizon_starts_at }| {
                    let matrices = matrices.into_iter().map(select).collect();
                    HourlyMatrices { matrices, of_hour, horizon_starts_at }
                });
            }
            let matrices = matrices.into_iter().map(|(matrix, _)| select(matrix)).collect();
            self.draft.travel = TravelSource::Matrices(matrices);
        }
        sound.then_some(size)
    }

    /// The matrices of rush hours beside a profile's own; `None` when they are not to be relied on.
    fn rush(&mut self, node: &Node<'_, '_>) -> Option<Option<HourlyMatrices>> {
        let Some(list) = node.get("rush") else { return Some(None) };
        if list.is_bad() {
            return None;
        }
        let horizon_starts_at = self.draft.horizon.second_of_day();
        let mut rush = HourlyMatrices { matrices: Vec::new(), of_hour: [None; 24], horizon_starts_at };
        let mut sound = true;
        for (kind, node) in list.items().enumerate() {
            let hours = node.get("hours").filter(|hours| !hours.is_bad());
            sound &= hours.is_some();
            for hour in hours.iter().flat_map(Node::items) {
                let number = super::count(&hour).map(|hour| hour as usize);
                match number.and_then(|number| rush.of_hour.get_mut(number)) {
                    Some(free @ None) => *free = Some(kind),
                    Some(Some(_)) => {
                        sound = false;
                        let got = value(number.unwrap_or_default());
                        let expected = say!("an hour that has no matrix yet");
                        self.found.wrong(Finding::new(hour.pointer(), Code::Contradiction, expected, got));
                    }
                    None => sound = false,
                }
            }
            match self.matrix(&node) {
                Some(matrix) => rush.matrices.push(matrix),
                None => sound = false,
            }
        }
        sound.then_some(Some(rush))
    }

    fn matrix(&mut self, node: &Node<'_, '_>) -> Option<TravelMatrix> {
        let seconds = node.get("seconds")?;
        let size = rows(&seconds)?.len();
        // Both are read before either is refused, so that both give their findings.
        let seconds_read = self.numbers(&seconds, size);
        let meters_read = match node.get("meters") {
            Some(meters) => self.numbers(&meters, size),
            None => Some(vec![Some(0); size * size]),
        };
        let (seconds_read, meters_read) = (seconds_read?, meters_read?);
        let leg = |(seconds, meters): (Option<u32>, Option<u32>)| match (seconds, meters) {
            (Some(seconds), Some(meters)) => Leg { seconds, meters },
            _ => Leg::UNREACHABLE,
        };
        TravelMatrix::new(size, seconds_read.into_iter().zip(meters_read).map(leg).collect()).ok()
    }

    /// All numbers of a square list of lists, row after row.
    fn numbers(&mut self, node: &Node<'_, '_>, size: usize) -> Option<Vec<Option<u32>>> {
        let rows = rows(node)?;
        let mut sound = true;
        let mut wrong = |pointer: String, what: Word, got: usize| {
            sound = false;
            let finding =
                Finding::new(pointer, Code::Contradiction, say!("{} {}: matrices are square", size, what), value(got));
            self.found.unless_doubtful(finding, &[]);
        };
        if rows.len() != size {
            wrong(node.pointer(), word!("rows"), rows.len());
        }
        let mut numbers = Vec::with_capacity(size * size);
        for (at, row) in rows.iter().enumerate() {
            let Tree::List(row) = row else { return None };
            if row.len() != size {
                wrong(node.path.at(at).to_string(), word!("entries"), row.len());
            }
            for number in row {
                numbers.push(match number {
                    Tree::Int(number) => Some(u32::try_from(*number).ok()?),
                    Tree::Null => None,
                    _ => return None,
                });
            }
        }
        sound.then_some(numbers)
    }
}

fn rows<'t>(node: &Node<'_, 't>) -> Option<&'t [Tree]> {
    match node.tree {
        Tree::List(rows) => Some(rows),
        _ => None,
    }
}
