//! Encoded polylines: Google's published text form of a line, five decimals a degree.

use dispatch_data::place::Position;

/// The line as text.
pub(crate) fn encode(points: &[Position]) -> String {
    let mut text = String::with_capacity(points.len() * 5);
    let (mut lat, mut lon) = (0i64, 0i64);
    for point in points {
        let (north, east) = ((point.lat * 1e5).round() as i64, (point.lon * 1e5).round() as i64);
        number(&mut text, north - lat);
        number(&mut text, east - lon);
        (lat, lon) = (north, east);
    }
    text
}

fn number(text: &mut String, value: i64) {
    let mut bits = ((value << 1) ^ (value >> 63)) as u64;
    while bits >= 0x20 {
        text.push(char::from((bits & 0x1f) as u8 + 0x20 + 63));
        bits >>= 5;
    }
    text.push(char::from(bits as u8 + 63));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_published_format() {
        let points = [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)];
        let points = points.map(|(lat, lon)| Position { lat, lon });
        assert_eq!(encode(&points), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
    }
}
