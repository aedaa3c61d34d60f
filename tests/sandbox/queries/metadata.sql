select m.value as city, count(*) as charges, sum(c.amount) as amount
from charges c
left join charges_metadata m on m.charge_id = c.id and m.key = 'city'
where m.value like 'S%' or m.value in ('Berlin', 'Osaka')
group by m.value
order by m.value
