//! Every answer that is not a success, as `application/problem+json` (RFC 9457).
//!
//! One enum, one table of statuses: a handler only says what is wrong.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dispatch_data::finding::Finding;
use dispatch_data::lang::Lang;
use serde_json::{Value, json};

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The problem, or a parameter, is wrong: all findings.
    Invalid(Vec<Finding>),
    /// The body is larger than allowed.
    BodyTooLarge { limit: usize },
    /// The problem asks for more than allowed.
    OverLimit { what: &'static str, limit: usize, value: usize },
    /// The body is not said to be JSON.
    NotJson,
    /// Too much is in the making.
    Busy { limit: usize },
    /// The service cannot do its work.
    NotReady,
    /// Nothing lives at this path.
    NoSuchPath,
    /// The path knows other methods.
    WrongMethod,
    /// A mistake of ours.
    Internal,
}

/// What the table of refusals says about one of them.
struct Sign {
    status: StatusCode,
    code: &'static str,
    english: &'static str,
    chinese: &'static str,
}

impl Refusal {
    fn sign(&self) -> Sign {
        let (status, code, english, chinese) = match self {
            Self::Invalid(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The input has findings.", "输入有误，详见各项。")
            }
            Self::BodyTooLarge { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large.", "请求体过大。")
            }
            Self::OverLimit { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "over_limit", "The request is over a limit.", "请求超出上限。")
            }
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_json",
                "The body must be application/json.",
                "请求体须为 application/json。",
            ),
            Self::Busy { .. } => (
                StatusCode::TOO_MANY_REQUESTS,
                "busy",
                "As many plans as allowed are in the making.",
                "正在求解的计划已达上限。",
            ),
            Self::NotReady => {
                (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "The service is not ready.", "服务尚未就绪。")
            }
            Self::NoSuchPath => (StatusCode::NOT_FOUND, "no_such_path", "Nothing lives here.", "没有这个地址。"),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "wrong_method",
                "This path knows other methods.",
                "此地址不支持该方法。",
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "A mistake of the service; the request is not at fault.",
                "服务内部错误，与请求无关。",
            ),
        };
        Sign { status, code, english, chinese }
    }
    /// The answer in the client's language.
    pub(crate) fn into_answer(self, language: Lang) -> Response {
        let Sign { status, code, english, chinese } = self.sign();
        let (title, tag) = match language {
            Lang::En => (english, "en"),
            Lang::Zh => (chinese, "zh-CN"),
        };
        let mut body = json!({
            "type": format!("urn:dispatch:problem:{code}"),
            "title": title,
            "status": status.as_u16(),
            "code": code,
        });
        let mut retry_after = None;
        match &self {
            Self::Invalid(findings) => body["errors"] = errors(findings, language),
            Self::BodyTooLarge { limit } => body["limit"] = json!(limit),
            Self::OverLimit { what, limit, value } => {
                body["what"] = json!(what);
                body["limit"] = json!(limit);
                body["value"] = json!(value);
            }
            Self::Busy { limit } => {
                body["limit"] = json!(limit);
                retry_after = Some("1");
            }
            Self::NotReady => retry_after = Some("5"),
            Self::NotJson | Self::NoSuchPath | Self::WrongMethod | Self::Internal => {}
        }
        let mut answer = (status, body.to_string()).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        answer
    }
}

/// All findings, each with its sentence.
fn errors(findings: &[Finding], language: Lang) -> Value {
    let error = |finding: &Finding| {
        let message = finding.message(language);
        let Finding { pointer, code, expected, got, hint } = finding;
        let (code, hint) = (code.text(), hint.as_ref().map(|hint| hint.in_lang(language)));
        let (expected, got) = (expected.in_lang(language), got.in_lang(language));
        json!({"pointer": pointer, "code": code, "message": message, "expected": expected, "got": got, "hint": hint})
    };
    findings.iter().map(error).collect()
}
