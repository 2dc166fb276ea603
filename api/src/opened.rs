//! Plans taken out of the store to be looked at or worked with: problem, travel and plan as nouns. The
//! last few stay in memory, since who asks for one usually asks again.

use crate::gate::Caller;
use crate::planning::reread;
use crate::refusal::Refusal;
use crate::roads::World;
use crate::service::Service;
use crate::store::{Kind, StoreError};
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Most that stay in memory.
const MOST: usize = 8;

/// A version of a plan with its problem and travel. A version never changes.
pub(crate) struct Opened {
    /// The problem it answers.
    pub(crate) problem: Problem,
    /// Travel between the problem's places.
    pub(crate) world: World,
    /// The plan.
    pub(crate) plan: Plan,
    /// Its number.
    pub(crate) version: i64,
}

type Entry = ((String, i64), Arc<Opened>);

/// The plans opened last, newest first.
#[derive(Default)]
pub(crate) struct Shelf(Mutex<VecDeque<Entry>>);

impl Shelf {
    fn get(&self, id: &str, version: i64) -> Option<Arc<Opened>> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = shelf.iter().position(|((known, number), _)| known == id && *number == version)?;
        let entry = shelf.remove(at)?;
        let found = Arc::clone(&entry.1);
        shelf.push_front(entry);
        Some(found)
    }
    fn put(&self, id: &str, opened: &Arc<Opened>) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.push_front(((id.to_owned(), opened.version), Arc::clone(opened)));
        shelf.truncate(MOST);
    }
}

/// A version of one of the caller's plans; the newest where none is named.
///
/// # Errors
/// Nothing of this id, or no plan yet.
pub(crate) async fn open(
    service: &Arc<Service>,
    caller: &Caller,
    id: &str,
    version: Option<i64>,
) -> Result<Arc<Opened>, Refusal> {
    let job = service.store.job(&caller.tenant, Kind::Plan, id).await?;
    if job.version == 0 {
        return Err(Refusal::NoPlanYet);
    }
    if let Some(opened) = service.shelf.get(id, version.unwrap_or(job.version)) {
        return Ok(opened);
    }
    let found = service.store.version(&caller.tenant, id, version).await.map_err(|error| match error {
        StoreError::Unknown => Refusal::NoSuchThing { what: "version" },
        other => other.into(),
    })?;
    let number = found.version;
    let opened = at_the_desk(service, move |service| {
        let Some((problem, plan)) = reread(&found.problem, &found.plan) else {
            tracing::error!("a plan of the store does not read");
            return Err(Refusal::Internal);
        };
        let world = World::of(&problem, &service.maps).map_err(Refusal::Invalid)?;
        Ok(Arc::new(Opened { problem, world, plan, version: number }))
    })
    .await?;
    service.shelf.put(id, &opened);
    Ok(opened)
}

/// Does work that takes more than a moment and less than a search, where it holds no request up; so
/// many at once as there are threads.
///
/// # Errors
/// Those of the work.
pub(crate) async fn at_the_desk<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce(&Service) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let place = Arc::clone(&service.desk).acquire_owned().await.map_err(|_| Refusal::NotReady)?;
    let service = Arc::clone(service);
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&service);
        drop(place);
        done
    });
    done.await.map_err(|_| Refusal::Internal)?
}
