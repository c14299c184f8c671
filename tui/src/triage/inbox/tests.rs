//! What is known and shown, whatever comes and goes.

use super::*;
use crate::fixture::notification;

fn shown(inbox: &Inbox) -> String {
    inbox.shown().iter().map(NotificationId::as_str).collect::<Vec<_>>().join(" ")
}

fn inbox() -> Inbox {
    let mut inbox = Inbox::default();
    let page = [5, 4, 3, 2, 1].map(notification).to_vec();
    inbox.replace(Filter::All, page, None);
    inbox
}

#[test]
fn reading_takes_out_of_the_unread_and_unreading_puts_back() {
    let mut inbox = inbox();
    inbox.show(Filter::Unread);
    let at = Some(notification(9).created_at);
    assert_eq!(inbox.set_read(&"n3".into(), at), Some(None));
    assert_eq!(shown(&inbox), "n5 n4 n2 n1");
    assert_eq!(inbox.set_read(&"n3".into(), at), None);
    assert_eq!(inbox.set_read(&"n3".into(), None), Some(at));
    assert_eq!(shown(&inbox), "n5 n4 n3 n2 n1");
}

#[test]
fn the_selection_stays_on_its_notification() {
    let mut inbox = inbox();
    inbox.selection.go(2, 5, 10);
    inbox.arrive(notification(6));
    assert_eq!(inbox.selected().map(|n| n.id.as_str()), Some("n3"));
    inbox.set_read(&"n5".into(), Some(notification(9).created_at));
    inbox.show(Filter::Unread);
    assert_eq!(inbox.selected().map(|n| n.id.as_str()), Some("n3"));
    inbox.replace(Filter::Unread, [7, 6, 3].map(notification).to_vec(), None);
    assert_eq!(inbox.selected().map(|n| n.id.as_str()), Some("n3"));
}

#[test]
fn what_was_recalled_stays_away() {
    let mut inbox = inbox();
    inbox.remove(&"n4".into(), true);
    assert!(!inbox.arrive(notification(4)));
    inbox.replace(Filter::All, [5, 4, 3].map(notification).to_vec(), None);
    assert_eq!(shown(&inbox), "n5 n3");
}

fn typed(text: &str) -> impl FnOnce(&mut Narrow) {
    let typed = crate::input::Typed::Paste(text.to_owned());
    move |narrow| {
        narrow.text.take(&typed);
    }
}

#[test]
fn what_is_shown_of_it_follows_what_happens() {
    let mut inbox = inbox();
    inbox.selection.go(2, 5, 10);
    inbox.narrow_to(typed("event"));
    inbox.narrow_to(|narrow| narrow.sort = Sort::Oldest);
    assert_eq!(shown(&inbox), "n1 n2 n3 n4 n5");
    assert_eq!(inbox.selected().map(|n| n.id.as_str()), Some("n3"));
    let mut other = notification(7);
    (other.title, other.message, other.kind) = ("Library".into(), "closed".into(), "CAMPUS_UPDATE".into());
    inbox.arrive(other);
    inbox.arrive(notification(6));
    inbox.remove(&"n1".into(), false);
    assert_eq!(shown(&inbox), "n2 n3 n4 n5 n6");
    assert_eq!(inbox.selected().map(|n| n.id.as_str()), Some("n3"));
    inbox.listing_mut(Filter::All).end = Some("e".into());
    assert_eq!(inbox.listing_mut(Filter::All).ask_older().as_deref(), Some("e"));
    inbox.append(Filter::All, "e", vec![notification(0)], None);
    assert_eq!(shown(&inbox), "n0 n2 n3 n4 n5 n6");
    inbox.narrow_to(|narrow| *narrow = Narrow::default());
    assert_eq!(shown(&inbox), "n6 n7 n5 n4 n3 n2 n0");
}

#[test]
fn what_was_archived_comes_back_to_its_place() {
    let mut inbox = inbox();
    inbox.narrow_to(|narrow| narrow.sort = Sort::Oldest);
    let before = inbox.set_archived(&"n3".into(), Some(notification(9).created_at)).unwrap();
    assert_eq!(shown(&inbox), "n1 n2 n4 n5");
    assert_eq!(before.restore(&mut inbox), Some(Before::Away("n3".into())));
    assert_eq!(shown(&inbox), "n1 n2 n3 n4 n5");
}

#[test]
fn a_refresh_changes_what_is_known_and_adds_nothing() {
    let mut inbox = inbox();
    let mut read = notification(5);
    read.read_at = Some(read.created_at);
    inbox.refresh(vec![notification(7), read]);
    assert_eq!(shown(&inbox), "n5 n4 n3 n2 n1");
    assert!(!inbox.get(&"n5".into()).unwrap().is_unread());
}

#[test]
fn what_arrives_pushes_the_oldest_out() {
    let mut inbox = inbox();
    inbox.listing_mut(Filter::All).end = Some("older".into());
    let mut read = notification(6);
    read.read_at = Some(read.created_at);
    inbox.arrive(read);
    inbox.bound(4);
    assert_eq!((shown(&inbox).as_str(), inbox.items.len()), ("n6 n5 n4 n3", 4));
    assert_eq!(inbox.shown().end, None, "what comes below would leave a gap");
    inbox.replace(Filter::All, [8, 7].map(notification).to_vec(), None);
    assert_eq!(inbox.items.len(), 2, "what is not listed any more is not held either");
}
