//! Which of the two media types of GraphQL over HTTP an `Accept` header asks for (RFC 9110, section 12.5.1).
//!
//! `application/json` is the older one, where nearly everything is 200; it is what a client gets that says
//! nothing or `*/*`, as the specification has it until its watershed. Streaming types are not negotiated
//! here.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// How a GraphQL response is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/graphql-response+json`: the status says how it went.
    GraphqlResponse,
    /// `application/json`: 200 whenever GraphQL was spoken at all.
    Json,
}

/// A range's weight, in thousandths, and how exactly it names the type: that is RFC 9110's order of
/// precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    quality: u16,
    precision: u8,
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
        let mut ranges = headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|range| !range.is_empty())
            .peekable();
        if ranges.peek().is_none() {
            return Some(Self::Json);
        }

        let mut graphql_response = None;
        let mut json = None;
        for range in ranges.filter_map(Range::parse) {
            consider(&mut graphql_response, &range, "graphql-response+json");
            consider(&mut json, &range, "json");
        }
        let wanted = |found: Option<Match>| found.filter(|found| found.quality > 0);
        match (wanted(graphql_response), wanted(json)) {
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

const EXACT: u8 = 2;

/// One element of the header that could concern us.
struct Range<'a> {
    subtype: &'a str,
    matched: Match,
}

impl<'a> Range<'a> {
    /// None for what asks for something else, or for our types in another charset, or is not understood.
    fn parse(range: &'a str) -> Option<Self> {
        let mut parts = range.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let precision = match (kind, subtype) {
            ("*", "*") => 0,
            (kind, "*") if kind.eq_ignore_ascii_case("application") => 1,
            (kind, _) if kind.eq_ignore_ascii_case("application") => EXACT,
            _ => return None,
        };
        let mut quality = 1000;
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = parse_quality(value.trim())?,
                "charset" if !is_utf8(value) => return None,
                _ => {}
            }
        }
        Some(Self { subtype, matched: Match { quality, precision } })
    }
}

/// The most precise range that names a type decides its weight, be it smaller.
fn consider(best: &mut Option<Match>, range: &Range<'_>, subtype: &str) {
    let names_it = range.matched.precision < EXACT || range.subtype.eq_ignore_ascii_case(subtype);
    if names_it && best.is_none_or(|best| range.matched.precision >= best.precision) {
        *best = Some(range.matched);
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
    use super::*;
    use axum::http::HeaderValue;
    use rstest::rstest;

    fn negotiate(values: &[&str]) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
        }
        MediaType::negotiate(&headers)
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
        assert_eq!(negotiate(header), expected);
    }

    #[test]
    fn bytes_that_are_not_text_count_as_nothing_said() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        assert_eq!(MediaType::negotiate(&headers), Some(Json));
    }
}
