//! Customers, payments, refunds, disputes, and the money between platform and connected accounts.

use super::ledger::Change;
use super::{Account, DAY, Role, SECOND, Seed, row};

/// A payment to be made.
pub(super) struct Payment<'a> {
    pub(super) created: i64,
    pub(super) amount: i64,
    pub(super) currency: &'static str,
    pub(super) customer: &'a str,
    pub(super) invoice: Option<&'a str>,
    pub(super) description: String,
}

/// A charge that was made.
pub(super) struct Charge {
    pub(super) id: String,
    pub(super) paid: bool,
}

const FIRST: [&str; 12] =
    ["Ada", "Björn", "Chen", "Dana", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jun", "Kofi", "Léa"];
const LAST: [&str; 10] =
    ["Baker", "Costa", "Dubois", "Evans", "Fischer", "García", "Haddad", "Ito", "Jensen", "O'Neil"];

impl Seed<'_> {
    pub(super) fn customers(&mut self, account: &Account, count: u32) -> rusqlite::Result<Vec<String>> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let id = self.id("cus_");
            let first = self.random.choice(FIRST).unwrap_or_default();
            let last = self.random.choice(LAST).unwrap_or_default();
            let created = self.time(self.window.start - 90 * DAY, self.window.end - 60 * DAY);
            let email = self.chance(95).then(|| {
                format!("{}.{}{}@example.com", first.to_lowercase(), last.to_lowercase(), created.rem_euclid(97))
            });
            let country = self.choose(&[(account.country, 6), ("US", 2), ("FR", 1), ("BR", 1)]);
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                "id": id, "address_country": country, "created": created, "currency": account.currency,
                "delinquent": self.chance(4), "description": self.chance(30).then_some("Joined by \"invite\", 2×"),
                "email": email, "name": format!("{first} {last}"),
            };
            self.rows.add("customers", &account.id, row)?;
            if self.chance(40) {
                let plan = self.choose(&[("free", 3), ("pro", 2), ("team", 1)]);
                let row: &[(&str, &dyn rusqlite::ToSql)] = row! {"customer_id": id, "key": "plan", "value": plan};
                self.rows.add("customers_metadata", &account.id, row)?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    pub(super) fn payments(
        &mut self,
        account: &Account,
        second: &'static str,
        customers: &[String],
        count: u32,
        platform: &str,
    ) -> rusqlite::Result<()> {
        // The last connected account stops selling, so that late refunds make its balance negative.
        let quiet = if account.country == "GB" { 12 * DAY } else { 0 };
        let mut times: Vec<i64> = (0..count).map(|_| self.time(self.window.start, self.window.end - quiet)).collect();
        times.sort_unstable();
        for created in times {
            let currency = if self.chance(15) { second } else { account.currency };
            let amount = match self.random.u32(0..10) {
                0 => self.random.i64(20_000..150_000),
                1..4 => self.random.i64(5_000..20_000),
                _ => self.random.i64(300..5_000),
            };
            let customer = self.random.choice(customers).map(String::as_str).unwrap_or_default();
            let ride = self.random.u32(1000..9999);
            let description = format!("Ride {ride}");
            self.pay(account, &Payment { created, amount, currency, customer, invoice: None, description }, platform)?;
        }
        if quiet > 0 {
            let change = Change {
                created: self.window.end - 8 * 3_600 * SECOND,
                amount: -self.random.i64(5_000..50_000),
                fee: 0,
                currency: account.currency,
                category: "other_adjustment",
                kind: "adjustment",
                source: self.id("adj_1"),
                description: "Correction".to_owned(),
            };
            self.change_balance(&account.id, change);
        }
        Ok(())
    }

    /// Makes a payment intent with its charge, and what may follow: a refund, a dispute.
    pub(super) fn pay(
        &mut self,
        account: &Account,
        payment: &Payment<'_>,
        platform: &str,
    ) -> rusqlite::Result<Option<Charge>> {
        let Payment { created, amount, currency, customer, invoice, description } = payment;
        let (created, amount, currency) = (*created, *amount, *currency);
        let intent = self.id("pi_3");
        let canceled = invoice.is_none() && self.chance(4);
        let paid = !canceled && self.chance(93);
        let charge = (!canceled).then(|| self.id("ch_3"));
        let status = if paid {
            "succeeded"
        } else if canceled {
            "canceled"
        } else {
            "requires_payment_method"
        };
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": intent, "amount": amount, "amount_received": if paid { amount } else { 0 },
            "cancellation_reason": canceled.then_some("abandoned"), "created": created, "currency": currency,
            "customer_id": customer, "latest_charge_id": charge, "status": status,
        };
        self.rows.add("payment_intents", &account.id, row)?;
        let Some(id) = charge else { return Ok(None) };
        let mut transaction = None;
        let mut application_fee = None;
        if paid {
            let fixed = if currency == "jpy" { 0 } else { 30 };
            let stripe_fee = (amount * 29 + 500) / 1000 + fixed;
            application_fee = (account.role == Role::Connected).then_some(amount / 10);
            let change = Change {
                created,
                amount,
                fee: stripe_fee + application_fee.unwrap_or(0),
                currency,
                category: "charge",
                kind: "charge",
                source: id.clone(),
                description: description.clone(),
            };
            let txn = self.change_balance(&account.id, change);
            self.fee(account, &txn, stripe_fee, currency, "stripe_fee", "Stripe processing fees", None)?;
            if let Some(fee) = application_fee {
                let text = "Rocket Rides application fee";
                self.fee(account, &txn, fee, currency, "application_fee", text, Some("ca_rocketrides"))?;
                self.application_fee(account, platform, &id, fee, currency, created)?;
            }
            self.tax(account, payment, &id)?;
            transaction = Some(txn);
        }
        let refunded = if paid { self.refund(account, payment, &id, &intent)? } else { 0 };
        let dispute = if paid && refunded == 0 { self.dispute(account, payment, &id)? } else { None };
        let brand = self.choose(&[("Visa", 6), ("MasterCard", 3), ("American Express", 1)]);
        let funding = self.choose(&[("credit", 6), ("debit", 3), ("prepaid", 1)]);
        let country = self.choose(&[(account.country, 8), ("US", 1), ("CA", 1)]);
        let failure = self.choose(&[("card_declined", 5), ("insufficient_funds", 3), ("expired_card", 1)]);
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "amount": amount, "amount_refunded": refunded, "application_fee_amount": application_fee,
            "balance_transaction_id": transaction, "captured": paid, "card_brand": brand, "card_country": country,
            "card_funding": funding, "card_last4": format!("{:04}", self.random.u32(0..10_000)), "created": created,
            "currency": currency, "customer_id": customer, "description": description, "dispute_id": dispute,
            "failure_code": failure.filter(|_| !paid), "invoice_id": invoice,
            "outcome_risk_score": self.random.i64(0..100), "paid": paid, "payment_intent": intent,
            "payment_method_type": "card", "receipt_email": Option::<&str>::None, "refunded": refunded == amount,
            "statement_descriptor": account.name.to_uppercase(), "status": if paid { "succeeded" } else { "failed" },
        };
        self.rows.add("charges", &account.id, row)?;
        if self.chance(60) {
            let city = self.choose(&[("Berlin", 3), ("Osaka", 2), ("San Francisco", 4), ("São Paulo", 1)]);
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {"charge_id": id, "key": "city", "value": city};
            self.rows.add("charges_metadata", &account.id, row)?;
        }
        Ok(Some(Charge { id, paid }))
    }

    #[allow(clippy::too_many_arguments, reason = "the columns of a row")]
    fn fee(
        &mut self,
        account: &Account,
        transaction: &str,
        amount: i64,
        currency: &str,
        kind: &str,
        description: &str,
        application: Option<&str>,
    ) -> rusqlite::Result<()> {
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "balance_transaction_id": transaction, "amount": amount, "application": application,
            "currency": currency, "description": description, "type": kind,
        };
        self.rows.add("balance_transaction_fee_details", &account.id, row)
    }

    fn application_fee(
        &mut self,
        account: &Account,
        platform: &str,
        charge: &str,
        amount: i64,
        currency: &'static str,
        created: i64,
    ) -> rusqlite::Result<()> {
        let id = self.id("fee_1");
        let change = Change {
            created,
            amount,
            fee: 0,
            currency,
            category: "platform_earning",
            kind: "application_fee",
            source: id.clone(),
            description: format!("Application fee from {}", account.name),
        };
        let transaction = self.change_balance(platform, change);
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "account_id": account.id, "amount": amount, "amount_refunded": 0,
            "balance_transaction_id": transaction, "charge_id": charge, "created": created, "currency": currency,
            "refunded": false,
        };
        self.rows.add("application_fees", platform, row)
    }

    fn tax(&mut self, account: &Account, payment: &Payment<'_>, charge: &str) -> rusqlite::Result<()> {
        let (jurisdiction, state, percent) = match account.country {
            "US" => ("California", Some("CA"), 8),
            "IE" => ("Ireland", None, 23),
            "DE" => ("Germany", None, 19),
            "JP" => ("Japan", None, 10),
            _ => ("United Kingdom", None, 20),
        };
        if !self.chance(50) {
            return Ok(());
        }
        let subtotal = payment.amount * 100 / (100 + percent);
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "line_item_id": self.id("tax_li_"), "id": self.id("tax_"), "charge_id": charge,
            "country_code": account.country, "currency": payment.currency, "jurisdiction_name": jurisdiction,
            "quantity": 1, "state_code": state, "subtotal": subtotal, "tax_amount": payment.amount - subtotal,
            "tax_code": "txcd_20030000", "tax_date": payment.created,
            "tax_rate": i128::from(percent) * 10_000_000_000, "taxable_amount": subtotal, "total": payment.amount,
            "transaction_date": payment.created, "type": "sale",
        };
        self.rows.add("tax_transaction_line_items", &account.id, row)
    }

    /// Returns the refunded amount.
    fn refund(
        &mut self,
        account: &Account,
        payment: &Payment<'_>,
        charge: &str,
        intent: &str,
    ) -> rusqlite::Result<i64> {
        let created = payment.created + self.random.i64(3_600..20 * 86_400) * SECOND;
        if !self.chance(9) || created >= self.window.end {
            return Ok(0);
        }
        let amount = if self.chance(70) { payment.amount } else { payment.amount / 2 };
        let id = self.id("re_3");
        let change = Change {
            created,
            amount: -amount,
            fee: 0,
            currency: payment.currency,
            category: "refund",
            kind: "refund",
            source: id.clone(),
            description: format!("REFUND FOR {}", payment.description),
        };
        let transaction = self.change_balance(&account.id, change);
        let reason = self.choose(&[(Some("requested_by_customer"), 7), (Some("duplicate"), 1), (None, 2)]).flatten();
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "amount": amount, "balance_transaction_id": transaction, "charge_id": charge,
            "created": created, "currency": payment.currency, "payment_intent": intent, "reason": reason,
            "status": "succeeded",
        };
        self.rows.add("refunds", &account.id, row)?;
        let agent = format!("agent {}", self.random.u32(1..5));
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {"refund_id": id, "key": "handled_by", "value": agent};
        self.rows.add("refunds_metadata", &account.id, row)?;
        Ok(amount)
    }

    /// Returns the id of the dispute, if the customer disputes the charge.
    fn dispute(&mut self, account: &Account, payment: &Payment<'_>, charge: &str) -> rusqlite::Result<Option<String>> {
        let created = payment.created + self.random.i64(86_400..30 * 86_400) * SECOND;
        if !self.chance(2) || created >= self.window.end {
            return Ok(None);
        }
        let id = self.id("dp_1");
        let fee = if payment.currency == "jpy" { 1300 } else { 1500 };
        let mut change = Change {
            created,
            amount: -payment.amount,
            fee,
            currency: payment.currency,
            category: "dispute",
            kind: "adjustment",
            source: id.clone(),
            description: format!("Chargeback withdrawal for {charge}"),
        };
        let transaction = self.change_balance(&account.id, change.clone());
        self.fee(account, &transaction, fee, payment.currency, "stripe_fee", "Dispute fee", None)?;
        let decided = created + 25 * DAY;
        let won = self.chance(40);
        let status = match (decided < self.window.end, won) {
            (true, true) => "won",
            (true, false) => "lost",
            (false, _) => "needs_response",
        };
        if status == "won" {
            change.created = decided;
            change.amount = payment.amount;
            change.fee = 0;
            change.category = "dispute_reversal";
            self.change_balance(&account.id, change);
        }
        let reason = self.choose(&[("fraudulent", 5), ("product_not_received", 2), ("duplicate", 1)]);
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "amount": payment.amount, "balance_transaction_id": transaction, "charge_id": charge,
            "created": created, "currency": payment.currency, "evidence_due_by": created + 14 * DAY,
            "reason": reason, "status": status,
        };
        self.rows.add("disputes", &account.id, row)?;
        Ok(Some(id))
    }

    /// Monthly transfers from the platform, and the transactions of a financial account.
    pub(super) fn connected_money(&mut self, account: &Account, platform: &str) -> rusqlite::Result<()> {
        let financial_account = self.id("fa_1");
        for month in 1..12 {
            let created = self.window.start + (month * 30 + 3) * DAY + 9 * 3_600 * SECOND;
            let amount = self.random.i64(1_000..30_000);
            let id = self.id("tr_1");
            let mut change = Change {
                created,
                amount: -amount,
                fee: 0,
                currency: "usd",
                category: "transfer",
                kind: "transfer",
                source: id.clone(),
                description: format!("Bonus for {}", account.name),
            };
            let transaction = self.change_balance(platform, change.clone());
            change.amount = amount;
            change.kind = "payment";
            self.change_balance(&account.id, change);
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                "id": id, "amount": amount, "balance_transaction_id": transaction, "created": created,
                "currency": "usd", "description": format!("Bonus for {}", account.name),
                "destination_id": account.id, "reversed": false, "transfer_group": format!("bonus_{month}"),
            };
            self.rows.add("transfers", platform, row)?;
            for (flow, sign) in [("received_credit", 1), ("outbound_payment", -1)] {
                let amount = sign * self.random.i64(1_000..9_000);
                let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                    "id": self.id("trxn_1"), "amount": amount, "created": created + sign * DAY,
                    "currency": account.currency, "description": format!("Month {month}"),
                    "financial_account": financial_account, "flow_type": flow, "status": "posted",
                };
                self.rows.add("financial_account_transactions", &account.id, row)?;
            }
        }
        Ok(())
    }
}
