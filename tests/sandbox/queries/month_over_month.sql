with months as (
  select date_trunc('month', created) as month, sum(amount) as volume from charges where paid group by 1
)
select month, volume, lag(volume) over (order by month) as before,
  volume - lag(volume, 1, 0) over (order by month) as growth,
  lead(month) over (order by month) as next
from months
order by month
