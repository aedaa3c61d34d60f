with rates as (
  select date, cast(json_extract_scalar(buy_currency_exchange_rates, '$.eur') as double) as eur
  from exchange_rates_from_usd
)
select c.currency, round(sum(case c.currency when 'eur' then c.amount / r.eur else c.amount end)) as usd_cents
from charges c
join rates r on r.date = date(c.created)
where c.created < date '2025-09-01' and c.currency in ('usd', 'eur')
group by c.currency
order by c.currency
