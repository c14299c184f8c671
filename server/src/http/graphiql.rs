//! `GraphiQL`'s page and what it loads, from this binary alone. Files and nothing else: it reads no request but
//! for caching and compression, and knows no token. `build.rs` makes the table; `web/` is where the page
//! comes from.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;

include!(concat!(env!("OUT_DIR"), "/graphiql_assets.rs"));

const PAGE: &str = "index.html";

/// Nothing from elsewhere, nothing inline but styles: Monaco sets those as it runs. (Trusted Types break it.)
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// On every answer, 304 and 404 too. A worker obeys the policy of its own file, not the page's.
const ALWAYS: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (VARY, "accept-encoding"),
];

/// `/graphiql` and everything below it.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let page = |headers: HeaderMap| async move { serve(PAGE, &headers).await };
    Router::new().route("/graphiql", get(page)).route("/graphiql/", get(page)).route(
        "/graphiql/{*path}",
        get(|Path(path): Path<String>, headers: HeaderMap| async move { serve(&path, &headers).await }),
    )
}

/// One file of the page.
struct Asset {
    /// Below `/graphiql/`.
    path: &'static str,
    content_type: &'static str,
    brotli: bool,
    /// Of `bytes`, without quotes.
    digest: &'static str,
    bytes: &'static [u8],
    /// What `bytes` unpacks to, once somebody has asked for it; none where it is damaged. Kept, because
    /// unpacking costs a hundred times what asking does.
    unpacked: OnceLock<Option<Bytes>>,
}

impl Asset {
    const fn new(
        path: &'static str,
        content_type: &'static str,
        brotli: bool,
        digest: &'static str,
        bytes: &'static [u8],
    ) -> Self {
        Self { path, content_type, brotli, digest, bytes, unpacked: OnceLock::new() }
    }

    /// Vite puts a digest of the content in the name of everything in that folder.
    fn is_named_by_content(&self) -> bool {
        self.path.starts_with("assets/")
    }

    fn unpacked(&self) -> Option<Bytes> {
        let unpack = || {
            let mut plain = Vec::new();
            brotli_decompressor::BrotliDecompress(&mut &*self.bytes, &mut plain).ok()?;
            Some(Bytes::from(plain))
        };
        self.unpacked.get_or_init(unpack).clone()
    }
}

async fn serve(path: &str, request: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        return (StatusCode::NOT_FOUND, ALWAYS, "not found\n").into_response();
    };
    let packed = asset.brotli && accepts_brotli(request);
    // The packed and the plain form are two representations: a strong tag names one of them.
    let tag = if packed { format!("\"{}-br\"", asset.digest) } else { format!("\"{}\"", asset.digest) };
    let caching =
        if asset.is_named_by_content() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = is_known(request, &tag);
    let common = (ALWAYS, [(ETAG, tag), (CACHE_CONTROL, caching.to_owned())]);
    if known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }

    let body = if packed || !asset.brotli {
        Some(Bytes::from_static(asset.bytes))
    } else {
        // Up to three megabytes: not on a thread that others' sockets wait for.
        tokio::task::spawn_blocking(|| asset.unpacked()).await.ok().flatten()
    };
    let Some(body) = body else {
        tracing::error!(path, "an embedded file of GraphiQL does not unpack");
        return (StatusCode::INTERNAL_SERVER_ERROR, ALWAYS).into_response();
    };
    let mut response = (common, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if packed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// Whether `If-None-Match` has the tag, compared weakly (RFC 9110, section 13.1.2).
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    elements(request, &IF_NONE_MATCH).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

/// Whether `Accept-Encoding` has `br`, or a wildcard and no `br`, with a weight above zero. Without the
/// header, anything would be allowed; but who does not send it is more likely to be unable to unpack.
fn accepts_brotli(request: &HeaderMap) -> bool {
    let mut wildcard = false;
    for coding in elements(request, &ACCEPT_ENCODING) {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.filter_map(|parameter| parameter.split_once('=')).any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("q") && value.trim().parse() == Ok(0.0_f32)
        });
        if name.eq_ignore_ascii_case("br") {
            return !refused;
        }
        wildcard |= name == "*" && !refused;
    }
    wildcard
}

/// The elements of a header that is a list.
fn elements<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use axum::http::header::{ALLOW, CONTENT_LENGTH};
    use rstest::rstest;
    use tower::ServiceExt;

    async fn send(method: &str, path: &str, headers: &[(HeaderName, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        router::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn body(response: Response) -> Bytes {
        to_bytes(response.into_body(), usize::MAX).await.unwrap()
    }

    #[rstest]
    #[case("/graphiql")]
    #[case("/graphiql/")]
    #[tokio::test]
    async fn the_page_is_served_plain_and_packed(#[case] path: &str) {
        let plain = send("GET", path, &[]).await;
        assert_eq!(plain.status(), 200);
        assert_eq!(plain.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(plain.headers()[CACHE_CONTROL], "no-cache");
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
        assert!(body(plain).await.starts_with(b"<!doctype html>"));

        let packed = send("GET", path, &[(ACCEPT_ENCODING, "gzip, deflate, br, zstd")]).await;
        assert_eq!(packed.status(), 200);
        // The page of a build without Node is too small to be packed.
        assert_eq!(packed.headers().contains_key(CONTENT_ENCODING), page().brotli);
    }

    fn page() -> &'static Asset {
        ASSETS.iter().find(|asset| asset.path == PAGE).unwrap()
    }

    #[test]
    fn every_file_unpacks_and_has_a_type() {
        for asset in &ASSETS {
            assert_ne!(asset.content_type, "application/octet-stream", "{}", asset.path);
            assert!(!asset.brotli || asset.unpacked().is_some(), "{}", asset.path);
        }
    }

    #[tokio::test]
    async fn the_page_loads_only_what_is_in_the_table() {
        let page = body(send("GET", "/graphiql", &[]).await).await;
        let page = std::str::from_utf8(&page).unwrap();
        let addresses = page.split(['"', '\'']).filter(|text| text.starts_with("/graphiql/"));
        for address in addresses {
            let response = send("GET", address, &[(ACCEPT_ENCODING, "br")]).await;
            assert_eq!(response.status(), 200, "{address}");
            assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
        }
    }

    #[rstest]
    #[case::page("GET", "/graphiql", 200)]
    #[case::nothing_there("GET", "/graphiql/assets/nothing.js", 404)]
    #[case::up_and_out("GET", "/graphiql/../Cargo.toml", 404)]
    #[case::up_and_out_encoded("GET", "/graphiql/%2e%2e/Cargo.toml", 404)]
    #[tokio::test]
    async fn every_answer_bears_the_policy(#[case] method: &str, #[case] path: &str, #[case] status: u16) {
        let response = send(method, path, &[]).await;
        assert_eq!(response.status(), status);
        for (name, value) in ALWAYS {
            assert_eq!(response.headers()[&name], value, "{name}");
        }
    }

    #[tokio::test]
    async fn a_head_has_the_length_and_no_body() {
        let got = body(send("GET", "/graphiql", &[]).await).await;
        let response = send("HEAD", "/graphiql", &[]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[CONTENT_LENGTH], got.len().to_string());
        assert!(body(response).await.is_empty());
    }

    #[tokio::test]
    async fn nothing_is_to_be_posted() {
        let response = send("POST", "/graphiql", &[]).await;
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()[ALLOW], "GET,HEAD");
    }

    #[tokio::test]
    async fn a_known_page_is_not_sent_again() {
        let tag = send("GET", "/graphiql", &[]).await.headers()[ETAG].to_str().unwrap().to_owned();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let response = send("GET", "/graphiql", &[(IF_NONE_MATCH, &known)]).await;
            assert_eq!(response.status(), 304, "{known}");
            assert_eq!(response.headers()[ETAG], tag);
            assert!(body(response).await.is_empty());
        }
        assert_eq!(send("GET", "/graphiql", &[(IF_NONE_MATCH, "\"other\"")]).await.status(), 200);
    }

    #[rstest]
    #[case(&["br"], true)]
    #[case(&["gzip, BR;q=0.1"], true)]
    #[case(&["gzip", "br"], true)]
    #[case(&["*"], true)]
    #[case(&["br;q=0, *"], false)]
    #[case(&["*, br; q=0.0"], false)]
    #[case(&["*;q=0"], false)]
    #[case(&["gzip, brotli"], false)]
    #[case(&[""], false)]
    #[case(&[], false)]
    fn brotli_is_for_those_who_accept_it(#[case] values: &[&'static str], #[case] expected: bool) {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        assert_eq!(accepts_brotli(&headers), expected);
    }
}
