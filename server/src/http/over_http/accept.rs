//! What an `Accept` header asks for (RFC 9110, section 12.5.1): one of the two media types of GraphQL over HTTP for an
//! answer that is given at once, one of the two streaming ones for answers that go on.
//!
//! `application/json` is the older of the first two, where nearly everything is 200; it is what a client gets that says
//! nothing or `*/*`, as the specification has it until its watershed. The operation's kind decides first: clients that
//! can stream list the types for all kinds at once.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use super::refusal::Refusal;
use crate::graphql::OperationKind;

/// How a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// By one response.
    Once(MediaType),
    /// By a body that goes on until the operation ends.
    Stream(StreamType),
}

/// How a GraphQL response is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/graphql-response+json`: the status says how it went.
    GraphqlResponse,
    /// `application/json`: 200 whenever GraphQL was spoken at all.
    Json,
}

/// How many GraphQL responses are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamType {
    /// `text/event-stream`: GraphQL over SSE.
    EventStream,
    /// `multipart/mixed;subscriptionSpec=1.0`: as Apollo's clients ask for. Without that parameter, multipart/mixed is
    /// something else: one response in pieces.
    Multipart,
}

/// What a door can answer as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Served {
    /// Whatever suits the operation.
    Everything,
    /// `text/event-stream` alone, whatever the operation.
    EventStream,
}

/// The form that the operation's kind and the headers allow at this door, or 406.
pub(super) fn negotiate(
    headers: &HeaderMap,
    kind: Option<OperationKind>,
    served: Served,
) -> Result<Form, Refusal> {
    let event_stream = weigh_event_stream(headers).map(|_| Form::Stream(StreamType::EventStream));
    let (form, refusal) = match (served, kind) {
        (Served::EventStream, _) => {
            (event_stream, "the answer is text/event-stream, which Accept does not allow")
        }
        (Served::Everything, Some(OperationKind::Subscription)) => (
            StreamType::negotiate(headers).map(Form::Stream),
            "a subscription is answered as text/event-stream or as multipart/mixed;subscriptionSpec=1.0, or over a \
             WebSocket at /graphql/ws: Accept allows neither of the two",
        ),
        (Served::Everything, _) => (
            MediaType::negotiate(headers).map(Form::Once).or(event_stream),
            "the answer is application/graphql-response+json, application/json or text/event-stream; Accept allows \
             none of them",
        ),
    };
    form.ok_or_else(|| Refusal::not_acceptable(refusal))
}

impl MediaType {
    /// The value of the `Content-Type` header.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// The type that the headers prefer; none when they accept neither.
    pub(crate) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let Some(ranges) = ranges(headers) else { return Some(Self::Json) };
        let new = best(&ranges, |range| range.names("application", "graphql-response+json"));
        let old = best(&ranges, |range| range.names("application", "json"));
        match (new, old) {
            (None, None) => None,
            (Some(_), None) => Some(Self::GraphqlResponse),
            // Equally wanted and both by name: the one whose status tells more. Both by a wildcard: the older
            // one.
            (Some(new), Some(old)) if new == old && new.precision == EXACT => Some(Self::GraphqlResponse),
            (Some(new), Some(old)) if new > old => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }

    /// As [`negotiate`](Self::negotiate), and JSON for those who accept neither: an error has to be written
    /// as something.
    pub(crate) fn for_refusal(headers: &HeaderMap) -> Self {
        Self::negotiate(headers).unwrap_or(Self::Json)
    }
}

impl StreamType {
    /// The type that the headers prefer; none when they accept neither. Of two that are wanted equally, the one whose
    /// clients can resume.
    fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let parts = ranges(headers).and_then(|ranges| best(&ranges, Range::names_parts));
        match (weigh_event_stream(headers), parts) {
            (None, None) => None,
            (Some(events), Some(parts)) if parts > events => Some(Self::Multipart),
            (Some(_), _) => Some(Self::EventStream),
            (None, Some(_)) => Some(Self::Multipart),
        }
    }
}

/// How much `text/event-stream` is wanted; none when it is not.
fn weigh_event_stream(headers: &HeaderMap) -> Option<Match> {
    match ranges(headers) {
        Some(ranges) => best(&ranges, |range| range.names("text", "event-stream")),
        None => Some(Match { quality: 1000, precision: ANY }),
    }
}

/// A range's weight, in thousandths, and how exactly it names the type: that is RFC 9110's order of
/// precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    quality: u16,
    precision: u8,
}

const ANY: u8 = 0;
const ANY_SUBTYPE: u8 = 1;
const EXACT: u8 = 2;

/// What the headers accept; none when they do not say.
fn ranges(headers: &HeaderMap) -> Option<Vec<Range<'_>>> {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .peekable();
    ranges.peek()?;
    Some(ranges.filter_map(Range::parse).collect())
}

/// The most precise range that names a type decides its weight, be it smaller; none when that is nothing.
fn best<'r>(ranges: &[Range<'r>], names: impl Fn(&Range<'r>) -> Option<u8>) -> Option<Match> {
    let matches = ranges
        .iter()
        .filter_map(|range| names(range).map(|precision| Match { quality: range.quality, precision }));
    matches.max_by_key(|found| found.precision).filter(|found| found.quality > 0)
}

/// One element of the header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
    /// `subscriptionSpec=1.0`.
    of_subscriptions: bool,
}

impl<'a> Range<'a> {
    /// None for what asks for another charset, or is not understood.
    fn parse(range: &'a str) -> Option<Self> {
        let mut parts = range.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, quality: 1000, of_subscriptions: false };
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => range.quality = parse_quality(value)?,
                "charset" if !is_utf8(value) => return None,
                "subscriptionspec" => range.of_subscriptions = value.trim_matches('"') == "1.0",
                _ => {}
            }
        }
        Some(range)
    }

    /// How precisely it names a type, if it does.
    fn names(&self, kind: &str, subtype: &str) -> Option<u8> {
        if (self.kind, self.subtype) == ("*", "*") {
            return Some(ANY);
        }
        match self.subtype {
            _ if !self.kind.eq_ignore_ascii_case(kind) => None,
            "*" => Some(ANY_SUBTYPE),
            own => own.eq_ignore_ascii_case(subtype).then_some(EXACT),
        }
    }

    /// Nobody means the protocol of multipart subscriptions who does not say so.
    fn names_parts(&self) -> Option<u8> {
        self.names("multipart", "mixed").filter(|_| self.of_subscriptions)
    }
}

/// `0`, `1`, and up to three decimals, in thousandths.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse::<u16>().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

/// Whether a charset parameter's value, quoted or not, is UTF-8.
pub(super) fn is_utf8(value: &str) -> bool {
    let value = value.trim().trim_matches('"');
    value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::MediaType::{GraphqlResponse, Json};
    use super::StreamType::{EventStream, Multipart};
    use super::*;
    use axum::http::HeaderValue;
    use rstest::rstest;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (ACCEPT, HeaderValue::from_str(value).unwrap())).collect()
    }

    #[rstest]
    #[case::nothing(&[], Some(Json))]
    #[case::empty(&[""], Some(Json))]
    #[case::anything(&["*/*"], Some(Json))]
    #[case::any_application(&["application/*"], Some(Json))]
    #[case::new(&["application/graphql-response+json"], Some(GraphqlResponse))]
    #[case::old(&["application/json"], Some(Json))]
    #[case::capitals(&["Application/GraphQL-Response+JSON"], Some(GraphqlResponse))]
    #[case::utf8(&["application/graphql-response+json; charset=UTF-8"], Some(GraphqlResponse))]
    #[case::quoted_utf8(&["application/json;charset=\"utf-8\""], Some(Json))]
    #[case::latin1(&["application/json; charset=iso-8859-1"], None)]
    #[case::graphiql(&["application/graphql-response+json, application/json;q=0.9"], Some(GraphqlResponse))]
    #[case::the_old_preferred(&["application/graphql-response+json;q=0.5, application/json"], Some(Json))]
    #[case::equal_by_name(&["application/json, application/graphql-response+json"], Some(GraphqlResponse))]
    #[case::name_beside_wildcard(&["*/*, application/graphql-response+json"], Some(GraphqlResponse))]
    #[case::name_lighter_than_wildcard(&["application/graphql-response+json;q=0.1, */*"], Some(Json))]
    #[case::two_headers(&["text/html", "application/graphql-response+json"], Some(GraphqlResponse))]
    #[case::urql(&[concat!(
        "application/graphql-response+json, application/graphql+json, application/json, ",
        "text/event-stream, multipart/mixed",
    )], Some(GraphqlResponse))]
    #[case::a_browser(&["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], Some(Json))]
    #[case::refused_by_weight(&["application/json;q=0, application/graphql-response+json;q=0.000"], None)]
    #[case::all_but_one(&["*/*, application/json;q=0"], Some(GraphqlResponse))]
    #[case::other(&["text/html"], None)]
    #[case::stream_only(&["text/event-stream"], None)]
    #[case::garbage(&["application, /, ;;q=, application/json;q=abc"], None)]
    #[case::too_heavy(&["application/json;q=1.1"], None)]
    #[case::capital_q(&["application/json;Q=0"], None)]
    fn the_accept_header_decides(#[case] header: &[&str], #[case] expected: Option<MediaType>) {
        assert_eq!(MediaType::negotiate(&headers(header)), expected);
    }

    #[rstest]
    #[case::nothing(&[], Some(EventStream))]
    #[case::anything(&["*/*"], Some(EventStream))]
    #[case::any_text(&["text/*"], Some(EventStream))]
    #[case::events(&["text/event-stream"], Some(EventStream))]
    #[case::capitals(&["Text/Event-Stream"], Some(EventStream))]
    #[case::latin1(&["text/event-stream; charset=iso-8859-1"], None)]
    #[case::parts(&["multipart/mixed;subscriptionSpec=1.0, application/json"], Some(Multipart))]
    #[case::quoted(&["multipart/mixed; subscriptionSpec=\"1.0\", application/json"], Some(Multipart))]
    #[case::apollo(&[concat!(
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,",
        "application/graphql-response+json,application/json;q=0.9",
    )], Some(Multipart))]
    #[case::another_spec(&["multipart/mixed;subscriptionSpec=2.0"], None)]
    #[case::parts_of_one_response(&["multipart/mixed;deferSpec=20220824, application/json"], None)]
    #[case::urql(&["text/event-stream, multipart/mixed"], Some(EventStream))]
    #[case::both(&["multipart/mixed;subscriptionSpec=1.0, text/event-stream"], Some(EventStream))]
    #[case::parts_preferred(&["multipart/mixed;subscriptionSpec=1.0, text/event-stream;q=0.9"], Some(Multipart))]
    #[case::parts_beside_a_wildcard(&["multipart/mixed;subscriptionSpec=1.0, */*"], Some(Multipart))]
    #[case::all_but_events(&["*/*, text/event-stream;q=0"], None)]
    #[case::json(&["application/json"], None)]
    #[case::both_of_http(&["application/graphql-response+json, application/json"], None)]
    fn a_stream_has_a_type_too(#[case] header: &[&str], #[case] expected: Option<StreamType>) {
        assert_eq!(StreamType::negotiate(&headers(header)), expected);
    }

    #[rstest]
    #[case::query(Some(OperationKind::Query), Some(Form::Once(GraphqlResponse)))]
    #[case::mutation(Some(OperationKind::Mutation), Some(Form::Once(GraphqlResponse)))]
    #[case::unknown(None, Some(Form::Once(GraphqlResponse)))]
    #[case::subscription(Some(OperationKind::Subscription), Some(Form::Stream(EventStream)))]
    fn the_kind_decides_before_the_header(
        #[case] kind: Option<OperationKind>,
        #[case] expected: Option<Form>,
    ) {
        let all = headers(&["application/graphql-response+json, text/event-stream, multipart/mixed"]);
        assert_eq!(negotiate(&all, kind, Served::Everything).ok(), expected);
        let stream = Some(Form::Stream(EventStream));
        assert_eq!(negotiate(&all, kind, Served::EventStream).ok(), stream);
        let events = headers(&["text/event-stream"]);
        assert_eq!(negotiate(&events, kind, Served::Everything).ok(), stream);
        assert_eq!(negotiate(&events, kind, Served::EventStream).ok(), stream);
        let json = headers(&["application/json"]);
        assert!(negotiate(&json, kind, Served::EventStream).is_err());
    }

    #[test]
    fn bytes_that_are_not_text_count_as_nothing_said() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        assert_eq!(MediaType::negotiate(&headers), Some(Json));
    }
}
