//! Several servers on one database.

use std::ops::{Index, IndexMut};

use anyhow::Result;

use crate::{
    caller::Caller,
    postgres::Postgres,
    server::{Role, Server},
};

/// Several servers on one PostgreSQL of their own. Their tokens are signed with one secret.
#[derive(Debug)]
pub struct Cluster {
    // Before their database.
    servers: Vec<Server>,
    /// Their database.
    pub postgres: Postgres,
}

impl Cluster {
    /// So many servers.
    pub async fn start(servers: usize) -> Result<Self> {
        Self::start_with(&vec![vec![]; servers]).await
    }

    /// A server with each of these lists of options.
    pub async fn start_with(servers: &[Vec<&str>]) -> Result<Self> {
        let postgres = Postgres::start().await?;
        let url = postgres.url();
        let mut cluster = Self { servers: Vec::new(), postgres };
        for own in servers {
            let secret = cluster.servers.first().map(|first| first.data_folder().join("jwt-secret"));
            let secret = secret.as_ref().map(|path| path.to_string_lossy());
            let mut options = vec!["--database-url", &url];
            options.extend(secret.iter().flat_map(|path| ["--jwt-secret-file", path]));
            options.extend(own);
            cluster.servers.push(Server::start_with(&options).await?);
        }
        Ok(cluster)
    }

    /// Someone, at the server of this number.
    pub async fn caller(&self, server: usize, subject: &str, role: Role) -> Result<Caller> {
        let signed = self.servers[0].caller(subject, role).await?;
        Ok(Caller { address: self.servers[server].address(), ..signed })
    }

    /// A member, at the server of this number.
    pub async fn member(&self, server: usize, subject: &str) -> Result<Caller> {
        self.caller(server, subject, Role::Member).await
    }

    /// The platform, at the server of this number.
    pub async fn service(&self, server: usize) -> Result<Caller> {
        self.caller(server, "platform", Role::Service).await
    }
}

impl Index<usize> for Cluster {
    type Output = Server;

    fn index(&self, server: usize) -> &Server {
        &self.servers[server]
    }
}

impl IndexMut<usize> for Cluster {
    fn index_mut(&mut self, server: usize) -> &mut Server {
        &mut self.servers[server]
    }
}
