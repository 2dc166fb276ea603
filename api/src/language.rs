//! Which of the two languages a client reads: by `Accept-Language` (RFC 9110, 12.5.4), or by the query
//! where a call has a `lang`; and what an answer says about its own.

use crate::reading::{known, query};
use crate::refusal::Refusal;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use dispatch_data::finding::{Code, Finding};
use dispatch_data::lang::{self, Lang};
use dispatch_data::say;

/// The language that a request asks for, where its query has no other key: by `lang`, else by its head.
///
/// # Errors
/// All findings.
pub(crate) fn asked(request: &Request) -> Result<Lang, Refusal> {
    let [wanted] = known(&query(request)?, ["lang"])?;
    match wanted.as_deref() {
        None => Ok(language_of(request.headers())),
        Some("en") => Ok(Lang::En),
        Some("zh") => Ok(Lang::Zh),
        Some(other) => {
            let finding = Finding::new("?lang", Code::UnknownValue, say!("en or zh"), lang::value(other));
            Err(Refusal::Invalid(vec![finding]))
        }
    }
}

/// Notes on an answer which language it is in, and that another client may get another.
pub(crate) fn spoken(mut answer: Response, lang: Lang) -> Response {
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    answer
}

/// The language that the client likes best; English where it names neither or both alike.
pub(crate) fn language_of(headers: &HeaderMap) -> Lang {
    let weight = |wanted: Lang| -> f64 {
        headers
            .get_all(header::ACCEPT_LANGUAGE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter(|range| Lang::of_tag(tag(range)) == Some(wanted))
            .map(quality)
            .fold(0.0, f64::max)
    };
    if weight(Lang::Zh) > weight(Lang::En) { Lang::Zh } else { Lang::En }
}

/// The tag of a range without its weight: `zh-CN` of ` zh-CN;q=0.8`.
fn tag(range: &str) -> &str {
    range.split(';').next().unwrap_or_default().trim()
}

/// The weight of a range; 1 where none is given, 0 where it does not read.
fn quality(range: &str) -> f64 {
    let weight = range.split(';').skip(1).find_map(|parameter| parameter.trim().strip_prefix("q="));
    weight.map_or(1.0, |text| text.trim().parse::<f64>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(accept: &'static str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        language_of(&headers)
    }

    #[test]
    fn the_heavier_range_wins_and_english_wins_ties() {
        assert_eq!(language("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(language("en-GB,zh;q=0.5"), Lang::En);
        assert_eq!(language("fr"), Lang::En);
        assert_eq!(language("zh;q=nonsense, en;q=0.1"), Lang::En);
        assert_eq!(language("zh, en"), Lang::En);
    }
}
