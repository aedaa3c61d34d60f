//! What is generated from the fixtures compiles, its examples run, and neither clippy nor rustdoc has anything to say.

use std::fs;

use stripe_reporting_tests::Fixture;

use crate::workspace::{self, Workspace};

#[test]
fn every_fixture_compiles_without_a_warning_and_its_examples_run() {
    let mut workspace = Workspace::new("workspace");
    for fixture in Fixture::all("dialect") {
        workspace.generated(&fixture.name, super::dialect::generated(&fixture));
    }
    // rustdoc joins what it makes to what is there, which takes longer each time.
    let _ = fs::remove_dir_all(workspace::target().join("doc"));
    for arguments in [&["clippy"][..], &["doc", "--no-deps"], &["test", "--doc"]] {
        let output = workspace.cargo(&[arguments, &["--workspace"]].concat());
        let (said, printed) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        assert!(output.status.success(), "cargo {arguments:?}:\n{said}\n{printed}");
    }
}
