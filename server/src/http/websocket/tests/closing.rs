//! How connections end.

use super::*;

#[rstest]
#[tokio::test]
async fn a_close_frame_is_answered_with_its_code(
    #[values(Security::Plain, Security::Tls)] security: Security,
    #[values(1000, 1001, 1003, 1007, 1011, 1012, 3000, 3999, 4000, 4999)] code: u16,
) {
    let (channel, receiver, mut client) = connect(security).await;
    let running = run(receiver);

    client.send(0x88, &[&code.to_be_bytes()[..], b"bye"].concat()).await;

    assert_eq!(client.close().await, (code, String::new()));
    assert_eq!(client.frame().await, None);
    drop(client);
    assert_eq!(within(running).await.unwrap(), code);
    assert_eq!(channel.send_text(b"never").await, Err(Gone));
}

#[tokio::test]
async fn a_close_frame_without_a_code_is_answered_by_one() {
    let (_channel, receiver, mut client) = connect(Security::Plain).await;
    let running = run(receiver);

    client.send(0x88, b"").await;

    assert_eq!(client.close().await, (0, String::new()));
    drop(client);
    assert_eq!(within(running).await.unwrap(), code::NO_STATUS);
}

#[rstest]
#[tokio::test]
async fn ours_waits_for_the_clients(#[values(Security::Plain, Security::Tls)] security: Security) {
    let (channel, mut receiver, mut client) = connect(security).await;
    channel.send_text(b"last").await.unwrap();

    channel.close(4401, "Unauthorized");
    channel.close(1000, "too late");

    let running = tokio::spawn(async move { receiver.recv().await });
    assert_eq!(client.text().await, "last");
    assert_eq!(client.close().await, (4401, "Unauthorized".to_owned()));
    // It may have been sent before ours was seen.
    client.send(0x81, b"not looked at").await;
    client.send(0x88, &4401_u16.to_be_bytes()).await;
    assert_eq!(client.frame().await, None);
    assert_eq!(within(running).await.unwrap(), Received::Closed { code: 4401 });
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_answer_ours_is_let_go_of() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;
    let running = run(receiver);

    channel.close(1000, "");

    assert_eq!(within(running).await.unwrap(), 1000);
    assert_eq!(client.close().await, (1000, String::new()));
    assert_eq!(client.frame().await, None);
}

#[rstest]
#[tokio::test]
async fn a_client_that_hangs_up_has_ended(#[values(Security::Plain, Security::Tls)] security: Security) {
    let (channel, mut receiver, client) = connect(security).await;

    drop(client);

    assert_eq!(within(receiver.recv()).await, Received::Closed { code: code::ABNORMAL });
    assert_eq!(offer(&channel, &["text".to_owned()]), Offer::Gone);
    assert_eq!(within(receiver.recv()).await, Received::Closed { code: code::ABNORMAL });
}

#[tokio::test]
async fn to_abort_ends_both_sides_at_once() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;
    let running = run(receiver);

    channel.abort();

    assert_eq!(client.frame().await, None);
    assert_eq!(within(running).await.unwrap(), code::ABNORMAL);
    assert!(!channel.is_open());
}

#[tokio::test]
async fn without_a_receiver_it_ends() {
    let (channel, receiver, mut client) = connect(Security::Plain).await;

    drop(receiver);

    assert_eq!(client.frame().await, None);
    assert_eq!(channel.room().await, Err(Gone));
}
