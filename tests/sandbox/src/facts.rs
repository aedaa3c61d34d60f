//! What Stripe documents and the description does not say, each with its source.
//!
//! Sources are pages below <https://docs.stripe.com>, the files of `spec/`, or Stripe's SDKs.

use jiff::SignedDuration;

use crate::description::{Generation, Verb};

pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Items on a page of a list without `limit`, and inline rows on a page (`/api/pagination`, `data.yaml`).
pub(crate) const PAGE: usize = 10;

/// The longest idempotency key (`/api/idempotent_requests`).
pub(crate) const IDEMPOTENCY_KEY_LENGTH: usize = 255;

/// How long an idempotency key is kept: v1 may remove it after 24 hours (`/api/idempotent_requests`),
/// v2 after 30 days (`/api-v2-overview`).
pub(crate) fn idempotency_retention(generation: Generation) -> SignedDuration {
    match generation {
        Generation::V1 => DAY,
        Generation::V2 => DAY * 30,
    }
}

/// Concurrent runs of an API key: 500 in live mode, 100 in test mode (`v2.yaml`).
pub(crate) fn concurrent_runs(livemode: bool) -> usize {
    if livemode { 500 } else { 100 }
}

/// The longest execution of a run (`v2.yaml`).
pub(crate) const EXECUTION: SignedDuration = SignedDuration::from_mins(90);

/// The largest result file (`v2.yaml`).
pub(crate) const FILE_SIZE: u64 = 5_000_000_000;

/// How long results are kept: v2 runs 90 days (`v2.yaml`, `data.yaml`), events 30 days (`v1.yaml`). That of v1 files
/// is an assumption.
pub(crate) fn retention(generation: Generation, is_event: bool) -> SignedDuration {
    match generation {
        _ if is_event => DAY * 30,
        Generation::V1 => DAY * 365,
        Generation::V2 => DAY * 90,
    }
}

/// How long a pre-signed URL is valid (`/changelog/dahlia/2026-04-22/reporting-query-runs-api-v2`).
pub(crate) const DOWNLOAD_URL: SignedDuration = SignedDuration::from_mins(5);

/// How old the data is that queries see: about 3 hours (`/reports/query-runs`).
pub(crate) const DATA_AGE: SignedDuration = SignedDuration::from_hours(3);

/// The permissions that a restricted key needs, by the prefix of the path; the first that matches counts.
const PERMISSIONS: &[(&str, Verb, &[&str])] = &[
    // `v2.yaml`; `/reports/sigma-query-runs` requires reading reports only.
    ("/v2/data/reporting/", Verb::Create, &["reporting_write", "sigma_api_write"]),
    ("/v2/data/reporting/", Verb::Retrieve, &["reporting_read"]),
    // `/reports/v2-api`
    ("/v2/reporting/", Verb::Create, &["reporting_write"]),
    ("/v2/reporting/", Verb::Retrieve, &["reporting_read"]),
    // `data.yaml`: reading suffices to create.
    ("/v2/data/schemas", Verb::List, &["data_queries_read"]),
    ("/v2/data/schemas", Verb::Retrieve, &["data_queries_read"]),
    ("/v2/data/query_runs", Verb::Create, &["data_queries_read"]),
    ("/v2/data/query_runs", Verb::Retrieve, &["data_queries_read"]),
    ("/v2/data/reports", Verb::List, &["data_reports_read"]),
    ("/v2/data/reports", Verb::Retrieve, &["data_reports_read"]),
    ("/v2/data/report_runs", Verb::Create, &["data_reports_read"]),
    ("/v2/data/report_runs", Verb::Retrieve, &["data_reports_read"]),
];

/// Returns the permissions that an operation needs. None are known for v1.
pub(crate) fn permissions(path: &str, verb: Verb) -> &'static [&'static str] {
    let found = PERMISSIONS.iter().find(|(prefix, of, _)| path.starts_with(prefix) && *of == verb);
    found.map_or(&[], |(_, _, permissions)| permissions)
}

/// Properties with the SQL of a run, by their path.
pub(crate) const SQL: &[&str] = &["sql", "query.sql"];

/// The end of the error codes of SQL that is not valid.
pub(crate) const INVALID_SQL: &str = "invalid_sql";

/// Properties with the report of a run: its id, or `id` or `name` inside of it.
pub(crate) const REPORT: &[&str] = &["report_type", "report"];

/// Properties with the name of the report of a run.
pub(crate) const REPORT_NAME: &[&str] = &["name", "report_name"];

/// Properties with the parameters of a report.
pub(crate) const PARAMETERS: &[&str] = &["parameters", "report_parameters"];

/// Properties with the options of a result.
pub(crate) const COMPRESSION: &str = "result_options.compress_file";

/// Filters of lists that are named differently from the property that they filter.
pub(crate) const FILTERS: &[(&str, &str)] = &[("types", "type"), ("object_id", "related_object.id")];

/// The `purpose` of result files (stripe-node, `Files.ts`).
pub(crate) fn purpose(is_report: bool) -> &'static str {
    if is_report { "finance_report_run" } else { "sigma_scheduled_query" }
}

/// The members of thin events that webhooks do not receive (`v2.yaml`).
pub(crate) const NOT_PUSHED: &[&str] = &["changes", "data"];

/// The beginning of the types of thin events about v1 objects, whose rest is the type of the snapshot event
/// (`v2.yaml`).
pub(crate) const THIN_OF_V1: &str = "v1.";

/// The failure of a run whose result is too large, and of other runs (`v2.yaml`).
pub(crate) const TOO_LARGE: (&str, &str) =
    ("file_size_above_limit", "The file generated by this request exceeds the 5 GB limit.");
pub(crate) const INTERNAL: (&str, &str) = ("internal_error", "An internal error occurred.");
/// Stripe does not publish the code of a run that exceeds the time limit.
pub(crate) const TOO_SLOW: (&str, &str) = ("internal_error", "The run exceeded the time limit of 90 minutes.");
pub(crate) const CANCELED: (&str, &str) = ("internal_error", "The run was canceled.");

/// Returns the type of a column that a resource has a value for: older resources have fewer types.
pub(crate) fn column_type<'t>(name: &'t str, allowed: Option<&[String]>) -> &'t str {
    let is_allowed = |name: &str| allowed.is_none_or(|allowed| allowed.is_empty() || allowed.iter().any(|a| a == name));
    let replacement = match name {
        name if is_allowed(name) => return name,
        "integer" => "bigint",
        "decimal" => "double",
        "date" | "datetime" => "timestamp",
        _ => "varchar",
    };
    if is_allowed(replacement) { replacement } else { "varchar" }
}
