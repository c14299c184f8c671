//! What a client may send.

use super::*;

#[rstest]
#[tokio::test]
async fn messages_are_given_out_in_order(#[values(Security::Plain, Security::Tls)] security: Security) {
    let (_channel, mut receiver, mut client) = connect(security).await;
    let long = "é".repeat(MESSAGE / 2);
    let sending = async {
        client.send(0x81, b"").await;
        client.send(0x82, &[0, 159]).await;
        client.send(0x81, long.as_bytes()).await;
        client.send(0x81, "最後".as_bytes()).await;
    };

    let receiving = async {
        assert_eq!(receiver.recv().await, Received::Text(String::new()));
        assert_eq!(receiver.recv().await, Received::Binary(vec![0, 159]));
        assert_eq!(receiver.recv().await, Received::Text(long.clone()));
        assert_eq!(receiver.recv().await, Received::Text("最後".to_owned()));
    };
    within(async { tokio::join!(sending, receiving) }).await;
}

#[tokio::test]
async fn bytes_may_come_one_by_one() {
    let (_channel, mut receiver, mut client) = connect(Security::Plain).await;
    // A character, and a ping, in the middle of it all.
    let frames = [
        client::frame(0x01, b"f\xC3"),
        client::frame(0x89, b"there?"),
        client::frame(0x80, b"\xBCr"),
        client::frame(0x81, b"next"),
    ]
    .concat();

    let sending = async {
        for byte in frames {
            client.write(&[byte]).await;
        }
        client
    };
    let receiving = async { (receiver.recv().await, receiver.recv().await) };
    let (mut client, (first, second)) = within(async { tokio::join!(sending, receiving) }).await;

    assert_eq!(first, Received::Text("für".to_owned()));
    assert_eq!(second, Received::Text("next".to_owned()));
    assert_eq!(client.frame().await, Some((0x8A, b"there?".to_vec())));
}

#[tokio::test]
async fn what_came_with_the_handshake_is_first() {
    let early = [client::frame(0x81, b"early"), client::frame(0x81, b"bird")[..3].to_vec()].concat();
    let (channel, receiver, mut client) = client::connect_with(&early).await;
    drop(channel);
    let mut receiver = receiver;
    client.write(&client::frame(0x81, b"bird")[3..]).await;

    assert_eq!(receiver.recv().await, Received::Text("early".to_owned()));
    assert_eq!(receiver.recv().await, Received::Text("bird".to_owned()));
}

#[tokio::test]
async fn every_ping_is_answered_with_its_payload() {
    let (_channel, receiver, mut client) = connect(Security::Plain).await;
    let _running = run(receiver);

    for n in 0..10 {
        client.send(0x89, &vec![n; usize::from(n) * 13]).await;
        // Unasked.
        client.send(0x8A, b"pong").await;
    }

    for n in 0..10 {
        assert_eq!(client.frame().await, Some((0x8A, vec![n; usize::from(n) * 13])));
    }
}

#[tokio::test]
async fn waiting_may_be_given_up_and_begun_again() {
    let (_channel, mut receiver, mut client) = connect(Security::Plain).await;
    let frame = client::frame(0x81, b"whole");

    for byte in frame {
        {
            let mut waiting = Box::pin(receiver.recv());
            assert!(futures_util::poll!(&mut waiting).is_pending());
        }
        client.write(&[byte]).await;
    }

    assert_eq!(within(receiver.recv()).await, Received::Text("whole".to_owned()));
}
