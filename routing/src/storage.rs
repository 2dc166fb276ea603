//! A network to and from its prepared file.
//!
//! The file's form is in `prepared`; each part of the network knows its own columns.

use crate::error::{OpenError, PreparedError};
use crate::graph::RoadGraph;
use crate::hierarchy::Hierarchy;
use crate::metric::Ladder;
use crate::network::{RoadNetwork, Stage};
use crate::order::Order;
use crate::prepared::{Columns, Prepared, lengths, map_mark, profile_mark};
use crate::profile::Profile;
use crate::snap::SnapIndex;
use crate::topology::Topology;
use crate::turns::TurnGraph;
use std::path::Path;
use std::sync::Arc;

impl RoadNetwork {
    /// Writes the network, hierarchy included, to a file that [`RoadNetwork::load`] reads without
    /// parsing.
    ///
    /// # Errors
    /// [`PreparedError::Write`]; nothing is left behind then.
    pub fn save(&self, path: &Path) -> Result<(), PreparedError> {
        let Self { graph, turns, core, index, hierarchy, profile, map, restrictions: _ } = self;
        let Hierarchy { order, topology, ladder } = hierarchy;
        let mut columns = Columns::create(path)?;
        graph.save(&mut columns);
        turns.save(&mut columns);
        columns.bytes(core.iter().map(|core| u8::from(*core)));
        index.save(&mut columns);
        order.save(&mut columns);
        topology.save(&mut columns);
        ladder.save(&mut columns);
        columns.finish(*profile, *map)
    }

    /// Loads a network that was saved with the same profile. A profile in no country takes what was saved
    /// with it in any country.
    ///
    /// # Errors
    /// [`PreparedError`]: unreadable, foreign, of another version or profile, or damaged.
    pub fn load(path: &Path, profile: &Profile) -> Result<Self, PreparedError> {
        let wanted =
            |mark| profile_mark(profile) == mark || profile.in_each_country().any(|local| profile_mark(&local) == mark);
        let prepared = Prepared::read(path, wanted)?;
        Self::from_columns(prepared).map_err(|reason| PreparedError::Damaged { path: path.to_path_buf(), reason })
    }

    /// Loads a network that was saved with the same profile and made from this very map.
    ///
    /// # Errors
    /// As [`RoadNetwork::load`]; [`PreparedError::OtherMap`] when the map is another one or has changed.
    pub fn load_of(path: &Path, profile: &Profile, map: &Path) -> Result<Self, PreparedError> {
        let network = Self::load(path, profile)?;
        let mark = map_mark(map).map_err(|source| PreparedError::Read { path: map.to_path_buf(), source })?;
        if network.map == mark {
            Ok(network)
        } else {
            Err(PreparedError::OtherMap { path: path.to_path_buf(), map: map.to_path_buf() })
        }
    }
    /// Whether a file says of itself that it is a prepared network.
    pub fn is_prepared(path: &Path) -> bool {
        Prepared::is_one(path)
    }

    fn from_columns(prepared: Prepared) -> Result<Self, String> {
        let (profile, map) = (prepared.profile, prepared.map);
        let parts = [
            RoadGraph::COLUMNS,
            TurnGraph::COLUMNS,
            1,
            SnapIndex::COLUMNS,
            Order::COLUMNS,
            Topology::COLUMNS,
            Ladder::COLUMNS,
        ];
        let [mut graph, mut turns, mut core, mut index, mut order, mut topology, mut ladder] = prepared.parts(parts)?;
        let (states, count) = (order.length(0), turns.length(TurnGraph::COLUMNS - 1));
        let roads = || -> Result<_, String> {
            let graph = RoadGraph::load(&mut graph)?;
            let core: Vec<bool> = core.bytes()?.into_iter().map(|core| core != 0).collect();
            lengths(core.len() == graph.arcs.len())?;
            let index = SnapIndex::load(&mut index, graph.edges.len())?;
            let turns = TurnGraph::load(&mut turns, graph.arcs.len())?;
            lengths(turns.len() == states && turns.count() == count)?;
            Ok((graph, core, index, turns))
        };
        let hierarchy = || -> Result<_, String> {
            let order = Order::load(&mut order, states)?;
            let (topology, ladder) =
                rayon::join(|| Topology::load(&mut topology, states, count), || Ladder::load(&mut ladder, states));
            Ok((order, topology?, ladder?))
        };
        let (roads, hierarchy) = rayon::join(roads, hierarchy);
        let ((graph, core, index, turns), (order, topology, ladder)) = (roads?, hierarchy?);
        let hierarchy = Hierarchy { order: Arc::new(order), topology: Arc::new(topology), ladder };
        let (graph, core, index) = (Arc::new(graph), Arc::new(core), Arc::new(index));
        Ok(Self { graph, turns, core, index, hierarchy, profile, map, restrictions: None })
    }

    /// Loads `prepared` if it was made from this very map with this profile; otherwise imports the map
    /// and writes `prepared` anew.
    ///
    /// # Errors
    /// [`OpenError`]: the map cannot be imported or the file cannot be written.
    pub fn open(map: &Path, prepared: &Path, profile: &Profile, progress: &dyn Fn(Stage)) -> Result<Self, OpenError> {
        if let (Ok(network), Ok(mark)) = (Self::load(prepared, profile), map_mark(map))
            && network.map == mark
        {
            progress(Stage::Ready);
            return Ok(network);
        }
        let network = Self::import(map, profile, progress)?;
        network.save(prepared)?;
        Ok(network)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snap::SnapLimit;
    use std::cell::RefCell;
    use std::path::PathBuf;

    const HELSINKI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/helsinki.osm.pbf");

    /// A path in the system's temporary folder; the file goes when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("dispatch-prepared-{}-{name}", std::process::id())))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn car() -> Profile {
        Profile::car().expect("bundled")
    }

    #[test]
    fn a_loaded_network_answers_like_the_saved_one() {
        let file = Scratch::new("same");
        let made = RoadNetwork::import(HELSINKI.as_ref(), &car(), &|_| {}).expect("sound");
        made.save(&file.0).expect("temporary folder");
        let loaded = RoadNetwork::load(&file.0, &car()).expect("just saved");
        assert_eq!(made.size(), loaded.size());
        let places: Vec<_> = made.lines(made.bounds()).step_by(9).map(|line| line.points[0]).collect();
        let (a, b) = (made.snap(&places, SnapLimit::default()), loaded.snap(&places, SnapLimit::default()));
        let (a, b) = (a.expect("near"), b.expect("near"));
        assert_eq!(a, b);
        assert_eq!(made.matrix(&a), loaded.matrix(&b));
        assert_eq!(made.path(&a[0], &a[7]), loaded.path(&b[0], &b[7]));
    }

    #[test]
    fn foreign_stale_and_damaged_files_are_refused_by_name() {
        let file = Scratch::new("refused");
        RoadNetwork::import(HELSINKI.as_ref(), &car(), &|_| {}).expect("sound").save(&file.0).expect("saved");
        let foot = Profile::bundled("foot").expect("listed").expect("sound");
        assert!(matches!(RoadNetwork::load(&file.0, &foot), Err(PreparedError::OtherProfile { .. })));
        assert!(matches!(RoadNetwork::load(&file.0, &car().in_country("FI")), Err(PreparedError::OtherProfile { .. })));
        let chinese = RoadNetwork::import(HELSINKI.as_ref(), &car().in_country("CN"), &|_| {}).expect("sound");
        let local = Scratch::new("local");
        chinese.save(&local.0).expect("saved");
        assert!(RoadNetwork::load(&local.0, &car()).is_ok_and(|network| network.profile == chinese.profile));
        assert!(RoadNetwork::load(&local.0, &car().in_country("CN")).is_ok());
        assert!(matches!(
            RoadNetwork::load(&local.0, &car().in_country("FI")),
            Err(PreparedError::OtherProfile { .. })
        ));
        assert!(RoadNetwork::is_prepared(&file.0) && !RoadNetwork::is_prepared(HELSINKI.as_ref()));
        assert!(RoadNetwork::load_of(&file.0, &car(), HELSINKI.as_ref()).is_ok());
        let stale = RoadNetwork::load_of(&file.0, &car(), &file.0).err().expect("refused");
        assert!(matches!(stale, PreparedError::OtherMap { .. }), "{stale}");
        let sound = std::fs::read(&file.0).expect("saved");
        let refused = |bytes: &[u8]| {
            std::fs::write(&file.0, bytes).expect("temporary folder");
            RoadNetwork::load(&file.0, &car()).err().expect("refused")
        };
        assert!(matches!(refused(&sound[..20]), PreparedError::Foreign { .. }));
        assert!(matches!(
            refused(b"something else that is long enough to hold a head of a file"),
            PreparedError::Foreign { .. }
        ));
        assert!(matches!(refused(&sound[..sound.len() - 1]), PreparedError::Damaged { .. }));
        for at in (48..sound.len()).step_by(sound.len() / 50) {
            let mut bytes = sound.clone();
            bytes[at] ^= 4;
            let error = refused(&bytes);
            assert!(error.to_string().contains("checksum"), "{error}");
        }
        let mut older = sound;
        older[8] = 77;
        assert!(refused(&older).to_string().contains("version 77"));
        let nowhere =
            RoadNetwork::import(HELSINKI.as_ref(), &car(), &|_| {}).expect("sound").save("/no/such/dir/f".as_ref());
        assert!(matches!(nowhere, Err(PreparedError::Write { .. })));
        assert!(matches!(RoadNetwork::load("/no/such/file".as_ref(), &car()), Err(PreparedError::Read { .. })));
    }

    #[test]
    fn wrong_numbers_under_a_right_checksum_are_errors_not_panics() {
        let file = Scratch::new("forged");
        RoadNetwork::import(HELSINKI.as_ref(), &car(), &|_| {}).expect("sound").save(&file.0).expect("saved");
        let sound = std::fs::read(&file.0).expect("saved");
        let places = [dispatch_data::place::Position { lat: 60.17, lon: 24.94 }; 3];
        let mut refused = 0;
        for at in (48..sound.len()).step_by(sound.len() / 400) {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x80;
            crate::prepared::forge(&mut bytes);
            std::fs::write(&file.0, &bytes).expect("temporary folder");
            match RoadNetwork::load(&file.0, &car()) {
                Err(_) => refused += 1,
                Ok(network) => {
                    if let Ok(snapped) = network.snap(&places, SnapLimit(100_000.0)) {
                        network.matrix(&snapped);
                    }
                }
            }
        }
        assert!(refused > 100, "only {refused} of 400 were refused");
    }

    #[test]
    fn opening_twice_imports_once() {
        let file = Scratch::new("open");
        let stages = RefCell::new(Vec::new());
        for _ in 0..2 {
            RoadNetwork::open(HELSINKI.as_ref(), &file.0, &car(), &|stage| stages.borrow_mut().push(stage))
                .expect("sound");
        }
        let stages = stages.into_inner();
        assert_eq!(stages.iter().filter(|stage| **stage == Stage::Reading).count(), 1);
        assert_eq!(stages.iter().filter(|stage| **stage == Stage::Ready).count(), 2);
    }
}
