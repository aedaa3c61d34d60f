select month, id, amount
from (
  select date_trunc('month', created) as month, id, amount,
    row_number() over (partition by date_trunc('month', created) order by amount desc, id) as position
  from charges
  where currency = 'usd'
) ranked
where position = 1
order by month
