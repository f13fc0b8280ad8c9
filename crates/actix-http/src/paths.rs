//! Paths: brought into one form before anything looks at them.

use std::borrow::Cow;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::http::uri::PathAndQuery;
use actix_web::middleware::Next;
use actix_web::{Error, web};
use percent_encoding::percent_decode_str;

/// Brings the path of a request into one form before it is routed.
pub(crate) async fn normalise<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if let Some(uri) =
        request.app_data::<web::Data<Paths>>().and_then(|paths| paths.rewrite(request.uri()))
    {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    next.call(request).await
}

/// The patterns of all paths that are served, such as `/api/categories/{id}`.
///
/// Clients write the literal parts in any letter case, and end paths with a slash or without.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    /// Whether a pattern ends here.
    end: bool,
    literals: Vec<(&'static str, Node)>,
    capture: Option<Box<Node>>,
}

impl Paths {
    /// The paths of these patterns, which start with a slash and have no slash at the end.
    pub(crate) fn new(patterns: impl IntoIterator<Item = &'static str>) -> Self {
        let mut paths = Self::default();
        for pattern in patterns {
            let mut node = &mut paths.root;
            for part in pattern.split('/').skip(1) {
                node = if part.starts_with('{') {
                    node.capture.get_or_insert_default()
                } else {
                    node.literal(part)
                };
            }
            node.end = true;
        }
        paths
    }

    /// The path with its literal parts as their pattern has them and without slashes at the end.
    /// What stands where a pattern captures stays as it is, percent signs included. A path that fits
    /// no pattern stays as it is.
    pub(crate) fn normalise<'a>(&self, path: &'a str) -> Cow<'a, str> {
        let trimmed = path.trim_end_matches('/');
        let Some(parts) = trimmed.strip_prefix('/') else { return Cow::Borrowed(path) };
        let parts: Vec<&str> = parts.split('/').collect();
        let mut found = Vec::with_capacity(parts.len());
        if !self.root.find(&parts, &mut found) {
            return Cow::Borrowed(path);
        }
        if found == parts {
            return Cow::Borrowed(trimmed);
        }
        let text = String::with_capacity(path.len());
        Cow::Owned(found.iter().fold(text, |text, part| text + "/" + part))
    }

    /// The address with its path normalised; none where that changes nothing.
    fn rewrite(&self, uri: &Uri) -> Option<Uri> {
        let path = self.normalise(uri.path());
        if path == uri.path() {
            return None;
        }
        let mut parts = uri.clone().into_parts();
        let path_and_query = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.into_owned(),
        };
        parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl Node {
    fn literal(&mut self, part: &'static str) -> &mut Self {
        let place = self.literals.iter().position(|(literal, _)| *literal == part);
        let place = place.unwrap_or_else(|| {
            self.literals.push((part, Self::default()));
            self.literals.len() - 1
        });
        &mut self.literals[place].1
    }

    /// Whether a pattern fits the parts; a literal part goes before a captured one.
    fn find<'a>(&self, parts: &[&'a str], found: &mut Vec<&'a str>) -> bool {
        let Some((part, rest)) = parts.split_first() else { return self.end };
        let literal = self.literals.iter().find(|(literal, _)| same(part, literal));
        let ways = [
            literal.map(|(literal, node)| (*literal, node)),
            self.capture.as_deref().filter(|_| !part.is_empty()).map(|node| (*part, node)),
        ];
        ways.into_iter().flatten().any(|(part, node)| {
            found.push(part);
            let fits = node.find(rest, found);
            if !fits {
                found.pop();
            }
            fits
        })
    }
}

/// Whether a part of a path is a literal, whatever the letter case and the encoding.
fn same(part: &str, literal: &str) -> bool {
    percent_decode_str(part)
        .map(|byte| byte.to_ascii_lowercase())
        .eq(literal.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expect: &str) {
        let paths = Paths::new([
            "/oauth/token",
            "/api/documents",
            "/api/documents/{id}",
            "/api/documents/{id}/revisionLayout/{revisionId}",
            "/api/documents/export/{exportId}",
            "/api/documents/export/status/{exportId}",
            "/api/datamodels/{id}/tables/{tableName}/columns",
        ]);
        assert_eq!(paths.normalise(path), expect, "{path}");
    }

    #[test]
    fn slashes_at_the_end_do_not_count() {
        check("/oauth/token", "/oauth/token");
        check("/oauth/token/", "/oauth/token");
        check("/api/documents/7//", "/api/documents/7");
        check("/", "/");
        check("", "");
    }

    #[test]
    fn literal_parts_are_written_in_any_letter_case() {
        check("/OAuth/Token", "/oauth/token");
        check("/API/Documents/", "/api/documents");
        check("/api/documents/7/RevisionLayout/9", "/api/documents/7/revisionLayout/9");
        check("/api/documents/7/revisionlayout/9", "/api/documents/7/revisionLayout/9");
        check("/%61pi/documents", "/api/documents");
        check("/api/documents/EXPORT/Status/AB", "/api/documents/export/status/AB");
    }

    #[test]
    fn captured_parts_stay_as_they_are() {
        check(
            "/Api/datamodels/1/Tables/dbo.Order%2FDetails/COLUMNS",
            "/api/datamodels/1/tables/dbo.Order%2FDetails/columns",
        );
        check(
            "/api/datamodels/1/tables/Columns/columns/",
            "/api/datamodels/1/tables/Columns/columns",
        );
        check("/api/documents/Export", "/api/documents/Export");
        check("/api/documents/export/Status", "/api/documents/export/Status");
    }

    #[test]
    fn other_paths_stay_as_they_are() {
        for path in
            ["/Nowhere/", "/api", "/api//documents", "/api/datamodels/1/tables//columns", "*"]
        {
            check(path, path);
        }
    }
}
