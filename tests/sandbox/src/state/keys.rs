//! API keys, and the accounts that they have access to.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::data::{Account, Role, Scope};

/// Whose data something is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    Account(Arc<str>),
    /// All accounts.
    Organization,
}

/// What a key may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Secret,
    /// A restricted key, with its permissions.
    Restricted(Vec<String>),
    Organization,
}

/// An API key.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) kind: KeyKind,
    pub(crate) livemode: bool,
    pub(crate) owner: Owner,
    /// The number of runs of the key that are in progress.
    pub(crate) running: AtomicUsize,
}

/// The keys by their secret.
#[derive(Debug)]
pub(crate) struct Keys {
    by_secret: HashMap<String, Arc<Key>>,
    accounts: Vec<(Arc<str>, Role)>,
}

impl Owner {
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::Account(id) => Scope::Account(id.to_string()),
            Self::Organization => Scope::Organization,
        }
    }

    /// Whether an owner sees what belongs to another one.
    pub(crate) fn sees(&self, other: &Self) -> bool {
        *self == Self::Organization || self == other
    }
}

impl Keys {
    /// Creates the keys that every server has, and additional restricted keys with their permissions.
    pub(crate) fn new(accounts: &[Account], restricted: &[(String, Vec<String>)]) -> Self {
        let accounts = accounts.iter().map(|account| (account.id.as_str().into(), account.role)).collect();
        let mut keys = Self { by_secret: HashMap::new(), accounts };
        let platform = keys.accounts.first().map_or(Owner::Organization, |(id, _)| Owner::Account(id.clone()));
        for livemode in [false, true] {
            let mode = if livemode { "live" } else { "test" };
            keys.add(&format!("sk_{mode}_sandbox"), KeyKind::Secret, livemode, platform.clone());
            keys.add(&format!("rk_{mode}_sandbox"), KeyKind::Restricted(Vec::new()), livemode, platform.clone());
            keys.add(&format!("sk_org_{mode}_sandbox"), KeyKind::Organization, livemode, Owner::Organization);
        }
        for (secret, permissions) in restricted {
            let livemode = secret.starts_with("rk_live_");
            keys.add(secret, KeyKind::Restricted(permissions.clone()), livemode, platform.clone());
        }
        keys
    }

    fn add(&mut self, secret: &str, kind: KeyKind, livemode: bool, owner: Owner) {
        let key = Key { kind, livemode, owner, running: AtomicUsize::new(0) };
        self.by_secret.insert(secret.to_owned(), Arc::new(key));
    }

    pub(crate) fn get(&self, secret: &str) -> Option<Arc<Key>> {
        self.by_secret.get(secret).cloned()
    }

    /// Returns an account as an owner that another one has access to: an organization has its members, the platform the
    /// accounts that are connected to it.
    pub(crate) fn account_of(&self, owner: &Owner, id: &str) -> Option<Owner> {
        let (account, role) = self.accounts.iter().find(|(account, _)| account.as_ref() == id)?;
        let is_platform = |id: &Arc<str>| self.accounts.iter().any(|(own, role)| own == id && *role == Role::Platform);
        let has_access = match owner {
            Owner::Organization => *role != Role::Connected,
            Owner::Account(own) => own == account || (is_platform(own) && *role == Role::Connected),
        };
        has_access.then(|| Owner::Account(account.clone()))
    }
}
