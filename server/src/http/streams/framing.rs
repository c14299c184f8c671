//! The bytes of the two streaming protocols. Pure.

use bytes::{BufMut as _, BytesMut};

use crate::http::over_http::StreamType;

/// How a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending<'a> {
    /// Everything has been said.
    Complete,
    /// The operation was not begun: a JSON array of GraphQL errors says why.
    Refused(&'a [u8]),
    /// The operation was cut short, which a JSON array of GraphQL errors explains.
    Failed(&'a [u8]),
    /// The server stops; whoever listens should come back. The same array, where the protocol has a place for it.
    ComeBack(&'a [u8]),
}

impl StreamType {
    /// The value of the `Content-Type` header.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::EventStream => "text/event-stream; charset=utf-8",
            Self::Multipart => "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0",
        }
    }

    /// What comes first, so that the response's head does not wait for an event.
    pub(super) fn open(self, out: &mut BytesMut) {
        match self {
            Self::EventStream => self.keep_alive(out),
            Self::Multipart => out.put_slice(b"\r\n--graphql"),
        }
    }

    /// One result, `{"data":…}`.
    pub(super) fn event(self, out: &mut BytesMut, payload: &[u8], cursor: Option<&str>) {
        match self {
            Self::EventStream => {
                if let Some(cursor) = cursor {
                    put_all(out, &[b"id: ", cursor.as_bytes(), b"\n"]);
                }
                out.put_slice(b"event: next\n");
                // A line feed would end the field; JSON has them only as white space.
                for line in payload.split(|byte| matches!(byte, b'\n' | b'\r')) {
                    put_all(out, &[b"data: ", line, b"\n"]);
                }
                out.put_slice(b"\n");
            }
            Self::Multipart => put_part(out, &[b"{\"payload\":", payload, b"}"]),
        }
    }

    /// Nothing, to show proxies that the stream is alive.
    pub(super) fn keep_alive(self, out: &mut BytesMut) {
        match self {
            Self::EventStream => out.put_slice(b":\n\n"),
            Self::Multipart => put_part(out, &[b"{}"]),
        }
    }

    /// What comes last.
    pub(super) fn end(self, out: &mut BytesMut, ending: Ending<'_>) {
        match self {
            Self::EventStream => {
                if let Ending::Refused(errors) | Ending::Failed(errors) = ending {
                    self.event(out, &[b"{\"errors\":", errors, b"}"].concat(), None);
                }
                // Without it, clients take the end for an interruption, and come back.
                if !matches!(ending, Ending::ComeBack(_)) {
                    // The empty field makes an event of it: without data there is none.
                    out.put_slice(b"event: complete\ndata:\n\n");
                }
            }
            Self::Multipart => {
                match ending {
                    Ending::Complete => {}
                    Ending::Refused(errors) => put_part(out, &[b"{\"payload\":{\"errors\":", errors, b"}}"]),
                    Ending::Failed(errors) | Ending::ComeBack(errors) => {
                        put_part(out, &[b"{\"payload\":null,\"errors\":", errors, b"}"]);
                    }
                }
                out.put_slice(b"--\r\n");
            }
        }
    }
}

/// A part and the delimiter after it, which tells a client that the part is whole. Whether it is the last is said by what
/// follows: the next part, or two hyphens.
fn put_part(out: &mut BytesMut, json: &[&[u8]]) {
    out.put_slice(b"\r\nContent-Type: application/json\r\n\r\n");
    put_all(out, json);
    out.put_slice(b"\r\n--graphql");
}

fn put_all(out: &mut BytesMut, slices: &[&[u8]]) {
    for slice in slices {
        out.put_slice(slice);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::StreamType::{EventStream, Multipart};
    use super::*;

    fn written(stream_type: StreamType, write: impl FnOnce(StreamType, &mut BytesMut)) -> String {
        let mut out = BytesMut::new();
        write(stream_type, &mut out);
        String::from_utf8(out.to_vec()).unwrap()
    }

    #[rstest]
    #[case::with_a_place(Some("abc"), "{\"data\":1}", "id: abc\nevent: next\ndata: {\"data\":1}\n\n")]
    #[case::without(None, "{\"data\":1}", "event: next\ndata: {\"data\":1}\n\n")]
    #[case::lines(None, "{\"data\":\n1}", "event: next\ndata: {\"data\":\ndata: 1}\n\n")]
    #[case::other_lines(None, "{\"data\":\r1}", "event: next\ndata: {\"data\":\ndata: 1}\n\n")]
    fn an_event_of_sse(#[case] cursor: Option<&str>, #[case] payload: &str, #[case] expected: &str) {
        let event = written(EventStream, |framing, out| framing.event(out, payload.as_bytes(), cursor));
        assert_eq!(event, expected);
    }

    #[test]
    fn parts_stand_between_delimiters() {
        let body = written(Multipart, |framing, out| {
            framing.open(out);
            framing.event(out, b"{\"data\":1}", Some("abc"));
            framing.keep_alive(out);
            framing.end(out, Ending::Complete);
        });
        let part = |json: &str| format!("\r\n--graphql\r\nContent-Type: application/json\r\n\r\n{json}");
        assert_eq!(
            body,
            part("{\"payload\":{\"data\":1}}") + &part("{}") + "\r\n--graphql--\r\n",
            "as RFC 2046, section 5.1.1 has it"
        );
    }

    #[rstest]
    #[case::complete(Ending::Complete, "event: complete\ndata:\n\n", "--\r\n")]
    #[case::refused(
        Ending::Refused(b"[]"),
        "event: next\ndata: {\"errors\":[]}\n\nevent: complete\ndata:\n\n",
        "\r\nContent-Type: application/json\r\n\r\n{\"payload\":{\"errors\":[]}}\r\n--graphql--\r\n"
    )]
    #[case::failed(
        Ending::Failed(b"[]"),
        "event: next\ndata: {\"errors\":[]}\n\nevent: complete\ndata:\n\n",
        "\r\nContent-Type: application/json\r\n\r\n{\"payload\":null,\"errors\":[]}\r\n--graphql--\r\n"
    )]
    #[case::the_server_stops(
        Ending::ComeBack(b"[]"),
        "",
        "\r\nContent-Type: application/json\r\n\r\n{\"payload\":null,\"errors\":[]}\r\n--graphql--\r\n"
    )]
    fn an_end(#[case] ending: Ending<'_>, #[case] events: &str, #[case] parts: &str) {
        assert_eq!(written(EventStream, |framing, out| framing.end(out, ending)), events);
        assert_eq!(written(Multipart, |framing, out| framing.end(out, ending)), parts);
    }
}
