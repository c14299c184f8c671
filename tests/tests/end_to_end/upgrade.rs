//! A newer version's tables do not break a server of this one, whether it runs or starts: so servers can be renewed one by one.

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, feed::Feed, publish, server::Server};
use serde_json::{Value, json};

/// What the next version may do: add, and nothing else.
const NEXT: &str = "
    ALTER TABLE notification ADD COLUMN newer TEXT;
    ALTER TABLE log_entry ADD COLUMN newer BIGINT NOT NULL DEFAULT 7;
    ALTER TABLE log_head ADD COLUMN newer BIGINT NOT NULL DEFAULT 7;
    ALTER TABLE feed_entry ADD COLUMN newer BIGINT;
    ALTER TABLE membership ADD COLUMN newer TEXT DEFAULT 'x';
    CREATE TABLE newer (id BIGINT NOT NULL PRIMARY KEY);
    INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000');
";

#[tokio::test]
async fn a_newer_schema_serves_as_well() -> Result<()> {
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let mut feed = Feed::live(&ada).await?;
    publish::to_campus(&platform, "north", "before").await?;

    server.database()?.run(NEXT);

    // Prepared statements and all.
    publish::to_campus(&platform, "north", "meanwhile").await?;
    assert_eq!(feed.titles_through("meanwhile").await?, ["before", "meanwhile"]);
    assert_eq!(titles(&ada).await?, json!([{ "title": "meanwhile" }, { "title": "before" }]));

    server.terminate().await?;
    server.restart().await?;
    publish::to_campus(&platform, "north", "afterwards").await?;
    let expected = json!([{ "title": "afterwards" }, { "title": "meanwhile" }, { "title": "before" }]);
    assert_eq!(titles(&ada).await?, expected);
    directory::set_up(&platform, &["south"], &[("ben", &["south"])]).await?;
    publish::to_user(&platform, "ben", "hello").await?;
    Ok(())
}

async fn titles(viewer: &Caller) -> Result<Value> {
    let page = viewer.ask("{ notifications { nodes { title } } }", Value::Null).await?;
    Ok(page["notifications"]["nodes"].clone())
}
