//! What reports compute: tables, conditions and columns, in Sigma's dialect.
//!
//! The versions of a report, its connected variant, and the report of v2 with its name share a family.

use Value::{Local, Major, Sql, Utc};

/// A column of a report.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// An expression.
    Sql(&'static str),
    /// An amount, in major units of a currency.
    Major(&'static str, &'static str),
    /// A time in UTC.
    Utc(&'static str),
    /// A time in the requested time zone.
    Local(&'static str),
}

/// A report, without its version.
///
/// `{p}` is replaced by the prefix of the tables, `{start}`, `{end}` and `{payout}` by the parameters.
pub(super) struct Family {
    pub(super) name: &'static str,
    /// Names and values; the first `defaults` are those of a run that names none.
    pub(super) columns: &'static [(&'static str, Value)],
    pub(super) defaults: usize,
    pub(super) from: &'static str,
    pub(super) filter: &'static str,
    /// The table whose `currency`, `reporting_category` and `account` filters apply to.
    pub(super) table: &'static str,
    pub(super) group: Option<&'static str>,
    pub(super) order: &'static str,
}

const TRANSACTIONS: &str = "{p}balance_transactions bt
  left join {p}payouts po on po.id = bt.automatic_transfer_id
  left join {p}balance_transactions pt on pt.id = po.balance_transaction_id";

const ITEMIZED: &str = "{p}balance_transactions bt
  left join {p}refunds re on re.id = bt.source_id
  left join {p}disputes dp on dp.id = bt.source_id
  left join {p}charges ch on ch.id = coalesce(re.charge_id, dp.charge_id, bt.source_id)
  left join {p}customers cu on cu.id = ch.customer_id
  left join {p}payouts po on po.id = bt.automatic_transfer_id
  left join {p}balance_transactions pt on pt.id = po.balance_transaction_id";

const PAYOUTS: &str = "{p}balance_transactions bt
  join {p}payouts po on po.id = bt.source_id
  left join {p}balance_transactions pt on pt.id = po.failure_balance_transaction_id";

const ACTIVITY: &str = "bt.created >= {start} and bt.created < {end}
  and bt.reporting_category not in ('payout', 'payout_reversal')";
const PAID_OUT: &str = "bt.created >= {start} and bt.created < {end}
  and bt.reporting_category in ('payout', 'payout_reversal')";
const IN_PAYOUTS: &str = "pt.created >= {start} and pt.created < {end}";
const IN_PAYOUT: &str = "po.id = {payout}";
const OPEN: &str = "bt.created < {end} and bt.reporting_category <> 'payout'
  and (pt.created is null or pt.created >= {end})";

const TRANSACTION: &[(&str, Value)] = &[
    ("balance_transaction_id", Sql("bt.id")),
    ("created_utc", Utc("bt.created")),
    ("created", Local("bt.created")),
    ("available_on_utc", Utc("bt.available_on")),
    ("available_on", Local("bt.available_on")),
    ("currency", Sql("bt.currency")),
    ("gross", Major("bt.amount", "bt.currency")),
    ("fee", Major("bt.fee", "bt.currency")),
    ("net", Major("bt.net", "bt.currency")),
    ("reporting_category", Sql("bt.reporting_category")),
    ("source_id", Sql("bt.source_id")),
    ("description", Sql("bt.description")),
    ("automatic_payout_id", Sql("po.id")),
    ("automatic_payout_effective_at_utc", Utc("pt.created")),
    ("automatic_payout_effective_at", Local("pt.created")),
    ("customer_id", Sql("cu.id")),
    ("customer_email", Sql("cu.email")),
    ("customer_name", Sql("cu.name")),
    ("customer_description", Sql("cu.description")),
    ("charge_id", Sql("ch.id")),
    ("payment_intent_id", Sql("ch.payment_intent")),
    ("charge_created_utc", Utc("ch.created")),
    ("charge_created", Local("ch.created")),
    ("invoice_id", Sql("ch.invoice_id")),
    ("payment_method_type", Sql("ch.payment_method_type")),
    ("card_brand", Sql("ch.card_brand")),
    ("card_funding", Sql("ch.card_funding")),
    ("card_country", Sql("ch.card_country")),
    ("statement_descriptor", Sql("ch.statement_descriptor")),
    ("dispute_reason", Sql("dp.reason")),
    ("trace_id", Sql("cast(null as varchar)")),
    ("trace_id_status", Sql("case when po.id is not null then 'pending' end")),
];

const PAYOUT: &[(&str, Value)] = &[
    ("payout_id", Sql("po.id")),
    ("effective_at_utc", Utc("bt.created")),
    ("effective_at", Local("bt.created")),
    ("currency", Sql("bt.currency")),
    ("balance_transaction_id", Sql("bt.id")),
    ("gross", Major("bt.amount", "bt.currency")),
    ("fee", Major("bt.fee", "bt.currency")),
    ("net", Major("bt.net", "bt.currency")),
    ("reporting_category", Sql("bt.reporting_category")),
    ("description", Sql("bt.description")),
    ("payout_expected_arrival_date", Sql("date_format(po.arrival_date, '%Y-%m-%d')")),
    ("payout_status", Sql("po.status")),
    ("payout_reversed_at_utc", Utc("pt.created")),
    ("payout_reversed_at", Local("pt.created")),
    ("payout_type", Sql("po.type")),
    ("payout_description", Sql("po.description")),
    ("payout_destination_id", Sql("po.destination_id")),
    ("payout_method", Sql("po.method")),
];

const SUMMARY: &[(&str, Value)] = &[
    ("reporting_category", Sql("bt.reporting_category")),
    ("currency", Sql("bt.currency")),
    ("count", Sql("count(*)")),
    ("gross", Major("sum(bt.amount)", "bt.currency")),
    ("fee", Major("sum(bt.fee)", "bt.currency")),
    ("net", Major("sum(bt.net)", "bt.currency")),
];

const FEES: &[(&str, Value)] = &[
    ("balance_transaction_id", Sql("bt.id")),
    ("balance_transaction_created_utc", Utc("bt.created")),
    ("balance_transaction_created", Local("bt.created")),
    ("incurred_at_utc", Utc("bt.created")),
    ("incurred_at", Local("bt.created")),
    ("incurred_by", Sql("bt.source_id")),
    ("incurred_by_type", Sql("bt.reporting_category")),
    ("fee_category", Sql("fd.type")),
    ("fee_description", Sql("fd.description")),
    ("currency", Sql("fd.currency")),
    ("amount", Major("fd.amount", "fd.currency")),
];

const FEES_FROM: &str =
    "{p}balance_transaction_fee_details fd join {p}balance_transactions bt on bt.id = fd.balance_transaction_id";

/// The lines of a balance summary: a row for every line and currency.
const BALANCE: &str = "(
    select {account}currency,
      sum(if(created < {start}, net, 0)) as opening,
      sum(if(created >= {start} and reporting_category not in ('payout', 'payout_reversal'), amount, 0)) as gross,
      sum(if(created >= {start} and reporting_category not in ('payout', 'payout_reversal'), fee, 0)) as fee,
      sum(if(created >= {start} and reporting_category in ('payout', 'payout_reversal'), net, 0)) as payouts
    from {p}balance_transactions where created < {end} group by {accounts}currency
  ) bt cross join (values
    (1, 'starting_balance', 'Starting balance'),
    (2, 'activity_gross', 'Account activity before fees'),
    (3, 'activity_fee', 'Less fees'),
    (4, 'activity', 'Net balance change from activity'),
    (5, 'payouts', 'Total payouts'),
    (6, 'ending_balance', 'Ending balance')
  ) as line(position, category, description)";

const LINE: &str = "case line.position when 1 then bt.opening when 2 then bt.gross when 3 then - bt.fee \
    when 4 then bt.gross - bt.fee when 5 then bt.payouts else bt.opening + bt.gross - bt.fee + bt.payouts end";

const BALANCE_COLUMNS: &[(&str, Value)] = &[
    ("category", Sql("line.category")),
    ("description", Sql("line.description")),
    ("net_amount", Major(LINE, "bt.currency")),
    ("currency", Sql("bt.currency")),
];

const TAX: &[(&str, Value)] = &[
    ("id", Sql("bt.id")),
    ("line_item_id", Sql("bt.line_item_id")),
    ("transaction_date_utc", Utc("bt.transaction_date")),
    ("transaction_date", Local("bt.transaction_date")),
    ("tax_date", Local("bt.tax_date")),
    ("type", Sql("bt.type")),
    ("currency", Sql("bt.currency")),
    ("quantity", Sql("bt.quantity")),
    ("subtotal", Major("bt.subtotal", "bt.currency")),
    ("tax_amount", Major("bt.tax_amount", "bt.currency")),
    ("total", Major("bt.total", "bt.currency")),
    ("tax_rate", Sql("cast(bt.tax_rate as decimal(10, 4))")),
    ("tax_code", Sql("bt.tax_code")),
    ("taxable_amount", Major("bt.taxable_amount", "bt.currency")),
    ("country_code", Sql("bt.country_code")),
    ("state_code", Sql("bt.state_code")),
    ("jurisdiction_name", Sql("bt.jurisdiction_name")),
    ("charge_id", Sql("bt.charge_id")),
    ("filing_currency", Sql("bt.currency")),
    ("filing_total", Major("bt.total", "bt.currency")),
    ("filing_tax_amount", Major("bt.tax_amount", "bt.currency")),
];

const NEGATIVE: &[(&str, Value)] = &[
    ("connected_account_id", Sql("bt.account")),
    ("currency", Sql("bt.currency")),
    ("balance", Major("bt.balance", "bt.currency")),
    (
        "refund_count",
        Sql("(select count(*) from connected_account_refunds re where re.account = bt.account
      and re.currency = bt.currency and re.created < {end})"),
    ),
    (
        "refund_amount",
        Major(
            "(select coalesce(sum(re.amount), 0) from connected_account_refunds re
      where re.account = bt.account and re.currency = bt.currency and re.created < {end})",
            "bt.currency",
        ),
    ),
    (
        "dispute_count",
        Sql("(select count(*) from connected_account_disputes dp where dp.account = bt.account
      and dp.currency = bt.currency and dp.created < {end})"),
    ),
    (
        "dispute_amount",
        Major(
            "(select coalesce(sum(dp.amount), 0) from connected_account_disputes dp
      where dp.account = bt.account and dp.currency = bt.currency and dp.created < {end})",
            "bt.currency",
        ),
    ),
];

const FINANCIAL: &[(&str, Value)] = &[
    ("transaction_id", Sql("bt.id")),
    ("financial_account", Sql("bt.financial_account")),
    ("created_utc", Utc("bt.created")),
    ("created", Local("bt.created")),
    ("currency", Sql("bt.currency")),
    ("amount", Major("bt.amount", "bt.currency")),
    ("flow_type", Sql("bt.flow_type")),
    ("description", Sql("bt.description")),
];

const FINANCIAL_SUMMARY: &[(&str, Value)] = &[
    ("flow_type", Sql("bt.flow_type")),
    ("currency", Sql("bt.currency")),
    ("count", Sql("count(*)")),
    ("amount", Major("sum(bt.amount)", "bt.currency")),
];

const FINANCIAL_BALANCE: &[(&str, Value)] = &[
    ("financial_account", Sql("bt.financial_account")),
    ("currency", Sql("bt.currency")),
    ("starting_balance", Major("sum(if(bt.created < {start}, bt.amount, 0))", "bt.currency")),
    ("activity", Major("sum(if(bt.created >= {start}, bt.amount, 0))", "bt.currency")),
    ("ending_balance", Major("sum(bt.amount)", "bt.currency")),
];

const FINANCIAL_FROM: &str = "connected_account_financial_account_transactions bt";
const BY_TIME: &str = "bt.created, bt.id";

const fn family(name: &'static str, columns: &'static [(&'static str, Value)], defaults: usize) -> Family {
    Family { name, columns, defaults, from: ITEMIZED, filter: ACTIVITY, table: "bt", group: None, order: BY_TIME }
}

const fn summary(name: &'static str, from: &'static str, filter: &'static str) -> Family {
    let group = Some("bt.reporting_category, bt.currency");
    let order = "bt.reporting_category, bt.currency";
    Family { name, columns: SUMMARY, defaults: 6, from, filter, table: "bt", group, order }
}

/// All families; that of a report has its name without version and `connected_account_`.
pub(super) static FAMILIES: &[Family] = &[
    Family {
        from: BALANCE,
        filter: "",
        order: "bt.currency, line.position",
        ..family("balance.summary", BALANCE_COLUMNS, 4)
    },
    family("balance_change_from_activity.itemized", TRANSACTION, 12),
    summary("balance_change_from_activity.summary", TRANSACTIONS, ACTIVITY),
    Family { from: PAYOUTS, filter: PAID_OUT, ..family("payouts.itemized", PAYOUT, 14) },
    summary("payouts.summary", PAYOUTS, PAID_OUT),
    Family { filter: IN_PAYOUTS, ..family("payout_reconciliation.itemized", TRANSACTION, 15) },
    summary("payout_reconciliation.summary", TRANSACTIONS, IN_PAYOUTS),
    Family { filter: IN_PAYOUT, ..family("payout_reconciliation.by_id.itemized", TRANSACTION, 15) },
    summary("payout_reconciliation.by_id.summary", TRANSACTIONS, IN_PAYOUT),
    Family { filter: OPEN, ..family("ending_balance_reconciliation.itemized", TRANSACTION, 12) },
    summary("ending_balance_reconciliation.summary", TRANSACTIONS, OPEN),
    Family {
        from: "{p}tax_transaction_line_items bt",
        filter: "bt.transaction_date >= {start} and bt.transaction_date < {end}",
        order: "bt.transaction_date, bt.line_item_id",
        ..family("tax.transactions.itemized", TAX, 17)
    },
    Family {
        from: "(select account, currency, sum(net) as balance from connected_account_balance_transactions
    where created < {end} group by account, currency having sum(net) < 0) bt",
        filter: "",
        order: "bt.account, bt.currency",
        ..family("connect.negative_balance_refunds_disputes_overview", NEGATIVE, 7)
    },
    Family {
        from: FINANCIAL_FROM,
        filter: "bt.created >= {start} and bt.created < {end}",
        ..family("financial_account_balance_change_from_activity.itemized", FINANCIAL, 8)
    },
    Family {
        from: FINANCIAL_FROM,
        filter: "bt.created >= {start} and bt.created < {end}",
        group: Some("bt.flow_type, bt.currency"),
        order: "bt.flow_type, bt.currency",
        ..family("financial_account_balance_change_from_activity.summary", FINANCIAL_SUMMARY, 4)
    },
    Family {
        from: FINANCIAL_FROM,
        filter: "bt.created < {end}",
        group: Some("bt.financial_account, bt.currency"),
        order: "bt.financial_account, bt.currency",
        ..family("financial_account_balance.summary", FINANCIAL_BALANCE, 5)
    },
    Family {
        from: FEES_FROM,
        filter: "bt.created >= {start} and bt.created < {end}",
        order: "bt.created, bt.id, fd.type",
        ..family("all_fees.balance_transaction_created.itemized", FEES, 11)
    },
    Family {
        columns: &[
            ("fee_category", Sql("fd.type")),
            ("currency", Sql("fd.currency")),
            ("count", Sql("count(*)")),
            ("amount", Major("sum(fd.amount)", "fd.currency")),
        ],
        defaults: 4,
        group: Some("fd.type, fd.currency"),
        order: "fd.type, fd.currency",
        from: FEES_FROM,
        filter: "bt.created >= {start} and bt.created < {end}",
        ..family("all_fees.balance_transaction_created.summary", FEES, 4)
    },
    Family {
        from: FEES_FROM,
        filter: "bt.created >= {start} and bt.created < {end}",
        order: "bt.created, bt.id, fd.type",
        ..family("all_fees.incurred_at.itemized", FEES, 11)
    },
];
