//! The feed's questions and subscription, as its effects want them.

use cynic::{MutationBuilder, QueryBuilder};

use super::{
    convert,
    link::{Asker, Link, Slot},
    relay::relay,
};
use crate::{
    api::{
        mutations::{MarkSeen, MarkSeenInput, MarkSeenVariables},
        queries::{NotificationFilter, PageQuery, PageVariables, StartQuery, StartVariables},
    },
    message::Page,
    model::{count::Count, event::Cursor, fault::Fault, notification::NotificationId},
    screens::feed::exchange::{Effect, PAGE, Signal, Start},
    triage::inbox::Filter,
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    match effect {
        Effect::Start { replace } => link.answer(move |session| async move {
            Signal::Started { replace, result: start(session).await.map(Box::new) }
        }),
        Effect::Page { filter, after } => link.answer(move |session| async move {
            let result = page(session, filter, after.clone()).await;
            Signal::Page { filter, after, result }
        }),
        Effect::Follow { generation, after } => follow(link, generation, after),
        Effect::MarkSeen { through } => {
            link.answer(move |session| async move { Signal::Seen(mark_seen(session, through).await) });
        }
    }
}

fn follow(link: &mut Link, generation: u64, after: Cursor) {
    link.follow(Slot("feed", String::new()), move |session, teller| async move {
        let events = session.follow(Some(after), None).await;
        let told = |event| Signal::Event { generation, event: Box::new(event) };
        let fault = relay(events, &teller, told).await;
        if !session.is_over() {
            teller.tell(Signal::Ended { generation, fault }).await;
        }
    });
}

async fn start(asker: Asker) -> Result<Start, Fault> {
    let query = StartQuery::build(StartVariables { first: PAGE.into() });
    asker.session()?.ask(query).await.map(convert::start)
}

async fn page(asker: Asker, filter: Filter, after: Option<String>) -> Result<Page, Fault> {
    let unread = (filter == Filter::Unread).then_some(true);
    let filter = unread.map(|_| NotificationFilter { unread, ..NotificationFilter::default() });
    let query = PageQuery::build(PageVariables { first: PAGE.into(), after, filter });
    asker.session()?.ask(query).await.map(|answer| convert::page(answer.notifications))
}

async fn mark_seen(asker: Asker, through: NotificationId) -> Result<Count, Fault> {
    let input = MarkSeenInput { through: through.as_str().into() };
    let answer = asker.session()?.ask(MarkSeen::build(MarkSeenVariables { input })).await?;
    Ok(convert::count(&answer.mark_seen.viewer.unread_count))
}
