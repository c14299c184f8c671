//! What is published, the same wherever it is measured.

/// The platform's own id of the campus.
pub const CAMPUS: &str = "north";
/// Its name.
pub const CAMPUS_NAME: &str = "North Campus";
/// Its time zone.
pub const TIMEZONE: &str = "Europe/Rome";
/// The platform's own id of the service that publishes.
pub const SENDER: &str = "platform";
/// Its name.
pub const SENDER_NAME: &str = "The Platform";
/// The notification's type.
pub const TYPE: &str = "EVENT_UPDATED";
/// The platform's own id of the event that it is about.
pub const EVENT: &str = "event-20417";
/// One line.
pub const TITLE: &str = "Algorithms II moves to lecture hall B 204";
/// The whole of it.
pub const MESSAGE: &str = "Today's lecture at 14:15 is not in the main building but in lecture hall B 204, \
    because of the works on the roof. The exercise group afterwards stays where it was.";
/// Where it leads.
pub const ACTION_URL: &str = "/events/20417";
