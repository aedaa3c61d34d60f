//! Counts threads and sockets of this process, on platforms with `/proc`.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// The number of threads and sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leftovers {
    threads: usize,
    sockets: usize,
}

impl Leftovers {
    pub(super) fn count() -> Self {
        let entries =
            |path: &str| fs::read_dir(path).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
        let is_socket =
            |path: &Path| fs::read_link(path).is_ok_and(|link| link.to_string_lossy().starts_with("socket:"));
        Self {
            threads: entries("/proc/self/task").len(),
            sockets: entries("/proc/self/fd").iter().filter(|entry| is_socket(&entry.path())).count(),
        }
    }

    /// Panics if there are still more than before after some seconds.
    pub(super) fn assert_none_since(before: Self) {
        let began = Instant::now();
        loop {
            let now = Self::count();
            if now.threads <= before.threads && now.sockets <= before.sockets {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "left: {now:?}, before: {before:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
