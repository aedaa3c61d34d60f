select id, amount, rank() over w as place, dense_rank() over w as dense, ntile(4) over w as quarter,
  first_value(id) over w = id as is_first,
  avg(amount) over (order by created, id rows between 2 preceding and current row) as moving
from charges
where currency = 'eur' and created >= date '2026-06-01'
window w as (order by amount desc)
order by place, id
limit 5
