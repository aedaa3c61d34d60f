//! Both clients use the proxy of the environment, in processes of their own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

use stripe_reporting::RawRequest;

use super::*;

/// The variable for the target of the child process.
const TARGET: &str = "STRIPE_REPORTING_TEST_TARGET";

/// Sends a request with each client, and prints the outcomes.
#[test]
fn child() {
    let Ok(target) = std::env::var(TARGET) else { return };
    each(|kind| {
        let client = kind.with(&target, quick().max_retries(0));
        match client.send(RawRequest::get("/v1/x")) {
            Ok(_) => println!("\noutcome: sent"),
            Err(error) => println!("\noutcome: {:?}, retryable: {}, {error}", error.kind(), error.is_retryable()),
        }
    });
}

/// Returns the outcomes of the async and of the blocking client.
fn outcomes(target: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let output = in_child("clients::proxies::child", &[&[(TARGET, target)], variables].concat());
    let outcomes: Vec<_> =
        output.lines().filter_map(|line| line.strip_prefix("outcome: ")).map(str::to_owned).collect();
    assert_eq!(outcomes.len(), 2, "{output}");
    outcomes
}

/// Serves one connection of each client, and returns what `handle` returns for them.
fn serve(handle: impl Fn(TcpStream) -> String + Send + 'static) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (port, thread::spawn(move || listener.incoming().take(2).map(|stream| handle(stream.unwrap())).collect()))
}

/// Reads the first byte that a client sends; 22 is TLS.
fn first_byte(stream: &mut impl Read) -> u8 {
    let mut byte = [0];
    stream.read_exact(&mut byte).unwrap();
    byte[0]
}

fn http_proxy(status: &'static str) -> (u16, JoinHandle<Vec<String>>) {
    serve(move |stream| {
        let mut reader = BufReader::new(stream);
        let head: Vec<_> = reader.by_ref().lines().map(Result::unwrap).take_while(|line| !line.is_empty()).collect();
        write!(reader.get_ref(), "HTTP/1.1 {status}\r\n\r\n").unwrap();
        let authorization = head.iter().find_map(|line| line.strip_prefix("Proxy-Authorization: "));
        let through = if status.starts_with("200") { first_byte(&mut reader) } else { 0 };
        format!("{}, {authorization:?}, {through}", head[0])
    })
}

/// A SOCKS 5 proxy.
fn socks_proxy() -> (u16, JoinHandle<Vec<String>>) {
    fn read(stream: &mut TcpStream, length: u8) -> Vec<u8> {
        let mut bytes = vec![0; length.into()];
        stream.read_exact(&mut bytes).unwrap();
        bytes
    }
    fn text(stream: &mut TcpStream) -> String {
        let length = first_byte(stream);
        String::from_utf8(read(stream, length)).unwrap()
    }
    serve(|mut stream| {
        let count = read(&mut stream, 2)[1];
        let mut credentials = None;
        if read(&mut stream, count).contains(&2) {
            stream.write_all(&[5, 2]).unwrap();
            assert_eq!(first_byte(&mut stream), 1);
            credentials = Some((text(&mut stream), text(&mut stream)));
            stream.write_all(&[1, 0]).unwrap();
        } else {
            stream.write_all(&[5, 0]).unwrap();
        }
        let target = match read(&mut stream, 4)[..] {
            [5, 1, 0, 3] => text(&mut stream),
            [5, 1, 0, 1] => format!("{:?}", read(&mut stream, 4)),
            [5, 1, 0, 4] => format!("{:?}", read(&mut stream, 16)),
            ref other => panic!("{other:?}"),
        };
        let port = read(&mut stream, 2);
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        format!("{target}:{}, {credentials:?}, {}", u16::from_be_bytes([port[0], port[1]]), first_byte(&mut stream))
    })
}

#[test]
fn tunnels_through_an_http_proxy_with_credentials() {
    for (credentials, sent) in [("", "None"), ("us%65r:p%40w@", r#"Some("Basic dXNlcjpwQHc=")"#)] {
        let (port, proxy) = http_proxy("200 OK");
        let proxy_url = format!("http://{credentials}127.0.0.1:{port}");
        let outcomes =
            outcomes("https://stripe.test:8443", &[("https_proxy", &proxy_url), ("ALL_PROXY", "socks4://x")]);
        let expected = format!("CONNECT stripe.test:8443 HTTP/1.1, {sent}, 22");
        assert_eq!(proxy.join().unwrap(), [expected.as_str(); 2], "{outcomes:?}");
    }
}

#[test]
fn socks_schemes_choose_where_names_are_resolved() {
    for (scheme, target, expected) in [
        ("socks5h", "https://stripe.test", r#"stripe.test:443, Some(("user", "p@w")), 22"#),
        ("socks5", "https://127.1.2.3:8443", r#"[127, 1, 2, 3]:8443, Some(("user", "p@w")), 22"#),
    ] {
        let (port, proxy) = socks_proxy();
        let outcomes = outcomes(target, &[("ALL_PROXY", &format!("{scheme}://user:p%40w@127.0.0.1:{port}"))]);
        assert_eq!(proxy.join().unwrap(), [expected; 2], "{outcomes:?}");
    }
    let (port, proxy) = socks_proxy();
    outcomes("https://localhost:8443", &[("ALL_PROXY", &format!("socks5://127.0.0.1:{port}"))]);
    for seen in proxy.join().unwrap() {
        assert!(seen.starts_with('[') && seen.ends_with("]:8443, None, 22"), "{seen}");
    }
}

#[test]
fn an_invalid_proxy_is_an_error_and_never_bypassed() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    target.set_nonblocking(true).unwrap();
    let url = format!("https://{}", target.local_addr().unwrap());
    let unused = Server::refused();
    for (variable, value, expected) in [
        (
            "HTTPS_PROXY",
            "https://user:geheim@proxy",
            "InvalidRequest, retryable: false, invalid request: the proxy in `HTTPS_PROXY`",
        ),
        (
            "all_proxy",
            "socks4://user:geheim@proxy",
            "InvalidRequest, retryable: false, invalid request: the proxy in `all_proxy`",
        ),
        (
            "https_proxy",
            "http://u:geheim@proxy:99999",
            "InvalidRequest, retryable: false, invalid request: the proxy in `https_proxy`",
        ),
        ("ALL_PROXY", "::geheim::", "InvalidRequest, retryable: false, invalid request: the proxy in `ALL_PROXY`"),
        ("ALL_PROXY", &unused, "Connection, retryable: true"),
    ] {
        let outcomes = outcomes(&url, &[(variable, value), ("REQUEST_METHOD", "GET"), ("NO_PROXY", "stripe.com")]);
        for outcome in outcomes {
            assert!(outcome.starts_with(expected) && !outcome.contains("geheim"), "{value}: {outcome}");
        }
        let connection = target.accept().map(|(_, address)| address);
        assert_eq!(connection.unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "{value}");
    }
}

#[test]
fn a_refusing_proxy_is_a_failed_connection() {
    for status in ["407 Proxy Authentication Required", "502 Bad Gateway"] {
        let (port, proxy) = http_proxy(status);
        let outcomes = outcomes("https://stripe.test", &[("HTTPS_PROXY", &format!("127.0.0.1:{port}"))]);
        assert_eq!(proxy.join().unwrap().len(), 2);
        assert!(outcomes.iter().all(|outcome| outcome.starts_with("Connection, retryable: true")), "{outcomes:?}");
    }
}

#[test]
fn connects_directly_to_exempt_hosts_and_plain_http() {
    let (port, target) = serve(|mut stream| first_byte(&mut stream).to_string());
    let outcomes_of_exempt =
        outcomes(&format!("https://localhost:{port}"), &[("ALL_PROXY", "socks4://proxy"), ("no_proxy", ".localhost")]);
    assert_eq!(target.join().unwrap(), ["22"; 2], "{outcomes_of_exempt:?}");

    let server = Server::start_with(|_| Reply::json(200, "{}"));
    let plain = outcomes(&server.url(), &[("ALL_PROXY", "socks4://proxy"), ("HTTP_PROXY", "http://127.0.0.1:1")]);
    assert_eq!((plain, server.requests().len()), (vec!["sent".to_owned(); 2], 2));
}
