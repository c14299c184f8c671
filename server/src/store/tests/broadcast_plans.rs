//! However many broadcasts and people there are: what is due, a page of broadcasts and a count of receipts read only rows of
//! their own.

use rstest::rstest;

use super::feed_plans::{plan_of, recorded};
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
#[case(Walk::Due, "broadcast USING COVERING INDEX broadcast_due (send_at>? AND send_at<?)")]
#[case(Walk::Broadcast, "broadcast USING INTEGER PRIMARY KEY (rowid=?)")]
#[case(Walk::Page, "broadcast USING INTEGER PRIMARY KEY (rowid<?)")]
#[case(Walk::PageOfCampus, "broadcast USING INDEX broadcast_by_campus (campus_id=? AND id<?)")]
#[case(Walk::Everyone, "app_user USING INTEGER PRIMARY KEY (rowid>?)")]
#[case(Walk::Members, "membership USING INDEX membership_by_campus (campus_id=? AND user_id>?)")]
#[case(
    Walk::List,
    "recipient_list_member USING COVERING INDEX recipient_list_member_by_list (audience=? AND user_id>?)"
)]
#[case(Walk::Named, "feed_entry USING COVERING INDEX feed_entry_by_seq (seq=? AND audience>?)")]
#[case(Walk::Receipts, "read_mark USING PRIMARY KEY (user_id=? AND campus_id=? AND through>?)")]
#[tokio::test]
async fn a_walk_searches_by_key_and_sorts_nothing(#[case] walk: Walk, #[case] expected: &str) {
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
    assert!(plan.iter().any(|step| step.contains(expected)), "{plan:#?}");
    let slow = |step: &String| step.starts_with("SCAN") || step.contains("TEMP B-TREE");
    assert!(!plan.iter().any(slow), "{plan:#?}");
}
