//! Every answer that is not a success, as `application/problem+json` (RFC 9457).
//!
//! One enum, one table of statuses: a handler only says what is wrong. The words are chosen at the
//! very end, where the client's language is known.

use crate::language::spoken;
use crate::secrets::NoRandomness;
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dispatch_data::finding::Finding;
use dispatch_data::lang::{Lang, Text};
use serde_json::{Value, json};
use std::sync::Arc;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The problem, or a parameter, is wrong: all findings.
    Invalid(Vec<Finding>),
    /// The body is larger than allowed.
    BodyTooLarge { limit: usize },
    /// The body did not come in time.
    TooSlow { limit: f64 },
    /// The problem asks for more than allowed.
    OverLimit { what: &'static str, limit: usize, value: usize },
    /// The body is not said to be JSON.
    NotJson,
    /// The same key came with another request.
    KeyReused,
    /// As many jobs wait as may.
    Busy { limit: usize, retry_after: i64 },
    /// More is being read or followed than the service can hold.
    Crowded { what: &'static str, limit: usize },
    /// The service cannot do its work.
    NotReady,
    /// The store does not answer.
    NoStore,
    /// Nothing lives at this path.
    NoSuchPath,
    /// The path is right, but nothing of the caller's has this id.
    NoSuchThing { what: &'static str },
    /// The plan is not there yet.
    NoPlanYet,
    /// Somebody else's version came first.
    Stale { current: i64 },
    /// What was asked for does not go with the plan as it stands.
    Unfit {
        /// Which way, as a stable code.
        code: &'static str,
        /// What stands in its way.
        why: Text,
    },
    /// The path knows other methods.
    WrongMethod,
    /// No key, or none that is known.
    NoKey,
    /// The key does not allow this.
    NotAllowed { scope: &'static str },
    /// The request names a host that this service is not.
    WrongHost,
    /// A mistake of ours.
    Internal,
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full { limit } => Self::Busy { limit, retry_after: 1 },
            StoreError::KeyReused => Self::KeyReused,
            StoreError::Stale { current } => Self::Stale { current },
            StoreError::Unknown => Self::NoSuchThing { what: "plan" },
            StoreError::Unavailable(why) | StoreError::Address(why) => {
                tracing::error!(why, "the store does not answer");
                Self::NoStore
            }
        }
    }
}

impl From<NoRandomness> for Refusal {
    fn from(error: NoRandomness) -> Self {
        tracing::error!(%error, "no ids can be made");
        Self::Internal
    }
}

/// What the table of refusals says about one of them.
struct Sign {
    status: StatusCode,
    code: &'static str,
    english: &'static str,
    chinese: &'static str,
}

/// A refusal on its way out, until its words are chosen.
#[derive(Clone)]
pub(crate) struct Unsaid(Arc<Refusal>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.sign().status.into_response();
        response.extensions_mut().insert(Unsaid(Arc::new(self)));
        response
    }
}

impl Unsaid {
    /// The answer in the client's language.
    pub(crate) fn said(&self, language: Lang) -> Response {
        self.0.answer(language)
    }
}

impl Refusal {
    #[rustfmt::skip] // a table
    fn sign(&self) -> Sign {
        type Code = StatusCode;
        let (status, code, english, chinese) = match self {
            Self::Invalid(_) => (Code::UNPROCESSABLE_ENTITY, "invalid", "The input has findings.", "输入有误，详见各项。"),
            Self::BodyTooLarge { .. } => (Code::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large.", "请求体过大。"),
            Self::TooSlow { .. } => (Code::REQUEST_TIMEOUT, "too_slow", "The body did not come in time.", "请求体未能按时送达。"),
            Self::OverLimit { .. } => (Code::UNPROCESSABLE_ENTITY, "over_limit", "The request is over a limit.", "请求超出上限。"),
            Self::NotJson => (Code::UNSUPPORTED_MEDIA_TYPE, "not_json", "The body must be application/json.", "请求体须为 application/json。"),
            Self::KeyReused => (Code::UNPROCESSABLE_ENTITY, "idempotency_key_reused", "This idempotency key came with another request before.", "此幂等键已用于另一请求。"),
            Self::Busy { .. } => (Code::TOO_MANY_REQUESTS, "busy", "As many wait as may; try again later.", "等待数量已达上限，请稍后再试。"),
            Self::Crowded { .. } => (Code::SERVICE_UNAVAILABLE, "crowded", "The service has its hands full; try again later.", "服务繁忙，请稍后再试。"),
            Self::NotReady => (Code::SERVICE_UNAVAILABLE, "not_ready", "The service is not ready.", "服务尚未就绪。"),
            Self::NoStore => (Code::SERVICE_UNAVAILABLE, "no_store", "The store does not answer; try again later.", "存储暂时不可用，请稍后再试。"),
            Self::NoSuchPath => (Code::NOT_FOUND, "no_such_path", "Nothing lives here.", "没有这个地址。"),
            Self::NoSuchThing { .. } => (Code::NOT_FOUND, "not_found", "Nothing of yours has this id.", "没有找到此标识对应的内容。"),
            Self::NoPlanYet => (Code::CONFLICT, "no_plan_yet", "There is no plan yet.", "计划尚未生成。"),
            Self::Stale { .. } => (Code::CONFLICT, "stale_version", "Another version came first.", "版本已过期，已有更新的版本。"),
            Self::Unfit { code, .. } => (Code::CONFLICT, *code, "The plan as it stands does not allow this.", "当前计划不允许此操作。"),
            Self::WrongMethod => (Code::METHOD_NOT_ALLOWED, "wrong_method", "This path knows other methods.", "此地址不支持该方法。"),
            Self::NoKey => (Code::UNAUTHORIZED, "no_key", "A valid API key is needed.", "需要有效的 API 密钥。"),
            Self::NotAllowed { .. } => (Code::FORBIDDEN, "not_allowed", "This key does not allow this.", "此密钥无权执行该操作。"),
            Self::WrongHost => (Code::MISDIRECTED_REQUEST, "wrong_host", "Without keys this service answers to local names only.", "未设密钥时，本服务仅以本机名称应答。"),
            Self::Internal => (Code::INTERNAL_SERVER_ERROR, "internal", "A mistake of the service; the request is not at fault.", "服务内部错误，与请求无关。"),
        };
        Sign { status, code, english, chinese }
    }
    fn answer(&self, language: Lang) -> Response {
        let Sign { status, code, english, chinese } = self.sign();
        let mut body = json!({
            "type": format!("urn:dispatch:problem:{code}"),
            "title": language.pick(english, chinese),
            "status": status.as_u16(),
            "code": code,
        });
        let mut retry_after = None;
        match self {
            Self::Invalid(findings) => body["errors"] = errors(findings, language),
            Self::BodyTooLarge { limit } => body["limit"] = json!(limit),
            Self::TooSlow { limit } => body["limit"] = json!(limit),
            Self::OverLimit { what, limit, value } => {
                body["what"] = json!(what);
                body["limit"] = json!(limit);
                body["value"] = json!(value);
            }
            Self::Busy { limit, retry_after: seconds } => {
                body["limit"] = json!(limit);
                retry_after = Some(*seconds);
            }
            Self::Crowded { what, limit } => {
                body["what"] = json!(what);
                body["limit"] = json!(limit);
                retry_after = Some(1);
            }
            Self::NoSuchThing { what } => body["what"] = json!(what),
            Self::Stale { current } => body["current_version"] = json!(current),
            Self::Unfit { code: _, why } => body["detail"] = json!(why.in_lang(language)),
            Self::NotAllowed { scope } => body["needs"] = json!(scope),
            Self::NotReady | Self::NoStore => retry_after = Some(5),
            Self::NoPlanYet => retry_after = Some(1),
            Self::NotJson
            | Self::KeyReused
            | Self::NoSuchPath
            | Self::WrongMethod
            | Self::NoKey
            | Self::WrongHost
            | Self::Internal => {}
        }
        let mut answer = spoken((status, body.to_string()).into_response(), language);
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::NoKey) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"dispatch\""));
        }
        answer
    }
}

/// All findings, each with its sentence.
pub(crate) fn errors(findings: &[Finding], language: Lang) -> Value {
    let error = |finding: &Finding| {
        let message = finding.message(language);
        let Finding { pointer, code, expected, got, hint } = finding;
        let (code, hint) = (code.text(), hint.as_ref().map(|hint| hint.in_lang(language)));
        let (expected, got) = (expected.in_lang(language), got.in_lang(language));
        json!({"pointer": pointer, "code": code, "message": message, "expected": expected, "got": got, "hint": hint})
    };
    findings.iter().map(error).collect()
}
