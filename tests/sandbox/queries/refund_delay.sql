-- How long after the charge a refund is made.
select case when date_diff('day', c.created, r.created) < 7 then 'week'
            when date_diff('day', c.created, r.created) < 14 then 'fortnight'
            else 'later' end as delay,
  count(*) as refunds, avg(date_diff('hour', c.created, r.created)) as hours
from refunds r
join charges c on c.id = r.charge_id
group by 1
order by 1
