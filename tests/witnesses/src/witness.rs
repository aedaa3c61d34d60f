//! A witness: a program that runs steps, here or in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::ours::{self, Kind, Server};

/// Who runs the steps.
#[derive(Debug, Clone)]
pub(crate) struct Witness {
    /// The library and its version, such as `stripe-python 16.1.0`.
    pub(crate) name: String,
    pub(crate) program: Program,
}

#[derive(Debug, Clone)]
pub(crate) enum Program {
    Ours(Kind),
    /// A command that reads steps and writes outcomes, one in a line.
    Process(Vec<PathBuf>),
}

/// A witness that is running.
pub(crate) enum Running {
    Ours(Kind),
    Process { child: Child, stdin: ChildStdin, stdout: BufReader<ChildStdout> },
}

impl Witness {
    pub(crate) fn start(&self, server: &Server<'_>) -> Result<Running, String> {
        let command = match &self.program {
            Program::Ours(kind) => return Ok(Running::Ours(*kind)),
            Program::Process(command) => command,
        };
        let [program, arguments @ ..] = command.as_slice() else {
            return Err(format!("{}: the command is empty", self.name));
        };
        let mut command = Command::new(program);
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env_remove(proxy).env_remove(proxy.to_lowercase());
        }
        let child = command
            .args(arguments)
            .env("STRIPE_API_BASE", &server.url)
            .env("STRIPE_API_KEY", &server.key)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child =
            child.map_err(|error| format!("{}: cannot start `{}`: {error}", self.name, program.display()))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(stdin), Some(stdout)) => Ok(Running::Process { child, stdin, stdout: BufReader::new(stdout) }),
            _ => Err(format!("{}: standard input and output are not connected", self.name)),
        }
    }
}

impl Running {
    /// Runs a step.
    pub(crate) fn run(&mut self, server: &Server<'_>, step: &Value) -> Result<Value, String> {
        match self {
            Self::Ours(kind) => Ok(ours::run(server, *kind, step)),
            Self::Process { stdin, stdout, .. } => {
                writeln!(stdin, "{step}")
                    .and_then(|()| stdin.flush())
                    .map_err(|error| format!("the program ended: {error}"))?;
                let mut line = String::new();
                stdout.read_line(&mut line).map_err(|error| format!("the program ended: {error}"))?;
                serde_json::from_str(&line).map_err(|error| format!("the program wrote `{}`: {error}", line.trim_end()))
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Self::Process { child, .. } = self {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
