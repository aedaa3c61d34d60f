//! Which headers are accepted, compared with the official libraries.
//!
//! Read off stripe-python 016aa9f (`stripe/_webhook.py`), stripe-node 0584b27 (`src/Webhooks.ts`), stripe-go 0d4b376
//! (`webhook/client.go`) and stripe-ruby 15538b0 (`lib/stripe/webhook.rb`), with their default tolerance. What most
//! of them accept is accepted; every difference has a reason.

use std::time::Duration;

use super::Webhook;
use super::tests::{BODY, HASH, SECRET, at};

const SIGNED: i64 = 1_700_000_000;

/// A header, in which `HASH` stands for the valid signature, and the libraries that accept it.
struct Case {
    header: &'static str,
    /// The age of the signature in seconds.
    age: i64,
    tolerance: Duration,
    /// Python, Node, Go, Ruby.
    official: [bool; 4],
    /// Whether it is accepted here.
    accepted: bool,
    /// The reason for a difference from most of them.
    why: &'static str,
}

const YES: bool = true;
const NO: bool = false;

const fn case(header: &'static str, official: [bool; 4], accepted: bool, why: &'static str) -> Case {
    Case { header, age: 0, tolerance: Duration::from_secs(300), official, accepted, why }
}

const fn aged(age: i64, tolerance: u64, official: [bool; 4], accepted: bool, why: &'static str) -> Case {
    let tolerance = Duration::from_secs(tolerance);
    Case { header: "t=1700000000,v1=HASH", age, tolerance, official, accepted, why }
}

const TWO_TIMES: &str = "Python and Ruby use the first, Node and Go the last; Stripe sends one";
const LIST: &str = "proxies may add white space around the elements of a list";

#[rustfmt::skip]
const CASES: &[Case] = &[
    //   header                                       Python Node Go  Ruby   here
    case("t=1700000000,v1=HASH",                     [YES, YES, YES, YES], YES, ""),
    case("v1=HASH,t=1700000000",                     [YES, YES, YES, YES], YES, ""),
    // Several signatures and other schemes.
    case("t=1700000000,v1=00,v1=HASH",               [YES, YES, YES, YES], YES, ""),
    case("t=1700000000,v1=HASH,v1=00",               [YES, YES, YES, YES], YES, ""),
    case("t=1700000000,v1=nothex,v1=HASH",           [YES, YES, YES, YES], YES, ""),
    case("t=1700000000,v1=,v1=HASH",                 [YES, NO,  YES, YES], YES, ""),
    case("t=1700000000,v1,v1=HASH",                  [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000,v1=HASH,v0=00",               [YES, YES, YES, YES], YES, ""),
    case("t=1700000000,v0=HASH",                     [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000,V1=HASH",                     [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000,v1=00",                       [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000,v1=UPPER",                    [NO,  NO,  YES, NO],  YES, "bytes are compared, not hex digits"),
    // Malformed pairs.
    case("",                                         [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000",                             [NO,  NO,  NO,  NO],  NO,  ""),
    case("v1=HASH",                                  [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000;v1=HASH",                     [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000,v1=HASH,",                    [YES, YES, NO,  YES], YES, ""),
    case("t=1700000000,v1=HASH,other",               [YES, YES, NO,  YES], YES, ""),
    case("t=1700000000,v1=HASH,v9=a=b",              [YES, YES, NO,  YES], YES, ""),
    case("t=1700000000,v1=HASH=",                    [YES, YES, NO,  NO],  NO,  "a signature has 64 hex digits"),
    case("t=1700000000=,v1=HASH",                    [YES, YES, NO,  NO],  NO,  "a timestamp is an integer"),
    // White space.
    case("t=1700000000, v1=HASH",                    [NO,  NO,  NO,  YES], YES, LIST),
    case("t=1700000000,v1=HASH ",                    [NO,  NO,  NO,  NO],  YES, LIST),
    case("t= 1700000000,v1=HASH",                    [YES, YES, NO,  YES], YES, ""),
    // Timestamps.
    case("t=soon,v1=HASH",                           [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=,v1=HASH",                               [NO,  NO,  NO,  NO],  NO,  ""),
    case("t,v1=HASH",                                [NO,  NO,  NO,  NO],  NO,  ""),
    case("t=1700000000.5,v1=HASH",                   [NO,  YES, NO,  NO],  NO,  ""),
    case("t=+1700000000,v1=HASH",                    [YES, YES, YES, YES], YES, ""),
    case("t=01700000000,v1=HASH",                    [YES, YES, YES, NO],  YES, ""),
    case("t=1700000000,t=1700000000,v1=HASH",        [YES, YES, YES, YES], NO,  TWO_TIMES),
    case("t=1700000000,t=1,v1=HASH",                 [YES, NO,  NO,  YES], NO,  TWO_TIMES),
    case("t=1,t=1700000000,v1=HASH",                 [NO,  YES, YES, NO],  NO,  TWO_TIMES),
    case("t=1700000000,v1=HASH, t=1,v1=00",          [YES, YES, YES, YES], NO,  TWO_TIMES),
    // Age and tolerance.
    aged(300,       300,                             [YES, YES, YES, YES], YES, ""),
    aged(301,       300,                             [NO,  NO,  NO,  NO],  NO,  ""),
    aged(-86_400,   300,                             [YES, YES, YES, YES], YES, ""),
    aged(1,         0,                               [YES, YES, NO,  NO],  NO,  "zero is a tolerance; any age is `Duration::MAX`"),
    aged(0,         0,                               [YES, YES, NO,  NO],  YES, "timestamps are compared in whole seconds"),
    aged(1_000_000, u64::MAX,                        [YES, YES, YES, YES], YES, ""),
];

#[test]
fn accepts_what_most_official_libraries_accept() {
    for Case { header, age, tolerance, official, accepted, why } in CASES {
        let header = header.replace("HASH", HASH).replace("UPPER", &HASH.to_uppercase());
        let webhook = Webhook::new(SECRET).unwrap().tolerance(*tolerance);
        let verified = webhook.verify_at(&header, BODY, at(SIGNED + age));
        assert_eq!(verified.is_ok(), *accepted, "{header} after {age} s: {verified:?}");
        let accepting = official.iter().filter(|accepted| **accepted).count();
        let is_as_most_do = accepting != 2 && (accepting > 2) == *accepted;
        assert_eq!(why.is_empty(), is_as_most_do, "{header} after {age} s");
    }
}
