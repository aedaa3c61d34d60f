select date, cast(json_extract_scalar(buy_currency_exchange_rates, '$.jpy') as decimal(18, 4)) as jpy,
  try_cast(json_extract_scalar(buy_currency_exchange_rates, '$.chf') as double) as chf
from exchange_rates_from_usd
where date between date '2026-03-01' and date '2026-03-03'
order by date
