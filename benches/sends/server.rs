//! The server of all contestants: reads requests on connections that are kept, and answers each with a success.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

/// Serves until the process is ended. Prints its port first.
pub(crate) fn serve(delay: Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the server");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address").port());
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, delay));
        }
    });
}

/// The last id that was given. Like the vendor's they have 18 digits and rise with time, over all connections.
static LAST_UID: AtomicU64 = AtomicU64::new(561_000_000_000_000_000);

/// Answers one connection.
async fn answer(stream: TcpStream, delay: Duration) {
    let _ = stream.set_nodelay(true);
    let mut held: Vec<u8> = Vec::with_capacity(4096);
    loop {
        while let Some(length) = whole_request(&held) {
            held.drain(..length);
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            let uid = LAST_UID.fetch_add(1, Ordering::Relaxed) + 1;
            if write(&stream, &reply(uid)).await.is_err() {
                return;
            }
        }
        match read(&stream, &mut held).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

/// The reply to one message.
pub(crate) fn reply(uid: u64) -> Vec<u8> {
    let body = format!(
        r#"{{"code":0,"msg":"success","result":{{"messageUid":{uid},"timestamp":1782353213880}}}}"#
    );
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// How many bytes the first request takes; `None` where it is not all there.
pub(crate) fn whole_request(held: &[u8]) -> Option<usize> {
    let head = memchr::memmem::find(held, b"\r\n\r\n")? + 4;
    let mut length = 0;
    for line in held[..head].split(|byte| *byte == b'\n') {
        if line.len() > 15 && line[..15].eq_ignore_ascii_case(b"content-length:") {
            let digits = line[15..].iter().filter(|byte| byte.is_ascii_digit());
            length = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        }
    }
    (held.len() >= head + length).then_some(head + length)
}

async fn read(stream: &TcpStream, held: &mut Vec<u8>) -> io::Result<usize> {
    let mut buffer = [0; 4096];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(length) => {
                held.extend_from_slice(&buffer[..length]);
                return Ok(length);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream.try_write(bytes) {
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => stream.writable().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
