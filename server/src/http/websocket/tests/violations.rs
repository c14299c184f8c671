//! What a client may not send, as the Autobahn test-suite has it in its sections 1 to 7.

use super::client::frame;
use super::*;

/// Sends this after a good message, which still arrives; gives the code that the server closes with.
async fn closed_with(bytes: &[u8]) -> u16 {
    let (channel, mut receiver, mut client) = connect(Security::Plain).await;
    client.write(&[&frame(0x81, b"good"), bytes].concat()).await;
    assert_eq!(within(receiver.recv()).await, Received::Text("good".to_owned()));

    let running = run(receiver);
    let (code, reason) = client.close().await;
    assert!(!reason.is_empty());
    assert_eq!(client.frame().await, None);
    drop(client);
    assert_eq!(within(running).await.unwrap(), code);
    assert!(!channel.is_open());
    code
}

#[rstest]
#[case::rsv1(&frame(0xC1, b"x"))]
#[case::rsv2(&frame(0xA1, b"x"))]
#[case::rsv3_in_a_ping(&frame(0x99, b"x"))]
#[case::opcode_3(&frame(0x83, b""))]
#[case::opcode_7(&frame(0x87, b"x"))]
#[case::opcode_11(&frame(0x8B, b""))]
#[case::opcode_15(&frame(0x8F, b"x"))]
#[case::unmasked(b"\x81\x01x")]
#[case::long_ping(&frame(0x89, &[b'x'; 126]))]
#[case::fragmented_ping(&frame(0x09, b"x"))]
#[case::fragmented_close(&frame(0x08, b""))]
#[case::continues_nothing(&frame(0x80, b"x"))]
#[case::continues_what_is_complete(&[frame(0x01, b"a"), frame(0x80, b"b"), frame(0x80, b"c")].concat())]
#[case::text_within_text(&[frame(0x01, b"a"), frame(0x81, b"b")].concat())]
#[case::bytes_within_text(&[frame(0x01, b"a"), frame(0x02, b"b")].concat())]
#[case::close_with_half_a_code(&frame(0x88, b"\x03"))]
#[case::long_close(&frame(0x88, &[0x03; 126]))]
#[tokio::test]
async fn protocol_errors_are_1002(#[case] bytes: &[u8]) {
    assert_eq!(closed_with(bytes).await, code::PROTOCOL_ERROR);
}

#[rstest]
#[tokio::test]
async fn codes_that_nobody_may_send_are_1002(
    #[values(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)] code: u16,
) {
    let (_channel, receiver, mut client) = connect(Security::Plain).await;
    let running = run(receiver);

    client.send(0x88, &code.to_be_bytes()).await;

    assert_eq!(client.close().await.0, code::PROTOCOL_ERROR);
    drop(client);
    assert_eq!(within(running).await.unwrap(), code::PROTOCOL_ERROR);
}

#[rstest]
#[case::a_byte(&frame(0x81, b"\xFF"))]
#[case::overlong(&frame(0x81, b"\xC0\xAF"))]
#[case::surrogate(&frame(0x81, b"\xED\xA0\x80"))]
#[case::beyond_unicode(&frame(0x81, b"\xF4\x90\x80\x80"))]
#[case::cut_short(&frame(0x81, b"\xE6\x9C"))]
#[case::cut_short_at_the_end_of_fragments(&[frame(0x01, b"a\xE6"), frame(0x80, b"\x9C")].concat())]
#[case::in_a_fragment_that_is_not_the_last(&[frame(0x01, b"a\xE6"), frame(0x00, b"x")].concat())]
#[case::in_the_reason(&frame(0x88, b"\x03\xE8\xFF"))]
#[tokio::test]
async fn what_is_not_utf_8_is_1007(#[case] bytes: &[u8]) {
    assert_eq!(closed_with(bytes).await, code::INVALID_TEXT);
}

#[rstest]
#[case::declared(b"\x81\xFF\x00\x00\x00\x00\x40\x00\x00\x00mask")]
#[case::more_than_there_are_bytes(b"\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFmask")]
#[case::by_one(&frame(0x81, &vec![b'x'; MESSAGE + 1]))]
#[case::in_fragments(&[frame(0x01, &vec![b'x'; MESSAGE]), frame(0x80, b"x")].concat())]
#[case::in_many_fragments(&[frame(0x02, b"x"), frame(0x00, &vec![b'x'; MESSAGE / 4]).repeat(4)].concat())]
#[tokio::test]
async fn what_is_too_big_is_1009(#[case] bytes: &[u8]) {
    assert_eq!(closed_with(bytes).await, code::TOO_BIG);
}
