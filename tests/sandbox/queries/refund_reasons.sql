select coalesce(reason, 'unknown') as reason, currency, count(*) as refunds, sum(amount) as amount,
  min(created) as first, max(created) as latest
from refunds
group by coalesce(reason, 'unknown'), currency
order by refunds desc, reason, currency
