//! `dispatch import-osm`: what a map holds for this engine.

use crate::clock::Clock;
use crate::failure::Failure;
use crate::progress::Bar;
use crate::roads::DayOfRoads;
use crate::{output, roads, write};
use clap::Args;
use clap::builder::PossibleValuesParser;
use dispatch_data::lang::{Lang, Text};
use dispatch_data::place::Position;
use dispatch_data::say;
use dispatch_routing::{Bounds, Fault, Profile, Restrictions, RoadLine, RoadNetwork, Size};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Read a map and say what roads it has; draw them, if asked.
#[derive(Args)]
pub(crate) struct ImportOsm {
    /// The map (.osm.pbf).
    map: PathBuf,
    /// Way of travelling.
    #[arg(long, default_value = "car", value_parser = PossibleValuesParser::new(Profile::BUNDLED))]
    profile: String,
    /// Whose statutory limits hold on roads without a signed one (CN, DE, …) [default: nobody's].
    #[arg(long, value_name = "COUNTRY", value_parser = PossibleValuesParser::new(Profile::countries()))]
    #[arg(hide_possible_values = true)]
    country: Option<String>,
    /// Write all roads as GeoJSON, each with its id in the map and those of its nodes.
    #[arg(long, value_name = "FILE")]
    geojson: Option<PathBuf>,
    /// Write the roads made ready for travel times: other commands then take this file as `--map`.
    #[arg(long, value_name = "FILE")]
    prepared: Option<PathBuf>,
    /// Read a traffic file and say how many of its ways and stretches are roads of the map.
    #[arg(long, value_name = "FILE")]
    traffic: Option<PathBuf>,
}

impl ImportOsm {
    pub(crate) fn run(self, clock: Clock, lang: Lang) -> Result<(), Failure> {
        let Self { map, profile, country, geojson, prepared, traffic } = self;
        let unread = |why: String| Failure::Trouble(say!("a built-in road profile does not read: {}", why));
        let profile = Profile::bundled(&profile).ok_or_else(|| unread(profile.clone()))?;
        let mut profile = profile.map_err(|error| unread(error.to_string()))?;
        if let Some(code) = country {
            profile = profile.in_country(&code);
        }
        for path in geojson.iter().chain(&prepared) {
            write::possible(path, &[&map])?;
        }
        let mut day = DayOfRoads::default();
        traffic.iter().try_for_each(|path| day.read(path))?;
        let before = clock.seconds();
        let bar = Bar::on_terminal(lang);
        let network = roads::network(&map, &profile, None, &|stage| {
            if let Some(bar) = &bar {
                bar.show_stage(stage);
            }
        });
        if let Some(bar) = bar {
            bar.clear();
        }
        let network = network?;
        let seconds = clock.seconds() - before;
        let Size { nodes, edges, arcs, turns, joins: _, rungs: _ } = network.size();
        let Bounds { south, west, north, east } = network.bounds();
        let (name, one) = (map.display(), |number: f64| format!("{number:.1}"));
        let size = say!(
            "{}: {} junctions, {} stretches of road, {} directions, {} turns, read in {} s",
            name,
            nodes,
            edges,
            arcs,
            turns,
            one(seconds)
        );
        output::say(size.in_lang(lang));
        let [south, north, west, east] = [south, north, west, east].map(|degrees| format!("{degrees:.4}"));
        output::say(say!("latitude {} to {}, longitude {} to {}", south, north, west, east).in_lang(lang));
        if let Some(restrictions) = network.restrictions() {
            for told in restrictions_told(restrictions) {
                output::say(told.in_lang(lang));
            }
        }
        if let (Some(path), Some((known, all))) = (traffic, day.touches(&network, &map)?) {
            output::say(
                say!("{}: {} of {} ways and stretches are roads of this map", path.display(), known, all).in_lang(lang),
            );
        }
        if let Some(path) = geojson {
            write::text(&path, &lines(&network))?;
            output::say(say!("written: {}", path.display()).in_lang(lang));
        }
        if let Some(path) = prepared {
            network.save(&path).map_err(|error| {
                Failure::Trouble(say!("{} cannot be written: {}", path.display(), error.to_string()))
            })?;
            output::say(say!("written: {}", path.display()).in_lang(lang));
        }
        Ok(())
    }
}

/// What became of the turn restrictions: how many hold, and which say nothing.
fn restrictions_told(restrictions: &Restrictions) -> Vec<Text> {
    let Restrictions { honoured, unused, impossible, faulty } = restrictions;
    let mut told = vec![say!("turn restrictions: {} honoured", *honoured)];
    if *unused > 0 {
        told.push(say!("{} of roads that this way of travelling does not use or the map does not contain", *unused));
    }
    if *impossible > 0 {
        told.push(say!("{} of turns that nobody can drive, as against a one-way street", *impossible));
    }
    for fault in [Fault::Incomplete, Fault::Crowded, Fault::Apart] {
        let with = faulty.iter().filter(|(_, other)| *other == fault);
        let ids: Vec<String> = with.map(|(relation, _)| relation.to_string()).collect();
        let (count, ids) = (ids.len(), ids.join(", "));
        match fault {
            _ if count == 0 => {}
            Fault::Incomplete => {
                told.push(say!("{} without effect, having no from, no to or no via: relations {}", count, ids));
            }
            Fault::Crowded => {
                told.push(say!("{} without effect, having too many members: relations {}", count, ids));
            }
            Fault::Apart => {
                told.push(say!("{} without effect, since their roads do not meet: relations {}", count, ids));
            }
        }
    }
    told
}

/// All roads as a FeatureCollection (RFC 7946), longitude first.
fn lines(network: &RoadNetwork) -> String {
    let feature = |RoadLine { way, nodes, class, points }: RoadLine| {
        let line: Vec<Value> = points.iter().map(|Position { lat, lon }| json!([lon, lat])).collect();
        json!({
            "type": "Feature",
            "properties": {"class": class.name(), "way": way, "nodes": nodes},
            "geometry": {"type": "LineString", "coordinates": line},
        })
    };
    // One road at a time: a tree of all roads of a map takes twenty times its text.
    let mut text = "{\"type\":\"FeatureCollection\",\"features\":[".to_owned();
    for (at, line) in network.lines(network.bounds()).enumerate() {
        text.push_str(if at > 0 { ",\n" } else { "" });
        text.push_str(&feature(line).to_string());
    }
    text.push_str("]}\n");
    text
}
