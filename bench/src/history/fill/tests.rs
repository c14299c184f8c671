//! What is written in bulk is what the server writes.

use std::path::Path;

use campanile_server::domain::content::{Content, ContentData, Priority};
use campanile_server::domain::directory::{CampusRole, CampusStatement, Role, UserStatement};
use campanile_server::domain::entry::{Appended, Audience, Publication, Sender};
use campanile_server::domain::id::{CampusId, TypeId, UserId};
use campanile_server::log::Log;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::sync::Arc;

use super::log::{Draft, To};
use super::*;
use crate::history::people;

/// Notifications to everyone, campuses, users and lists.
const SIZE: u32 = 200;
/// What differs by chance.
const BY_CHANCE: [&str; 5] = ["epoch", "group_id", "created_at", "since_at", "at"];

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

fn texts(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    let rows: Vec<Row> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|row| row.text).collect()
}

/// Every row of every table, whichever tables there are.
fn rows(database: &Path) -> Vec<String> {
    let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
    // What the index of texts is made of differs with the way it was filled; what is in it does not.
    diesel::sql_query(
        "CREATE VIRTUAL TABLE temp.term USING fts5vocab(main, 'notification_text', 'instance')",
    )
    .execute(&mut connection)
    .unwrap();
    let terms =
        "SELECT 'term ' || term || ' ' || doc || ' ' || offset AS text FROM temp.term ORDER BY doc, offset";
    let mut all = texts(&mut connection, terms);
    let tables = "SELECT name AS text FROM main.sqlite_schema WHERE type = 'table'
        AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'notification_text%' ORDER BY 1";
    for table in texts(&mut connection, tables) {
        let columns =
            texts(&mut connection, &format!("SELECT name AS text FROM pragma_table_info('{table}')"));
        let columns = columns.iter().filter(|column| !BY_CHANCE.contains(&column.as_str()));
        let columns: Vec<String> = columns.map(|column| format!("quote(\"{column}\")")).collect();
        if !columns.is_empty() && table != "__diesel_schema_migrations" {
            let row = format!(
                "SELECT '{table} ' || {} AS text FROM \"{table}\" ORDER BY 1",
                columns.join(" || ' ' || ")
            );
            all.extend(texts(&mut connection, &row));
        }
    }
    all
}

/// The same acts by the server's own log.
struct Server {
    store: Arc<Store>,
    log: Log,
    types: Vec<i32>,
    sender: Sender,
}

impl Server {
    async fn open(database: &Path) -> Self {
        let types = make(database).await.unwrap();
        let url = DatabaseUrl::Sqlite(database.to_owned());
        let store = Store::open(&url, notification_type::built_in(), Clock::system()).await.unwrap();
        let store = Arc::new(store);
        let (log, mut tail) = Log::start(Arc::clone(&store)).await.unwrap();
        tokio::spawn(async move { while tail.next().await.is_some() {} });
        let campuses = (1..=people::CAMPUSES).map(|number| CampusStatement {
            key: people::campus_key(number),
            name: content::CAMPUS_NAME.into(),
            timezone: content::TIMEZONE.into(),
        });
        log.upsert_campuses(campuses.collect()).await.unwrap();
        let users = people::users().enumerate().map(|(index, (key, name))| UserStatement {
            key,
            name,
            email: None,
            timezone: None,
            role: if index == 0 { Role::Service } else { Role::Member },
        });
        let users = log.upsert_users(users.collect()).await.unwrap();
        let sender = Sender { id: users[0].id, key: users[0].key.clone(), name: users[0].name.clone() };
        Self { store, log, types, sender }
    }

    async fn act(&self, act: Act) {
        match act {
            Act::Join { user, campus } => {
                let change = (UserId(user), CampusId(campus), Some(CampusRole::Member));
                assert_eq!(self.log.set_memberships(vec![change]).await.unwrap(), 1);
            }
            Act::Publish(draft) => {
                let published = self.log.publish(self.publication(draft)).await.unwrap();
                assert!(matches!(published, Appended::New(_)));
            }
        }
    }

    fn publication(&self, draft: Draft) -> Publication {
        let data = ContentData {
            event_id: Some(draft.event_id()),
            action_url: Some(draft.action_url()),
            ..ContentData::default()
        };
        let priority = [Priority::Low, Priority::Medium, Priority::High, Priority::Urgent];
        let content = Content {
            type_id: TypeId(self.types[draft.kind]),
            priority: priority[usize::try_from(draft.priority).unwrap()],
            expires_at: draft.expires_at().map(|at| at.and_utc()),
            title: draft.title,
            message: draft.message,
            data,
        };
        let audience = match draft.to {
            To::Everyone => Audience::System,
            To::Campus(campus) => Audience::Campus(CampusId(campus)),
            To::Users(users) => Audience::users(users.into_iter().map(UserId)),
        };
        Publication { sender: self.sender.clone(), audience, within: None, content, idempotency: None }
    }

    async fn close(self) {
        self.store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_writes_what_the_server_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (in_bulk, by_server) = (folder.path().join("bulk.db"), folder.path().join("server.db"));
    notifications(&in_bulk, SIZE).await.unwrap();
    let server = Server::open(&by_server).await;
    for act in Acts::new(SIZE) {
        server.act(act).await;
    }
    while server.log.index_text(&server.store).await.unwrap() {}
    server.close().await;
    let (written, expected) = (rows(&in_bulk), rows(&by_server));
    for part in ["feed_entry ", "recipient_list_member ", "membership ", "log_head "] {
        assert!(expected.iter().any(|row| row.starts_with(part)), "{part}");
    }
    let differing = written.iter().zip(&expected).find(|(written, expected)| written != expected);
    assert_eq!(differing, None);
    assert_eq!(written.len(), expected.len());
}
