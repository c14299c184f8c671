//! How a server's frames look on the wire (RFC 6455, section 5.2): whole messages, never masked, never fragmented.

/// The longest payload of a control frame, in bytes (RFC 6455, section 5.5).
const LONGEST_CONTROL: usize = 125;
/// The bytes of a close frame's code.
const CODE: usize = 2;
/// A frame that is the last of its message.
const FINAL: u8 = 0x80;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

/// A whole frame.
pub(super) fn frame(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len() + 10);
    push(&mut frame, opcode, &[payload]);
    frame
}

/// Writes a frame behind what is in `buffer`; its payload is the parts, one after the other.
pub(super) fn push(buffer: &mut Vec<u8>, opcode: Opcode, parts: &[&[u8]]) {
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    buffer.push(FINAL | opcode as u8);
    match length {
        0..=LONGEST_CONTROL => buffer.push(low_byte(length)),
        126..=0xFFFF => buffer.extend([126, low_byte(length >> 8), low_byte(length)]),
        _ => {
            buffer.push(127);
            buffer.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
    for part in parts {
        buffer.extend_from_slice(part);
    }
}

/// A close frame. The reason is cut to what fits, at the border of a character.
pub(super) fn close(code: u16, reason: &str) -> Vec<u8> {
    let reason = &reason[..reason.floor_char_boundary(LONGEST_CONTROL - CODE)];
    let mut close = Vec::new();
    push(&mut close, Opcode::Close, &[&code.to_be_bytes(), reason.as_bytes()]);
    close
}

fn low_byte(length: usize) -> u8 {
    (length & 0xFF).try_into().unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, &[0x81, 0])]
    #[case(125, &[0x81, 125])]
    #[case(126, &[0x81, 126, 0, 126])]
    #[case(0xFFFF, &[0x81, 126, 0xFF, 0xFF])]
    #[case(0x10000, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0])]
    fn a_length_takes_the_fewest_bytes(#[case] length: usize, #[case] head: &[u8]) {
        let frame = frame(Opcode::Text, &vec![b'x'; length]);
        assert_eq!(&frame[..head.len()], head);
        assert_eq!(frame.len(), head.len() + length);
    }

    #[test]
    fn parts_become_one_payload() {
        let mut buffer = b"before".to_vec();
        push(&mut buffer, Opcode::Text, &[b"a", b"", b"bc"]);
        assert_eq!(buffer, b"before\x81\x03abc");
    }

    #[rstest]
    #[case::fits("bye", 3)]
    #[case::cut(&"x".repeat(200), 123)]
    #[case::cut_between_characters(&"é".repeat(100), 122)]
    fn a_reason_is_cut(#[case] reason: &str, #[case] kept: usize) {
        let close = close(1012, reason);
        assert_eq!(close[..2], [0x88, u8::try_from(kept + CODE).unwrap()]);
        assert_eq!(close[2..4], 1012_u16.to_be_bytes());
        assert_eq!(&close[4..], &reason.as_bytes()[..kept]);
    }
}
