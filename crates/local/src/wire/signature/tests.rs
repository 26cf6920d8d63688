use aws_credential_types::Credentials;

use super::*;

fn access() -> Access {
    Access { access_key_id: "AKIAEXAMPLE".into(), secret_access_key: "secret".into(), anonymous: false }
}

/// A request as a client signs it.
fn request(path: &str, body: &str, secret: &str, at: Timestamp) -> Parts {
    let identity = Credentials::new("AKIAEXAMPLE", secret, None, None, "test").into();
    let params = v4::SigningParams::builder().identity(&identity).region("eu-west-1").name("batch");
    let params = params.time(SystemTime::from(at)).settings(SigningSettings::default()).build().unwrap().into();
    let uri = format!("http://127.0.0.1:4566{path}");
    let headers = [("host", "127.0.0.1:4566"), ("content-type", "application/json")];
    let signable = SignableRequest::new("POST", &uri, headers.into_iter(), SignableBody::Bytes(body.as_bytes())).unwrap();
    let mut request = http::Request::post(path).header("host", headers[0].1).header("content-type", headers[1].1).body(()).unwrap();
    sign(signable, &params).unwrap().into_parts().0.apply_to_request_http1x(&mut request);
    request.into_parts().0
}

fn code(outcome: Result<(), Refusal>) -> &'static str {
    outcome.map_or_else(|refusal| refusal.code, |()| "taken")
}

fn now() -> Timestamp {
    "2026-11-25T02:00:00Z".parse().unwrap()
}

/// Source: IAM User Guide, Signature Version 4; the services' Common Errors.
#[test]
fn a_request_is_taken_with_the_right_keys_and_refused_with_others() {
    let signed = request("/v1/submitjob", "{}", "secret", now());
    assert_eq!(code(verify(&signed, b"{}", &access(), now())), "taken");
    assert_eq!(code(verify(&signed, b"{ }", &access(), now())), "InvalidSignatureException");
    let forged = request("/v1/submitjob", "{}", "guess", now());
    assert_eq!(verify(&forged, b"{}", &access(), now()), Err(mismatch()));
    let stranger = Access { access_key_id: "AKIAOTHER".into(), ..access() };
    assert_eq!(code(verify(&signed, b"{}", &stranger, now())), "UnrecognizedClientException");
}

#[test]
fn paths_with_escapes_and_queries_are_signed_as_clients_sign_them() {
    for path in ["/v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A123456789012%3Ajob%2Fx", "/v1/tags/a?tagKeys=x%20y&tagKeys=b"] {
        assert_eq!(code(verify(&request(path, "", "secret", now()), b"", &access(), now())), "taken", "{path}");
    }
    let mut moved = request("/v1/submitjob", "{}", "secret", now());
    moved.uri = "/v1/terminatejob".parse().unwrap();
    assert_eq!(code(verify(&moved, b"{}", &access(), now())), "InvalidSignatureException");
}

#[test]
fn a_request_without_a_signature_or_with_half_of_one_is_refused() {
    let mut parts = request("/", "{}", "secret", now());
    parts.headers.insert(AUTHORIZATION, "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261125/eu-west-1/batch/aws4_request".parse().unwrap());
    assert_eq!(code(verify(&parts, b"{}", &access(), now())), "IncompleteSignatureException");
    for nonsense in ["Basic x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=0"] {
        parts.headers.insert(AUTHORIZATION, nonsense.parse().unwrap());
        assert_eq!(code(verify(&parts, b"{}", &access(), now())), "IncompleteSignatureException", "{nonsense}");
    }
    parts.headers.remove(AUTHORIZATION);
    assert_eq!(code(verify(&parts, b"{}", &access(), now())), "MissingAuthenticationTokenException");
    let mut undated = request("/", "{}", "secret", now());
    undated.headers.remove("x-amz-date");
    assert_eq!(code(verify(&undated, b"{}", &access(), now())), "IncompleteSignatureException");
}

#[test]
fn a_signature_holds_for_five_minutes() {
    let signed = request("/", "{}", "secret", now());
    let after = |minutes: i64| code(verify(&signed, b"{}", &access(), now() + SignedDuration::from_mins(minutes)));
    assert_eq!((after(4), after(-4)), ("taken", "taken"));
    assert_eq!((after(6), after(-6)), ("InvalidSignatureException", "InvalidSignatureException"));
}
