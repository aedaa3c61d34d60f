select date_trunc('quarter', canceled_at) as quarter, count(*) as canceled,
  count_if(date_diff('day', start_date, canceled_at) <= 90) as within_90_days
from subscriptions
where canceled_at is not null
group by 1
order by 1
