select currency, sum(net) as balance, sum(net) filter (where status = 'pending') as pending
from balance_transactions
where created < timestamp '2026-04-01 00:00:00'
group by currency
order by currency
