//! How connections are used again, and what is told of requests that cannot get on them.

use std::sync::atomic::Ordering;

use super::broken::{MOMENT, answer, keeping_alive};
use super::*;

/// Starts this many requests at once, and waits for all.
fn together(network: &Network, base: &str, count: u64) -> Vec<(u64, Exchange)> {
    (0..count).for_each(|ticket| network.start(ticket, request(base), LONG));
    let mut landed = Vec::new();
    while (landed.len() as u64) < count {
        landed.append(&mut network.wait(LONG));
    }
    landed.sort_by_key(|(ticket, _)| *ticket);
    landed
}

/// Serves each connection in a thread of its own, as long as `behave` says so; tells how many there were.
fn serving(
    behave: impl Fn(&mut TcpStream) -> bool + Send + Sync + 'static,
) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    let connections = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let (counted, behave) = (Arc::clone(&connections), Arc::new(behave));
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            counted.fetch_add(1, Ordering::SeqCst);
            let behave = Arc::clone(&behave);
            thread::spawn(move || {
                loop {
                    let mut read = Vec::new();
                    read_request(&mut stream, &mut read);
                    if read.is_empty() || !behave(&mut stream) {
                        break;
                    }
                }
            });
        }
    });
    (base, connections)
}

fn all_are_answered(landed: &[(u64, Exchange)]) -> bool {
    let is_answered =
        |exchange: &Exchange| exchange.as_ref().is_ok_and(|reply| reply.status == 200);
    landed.iter().all(|(_, exchange)| is_answered(exchange))
}

#[test]
fn many_requests_share_as_many_connections_as_go_out_at_once() {
    let (base, connections) = serving(answer);
    let network = network(LONG);
    for _ in 0..5 {
        let landed = together(&network, &base, 8);
        assert_eq!(
            landed.iter().map(|(ticket, _)| *ticket).collect::<Vec<_>>(),
            Vec::from_iter(0..8)
        );
        assert!(all_are_answered(&landed));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 8);
}

#[test]
fn a_connection_carries_no_more_requests_than_the_vendor_wants() {
    let (base, connections) = serving(answer);
    let network = Network::new(NetworkSettings {
        roots: TrustRoots::Bundled,
        deadline: LONG,
        tell: None,
        watch: None,
        requests_per_connection: Some(3),
    })
    .expect("a runtime");
    for _ in 0..7 {
        assert!(all_are_answered(&together(&network, &base, 1)));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

#[test]
fn a_connection_that_ends_with_its_reply_is_not_used_again() {
    for reply in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ] {
        let (base, connections) = serving(move |stream| {
            let _ = stream.write_all(reply.as_bytes());
            !reply.ends_with("{}")
        });
        let network = network(LONG);
        for sent in 1..=3 {
            assert!(all_are_answered(&together(&network, &base, 1)), "{reply}");
            thread::sleep(MOMENT);
            assert_eq!(connections.load(Ordering::SeqCst), sent, "{reply}");
        }
    }
}

#[test]
fn an_early_hint_is_no_reply() {
    let (base, _) = serving(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
        answer(stream)
    });
    assert!(all_are_answered(&together(&network(LONG), &base, 2)));
}

#[test]
fn a_server_that_closes_after_each_reply_without_a_word_leaves_no_doubt() {
    let (base, count) = keeping_alive(|stream, _| {
        answer(stream);
        false
    });
    let network = network(LONG);
    for sent in 1..=5 {
        assert!(all_are_answered(&together(&network, &base, 1)));
        assert_eq!(count.load(Ordering::SeqCst), sent, "a request was repeated");
        thread::sleep(MOMENT);
    }
}

#[test]
fn what_landed_while_a_wait_was_broken_off_is_not_lost() {
    let (base, _) = serving(answer);
    let network = network(LONG);
    for round in 0..200 {
        network.start(round, request(&base), LONG);
        let mut landed = Vec::new();
        let began = Instant::now();
        while landed.is_empty() && began.elapsed() < LONG {
            // So short that a wait often ends between an answer and the turn after it.
            landed = network.wait(Duration::from_micros(round % 50));
        }
        assert_eq!(landed.len(), 1, "round {round}");
        assert!(all_are_answered(&landed) && landed[0].0 == round);
    }
}

#[test]
fn a_glance_starts_all_that_is_to_start_and_takes_what_has_ended_in_small_groups() {
    let (base, connections) = serving(answer);
    let network = network(LONG);
    assert!(network.wait(Duration::ZERO).is_empty());
    let (mut landed, mut groups, began) = (Vec::new(), Vec::new(), Instant::now());
    for _ in 0..3 {
        (0..40).for_each(|ticket| network.start(ticket, request(&base), LONG));
        while landed.len() < 40 && began.elapsed() < LONG {
            let group = network.wait(Duration::ZERO);
            groups.push(group.len());
            landed.extend(group);
        }
        landed.sort_by_key(|(ticket, _)| *ticket);
        assert!(landed.iter().map(|(ticket, _)| *ticket).eq(0..40) && all_are_answered(&landed));
        landed.clear();
        // Then all of them are there at the next look.
        (0..40).for_each(|ticket| network.start(ticket, request(&base), LONG));
        network.wait(Duration::ZERO);
        thread::sleep(MOMENT);
        groups.push(network.wait(LONG).len());
        while !network.wait(MOMENT).is_empty() {}
    }
    assert!(groups.iter().all(|group| *group <= 12), "{groups:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 40);
}

#[test]
fn what_is_given_up_ends_with_the_phase_that_it_had_reached() {
    let (base, _) = serving(|_| {
        thread::sleep(Duration::from_secs(3));
        false
    });
    let network = network(LONG);
    network.start(1, request(&base), LONG);
    let get = Request { method: Method::Get, body: Body::None, ..request(&base) };
    network.start(2, get, LONG);
    assert!(network.wait(MOMENT).is_empty());
    // One that was only just taken on has not left.
    network.start(3, request(&base), LONG);
    let mut ended = network.abandon();
    ended.sort_by_key(|(ticket, _)| *ticket);
    let phases: Vec<_> = ended.into_iter().map(|(ticket, end)| (ticket, phase(end))).collect();
    assert_eq!(phases, [(1, Phase::Sent), (2, Phase::Sent), (3, Phase::Connect)]);
    assert!(network.wait(MOMENT).is_empty(), "nothing is told twice");
}

#[test]
fn a_request_that_cannot_be_addressed_lands_at_once() {
    let network = network(LONG);
    network.start(1, request("ftp://127.0.0.1"), LONG);
    let landed = network.wait(LONG);
    assert_eq!(landed.len(), 1);
    assert_eq!(landed.into_iter().map(|(_, end)| phase(end)).next(), Some(Phase::Connect));
}

both_ways! {
    a_request_without_a_body_has_not_left_before_a_connection_stands
    a_request_without_a_body_goes_over_another_connection_where_one_was_closed_meanwhile
}

fn get(base: &str) -> Request {
    Request { method: Method::Get, body: Body::None, ..request(base) }
}

fn a_request_without_a_body_has_not_left_before_a_connection_stands(carry: PrerequisiteResult) {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", closed.local_addr().expect("bound"));
    drop(closed);
    assert_eq!(phase(carry(&network(LONG), &get(&base), LONG)), Phase::Connect);
    let (base, _) = serve(|_, _| thread::sleep(Duration::from_secs(1)));
    let silent = base.replace("http:", "https:");
    assert_eq!(phase(carry(&network(LONG), &get(&silent), SHORT)), Phase::Connect);
    let (base, _) = serve(|stream, read| {
        read_request(stream, read);
        thread::sleep(Duration::from_secs(1));
    });
    assert_eq!(phase(carry(&network(LONG), &get(&base), SHORT)), Phase::Sent);
}

fn a_request_without_a_body_goes_over_another_connection_where_one_was_closed_meanwhile(
    carry: PrerequisiteResult,
) {
    let (base, count) = keeping_alive(|stream, _| {
        answer(stream);
        false
    });
    let network = network(LONG);
    for sent in 1..=3 {
        assert_eq!(carry(&network, &get(&base), LONG).expect("a reply").status, 200);
        assert_eq!(count.load(Ordering::SeqCst), sent);
        thread::sleep(MOMENT);
    }
}
