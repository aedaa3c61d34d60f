//! Products, prices, subscriptions, and their invoices, month by month.

use super::ledger::Change;
use super::payments::Payment;
use super::{Account, DAY, SECOND, Seed, row};

const PERIOD: i64 = 30 * DAY;

impl Seed<'_> {
    pub(super) fn subscriptions(&mut self, account: &Account, customers: &[String]) -> rusqlite::Result<()> {
        let mut prices = Vec::new();
        for (name, amount) in [("Commuter pass", 2_900), ("Team pass", 9_900), ("Fleet", 49_900)] {
            let product = self.id("prod_");
            let created = self.window.start - 100 * DAY;
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                "id": product, "active": true, "created": created, "description": format!("{name}, monthly"),
                "name": name,
            };
            self.rows.add("products", &account.id, row)?;
            let price = self.id("price_1");
            let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
                "id": price, "active": amount != 49_900, "created": created, "currency": account.currency,
                "nickname": "monthly", "product_id": product, "recurring_interval": "month", "type": "recurring",
                "unit_amount": amount, "unit_amount_decimal": i128::from(amount) * 1_000_000_000_000,
            };
            self.rows.add("prices", &account.id, row)?;
            prices.push((price, name, amount));
        }
        for customer in customers {
            if !self.chance(35) {
                continue;
            }
            let at = self.random.usize(0..prices.len().max(1));
            if let Some((price, name, amount)) = prices.get(at) {
                self.subscription(account, customer, price, name, *amount)?;
            }
        }
        for month in 1..=12 {
            let change = Change {
                created: self.window.start + month * PERIOD - 3_600 * SECOND,
                amount: -self.random.i64(500..3_000),
                fee: 0,
                currency: account.currency,
                category: "fee",
                kind: "stripe_fee",
                source: self.id("fee_1"),
                description: "Radar for Fraud Teams".to_owned(),
            };
            self.change_balance(&account.id, change);
        }
        Ok(())
    }

    fn subscription(
        &mut self,
        account: &Account,
        customer: &str,
        price: &str,
        name: &str,
        amount: i64,
    ) -> rusqlite::Result<()> {
        let id = self.id("sub_1");
        let start = self.time(self.window.start, self.window.end - PERIOD);
        let canceled = self.chance(30).then(|| self.time(start + DAY, self.window.end));
        let quantity = self.choose(&[(1, 6), (2, 2), (5, 1)]).unwrap_or(1);
        let end = canceled.unwrap_or(self.window.end);
        let mut period = start;
        let mut number = 1;
        while period + PERIOD < end {
            self.invoice(account, customer, &id, price, name, (period, number, amount * quantity, quantity))?;
            period += PERIOD;
            number += 1;
        }
        self.invoice(account, customer, &id, price, name, (period, number, amount * quantity, quantity))?;
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "cancel_at_period_end": canceled.is_some(), "canceled_at": canceled, "created": start,
            "current_period_end": period + PERIOD, "current_period_start": period, "customer_id": customer,
            "ended_at": canceled, "price_id": price, "quantity": quantity, "start_date": start,
            "status": if canceled.is_some() { "canceled" } else { "active" },
        };
        self.rows.add("subscriptions", &account.id, row)
    }

    fn invoice(
        &mut self,
        account: &Account,
        customer: &str,
        subscription: &str,
        price: &str,
        name: &str,
        (created, number, subtotal, quantity): (i64, i64, i64, i64),
    ) -> rusqlite::Result<()> {
        let id = self.id("in_1");
        let tax = subtotal / 10;
        let total = subtotal + tax;
        let description = format!("{quantity} × {name}");
        let payment = Payment {
            created,
            amount: total,
            currency: account.currency,
            customer,
            invoice: Some(&id),
            description: description.clone(),
        };
        let charge = self.pay(account, &payment, "")?;
        let paid = charge.as_ref().is_some_and(|charge| charge.paid);
        let due = if paid { 0 } else { total };
        let reason = if number == 1 { "subscription_create" } else { "subscription_cycle" };
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": id, "amount_due": total, "amount_paid": total - due, "amount_remaining": due,
            "billing_reason": reason, "charge_id": charge.map(|charge| charge.id), "created": created,
            "currency": account.currency, "customer_id": customer,
            "number": format!("{}-{number:04}", subscription.get(5..12).unwrap_or_default().to_uppercase()),
            "paid": paid, "period_end": created + PERIOD, "period_start": created,
            "status": if paid { "paid" } else { "open" }, "subscription_id": subscription, "subtotal": subtotal,
            "tax": tax, "total": total,
        };
        self.rows.add("invoices", &account.id, row)?;
        let row: &[(&str, &dyn rusqlite::ToSql)] = row! {
            "id": self.id("il_1"), "amount": subtotal, "currency": account.currency, "description": description,
            "invoice_id": id, "period_end": created + PERIOD, "period_start": created, "price_id": price,
            "proration": false, "quantity": quantity, "subscription": subscription,
        };
        self.rows.add("invoice_line_items", &account.id, row)
    }
}
