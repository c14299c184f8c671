//! What the screen Compose asks, sends and keeps, as its effects want it.

use cynic::QueryBuilder;

use super::{
    convert,
    link::{Asker, Link},
    publish,
};
use crate::{
    api::compose::{ComposeQuery, TypeInfo},
    draft::{Draft, Place},
    drafts::{DraftError, Drafts, Keeper},
    model::{
        fault::Fault,
        letter::{Letter, Recipients},
    },
    sanitise::line,
    screens::compose::exchange::{Effect, Kind, Learned, Reach, Sent, Signal},
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    let keeper = link.keeper().clone();
    match effect {
        Effect::Learn => {
            link.answer(|session| async move { Signal::Learned(learn(session).await.map(Box::new)) });
        }
        Effect::Restore { account } => {
            let kept = {
                let account = account.clone();
                keeper.ask(move |drafts| drafts.load(&account))
            };
            link.answer(|_| async move {
                let result = match kept.await {
                    Ok(Ok(draft)) => Ok(draft.map(clean).map(Box::new)),
                    Ok(Err(error)) => Err(line(&error.to_string())),
                    Err(_) => Err("nobody keeps drafts any more".to_owned()),
                };
                Signal::Restored { account, result }
            });
        }
        Effect::Keep { account, draft } => keep(link, &keeper, move |drafts| drafts.keep(&account, &draft)),
        Effect::Forget { account } => keep(link, &keeper, move |drafts| drafts.forget(&account)),
        Effect::Count { ticket, to, kind } => link.answer(move |session| async move {
            Signal::Counted { ticket, result: count(session, to, kind).await }
        }),
        Effect::Send { ticket, account, draft, letter } => {
            let kept = keeper.ask(move |drafts| drafts.keep(&account, &draft));
            link.answer(move |session| async move {
                // Whether or not it could be kept: that has been said before, and to send it is what is wanted.
                let _ = kept.await;
                Signal::Sent { ticket, result: send(session, *letter).await }
            });
        }
    }
}

fn keep(
    link: &mut Link,
    keeper: &Keeper,
    job: impl FnOnce(&Drafts) -> Result<(), DraftError> + Send + 'static,
) {
    let done = keeper.ask(job);
    link.answer(|_| async move {
        match done.await {
            Ok(Ok(())) => Signal::Kept,
            Ok(Err(error)) => Signal::NotKept(line(&error.to_string())),
            Err(_) => Signal::NotKept("nobody keeps drafts any more".to_owned()),
        }
    });
}

/// Whoever can write to the file could also write what a terminal obeys.
fn clean(draft: Draft) -> Draft {
    let [only, title, link, expires, send_at] =
        [&draft.only, &draft.title, &draft.link, &draft.expires, &draft.send_at].map(|text| line(text));
    let (key, kind) = (line(&draft.key), draft.kind.as_deref().map(line));
    let place = draft.place.map(|place| match place {
        Place::Campus { key, name } => Place::Campus { key: line(&key), name: line(&name) },
        Place::All => Place::All,
    });
    let message = crate::sanitise::text(&draft.message);
    let priority = line(draft.priority.as_str()).into();
    // Every field by name: one that is added has to be thought of here.
    let attempt = draft.attempt;
    Draft { key, place, only, kind, priority, title, message, link, expires, send_at, attempt }
}

async fn learn(asker: Asker) -> Result<Learned, Fault> {
    let answer = asker.session()?.ask(ComposeQuery::build(())).await?;
    let kind = |info: TypeInfo| Kind {
        name: line(&info.kind.0),
        label: line(&info.label),
        category: convert::category(&info.category),
        mandatory: info.mandatory,
    };
    Ok(Learned {
        types: answer.notification_types.into_iter().map(kind).collect(),
        // A zone that this build does not know is no reason not to write: by which one times are read is said.
        zones: answer
            .campuses
            .into_iter()
            .filter_map(|campus| Some((line(&campus.key), campus.timezone.parse().ok()?)))
            .collect(),
    })
}

async fn count(asker: Asker, to: Recipients, kind: String) -> Result<Reach, Fault> {
    let preview = publish::preview(asker.session()?, to, kind).await?;
    let count = |number: i32| u32::try_from(number).unwrap_or(0);
    Ok(Reach {
        size: count(preview.size),
        muted: count(preview.muted),
        quiet: count(preview.in_quiet_hours),
        connected: count(preview.connected),
    })
}

async fn send(asker: Asker, letter: Letter) -> Result<Sent, Fault> {
    let payload = publish::publish(asker.session()?, letter).await?;
    let waits = payload.notification.is_none();
    Ok(Sent { created: payload.created, waits_until: payload.broadcast.send_at.filter(|_| waits) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notification::Priority;

    #[test]
    fn nothing_of_a_kept_draft_is_obeyed_by_a_terminal() {
        let dirty = || "a\u{1b}]0;b\u{7}c".to_owned();
        let clean = clean(Draft {
            key: dirty(),
            place: Some(Place::Campus { key: dirty(), name: dirty() }),
            only: dirty(),
            kind: Some(dirty()),
            priority: Priority::Other(dirty()),
            title: dirty(),
            message: dirty(),
            link: dirty(),
            expires: dirty(),
            send_at: dirty(),
            ..Draft::new(String::new())
        });
        let written = format!("{clean:?}");
        assert!(!written.contains("u{"), "{written}");
        assert_eq!(written.matches("a]0;bc").count(), 11, "{written}");
    }
}
