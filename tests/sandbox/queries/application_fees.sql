select date_format(f.created, '%Y-%m') as month, sum(f.amount) as fees, sum(b.net) as net
from application_fees f
join balance_transactions b on b.source_id = f.id
group by 1
having sum(f.amount) = sum(b.net)
order by 1
limit 4
