select status, count(*) as intents,
  cast(100 * count(*) as double) / sum(count(*)) over () as percent
from payment_intents
group by status
order by intents desc
