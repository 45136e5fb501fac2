//! Connections that break in the middle: what was certainly not read, and what may have been.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// More than the buffers of both ends of a connection hold.
const LARGE: usize = 16 * 1024 * 1024;

/// How long a test waits for what must not happen.
pub(super) const MOMENT: Duration = Duration::from_millis(150);

fn large(base: &str) -> Request {
    let text = Written::plain("x".repeat(LARGE));
    Request { body: Body::Text { media: "application/json", text }, ..request(base) }
}

fn send(carry: PrerequisiteResult, request: &Request, deadline: Duration) -> Exchange {
    let started = Instant::now();
    let result = carry(&network(deadline), request, deadline);
    assert!(started.elapsed() < deadline + Duration::from_secs(1), "late by far");
    result
}

both_ways! {
    a_reset_within_the_body_may_follow_a_request_that_was_read
    a_reset_after_the_body_may_follow_a_request_that_was_read
    a_reset_of_a_request_without_a_body_leaves_the_same_doubt
    the_deadline_within_the_body_leaves_a_doubt
    a_reset_within_the_reply_is_no_reply
    an_answer_that_comes_before_the_body_is_gone_counts
    what_was_read_on_a_used_connection_is_never_sent_again
    a_used_connection_that_was_closed_meanwhile_costs_no_doubt
}

/// Reads until the head of a request is there, and at most a few bytes of its body.
fn read_head(stream: &mut TcpStream, read: &mut Vec<u8>) {
    let mut byte = [0; 1];
    while !read.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count == 1) {
        read.extend_from_slice(&byte);
    }
}

/// Reads a request except the last byte of its body. This byte turns a close into a reset.
fn read_all_but_one(stream: &mut TcpStream, read: &mut Vec<u8>, length: usize) {
    read_head(stream, read);
    let mut rest = vec![0; length - 1];
    stream.read_exact(&mut rest).expect("the body comes");
    // The byte has to be here before the connection ends.
    let mut last = [0; 1];
    assert_eq!(stream.peek(&mut last).expect("the body ends"), 1);
}

fn a_reset_within_the_body_may_follow_a_request_that_was_read(carry: PrerequisiteResult) {
    let (base, seen) = serve(read_head);
    let failure = send(carry, &large(&base), LONG).expect_err("no answer");
    assert_eq!(failure.phase, Phase::Sent, "{}", failure.reason);
    let seen = seen.join().expect("no panic");
    assert!(seen.starts_with(b"POST /v2/push"), "the head was read");
    assert!(seen.len() < LARGE, "the body was not");
}

fn a_reset_after_the_body_may_follow_a_request_that_was_read(carry: PrerequisiteResult) {
    let (base, seen) = serve(|stream, read| read_all_but_one(stream, read, 7));
    let failure = send(carry, &request(&base), LONG).expect_err("no answer");
    assert_eq!((failure.phase, failure.reason.as_str()), (Phase::Sent, "the connection was reset"));
    assert!(seen.join().expect("no panic").starts_with(b"POST /v2/push"));
}

fn a_reset_of_a_request_without_a_body_leaves_the_same_doubt(carry: PrerequisiteResult) {
    let (base, _) = serve(|stream, read| {
        let mut byte = [0; 1];
        read.extend(stream.read(&mut byte).map(|_| byte[0]));
    });
    let wanted = Request { method: Method::Get, body: Body::None, ..request(&base) };
    let failure = send(carry, &wanted, LONG).expect_err("no answer");
    assert_eq!((failure.phase, failure.reason.as_str()), (Phase::Sent, "the connection was reset"));
}

fn the_deadline_within_the_body_leaves_a_doubt(carry: PrerequisiteResult) {
    let (base, _) = serve(|stream, read| {
        read_head(stream, read);
        thread::sleep(Duration::from_secs(3));
    });
    let failure = send(carry, &large(&base), SHORT).expect_err("no answer");
    assert_eq!((failure.phase, failure.reason.as_str()), (Phase::Sent, "no answer within 0.4 s"));
}

fn a_reset_within_the_reply_is_no_reply(carry: PrerequisiteResult) {
    for bytes in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ] {
        let (base, _) = serve(move |stream, read| {
            read_all_but_one(stream, read, 7);
            let _ = stream.write_all(bytes.as_bytes());
            // A reset throws away what the other end has not read yet.
            thread::sleep(MOMENT);
        });
        let failure = send(carry, &request(&base), LONG).expect_err("half an answer");
        assert_eq!(failure.phase, Phase::Reply, "{bytes} {}", failure.reason);
        assert!(failure.reason.contains("HTTP 200"), "{}", failure.reason);
    }
}

fn an_answer_that_comes_before_the_body_is_gone_counts(carry: PrerequisiteResult) {
    let (base, _) = serve(|stream, read| {
        read_head(stream, read);
        let _ = stream.write_all(
            b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
        // It reads on until the other end has heard it.
        let _ = std::io::copy(stream, &mut std::io::sink());
    });
    assert_eq!(send(carry, &large(&base), LONG).expect("a reply").status, 413);
}

/// Serves connections one after the other, each request told to `behave` by its number; how many there were.
pub(super) fn keeping_alive(
    behave: impl Fn(&mut TcpStream, usize) -> bool + Send + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            loop {
                let mut read = Vec::new();
                read_request(&mut stream, &mut read);
                if read.is_empty() || !behave(&mut stream, counted.fetch_add(1, Ordering::SeqCst)) {
                    break;
                }
            }
        }
    });
    (base, count)
}

pub(super) fn answer(stream: &mut TcpStream) -> bool {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_ok()
}

fn what_was_read_on_a_used_connection_is_never_sent_again(carry: PrerequisiteResult) {
    let (base, count) = keeping_alive(|stream, number| number != 1 && answer(stream));
    let network = network(LONG);
    assert_eq!(carry(&network, &request(&base), LONG).expect("a reply").status, 200);
    assert_eq!(phase(carry(&network, &request(&base), LONG)), Phase::Sent);
    thread::sleep(MOMENT);
    assert_eq!(count.load(Ordering::SeqCst), 2, "a request was repeated");
}

fn a_used_connection_that_was_closed_meanwhile_costs_no_doubt(carry: PrerequisiteResult) {
    let (base, count) = keeping_alive(|stream, _| {
        answer(stream);
        false
    });
    let network = network(LONG);
    for sent in 1..=3 {
        assert_eq!(carry(&network, &request(&base), LONG).expect("a reply").status, 200);
        assert_eq!(count.load(Ordering::SeqCst), sent);
        thread::sleep(MOMENT);
    }
}
