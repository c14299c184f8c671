//! Tokens: who calls, as the platform signed it. The kind of key is this module's own affair.

use std::collections::HashSet;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::domain::directory::Role;
use crate::domain::text;
use crate::domain::visibility::is_expired;
use crate::graphql::{Identity, Tokens};

/// The fewest bytes of a secret: as many as the digest has (RFC 7518, 3.2).
const SHORTEST_SECRET: usize = 32;

/// What tokens are signed and verified with: a shared secret (HS256).
pub struct Keys {
    verifying: DecodingKey,
    signing: EncodingKey,
    validation: Validation,
}

/// A secret that could be guessed.
#[derive(Debug, thiserror::Error)]
#[error("the JWT secret must have at least {SHORTEST_SECRET} bytes, not {0}")]
pub struct SecretTooShort(usize);

/// A token to be signed.
#[derive(Debug, Clone)]
pub struct TokenRequest {
    /// The platform's id of a user.
    pub subject: String,
    /// What its bearer may do everywhere.
    pub role: Role,
    /// When it begins to count.
    pub issued_at: DateTime<Utc>,
    /// For how long it counts.
    pub ttl: TimeDelta,
}

/// What a token says. Dates are `NumericDate` (RFC 7519, 2): seconds, perhaps with a fraction.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: f64,
    nbf: Option<f64>,
    role: Option<String>,
}

/// What our own tokens say: whole seconds, which every library reads.
#[derive(Serialize)]
struct SignedClaims {
    sub: String,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
}

/// The token is not one that counts. Why not is not the bearer's to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a valid token is needed")]
pub(crate) struct Unauthenticated;

impl Keys {
    /// A shared secret.
    pub fn from_secret(secret: &[u8]) -> Result<Self, SecretTooShort> {
        if secret.len() < SHORTEST_SECRET {
            return Err(SecretTooShort(secret.len()));
        }
        // One algorithm, whatever the token's header asks for.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.required_spec_claims = HashSet::from(["exp".to_owned(), "sub".to_owned()]);
        // By our own clock, below.
        validation.validate_exp = false;
        validation.validate_aud = false;
        let (verifying, signing) = (DecodingKey::from_secret(secret), EncodingKey::from_secret(secret));
        Ok(Self { verifying, signing, validation })
    }

    /// Who bears this token, at the moment `now`.
    pub(crate) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Identity, Unauthenticated> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.verifying, &self.validation);
        let claims = token.map_err(|_| Unauthenticated)?.claims;
        let expires_at = moment(claims.exp)?;
        let begins_at = claims.nbf.map(moment).transpose()?;
        if is_expired(Some(expires_at), now) || begins_at.is_some_and(|at| at > now) {
            return Err(Unauthenticated);
        }
        text::key("sub", &claims.sub).map_err(|_| Unauthenticated)?;
        let role = match claims.role.as_deref() {
            Some("service") => Role::Service,
            Some("super_admin") => Role::SuperAdmin,
            // The platform's other roles mean nothing here.
            _ => Role::Member,
        };
        Ok(Identity { subject: claims.sub, role, expires_at })
    }

    /// Signs a token. `None` only where its dates are beyond what a token can say.
    pub fn sign(&self, request: TokenRequest) -> Option<String> {
        let role = match request.role {
            Role::Member => None,
            Role::Service => Some("service"),
            Role::SuperAdmin => Some("super_admin"),
        };
        let expires_at = request.issued_at.checked_add_signed(request.ttl)?;
        // Rounded up: it counts for as long as was asked, and less than a second more.
        let exp = expires_at.timestamp_millis().div_euclid(1_000)
            + i64::from(expires_at.timestamp_subsec_millis() > 0);
        let claims = SignedClaims { sub: request.subject, exp, role };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing).ok()
    }

    /// Who sends a request with these headers; `None` where they say nothing of it.
    pub(super) fn bearer(
        &self,
        headers: &HeaderMap,
        now: DateTime<Utc>,
    ) -> Option<Result<Identity, Unauthenticated>> {
        let header = headers.get(AUTHORIZATION)?.to_str().map_err(|_| Unauthenticated);
        Some(header.and_then(|header| self.authorize(header, now)))
    }

    /// Who sends `Bearer …`. The scheme's case does not matter (RFC 9110, 11.1).
    pub(super) fn authorize(&self, header: &str, now: DateTime<Utc>) -> Result<Identity, Unauthenticated> {
        let (scheme, token) = header.split_once(' ').ok_or(Unauthenticated)?;
        if scheme.eq_ignore_ascii_case("bearer") {
            self.verify(token.trim(), now)
        } else {
            Err(Unauthenticated)
        }
    }
}

impl Tokens for Keys {
    fn identify(&self, token: &str, now: DateTime<Utc>) -> Option<Identity> {
        self.verify(token, now).ok()
    }
}

fn moment(numeric_date: f64) -> Result<DateTime<Utc>, Unauthenticated> {
    if !numeric_date.is_finite() {
        return Err(Unauthenticated);
    }
    // Beyond what can be told, it saturates, and is refused as no moment at all.
    #[expect(clippy::cast_possible_truncation, reason = "a cast of floats saturates")]
    DateTime::from_timestamp_millis((numeric_date * 1000.0) as i64).ok_or(Unauthenticated)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn signed(algorithm: Algorithm, secret: &[u8], claims: &Value) -> String {
        jsonwebtoken::encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn verify(token: &str) -> Result<Identity, Unauthenticated> {
        Keys::from_secret(SECRET).unwrap().verify(token, now())
    }

    #[rstest]
    #[case(None, Role::Member)]
    #[case(Some("member"), Role::Member)]
    #[case(Some("teacher"), Role::Member)]
    #[case(Some("service"), Role::Service)]
    #[case(Some("super_admin"), Role::SuperAdmin)]
    fn the_role_is_as_signed(#[case] claim: Option<&str>, #[case] role: Role) {
        let token =
            signed(Algorithm::HS256, SECRET, &json!({ "sub": "ada", "exp": 1_800_000_001, "role": claim }));
        assert_eq!(verify(&token).unwrap().role, role);
    }

    #[test]
    fn reads_what_it_signs() {
        let keys = Keys::from_secret(SECRET).unwrap();
        let request = TokenRequest {
            subject: "ada".into(),
            role: Role::Service,
            issued_at: now(),
            ttl: TimeDelta::hours(1),
        };
        let identity = keys.verify(&keys.sign(request).unwrap(), now()).unwrap();
        assert_eq!((identity.subject.as_str(), identity.role), ("ada", Role::Service));
        assert_eq!(identity.expires_at, now() + TimeDelta::hours(1));
    }

    #[rstest]
    #[case::expired_this_moment(json!({ "sub": "ada", "exp": 1_800_000_000 }))]
    #[case::without_an_end(json!({ "sub": "ada" }))]
    #[case::not_yet(json!({ "sub": "ada", "exp": 1_800_000_009, "nbf": 1_800_000_001 }))]
    #[case::nobodys(json!({ "exp": 1_800_000_001 }))]
    #[case::blank(json!({ "sub": " ", "exp": 1_800_000_001 }))]
    #[case::with_an_escape(json!({ "sub": "a\u{1b}", "exp": 1_800_000_001 }))]
    #[case::of_no_year(json!({ "sub": "ada", "exp": 1e300 }))]
    fn what_is_signed_may_still_not_count(#[case] claims: Value) {
        assert_eq!(verify(&signed(Algorithm::HS256, SECRET, &claims)), Err(Unauthenticated));
    }

    #[test]
    fn what_is_not_signed_with_the_secret_does_not_count() {
        let claims = json!({ "sub": "ada", "exp": 1_800_000_001 });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let unsigned = format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims));
        let others = signed(Algorithm::HS256, b"another secret, as long as it is", &claims);
        let other_algorithm = signed(Algorithm::HS512, SECRET, &claims);
        for token in ["", "garbage", "a.b.c", &unsigned, &others, &other_algorithm] {
            assert_eq!(verify(token), Err(Unauthenticated), "{token}");
        }
    }

    #[rstest]
    #[case("Bearer", true)]
    #[case("bearer", true)]
    #[case("Basic", false)]
    fn the_scheme_is_bearer(#[case] scheme: &str, #[case] accepted: bool) {
        let token = signed(Algorithm::HS256, SECRET, &json!({ "sub": "ada", "exp": 1_800_000_001 }));
        let authorized = Keys::from_secret(SECRET).unwrap().authorize(&format!("{scheme} {token}"), now());
        assert_eq!(authorized.is_ok(), accepted);
    }

    #[test]
    fn our_own_tokens_end_at_a_whole_second() {
        let issued_at = now() + TimeDelta::milliseconds(1);
        let request =
            TokenRequest { subject: "ada".into(), role: Role::Member, issued_at, ttl: TimeDelta::hours(1) };
        let token = Keys::from_secret(SECRET).unwrap().sign(request).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(&claims).unwrap(),
            json!({ "sub": "ada", "exp": 1_800_003_601 })
        );
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(Keys::from_secret(&SECRET[..31]).is_err());
    }
}
