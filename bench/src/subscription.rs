//! The operation that sockets subscribe with: what a dashboard shows of the feed.

/// The operation's id on every socket.
pub const ID: &str = "1";

/// What is asked of a notification.
const FIELDS: [&str; 12] = [
    "id",
    "type",
    "category",
    "title",
    "message",
    "priority",
    "status",
    "createdAt",
    "expiresAt",
    "campus { key name }",
    "sender { name }",
    "data { eventId actionUrl }",
];

/// The document. Up to 12 variations differ in the order of fields, so in the bytes that answer them, and in nothing else.
pub fn feed(variation: usize) -> String {
    let (front, back) = FIELDS.split_at(variation % FIELDS.len());
    let fields = [back, front].concat().join(" ");
    format!(
        "subscription Feed($after: String) {{ feed(after: $after) {{ __typename cursor \
         ... on NotificationAdded {{ replayed silent notification {{ {fields} }} }} \
         ... on NotificationRecalled {{ notificationId }} \
         ... on FeedProgress {{ live }} }} }}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variations_are_all_different_and_of_one_size() {
        let mut documents: Vec<_> = (0..FIELDS.len()).map(feed).collect();
        assert!(documents.iter().all(|document| document.len() == documents[0].len()));
        documents.sort();
        documents.dedup();
        assert_eq!(documents.len(), FIELDS.len());
    }
}
