//! What one user may ask for at a time.

use super::*;

#[tokio::test]
async fn a_user_has_so_many_different_selections_and_no_more() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let asked = |selection: u64| Asked { selection: 1_000 + selection, ..followed.asked(ada) };
    let mut open = Vec::new();
    for selection in 0..8 {
        open.push(Feed::open(&followed.hub, asked(selection)).await.unwrap());
    }
    let ninth = Feed::open(&followed.hub, asked(8)).await;
    assert!(matches!(ninth, Err(FeedError::TooManySelections(8))));
    let again = Feed::open(&followed.hub, asked(7)).await;
    assert!(again.is_ok(), "the same as another is not one more");
    open.clear();
    assert!(Feed::open(&followed.hub, asked(8)).await.is_ok(), "what has ended does not count");
}
