//! However much there is: what a page, a count, a mark, or an explanation reads besides the walk itself is found by key.

use rstest::rstest;

use super::recorded::{plans_of, recorded};
use super::*;
use crate::domain::entry::Audience;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::receipts::ReceiptChange;
use crate::store::writes::ChangeReceipts;

/// What is asked for, of somebody.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Caller,
    Scope,
    Settings,
    SettingsOfEveryone,
    SettingsOnCampus,
    Marks,
    Receipts,
    MarkedUnread,
    TakenOut,
    Reader,
    Notification,
    RecalledAt,
}

#[rstest]
#[case(Asked::Caller)]
#[case(Asked::Scope)]
#[case(Asked::Settings)]
#[case(Asked::SettingsOfEveryone)]
#[case(Asked::SettingsOnCampus)]
#[case(Asked::Marks)]
#[case(Asked::Receipts)]
#[case(Asked::MarkedUnread)]
#[case(Asked::TakenOut)]
#[case(Asked::Reader)]
#[case(Asked::Notification)]
#[case(Asked::RecalledAt)]
#[tokio::test]
async fn it_is_found_by_key(#[case] asked: Asked) {
    let (database, store, mark) = somebody().await;
    let number: i64 = mark.parse().unwrap();
    let (user, seq) = (UserId(number), Seq(number));
    match asked {
        Asked::Caller => drop(store.user_and_scope(mark.clone()).await.unwrap()),
        Asked::Scope => drop(store.scope(user).await.unwrap()),
        Asked::Settings => drop(store.settings(user).await.unwrap()),
        Asked::SettingsOfEveryone => {
            drop(store.preferences_among(&Audience::System, Some(user)).await.unwrap());
        }
        Asked::SettingsOnCampus => {
            drop(store.preferences_among(&Audience::Campus(CampusId(number)), None).await.unwrap());
        }
        Asked::Marks => drop(store.marks(user).await.unwrap()),
        Asked::Receipts => drop(store.receipts(user, vec![seq]).await.unwrap()),
        Asked::MarkedUnread => drop(store.marked_unread(user).await.unwrap()),
        Asked::TakenOut => drop(store.taken_out(user, seq).await.unwrap()),
        Asked::Reader => drop(store.reader_state(user).await.unwrap()),
        Asked::Notification => drop(store.notification(seq).await.unwrap()),
        Asked::RecalledAt => drop(store.recalled_at(seq).await.unwrap()),
    }
    assert_scans_nothing(&database, &mark);
}

#[rstest]
#[case::read(|seq| ReceiptChange::Read { notifications: vec![(seq, None)], read: true })]
#[case::unread(|seq| ReceiptChange::Read { notifications: vec![(seq, None)], read: false })]
#[case::all_read(|through| ReceiptChange::ReadThrough { through, campus: None })]
#[case::all_of_a_campus_read(|through| ReceiptChange::ReadThrough { through, campus: Some(CampusId(1)) })]
#[case::seen(|through| ReceiptChange::Seen { through })]
#[case::archived(|seq| ReceiptChange::Archived { notifications: vec![seq], archived: true })]
#[tokio::test]
async fn a_mark_looks_at_nothing_but_its_own(#[case] change: fn(Seq) -> ReceiptChange) {
    let (database, store, mark) = somebody().await;
    let user = UserId(mark.parse().unwrap());
    write(&store, ChangeReceipts { user, change: change(Seq(5)) }).await.unwrap();
    assert_scans_nothing(&database, &mark);
}

/// Somebody whose number and key mark what is asked of them.
async fn somebody() -> (Database, Store, String) {
    let (database, store, mark) = recorded().await;
    database.run(&format!(
        "INSERT INTO app_user (id, key, name, role, known) VALUES ({mark}, '{mark}', 'Somebody', 0, true)"
    ));
    (database, store, mark)
}

fn assert_scans_nothing(database: &Database, mark: &str) {
    let plans = plans_of(database, mark);
    assert!(!plans.is_empty(), "nothing was asked");
    for plan in plans {
        plan.assert_searches();
    }
}
