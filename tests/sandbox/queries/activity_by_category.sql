-- The balance's changes of a month, by category, in major units.
select reporting_category, currency, count(*) as transactions,
  cast(sum(amount) as decimal(18, 2)) / 100 as gross,
  cast(sum(fee) as decimal(18, 2)) / 100 as fees,
  cast(sum(net) as decimal(18, 2)) / 100 as net
from balance_transactions
where created >= date '2026-05-01' and created < date '2026-06-01'
group by 1, 2
order by 1, 2
