//! Ctrl-C, tried on a process of its own: the test program runs itself again with this test alone.

use std::process::{Child, Command, Stdio};

use super::*;

const BASE: &str = "HERALD_TEST_BASE";

#[test]
fn child() {
    let Ok(base) = std::env::var(BASE) else { return };
    let network = network(LONG);
    let result = network.exchange(&request(&base), LONG);
    let again = network.exchange(&request(&base), LONG);
    let stopped = network.stopped();
    let line = format!(
        "<{:?} {:?} {stopped:?}>",
        result.map(|reply| reply.status).map_err(|failure| failure.phase),
        again.map(|reply| reply.status).map_err(|failure| failure.phase),
    );
    std::io::stdout().write_all(line.as_bytes()).expect("the parent reads");
}

fn start(base: &str) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "net::tests::interrupted::child", "--nocapture"])
        .env(BASE, base)
        // Loopback is reached all the same.
        .env("http_proxy", "http://127.0.0.1:1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

fn signal(child: &Child, name: &str) {
    let kill = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(kill.expect("there is a kill").success());
}

fn said(child: Child) -> String {
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let (_, text) = text.split_once('<').expect("it spoke");
    text.split('>').next().expect("a first part").to_owned()
}

/// A server that tells when it has read a request, and answers after a while if at all.
fn slow(answer: Option<Duration>) -> (String, std::sync::mpsc::Receiver<()>) {
    let (told, has_read) = std::sync::mpsc::channel();
    let (base, _) = serve(move |stream, read| {
        read_request(stream, read);
        told.send(()).expect("the test listens");
        thread::sleep(answer.unwrap_or(LONG));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    (base, has_read)
}

#[test]
fn once_waits_for_the_answer_and_sends_nothing_more() {
    let (base, has_read) = slow(Some(Duration::from_millis(300)));
    let child = start(&base);
    has_read.recv_timeout(LONG).expect("the request came");
    signal(&child, "-INT");
    assert_eq!(said(child), "Ok(200) Err(Connect) Some(Interrupted)");
}

#[test]
fn twice_leaves_at_once_and_the_request_has_left() {
    let (base, has_read) = slow(None);
    let child = start(&base);
    has_read.recv_timeout(LONG).expect("the request came");
    let started = Instant::now();
    signal(&child, "-TERM");
    thread::sleep(Duration::from_millis(200));
    signal(&child, "-INT");
    assert_eq!(said(child), "Err(Sent) Err(Connect) Some(Terminated)");
    assert!(started.elapsed() < Duration::from_secs(2), "the second one leaves at once");
}
