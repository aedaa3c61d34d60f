select currency, reporting_category, sum(net) as net, grouping(currency, reporting_category) as level
from balance_transactions
where created >= timestamp '2026-06-01 00:00:00'
group by rollup (currency, reporting_category)
order by currency, reporting_category
