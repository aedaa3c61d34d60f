-- The balance after each day.
with daily as (
  select date(created) as day, currency, sum(net) as change from balance_transactions group by 1, 2
)
select day, currency, change, sum(change) over (partition by currency order by day) as balance
from daily
where currency = 'usd'
order by day
limit 10
