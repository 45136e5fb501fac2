//! One process that begins while another one ends.

use std::sync::mpsc;
use std::thread;

use super::*;

#[test]
fn the_last_one_that_leaves_takes_nothing_from_one_that_begins() {
    let (_home, path) = folder();
    let mut last = ledger(&path);
    last.begin(&intent(1, NOW), &Preconditions::NONE).unwrap();
    let (database, _) = file::make(&path).unwrap();
    let turn = writer::WriterTurn::take(&database, Duration::ZERO);
    let (opens, opened) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| opens.send(Ledger::open(&path, NOW, Duration::MAX)).unwrap());
        let early = opened.recv_timeout(Duration::from_millis(200));
        assert!(early.is_err(), "one that begins waits for its turn");
        // It has seen the journal. The last user cuts that short now, because it knows of no other.
        assert!(durable::length(&log(&path)) > 0);
        drop(last);
        assert_eq!(durable::length(&log(&path)), 0);
        drop(turn);
        let mut next = opened.recv_timeout(Duration::from_secs(20)).unwrap().unwrap();
        next.begin(&intent(2, NOW), &Preconditions::NONE).unwrap();
    });
    assert_eq!(ledger(&path).list(&Filter::default()).unwrap().len(), 2);
}
