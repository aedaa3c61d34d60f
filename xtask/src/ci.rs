//! `cargo xtask ci`: all checks of CI except `cargo test --workspace`. `.ci/run` runs that and this command on a fresh machine.

use std::env;
use std::process::{Command, Stdio};

use clap::Args;

use crate::report::say;
use crate::{Outcome, cargo, git};

/// The features that are built one by one, and both clients with the platform's TLS library. Features only add, so all of them
/// together are what the tests are built with.
const FEATURES: [&str; 12] = [
    "",
    "client",
    "blocking",
    "rustls",
    "native-tls",
    "csv",
    "zip",
    "tracing",
    "webhooks",
    "examples",
    "client,native-tls",
    "blocking,native-tls",
];

/// The tests with random descriptions that run as long as requested. The others that `cargo test` ignores take two minutes.
const RANDOM: [&str; 2] = ["many_mutated_descriptions", "random_descriptions_have_no_lints"];

#[derive(Args)]
pub(crate) struct Arguments {
    /// Also check security advisories, and compare with the official SDKs (needs network)
    #[arg(long)]
    online: bool,
}

/// Runs all checks, and reports those that failed.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut checks = Checks::default();
    checks.cargo(&["fmt", "--all", "--check"]);
    checks.xtask(&["codegen", "--check"]);
    checks.report();
    checks.cargo(&["clippy", "--workspace", "--all-targets", "--all-features", "--locked", "--", "-D", "warnings"]);
    checks.cargo(
        &[
            &["test", "--workspace", "--test", "suite", "--locked", "--", "--ignored"][..],
            &RANDOM.map(|test| ["--skip", test]).concat(),
        ]
        .concat(),
    );
    let mut doc = cargo::command(&["doc", "--workspace", "--no-deps", "--all-features", "--locked"]);
    checks.run(doc.env("RUSTDOCFLAGS", "-D warnings"));
    for features in FEATURES {
        let only = ["--no-default-features", "--features", features, "--locked"];
        checks.cargo(&[&["check", "--package", "stripe-reporting"], &only[..]].concat());
        checks.cargo(&[&["test", "--package", "stripe-reporting-runtime", "--lib"], &only[..]].concat());
    }
    checks.oldest_toolchain();
    checks.deny(arguments.online);
    if arguments.online {
        checks.xtask(&["witnesses", "--sharpness"]);
    }
    if checks.failed.is_empty() {
        return Outcome::Done;
    }
    say(&format!("error: these checks failed:\n{}", checks.failed.join("\n")));
    Outcome::Failed
}

/// The checks that have run.
#[derive(Default)]
struct Checks {
    failed: Vec<String>,
}

impl Checks {
    /// Runs cargo.
    fn cargo(&mut self, arguments: &[&str]) {
        self.run(&mut cargo::command(arguments));
    }

    /// Runs another command of this program.
    fn xtask(&mut self, arguments: &[&str]) {
        match env::current_exe() {
            Ok(program) => self.run(Command::new(program).args(arguments)),
            Err(error) => self.failed.push(format!("cargo xtask {}: {error}", arguments.join(" "))),
        }
    }

    /// Runs a program, offline: the packages of all features are downloaded by the tests.
    fn run(&mut self, command: &mut Command) {
        let line = line(command);
        say(&format!("\n== {line}"));
        if cargo::run(command.env("CARGO_NET_OFFLINE", "true")) != Outcome::Done {
            self.failed.push(line);
        }
    }

    /// Prints what the change does, for the reviewer: since it left the main branch or, on that branch, in the last commit.
    fn report(&mut self) {
        let head = git::commit("HEAD").ok().flatten();
        let base = git::merge_base().ok().filter(|base| Some(base) != head.as_ref());
        match base.or_else(|| git::commit("HEAD^").ok().flatten()) {
            Some(base) => {
                let failed = self.failed.len();
                self.xtask(&["diff", &base, "--format", "markdown"]);
                // The base may have a description of an older dialect, which is not an error of the change.
                self.failed.truncate(failed);
            }
            None => say("\nskipped: the report of the change, since there is no commit to compare with"),
        }
    }

    /// Checks that the workspace builds with the oldest toolchain that it supports.
    fn oldest_toolchain(&mut self) {
        let version = env!("CARGO_PKG_RUST_VERSION");
        if !exists(Command::new("rustup").args(["run", version, "rustc", "--version"])) {
            return say(&format!("\nskipped: Rust {version}; run `rustup toolchain install {version}`"));
        }
        let check = ["run", version, "cargo", "check", "--workspace", "--all-features", "--locked"];
        self.run(Command::new("rustup").args(check).current_dir(crate::root::project()));
    }

    /// Checks licences, duplicates and sources of the dependencies, and their advisories where there is a network.
    fn deny(&mut self, online: bool) {
        if !exists(&mut cargo::command(&["deny", "--version"])) {
            return say("\nskipped: cargo-deny; run `cargo install --locked cargo-deny`");
        }
        self.cargo(&["deny", "--offline", "check", "bans", "licenses", "sources"]);
        if online {
            let line = "cargo deny check advisories";
            say(&format!("\n== {line}"));
            if cargo::run(&mut cargo::command(&["deny", "check", "advisories"])) != Outcome::Done {
                self.failed.push(line.to_owned());
            }
        }
    }
}

/// Returns whether a program runs without an error.
fn exists(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Returns the command as a user would write it.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or_default();
    let program = match program.to_string_lossy() {
        name if name == env!("CARGO_PKG_NAME") => "cargo xtask".to_owned(),
        name => name.into_owned(),
    };
    let arguments = command.get_args().map(|argument| match argument.to_string_lossy() {
        empty if empty.is_empty() => "''".to_owned(),
        argument => argument.into_owned(),
    });
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}
