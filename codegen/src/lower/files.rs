//! Names the source files of the generated crate: one for each component, with what is described inside of it.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::api::{EventSet, ModulePath, Name, Operation, TypeDef, TypePath};

/// Returns the file of each owner of types and requests, as a module beside the public modules and types.
pub(super) fn files(
    types: &BTreeMap<TypePath, TypeDef>,
    operations: &BTreeMap<String, Operation>,
    events: &[EventSet],
) -> BTreeMap<TypePath, Name> {
    let owners = types.values().map(|def| &def.owner).chain(operations.values().map(|operation| &operation.owner));
    let owners: BTreeSet<&TypePath> = owners.collect();
    let mut taken: BTreeMap<ModulePath, BTreeSet<Name>> = BTreeMap::new();
    // Types of scripts without cases may be called as files are.
    let requests = operations.values().map(|operation| &operation.request);
    let public = types.keys().chain(requests).chain(events.iter().filter_map(|events| events.subject_enum.as_ref()));
    for path in public {
        taken.entry(path.module.clone()).or_default().insert(path.name.clone());
    }
    for module in owners.iter().flat_map(|owner| owner.module.ancestors()) {
        let Some((last, parent)) = module.0.split_last() else { continue };
        // Clippy refuses a module that is called as the one around it.
        for around in [ModulePath(parent.to_vec()), module.clone()] {
            taken.entry(around).or_default().insert(last.clone());
        }
    }
    let name = |owner: &TypePath| {
        let taken = taken.entry(owner.module.clone()).or_default();
        let name = names::file(&owner.name, |name| taken.contains(name));
        taken.insert(name.clone());
        (owner.clone(), name)
    };
    owners.into_iter().map(name).collect()
}
