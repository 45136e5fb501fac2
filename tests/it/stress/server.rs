//! Servers that are worse than any vendor's: slow ones, and ones that never answer.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A server that takes requests and answers after a while, or never.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// How many milliseconds an answer takes; 0: there is none.
    delay_ms: AtomicU64,
    /// Bodies of the requests that were read as a whole.
    read: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Server {
    /// A server that answers each message after so long.
    pub(super) fn answering_after(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = Self { address, shared: Arc::default() };
        server.answer_after(delay);
        let shared = server.shared.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.over.load(Ordering::Relaxed) {
                    break;
                }
                let shared = shared.clone();
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        server
    }

    /// A server that reads, and never answers.
    pub(super) fn silent() -> Self {
        Self::answering_after(Duration::ZERO)
    }

    /// Answers after so long from now on.
    pub(super) fn answer_after(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).expect("a short time");
        self.shared.delay_ms.store(millis, Ordering::Relaxed);
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bodies that arrived.
    pub(super) fn read(&self) -> Vec<String> {
        self.shared.read.lock().expect("no thread has panicked").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    let mut read = Vec::new();
    while let Some((_, body)) = next_request(&mut stream, &mut read) {
        let number = {
            let mut read = shared.read.lock().expect("no thread has panicked");
            read.push(body);
            read.len()
        };
        match shared.delay_ms.load(Ordering::Relaxed) {
            0 => continue,
            millis => std::thread::sleep(Duration::from_millis(millis)),
        }
        let body = format!(
            "{{\"code\":0,\"msg\":\"success\",\"result\":{{\"messageUid\":{number},\"timestamp\":1}}}}"
        );
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        if write!(stream, "{head} {}\r\n\r\n{body}", body.len()).is_err() {
            return;
        }
    }
}

/// Head and body of the next request; nothing where the client has gone.
pub(super) fn next_request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<(String, String)> {
    loop {
        if let Some(request) = take_request(read) {
            return Some(request);
        }
        let mut some = [0; 16384];
        match stream.read(&mut some) {
            Ok(length) if length > 0 => read.extend_from_slice(&some[..length]),
            _ => return None,
        }
    }
}

fn take_request(read: &mut Vec<u8>) -> Option<(String, String)> {
    let head = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).into_owned();
    let lower = text.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length = length.map_or(0, |length| length.trim().parse().expect("a number"));
    if read.len() < head + length {
        return None;
    }
    let body = String::from_utf8_lossy(&read[head..head + length]).into_owned();
    read.drain(..head + length);
    Some((text, body))
}

/// An address where connections are never taken: what may wait there waits already.
pub(super) struct Full {
    _listener: tokio::net::TcpListener,
    _waiting: Vec<TcpStream>,
    _runtime: tokio::runtime::Runtime,
    address: SocketAddr,
}

impl Full {
    pub(super) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let entered = runtime.enter();
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        let listener = socket.listen(1).expect("it listens");
        let address = listener.local_addr().expect("an address");
        drop(entered);
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200));
        let waiting = std::iter::from_fn(|| connect().ok()).take(64).collect();
        Self { _listener: listener, _waiting: waiting, _runtime: runtime, address }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
