//! How far into a message a stream of frames is. Nothing is judged here: that is tungstenite's, which reads the same bytes.

use std::io::Cursor;

use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::OpCode;

/// Follows the borders of frames, over as many reads as it takes.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The beginning of a header: 13 bytes at most.
    header: Vec<u8>,
    /// Bytes of the frame's payload that have not come yet.
    payload: u64,
    /// The message goes on after the frame.
    fragmented: bool,
    /// What came was no frame; nothing good follows.
    lost: bool,
}

impl Progress {
    /// Nothing has come of the next message.
    pub(super) fn is_between_messages(&self) -> bool {
        self.header.is_empty() && self.payload == 0 && !self.fragmented && !self.lost
    }

    /// Takes what has come.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !self.lost {
            let payload = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
            self.payload -= payload as u64;
            let Some((byte, rest)) = bytes[payload..].split_first() else { return };
            bytes = rest;
            self.header.push(*byte);
            self.parse();
        }
    }

    fn parse(&mut self) {
        match FrameHeader::parse(&mut Cursor::new(&self.header)) {
            Ok(Some((header, payload))) => {
                self.header = Vec::new();
                self.payload = payload;
                if let OpCode::Data(_) = header.opcode {
                    self.fragmented = !header.is_final;
                }
            }
            Ok(None) => {}
            Err(_) => self.lost = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(b"", true)]
    #[case::half_a_header(b"\x81", false)]
    #[case::a_header(b"\x81\x85mask", false)]
    #[case::most_of_it(b"\x81\x85maskhell", false)]
    #[case::all_of_it(b"\x81\x85maskhello", true)]
    #[case::empty(b"\x81\x80mask", true)]
    #[case::and_the_next(b"\x81\x85maskhello\x89", false)]
    #[case::a_fragment(b"\x01\x82maskhe", false)]
    #[case::a_ping_between(b"\x01\x82maskhe\x89\x80mask", false)]
    #[case::the_last_fragment(b"\x01\x82maskhe\x89\x80mask\x80\x83maskllo", true)]
    #[case::sixteen_bits(b"\x82\xFE\x00\x03maskabc", true)]
    #[case::sixty_four_bits(b"\x82\xFF\x00\x00\x00\x00\x00\x00\x00\x03maskabc", true)]
    #[case::too_long_for_anything(b"\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFmaskabc", false)]
    #[case::no_frame(b"\x8F\x80mask", false)]
    fn whole_messages_are_told_from_others(#[case] bytes: &[u8], #[case] whole: bool) {
        let (mut at_once, mut one_by_one) = (Progress::default(), Progress::default());
        at_once.pass(bytes);
        bytes.chunks(1).for_each(|byte| one_by_one.pass(byte));
        assert_eq!(at_once.is_between_messages(), whole);
        assert_eq!(one_by_one.is_between_messages(), whole);
    }

    proptest! {
        #[test]
        fn any_bytes_are_passed(bytes: Vec<u8>, at in 0_usize..100) {
            let (first, second) = bytes.split_at(at.min(bytes.len()));
            let (mut at_once, mut in_two) = (Progress::default(), Progress::default());
            at_once.pass(&bytes);
            in_two.pass(first);
            in_two.pass(second);
            prop_assert_eq!(at_once.is_between_messages(), in_two.is_between_messages());
        }
    }
}
