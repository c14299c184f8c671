//! What is written while there is room.

use super::*;

#[rstest]
#[tokio::test]
async fn what_is_offered_arrives_in_order(#[values(Security::Plain, Security::Tls)] security: Security) {
    let (channel, receiver, mut client) = connect(security).await;
    let _running = run(receiver);
    let texts: Vec<String> = [0, 1, 125, 126, 5000].map(|length| "x".repeat(length)).into();

    assert_eq!(offer(&channel, &texts), Offer::Taken);
    channel.send_text(b"then").await.unwrap();

    for text in texts {
        assert_eq!(client.text().await, format!("<{text}>"));
    }
    assert_eq!(client.text().await, "then");
}

#[tokio::test]
async fn nothing_is_offered() {
    let (channel, _receiver, _client) = connect(Security::Plain).await;

    assert_eq!(offer(&channel, &[]), Offer::Taken);
}

#[tokio::test]
async fn who_is_not_alive_writes_nothing() {
    let (channel, _receiver, mut client) = connect(Security::Plain).await;

    let offered = channel.offer(|| false, [[b"a".as_slice(), b"", b""]].into_iter());
    assert_eq!(offered, Offer::Gone);
    assert_eq!(channel.send(|| false, b"b").await, Err(Gone));
    channel.send(|| true, b"c").await.unwrap();

    assert_eq!(client.text().await, "c");
}

#[tokio::test]
async fn a_binary_message_is_one() {
    let (channel, _receiver, mut client) = connect(Security::Plain).await;

    channel.send_binary(&[0, 159]).await.unwrap();

    assert_eq!(client.frame().await, Some((0x82, vec![0, 159])));
}

#[tokio::test]
async fn a_ping_is_two_bytes() {
    let (channel, _receiver, mut client) = connect(Security::Plain).await;

    channel.ping();

    assert_eq!(client.frame().await, Some((0x89, vec![])));
}

#[rstest]
#[tokio::test]
async fn any_thread_may_write(#[values(Security::Plain, Security::Tls)] security: Security) {
    let (channel, receiver, mut client) = connect(security).await;
    let _running = run(receiver);

    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let channel = Arc::clone(&channel);
            std::thread::spawn(move || {
                for count in 0..5 {
                    assert_eq!(offer(&channel, &[format!("{thread} {count}")]), Offer::Taken);
                }
            })
        })
        .collect();

    let mut last = [-1; 4];
    for _ in 0..20 {
        let text = client.text().await;
        let (thread, count) = text.trim_matches(['<', '>']).split_once(' ').unwrap();
        let (thread, count): (usize, i32) = (thread.parse().unwrap(), count.parse().unwrap());
        assert_eq!(count, last[thread] + 1);
        last[thread] = count;
    }
    for thread in threads {
        thread.join().unwrap();
    }
}
