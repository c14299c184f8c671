//! A GraphQL subscription as the library's documentation shows it: axum, `GraphQLSubscription`, a broadcast channel.

use anyhow::Result;
use async_graphql::EmptyMutation;
use async_graphql::{Context, ID, Interface, Object, Schema, SimpleObject, Subscription};
use async_graphql_axum::GraphQLSubscription;
use axum::Router;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::control;
use super::notification::Notification;

/// What a slow socket may be behind before it loses something.
const CAPACITY: usize = 1024;

type Sender = broadcast::Sender<Notification>;

struct Queries;

#[Object]
impl Queries {
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }
}

#[derive(Interface)]
#[graphql(field(name = "cursor", ty = "&String"))]
enum FeedEvent {
    Added(Box<NotificationAdded>),
    Recalled(NotificationRecalled),
    Progress(FeedProgress),
}

#[derive(SimpleObject)]
struct NotificationAdded {
    cursor: String,
    replayed: bool,
    silent: bool,
    notification: Notification,
}

#[derive(SimpleObject)]
struct NotificationRecalled {
    cursor: String,
    notification_id: ID,
}

#[derive(SimpleObject)]
struct FeedProgress {
    cursor: String,
    live: bool,
}

struct Subscriptions;

#[Subscription]
impl Subscriptions {
    /// `after` is there so that clients can say it; there is nothing to resume.
    async fn feed(&self, context: &Context<'_>, after: Option<String>) -> impl Stream<Item = FeedEvent> {
        let _ = after;
        let receiver = context.data_unchecked::<Sender>().subscribe();
        let live = FeedEvent::Progress(FeedProgress { cursor: "0".repeat(24), live: true });
        let added = BroadcastStream::new(receiver).filter_map(|received| async {
            let notification = received.ok()?;
            let cursor = notification.cursor();
            let added = NotificationAdded { cursor, replayed: false, silent: false, notification };
            Some(FeedEvent::Added(added.into()))
        });
        stream::once(async { live }).chain(added)
    }
}

/// Serves for ever.
pub async fn serve(listener: TcpListener, control: TcpListener) -> Result<()> {
    let (sender, _) = broadcast::channel(CAPACITY);
    let schema = schema(sender.clone());
    tokio::spawn(control::listen(control, move |notifications| {
        for notification in notifications {
            // Fails where nobody listens.
            let _ = sender.send(notification);
        }
    }));
    let router = Router::new().route_service("/graphql/ws", GraphQLSubscription::new(schema));
    Ok(axum::serve(listener, router).await?)
}

fn schema(sender: Sender) -> Schema<Queries, EmptyMutation, Subscriptions> {
    Schema::build(Queries, EmptyMutation, Subscriptions).data(sender).finish()
}
