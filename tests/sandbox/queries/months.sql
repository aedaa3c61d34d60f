select month, count(customers.id) as customers
from unnest(sequence(timestamp '2025-09-30 00:00:00', timestamp '2026-02-28 00:00:00', interval '1' month)) as m(month)
left join customers on customers.created >= month and customers.created < month + interval '1' month
group by 1
order by 1
