//! Serves one connection.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use super::Shared;
use super::reply::{Fault, Framing, Reply};
use super::request::Request;

/// Whether the connection is reused.
enum After {
    KeepAlive,
    Close,
}

pub(super) fn serve(mut stream: TcpStream, connection: usize, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(50)));
    let mut buffer = Vec::new();
    while let Ok(Some(request)) = read(&mut stream, &mut buffer, connection, shared) {
        shared.requests.lock().unwrap().push(request.clone());
        let reply = (shared.respond)(&request);
        match write(&mut stream, &reply, &request, shared) {
            Ok(After::KeepAlive) => {}
            Ok(After::Close) | Err(_) => return,
        }
    }
}

/// Reads more bytes; returns `false` when the connection or the server is closed.
fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>, shared: &Shared) -> io::Result<bool> {
    let mut piece = [0; 4096];
    loop {
        if shared.is_over.load(Ordering::SeqCst) {
            return Ok(false);
        }
        match stream.read(&mut piece) {
            Ok(length) => {
                buffer.extend_from_slice(&piece[..length]);
                return Ok(length > 0);
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {}
            Err(error) => return Err(error),
        }
    }
}

fn read(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    connection: usize,
    shared: &Shared,
) -> io::Result<Option<Request>> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        let Ok(parsed) = head.parse(buffer) else {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")?;
            return Ok(None);
        };
        if let httparse::Status::Complete(length) = parsed {
            let headers: Vec<_> = head
                .headers
                .iter()
                .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
                .collect();
            let body = headers.iter().find(|(name, _)| name == "content-length");
            let body = body.map_or(0, |(_, value)| value.parse().unwrap());
            let (method, target) = (head.method.unwrap().to_owned(), head.path.unwrap().to_owned());
            while buffer.len() < length + body {
                if !fill(stream, buffer, shared)? {
                    return Ok(None);
                }
            }
            let body = buffer[length..length + body].to_vec();
            buffer.drain(..length + body.len());
            return Ok(Some(Request { method, target, headers, body, connection }));
        }
        if !fill(stream, buffer, shared)? {
            return Ok(None);
        }
    }
}

fn write(stream: &mut TcpStream, reply: &Reply, request: &Request, shared: &Shared) -> io::Result<After> {
    thread::sleep(reply.delay);
    match reply.fault {
        Fault::Reset => return reset(stream),
        Fault::Close => return Ok(After::Close),
        Fault::Never => return stall(stream, shared),
        _ => {}
    }
    if reply.framing == Framing::Verbatim {
        stream.write_all(&reply.body)?;
        return Ok(After::Close);
    }
    let (status, range, body) = part(reply, request);
    let mut head = format!("HTTP/1.1 {status} Scripted\r\n");
    for (name, value) in reply.headers.iter().chain(&range) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match reply.framing {
        Framing::Length => head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len())),
        Framing::Chunked => head.push_str("Transfer-Encoding: chunked\r\n\r\n"),
        Framing::UntilClose | Framing::Verbatim => head.push_str("Connection: close\r\n\r\n"),
    }
    if reply.slow_head {
        for byte in head.bytes() {
            stream.write_all(&[byte])?;
            thread::sleep(Duration::from_millis(2));
        }
    } else {
        stream.write_all(head.as_bytes())?;
    }
    let sent = match reply.fault {
        Fault::TruncatedAt(bytes) | Fault::ResetAt(bytes) | Fault::StalledAt(bytes) => bytes.min(body.len()),
        _ => body.len(),
    };
    let (size, pause) = reply.drip.unwrap_or((64 << 10, Duration::ZERO));
    for piece in body[..sent].chunks(size) {
        if reply.framing == Framing::Chunked {
            stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
        }
        stream.write_all(piece)?;
        if reply.framing == Framing::Chunked {
            stream.write_all(b"\r\n")?;
        }
        thread::sleep(pause);
    }
    match reply.fault {
        Fault::TruncatedAt(_) => return Ok(After::Close),
        Fault::ResetAt(_) => {
            // A reset would discard bytes that have not been received yet.
            thread::sleep(Duration::from_millis(50));
            return reset(stream);
        }
        Fault::StalledAt(_) => return stall(stream, shared),
        _ => {}
    }
    if reply.framing == Framing::Chunked {
        stream.write_all(b"0\r\n\r\n")?;
    }
    Ok(if reply.framing == Framing::UntilClose { After::Close } else { After::KeepAlive })
}

/// Returns the requested part of a file.
fn part<'a>(reply: &'a Reply, request: &Request) -> (u16, Option<(String, String)>, &'a [u8]) {
    let range = request.header("range").filter(|_| reply.ranges);
    let Some(range) = range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')) else {
        return (reply.status, None, &reply.body);
    };
    let (first, length) = (range.parse::<usize>().unwrap(), reply.body.len());
    let content_range = |text: String| Some(("Content-Range".to_owned(), text));
    if first >= length {
        return (416, content_range(format!("bytes */{length}")), &[]);
    }
    (206, content_range(format!("bytes {first}-{}/{length}", length - 1)), &reply.body[first..])
}

fn reset(stream: &TcpStream) -> io::Result<After> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    Ok(After::Close)
}

/// Sends nothing until the client closes the connection.
fn stall(stream: &mut TcpStream, shared: &Shared) -> io::Result<After> {
    while fill(stream, &mut Vec::new(), shared)? {}
    Ok(After::Close)
}
