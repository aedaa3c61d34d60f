-- Every day of a week, with and without charges.
select day, count(charges.id) as charges, coalesce(sum(charges.amount), 0) as amount
from unnest(sequence(date '2026-02-01', date '2026-02-07', interval '1' day)) as calendar(day)
left join charges on date_trunc('day', charges.created) = day
group by day
order by day
