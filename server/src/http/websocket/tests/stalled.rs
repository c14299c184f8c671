//! What is written to a client that does not read.

use super::*;

/// Texts of many lengths, so that frames are cut everywhere, their heads included.
fn texts(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("{n} {}", "x".repeat(n * 37 % 3000))).collect()
}

/// Offers texts until there is no room, and gives how many of them were taken.
fn stuff(channel: &Channel, texts: &[String], at_once: usize) -> usize {
    let mut taken = 0;
    for batch in texts.chunks(at_once) {
        match offer(channel, batch) {
            Offer::Taken => taken += batch.len(),
            Offer::Full(begun) => return taken + begun,
            Offer::Gone => panic!("gone"),
        }
    }
    panic!("{} texts are not enough", texts.len());
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_arrives_exactly_once_in_order(
    #[values(Security::Plain, Security::Tls)] security: Security,
    #[values(1, 7, 64)] at_once: usize,
) {
    let (channel, receiver, mut client) = connect(security).await;
    let _running = run(receiver);
    let texts = texts(3000);

    let first = stuff(&channel, &texts, at_once);
    let sending = {
        let (channel, texts) = (Arc::clone(&channel), texts.clone());
        tokio::spawn(async move {
            let mut next = first;
            while next < texts.len() {
                let batch = &texts[next..texts.len().min(next + at_once)];
                match offer(&channel, batch) {
                    Offer::Taken => next += batch.len(),
                    Offer::Full(begun) => {
                        next += begun;
                        channel.room().await.unwrap();
                    }
                    Offer::Gone => panic!("gone"),
                }
            }
        })
    };

    for text in texts {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    within(sending).await.unwrap();
    channel.room().await.unwrap();
    assert_eq!(channel.blocked_for(), None);
}

#[rstest]
#[tokio::test]
async fn the_receiver_finishes_what_is_half_written(
    #[values(Security::Plain, Security::Tls)] security: Security,
) {
    let (channel, receiver, mut client) = connect(security).await;
    let texts = texts(3000);
    let taken = stuff(&channel, &texts, 16);
    assert_eq!(offer(&channel, &texts), Offer::Full(0));

    let _running = run(receiver);

    for text in &texts[..taken] {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    channel.room().await.unwrap();
    assert_eq!(offer(&channel, &["last".to_owned()]), Offer::Taken);
    assert_eq!(client.text().await, "<last>");
}

#[tokio::test]
async fn who_sends_waits_for_its_turn() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;
    let texts = texts(3000);
    let taken = stuff(&channel, &texts, 16);
    let mut waiting = vec![];
    for n in 0..20 {
        let sender = Arc::clone(&channel);
        let mut sending = Box::pin(async move {
            sender.send(|| true, format!("sent {n} {}", "y".repeat(10_000)).as_bytes()).await
        });
        // Begun in this order.
        assert!(futures_util::poll!(&mut sending).is_pending());
        waiting.push(tokio::spawn(sending));
    }
    let room: Vec<_> = (0..3).map(|_| Arc::clone(&channel)).collect();
    let room: Vec<_> = room.into_iter().map(|it| tokio::spawn(async move { it.room().await })).collect();

    let _running = run(receiver);

    for text in &texts[..taken] {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    for n in 0..20 {
        assert!(client.text().await.starts_with(&format!("sent {n} ")));
    }
    for task in waiting.into_iter().chain(room) {
        assert_eq!(within(task).await.unwrap(), Ok(()));
    }
}

#[tokio::test]
async fn who_dies_waiting_writes_nothing() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;
    let texts = texts(3000);
    let taken = stuff(&channel, &texts, 16);
    let alive = std::sync::atomic::AtomicBool::new(true);
    let mut sending = Box::pin(channel.send(|| alive.load(std::sync::atomic::Ordering::Relaxed), b"never"));
    assert!(futures_util::poll!(&mut sending).is_pending());

    alive.store(false, std::sync::atomic::Ordering::Relaxed);
    let _running = run(receiver);

    for text in &texts[..taken] {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    assert_eq!(within(sending).await, Err(Gone));
    channel.send_text(b"after").await.unwrap();
    assert_eq!(client.text().await, "after");
}

#[rstest]
#[tokio::test]
async fn a_close_frame_follows_what_is_half_written(
    #[values(Security::Plain, Security::Tls)] security: Security,
) {
    let (channel, receiver, mut client) = connect(security).await;
    let running = run(receiver);
    let texts = texts(3000);
    let taken = stuff(&channel, &texts, 16);
    let waiting = tokio::spawn({
        let channel = Arc::clone(&channel);
        async move { channel.send_text(b"never").await }
    });

    channel.close(1012, "the server restarts");

    assert_eq!(offer(&channel, &texts), Offer::Gone);
    assert_eq!(channel.send_text(b"never").await, Err(Gone));
    for text in &texts[..taken] {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    assert_eq!(client.close().await, (1012, "the server restarts".to_owned()));
    client.send(0x88, &1012_u16.to_be_bytes()).await;
    assert_eq!(client.frame().await, None);
    assert_eq!(within(running).await.unwrap(), 1012);
    assert_eq!(within(waiting).await.unwrap(), Err(Gone));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_reads_is_let_go_of() {
    let (channel, receiver, client) = connect(Security::Plain).await;
    stuff(&channel, &texts(3000), 16);

    channel.close(1012, "");

    assert_eq!(within(run(receiver)).await.unwrap(), 1012);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn what_is_stuck_and_silent_shows() {
    let (channel, mut receiver, mut client) = connect(Security::Plain).await;
    stuff(&channel, &texts(3000), 16);
    channel.ping();

    tokio::time::advance(Duration::from_mins(1)).await;

    assert!(channel.blocked_for().is_some_and(|time| time >= Duration::from_mins(1)));
    assert!(channel.silent_for() >= Duration::from_mins(1));
    client.send(0x81, b"here").await;
    assert_eq!(receiver.recv().await, Received::Text("here".to_owned()));
    assert!(channel.silent_for() < Duration::from_mins(1));
}

#[tokio::test]
async fn pongs_that_do_not_go_out_stop_the_reading() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;
    let _running = run(receiver);
    stuff(&channel, &texts(3000), 16);
    let pings = client::frame(0x89, &[b'p'; 125]).repeat(1000);

    let mut written = 0;
    while client.write_if_taken(&pings).await {
        written += pings.len();
        assert!(written < 64 << 20, "the server reads on and on");
    }
}
