//! What the server finds out about an uploaded file.

/// CRC-32 as zip has it.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = crc & 1;
            crc >>= 1;
            if carry == 1 {
                crc ^= 0xEDB8_8320;
            }
        }
    }
    !crc
}

/// Width and height of a PNG, GIF, BMP or JPEG; 0 where they cannot be read.
pub(super) fn size(bytes: &[u8]) -> (u32, u32) {
    sizes(bytes).unwrap_or_default()
}

fn sizes(bytes: &[u8]) -> Option<(u32, u32)> {
    let four = |at: usize| bytes.get(at..at + 4)?.try_into().ok();
    let two = |at: usize| bytes.get(at..at + 2)?.try_into().ok();
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((u32::from_be_bytes(four(16)?), u32::from_be_bytes(four(20)?)));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((u16::from_le_bytes(two(6)?).into(), u16::from_le_bytes(two(8)?).into()));
    }
    if bytes.starts_with(b"BM") {
        // The height is negative where the rows run from top to bottom.
        let side = |at| Some(i32::from_le_bytes(four(at)?).unsigned_abs());
        return Some((side(18)?, side(22)?));
    }
    if bytes.starts_with(&[0xFF, 0xD8]) { jpeg(bytes) } else { None }
}

/// From the frame header among a JPEG's segments.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let two = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xFF {
            return None;
        }
        // 0xC4, 0xC8 and 0xCC are tables among the frames.
        if (0xC0..=0xCF).contains(&kind) && !matches!(kind, 0xC4 | 0xC8 | 0xCC) {
            return Some((two(at + 7)?.into(), two(at + 5)?.into()));
        }
        at += 2 + usize::from(two(at + 2)?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_zip() {
        assert_eq!(crc32(b"123456789"), 3_421_780_262);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn sides_are_read_from_the_head_of_a_picture() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\xd0\0\0\x05\0";
        let jpg = [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 5, 0, 2,
            0xD0,
        ];
        let mut bmp = vec![0; 26];
        bmp[..2].copy_from_slice(b"BM");
        bmp[18..22].copy_from_slice(&720_i32.to_le_bytes());
        bmp[22..26].copy_from_slice(&(-1280_i32).to_le_bytes());
        for bytes in [&png[..], &jpg, &bmp, b"GIF89a\xd0\x02\x00\x05"] {
            assert_eq!(size(bytes), (720, 1280), "{bytes:?}");
            assert_eq!(size(&bytes[..8]), (0, 0));
        }
        assert_eq!(size(b"text"), (0, 0));
    }
}
