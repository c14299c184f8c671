//! `campanile-server token`: signs one, for trying out.

use chrono::TimeDelta;

use super::config::TokenOptions;
use super::{Failure, print_all, secret};
use crate::clock::Clock;
use crate::domain::text;
use crate::http::TokenRequest;

pub(super) fn print(options: TokenOptions) -> Result<(), Failure> {
    text::key("--subject", &options.subject)?;
    let data_dir = secret::data_dir(options.data_dir)?;
    let keys = secret::load(options.secret, &data_dir, false)?.keys;
    let request = TokenRequest {
        subject: options.subject,
        role: options.role.into(),
        issued_at: Clock::system().now(),
        ttl: TimeDelta::from_std(options.ttl)?,
    };
    let token = keys.sign(request).ok_or("--ttl is longer than a token can say")?;
    print_all(&format!("{token}\n"));
    Ok(())
}
