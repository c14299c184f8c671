//! The command line; each option is in the environment too.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{FalseyValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Args, Parser, Subcommand, ValueEnum};

use crate::delivery::Bounds;
use crate::domain::age::Ages;
use crate::domain::directory::Role;
use crate::graphql::Limits;
use crate::http::listen::{Timeouts, TlsFiles};
use crate::http::{Open, Settings};
use crate::store::{self, DatabaseUrl};

/// What counts as old is older than this, at least.
const SHORTEST_AGE: Duration = Duration::from_secs(1);
/// For how long a database is waited for, at least: with less, nothing would ever be in time.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);
/// And at most: whoever asks has gone long before.
const LONGEST_WAIT: Duration = Duration::from_mins(10);
/// Connections to a database, at most: no database takes more with any gain.
const MOST_CONNECTIONS: usize = 1_000;

/// Campanile's server: tells every person on a campus what concerns them, the moment it happens.
///
/// Without a command it serves, and needs no configuration: it makes a SQLite file and a secret in its data folder.
#[derive(Debug, Parser)]
#[command(name = "campanile-server", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve; the same as no command
    Serve(Box<ServeOptions>),
    /// Serve a throw-away database with campuses, people and a stream of happenings
    Demo(Box<DemoOptions>),
    /// Sign a token, for trying out
    Token(TokenOptions),
    /// Bring the database up to date, and stop
    Migrate(DatabaseOptions),
    /// After a back-up was restored, or a replica took over: expire every cursor from before, and stop
    NewEpoch(DatabaseOptions),
    /// Move a SQLite database whole into an empty PostgreSQL one
    Copy(CopyOptions),
    /// Print the API's schema
    Schema,
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address to serve on; port 0 takes a free one
    #[arg(long, env = "CAMPANILE_LISTEN", default_value = "127.0.0.1:8080", value_name = "HOST:PORT")]
    pub listen: SocketAddr,
    /// Where everything durable is.
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// What tokens are signed with.
    #[command(flatten)]
    pub secret: SecretOptions,
    /// How connections are secured.
    #[command(flatten)]
    pub tls: TlsOptions,
    /// Serve `/metrics` to anybody; otherwise it takes the token of a service or a super admin
    #[arg(long, env = "CAMPANILE_METRICS_OPEN", value_parser = FalseyValueParser::new())]
    pub metrics_open: bool,
    /// A file (TOML) with notification types of the platform's own
    #[arg(long, env = "CAMPANILE_TYPES", value_name = "FILE")]
    pub types: Option<PathBuf>,
    /// What counts as old.
    #[command(flatten)]
    pub ages: AgeOptions,
    /// Limits and time-outs.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// Where everything durable is.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseOptions {
    /// Folder for the database and the secret, where those are not named [default: the user's data folder]
    #[arg(long, env = "CAMPANILE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Which database: `sqlite://PATH`, or `postgres://USER:PASSWORD@HOST:PORT/NAME`, with `?sslmode=verify-full` for TLS and
    /// `&sslrootcert=FILE` where the system does not know who vouches for it [default: campanile.db in the data folder]
    // It may hold a password.
    #[arg(long, env = "CAMPANILE_DATABASE_URL", hide_env_values = true, value_name = "URL", value_parser = Discreet)]
    pub database_url: Option<DatabaseUrl>,
    /// Connections that read, 1000 at most; one more writes [default: two for each core, 4 to 16]
    #[arg(long, env = "CAMPANILE_DATABASE_CONNECTIONS", value_name = "N")]
    pub database_connections: Option<std::num::NonZeroUsize>,
    /// How long the database may take to connect, to give a lock, or to answer
    #[arg(long, env = "CAMPANILE_DATABASE_TIMEOUT", default_value = "10s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub database_timeout: Duration,
}

impl DatabaseOptions {
    /// Connections that read.
    pub fn connections(&self) -> usize {
        self.database_connections
            .map_or_else(store::most_readers, std::num::NonZero::get)
            .min(MOST_CONNECTIONS)
    }

    /// The store's part, if it makes sense.
    pub fn of_store(&self) -> Result<store::Options, &'static str> {
        if !(SHORTEST_WAIT..=LONGEST_WAIT).contains(&self.database_timeout) {
            return Err("--database-timeout must be from 100ms to 10m");
        }
        Ok(store::Options { readers: self.connections(), timeout: self.database_timeout })
    }
}

/// Reads a database's address. One that makes no sense is not repeated, as other values are: it may hold a password.
#[derive(Debug, Clone, Copy)]
struct Discreet;

impl TypedValueParser for Discreet {
    type Value = DatabaseUrl;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<DatabaseUrl, clap::Error> {
        let refused = |why: &dyn std::fmt::Display| {
            let name = argument.map_or_else(String::new, |argument| format!("{argument}: "));
            clap::Error::raw(ErrorKind::ValueValidation, format!("{name}{why}\n")).with_cmd(command)
        };
        let text = value.to_str().ok_or_else(|| refused(&"it is not UTF-8"))?;
        text.parse().map_err(|error: store::OpenError| refused(&error))
    }
}

/// What to move where.
#[derive(Debug, Clone, Args)]
pub struct CopyOptions {
    /// The file to read, which no server may have open: `sqlite://PATH`. It is left as it is
    #[arg(long, env = "CAMPANILE_COPY_FROM", value_name = "URL", value_parser = Discreet)]
    pub from: DatabaseUrl,
    /// The empty database to fill: `postgres://…`
    #[arg(long, env = "CAMPANILE_COPY_TO", hide_env_values = true, value_name = "URL", value_parser = Discreet)]
    pub to: DatabaseUrl,
}

/// What tokens are signed with.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Tokens")]
pub struct SecretOptions {
    /// The secret that the platform signs its tokens with (HS256), at least 32 bytes
    #[arg(
        long,
        env = "CAMPANILE_JWT_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        conflicts_with = "jwt_secret_file"
    )]
    pub jwt_secret: Option<String>,
    /// A file that holds it [default: jwt-secret in the data folder, made with a random one]
    #[arg(long, env = "CAMPANILE_JWT_SECRET_FILE", value_name = "FILE")]
    pub jwt_secret_file: Option<PathBuf>,
}

/// How connections are secured.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "TLS")]
pub struct TlsOptions {
    /// A certificate and those that vouch for it, in PEM: serve HTTPS and WSS. Read anew when it changes
    #[arg(long, env = "CAMPANILE_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key, in PEM
    #[arg(long, env = "CAMPANILE_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

impl TlsOptions {
    /// The files, where connections are to be secured.
    pub fn files(&self) -> Option<TlsFiles> {
        let (cert, key) = self.tls_cert.clone().zip(self.tls_key.clone())?;
        Some(TlsFiles { cert, key })
    }
}

/// What counts as old. Neither moves over more than two days of the log in a day.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Age")]
pub struct AgeOptions {
    /// Archive what is older
    #[arg(long, env = "CAMPANILE_ARCHIVE_AFTER", default_value = "30days", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub archive_after: Duration,
    /// Delete what is older, but never more than two days of it in a day
    #[arg(long, env = "CAMPANILE_KEEP_FOR", default_value = "400days", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub keep_for: Duration,
}

impl AgeOptions {
    /// Both, if they make sense together: nothing is deleted before it is archived.
    pub fn checked(&self) -> Result<Ages, &'static str> {
        let Self { archive_after, keep_for } = *self;
        if archive_after < SHORTEST_AGE {
            return Err("--archive-after must be at least 1s");
        }
        if keep_for < archive_after {
            return Err("--keep-for must be at least as long as --archive-after");
        }
        Ok(Ages { archive_after, keep_for })
    }
}

/// Limits and time-outs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits and time-outs")]
pub struct LimitOptions {
    /// How long a socket may be open before it says who it is
    #[arg(long, env = "CAMPANILE_INIT_TIMEOUT", default_value = "10s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub init_timeout: Duration,
    /// After how much silence a socket is pinged at the latest; after as much again it counts as dead
    #[arg(long, env = "CAMPANILE_PING_INTERVAL", default_value = "30s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub ping_interval: Duration,
    /// After how much silence a stream over HTTP says that it is alive
    #[arg(long, env = "CAMPANILE_HEARTBEAT_INTERVAL", default_value = "15s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub heartbeat_interval: Duration,
    /// How long a socket or a stream may take nothing of what waits for it, before it is cut
    #[arg(long, env = "CAMPANILE_DRAIN_TIMEOUT", default_value = "1m", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub drain_timeout: Duration,
    /// How long a request's head may take to arrive, and a connection may wait for one
    #[arg(long, env = "CAMPANILE_HEAD_TIMEOUT", default_value = "10s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub head_timeout: Duration,
    /// How long TLS's handshake may take
    #[arg(long, env = "CAMPANILE_TLS_TIMEOUT", default_value = "10s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub tls_timeout: Duration,
    /// How long a request's body may take to arrive
    #[arg(long, env = "CAMPANILE_RECEIVE_TIMEOUT", default_value = "30s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub receive_timeout: Duration,
    /// How long a write may wait for the database; then it is refused
    #[arg(long, env = "CAMPANILE_WRITE_TIMEOUT", default_value = "5s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub write_timeout: Duration,
    /// How long a server that stops waits for what is under way
    #[arg(long, env = "CAMPANILE_SHUTDOWN_TIMEOUT", default_value = "10s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub shutdown_timeout: Duration,
    /// Bytes of a request's body
    #[arg(long, env = "CAMPANILE_MAX_BODY_BYTES", default_value_t = 4 * 1024 * 1024, value_name = "N")]
    pub max_body_bytes: usize,
    /// Bytes of a WebSocket message
    #[arg(long, env = "CAMPANILE_MAX_MESSAGE_BYTES", default_value_t = 64 * 1024, value_name = "N")]
    pub max_message_bytes: usize,
    /// Operations under way on one socket
    #[arg(long, env = "CAMPANILE_MAX_OPERATIONS_PER_SOCKET", default_value_t = 32, value_name = "N")]
    pub max_operations_per_socket: usize,
    /// Sockets and streams that one user may have open
    #[arg(long, env = "CAMPANILE_MAX_SOCKETS_PER_USER", default_value_t = 16, value_name = "N")]
    pub max_sockets_per_user: usize,
    /// Sockets that may be open and have not said whose they are
    #[arg(long, env = "CAMPANILE_MAX_UNACKNOWLEDGED_SOCKETS", default_value_t = 8192, value_name = "N")]
    pub max_unacknowledged_sockets: usize,
    /// Different selections of feeds that one user may have at a time
    #[arg(long, env = "CAMPANILE_MAX_SELECTIONS_PER_USER", default_value_t = Bounds::default().selections_per_user, value_name = "N")]
    pub max_selections_per_user: usize,
    /// Threads that write events to sockets [default: half of the cores, 8 at most]
    #[arg(long, env = "CAMPANILE_FAN_OUT_THREADS", value_name = "N")]
    pub fan_out_threads: Option<std::num::NonZeroUsize>,
    /// Levels of nested fields in one document
    #[arg(long, env = "CAMPANILE_MAX_DEPTH", default_value_t = Limits::default().depth, value_name = "N")]
    pub max_depth: usize,
    /// Fields that one document may ask for, those of a page counted once for each of its rows
    #[arg(long, env = "CAMPANILE_MAX_COMPLEXITY", default_value_t = Limits::default().complexity, value_name = "N")]
    pub max_complexity: usize,
    /// Tokens in one document
    #[arg(long, env = "CAMPANILE_MAX_TOKENS", default_value_t = Limits::default().tokens, value_name = "N")]
    pub max_tokens: usize,
    /// Aliases in one document
    #[arg(long, env = "CAMPANILE_MAX_ALIASES", default_value_t = Limits::default().aliases, value_name = "N")]
    pub max_aliases: usize,
    /// Directives in one document
    #[arg(long, env = "CAMPANILE_MAX_DIRECTIVES", default_value_t = Limits::default().directives, value_name = "N")]
    pub max_directives: usize,
}

impl LimitOptions {
    /// The doors' part.
    pub fn settings(&self, open: Open) -> Settings {
        Settings {
            body_bytes: self.max_body_bytes,
            receive_timeout: self.receive_timeout,
            document_tokens: self.max_tokens,
            message_bytes: self.max_message_bytes,
            init_timeout: self.init_timeout,
            socket_operations: self.max_operations_per_socket,
            user_sockets: self.max_sockets_per_user,
            unacknowledged_sockets: self.max_unacknowledged_sockets,
            ping_interval: self.ping_interval,
            heartbeat_interval: self.heartbeat_interval,
            drain_timeout: self.drain_timeout,
            open,
        }
    }

    /// Delivery's part.
    pub fn of_delivery(&self) -> Bounds {
        let threads = self.fan_out_threads.map_or(Bounds::default().threads, std::num::NonZero::get);
        Bounds { threads, selections_per_user: self.max_selections_per_user, ..Bounds::default() }
    }

    /// The accept loop's part.
    pub fn of_connections(&self) -> Timeouts {
        Timeouts { head: self.head_timeout, tls_handshake: self.tls_timeout, write: self.drain_timeout }
    }

    /// The API's part.
    pub fn of_documents(&self) -> Limits {
        Limits {
            depth: self.max_depth,
            complexity: self.max_complexity,
            tokens: self.max_tokens,
            aliases: self.max_aliases,
            directives: self.max_directives,
        }
    }
}

/// How to show what it does.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// Address to serve on; port 0 takes a free one
    #[arg(long, env = "CAMPANILE_LISTEN", default_value = "127.0.0.1:8080", value_name = "HOST:PORT")]
    pub listen: SocketAddr,
    /// Time between two happenings, about
    #[arg(long, default_value = "2s", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub every: Duration,
    /// A file (TOML) with notification types of the platform's own
    #[arg(long, env = "CAMPANILE_TYPES", value_name = "FILE")]
    pub types: Option<PathBuf>,
    /// What counts as old.
    #[command(flatten)]
    pub ages: AgeOptions,
    /// Limits and time-outs.
    #[command(flatten)]
    pub limits: LimitOptions,
}

/// Which token to sign.
#[derive(Debug, Clone, Args)]
pub struct TokenOptions {
    /// The platform's id of the user who shall bear it
    #[arg(long, value_name = "KEY")]
    pub subject: String,
    /// What its bearer may do everywhere
    #[arg(long, value_enum, default_value = "member")]
    pub role: TokenRole,
    /// For how long it counts
    #[arg(long, default_value = "1h", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub ttl: Duration,
    /// Folder of the secret, where that is not named [default: the user's data folder]
    #[arg(long, env = "CAMPANILE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: SecretOptions,
}

/// What a token's bearer may do everywhere.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum TokenRole {
    /// Read their own feed
    Member,
    /// Publish anywhere and keep the directory
    Service,
    /// Everything
    SuperAdmin,
}

impl From<TokenRole> for Role {
    fn from(role: TokenRole) -> Self {
        match role {
            TokenRole::Member => Self::Member,
            TokenRole::Service => Self::Service,
            TokenRole::SuperAdmin => Self::SuperAdmin,
        }
    }
}
