//! Installs the official SDKs at the versions of the lock files, into the target directory, where they stay.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::witness::{Program, Witness};

/// An SDK at a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sdk {
    /// Such as `stripe-python 16.1.0`.
    pub(crate) name: String,
    pub(crate) language: Language,
    /// The lock file.
    pub(crate) lock: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Python,
    Node,
}

/// Why an SDK is not installed.
#[derive(Debug)]
pub(crate) enum Missing {
    /// The machine does not have what it takes: why.
    Skipped(String),
    Failed(String),
}

/// Messages of pip and npm about the network.
const NETWORK: [&str; 9] = [
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ProxyError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "ENETUNREACH",
];

/// Returns the SDKs that have a lock file in the folder of the witnesses.
pub(crate) fn locked(folder: &Path) -> Result<Vec<Sdk>, String> {
    let mut found = Vec::new();
    for path in children(&folder.join("python"))? {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let version = read(&path)?;
            let version =
                version.lines().find_map(|line| line.strip_prefix("stripe==")).map(|rest| rest.split(' ').next());
            let version = version.flatten().ok_or_else(|| format!("{}: `stripe==` is missing", path.display()))?;
            found.push(Sdk {
                name: format!("stripe-python {version}"),
                language: Language::Python,
                lock: path.clone(),
            });
        }
    }
    for path in children(&folder.join("node"))? {
        let lock = path.join("package-lock.json");
        if lock.exists() {
            let text: Value =
                serde_json::from_str(&read(&lock)?).map_err(|error| format!("{}: {error}", lock.display()))?;
            let version = text.pointer("/packages/node_modules~1stripe/version").and_then(Value::as_str);
            let version = version.ok_or_else(|| format!("{}: `stripe` is missing", lock.display()))?;
            found.push(Sdk { name: format!("stripe-node {version}"), language: Language::Node, lock });
        }
    }
    Ok(found)
}

impl Sdk {
    /// Installs the SDK, unless it is, and returns the witness that uses it.
    pub(crate) fn install(&self, folder: &Path, target: &Path) -> Result<Witness, Missing> {
        let place = target.join(self.name.replace(' ', "-"));
        let (lock, stamp) = (read(&self.lock).map_err(Missing::Failed)?, place.join("installed"));
        if fs::read_to_string(&stamp).ok().as_ref() != Some(&lock) {
            let _ = fs::remove_dir_all(&place);
            fs::create_dir_all(&place).map_err(|error| failed(&place, &error))?;
            match self.language {
                Language::Python => self.install_python(&place)?,
                Language::Node => self.install_node(&place)?,
            }
            fs::write(&stamp, lock).map_err(|error| failed(&stamp, &error))?;
        }
        let command = match self.language {
            Language::Python => vec![python(&place), folder.join("python/witness.py")],
            Language::Node => {
                // Where Node looks for the SDK.
                let script = place.join("witness.mjs");
                fs::copy(folder.join("node/witness.mjs"), &script).map_err(|error| failed(&script, &error))?;
                vec!["node".into(), script]
            }
        };
        Ok(Witness { name: self.name.clone(), program: Program::Process(command) })
    }

    fn install_python(&self, place: &Path) -> Result<(), Missing> {
        let program = if cfg!(windows) { "python" } else { "python3" };
        self.run(Command::new(program).args(["-m", "venv"]).arg(place))?;
        let mut pip = Command::new(python(place));
        pip.args([
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--retries",
            "1",
            "--requirement",
        ]);
        self.run(pip.arg(&self.lock))
    }

    fn install_node(&self, place: &Path) -> Result<(), Missing> {
        let source = self.lock.parent().unwrap_or(Path::new("."));
        for file in ["package.json", "package-lock.json"] {
            fs::copy(source.join(file), place.join(file)).map_err(|error| failed(&place.join(file), &error))?;
        }
        let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000"];
        let ci = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        self.run(Command::new(program).args(ci).args(quick).current_dir(place))
    }

    fn run(&self, command: &mut Command) -> Result<(), Missing> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = match command.output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => output,
            Err(error) => {
                return Err(Missing::Skipped(format!("`{program}` does not run: {error}")));
            }
        };
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if NETWORK.iter().any(|message| text.contains(message)) {
            return Err(Missing::Skipped("its registry cannot be reached".to_owned()));
        }
        Err(Missing::Failed(format!("{}: `{program}` failed:\n{text}", self.name)))
    }
}

/// Returns the interpreter of a virtual environment.
fn python(place: &Path) -> PathBuf {
    place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

fn failed(path: &Path, error: &std::io::Error) -> Missing {
    Missing::Failed(format!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Returns the entries of a folder, in the order of their names.
fn children(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    Ok(paths)
}
