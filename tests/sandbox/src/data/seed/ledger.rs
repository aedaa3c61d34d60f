//! Balance transactions and payouts: every change of a balance goes through here.
//!
//! A payout is the sum of the balance transactions that it pays out, so that balances reconcile at any time.

use super::{DAY, SECOND, Seed, row};

/// Balance transactions that are not yet written, since payouts are assigned to them later.
#[derive(Default)]
pub(super) struct Ledger(Vec<Entry>);

struct Entry {
    account: String,
    id: String,
    change: Change,
    available_on: i64,
    payout: Option<String>,
}

/// A change of a balance.
#[derive(Clone)]
pub(super) struct Change {
    pub(super) created: i64,
    pub(super) amount: i64,
    pub(super) fee: i64,
    pub(super) currency: &'static str,
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) description: String,
}

impl Seed<'_> {
    /// Records a change of the balance and returns the id of its balance transaction.
    pub(super) fn change_balance(&mut self, account: &str, change: Change) -> String {
        let id = self.id("txn_1");
        let delay = if matches!(change.kind, "charge" | "payment") { 2 } else { 0 };
        let available_on = (change.created.div_euclid(DAY) + delay) * DAY;
        self.ledger.0.push(Entry { account: account.to_owned(), id: id.clone(), change, available_on, payout: None });
        id
    }

    /// Pays out what is available, every few days; a few payouts fail and are returned.
    pub(super) fn pay_out(&mut self, account: &str, days: i64) -> rusqlite::Result<()> {
        let bank = self.id("ba_1");
        let mut currencies: Vec<_> =
            self.ledger.0.iter().filter(|entry| entry.account == account).map(|entry| entry.change.currency).collect();
        currencies.sort_unstable();
        currencies.dedup();
        for currency in currencies {
            let mut open: Vec<usize> = (0..self.ledger.0.len()).collect();
            open.retain(|at| {
                self.ledger.0.get(*at).is_some_and(|e| e.account == account && e.change.currency == currency)
            });
            let mut time = self.window.start + days * DAY + 23 * 3_600 * SECOND;
            while time < self.window.end {
                self.pay_out_at(account, currency, &bank, time, &mut open)?;
                time += days * DAY;
            }
        }
        Ok(())
    }

    fn pay_out_at(
        &mut self,
        account: &str,
        currency: &'static str,
        bank: &str,
        time: i64,
        open: &mut Vec<usize>,
    ) -> rusqlite::Result<()> {
        let entries = &self.ledger.0;
        let (due, later): (Vec<usize>, Vec<usize>) = open.iter().partition(|at| {
            entries.get(**at).is_some_and(|entry| entry.available_on <= time && entry.change.created < time)
        });
        let net = |at: &usize| entries.get(*at).map_or(0, |entry| entry.change.amount - entry.change.fee);
        let amount: i64 = due.iter().map(net).sum();
        if amount <= 0 {
            return Ok(());
        }
        *open = later;
        let payout = self.id("po_1");
        for at in &due {
            if let Some(entry) = self.ledger.0.get_mut(*at) {
                entry.payout = Some(payout.clone());
            }
        }
        let mut change = Change {
            created: time,
            amount: -amount,
            fee: 0,
            currency,
            category: "payout",
            kind: "payout",
            source: payout.clone(),
            description: "STRIPE PAYOUT".to_owned(),
        };
        let transaction = self.change_balance(account, change.clone());
        let returned = time + 2 * DAY + 3_600 * SECOND;
        let failed = returned < self.window.end && self.chance(3);
        let reversal = failed.then(|| {
            change.created = returned;
            change.amount = amount;
            change.category = "payout_reversal";
            change.kind = "payout_failure";
            open.push(self.ledger.0.len());
            self.change_balance(account, change)
        });
        let arrival = (time / DAY + 2) * DAY;
        let status = if failed {
            "failed"
        } else if arrival < self.window.end {
            "paid"
        } else {
            "in_transit"
        };
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": payout, "amount": amount, "arrival_date": arrival, "automatic": true,
            "balance_transaction_id": transaction, "created": time, "currency": currency,
            "description": "STRIPE PAYOUT", "destination_id": bank, "failure_balance_transaction_id": reversal,
            "failure_code": failed.then_some("account_closed"), "method": "standard", "status": status,
            "type": "bank_account",
        };
        self.rows.add("payouts", account, row)
    }

    pub(super) fn write_ledger(&mut self) -> rusqlite::Result<()> {
        let mut entries = std::mem::take(&mut self.ledger.0);
        entries.sort_by_key(|entry| entry.change.created);
        for Entry { account, id, change, available_on, payout } in &entries {
            let status = if *available_on <= self.window.end { "available" } else { "pending" };
            let net = change.amount - change.fee;
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                "id": id, "amount": change.amount, "available_on": available_on, "created": change.created,
                "currency": change.currency, "description": change.description, "fee": change.fee, "net": net,
                "reporting_category": change.category, "source_id": change.source, "status": status,
                "type": change.kind, "automatic_transfer_id": payout,
            };
            self.rows.add("balance_transactions", account, row)?;
        }
        Ok(())
    }
}
