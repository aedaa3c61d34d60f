//! Crates decode what the oracle of the wire takes them to decode: bodies of both sides of every example, by the crates of both.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};

use super::example::{Example, Side};
use super::wire::{Body, Reader};

/// Bodies that crates decode.
#[derive(Default)]
pub(super) struct Decoders {
    cases: Vec<Case>,
    known: BTreeSet<(usize, usize, usize)>,
}

struct Case {
    example: String,
    /// The index of the crate.
    library: usize,
    /// The request with the response, as a path in the crate.
    request: String,
    read: Arc<Body>,
    written: Arc<Body>,
}

/// A response, decoded and encoded.
const READ: &str = "fn read<T: serde::de::DeserializeOwned + serde::Serialize>(response: &str) -> serde_json::Value {
    match serde_json::from_str::<T>(response) {
        Ok(value) => serde_json::json!({\"value\": value}),
        Err(error) => serde_json::json!({\"error\": error.to_string()}),
    }
}
";

impl Decoders {
    /// Adds the responses of an example that differ, given the crates of its sides.
    pub(super) fn add(&mut self, example: &Example, libraries: [usize; 2]) {
        let sides = [Side::Base, Side::Head];
        let contracts = sides.map(|side| example.contract(side));
        for (reader, writer) in [(0, 1), (1, 0)] {
            let [read_by, written_by] = [reader, writer].map(|side| example.api(sides[side]));
            for (id, operation) in &read_by.operations {
                let name = format!("response of {id}");
                let [Some(read), Some(written)] = [reader, writer].map(|side| contracts[side].responses.get(&name))
                else {
                    continue;
                };
                let are_lists = operation.listing.is_some() && written_by.operations[id].listing.is_some();
                if are_lists || Arc::ptr_eq(read, written) {
                    continue;
                }
                for written in [read, written] {
                    let key = (libraries[reader], Arc::as_ptr(read) as usize, Arc::as_ptr(written) as usize);
                    if self.known.insert(key) {
                        self.cases.push(Case {
                            example: example.name().to_owned(),
                            library: libraries[reader],
                            request: operation.request.to_string(),
                            read: read.clone(),
                            written: written.clone(),
                        });
                    }
                }
            }
        }
    }

    /// The module that decodes, given the path of each crate.
    pub(super) fn source(&self, path: impl Fn(usize) -> String) -> String {
        let decoders: BTreeSet<_> = self.cases.iter().map(|case| (case.library, &case.request)).collect();
        let mut arms = String::new();
        for (library, request) in decoders {
            let path = path(library);
            let ty = format!("<{path}::{request} as {path}::Request>::Response");
            writeln!(arms, "            \"{library} {request}\" => read::<{ty}>(body),").unwrap();
        }
        format!(
            "{READ}\npub fn run() {{\n    for line in std::io::stdin().lines() {{\n        let line = line.unwrap();\n        \
             let (decoder, body) = line.split_once('\\t').unwrap();\n        println!(\"{{}}\", match decoder {{\n{arms}\
             other => panic!(\"{{other}}\"),\n        }});\n    }}\n}}\n"
        )
    }

    /// Decodes all bodies by the program, and returns what is wrong.
    pub(super) fn check(&self, program: &Path) -> Vec<String> {
        let samples = || {
            let samples = |case: &Case| case.written.samples(Reader::Client).len();
            self.cases.iter().flat_map(move |case| (0..samples(case)).map(move |at| (case, at)))
        };
        let mut child =
            Command::new(program).arg("decode").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let lines: String = samples()
            .map(|(case, at)| {
                format!("{} {}\t{}\n", case.library, case.request, case.written.samples(Reader::Client)[at])
            })
            .collect();
        let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        let decoded: Vec<Value> =
            String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(decoded.len(), samples().count());
        let mut wrong = Vec::new();
        for ((case, at), decoded) in samples().zip(decoded) {
            let body = &case.written.samples(Reader::Client)[at];
            let is_own = Arc::ptr_eq(&case.read, &case.written);
            let value = decoded.get("value");
            let accepts = |reader| case.read.accepts(reader, body);
            let problem = match value {
                Some(value) if !is_same(value, body, is_own) => "is read as something else",
                Some(_) if !accepts(Reader::Crate) => "is decoded, which the oracle denies",
                None if accepts(Reader::Crate) => "is not decoded, which the oracle denies",
                None if accepts(Reader::Client) => "is not decoded, although clients accept it",
                _ => continue,
            };
            wrong.push(format!("{}: {body} {problem}: {decoded}", case.example));
        }
        wrong
    }
}

/// Whether an encoded value is that of a body: all of it, or what its reader knows.
fn is_same(value: &Value, body: &Value, is_whole: bool) -> bool {
    match (value, body) {
        (Value::Object(value), Value::Object(body)) => {
            let is_known = |(name, written): (&String, &Value)| {
                value.contains_key(name) || [json!(null), json!(false)].contains(written) || name == "object"
            };
            let absent = Value::Null;
            let is_read = |(name, value): (&String, &Value)| {
                let written = body.get(name).unwrap_or(&absent);
                name == "object" || (value.is_null() && *written == false) || is_same(value, written, is_whole)
            };
            value.iter().all(is_read) && (!is_whole || body.iter().all(is_known))
        }
        (Value::Array(value), Value::Array(body)) => {
            value.len() == body.len() && value.iter().zip(body).all(|(value, body)| is_same(value, body, is_whole))
        }
        (Value::Number(value), Value::Number(body)) => value.as_f64() == body.as_f64(),
        // An integer that is described as a string may be sent as a number.
        (Value::String(value), Value::Number(body)) => *value == body.to_string(),
        _ => value == body,
    }
}
