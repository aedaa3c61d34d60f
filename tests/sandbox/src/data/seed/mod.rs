//! Makes consistent data from a seed: the same seed and end give the same rows.
//!
//! Goes through the accounts, then through the months of each; writes rows by way of `Rows` only.

mod billing;
mod ledger;
mod payments;

use std::collections::HashMap;

use rusqlite::{Connection, Statement, ToSql, params_from_iter};

use ledger::Ledger;

pub(crate) const SECOND: i64 = 1000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// The days before the end that have data.
const DAYS: i64 = 365;

/// An account, and how it relates to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's id, prefixed with `acct_`.
    pub id: String,
    /// The name of the business.
    pub name: &'static str,
    /// Two letters (ISO 3166-1).
    pub country: &'static str,
    /// The currency of most payments.
    pub currency: &'static str,
    /// Whether the account is the platform, a member of its organization, or connected to it.
    pub role: Role,
}

/// How an account relates to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The platform, which belongs to the organization and has connected accounts.
    Platform,
    /// Another account of the organization.
    Member,
    /// An account that is connected to the platform.
    Connected,
}

/// The name, country, currency, second currency, role, payments and days between payouts of each account.
type Business = (&'static str, &'static str, &'static str, &'static str, Role, u32, i64);

const BUSINESSES: [Business; 6] = [
    ("Rocket Rides", "US", "usd", "eur", Role::Platform, 500, 2),
    ("Rocket Rides Europe", "IE", "eur", "gbp", Role::Member, 320, 7),
    ("Rocket Rides Japan", "JP", "jpy", "jpy", Role::Member, 220, 7),
    ("Lunar Cabs", "US", "usd", "usd", Role::Connected, 140, 3),
    ("Comet Couriers", "DE", "eur", "eur", Role::Connected, 110, 7),
    ("Nebula Bikes", "GB", "gbp", "gbp", Role::Connected, 90, 1),
];

/// The interval of the data, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Window {
    /// The year before the day that `end` is in.
    pub(crate) fn before(end: i64) -> Window {
        let end = end.div_euclid(DAY) * DAY;
        Window { start: end - DAYS * DAY, end }
    }
}

/// A row as names and values; the names of a table's rows are the same each time.
macro_rules! row {
    ($($name:literal: $value:expr),* $(,)?) => { &[$(($name, &$value as &dyn rusqlite::ToSql)),*] };
}
use row;

/// Writes rows, with one statement for each table.
struct Rows<'c> {
    connection: &'c Connection,
    inserts: HashMap<&'static str, Statement<'c>>,
}

impl Rows<'_> {
    fn add(&mut self, table: &'static str, account: &str, row: &[(&str, &dyn ToSql)]) -> rusqlite::Result<()> {
        let values = std::iter::once(&account as &dyn ToSql).chain(row.iter().map(|(_, value)| *value));
        if let Some(insert) = self.inserts.get_mut(table) {
            return insert.execute(params_from_iter(values)).map(drop);
        }
        let names: String = row.iter().map(|(name, _)| format!(", \"{name}\"")).collect();
        let places = ", ?".repeat(row.len());
        let mut insert =
            self.connection.prepare(&format!("insert into \"{table}\" (\"account\"{names}) values (?{places})"))?;
        insert.execute(params_from_iter(values))?;
        self.inserts.insert(table, insert);
        Ok(())
    }
}

/// What all that is made shares.
struct Seed<'c> {
    random: fastrand::Rng,
    window: Window,
    rows: Rows<'c>,
    ledger: Ledger,
}

impl Seed<'_> {
    /// An id of Stripe's form.
    fn id(&mut self, prefix: &str) -> String {
        const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut id = String::with_capacity(prefix.len() + 24);
        id.push_str(prefix);
        let mut bits = self.random.u128(..);
        for _ in 0..16 {
            id.push(LETTERS.get((bits % 62) as usize).copied().unwrap_or(b'0') as char);
            bits /= 62;
        }
        id
    }

    fn time(&mut self, from: i64, to: i64) -> i64 {
        self.random.i64(from..to.max(from + SECOND)) / SECOND * SECOND
    }

    fn choose<T: Copy>(&mut self, of: &[(T, u32)]) -> Option<T> {
        let mut left = self.random.u32(0..of.iter().map(|(_, weight)| weight).sum::<u32>().max(1));
        for (value, weight) in of {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return Some(*value),
            }
        }
        None
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(0..100) < percent
    }
}

/// Fills the tables, and returns the accounts.
pub(crate) fn fill(connection: &Connection, seed: u64, window: Window) -> rusqlite::Result<Vec<Account>> {
    let rows = Rows { connection, inserts: HashMap::new() };
    let mut seed = Seed { random: fastrand::Rng::with_seed(seed), window, rows, ledger: Ledger::default() };
    let mut accounts = Vec::new();
    for (name, country, currency, _, role, _, _) in BUSINESSES {
        accounts.push(Account { id: seed.id("acct_1"), name, country, currency, role });
    }
    let platform = accounts.first().map(|account| account.id.clone()).unwrap_or_default();
    seed.exchange_rates()?;
    for (account, business) in accounts.iter().zip(BUSINESSES) {
        let (_, _, _, second, role, payments, _) = business;
        let created = window.start - seed.random.i64(30..400) * DAY;
        let email = format!("finance@{}.example", account.name.to_lowercase().replace(' ', "-"));
        let row: &[(&str, &dyn ToSql)] = row! {
            "id": account.id, "business_name": account.name, "country": account.country, "created": created,
            "default_currency": account.currency, "email": email,
        };
        seed.rows.add("accounts", &account.id, row)?;
        if role == Role::Connected {
            let kind = seed.choose(&[("standard", 1), ("express", 2), ("custom", 1)]);
            let row: &[(&str, &dyn ToSql)] = row! {
                "id": account.id, "business_name": account.name, "charges_enabled": true, "country": account.country,
                "created": created, "default_currency": account.currency, "email": email, "payouts_enabled": true,
                "type": kind,
            };
            seed.rows.add("connected_accounts", &platform, row)?;
            seed.connected_money(account, &platform)?;
        }
        let customers = seed.customers(account, payments / 5)?;
        if role != Role::Connected {
            seed.subscriptions(account, &customers)?;
        }
        seed.payments(account, second, &customers, payments, &platform)?;
    }
    for (account, (.., days)) in accounts.iter().zip(BUSINESSES) {
        seed.pay_out(&account.id, days)?;
    }
    seed.write_ledger()?;
    Ok(accounts)
}

impl Seed<'_> {
    fn exchange_rates(&mut self) -> rusqlite::Result<()> {
        for day in self.window.start / DAY..self.window.end / DAY {
            let mut rate = |from: i64, to: i64| self.random.i64(from..to);
            let (eur, gbp, jpy) = (rate(8500, 9300), rate(7300, 8000), rate(1_430_000, 1_560_000));
            let rates = format!(
                r#"{{"eur":0.{eur:04},"gbp":0.{gbp:04},"jpy":{}.{:04},"usd":1.0}}"#,
                jpy / 10_000,
                jpy % 10_000
            );
            self.rows.add("exchange_rates_from_usd", "", row! {"date": day, "buy_currency_exchange_rates": rates})?;
        }
        Ok(())
    }
}
