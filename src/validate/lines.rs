//! The lines of a long file, judged on all cores and reported in their order.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, Scope, available_parallelism};

use super::file::{FileLinter, LintedFile};
use super::judge::{DocumentVerdict, JudgedFile};
use crate::input::{Chunk, InputFault};

/// Lines are handed to a thread in batches of about this many bytes. A shorter file is judged without threads.
const BATCH: usize = 128 << 10;

/// At most about this many bytes of lines are in memory at once, unless one line is longer.
const IN_FLIGHT: usize = 2 << 20;

/// A line counts as this many bytes more: what is found in it takes memory as well.
const OF_A_LINE: usize = 1 << 10;

/// Stack for documents that are nested as deeply as they may be.
const STACK: usize = 8 << 20;

/// More threads than this do not help, because one thread reads and reports.
const MAX_THREADS: usize = 16;

/// Lines that are judged together.
struct LineBatch<'a> {
    number: usize,
    file: JudgedFile<'a>,
    lines: Vec<(Chunk, Option<DocumentVerdict>)>,
    bytes: usize,
}

/// Threads that judge lines.
struct LineJudges<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    /// Whether there is one core only, so that the thread that reads judges as well.
    is_alone: bool,
    /// Lines that were not handed to a thread yet.
    lines: Vec<Chunk>,
    bytes: usize,
    /// Where batches go; `None` before the first one.
    to_judges: Option<Sender<LineBatch<'env>>>,
    judged: Option<Receiver<LineBatch<'env>>>,
    /// Batches that wait for one before them.
    early: BTreeMap<usize, LineBatch<'env>>,
    /// The number of the next batch to hand out, and of the next one to report.
    next: usize,
    next_told: usize,
    in_flight: usize,
}

impl FileLinter {
    /// Lints all pieces of a file that `read` finds.
    pub(super) fn pieces(
        &mut self,
        file: &LintedFile<'_>,
        read: impl FnOnce(&mut dyn FnMut(Chunk)) -> Result<(), InputFault>,
    ) -> Result<(), InputFault> {
        std::thread::scope(|scope| {
            let mut judges = LineJudges {
                scope,
                is_alone: false,
                lines: Vec::new(),
                bytes: 0,
                to_judges: None,
                judged: None,
                early: BTreeMap::new(),
                next: 0,
                next_told: 0,
                in_flight: 0,
            };
            let result = read(&mut |chunk| match chunk.is_line {
                true => judges.add(chunk, self, file),
                false => self.chunk(file, &chunk),
            });
            judges.finish(self, file);
            result
        })
    }
}

impl<'env> LineJudges<'_, 'env> {
    fn add(&mut self, line: Chunk, linter: &mut FileLinter, file: &'env LintedFile<'_>) {
        if self.is_alone {
            return linter.chunk(file, &line);
        }
        self.bytes += line.bytes.len() + OF_A_LINE;
        self.lines.push(line);
        if self.bytes >= BATCH {
            self.hand_out(linter, file);
        }
    }

    /// Hands the lines to a thread. If too many are in memory, earlier ones are reported first.
    fn hand_out(&mut self, linter: &mut FileLinter, file: &'env LintedFile<'_>) {
        while self.in_flight > 0 && self.in_flight + self.bytes > IN_FLIGHT {
            self.tell_next(linter, file);
        }
        if self.to_judges.is_none() {
            let threads = available_parallelism().map_or(1, NonZero::get);
            if threads < 2 {
                self.is_alone = true;
                return self.lines.drain(..).for_each(|line| linter.chunk(file, &line));
            }
            self.begin(threads.min(MAX_THREADS), linter);
        }
        let lines = std::mem::take(&mut self.lines).into_iter().map(|line| (line, None)).collect();
        let (number, bytes) = (self.next, std::mem::take(&mut self.bytes));
        let batch = LineBatch { number, file: file.judged(&linter.reporter), lines, bytes };
        self.next += 1;
        self.in_flight += bytes;
        let sent = self.to_judges.as_ref().map(|to_judges| to_judges.send(batch));
        assert!(matches!(sent, Some(Ok(()))), "the threads wait for batches");
    }

    fn begin(&mut self, threads: usize, linter: &FileLinter) {
        let (to_judges, batches) = channel::<LineBatch<'env>>();
        let (to_teller, judged) = channel();
        let batches = Arc::new(Mutex::new(batches));
        for _ in 0..threads {
            let (batches, to_teller) = (Arc::clone(&batches), to_teller.clone());
            let judge = linter.judge.again();
            let work = move || {
                let mut judge = judge();
                let next = || batches.lock().ok()?.recv().ok();
                while let Some(mut batch) = next() {
                    for (line, verdict) in &mut batch.lines {
                        *verdict = Some(judge.text(&batch.file, &line.bytes));
                    }
                    if to_teller.send(batch).is_err() {
                        return;
                    }
                }
            };
            let started = Builder::new().stack_size(STACK).spawn_scoped(self.scope, work);
            started.expect("the system starts a thread");
        }
        (self.to_judges, self.judged) = (Some(to_judges), Some(judged));
    }

    /// Reports the next batch in order.
    fn tell_next(&mut self, linter: &mut FileLinter, file: &LintedFile<'_>) {
        let batch = loop {
            if let Some(batch) = self.early.remove(&self.next_told) {
                break batch;
            }
            let judged = self.judged.as_ref().and_then(|judged| judged.recv().ok());
            let batch = judged.expect("a thread judges each batch");
            self.early.insert(batch.number, batch);
        };
        self.next_told += 1;
        self.in_flight -= batch.bytes;
        for (line, verdict) in batch.lines {
            if let Some(verdict) = verdict {
                linter.tell_chunk(file, &line, verdict);
            }
        }
    }

    fn finish(mut self, linter: &mut FileLinter, file: &'env LintedFile<'_>) {
        // Without threads so far, the file is short.
        if self.to_judges.is_none() {
            return self.lines.iter().for_each(|line| linter.chunk(file, line));
        }
        if !self.lines.is_empty() {
            self.hand_out(linter, file);
        }
        while self.next_told < self.next {
            self.tell_next(linter, file);
        }
    }
}
