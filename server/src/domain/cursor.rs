//! What a cursor means: a position in the log, of one life of that log.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::id::{BroadcastId, Seq, UserId};

/// A position in the log as clients hold it. Pages and feeds share it, so that a feed can begin where a page was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Which life of the log: renewed when a back-up is restored, since positions may then mean other entries.
    pub epoch: String,
    /// Everything up to and including this position has been dealt with.
    pub seq: Seq,
    /// The last change of their receipts that its holder knows of; `None` in a cursor that many hold alike.
    pub revision: Option<i64>,
}

/// Why a cursor cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    /// Not text that this server, or any other Campanile, ever made: `BAD_USER_INPUT`.
    #[error("is not a cursor of Campanile's")]
    Garbled,
    /// Of another epoch, beyond the head, or before what is kept: `CURSOR_EXPIRED`; the client starts from a page.
    #[error("points to a part of the log that is not there; start again from a page")]
    Expired,
}

impl Cursor {
    /// The opaque text that clients are given.
    pub fn encode(epoch: &str, seq: Seq) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{epoch}", seq.0))
    }

    /// The same for one reader, who knows of their receipts up to `revision`.
    pub fn encode_with_revision(epoch: &str, seq: Seq, revision: i64) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{epoch}.{revision}", seq.0))
    }

    /// Reads what [`Cursor::encode`] and [`Cursor::encode_with_revision`] wrote.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Garbled)?;
        let plain = String::from_utf8(bytes).map_err(|_| CursorError::Garbled)?;
        let (seq, rest) = plain.split_once('.').ok_or(CursorError::Garbled)?;
        let (epoch, revision) =
            rest.split_once('.').map_or((rest, None), |(epoch, revision)| (epoch, Some(revision)));
        let number = |text: &str| text.parse().ok().filter(|number| *number >= 0).ok_or(CursorError::Garbled);
        let (seq, revision) = (number(seq)?, revision.map(number).transpose()?);
        if epoch.is_empty() || !epoch.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(CursorError::Garbled);
        }
        Ok(Self { epoch: epoch.to_owned(), seq: Seq(seq), revision })
    }

    /// What `text` stands for in a log of this `epoch` that keeps what lies behind `deleted_through`, and whose last entry is
    /// at `head`.
    pub fn resolve(text: &str, epoch: &str, deleted_through: Seq, head: Seq) -> Result<Self, CursorError> {
        let cursor = Self::decode(text)?;
        let is_there = cursor.epoch == epoch && (deleted_through..=head).contains(&cursor.seq);
        if is_there { Ok(cursor) } else { Err(CursorError::Expired) }
    }
}

/// A place in a list that is sorted by the store's numbers: opaque to clients, and of one kind of list only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// This broadcast.
    Broadcast(BroadcastId),
    /// This user.
    User(UserId),
}

impl Place {
    /// The opaque text that clients are given.
    pub fn encode(self) -> String {
        let (kind, number) = match self {
            Self::Broadcast(id) => ("b", id.0),
            Self::User(id) => ("u", id.0),
        };
        URL_SAFE_NO_PAD.encode(format!("{kind}.{number}"))
    }

    /// Reads what [`Place::encode`] wrote.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError::Garbled)?;
        let plain = String::from_utf8(bytes).map_err(|_| CursorError::Garbled)?;
        let (kind, number) = plain.split_once('.').ok_or(CursorError::Garbled)?;
        let number = number.parse().ok().filter(|number| *number >= 0).ok_or(CursorError::Garbled)?;
        match kind {
            "b" => Ok(Self::Broadcast(BroadcastId(number))),
            "u" => Ok(Self::User(UserId(number))),
            _ => Err(CursorError::Garbled),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    proptest! {
        #[test]
        fn reads_what_it_writes(epoch in "[0-9a-f]{1,32}", seq in 0..i64::MAX) {
            let text = Cursor::encode(&epoch, Seq(seq));
            prop_assert_eq!(Cursor::decode(&text), Ok(Cursor { epoch, seq: Seq(seq), revision: None }));
        }

        #[test]
        fn reads_a_revision_too(epoch in "[0-9a-f]{1,32}", seq in 0..i64::MAX, revision in 0..i64::MAX) {
            let text = Cursor::encode_with_revision(&epoch, Seq(seq), revision);
            prop_assert_eq!(Cursor::decode(&text), Ok(Cursor { epoch, seq: Seq(seq), revision: Some(revision) }));
        }

        #[test]
        fn reads_places(number in 0..i64::MAX) {
            for place in [Place::Broadcast(BroadcastId(number)), Place::User(UserId(number))] {
                prop_assert_eq!(Place::decode(&place.encode()), Ok(place));
            }
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            let _ = Place::decode(&text);
            let _ = Place::decode(&URL_SAFE_NO_PAD.encode(&text));
            let _ = Cursor::decode(&text);
        }
    }

    #[rstest]
    #[case::at_the_head("aa", 10, 0, Ok(Seq(10)))]
    #[case::at_the_start("aa", 0, 0, Ok(Seq(0)))]
    #[case::beyond_the_head("aa", 11, 0, Err(CursorError::Expired))]
    #[case::of_another_life("bb", 5, 0, Err(CursorError::Expired))]
    #[case::has_all_that_is_gone("aa", 4, 4, Ok(Seq(4)))]
    #[case::misses_some_that_is_gone("aa", 3, 4, Err(CursorError::Expired))]
    #[case::where_all_is_gone("aa", 10, 10, Ok(Seq(10)))]
    fn resolves_in_what_its_own_log_keeps(
        #[case] epoch: &str,
        #[case] seq: i64,
        #[case] deleted_through: i64,
        #[case] expected: Result<Seq, CursorError>,
    ) {
        let cursor = Cursor::resolve(&Cursor::encode(epoch, Seq(seq)), "aa", Seq(deleted_through), Seq(10));
        assert_eq!(cursor.map(|cursor| cursor.seq), expected);
    }

    #[rstest]
    #[case("")]
    #[case("garbage!")]
    #[case("MTA")]
    #[case(&URL_SAFE_NO_PAD.encode("-1.aa"))]
    #[case(&URL_SAFE_NO_PAD.encode("1."))]
    #[case(&URL_SAFE_NO_PAD.encode("1.aa."))]
    #[case(&URL_SAFE_NO_PAD.encode("1.aa.-1"))]
    #[case(&URL_SAFE_NO_PAD.encode("1.aa.1.1"))]
    fn refuses_what_is_garbled(#[case] text: &str) {
        assert_eq!(Cursor::decode(text), Err(CursorError::Garbled));
    }
}
