select a.business_name, c.currency, count(*) as charges, sum(c.amount) as volume, sum(c.application_fee_amount) as fees
from connected_account_charges c
join connected_accounts a on a.id = c.account
where c.paid
group by a.business_name, c.currency
order by a.business_name, c.currency
