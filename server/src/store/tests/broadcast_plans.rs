//! However many broadcasts and people there are: what is due, a page of broadcasts and a count of receipts read only rows of
//! their own.

use rstest::rstest;

use super::recorded::{plan_of, recorded};
use super::*;
use crate::domain::id::{BroadcastId, CampusId, Seq, UserId};
use crate::store::Recipients;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Walk {
    Due,
    Broadcast,
    Page,
    PageOfCampus,
    Everyone,
    Members,
    List,
    Named,
    Receipts,
}

#[rstest]
#[case(
    Walk::Due,
    "broadcast USING COVERING INDEX broadcast_due (send_at>? AND send_at<?)",
    "broadcast_due on broadcast | Index Cond: (("
)]
#[case(
    Walk::Broadcast,
    "broadcast USING INTEGER PRIMARY KEY (rowid=?)",
    "broadcast_pkey on broadcast | Index Cond: (id = "
)]
#[case(
    Walk::Page,
    "broadcast USING INTEGER PRIMARY KEY (rowid<?)",
    "broadcast_pkey on broadcast | Index Cond: (id < "
)]
#[case(
    Walk::PageOfCampus,
    "broadcast USING INDEX broadcast_by_campus (campus_id=? AND id<?)",
    "broadcast_by_campus on broadcast | Index Cond: ((campus_id = "
)]
#[case(
    Walk::Everyone,
    "app_user USING INTEGER PRIMARY KEY (rowid>?)",
    "app_user_pkey on app_user | Index Cond: (id > "
)]
#[case(
    Walk::Members,
    "membership USING INDEX membership_by_campus (campus_id=? AND user_id>?)",
    "membership_by_campus on membership | Index Cond: ((campus_id = "
)]
#[case(
    Walk::List,
    "recipient_list_member USING COVERING INDEX recipient_list_member_by_list (audience=? AND user_id>?)",
    "recipient_list_member_by_list on recipient_list_member | Index Cond: ((audience = "
)]
#[case(
    Walk::Named,
    "feed_entry USING COVERING INDEX feed_entry_by_seq (seq=? AND audience>?)",
    "on feed_entry | Index Cond: (("
)]
#[case(
    Walk::Receipts,
    "read_mark USING PRIMARY KEY (user_id=? AND campus_id=? AND through>?)",
    "read_mark_pkey on read_mark | Index Cond: ((user_id = "
)]
#[tokio::test]
async fn a_walk_searches_by_key_and_sorts_nothing(
    #[case] walk: Walk,
    #[case] in_a_file: &str,
    #[case] on_a_server: &str,
) {
    let (database, store, mark) = recorded().await;
    let number: i64 = mark.parse().unwrap();
    let after = |recipients| store.recipients_after(recipients, Some(UserId(number)), 100);
    match walk {
        Walk::Due => drop(
            store.due_broadcasts(noon().now(), Some((noon().now(), BroadcastId(number))), 100).await.unwrap(),
        ),
        Walk::Broadcast => drop(store.broadcast(BroadcastId(number)).await.unwrap()),
        Walk::Page => drop(store.broadcasts(None, Some(BroadcastId(number)), 100).await.unwrap()),
        Walk::PageOfCampus => drop(store.broadcasts(Some(vec![CampusId(number)]), None, 100).await.unwrap()),
        Walk::Everyone => drop(after(Recipients::Everyone).await.unwrap()),
        Walk::Members => drop(after(Recipients::Members(CampusId(1), Seq(1))).await.unwrap()),
        Walk::List => drop(after(Recipients::List(1)).await.unwrap()),
        Walk::Named => drop(store.recipients_after(Recipients::Named(Seq(number)), None, 100).await.unwrap()),
        Walk::Receipts => {
            drop(store.receipts_of(vec![UserId(1)], Seq(number), Some(CampusId(1))).await.unwrap());
        }
    }
    let plan = plan_of(&database, &mark);
    assert!(plan.has(in_a_file) || plan.has(on_a_server), "{plan:#?}");
    plan.assert_searches();
}
