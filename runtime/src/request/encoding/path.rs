//! Path templates.

use super::percent::percent_encode;
use crate::Error;

/// Expands a template such as `/v1/files/{file}`.
pub(crate) fn expand(template: &str, values: &[&str]) -> Result<String, Error> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut values = values.iter();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let refuse =
            |reason: &str| Error::invalid_request(format!("the path parameter `{name}` of `{template}` {reason}"));
        path.push_str(literal);
        match values.next() {
            None => return Err(refuse("is missing")),
            Some(&"") => return Err(refuse("is empty")),
            Some(&("." | "..")) => return Err(refuse("is `.` or `..`")),
            Some(value) => path.extend(percent_encode(value)),
        }
        rest = after;
    }
    path.push_str(rest);
    match values.next() {
        Some(_) => Err(Error::invalid_request(format!("too many path parameters for `{template}`"))),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percent_encodes_values() {
        let path = expand("/v1/a/{id}/b/{b}", &["x/../y?z#%2e é", "frr_1-2.~"]).unwrap();
        assert_eq!(path, "/v1/a/x%2F..%2Fy%3Fz%23%252e%20%C3%A9/b/frr_1-2.~");
        assert_eq!(expand("/v1/a", &[]).unwrap(), "/v1/a");
    }

    #[test]
    fn refuses_values_that_change_the_path() {
        for (values, expected) in [
            (&[][..], "the path parameter `id` of `/v1/a/{id}` is missing"),
            (&[""], "is empty"),
            (&["."], "is `.` or `..`"),
            (&[".."], "is `.` or `..`"),
            (&["a", "b"], "too many path parameters"),
        ] {
            let error = expand("/v1/a/{id}", values).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
            assert!(error.to_string().contains(expected), "{error}");
        }
        assert!(expand("/v1/{id", &["a"]).is_ok());
    }

    proptest! {
        #[test]
        fn a_value_is_one_segment(value in "\\PC{1,20}") {
            if let Ok(path) = expand("/v1/a/{id}/b", &[&value]) {
                prop_assert_eq!(path.split('/').count(), 5);
                prop_assert!(path.parse::<http::Uri>().is_ok_and(|uri| uri.query().is_none() && uri.path() == path));
            }
        }
    }
}
